"""Copying a store table by table, from and into whatever database: everything is read as of one instant, in batches."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection as Database
from sqlalchemy import Table, func, select, text

from sync.store.rows import many
from sync.tables import metadata

AT_ONCE = 10_000  # rows read and written together

Told = Callable[[int, int], None]  # rows so far, and how many there will be, 0 where nobody knows


def tables(*without: str) -> Sequence[Table]:
    """The tables of a store but some; those that others refer to come first."""
    return [table for table in metadata().sorted_tables if table.name not in without]


def count(db: Database, some: Sequence[Table]) -> dict[str, int]:
    """How many rows each table holds."""
    return {table.name: int(db.execute(select(func.count()).select_from(table)).scalar_one()) for table in some}


def pour(source: Database, target: Database, some: Sequence[Table], told: Told) -> dict[str, int]:
    """Put the rows of tables in the place of what the same tables of another store hold, which is of the same version;
    how many they are. Both sides are as their transactions see them."""
    rows = count(source, some)
    total, done = sum(rows.values()), 0
    for table in reversed(some):
        target.execute(table.delete())
    for table in some:
        names = [column.name for column in table.columns]
        put = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
        found = source.execute(select(table).execution_options(yield_per=AT_ONCE))
        for part in found.partitions():
            many(target, put, [dict(zip(names, row, strict=True)) for row in part])
            done += len(part)
            told(done, total)
    renumber(target, some)
    return rows


def renumber(db: Database, some: Sequence[Table]) -> None:
    """Let PostgreSQL give out row keys above those that were given here; SQLite does so by itself."""
    if db.dialect.name == "postgresql":
        for table in some:
            if "id" in table.columns:
                db.execute(text(_RENUMBER.format(table=table.name)), {"table": table.name})


_RENUMBER = """
SELECT setval(pg_get_serial_sequence(:table, 'id'), coalesce(max(id), 1), count(*) > 0) FROM {table}
"""
