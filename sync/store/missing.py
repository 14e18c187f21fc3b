"""After a complete listing: what was not seen may be gone, unless the brake says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.records import Gone, Kind
from sync.store import gone, settle
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import change_in
from sync.store.source import Source
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

Listed = Literal["person", "group", "item"]
TABLES: dict[Listed, str] = {"person": "person_record", "group": "group_record", "item": "item"}
MOST: dict[Listed, float] = {"person": 0.2, "group": 1.0, "item": 0.3}  # the share that may vanish from one listing


@dataclass(slots=True)
class Swept:
    """What became of the records that a complete listing did not name."""

    deleted: int = 0
    held: dict[str, int] = field(default_factory=dict)


def sweep(
    store: Store, source: Source, kinds: set[str], confirm: Callable[[Kind, str], Gone | None], *, now: int
) -> Swept:
    """Delete what was not seen and what the source confirms is gone, kind by kind; people and groups first.

    Above the share in `MOST` nothing is deleted: it is held until a second run misses the same records, or an
    administrator agrees."""
    swept = Swept()
    for kind, table in TABLES.items():
        if kind not in kinds:
            continue
        with store.read() as db:
            missing = {row.key: row.held for row in db.execute(text(_MISSING.format(table=table)), _asked(source))}
            total = int(db.execute(text(_TOTAL.format(table=table)), _asked(source)).scalar_one())
        agreed = {key for key, held in missing.items() if held}  # missed by an earlier run as well
        new = missing.keys() - agreed
        if new and len(missing) > MOST[kind] * total:
            _hold(store, source, table, new, now)
            swept.held[kind] = len(new)
            new = set()
        told = [(key, confirm(kind, key)) for key in sorted(agreed | new)]
        swept.deleted += delete(store, source.id, [answer for _, answer in told if answer is not None])
    return swept


def delete(store: Store, connection: int, told: list[Gone]) -> int:
    """Take records away, in one transaction; how many there were."""
    with store.write() as db:
        touched = Touched()
        count = sum(gone.gone(db, connection, one, touched) for one in told)
        settle.settle(db, Vetoes(store, db), touched)
    return count


def accept(store: Store, run: int, *, now: int) -> int | None:
    """Delete what a run has held back; how much it was, None when that run waits for nothing.

    For a run whose listing was not complete, accepting agrees that the source is as it told it: what is remembered of
    the last complete listing is dropped, and the next pull lists anew, under the brake."""
    with store.write() as db:
        incomplete = db.execute(text(_INCOMPLETE), {"run": run}).scalar()
        if incomplete is not None:
            db.execute(
                text("UPDATE connection SET cursor = '', bookmark = '', alarm = '' WHERE id = :id"), {"id": incomplete}
            )
        waiting = held(db, run)
        if not waiting:
            return None if incomplete is None else 0
        touched = Touched()
        for connection, kind, key in waiting:
            gone.gone(db, connection, Gone(kind=kind, key=key), touched)
        settle.settle(db, Vetoes(store, db), touched)
        db.execute(
            text("UPDATE run SET outcome = 'done', ended_at = :now, why = 'accepted' WHERE id = :run"),
            {"now": now, "run": run},
        )
    return len(waiting)


def held(db: Database, run: int) -> list[tuple[int, Listed, str]]:
    """What a run holds back: connection, kind and key."""
    return [
        (row.connection_id, kind, row.key)
        for kind, table in TABLES.items()
        for row in db.execute(text(_HELD.format(table=table)), {"run": run})
    ]


def _hold(store: Store, source: Source, table: str, keys: set[str], now: int) -> None:
    """Hold records back. What shows them keeps its badge for a day, by a closing time that readers compare."""
    with store.write() as db:
        change_in(
            db,
            f"UPDATE {table} SET held_at = :now, held_run = :run WHERE connection_id = :connection AND key IN :values",
            keys,
            now=now,
            run=source.run,
            connection=source.id,
        )
        touched = Touched()
        column = {"item": touched.items, "person_record": touched.profiles}.get(table)
        if column is None:
            touched.groups.add(source.id)
        else:
            rows = db.execute(text(_HELD_IDS.format(table=table)), {"run": source.run})
            column |= {row.id for row in rows}
        settle.settle(db, Vetoes(store, db), touched)
        publish(db, touched.outputs, now=now)


def _asked(source: Source) -> dict[str, int]:
    return {"connection": source.id, "sweep": source.sweep}


_MISSING = (
    "SELECT key, held_run AS held FROM {table} WHERE connection_id = :connection AND state = 1 AND sweep < :sweep"
)
_TOTAL = "SELECT count(*) FROM {table} WHERE connection_id = :connection AND state = 1 AND sweep >= 0 AND :sweep >= 0"
_INCOMPLETE = """
SELECT connection_id FROM run WHERE id = :run AND outcome = 'incomplete'
  AND id = (SELECT max(r.id) FROM run r WHERE r.connection_id = run.connection_id)
"""
_HELD = "SELECT connection_id, key FROM {table} WHERE held_run = :run AND held_run <> 0 AND state = 1"
_HELD_IDS = "SELECT id FROM {table} WHERE held_run = :run"
