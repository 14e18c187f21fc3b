"""Checks of what is read while something goes wrong: nothing that shows vanishes, and nothing is lost for good."""

from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.place import HOUR

ASKED = 7  # seconds that the fault "too many requests" asks for
UNDONE = ("failed", "incomplete", "held")


@check("reads", "truncated")
def truncated_page(bench: Bench) -> None:
    """A page that breaks off, announced or not, fails the run: nothing vanishes, the cursor stays, and the next run
    brings the rest."""
    bench.small()
    bench.pull()
    for fault in ("truncated", "cut short"):
        if bench.has(fault):
            _comes_through(bench, fault)


@check("reads", "last page empty")
def short_listing(bench: Bench) -> None:
    """A last page that comes without its rows makes nothing vanish, and the next full run brings what was on it."""
    bench.small()
    bench.pull()
    _stays(bench, "last page empty", ends=("done", *UNDONE))
    bench.pull(full=True)
    bench.expect_the_world("after a full pull without the fault")


@check("reads", "page again")
def page_again(bench: Bench) -> None:
    """A next page that is the same again ends the run, and never as if that were all: nothing vanishes by it."""
    bench.small()
    bench.pull()
    _comes_through(bench, "page again")


@check("reads", "empty list")
def empty_list(bench: Bench) -> None:
    """A listing that is suddenly empty is not believed: nothing vanishes, and the next run finds all as it was."""
    bench.small()
    bench.pull()
    _stays(bench, "empty list")
    bench.pull(full=True)
    bench.expect_the_world("after the listing was empty once")


@check("reads", "requests", "server error")
def server_error(bench: Bench) -> None:
    """An error in the middle of a listing is tried again; where it stays, the run fails: nothing vanishes, the cursor
    stays, and the next run brings the rest."""
    bench.small()
    bench.pull()
    _comes_through(bench, "server error")
    bench.fault("server error once")
    bench.retitle("tried again")
    bench.wait(HOUR)
    bench.pull()
    bench.expect_the_world("after one error in the middle of a pull")


@check("reads", "requests", "too many requests")
def too_many_requests(bench: Bench) -> None:
    """A 429 in the middle of a listing is waited for as long as it asks, and the same run goes on."""
    bench.small()
    bench.fault("too many requests")
    bench.pull()
    if (waited := sum(bench.slept)) < ASKED:
        raise Broken(f"after a 429 that asks for {ASKED} seconds, {waited:.1f} were waited")
    bench.expect_the_world("after a 429 in the middle of a pull")


@check("reads", "requests", "login", "login ended")
def ended_login(bench: Bench) -> None:
    """A login that ends in the middle of a listing is renewed, or fails the run: nothing vanishes, and the next run
    brings the rest."""
    bench.small()
    bench.pull()
    before = bench.seen()
    bench.fault("login ended")
    bench.wait(HOUR)
    bench.pull(full=True, ends=("done", "failed"))
    bench.expect_seen(before, "after a login that ended in the middle")
    bench.retitle("renewed")
    bench.fault("login ended")
    bench.wait(HOUR)
    bench.pull(ends=("done", "failed"))
    bench.practice.mend()
    bench.wait(HOUR)
    bench.pull()
    bench.expect_the_world("after a login that ended in the middle")


@check("reads")
def killed_pull(bench: Bench) -> None:
    """After a pull that is killed after its first outputs, the next one ends where an undisturbed one would."""
    bench.small()
    bench.killed("pull")
    bench.wait(HOUR)
    bench.pull()
    bench.expect_the_world("after a pull that was killed, and another")


def _comes_through(bench: Bench, fault: str) -> None:
    """A fault does no harm to a full run, nor to one that reads what changed; the next one brings it all."""
    cursor = bench.state["cursor"]
    _stays(bench, fault)
    expect(bench.state["cursor"], cursor, f"the cursor after the fault {fault!r}")
    bench.retitle(f"after {fault}")
    bench.fault(fault)
    bench.wait(HOUR)
    bench.pull(ends=UNDONE)
    expect(bench.state["cursor"], cursor, f"the cursor after the fault {fault!r}")
    bench.practice.mend()
    bench.wait(HOUR)
    bench.pull()
    bench.expect_the_world(f"after the fault {fault!r} was mended")


def _stays(bench: Bench, fault: str, ends: tuple[str, ...] = UNDONE) -> None:
    """A full run with a fault leaves what shows as it is."""
    before = bench.seen()
    bench.fault(fault)
    bench.wait(HOUR)
    bench.pull(full=True, ends=ends)
    bench.expect_seen(before, f"after the fault {fault!r}")
    bench.practice.mend()
    bench.wait(HOUR)


CHECKS: tuple[Check, ...] = (
    truncated_page,
    short_listing,
    page_again,
    empty_list,
    server_error,
    too_many_requests,
    ended_login,
    killed_pull,
)
