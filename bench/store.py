"""Storing mentions against SQLite's own upsert of the very same rows.

Ours is `sync.store.apply` of pages of 10,000 mentions, from records to commit: looking up, comparing, tying to outputs,
wishing for new scores. The limit is `sqlite3.executemany` with one upsert a table, given every row that ours has left
(outlet, account, unit, page, mention, mention_target, mark, dirty) ready as tuples and in the same order, a transaction
a page, through a connection with the same pragmas, into a copy of the same store. `again` tells the same a second time.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial

from bench import world
from bench.results import Result, at_least, median, seconds
from connectors.attention import Mention
from connectors.records import Page
from sync import store
from sync.store import Source, Store

ROUNDS = 3
AT_ONCE = 10_000
TABLES = {  # what a page of mentions leaves behind, and the column by which its rows are found
    "outlet": "id",
    "account": "id",
    "unit": "id",
    "page": "id",
    "mention": "id",
    "mention_target": "mention_id",
    "mark": "mention_id",
    "dirty": "turn",
}
NATURAL = {  # the key that a second telling meets, other than that column
    "outlet": ("key",),
    "account": ("source_id", "key"),
    "unit": ("source_id", "name"),
    "page": ("source_id", "url"),
    "mention": ("connection_id", "key"),
    "mention_target": ("mention_id", "identifier_id"),
    "mark": ("output_id", "mention_id"),
    "dirty": ("output_id",),
}

Batch = list[tuple[str, list[str], list[tuple[object, ...]]]]  # tables, their columns and rows
Upsert = Callable[[Store, Sequence[Batch]], float]  # the limit: its seconds


def measure(*, small: bool) -> list[Result]:
    """Two results: the first time, and again."""
    size, count = sizes(small=small)
    folder = world.institution(size)
    return compare(
        size, count, partial(world.copy_of, folder), upsert, "`sqlite3.executemany`, same rows, tables, pragmas"
    )


def sizes(*, small: bool) -> tuple[world.Size, int]:
    """The institution, and how many mentions of it."""
    return (world.SMALL, 20_000) if small else (world.FULL, 100_000)


def compare(
    size: world.Size, count: int, fresh: Callable[[], AbstractContextManager[Store]], limit: Upsert, words: str
) -> list[Result]:
    """Ours and a limit in turn, each in a `fresh` copy of the same store, the first time and again."""
    told = world.mentions(count, "store", partial(world.zipf, most=size.outputs))
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "ours again", "limit", "limit again")}
    for _ in range(ROUNDS):
        with fresh() as house, world.run(house) as source:
            first, batches = apply(house, source, told)
            taken["ours"].append(first)
            taken["ours again"].append(apply(house, source, told)[0])
        with fresh() as house:
            taken["limit"].append(limit(house, batches))
            taken["limit again"].append(limit(house, batches))
    rows = sum(len(rows) for batch in batches for _, _, rows in batch)
    speed = {name: count / median(times) for name, times in taken.items()}
    return [
        at_least(
            f"store {count:,} mentions ({rows:,} rows), {when}", words, speed[ours] / speed[limit], 0.9,
            f"{speed[ours]:,.0f} mentions/s against {speed[limit]:,.0f}",
        )
        for when, ours, limit in (("first time", "ours", "limit"), ("again", "ours again", "limit again"))
    ]  # fmt: skip


def apply(house: Store, source: Source, told: Sequence[Mention]) -> tuple[float, list[Batch]]:
    """Our seconds without the reading back of what each page left, and that."""
    taken, batches = 0.0, []
    for first in range(0, len(told), AT_ONCE):
        page = Page(mentions=tuple(told[first : first + AT_ONCE]))
        before = highest(house)
        taken += seconds(partial(store.apply, house, source, page, now=world.NOW))
        batches.append(left(house, before))
    return taken, batches


def upsert(house: Store, batches: Sequence[Batch]) -> float:
    """The limit's seconds, page by page."""
    raw = house.engine.raw_connection()  # the pragmas of the store, and nothing else of it
    database = raw.driver_connection
    assert isinstance(database, sqlite3.Connection)

    def page(batch: Batch) -> None:
        database.execute("BEGIN IMMEDIATE")
        for table, columns, rows in batch:
            database.executemany(upserting(table, columns), rows)
        database.execute("COMMIT")

    taken = sum(seconds(partial(page, batch)) for batch in batches)
    raw.close()
    return taken


def highest(house: Store) -> dict[str, int]:
    with house.engine.connect() as db:
        return {
            table: db.exec_driver_sql(f"SELECT coalesce(max({column}), 0) FROM {table}").scalar_one()
            for table, column in TABLES.items()
        }


def left(house: Store, before: dict[str, int]) -> Batch:
    """The rows that a page has left in each table."""
    batch: Batch = []
    with house.engine.connect() as db:
        for table, column in TABLES.items():
            found = db.exec_driver_sql(f"SELECT * FROM {table} WHERE {column} > {before[table]}")
            columns = list(found.keys())
            rows = [tuple(row) for row in found]
            if table == "mark":  # kept by output, but told by mention: the limit shall have it no easier than we
                rows.sort(key=lambda row: int(str(row[columns.index("mention_id")])))
            batch.append((table, columns, rows))
    return batch


def upserting(table: str, columns: Sequence[str], source: str = "") -> str:
    """The upsert of rows given as `?`, or of those that `source` selects."""
    others = [column for column in columns if column not in (*NATURAL[table], "id", "public_id")]
    change = f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in others)}" if others else "NOTHING"
    values = f"VALUES ({', '.join('?' * len(columns))})"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) {source or values} "
        f"ON CONFLICT ({', '.join(NATURAL[table])}) DO {change}"
    )
