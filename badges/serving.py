"""Listening: the public application and the one for operations, in one process, until a signal ends both."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
import uvloop
from starlette.types import ASGIApp

BACKLOG = 2048
AT_ONCE = 1024  # connections; one more is told to come back
IDLE = 15  # seconds that a connection may stand without a request
LAST = 5  # seconds that requests in hand have at the end


def listen(address: str) -> socket.socket:
    """A socket at HOST:PORT, an IPv6 host in brackets; port 0 is any that is free. Raises `OSError`."""
    parts = urlsplit(f"//{address}")
    found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, where = found[0]
    return socket.create_server(where[:2], family=family, backlog=BACKLOG)


def address(of: socket.socket) -> str:
    """Where a socket is reached, as a reader would write it."""
    host, port = of.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(apps: Sequence[tuple[ASGIApp, socket.socket]], *, begun: Callable[[], None]) -> None:
    """Serve each application at its socket until SIGTERM or SIGINT; requests in hand are finished."""
    gc.collect()
    gc.freeze()  # what is there now stays, and need not be walked through while readers wait
    try:
        uvloop.run(_run(apps, begun))
    finally:
        gc.unfreeze()


async def _run(apps: Sequence[tuple[ASGIApp, socket.socket]], begun: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    servers = [_Server(_config(app)) for app, _ in apps]
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, servers)
    begun()
    await asyncio.gather(*(server.serve([at]) for server, (_, at) in zip(servers, apps, strict=True)))


def _end(servers: Sequence[uvicorn.Server]) -> None:
    for server in servers:
        server.should_exit = True


class _Server(uvicorn.Server):
    """One of several in a process, so it leaves the signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    """Nothing that readers send is believed (proxy headers) or written down (access log)."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",  # anybody could fill a log with warnings of what is no HTTP
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=AT_ONCE,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=LAST,
    )
