"""Opening the store: one engine, real transactions, the schema of this version and no other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, text
from sqlalchemy import Connection as Database
from sqlalchemy.engine import make_url

from sync.store.backend import PATIENCE, Backend, StoreError
from sync.store.sqlite import Sqlite

__all__ = ["HEAD", "Store", "StoreError", "open_store"]

HEAD = "0021"  # the newest migration; a test holds it against the files

_writing: ContextVar[Mapping[Engine, Database]] = ContextVar("writing", default={})  # noqa: B039 - never changed


@dataclass(frozen=True, slots=True)
class Store:
    """An open store, and the file that holds the key of its vetoes (which must not lie inside the store)."""

    engine: Engine
    key_file: Path
    backend: Backend

    @contextmanager
    def write(self, *, patience: int = PATIENCE) -> Iterator[Database]:
        """One writing transaction, the only one at that time; inside another of the same thread it is part of that.
        Raises `StoreError` where the disk or the database gives out, or another writes for longer than so many
        milliseconds."""
        around = _writing.get().get(self.engine)
        if around is not None:
            yield around
            return
        waiting = self.engine.execution_options(patience=patience)
        with self.backend.plain(), waiting.begin() as db:
            before = _writing.set({**_writing.get(), self.engine: db})
            try:
                yield db
            finally:
                _writing.reset(before)

    @contextmanager
    def read(self) -> Iterator[Database]:
        """One consistent view, nothing written."""
        with self.backend.plain(), self.engine.connect().execution_options(writes=False) as db:
            yield db


def open_store(url: str, *, key_file: Path, create: bool = True) -> Store:
    """Open the store at an SQLAlchemy URL and bring its schema up to this version.

    Raises `StoreError` for a database of a newer version, one that is not ours, and one that cannot hold a store."""
    where = make_url(url)
    backend = _backend(where)
    if not create and not backend.exists():
        raise StoreError(f"{backend.name}: no store there yet; run `ringmark pull` first, or `ringmark daemon`")
    store = Store(backend.engine(), key_file, backend)
    try:
        with backend.plain():
            _upgrade(store, create=create)
    except StoreError:
        store.engine.dispose()
        raise
    return store


def _backend(where: URL) -> Backend:
    if where.get_backend_name() == "sqlite":
        return Sqlite(where)
    from sync.store.postgresql import Postgresql  # slow to import, and not for a store in a file

    return Postgresql(where)


def _upgrade(store: Store, *, create: bool) -> None:
    name, found = store.backend.name, None
    with store.engine.connect().execution_options(writes=False) as db:
        names = set(inspect(db).get_table_names())
        if "alembic_version" in names:
            found = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names and found is None:
        raise StoreError(f"{name}: this database is not a Ringmark store; give store.url another")
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"{name}: written by a newer Ringmark (schema {found}, this one knows {HEAD}); upgrade Ringmark"
        )
    if found is None and not create:
        raise StoreError(f"{name}: no store there yet; run `ringmark pull` first, or `ringmark daemon`")
    from alembic import command  # slow to import, and needed only here
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("sync") / "migrations"))
    with store.engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "head")
