"""`ringmark serve` as a process of its own, and requests as bytes, so that nothing mends them on their way."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LINE = re.compile(r"serving (http://\S+), operations (http://\S+)\n")


@dataclass(frozen=True)
class Reply:
    """One answer; `headers` as they came, without the date, and `whole` is all of it without the date."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    whole: bytes

    def header(self, name: str) -> str:
        """The value of a header that is there once; empty when it is not there."""
        told = [value for key, value in self.headers if key == name]
        assert len(told) < 2, told
        return told[0] if told else ""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Served:
    """Where it listens: for readers, and for operations."""

    public: str
    operations: str
    process: int

    def get(
        self, target: str | bytes, *, method: str = "GET", at: str = "", body: bytes | None = None, **headers: str
    ) -> Reply:
        """One request of its own connection; `target` is sent as it stands."""
        return ask(at or self.public, target, method=method, body=body, **headers)


def ask(address: str, target: str | bytes, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    """One request to `address`; header names with `_` for `-`."""
    place = urlsplit(address)
    headers |= {"content-length": str(len(body))} if body else {}
    asked = {"host": place.netloc, "connection": "close", **{name.replace("_", "-"): v for name, v in headers.items()}}
    if body is not None:
        asked["content-length"] = str(len(body))
    lines = [f"{name}: {value}" for name, value in asked.items()]
    sent = target.encode() if isinstance(target, str) else target
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        head = method.encode() + b" " + sent + b" HTTP/1.1\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n"
        connection.sendall(head + (body or b""))
        with connection.makefile("rb") as answer:
            return _reply(answer.read())


def _reply(received: bytes) -> Reply:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"date:")]
    headers = tuple(
        (name.lower(), value) for name, _, value in (line.decode("latin-1").partition(": ") for line in lines)
    )
    return Reply(int(first.split()[1]), headers, body, b"\r\n".join([first, *lines, b"", body]))


@contextmanager
def serving(folder: Path, *, says: str = "", **environment: str) -> Iterator[Served]:
    """Serve the house in a folder at free ports, until the block ends; it must then end well at once, having said
    nothing on standard error but what fits `says`."""
    free = {"RINGMARK_SERVE__LISTEN": "127.0.0.1:0", "RINGMARK_SERVE__OPERATIONS": "127.0.0.1:0"}
    command = [
        sys.executable,
        "-c",
        "from sync.cli import main; main()",
        "--config",
        str(folder / "ringmark.toml"),
        "serve",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **free, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            said = LINE.fullmatch(process.stdout.readline())
            if said is None:
                raise AssertionError(process.communicate()[1])
            yield Served(said[1], said[2], process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    ended = process.returncode, out, err
    if ended[:2] != (0, "") or not re.fullmatch(says, err):
        raise AssertionError(ended)
