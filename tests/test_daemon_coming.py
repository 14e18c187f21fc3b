"""When a connection is read next, as pages say it: what `due` will say then."""

from datetime import UTC, datetime, timedelta

import pytest

from config.settings import Connection
from sync import store
from sync.daemon.coming import Coming, coming
from sync.store import Lately, Outcome, PastRun

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = store.micros(NOON)
MINUTE = 60_000_000


def run(hours_ago: float, outcome: Outcome = "done", *, full: bool = False) -> PastRun:
    at = NOW - round(hours_ago * 60 * MINUTE)
    return PastRun(id=round(1e6 - hours_ago), full=full, began_at=at, ended_at=at, outcome=outcome)


def next_of(*pulls: PastRun, pull: str = "3h", full: str = "30d", rests: int = 0, **more: bool) -> Coming | None:
    connection = Connection(name="x", kind="files", path="x", pull=pull, full=full)  # type: ignore[arg-type]
    whole = next((each for each in pulls if each.full and each.outcome in ("done", "held")), None)
    lately = Lately(**{"active": True, "pulls": pulls, "full": whole, "rests": bool(rests), **more})  # type: ignore[arg-type]
    return coming(connection, lately, rests_until=rests, now=NOW)


def about(found: Coming | None, **ahead: float) -> bool:
    """Whether it comes then, to the five minutes by which the daemon may be late."""
    assert found
    late = found.at - NOW - timedelta(**ahead) // timedelta(microseconds=1)
    return 0 <= late <= 5 * MINUTE + 1_000_000


def test_an_interval_counts_from_the_end_of_the_last_run() -> None:
    found = next_of(run(1), run(48, full=True))

    assert about(found, hours=2)
    assert found
    assert found.what == "changes"


def test_of_two_that_come_the_earlier_is_told() -> None:
    found = next_of(run(1), run(29.9 * 24, full=True), pull="7d")

    assert about(found, hours=2.4)
    assert found
    assert found.what == "everything"


def test_what_was_never_read_or_is_overdue_comes_now() -> None:
    assert next_of() == Coming(at=NOW, what="everything")
    assert next_of(run(4), run(48, full=True)) == Coming(at=NOW, what="changes")


def test_the_times_of_a_crontab_line_are_found_also_where_nothing_was_read_yet() -> None:
    assert about(next_of(pull="0 3 * * *", full="manual"), hours=15)
    assert about(next_of(run(9, full=True), pull="0 3 * * sun", full="manual"), hours=39)


def test_who_rests_comes_when_that_is_over_and_who_is_read_by_hand_never() -> None:
    failed = run(0.1, "failed")

    assert next_of(failed, run(48, full=True), rests=NOW + 60 * MINUTE) == Coming(at=NOW + 60 * MINUTE, what="changes")
    assert next_of(run(1, full=True), pull="manual", full="manual") is None


@pytest.mark.parametrize("doubted", [True, False])
def test_a_second_look_at_what_was_held_back_comes_the_next_day(doubted: bool) -> None:
    found = next_of(run(1, "held", full=True), pull="7d", doubted=doubted)

    assert about(found, hours=19) is doubted
