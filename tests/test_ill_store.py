"""A store that cannot be used: of a newer version, of another program, full, read-only, or without the key of its
vetoes. Each is one line that names the file and the mend, exit 1, and nothing lost."""

import ctypes
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import stores
from conftest import House
from interleaving_process import Process, prepare
from naive.elements import small

pytestmark = stores.sqlite_alone
COMMAND = (sys.executable, "-c", "from sync.cli import main; main()")
VERBS = ("pull", "score", "status", "explain 10.5555/example.50040", "export -o -")
DROP_FROM_BOUNDING_SET, MAY_WRITE_ANYTHING, MAY_READ_ANYTHING = 24, 1, 2  # prctl(2), capabilities(7)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("scored"))
    small().write_files(house.folder / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    return house


@pytest.fixture
def own(scored: House, tmp_path: Path) -> House:
    shutil.copytree(scored.folder, tmp_path / "own")
    return House(tmp_path / "own")


def change(house: House, *statements: str) -> None:
    """What another program may have done to the store's file."""
    with closing(sqlite3.connect(house.folder / "ringmark.db")) as db, db:
        for statement in statements:
            db.execute(statement)


def refused(house: House, *words: str) -> None:
    """Every verb says so in one line, and a document does too."""
    for verb in VERBS:
        ran = house.run(*verb.split())
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1), (verb, ran)
        assert all(word in ran.err for word in words), ran.err
    as_json = house.run("status", "--json")
    assert (as_json.code, set(as_json.document)) == (1, {"error"})


def test_a_store_of_a_newer_version_is_left_alone(own: House) -> None:
    change(own, "UPDATE alembic_version SET version_num = '9999'")
    before = (own.folder / "ringmark.db").read_bytes()

    refused(own, "ringmark.db", "newer", "9999", "upgrade")

    assert (own.folder / "ringmark.db").read_bytes() == before


def test_the_database_of_another_program_is_left_alone(own: House) -> None:
    (own.folder / "ringmark.db").unlink()
    change(own, "CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('soup')")

    refused(own, "ringmark.db", "not a Ringmark store")

    with closing(sqlite3.connect(own.folder / "ringmark.db")) as db:
        assert db.execute("SELECT name FROM recipes").fetchall() == [("soup",)]


def test_another_program_that_uses_alembic_too_is_left_alone(own: House) -> None:
    (own.folder / "ringmark.db").unlink()
    change(own, "CREATE TABLE recipes (name TEXT)", "CREATE TABLE alembic_version (version_num TEXT)",
           "INSERT INTO alembic_version VALUES ('ab12cd34ef56')")  # fmt: skip

    refused(own, "ringmark.db")


def test_a_file_that_is_no_database_is_left_alone(own: House) -> None:
    (own.folder / "ringmark.db").write_text("Dear diary, " * 1000)

    refused(own, "ringmark.db", "not a database")

    assert (own.folder / "ringmark.db").read_text().startswith("Dear diary")


def test_a_store_in_a_folder_that_is_not_there_is_named(own: House) -> None:
    own.write('[store]\nurl = "sqlite:///nowhere/ringmark.db"\n' + own.file.read_text())

    refused(own, "nowhere")


def child(house: House, before: Callable[[], object], *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a process that is held shorter than this one."""
    command = [*COMMAND, "--config", str(house.file), *words]
    return subprocess.run(command, preexec_fn=before, capture_output=True, text=True, check=False, timeout=60)


def without_rights() -> None:
    """Also root may then write only where the file's mode says so."""
    libc = ctypes.CDLL(None)
    for right in (MAY_WRITE_ANYTHING, MAY_READ_ANYTHING):
        libc.prctl(DROP_FROM_BOUNDING_SET, right, 0, 0, 0)  # refused to others than root, who lack it anyway


def test_a_read_only_store_is_named_and_still_whole(own: House) -> None:
    before = own.rows("internal")
    (own.folder / "ringmark.db").chmod(0o400)
    own.folder.chmod(0o500)
    try:
        ran = child(own, without_rights, "pull")
    finally:
        own.folder.chmod(0o700)
        (own.folder / "ringmark.db").chmod(0o600)

    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "ringmark.db" in ran.stderr
    assert "writable" in ran.stderr
    assert own.rows("internal") == before


@pytest.mark.parametrize("room", [0, 64 * 1024, 300 * 1024])
def test_a_disk_without_room_is_named_and_nothing_is_half_written(own: House, room: int) -> None:
    """A limit on the size of files stands for a full disk: the write fails at some place in the middle."""
    before = own.rows("internal")
    people = (own.folder / "import" / "people.csv").read_text()
    (own.folder / "import" / "people.csv").write_text(people.replace(",public,", ",internal,"))

    ran = child(own, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)), "sync")

    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "ringmark.db" in ran.stderr
    shown = own.rows("internal")
    assert all(row in before for row in shown)
    own.ok("sync")
    healed = own.rows("public")
    assert not any(row["people"] for row in healed)
    with closing(sqlite3.connect(own.folder / "ringmark.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_vetoes_without_their_key_show_nothing_and_lose_nothing(own: House) -> None:
    own.write(own.file.read_text() + 'keep = "internal"\n')
    own.ok("sync")
    before, key = own.rows("internal"), (own.folder / "ringmark.key").read_bytes()
    assert (own.folder / "ringmark.key").stat().st_mode & 0o077 == 0
    (own.folder / "ringmark.key").unlink()

    for verb in ("pull", "sync"):
        ran = own.run(verb)
        assert ran.code == 1
        assert "ringmark.key" in ran.err + ran.out
        assert len((ran.err + ran.out).splitlines()) == 1
    (own.folder / "ringmark.key").write_text("0" * 64)
    assert own.run("pull").code == 1
    (own.folder / "ringmark.key").write_bytes(key)

    own.ok("sync")
    assert own.rows("internal") == before


@pytest.mark.parametrize("cut", ["", "0" * 62])
def test_a_key_that_was_cut_short_is_no_key(own: House, cut: str) -> None:
    (own.folder / "ringmark.key").write_text(cut)
    own.write(own.file.read_text() + 'keep = "internal"\n')

    ran = own.run("pull")

    assert (ran.code, "ringmark.key" in ran.err + ran.out) == (1, True)
    assert (own.folder / "ringmark.key").read_text() == cut


def test_a_store_is_closed_to_other_users_from_its_first_commit_on(own: House) -> None:
    for file in own.folder.glob("ringmark.db*"):
        file.unlink()
    prepare()
    with Process(own.file, ["pull"], range(3, 1000)) as process:
        while process.on():
            modes = {file.name: oct(file.stat().st_mode & 0o777) for file in own.folder.glob("ringmark.db*[!k]")}
            assert set(modes.values()) == {"0o600"}, modes


def test_what_lies_below_keep_leaves_no_readable_trace(own: House) -> None:
    with (own.folder / "import" / "outputs.csv").open("a") as table:
        table.write("77,Utterly Confidential Title,book,,,2020,private,10.5555/secret77,,,,,,\r\n")
    with (own.folder / "import" / "people.csv").open("a") as table:
        table.write("78,Hidden Nameperson,,private,true,true,true\r\n")
    own.write(own.file.read_text() + 'keep = "internal"\n')

    own.ok("sync")

    everything = b"".join(path.read_bytes() for path in own.folder.glob("ringmark.*"))
    for word in (b"Utterly Confidential", b"10.5555/secret77", b"Nameperson"):
        assert word not in everything
