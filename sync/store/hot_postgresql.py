"""The badges of a PostgreSQL database, for `serve`.

The statements go to the driver directly, on a session that only reads and that prepares each of them once.
"""

from typing import Any

import psycopg
from psycopg import sql

from sync.store.backend import StoreError
from sync.store.faces import GENERATION, Hot, Mark, questions
from sync.store.postgresql import Postgresql

PATIENCE = 1.0  # seconds that a question, or opening the session, may take
QUESTIONS = tuple(sql.SQL(text) for text in questions("json_agg", "json_build_array", "%s"))


class HotPostgresql(Hot):
    """The badges of one database; the session is opened anew where it was lost."""

    def __init__(self, backend: Postgresql) -> None:
        self._backend = backend
        self._session: psycopg.Connection[Any] | None = None
        self._opened = 0
        self.mark()

    def mark(self) -> Mark:
        rows = self._rows(sql.SQL(GENERATION), ())
        return self._opened, rows[0][0] if rows else ""

    def _row(self, statement: int, values: tuple[object, ...]) -> tuple[int, Any] | None:
        rows = self._rows(QUESTIONS[statement], values)
        return (self._opened, rows[0]) if rows else None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _rows(self, question: sql.SQL, values: tuple[object, ...]) -> list[Any]:
        """Once more on a new session where the old one was lost while nobody asked."""
        try:
            fresh = self._session is None
            try:
                return self._open().execute(question, values).fetchall()
            except psycopg.OperationalError:
                self.close()
                if fresh:
                    raise
                return self._open().execute(question, values).fetchall()
        except psycopg.Error as error:
            self.close()
            raise StoreError(f"{self._backend.name}: cannot be read ({type(error).__name__})") from error

    def _open(self) -> psycopg.Connection[Any]:
        if self._session is None:
            self._session = psycopg.connect(
                self._backend.address,
                autocommit=True,
                prepare_threshold=0,
                connect_timeout=int(PATIENCE) + 1,
                application_name="ringmark serve",
                options=f"-c default_transaction_read_only=on -c statement_timeout={int(PATIENCE * 1000)}",
            )
            self._session.adapters.register_loader("json", _AsText)
            self._opened += 1
        return self._session


class _AsText(psycopg.adapt.Loader):
    """JSON is read by who asked."""

    def load(self, data: psycopg.abc.Buffer) -> bytes:
        return bytes(data)
