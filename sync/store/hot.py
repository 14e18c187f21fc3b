"""The badges of an open store, for `serve`."""

from sync.store.database import Store
from sync.store.faces import Hot
from sync.store.hot_postgresql import HotPostgresql
from sync.store.hot_sqlite import HotSqlite
from sync.store.postgresql import Postgresql


def hot(store: Store) -> Hot:
    """What answers from this kind of store fastest."""
    return HotPostgresql(store.backend) if isinstance(store.backend, Postgresql) else HotSqlite(store)
