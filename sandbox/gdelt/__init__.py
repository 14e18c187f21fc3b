"""A practice GDELT: the mirror of its files, on loopback, with a file of each stream for every quarter of an hour.

    with practice_gdelt() as server:
        server.put(Row(url="https://courier.example/1", links=("https://doi.org/10.5555/x",)), at=quarter)
        server.faults.append(GdeltFault("missing", address="20261201120000"))
        ...                                                         # read server.url + "/gdeltv2/lastupdate.txt"

`server.newest` is the quarter that is announced; every earlier one has a file, with articles of no interest in it.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5
from random import Random
from typing import ClassVar, Literal, cast, get_args
from urllib.parse import unquote

from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.gdelt import archives
from sandbox.gdelt.rows import Row, lines, of_no_interest
from sandbox.server import Exchange, PracticeServer, serving

__all__ = ["BUCKET", "QUARTER", "STREAMS", "GdeltFault", "PracticeGdelt", "Row", "practice_gdelt", "quarter"]

BUCKET = "/data.gdeltproject.org"
QUARTER = timedelta(minutes=15)
STREAMS = {"": ".gkg.csv", "-translation": ".translation.gkg.csv"}
NO_SUCH_KEY = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>"

What = Literal[
    "status", "too many requests", "truncated", "cut short", "hang up before", "login page", "missing", "not for you",
    "other bytes", "other sum", "bomb", "two files", "no file", "path in name", "other name", "locked", "damaged",
    "long list", "other announcement",
]  # fmt: skip


@dataclass(slots=True)
class GdeltFault(Strike):
    """One thing that goes wrong: `truncated` sends fewer bytes than it says, `cut short` half of the file with a length
    that fits; `missing` is a 404, `not for you` what a bucket says that lists its objects for nobody. The others spoil
    the archive, or what is said of it; `text` is the `other announcement`."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = "1"
    text: str = ""


@contextmanager
def practice_gdelt(newest: datetime | None = None) -> Iterator["PracticeGdelt"]:
    """Serve until the block ends."""
    with serving(PracticeGdelt(newest or datetime.now(UTC))) as server:
        yield server


def quarter(at: datetime) -> datetime:
    """The quarter of an hour that a moment is in."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


class PracticeGdelt(PracticeServer[GdeltFault]):
    """The running mirror. `bent` is what is wrong with the English files themselves: `no rows`, `shuffled`, `twice`,
    `more columns`, `huge line`."""

    def __init__(self, newest: datetime) -> None:
        super().__init__(0, _Exchange)
        self.newest = quarter(newest)
        self.bent: set[str] = set()
        self._rows: dict[str, list[Row]] = defaultdict(list)

    @property
    def url(self) -> str:
        """The address that its paths begin behind."""
        return f"{self.origin}{BUCKET}"

    def forget(self, newest: datetime) -> None:
        """As new, at a moment."""
        self.newest = quarter(newest)
        self._rows.clear()
        self.bent.clear()
        self.faults.clear()
        self.requests.clear()

    def put(self, *rows: Row, at: datetime | None = None, translated: bool = False) -> None:
        """Articles in the file of a quarter, the newest unless told otherwise."""
        self._rows[name_of(at or self.newest, translated=translated)] += rows

    def file(self, name: str) -> bytes:
        """What stands in a file, without the archive around it."""
        stamp = name.partition(".")[0]
        rows = [*of_no_interest(stamp), *self._rows[name]]
        content = lines(rows, stamp, translated="translation" in name)
        return content if "translation" in name else _bent(content, self.bent)

    def has(self, name: str) -> bool:
        """Whether there is such a file yet."""
        stamp, dot, ending = name.partition(".")
        at = f"{self.newest:%Y%m%d%H%M%S}"
        return f"{dot}{ending}" in STREAMS.values() and len(stamp) == len(at) and stamp <= at

    def announcement(self, stream: str) -> str:
        """The three newest files of a stream, at their own place and not at the mirror."""
        name = f"{self.newest:%Y%m%d%H%M%S}{STREAMS[stream]}"
        body = archives.packed(name, self.file(name))
        kinds = {".export.CSV": b"events", ".mentions.CSV": b"mentions"}
        start, middle = f"{self.newest:%Y%m%d%H%M%S}", STREAMS[stream].removesuffix(".gkg.csv")
        told = [(f"{start}{middle}{kind}", content) for kind, content in kinds.items()]
        return "".join(
            f"{len(content)} {_md5(content).hex()} http://data.gdeltproject.org/gdeltv2/{each}.zip\n"
            for each, content in (*told, (name, body))
        )


def name_of(at: datetime, *, translated: bool) -> str:
    """What the file of a quarter is called, without `.zip`."""
    return f"{at:%Y%m%d%H%M%S}{STREAMS['-translation' if translated else '']}"


class _Exchange(Exchange):
    server_version = "PracticeGdelt/1"

    def answer(self) -> None:
        server = cast(PracticeGdelt, self.server)
        struck = server.struck(self.command, unquote(self.path))
        path = self.path.removeprefix(f"{BUCKET}/gdeltv2/")
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html;charset=utf-8")
        elif "missing" in struck:
            self.send(404, NO_SUCH_KEY, {}, "application/xml")
        elif "not for you" in struck:
            self.send(403, NO_SUCH_KEY.replace(b"NoSuchKey", b"AccessDenied"), {}, "application/xml")
        elif fault := struck.get("status") or struck.get("too many requests"):
            status = 429 if fault.what == "too many requests" else fault.status
            self.send(status, b"", {"Retry-After": fault.retry_after}, "text/plain")
        elif path in (f"lastupdate{stream}.txt" for stream in STREAMS):
            text = server.announcement(path.removeprefix("lastupdate").removesuffix(".txt"))
            other = struck.get("other announcement")
            self.send(200, (other.text if other else text).encode(), {}, "text/plain")
        elif path.endswith(".zip") and server.has(path.removesuffix(".zip")):
            self._file(path.removesuffix(".zip"), frozenset(struck))
        else:
            self.send(404, NO_SUCH_KEY, {}, "application/xml")

    def _file(self, name: str, struck: frozenset[str]) -> None:
        server = cast(PracticeGdelt, self.server)
        content = server.file(name)
        body = archives.spoiled(name, content, struck) or archives.packed(name, content)
        told = _md5(b"other" if "other sum" in struck else body)
        body = body[: len(body) // 2] if "cut short" in struck else body
        headers = {} if "cut short" in struck else {"X-Goog-Hash": f"crc32c=AAAAAA==, md5={b64encode(told).decode()}"}
        self.send(200, body, headers, "application/zip", part=len(body) // 2 if "truncated" in struck else None)


def _bent(content: bytes, how: set[str]) -> bytes:
    rows = content.splitlines(keepends=True)
    if "no rows" in how:
        return b""
    if "shuffled" in how:
        rows = rows[::-1]
    if "twice" in how:
        rows = [each for each in rows for _ in range(2)]
    if "more columns" in how:
        rows = [each.rstrip(b"\n") + b"\tnew\n" for each in rows] * 1000
    if "huge line" in how:
        rows = [Random(1).randbytes(5_000_000).hex().encode() + b"\n", *rows]  # noqa: S311
    return b"".join(rows)


def _md5(body: bytes) -> bytes:
    return md5(body, usedforsecurity=False).digest()
