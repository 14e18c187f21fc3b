"""Making a backup: one whole file for its owner alone, or none; whatever others do to the store meanwhile."""

import fcntl
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import stores
from conftest import House
from interleaving_process import Process, prepare
from naive.elements import WIRES, serve, small

from sync import store

MAIN = "from sync.cli import main; main()"
SECRET = "Utterly Confidential Title"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house that was told of much, and of something that went again."""
    house = House(tmp_path_factory.mktemp("filled"))
    small().write_files(house.folder / "import")
    outputs = house.folder / "import" / "outputs.csv"
    told = outputs.read_text()
    outputs.write_text(told + "".join(f"s{n},{SECRET} {n},book,,,2020,public,,,,,,,\r\n" for n in range(20)))
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    outputs.write_text(told)
    house.ok("sync")
    return house


def left(folder: Path) -> set[str]:
    """What lies in a folder beside the store, its settings and its sources."""
    ours = ("ringmark.db", "ringmark.toml", "import", ".database")
    return {path.name for path in folder.iterdir() if not path.name.startswith(ours)}


def test_a_backup_is_one_file_for_its_owner_alone_and_says_what_is_in_it(filled: House, tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        told = filled.json("backup", str(tmp_path / "night.db"))
    finally:
        os.umask(umask)

    assert [(path.name, oct(path.stat().st_mode & 0o777)) for path in tmp_path.iterdir()] == [("night.db", "0o600")]
    assert told["bytes"] == (tmp_path / "night.db").stat().st_size
    assert told["rows"]["item"] == filled.json("status")["connections"][0]["items"]
    assert told["without"] is None


def test_the_key_of_the_vetoes_is_not_in_it_and_that_is_said(filled: House, tmp_path: Path) -> None:
    house = filled.copy(tmp_path / "house")
    house.file.write_text(house.file.read_text() + 'keep = "internal"\n')
    house.ok("sync")
    key = (house.folder / "ringmark.key").read_text().strip()

    said = house.ok("backup", str(tmp_path / "night.db"))

    assert "ringmark.key elsewhere" in said
    assert key.encode() not in (tmp_path / "night.db").read_bytes()


def test_what_was_erased_cannot_be_read_in_it(filled: House, tmp_path: Path) -> None:
    filled.ok("backup", str(tmp_path / "night.db"))

    assert SECRET.encode() not in (tmp_path / "night.db").read_bytes()


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(filled: House, tmp_path: Path) -> None:
    file = tmp_path / "night.db"
    file.write_text("something dear")

    refused = filled.run("backup", str(file))
    before = file.read_text()
    filled.ok("backup", str(file), "--force")

    assert (refused.code, before) == (1, "something dear")
    assert "--force" in refused.err
    assert sqlite3.connect(file).execute("SELECT count(*) FROM item").fetchone()[0] > 50
    assert {path.name for path in tmp_path.iterdir()} == {"night.db"}


@stores.sqlite_alone
@pytest.mark.parametrize("name", ["ringmark.db", "ringmark.db-wal"])
def test_the_store_itself_is_no_place_for_it(filled: House, name: str) -> None:
    ran = filled.run("backup", str(filled.folder / name), "--force")

    assert (ran.code, "the store itself" in ran.err) == (1, True)
    assert filled.rows()


def test_where_no_file_can_be_written_it_says_so(filled: House, tmp_path: Path, house: House) -> None:
    nowhere = filled.run("backup", str(tmp_path / "nowhere" / "night.db"))
    folder = filled.run("backup", str(tmp_path))
    house.write(f'{stores.none_yet()}[connections.local]\nkind = "files"\npath = "import"\n')
    empty = house.run("backup", str(tmp_path / "night.db"))

    assert [ran.code for ran in (nowhere, folder, empty)] == [1, 1, 1]
    assert "night.db" in nowhere.err
    assert "is a folder" in folder.err
    assert "no store there yet" in empty.err
    assert left(tmp_path) == set()


@stores.sqlite_alone
def test_a_disk_without_room_is_named_and_nothing_is_left(filled: House, tmp_path: Path) -> None:
    ran = limited(filled, tmp_path, MAIN)

    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1), ran
    assert "night.db" in ran.stderr
    assert "nothing was left behind" in ran.stderr
    assert left(tmp_path) == set()


@stores.sqlite_alone
def test_a_backup_that_was_killed_is_none_and_the_next_one_takes_its_place(filled: House, tmp_path: Path) -> None:
    ran = limited(filled, tmp_path, f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); {MAIN}")
    assert ran.returncode == -signal.SIGXFSZ, ran
    assert "night.db" not in left(tmp_path)
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()} == {"0o600"}
    filled.ok("backup", str(tmp_path / "night.db"))

    assert left(tmp_path) == {"night.db"}


@stores.sqlite_alone
def test_the_journal_that_a_killed_backup_left_is_not_taken_for_that_of_the_next(filled: House, tmp_path: Path) -> None:
    filled.ok("backup", str(tmp_path / "night.db.part"))
    program = """import os, sqlite3
