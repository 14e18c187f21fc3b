"""Sockets whose reads know when the whole answer must be there, and how large it may be.

The timeout of requests is for one read, so a server that sends a byte now and then could hold us for days: in its
headers, in its body, in the length of a chunk. Here every read of an answer looks at the time of the whole. Its bytes
are counted here too, since what frames a body can be as endless as the body.
"""

import io
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

from requests.adapters import DEFAULT_POOLSIZE, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from connectors.http.clocks import LOOK_SECONDS

Open = Callable[[str, int, float], socket.socket]

MANY_HOSTS = 100  # whose connections are kept open; they should be more than are asked at once


class Allowance:
    """How long one answer may take, in real seconds (`total` for all of it, `silence` without a byte), and how many
    bytes it may have when it is decoded; what comes may be twice as much, with all that frames it."""

    def __init__(self, total: float, silence: float, size: int, stopped: Callable[[], bool]) -> None:
        self.total, self.silence, self.size = total, silence, size
        self.exceeded = False
        self._stopped, self._room = stopped, 2 * size
        self._readers = ExitStack()
        self._ends = time.monotonic() + total

    @property
    def left(self) -> float:
        """Seconds until the answer must be complete."""
        return self._ends - time.monotonic()

    @contextmanager
    def given(self) -> Iterator[None]:
        """The answers that begin here, in this thread, are read within it, and also when that fails none stays open."""
        token = _CURRENT.set(self)
        try:
            with self._readers:
                yield
        finally:
            _CURRENT.reset(token)

    def reader(self, sock: socket.socket, held: io.BufferedReader) -> io.BufferedReader:
        """A file of all that comes from a socket."""
        return self._readers.enter_context(io.BufferedReader(_Timed(sock, held, self)))

    def take(self, count: int) -> int:
        """Count bytes that came. Raises `OSError` when they are too many, and has `exceeded` say so."""
        self._room -= count
        self.exceeded = self._room < 0
        if self.exceeded:
            raise OSError
        return count

    def wait(self, since: float) -> float:
        """Seconds to wait for the next bytes, the last having come at `since`. Raises `TimeoutError`."""
        wait = min(self.left, since + self.silence - time.monotonic(), LOOK_SECONDS)
        if wait <= 0 or self._stopped():
            raise TimeoutError
        return wait


_CURRENT: ContextVar[Allowance | None] = ContextVar("_CURRENT", default=None)


class Adapter(HTTPAdapter):
    """Speaks through such sockets, also where a proxy lies between."""

    def __init__(self, opens: Open | None = None) -> None:
        """`opens` connects to a host and port within seconds, for who decides where connections go among many hosts;
        not to a proxy."""
        self._direct = _POOLS if opens is None else _pools_of(opens)
        super().__init__(pool_connections=DEFAULT_POOLSIZE if opens is None else MANY_HOSTS)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Called once, by requests."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = self._direct

    def proxy_manager_for(self, *args: Any, **more: Any) -> PoolManager:
        """Called by requests for each request that goes through a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **more)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Timed(io.RawIOBase):
    """The reading end of a socket. `held` keeps it open, as the file of any socket does."""

    def __init__(self, sock: socket.socket, held: io.BufferedReader, allowance: Allowance) -> None:
        self._sock, self._held, self._allowance = sock, held, allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        since = time.monotonic()
        while True:
            self._sock.settimeout(self._allowance.wait(since))
            try:
                count = self._sock.recv_into(buffer)
            except TimeoutError:
                continue
            return self._allowance.take(count)

    def close(self) -> None:
        self._held.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        allowance = _CURRENT.get()
        if allowance:
            self.fp = allowance.reader(sock, self.fp)


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}


def _pools_of(opens: Open) -> dict[str, type[HTTPConnectionPool]]:
    """The same, whose connections are opened so; names, certificates and headers stay those of the host."""

    class Plain(_Connection):
        def _new_conn(self) -> socket.socket:
            return _opened(self, opens)

    class Secure(_SecureConnection):
        def _new_conn(self) -> socket.socket:
            return _opened(self, opens)

    class PlainPool(_Pool):
        ConnectionCls = Plain

    class SecurePool(_SecurePool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _opened(connection: HTTPConnection, opens: Open) -> socket.socket:
    """What fails is told in the words of urllib3."""
    try:
        return opens(connection.host, connection.port or connection.default_port, float(connection.timeout or 0))
    except socket.gaierror as unknown:
        raise NameResolutionError(connection.host, connection, unknown) from None
    except TimeoutError:
        raise ConnectTimeoutError(connection, "no connection in time") from None
    except OSError as refused:
        raise NewConnectionError(connection, f"no connection ({refused.strerror})") from None
