"""A copy of the store in a temporary SQLite file, whatever the store is: what a dry run may change."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from sync.store.database import Store, StoreError, open_store
from sync.store.pour import Told, pour, tables


@contextmanager
def copy_of(store: Store, told: Told = lambda *_: None) -> Iterator[Store]:
    """The same store as of one instant, with the key of its vetoes; gone afterwards."""
    with TemporaryDirectory() as folder:
        file, key = Path(folder) / "copy.db", Path(folder) / "key"
        if store.key_file.exists():
            key.write_bytes(store.key_file.read_bytes())
        poured = store.engine.dialect.name != "sqlite"
        if not poured:
            try:
                with closing(sqlite3.connect(store.backend.name)) as old, closing(sqlite3.connect(file)) as new:
                    old.backup(new)
            except sqlite3.OperationalError as error:
                raise StoreError(
                    f"{gettempdir()}: no copy of the store can be made there ({error}); make room"
                ) from None
        copy = open_store(f"sqlite:///{file}", key_file=key)
        try:
            if poured:
                _pour(store, copy, told)
            yield copy
        finally:
            copy.engine.dispose()


def _pour(store: Store, copy: Store, told: Told) -> None:
    with store.read() as db, copy.write() as new:
        pour(db, new, tables(), told)