db = sqlite3.connect("night.db.part")
db.execute("PRAGMA cache_size = 1")
db.execute("UPDATE item SET title = title || 'x'")
os._exit(1)"""
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert (tmp_path / "night.db.part-journal").stat().st_size > 0

    filled.ok("backup", str(tmp_path / "night.db"))

    assert left(tmp_path) == {"night.db"}


def test_two_backups_into_one_file_at_once_are_one(filled: House, tmp_path: Path) -> None:
    with (tmp_path / "night.db.part").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        ran = filled.run("backup", str(tmp_path / "night.db"))

    assert (ran.code, "another backup" in ran.err) == (1, True)
    assert left(tmp_path) == {"night.db.part"}


def test_backups_beside_a_pull_and_a_score_hold_whole_pages_and_wait_for_nobody(house: House, tmp_path: Path) -> None:
    """Each is made while the other process waits: about to write, holding the store's one writing lock, done."""
    prepare()
    found: dict[str, set[tuple[int, ...]]] = {"pull": set(), "score": set()}
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 20")
        house.ok("scope", "show")  # so that there is a store
        home = store.open_store(stores.url(house.folder), key_file=tmp_path / "key")
        for verb, seen in (("pull", pages), ("score", scores)):
            with Process(house.file, [verb], range(0, 1000, 5)) as process:
                while process.on():
                    store.backup(home, tmp_path / "night.db", never_read=(), replace=True, now=store.now())
                    found[verb].add(seen(tmp_path / "night.db"))
        home.engine.dispose()

    assert len(found["pull"]) > 5
    assert all(told == there for told, there in found["pull"])
    assert found["score"] == {(0, 0, 0), max(found["score"])}
    assert max(found["score"])[0] == 93


def pages(file: Path) -> tuple[int, int]:
    """What the run in a backup says that it has stored, and what is there."""
    with closing(sqlite3.connect(file)) as db:
        counts = [json.loads(row[0])["seen"] for row in db.execute("SELECT counts FROM run WHERE step = 'pull'")]
        tables = ("person_record", "group_record", "item", "authorship_record")
        rows = sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    return sum(counts), rows


def scores(file: Path) -> tuple[int, int, int]:
    """How many outputs have a score, and what all scores and all their parts come to."""
    with closing(sqlite3.connect(file)) as db:
        scored, points = db.execute("SELECT count(*), coalesce(sum(millipoints), 0) FROM score").fetchone()
        (parts,) = db.execute("SELECT coalesce(sum(millipoints), 0) FROM score_source").fetchone()
    return scored, points, parts


def limited(house: House, folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """A backup in a folder, by a process whose files may not grow above 100 KB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        os.umask(0)

    command = [sys.executable, "-c", program, "--config", str(house.file), "backup", "night.db"]
    return subprocess.run(command, preexec_fn=limit, cwd=folder, capture_output=True, text=True, check=False)
