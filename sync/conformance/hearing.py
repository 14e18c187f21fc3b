"""Checks of a source of attention: what of it is kept, what it learns of us, and what becomes of what it takes back."""

from datetime import timedelta

from connectors.attention import LEVELS
from sync import store
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.place import DAY, HOUR
from sync.conformance.world import Work

STRANGER = "10.5555/of.somebody.else"
OPEN, INTERNAL, CLOSED = 1, 2, 3
WORKS = (
    Work(number=OPEN, title="Harbour chart 1", level="public"),
    Work(number=INTERNAL, title="Harbour chart 2", level="internal"),
    Work(number=CLOSED, title="Harbour chart 3", level="private"),
    Work(number=4, title="Harbour chart 4", level="public"),
)
LATER = 200 * DAY  # after which anything is looked at, or asked about, again


@check("hears")
def hears_what_is_ours(bench: Bench) -> None:
    """Of all that is said there what names an output of ours is kept, and nothing else; a source that is asked is not
    asked about what is closed, and one that is read whole hears of that too."""
    _spoken(bench)
    bench.hear()
    wanted = {OPEN: 1, 4: 1} if bench.has("asks") else {OPEN: 1, INTERNAL: 1, CLOSED: 1, 4: 1}
    expect(bench.spoken_of(), wanted, "how many acts were heard of which output")
    expect(len(bench.heard()), sum(wanted.values()), "how many mentions were kept")


@check("hears")
def proves_what_it_hears(bench: Bench) -> None:
    """Each mention says when it was and where, and has evidence of all that it names."""
    _spoken(bench)
    bench.hear()
    for each in bench.heard():
        if not each.url.startswith("https://") or each.occurred_at <= 0:
            raise Broken("a mention should have a web address and a time")
        if wrong := [tie for tie in each.ties if not tie.excerpt or tie.level not in LEVELS]:
            raise Broken(f"a mention names {len(wrong)} things of which nothing was seen")


@check("listens", "requests")
def learns_nothing_of_us(bench: Bench) -> None:
    """No request holds anything of what we look for."""
    _spoken(bench)
    bench.hear()
    secrets = [work.doi for work in WORKS] + [work.doi.partition("/")[2] for work in WORKS]
    for asked in bench.practice.requests:
        told = f"{asked.path} {dict(asked.headers)} {getattr(asked, 'query', '')} {getattr(asked, 'body', b'')!r}"
        if any(secret in told for secret in secrets):
            raise Broken("a request should not say what is looked for, and does")


@check("hears")
def heard_twice_is_once(bench: Bench) -> None:
    """What is heard again, by the next run or by one that reads everything, is the same mention."""
    _spoken(bench)
    bench.hear()
    before = _keys(bench)
    for full in (False, True):
        bench.wait(LATER)
        bench.hear(full=full)
        expect(_keys(bench), before, "the mentions after another run")


@check("hears")
def goes_on_hearing(bench: Bench) -> None:
    """What is said later is heard by a later run."""
    _spoken(bench)
    bench.hear()
    bench.wait(HOUR)
    bench.voices.say(7, of=_doi(bench, OPEN), at=store.moment(bench.now))
    bench.wait(LATER if bench.has("asks") else HOUR)
    bench.hear()
    expect(bench.spoken_of().get(OPEN, 0), 2, "how many acts were heard of an output that was spoken of twice")


@check("hears")
def taken_back(bench: Bench) -> None:
    """What is deleted there counts no more here, in the end, and what was quoted of it is gone."""
    _spoken(bench)
    bench.hear()
    bench.voices.unsay(OPEN)
    for _ in range(2):  # a source that was asked, and is suddenly silent, is asked once more
        bench.wait(LATER)
        bench.hear()
    expect(bench.spoken_of().get(OPEN, 0), 0, "how many acts there are of an output after one was deleted")
    with bench.house.read() as db:
        found = store.sought.sought(db, store.sought.Wanted(), most=100)
    if any(tie.excerpt for each in found if each.taken_at >= 0 for tie in each.ties):
        raise Broken("what was quoted of a deleted act should be gone, and is not")


