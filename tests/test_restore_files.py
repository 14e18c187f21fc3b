"""Which files are restored, and where: what is no whole backup is refused by name, and the store left alone."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import stores
from restore_house import Sources

from sync.store.database import HEAD

RECORDED = Path(__file__).parent / "recorded"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    house = Sources(tmp_path_factory.mktemp("told")).tell("one", a="public", b="public").tell("two", a="public")
    house.ok("sync")
    house.ok("backup", str(house.folder / "night.db"))
    return house


@pytest.fixture
def house(told: Sources, tmp_path: Path) -> Sources:
    return told.copied(tmp_path / "house")


def changed(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(sql)


def overwritten(file: Path, at: float, length: int) -> None:
    """Part of a file is not what was written there."""
    told = bytearray(file.read_bytes())
    place = int(len(told) * at)
    told[place : place + length] = b"\xff" * length
    file.write_bytes(told)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (Path.unlink, "no such file"),
    "a folder": (lambda file: (file.unlink(), file.mkdir()), "no such file"),
    "empty": (lambda file: file.write_bytes(b""), "no backup of a Ringmark store"),
    "something else": (lambda file: file.write_text("Dear diary, " * 1000), "no backup of a Ringmark store"),
    "another database": (lambda file: (file.unlink(), changed(file, "CREATE TABLE t (x)")), "no backup of a Ringmark"),
    "a copy of a store": (lambda file: changed(file, "DELETE FROM meta WHERE name = 'backup'"), "copy of a store"),
    "newer": (lambda file: changed(file, "UPDATE alembic_version SET version_num = '9999'"), "newer Ringmark"),
    "cut": (cut, "damaged"),
    "overwritten": (lambda file: overwritten(file, 0.5, 5000), "damaged"),
    "rows are missing": (lambda file: changed(file, "DELETE FROM hide_target"), "damaged"),
    "fewer rows": (lambda file: changed(file, "DELETE FROM item WHERE id = 1"), "damaged"),
    "pages are lost": (lambda file: changed(file, "DELETE FROM sqlite_master WHERE name = 'veto_by_mark'"), "damaged"),
    "a level that is none": (lambda file: changed(file, "UPDATE item SET visibility = 7 WHERE id = 1"), "damaged"),
    "no facts": (lambda file: changed(file, "UPDATE meta SET value = '{' WHERE name = 'backup'"), "damaged"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_whole_backup_is_refused(house: Sources, what: str) -> None:
    spoil, words = REFUSED[what]
    if what == "rows are missing":
        house.ok("hide", "doi:10.5555/b", "--why", "x")
        house.ok("backup", str(house.folder / "night.db"), "--force")
    spoil(house.folder / "night.db")
    before = house.rows()

    ran = house.run("restore", str(house.folder / "night.db"))

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1), ran
    assert words in ran.err
    assert "night.db" in ran.err
    assert house.rows() == before
    assert not list(house.folder.glob("*before-restore*"))


def test_a_backup_is_not_changed_by_restoring_it_and_may_be_read_only(house: Sources) -> None:
    file = house.folder / "night.db"
    file.chmod(0o400)
    before = file.read_bytes()

    house.restored(str(file))

    assert file.read_bytes() == before
    assert [path.name for path in house.folder.glob("night.db*")] == ["night.db"]


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(tmp_path: Path, version: str) -> None:
    night = tmp_path / "night.db"
    with closing(sqlite3.connect(night)) as db, db:
        db.executescript((RECORDED / f"store-{version}.sql").read_text())
        items, hides = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("item", "hide"))
        facts = json.dumps({"made_at": 1, "version": "0.0.1", "rows": {"item": items, "hide": hides}})
        db.execute("INSERT INTO meta (name, value) VALUES ('backup', ?)", [facts])
    house = Sources(tmp_path / "house")
    house.folder.mkdir()
    house.tell("local", a="public")

    told = house.json("restore", str(night))

    assert (told["after"]["item"], told["after"]["hide"], told["waits"]) == (items, hides, ["local"])
    assert house.rows() == []
    with closing(sqlite3.connect(night)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == (version,) != (HEAD,)
    house.run("sync")
    assert house.run("sync").code == 0
    assert house.works() == {"a"}


def moved(house: Sources, folder: Path, *, url: str = "", key: bool = True) -> Sources:
    """The same sources and settings on a new machine, in another order, without a store."""
    new = Sources(folder)
    folder.mkdir()
    for name in reversed(house.more):
        new.tell(name, house.told[name], more=house.more[name])
    if url:
        new.write(f'[store]\nurl = "{url}"\n' + "".join(new.file.read_text().partition("[connections")[1:]))
    if key and (house.folder / "ringmark.key").exists():
        shutil.copy(house.folder / "ringmark.key", folder)
    return new


def test_a_backup_moves_a_house_to_another_machine(house: Sources, tmp_path: Path) -> None:
    house.tell("two", a="private", x="private", y="internal", more='keep = "internal"').ok("sync")
    house.ok("hide", "doi:10.5555/one-1", "--why", "asked for")
    (tmp_path / "narrow.toml").write_text('[scope]\nstatus = "current"\n')
    house.ok("scope", "apply", str(tmp_path / "narrow.toml"))
    before, night = house.rows("internal"), house.backup()
    new = moved(house, tmp_path / "new")

    told = new.restored(night)
    new.ok("sync")

    assert (told["aside"], sorted(told["waits"])) == (None, ["one", "two"])
    assert {row["output"]: row for row in new.rows("internal")} == {row["output"]: row for row in before}
    assert "a" not in new.works()
    assert new.json("scope", "show")["status"] == "current"


@pytest.mark.parametrize("key", [None, "0" * 64])
def test_without_the_key_of_its_vetoes_nothing_is_restored(house: Sources, tmp_path: Path, key: str | None) -> None:
    house.tell("two", a="private", more='keep = "internal"').ok("sync")
    night = house.backup()
    new = moved(house, tmp_path / "new", key=False)
    if key is not None:
        (new.folder / "ringmark.key").write_text(key)

    ran = new.run("restore", night)

    assert (ran.code, "ringmark.key" in ran.err) == (1, True)
    assert new.stored("SELECT count(*) FROM item") == [(0,)]
    shutil.copy(house.folder / "ringmark.key", new.folder)
    new.restored(night)
    new.ok("sync")
    assert new.works() == {"b"}


@pytest.mark.parametrize("way", ["to SQLite", "from SQLite"])
def test_a_backup_moves_a_house_to_another_database(house: Sources, tmp_path: Path, way: str) -> None:
    house.ok("hide", "doi:10.5555/one-1", "--why", "asked for")
    file = moved(house, tmp_path / "file", url=f"sqlite:///{tmp_path / 'ringmark.db'}")
    database = moved(house, tmp_path / "database")
    first, second = (database, file) if way == "to SQLite" else (file, database)
    first.restored(house.backup())
    first.ok("sync")

    second.restored(first.backup())
    second.tell("one", a="public", b="public", n="public").ok("sync")

    assert second.works() == {"a", "b", "n"}
    assert "10.5555/one-1" not in second.dois()
    shown = {row["doi"]: row["output"] for row in second.rows()}
    assert {row["doi"]: row["output"] for row in first.rows()}.items() <= shown.items()


def test_a_store_that_is_another_one_and_has_something_to_keep_is_not_replaced(house: Sources, tmp_path: Path) -> None:
    house.tell("two", a="private", more='keep = "internal"').ok("sync")
    other = moved(house, tmp_path / "other")
    other.ok("sync")  # its connections have other row keys, by which its vetoes go

    ran = other.run("restore", str(house.folder / "night.db"))

    assert (ran.code, "not the store that this backup is of" in ran.err) == (1, True)
    assert other.works() == {"b"}
    assert not list(other.folder.glob("*before-restore*"))


@stores.sqlite_alone
def test_a_store_that_cannot_be_opened_is_named_and_is_to_be_moved_away_first(house: Sources) -> None:
    store = house.folder / "ringmark.db"
    store.write_bytes(b"not a database" * 1000)

    refused = house.run("restore", str(house.folder / "night.db"))
    store.rename(house.folder / "broken.db")
    house.restored(str(house.folder / "night.db"))
    house.ok("sync")

    assert (refused.code, "move it away first" in refused.err) == (1, True)
    assert house.works() == {"a", "b"}
