"""Whether an item has the badge of another output already, which a first push asks for each item that it finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stores
from sqlalchemy import Connection, text

from sync import store
from sync.store import pushing
from sync.store.rows import is_postgresql, many
from sync.store.targets import Target

MANY = 3000
LIBRARY = Target(
    connection="library", url="https://r.example", audience="public", field="local.attention", finds_by=("doi",),
    ask_about=2, base="https://ringmark.example.edu", every=1, limit=1,
)  # fmt: skip
CONNECTION = """
INSERT INTO connection (id, name, kind, position, people, require_author, keep)
VALUES (1, 'library', 'dspace', 1, 0, 0, 0)
"""
PUT = """
INSERT INTO pushed (connection_id, output, audience, target, field, address, value)
VALUES (1, :output, 'public', 'https://r.example', 'local.attention', :address, 'a badge')
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[store.Store]:
    """A store whose ledger has many rows, half of them of outputs that no item is found for."""
    home = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    with home.write() as db:
        db.execute(text(CONNECTION))
        many(db, PUT, [{"output": n, "address": f"item-{n}" if n % 2 else ""} for n in range(1, MANY)])
    yield home
    home.engine.dispose()


@pytest.mark.parametrize("counted", [False, True], ids=["never counted", "counted"])
def test_an_address_is_found_without_a_look_through_the_ledger(home: store.Store, counted: bool) -> None:
    with home.write() as db:
        if counted or stores.POSTGRESQL:
            db.exec_driver_sql("ANALYZE pushed")

        plan = _plan(db, pushing._TAKEN, {**pushing.asked(LIBRARY, 0), "output": 5, "address": "item-7"})

    assert "pushed_by_address" in plan


def test_an_item_is_taken_by_any_output_but_its_own(home: store.Store) -> None:
    assert pushing.taken(home, LIBRARY, 5, "item-7", now=0)
    assert not pushing.taken(home, LIBRARY, 7, "item-7", now=0)
    assert not pushing.taken(home, LIBRARY, 5, "item-8", now=0)


def _plan(db: Connection, sql: str, told: dict[str, object]) -> str:
    how = "EXPLAIN" if is_postgresql(db) else "EXPLAIN QUERY PLAN"
    return "\n".join(str(tuple(row)) for row in db.execute(text(f"{how} {sql}"), told))
