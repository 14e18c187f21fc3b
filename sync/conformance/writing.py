"""Checks of what is written into a system, and taken out of it."""

from connectors.errors import ConnectorError, Recalled
from connectors.identifiers import Identifier
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.place import DAY
from sync.conformance.world import Work

LATER = 8 * DAY  # more than `push_every`, after which a changed score is written again
THEIRS = "by hand"
ONE = Work(number=1, title="Tide tables")
NEAR = 11  # an item whose DOI begins like that of the first, so that a search finds it too
CLOSED = Work(number=2, title="Harbour walls", level="private")


@check("writes")
def right_item(bench: Bench) -> None:
    """A badge is written into the one item that carries the output's identifier, as one value, and nowhere else."""
    bench.stock(ONE, CLOSED)
    bench.practice.output(NEAR, title="Tide tables, revised", doi=f"{ONE.doi}.2", level="public", authors={})
    expect(bench.push().counts["written"], 1, "badges written")
    bench.expect_held(1, bench.badge(1), "after a first push")
    for number in (CLOSED.number, NEAR):
        bench.expect_held(number, "", "in an item that is not to have a badge")


@check("writes")
def written_once(bench: Bench) -> None:
    """A badge that stands there is not written again; one with another score takes its place."""
    bench.stock(ONE)
    bench.push()
    sent = bench.practice.changes()
    bench.wait(LATER)
    bench.push()
    expect(bench.practice.changes(), sent, "requests that change something, after a push with nothing new")
    bench.mention(1, 2)
    expect(bench.push().counts["written"], 1, "badges written after a new score")
    bench.expect_held(1, bench.badge(1, 6), "after a push of a new score")


@check("writes", "forgets")
def read_back(bench: Bench) -> None:
    """A write that is answered as if it were stored, and is not, counts as failed, and is made good by a later push."""
    bench.stock(ONE)
    bench.fault("forgets")
    expect(bench.push(ends=("incomplete", "failed")).counts["written"], 0, "badges counted as written")
    bench.practice.mend()
    _made_good(bench, "forgets")


@check("writes", "answer lost", "server error", "login ended", "too many requests")
def lost_answer(bench: Bench) -> None:
    """A write that is refused, or whose answer is lost, is made good by a later push: then the item holds the badge
    once."""
    bench.stock(ONE)
    bench.push()
    for score, fault in ((3, "answer lost"), (6, "server error"), (9, "login ended"), (12, "too many requests")):
        bench.mention(1, score // 3)
        bench.wait(LATER)
        bench.fault(fault)
        bench.push(ends=("done", "incomplete", "failed"))
        bench.practice.mend()
        _made_good(bench, fault, score)


@check("writes", "edited meanwhile")
def others_edit(bench: Bench) -> None:
    """What somebody else wrote into the field stays: also where it comes between our reading and our writing."""
    bench.stock(ONE)
    bench.items.edit(1, THEIRS)
    expect(bench.push().counts["edited"], 1, "items that count as edited by somebody else")
    bench.expect_held(1, "", "after a push to an item that somebody edited", THEIRS)
    bench.items.edit(1)
    bench.wait(LATER)
    bench.fault("edited meanwhile")
    bench.push(ends=("done", "incomplete", "failed"))
    if THEIRS not in bench.items.held(1):
        raise Broken("what somebody wrote while we did was lost")


@check("writes")
def withdrawal(bench: Bench) -> None:
    """A badge that may no longer show is taken out, and what others wrote beside it stays."""
    bench.stock(ONE)
    bench.push()
    value = bench.items.held(1)[0]
    bench.items.edit(1, THEIRS, value)
    bench.hide(1)
    expect(bench.push().counts["withdrawn"], 1, "badges withdrawn")
    bench.expect_held(1, "", "after a withdrawal", THEIRS)


@check("writes")
def permission(bench: Bench) -> None:
    """Permission is asked before each request that changes something; where it ends, nothing is sent."""
    bench.stock(ONE)
    with bench.pushes() as connector:
        (address,) = connector.find([Identifier("doi", ONE.doi)])
        held = connector.read(address, bench.field)
        if held is None:
            raise Broken("the item should be there, and is not")
        try:
            connector.write(address, bench.field, held, ["anything"], permit=lambda: False)
        except Recalled:
            expect(bench.practice.changes(), 0, "requests that change something, without permission")
        except ConnectorError as error:
            raise Broken(f"a write without permission should raise Recalled, and raised {error!r}") from None
        else:
            raise Broken("a write without permission should raise Recalled, and raised nothing")
        asked: list[int] = []

        def permit() -> bool:
            asked.append(bench.practice.changes())
            return True

        connector.write(address, bench.field, held, ["anything"], permit=permit)
    expect(asked, list(range(bench.practice.changes())), "requests sent when permission was asked, each time")


@check("writes", "reads", "dates")
def echo(bench: Bench) -> None:
    """Our own write comes back as a change of the item, and changes nothing: no badge goes down, none is written."""
    bench.small()
    bench.pull()
    bench.rows("public")
    bench.wait(DAY)
    expect(bench.push().counts["written"], len(bench.seen()["public"]), "badges written")
    bench.wait(DAY)
    counted = bench.pull().counted
    expect((counted.changed, counted.deleted), (0, 0), "changed and gone in a pull after a push")
    sent = bench.practice.changes()
    bench.wait(LATER)
    bench.push()
    expect(bench.practice.changes(), sent, "requests that change something, in a second push")


@check("writes")
def dry_run(bench: Bench) -> None:
    """A dry run says what would be written, and asks the system to change nothing."""
    bench.stock(ONE)
    expect(bench.push(dry_run=True).counts["written"], 1, "badges that would be written")
    expect(bench.practice.changes(), 0, "requests that change something, in a dry run")
    bench.expect_held(1, "", "after a dry run")


@check("writes")
def killed_push(bench: Bench) -> None:
    """A push that is killed between a write and its own ledger is gone on with: the next one finds the badge there."""
    bench.stock(ONE)
    bench.killed("push")
    sent = bench.practice.changes()
    bench.wait(1)
    bench.push()
    expect(bench.practice.changes(), sent, "requests that change something, after a push that was killed")
    bench.expect_held(1, bench.badge(1), "after a push that was killed, and another")
    expect(bench.state["pushed"]["badges"], 1, "badges that the house knows of")


def _made_good(bench: Bench, fault: str, score: int = 0) -> None:
    bench.wait(2 * LATER)
    bench.push()
    bench.expect_held(1, bench.badge(1, score), f"after the fault {fault!r} was mended")


CHECKS: tuple[Check, ...] = (
    right_item,
    written_once,
    read_back,
    lost_answer,
    others_edit,
    withdrawal,
    permission,
    echo,
    dry_run,
    killed_push,
)
