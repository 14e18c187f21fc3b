"""A run's cursor is the source's own clock, and no later than ours."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors import NotUnderstood, clock

NOW = datetime(2026, 6, 2, 10, tzinfo=UTC)


def test_a_clock_that_is_behind_is_believed_and_one_that_is_ahead_loses_no_changes() -> None:
    assert clock.began(NOW - timedelta(hours=1), NOW) == NOW - timedelta(hours=1)
    assert clock.began(NOW + timedelta(days=1), NOW) == NOW
    assert clock.began(None, NOW) is None


@pytest.mark.parametrize("moment", [NOW, NOW.astimezone(timezone(timedelta(hours=5))), NOW.replace(tzinfo=None)])
def test_a_cursor_keeps_its_moment(moment: datetime) -> None:
    assert clock.read(clock.stamp(moment) or "") == NOW
    assert clock.stamp(None) is None


@pytest.mark.parametrize("cursor", ["", "yesterday", "2026-06-02T10:00:00+00:00 else", "9999-12-31T23:59:59-23:00"])
def test_a_cursor_that_keeps_none_asks_for_a_full_pull(cursor: str) -> None:
    with pytest.raises(NotUnderstood, match="run a full pull"):
        clock.read(cursor)


def test_a_source_without_a_clock_is_told_with_the_mend() -> None:
    (found,) = clock.findings(None)

    assert (found.ok, "Date header" in found.mend) == (False, True)
    assert not [*clock.findings(NOW)]
