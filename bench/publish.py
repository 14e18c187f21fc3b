"""Scoring and publishing from the SQLite store: everything, and after 1,000 new mentions on 500 outputs.

The score alone is `sync.store.compute`, which reads marks, outlets and accounts and scores them; its limit is the ADBC
read of the same columns in this process, every row of it. `sync.store.score` also writes scores and badges. The marks
are those of bench/score.py, put straight into the tables; the new mentions go through `sync.store.apply`.
"""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
import duckdb

from bench import score, world
from bench.results import Result, at_most, both, median, medians, seconds, told
from connectors.records import Page
from scoring.rules import load as rules
from sync import store
from sync.store import Store

ROUNDS = 3
STORED = 2_000_000  # 10 M show the same, and take ten minutes and 4.5 GB to fill
NEW, TOUCHED = 1_000, 500
COLUMNS = (
    "SELECT output_id, mention_id, source_id, unit_id, account_id, outlet_id, occurred_at, known_at, taken_at, repost, "
    "page_id, twin FROM mark",
    "SELECT id, tier, reach FROM outlet",
    "SELECT id, followers, posts, share FROM account",
)


def measure(*, small: bool) -> list[Result]:
    """The score against the read, publishing, and the two parts of a small change."""
    size, count = (world.SMALL, 100_000) if small else (world.FULL, STORED)
    folder, chosen = filled(size, count), rules("ringmark-2026")
    whole = partial(store.score, rules=chosen, full=True, now=world.NOW, progress=lambda *_: None)
    reads, scores, publishing, storing, again = [], [], [], [], []
    for _ in range(ROUNDS):
        reads.append(seconds(partial(read, folder / "ringmark.db")))  # with no other SQLite of this process on the file
        with world.opened(folder) as house:
            scores.append(seconds(partial(store.compute, house, "internal", chosen, now=world.NOW, today=world.NOW)))
    with world.opened(folder) as house:
        publishing.append(seconds(partial(whole, house)))
        for _ in range(ROUNDS):
            page = Page(mentions=tuple(world.mentions(NEW, os.urandom(8).hex(), evenly(size.outputs))))
            with world.run(house) as source:
                storing.append(seconds(partial(store.apply, house, source, page, now=world.NOW)))
            again.append(both(partial(store.score, house, chosen, full=False, now=world.NOW, progress=lambda *_: None)))
    ratio, rate = median(scores) / median(reads), count / median(scores) / 1e6
    stored = f"{size.outputs:,} outputs and {count:,} mentions"
    beside = f"{median(scores):.1f} s ({rate:.1f} M mentions/s) against {median(reads):.1f} s"
    change = f"publish again after {NEW:,} new mentions on {TOUCHED} outputs, {count:,} stored"
    wall, processor = medians(again)
    parts = f"{processor:.2f} s of processor; storing them {median(storing):.2f} s"
    return [
        at_most(f"score {stored} from the SQLite store", "the ADBC read of the same columns", ratio, 1.6, "x", beside),
        told(f"score and publish {size.outputs:,} outputs", f"{median(publishing):.0f} s"),
        at_most(f"score and {change}", "-", wall, 0.5, "s", parts),
    ]


def read(database: Path) -> None:
    """The limit: all rows as Arrow."""
    with adbc.connect(str(database)) as connection, connection.cursor() as cursor:
        for statement in COLUMNS:
            cursor.execute(statement)
            cursor.fetch_arrow_table()


def evenly(outputs: int) -> world.Draw:
    """500 outputs, every one as likely as another, twice each on average."""
    some = random.Random(os.urandom(8)).sample(range(1, outputs + 1), min(TOUCHED, outputs))
    return lambda chance: chance.choice(some)


def filled(size: world.Size, count: int) -> Path:
    """The institution with that many mentions, scored and published."""

    def fill(house: Store) -> None:
        score.build(count, size.outputs)
        files = score.place(count, size.outputs)
        with closing(sqlite3.connect(str(house.engine.url.database), isolation_level=None)) as database:
            for pragma in ("synchronous = OFF", "cache_size = -2000000"):  # of this connection, while it fills
                database.execute(f"PRAGMA {pragma}")
            database.execute("BEGIN")
            for table in ("outlet_domain", "outlet_said", "outlet"):  # those that come with every store
                database.execute(f"DELETE FROM {table}")
            for statement, rows in straight(files):
                database.executemany(statement, rows)
            for statement in DERIVED:
                database.execute(statement)
            database.execute("COMMIT")
        store.score(house, rules("ringmark-2026"), full=True, now=world.NOW, progress=lambda *_: None)

    return world.built(f"scored-{size.outputs}-{count}", fill, upon=world.institution(size))


def straight(files: Path) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    """Statements with the rows of the Parquet files, in the order of the tables' own keys."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for table, query in FILES.items():
            found = connection.execute(query.format(files=files))
            columns = [column[0] for column in found.description or ()]
            values = ", ".join("?" * len(columns))
            yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", rows(found)


def rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while part := found.fetchmany(100_000):
        yield from part


FILES = {
    "outlet": """
        SELECT outlet AS id, 'told-' || outlet AS key, '' AS name, '' AS country, tier, reach
        FROM '{files}/outlets.parquet'""",
    "account": """
        SELECT account AS id, 1 AS source_id, 'told-' || account AS key, '' AS name, followers, posts, share
        FROM '{files}/accounts.parquet'""",
    "mark": """
        SELECT output AS output_id, mention + 1 AS mention_id, source AS source_id, unit AS unit_id,
          account AS account_id, outlet AS outlet_id, occurred AS occurred_at, known AS known_at, taken AS taken_at,
          repost, url AS page_id, twin
        FROM '{files}/marks.parquet' ORDER BY output, mention""",
}
DERIVED = (  # in the order of their keys, which is the quickest
    """
    INSERT INTO mention (id, public_id, connection_id, key, source_id, unit_id, account_id, outlet_id, page_id, url,
      title, method, occurred_at, known_at, taken_at, repost, digest)
    SELECT mention_id, mention_id, 1, printf('m%09d', mention_id), source_id, unit_id, account_id, outlet_id, page_id,
      printf('https://told.example/%09d', page_id), '', 'told by the source', occurred_at, known_at, taken_at, repost,
      printf('%032d', mention_id)
    FROM mark ORDER BY mention_id
    """,
    """
    INSERT INTO page (id, source_id, url)
    SELECT page_id, min(source_id), printf('https://told.example/%09d', page_id) FROM mention GROUP BY page_id
    """,
    """
    INSERT INTO mention_target (mention_id, identifier_id)
    SELECT k.mention_id, d.id FROM mark k
    JOIN identifier d ON d.scheme = 'doi' AND d.value = '10.5555/bench.' || k.output_id ORDER BY k.mention_id
    """,
)
