"""Integers of the store as Arrow tables, and an engine to ask them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import tuples


def arrow(db: Database, sql: str, **asked: object) -> pa.Table:
    """The integers that a statement selects, read through the store's own connection."""
    rows = db.execute(text(sql), asked)
    names = list(rows.keys())
    told = list(zip(*tuples(rows), strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, told, strict=True)})


@contextmanager
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """A place of one's own in the engine of this process, where tables and views are temporary. It is silent: its own
    progress bar would stand in the middle of a JSON document."""
    with _engine(os.getpid()).cursor() as place:
        place.execute("SET enable_progress_bar = false")
        yield place


@cache
def _engine(_process: int) -> duckdb.DuckDBPyConnection:
    """In memory, begun once in each process, since its threads do not live on in one that is forked: beginning takes
    longer than most of what is asked of it."""
    return duckdb.connect()
