"""Scoring and publishing from the SQLite store: everything, and after 1,000 new mentions on 500 outputs.

The score alone is `sync.store.compute`, which reads marks, outlets and accounts and scores them; its limit is the ADBC
read of the same columns in this process, every row of it. `sync.store.score` also writes scores and badges. The marks
are those of bench/score.py, put straight into the tables; the new mentions go through `sync.store.apply`.
"""

import os
import random
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
import duckdb

from bench import score, world
from bench.results import Result, at_most, median, seconds, told
from connectors.records import Page
from scoring.rules import load as rules
from sync import store
from sync.store import Store

ROUNDS = 3
NEW, TOUCHED = 1_000, 500
COLUMNS = (
    "SELECT output_id, mention_id, source_id, unit_id, account_id, outlet_id, occurred_at, known_at, taken_at, repost, "
    "page_id, twin FROM mark",
    "SELECT id, tier, reach FROM outlet",
    "SELECT id, followers, posts, share FROM account",
)


def measure(*, small: bool) -> list[Result]:
    """The score against the read, publishing, and the two parts of a small change."""
    size, count = (world.SMALL, 100_000) if small else (world.FULL, 10_000_000)
    folder, chosen = filled(size, count), rules("ringmark-2026")
    whole = partial(store.score, rules=chosen, full=True, now=world.NOW, progress=lambda *_: None)
    with world.opened(folder) as house:
        reads, scores, publishing, storing, again = [], [], [], [], []
        for _ in range(ROUNDS):
            reads.append(seconds(partial(read, folder / "ringmark.db")))
            scores.append(seconds(partial(store.compute, house, chosen, now=world.NOW)))
        publishing.append(seconds(partial(whole, house)))
        for _ in range(ROUNDS):
            page = Page(mentions=tuple(world.mentions(NEW, os.urandom(8).hex(), evenly(size.outputs))))
            with world.run(house) as source:
                storing.append(seconds(partial(store.apply, house, source, page, now=world.NOW)))
            again.append(
                seconds(partial(store.score, house, chosen, full=False, now=world.NOW, progress=lambda *_: None))
            )
    ratio, rate = median(scores) / median(reads), count / median(scores) / 1e6
    return [
        at_most(f"score {size.outputs:,} outputs and {count:,} mentions from the SQLite store", "the ADBC read of the same columns",
                ratio, 1.6, "x", f"{median(scores):.1f} s ({rate:.1f} M mentions/s) against {median(reads):.1f} s"),
        told(f"score and publish {size.outputs:,} outputs", f"{median(publishing):.0f} s"),
        at_most(f"score and publish again after {NEW:,} new mentions on {TOUCHED} outputs, {count:,} stored", "-", median(again),
                0.5, "s", f"storing them {median(storing):.2f} s"),
    ]  # fmt: skip


def read(database: Path) -> int:
    """The limit: all rows as Arrow."""
    with adbc.connect(str(database)) as connection, connection.cursor() as cursor:
        return sum(len(cursor.execute(statement) or cursor.fetch_arrow_table()) for statement in COLUMNS)


def evenly(outputs: int) -> world.Draw:
    """500 outputs, every one as likely as another, twice each on average."""
    some = random.Random(os.urandom(8)).sample(range(1, outputs + 1), min(TOUCHED, outputs))
    return lambda chance: chance.choice(some)


def filled(size: world.Size, count: int) -> Path:
    """The institution with that many mentions, scored and published."""

    def fill(house: Store) -> None:
        score.build(count, size.outputs)
        files = score.place(count, size.outputs)
        with closing(house.engine.raw_connection()) as database:
            for pragma in ("synchronous = OFF", "cache_size = -2000000"):  # of this connection, while it fills
                database.cursor().execute(f"PRAGMA {pragma}")
            for statement, rows in straight(files):
                database.cursor().execute("BEGIN")
                database.cursor().executemany(statement, rows)
                database.cursor().execute("COMMIT")
            for statement in DERIVED:
                database.cursor().execute(statement)
        house.engine.dispose()
        store.score(house, rules("ringmark-2026"), full=True, now=world.NOW, progress=lambda *_: None)

    return world.built(f"scored-{size.outputs}-{count}", fill, upon=world.institution(size))


def straight(files: Path) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    """Statements with the rows of the Parquet files, in the order of the tables' own keys."""
    for table, query in FILES.items():
        found = duckdb.sql(query.format(files=files))
        marks = ", ".join("?" * len(found.columns))
        yield f"INSERT INTO {table} ({', '.join(found.columns)}) VALUES ({marks})", rows(found)


def rows(found: duckdb.DuckDBPyRelation) -> Iterator[tuple[object, ...]]:
    while part := found.fetchmany(100_000):
        yield from part


FILES = {
    "outlet": "SELECT outlet AS id, 'out-' || outlet AS key, '' AS name, '' AS country, tier, reach FROM '{files}/outlets.parquet'",
    "account": "SELECT account AS id, 1 AS source_id, 'a-' || account AS key, '' AS name, followers, posts, share "
    "FROM '{files}/accounts.parquet'",
    "mark": "SELECT output AS output_id, mention + 1 AS mention_id, source AS source_id, unit AS unit_id, "
    "account AS account_id, outlet AS outlet_id, occurred AS occurred_at, known AS known_at, taken AS taken_at, repost, "
    "url AS page_id, twin FROM '{files}/marks.parquet' ORDER BY output, mention",
}
DERIVED = (  # in the order of their keys, which is the quickest; no reader of these tables can tell
    """INSERT INTO mention (id, public_id, connection_id, key, source_id, unit_id, account_id, outlet_id, page_id, url, title, method,
           occurred_at, known_at, taken_at, repost, targets)
       SELECT mention_id, mention_id, 1, printf('m%09d', mention_id), source_id, unit_id, account_id, outlet_id, page_id,
           printf('https://told.example/%09d', page_id), '', 'told by the source', occurred_at, known_at, taken_at, repost,
           'doi:10.5555/bench.' || output_id
       FROM mark ORDER BY mention_id""",
    "INSERT INTO page (id, source_id, url) SELECT page_id, min(source_id), printf('https://told.example/%09d', page_id) FROM mention "
    "GROUP BY page_id",
    """INSERT INTO mention_target (mention_id, identifier_id)
       SELECT k.mention_id, d.id FROM mark k JOIN identifier d ON d.scheme = 'doi' AND d.value = '10.5555/bench.' || k.output_id
       ORDER BY k.mention_id""",
)
