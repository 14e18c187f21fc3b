"""What is PostgreSQL's own: its words for our statements, COPY, its locks, and sessions that it ends meanwhile."""

import time
from pathlib import Path

import psycopg
import pytest
import stores
from conftest import House
from interleaving_process import Process, prepare
from naive.elements import small

from sync import store
from sync.store import bulk
from sync.store.postgresql import reworded
from sync.store.rows import many

OUTLET = "INSERT INTO outlet (id, key, name, country, tier, reach) VALUES (:id, :key, :name, '', :tier, -1)"
AGAIN = f"{OUTLET} ON CONFLICT (key) DO UPDATE SET name = excluded.name, tier = excluded.tier"
FILES = '[connections.local]\nkind = "files"\npath = "import"\n'


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :name, 'doi:' || doi, x::bigint", "SELECT %(name)s, 'doi:' || doi, x::bigint"),
        ("FROM chosen x CROSS JOIN item i ON i.id = x.id", "FROM chosen x JOIN item i ON i.id = x.id"),
        ("FROM person p CROSS JOIN rule r WHERE 1 = 1", "FROM person p CROSS JOIN rule r WHERE 1 = 1"),
        ("WHERE (a, b) IS NOT (c, d)", "WHERE (a, b) IS DISTINCT FROM (c, d)"),
        ("(id INTEGER, name TEXT, other TEXT NOT NULL) WITHOUT ROWID",
         '(id BIGINT, name TEXT COLLATE "C", other TEXT COLLATE "C" NOT NULL)'),
        ("CAST(x AS TEXT) RETURNING value", "CAST(x AS TEXT) RETURNING value"),
    ],
)  # fmt: skip
def test_a_statement_is_said_in_its_words_and_once_is_enough(ours: str, theirs: str) -> None:
    assert reworded(ours) == theirs
    assert reworded(theirs) == theirs


@pytest.fixture
def home(tmp_path: Path):  # type: ignore[no-untyped-def]
    found = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    yield found
    found.engine.dispose()


@stores.postgresql_alone
def test_many_rows_copied_are_the_same_as_one_after_the_other(home: store.Store) -> None:
    rows = [{"id": n, "key": f"k{n % 400}", "name": f"n{n}", "tier": n % 5} for n in range(900)]
    with home.write() as db:
        many(db, AGAIN, rows)
        copied = db.exec_driver_sql("SELECT key, name, tier FROM outlet ORDER BY key").fetchall()
        db.exec_driver_sql("DELETE FROM outlet")
        for row in rows:
            many(db, AGAIN, [row])
        one_by_one = db.exec_driver_sql("SELECT key, name, tier FROM outlet ORDER BY key").fetchall()

    assert [tuple(row) for row in copied] == [tuple(row) for row in one_by_one]
    assert len(copied) == 400
    assert bulk.PAYS < 300  # so they were copied


@stores.postgresql_alone
def test_a_parameter_of_what_is_copied_may_have_any_name(home: store.Store) -> None:
    insert = (
        "INSERT INTO outlet (id, key, name, country, tier, reach) VALUES (:place, :order, :from, :told, :nth, :staged)"
    )
    with home.write() as db:
        many(db, insert, [{"place": n, "order": str(n), "from": "", "told": "", "nth": 1, "staged": 1} for n in (1, 2)])
        found = [row.key for row in db.exec_driver_sql("SELECT key FROM outlet ORDER BY id")]

    assert found == ["1", "2"]


@stores.postgresql_alone
def test_copied_rows_keep_every_character(home: store.Store) -> None:
    names = ["tab\tand\nline", "back\\slash", "\\N", "", "é𝒳‮", "'quoted\"", "%(name)s :name"]
    rows = [{"id": n, "key": str(n), "name": names[n % len(names)], "tier": 1} for n in range(300)]
    with home.write() as db:
        many(db, OUTLET, rows)
        found = [row.name for row in db.exec_driver_sql("SELECT name FROM outlet ORDER BY id")]

    assert found == [row["name"] for row in rows]


@stores.postgresql_alone
def test_one_writes_at_a_time_and_readers_see_one_moment(home: store.Store) -> None:
    with home.read() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM outlet").scalar()
        with home.write() as db:
            many(db, OUTLET, [{"id": 1, "key": "k", "name": "n", "tier": 1}])
            with psycopg.connect(home.backend.address, autocommit=True) as other:  # type: ignore[attr-defined]
                waiting = """
                    SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
                """
                assert other.execute(waiting).fetchone() == (1,)
        after = reader.exec_driver_sql("SELECT count(*) FROM outlet").scalar()

    assert (before, after) == (0, 0)


@stores.postgresql_alone
def test_a_turn_is_one_for_all_and_ends_with_its_session(home: store.Store) -> None:
    with store.turn(home, "elements") as first:
        with store.turn(home, "elements") as second, store.turn(home, "other") as third:
            assert (first, second, third) == (True, False, True)
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ringmark elements'"
        with psycopg.connect(home.backend.address, autocommit=True) as other:  # type: ignore[attr-defined]
            other.execute(ended)
        for _ in range(100):
            with store.turn(home, "elements") as again:
                if again:
                    break
            time.sleep(0.05)
        assert again


@stores.postgresql_alone
def test_a_session_that_the_server_ends_in_a_pull_loses_nothing(house: House) -> None:
    small().write_files(house.folder / "import")
    house.write(FILES)
    prepare()
    with Process(house.file, ["pull"], range(1000)) as process:
        while process.on() != "commit":
            pass
        database = (house.folder / stores.NAME).read_text()
        with psycopg.connect(stores.address(database), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )
        while process.on():
            pass
        assert process.code == 1
        assert "run again, nothing was half written" in process.said["err"] + process.said["out"]

    house.ok("sync")
    again = House(house.folder / "again")
    again.folder.mkdir()
    small().write_files(again.folder / "import")
    again.write(FILES)
    again.ok("sync")
    assert without_ids(house) == without_ids(again)


@stores.postgresql_alone
def test_what_is_wrong_with_a_database_is_named_with_its_mend(house: House) -> None:
    server = stores.address("nowhere").partition("host=")[2]
    places = (f"postgres@/nowhere?host={server}", f"nobody@/postgres?host={server}", "postgres@127.0.0.1:1/x")
    settings = [f'[store]\nurl = "postgresql+psycopg://{place}"\n{FILES}' for place in places]
    nowhere, stranger, silent = (house.write(text).run("pull") for text in settings)

    assert (nowhere.code, stranger.code, silent.code) == (1, 1, 1)
    assert "create it, or mend store.url" in nowhere.err
    assert "nobody" in stranger.err
    assert "start the server, or mend store.url" in silent.err
    assert all(len(ran.err.splitlines()) == 1 for ran in (nowhere, stranger, silent))


def without_ids(house: House) -> list[dict[str, object]]:
    """What both audiences see, without the ids that are made at random."""
    rows = [row for audience in ("public", "internal") for row in house.rows(audience)]
    told = [{name: value for name, value in row.items() if name != "output"} for row in rows]
    return sorted(told, key=str)
