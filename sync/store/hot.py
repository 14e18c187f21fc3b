"""The badges of an open store, for `serve`."""

from sync.store.database import Store
from sync.store.faces import Hot
from sync.store.hot_sqlite import HotSqlite
from sync.store.sqlite import Sqlite


def hot(store: Store) -> Hot:
    """What answers from this kind of store fastest."""
    if isinstance(store.backend, Sqlite):
        return HotSqlite(store)
    from sync.store.hot_postgresql import HotPostgresql  # slow to import, and not for a store in a file
    from sync.store.postgresql import Postgresql

    assert isinstance(store.backend, Postgresql)  # noqa: S101 - there is no third
    return HotPostgresql(store.backend)
