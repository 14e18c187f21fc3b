"""Power cuts: of what SQLite has written, what was synced stays, and the rest may be lost, torn or anything.

A sync whose every commit waits is looked at on disk each time that a commit has returned: with `synchronous = FULL` all
of that is synced. The next commit is what a power cut may come into: of the bytes by which the WAL is longer then, any
may be missing or wrong.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import stores
from conftest import House
from interleaving_process import Process
from interleaving_university import FIELD, State, University, opened

from sandbox.dspace.items import Item
from sync import store

pytestmark = stores.sqlite_alone
EVER = range(1000)  # more points than any command has
FULL = 2  # of PRAGMA synchronous
SECTOR = 512
CUTS, RUNS = 24, 6


@dataclass(frozen=True)
class Synced:
    """What was on the disk when a commit had returned, and what was outside."""

    state: State
    wal: bytes
    items: dict[str, Item]


@dataclass(frozen=True)
class Played:
    """A first sync: what was on the disk after each of its commits, and where it ends."""

    there: University
    synced: list[Synced]
    undisturbed: dict[str, Any]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with opened(tmp_path_factory.mktemp("university")) as there:
        house = there.at(there.states["new"])
        synced = []
        with Process(house.file, ["sync"], EVER) as process:
            while point := process.on():
                if point == "committed":
                    wal = (house.folder / "ringmark.db-wal").read_bytes()
                    synced.append(Synced(there.keep(house), wal, dict(there.library.items)))
            process.end()
        yield Played(there, synced, there.go_on(house, pulls=True))


def test_a_commit_that_returned_is_synced(played: Played) -> None:
    house = played.there.at(played.synced[-1].state)
    home = store.open_store(f"sqlite:///{house.folder / 'ringmark.db'}", key_file=house.folder / "ringmark.key")
    with home.write() as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == FULL
    home.engine.dispose()


def test_a_cut_in_the_next_commit_leaves_all_that_had_returned(played: Played) -> None:
    dice = random.Random(1)
    for before, after in dice.choices(grown(played), k=CUTS):
        house = played.there.at(before.state)
        returned, finished = content(house, before.wal), content(house, after.wal)
        assert returned != finished
        for damage in DAMAGES:
            wal = damage(dice, before.wal, after.wal)
            assert content(house, wal) == (finished if wal == after.wal else returned), damage.__name__


def test_and_the_next_run_ends_where_an_undisturbed_one_would(played: Played) -> None:
    dice = random.Random(2)
    for before, after in dice.choices(grown(played), k=RUNS):
        house = played.there.at(before.state)
        played.there.library.items = dict(after.items)
        power_returns(house, dice.choice(DAMAGES)(dice, before.wal, after.wal))
        assert played.there.go_on(house, pulls=True, again=["sync"]) == played.undisturbed


def test_what_has_left_the_house_is_known_to_it_after_any_cut(played: Played) -> None:
    for before, after in grown(played):
        house = played.there.at(before.state)
        power_returns(house, before.wal)
        assert outside(after.items) <= known(house)


def test_with_commits_that_are_synced_at_the_next_checkpoint_only_it_would_not_be(played: Played) -> None:
    """What `synchronous = NORMAL` may leave: nothing of the WAL."""
    last = played.synced[-1]
    house = played.there.at(last.state)
    power_returns(house, b"")
    with pytest.raises((AssertionError, sqlite3.OperationalError)):
        assert outside(last.items) <= known(house)


def grown(played: Played) -> list[tuple[Synced, Synced]]:
    """Each commit with the one before it, where the WAL only became longer."""
    pairs = [(one, other) for one, other in pairwise(played.synced) if len(one.wal) < len(other.wal)]
    assert len(pairs) > len(played.synced) / 2
    return pairs


def lost(dice: random.Random, before: bytes, after: bytes) -> bytes:
    """Only so many of the bytes arrived."""
    return after[: dice.randint(len(before), len(after))]


def torn(dice: random.Random, before: bytes, after: bytes) -> bytes:
    """Some sectors arrived, in no order; the others hold nothing."""
    tail = bytearray(after[len(before) :])
    for place in range(0, len(tail), SECTOR):
        if dice.random() < 0.5:
            size = min(SECTOR, len(tail) - place)
            tail[place : place + size] = bytes(size)
    return before + tail


def spoiled(dice: random.Random, before: bytes, after: bytes) -> bytes:
    """One bit is wrong."""
    tail = bytearray(after[len(before) :])
    tail[dice.randrange(len(tail))] ^= 1 << dice.randrange(8)
    return before + tail


def garbage(dice: random.Random, before: bytes, after: bytes) -> bytes:
    """Something else stood there on the disk."""
    return before + dice.randbytes(len(after) - len(before))


def whole(_: random.Random, __: bytes, after: bytes) -> bytes:
    """All of it arrived, although nobody was told."""
    return after


Damage = Callable[[random.Random, bytes, bytes], bytes]
DAMAGES: tuple[Damage, ...] = (lost, torn, spoiled, garbage, whole)


def power_returns(house: House, wal: bytes) -> None:
    """The disk is as it is; nothing of what was in memory."""
    (house.folder / "ringmark.db-wal").write_bytes(wal)
    (house.folder / "ringmark.db-shm").unlink(missing_ok=True)


def content(house: House, wal: bytes) -> list[str]:
    """All that stands in a store with such a WAL, which is whole; it is left as it was."""
    database = (house.folder / "ringmark.db").read_bytes()
    power_returns(house, wal)
    with closing(sqlite3.connect(house.folder / "ringmark.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        told = list(db.iterdump())
    (house.folder / "ringmark.db").write_bytes(database)
    return told


def outside(items: dict[str, Item]) -> set[tuple[str, str]]:
    """What of ours stands in the repository, and at which item."""
    return {(uuid, text) for uuid, item in items.items() for text in item.texts(FIELD)}


def known(house: House) -> set[tuple[str, str]]:
    """What the ledger says that may stand there."""
    with closing(sqlite3.connect(house.folder / "ringmark.db")) as db:
        rows = db.execute("SELECT address, value, intended FROM pushed").fetchall()
    return {(address, text) for address, *texts in rows for text in texts if text}
