"""Checks of a service that is asked about single outputs: what it is told of us, and what becomes of what it tells."""

from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.place import DAY, HOUR
from sync.conformance.world import Work

ASKED = 7  # seconds that the fault "too many requests" asks for
LEVELS = {1: "public", 2: "public", 3: "internal", 4: "private", 5: "public", 6: "word that nobody knows"}
PUBLIC = (1, 2, 5)
WORKS = tuple(Work(number=n, title=f"Harbour chart {n}", level=level) for n, level in LEVELS.items())


@check("asks", "requests")
def asks_what_may_be_asked(bench: Bench) -> None:
    """It is asked about all that is public and takes part, and about nothing else."""
    bench.stock(*WORKS)
    expect(bench.ask(), bench.subjects(*PUBLIC), "what was asked about")


@check("asks", "requests", "too many requests")
def permission_ends(bench: Bench) -> None:
    """What is closed while a request waits for its turn is not asked about any more: the request leaves without it."""
    bench.stock(*WORKS)
    bench.fault("too many requests")
    closed: list[int] = []

    def close() -> None:
        if not closed:
            closed.append(len(bench.service.asked))
            bench.hide(1)

    bench.while_waiting = close
    bench.ask()
    bench.while_waiting = lambda: None
    if not closed:
        raise Broken("a 429 should be waited for, and was not")
    rest = {each for request in bench.service.asked[closed[0] :] for each in request}
    if bench.subjects(1)[0] in rest:
        raise Broken("what was closed meanwhile was asked about again")
    if missing := set(bench.subjects(2, 5)) - rest:
        raise Broken(f"{len(missing)} that stayed public were not asked about")


@check("asks", "learns", "requests")
def asked_by_age(bench: Bench) -> None:
    """What was asked about is not asked about again for a month; then it is. A full run asks at once about what is
    known."""
    bench.stock(*WORKS)
    bench.ask()
    bench.wait(DAY)
    expect(bench.ask(), [], "what was asked about again after a day")
    expect(bench.ask(full=True), bench.subjects(*PUBLIC), "what a full run asked about")
    bench.wait(31 * DAY)
    expect(bench.ask(), bench.subjects(*PUBLIC), "what was asked about again after a month")


@check("asks", "requests")
def killed_asking(bench: Bench) -> None:
    """After a run of questions that is killed behind its first answer, the next one asks for the rest alone."""
    bench.stock(*(Work(number=n, title=f"Harbour chart {n}") for n in range(1, 2 * _batch(bench) + 1)))
    bench.killed("ask")
    first = {each for request in bench.service.asked for each in request}
    expect(len(first), _batch(bench), "how many were asked about before the kill")
    bench.wait(HOUR)
    wanted = sorted(set(bench.subjects(*bench.world.works)) - first)
    expect(bench.ask(), wanted, "what was asked about after the kill")


@check("asks", "learns", "requests")
def one_refused(bench: Bench) -> None:
    """An answer that is not understood costs the others theirs in no case, and the run says so."""
    bench.stock(*WORKS)
    bench.service.refuse(1)
    bench.ask()
    if not bench.said:
        raise Broken("a run with an answer that was not understood should say so")
    bench.mention(2, 2, as_=bench.service.also(2))
    expect(_scores(bench), {1: 0, 2: 6, 5: 0}, "the scores after what the service says of the others")
    bench.practice.mend()
    bench.wait(2 * DAY)
    expect(bench.ask(), bench.subjects(1), "what was asked about once it was mended")


@check("asks", "learns", "requests", "too many requests")
def asking_waits(bench: Bench) -> None:
    """A 429 is waited for as long as it asks, and the same run goes on."""
    bench.stock(*WORKS)
    bench.fault("too many requests")
    bench.ask()
    if (waited := sum(bench.slept)) < ASKED:
        raise Broken(f"after a 429 that asks for {ASKED} seconds, {waited:.1f} were waited")
    expect(bench.state["items"], len(PUBLIC), "of how many something is known after the wait")


@check("asks", "learns", "requests", "server error")
def asking_fails(bench: Bench) -> None:
    """Where the service fails, so does the run: what is known stays, and the next run asks."""
    bench.stock(*WORKS)
    bench.ask()
    bench.mention(2, 2, as_=bench.service.also(2))
    bench.wait(31 * DAY)
    bench.fault("server error")
    bench.ask(ends=("failed",))
    expect(_scores(bench), {1: 0, 2: 6, 5: 0}, "the scores after a failed run")
    bench.practice.mend()
    expect(bench.ask(), bench.subjects(*PUBLIC), "what was asked about after a failed run")


@check("asks", "learns", "requests")
def learned_counts(bench: Bench) -> None:
    """What speaks of an output under the name that the service alone knows counts for it; for one that was not asked
    about it counts nothing, nor after the output has closed."""
    bench.stock(*WORKS)
    bench.ask()
    for number in LEVELS:
        bench.mention(number, number, as_=bench.service.also(number))
    expect(_scores(bench), {1: 3, 2: 6, 5: 15}, "the scores by the service's own names")
    bench.hide(2)
    expect(_scores(bench), {1: 3, 5: 15}, "the scores after one has closed")


@check("asks", "learns", "requests")
def forgotten_with_its_output(bench: Bench) -> None:
    """Of an output that no source tells of any more nothing that was learned stays."""
    bench.stock(*WORKS)
    bench.ask()
    expect(bench.state["items"], len(PUBLIC), "of how many something is known by the service's word")
    bench.forget(1)
    expect(bench.state["items"], len(PUBLIC) - 1, "of how many, when no source tells of one any more")


def _batch(bench: Bench) -> int:
    return bench.manifest.at_a_time


def _scores(bench: Bench) -> dict[int, int]:
    """The scores that the public sees, by number."""
    return {int(row["doi"].rpartition(".")[2]): row["score"] for row in bench.rows("public")}


CHECKS: tuple[Check, ...] = (
    asks_what_may_be_asked,
    permission_ends,
    asked_by_age,
    killed_asking,
    one_refused,
    asking_waits,
    asking_fails,
    learned_counts,
    forgotten_with_its_output,
)
