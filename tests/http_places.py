"""Where the tests of the client send requests, and a clock that passes only in sleep."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from pydantic import SecretStr

from config.settings import Connection

BASE = "https://elements.example.edu:8091/secure-api/v6.13"


SECRETS = ("s3cret-word", "key-4711")


def connection(**more: object) -> Connection:
    given = {
        "name": "elements",
        "kind": "elements",
        "url": BASE,
        "username": "ringmark",
        "password": SecretStr(SECRETS[0]),
        "headers": {"Subscription-Key": SecretStr(SECRETS[1])},
        "pace": 0.0,
    }
    return Connection(**{**given, **more})


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass
