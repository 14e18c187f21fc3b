"""Checks of places that are told of badges, by notices or by a file with all of them, and that nobody can ask."""

from connectors.base import Drops, Notice
from connectors.errors import ConnectorError, Recalled
from connectors.identifiers import Identifier
from sync import store
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.configured import BASE
from sync.conformance.world import Work
from sync.conformance.writing import CLOSED, LATER, ONE
from sync.push import Way

OTHER = Work(number=3, title="Breakwaters")


@check("tells")
def told_what_shows(bench: Bench) -> None:
    """A place is told of each badge that the public may see, and of nothing else."""
    bench.stock(ONE, CLOSED)
    expect(bench.push().counts["written"], 1, "badges told of")
    bench.expect_showing("after a first push", {ONE.number: 0})


@check("tells")
def told_once(bench: Bench) -> None:
    """What is known there is not told again; a new score is, where scores are told."""
    bench.stock(ONE)
    bench.push()
    sent, ids = bench.practice.changes(), len(bench.place.ids())
    bench.wait(LATER)
    bench.push()
    expect((bench.practice.changes(), len(bench.place.ids())), (sent, ids), "what was sent by a push with nothing new")
    bench.mention(1, 2)
    bench.push()
    bench.expect_showing("after a push of a new score", {ONE.number: 6})


@check("notices", "answer lost")
def same_notice(bench: Bench) -> None:
    """A notice whose answer is lost is sent again with the same id, and the next one has another."""
    bench.stock(ONE)
    bench.fault("answer lost")
    bench.push(ends=("incomplete", "failed"))
    bench.practice.mend()
    bench.wait(LATER)
    bench.push()
    bench.expect_showing("after a notice whose answer was lost", {ONE.number: 0})
    expect((len(bench.place.ids()), len(set(bench.place.ids()))), (2, 1), "notices, and ids of them")
    bench.hide(1)
    bench.fault("answer lost")
    bench.push(ends=("incomplete", "failed"))
    bench.practice.mend()
    bench.push()
    bench.expect_showing("after a withdrawal whose answer was lost", {})
    expect((len(bench.place.ids()), len(set(bench.place.ids()))), (4, 2), "notices, and ids of them")


@check("tells", "server error", "too many requests")
def told_at_last(bench: Bench) -> None:
    """What a place refuses, or asks patience for, counts as failed, and is told by a later push."""
    bench.stock(ONE)
    for fault in ("server error", "too many requests"):
        bench.fault(fault)
        expect(bench.push(ends=("incomplete", "failed")).counts["written"], 0, "badges counted as told of")
        bench.practice.mend()
        bench.wait(2 * LATER)
    bench.push()
    bench.expect_showing("after trouble", {ONE.number: 0})


@check("notices", "refused")
def told_apart(bench: Bench) -> None:
    """A withdrawal that is refused with a 403 holds back no other: those go at once, and it goes by a later push."""
    bench.stock(ONE, OTHER)
    bench.push()
    bench.hide(ONE.number)
    bench.hide(OTHER.number)
    bench.fault("refused")
    report = bench.push(ends=("incomplete", "failed"))
    expect(report.counts["withdrawn"], 1, "withdrawals beside one that is refused")
    bench.practice.mend()
    bench.push()
    bench.expect_showing("after a withdrawal that was refused", {})


@check("tells")
def told_of_the_end(bench: Bench) -> None:
    """A badge that may no longer show is withdrawn by the next push, and told of anew when it may."""
    bench.stock(ONE)
    bench.push()
    bench.hide(1)
    expect(bench.push().counts["withdrawn"], 1, "badges withdrawn")
    bench.expect_showing("after a withdrawal", {})
    bench.show(1)
    bench.wait(LATER)
    bench.push()
    bench.expect_showing("after it may show again", {ONE.number: 0})


@check("tells")
def told_by_permission(bench: Bench) -> None:
    """Permission is asked right before a place is told; where it ends, nothing is sent."""
    bench.stock(ONE)
    with bench.takes() as connector:
        try:
            _tell(bench, connector, permitted=[])
        except Recalled:
            expect((bench.practice.changes(), bench.place.showing()), (0, {}), "what was told without permission")
        except ConnectorError as error:
            raise Broken(f"to tell without permission should raise Recalled, and raised {error!r}") from None
        else:
            raise Broken("to tell without permission should raise Recalled, and raised nothing")
        permitted = [True]
        _tell(bench, connector, permitted=permitted)
    expect(permitted, [], "permissions that were not asked for")
    expect(bench.practice.changes(), 1, "times that the place was told, by one permission")


@check("tells")
def told_in_mind(bench: Bench) -> None:
    """A dry run says what would be told, and tells nothing."""
    bench.stock(ONE)
    expect(bench.push(dry_run=True).counts["written"], 1, "badges that would be told of")
    expect(bench.practice.changes(), 0, "requests that tell something, in a dry run")
    bench.expect_showing("after a dry run", {})


@check("tells")
def killed_teller(bench: Bench) -> None:
    """A push that is killed between telling and its own ledger is gone on with: what was told counts once."""
    bench.stock(ONE)
    bench.killed("push")
    bench.expect_showing("after a push that was killed", {ONE.number: 0})
    bench.wait(1)
    bench.push()
    bench.expect_showing("after a push that was killed, and another", {ONE.number: 0})
    expect(len(set(bench.place.ids())) <= 1, True, "one id for the notice that was told again")
    expect(bench.state["pushed"]["badges"], 1, "badges that the house knows of")
    bench.hide(1)
    bench.killed("push")
    bench.push()
    bench.expect_showing("after a withdrawal that was killed, and another push", {})


def _tell(bench: Bench, connector: Way, *, permitted: list[bool]) -> None:
    """Tell something by hand, while there are permissions left, one for each time that it is asked."""

    def permit() -> bool:
        return bool(permitted) and permitted.pop()

    if isinstance(connector, Drops):
        file = bench.folder / "by hand"
        file.write_text("by hand\n", encoding="utf-8")
        connector.drop(connector.settings.field or connector.manifest.field, file, permit=permit)
        return
    notice = Notice(
        id="00000000-0000-4000-8000-000000000001",
        at=store.moment(bench.now),
        origin=BASE,
        output=1,
        identifiers=(Identifier("doi", ONE.doi),),
        score=0,
    )
    connector.tell(notice, permit=permit)  # type: ignore[union-attr]


CHECKS: tuple[Check, ...] = (
    told_what_shows,
    told_once,
    same_notice,
    told_at_last,
    told_apart,
    told_of_the_end,
    told_by_permission,
    told_in_mind,
    killed_teller,
)
