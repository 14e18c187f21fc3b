"""What a store drops once a day, and what it never does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stores
from conftest import House
from sqlalchemy import text

from sync import store
from sync.store import Store

DAY = 86_400_000_000
NOW = 2_000 * DAY


@pytest.fixture
def home(own: House) -> Iterator[Store]:
    opened = store.open_store(stores.url(own.folder), key_file=own.folder / "ringmark.key")
    with opened.write() as db:
        db.execute(text("DELETE FROM run"))
    yield opened
    opened.engine.dispose()


def ran(home: Store, days_ago: int, outcome: str = "done", asked: str = "changes", step: str = "pull") -> int:
    sql = """
INSERT INTO run (connection_id, step, began_at, ended_at, outcome, asked)
VALUES (1, :step, :at, :ended, :outcome, :asked) RETURNING id"""
    at = NOW - days_ago * DAY
    told = {"step": step, "at": at, "ended": 0 if outcome == "running" else at, "outcome": outcome, "asked": asked}
    with home.write() as db:
        return int(db.execute(text(sql), told).scalar_one())


def runs(home: Store) -> list[int]:
    with home.read() as db:
        return [row.id for row in db.execute(text("SELECT id FROM run ORDER BY id"))]


def test_old_runs_go_but_the_newest_of_each_kind_stays(home: Store) -> None:
    old = [ran(home, 900, asked=f"changes since {day}") for day in range(5)]
    full, failed, push = ran(home, 800, asked="everything"), ran(home, 700, "failed"), ran(home, 600, step="push")
    changes, running, young = ran(home, 500), ran(home, 450, "running"), ran(home, 399, "failed")

    assert store.tidy(home, now=NOW) == len(old) + 1
    assert runs(home) == [full, push, changes, running, young]
    assert failed not in runs(home)
    assert store.tidy(home, now=NOW) == 0


def test_a_run_that_waits_for_a_decision_stays(home: Store) -> None:
    held, decided = ran(home, 900, "held"), ran(home, 900, "held")
    ran(home, 1, "held")
    with home.write() as db:
        some = "UPDATE item SET held_run = :run, held_at = 1 WHERE id = (SELECT min(id) FROM item WHERE state = 1)"
        db.execute(text(some), {"run": held})

    store.tidy(home, now=NOW)

    assert held in runs(home)
    assert decided not in runs(home)


def test_evidence_goes_after_thirty_days_also_when_nothing_is_pulled(home: Store) -> None:
    sql = """
INSERT INTO set_aside (connection_id, run_id, kind, key, place, reason, evidence, at)
VALUES (1, 1, 'item', :key, '', 'x', 'what it said', :at)"""
    with home.write() as db:
        db.execute(text("DELETE FROM set_aside"))
        for days in (29, 31):
            db.execute(text(sql), {"key": str(days), "at": NOW - days * DAY})

    store.tidy(home, now=NOW)

    with home.read() as db:
        kept = {row.key: row.evidence for row in db.execute(text("SELECT key, evidence FROM set_aside"))}
    assert kept == {"29": "what it said", "31": ""}


@stores.sqlite_alone
def test_the_log_of_the_store_gives_its_space_back(home: Store) -> None:
    log = Path(f"{home.engine.url.database}-wal")
    with home.write() as db:
        db.execute(text("UPDATE item SET title = title || 'x'"))
    assert log.stat().st_size > 0

    store.tidy(home, now=NOW)

    assert log.stat().st_size == 0
    with home.read() as db:
        assert db.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