@check("hears", "edits")
def edited(bench: Bench) -> None:
    """What was edited and speaks of something else counts for that alone."""
    _spoken(bench)
    bench.hear()
    bench.wait(HOUR)
    bench.voices.say(OPEN, of=_doi(bench, 4), at=store.moment(bench.now - HOUR * 1_000_000))
    for _ in range(2):
        bench.wait(LATER)
        bench.hear()
    spoken = bench.spoken_of()
    expect((spoken.get(OPEN, 0), spoken[4]), (0, 2), "how many acts there are of both outputs after one was edited")


@check("hears", "dated acts")
def not_from_the_future(bench: Bench) -> None:
    """What says that it is from the day after tomorrow is not kept, and the rest is."""
    bench.stock(*WORKS)
    now = store.moment(bench.now)
    bench.voices.say(OPEN, of=_doi(bench, OPEN), at=now + timedelta(days=3))
    bench.voices.say(4, of=_doi(bench, 4), at=now - timedelta(hours=2))
    bench.hear()
    expect(bench.spoken_of(), {4: 1}, "how many acts were heard of which output")


@check("hears", "requests", "server error")
def a_failure_costs_nothing(bench: Bench) -> None:
    """Where the source fails, what was heard stays, and once it is mended the next run hears the rest."""
    _spoken(bench)
    bench.hear()
    before = bench.spoken_of()
    bench.voices.say(8, of=_doi(bench, 4), at=store.moment(bench.now))
    bench.wait(LATER if bench.has("asks") else HOUR)
    bench.fault("server error")
    bench.hear(ends=("failed", "done", "incomplete"))
    expect({**bench.spoken_of(), 4: before[4]}, before, "how many acts there are after a failure")
    bench.practice.mend()
    bench.wait(LATER if bench.has("asks") else DAY)
    bench.hear()
    expect(bench.spoken_of(), {**before, 4: before[4] + 1}, "how many acts there are once it is mended")


@check("hears", "requests", "cut short")
def half_an_answer(bench: Bench) -> None:
    """An answer that is half a document takes nothing back."""
    _spoken(bench)
    bench.hear()
    before = bench.spoken_of()
    bench.fault("cut short")
    bench.wait(LATER if bench.has("asks") else HOUR)
    bench.hear(ends=("failed", "done", "incomplete"))
    expect(bench.spoken_of(), before, "how many acts there are after half an answer")


@check("hears", "requests", "too many requests")
def hearing_waits(bench: Bench) -> None:
    """A 429 is waited for, and the same run goes on."""
    _spoken(bench)
    bench.fault("too many requests")
    bench.hear()
    expect(bench.spoken_of().get(OPEN, 0), 1, "how many acts were heard of an output after a 429")


@check("listens")
def killed_listening(bench: Bench) -> None:
    """After a run that is killed behind its first page, the next one hears what is missing, and nothing twice."""
    _spoken(bench)
    bench.killed("listen")
    bench.wait(HOUR)
    bench.hear()
    expect(bench.spoken_of(), {OPEN: 1, INTERNAL: 1, CLOSED: 1, 4: 1}, "how many acts were heard of which output")


def _spoken(bench: Bench) -> None:
    """An act of each of our outputs, and one of somebody else's, all of yesterday and of before that run."""
    bench.stock(*WORKS)
    at = store.moment(bench.now) - timedelta(hours=5)
    for work in WORKS:
        bench.voices.say(work.number, of=_doi(bench, work.number), at=at + timedelta(minutes=work.number))
    bench.voices.say(6, of=STRANGER, at=at + timedelta(minutes=6))


def _doi(bench: Bench, number: int) -> str:
    return bench.world.works[number].doi


def _keys(bench: Bench) -> list[tuple[int, str]]:
    return sorted((each.mention, each.url) for each in bench.heard())


CHECKS: tuple[Check, ...] = (
    hears_what_is_ours,
    proves_what_it_hears,
    learns_nothing_of_us,
    heard_twice_is_once,
    goes_on_hearing,
    taken_back,
    edited,
    not_from_the_future,
    a_failure_costs_nothing,
    half_an_answer,
    hearing_waits,
    killed_listening,
)
