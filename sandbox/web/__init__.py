"""A practice web on loopback: many hosts on one server, told apart by the Host header, well made and not.

    with practice_web() as web:
        web.put("/story", Page(b"<p>news"))                         # at every host that has no such page of its own
        web.put("/robots.txt", robots("Disallow: /"), host="shut.example.org")
        web.faults.append(WebFault("too many requests", address="/story", retry_after="30"))
        ...                                                         # read web.url("/story"); web.requests is what came

`sandbox.web.site` has an invented news site, `sandbox.web.traps` what hosts do to programs that read them.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Literal, cast, get_args

from sandbox.faults import Strike
from sandbox.server import Exchange, PracticeServer, serving

DROP_SECONDS = 0.02
PIECE = b"x" * 65_536

What = Literal["status", "too many requests", "hang up before", "hang up midway"]
Manner = Literal["whole", "drip", "drip headers", "silent", "endless", "cut", "midway"]
Coding = Literal["", "gzip", "gzip twice", "deflate", "br"]


@dataclass(slots=True)
class WebFault(Strike):
    """One thing that goes wrong: `status` answers with that, `too many requests` is a 429 with `retry_after`, seconds
    or a date; `hang up before` says nothing, `hang up midway` half of it."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    status: int = 503
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, after `wait` seconds. `coding` is how it is packed and said to be. `drip` sends a byte now and then,
    for ever, `endless` as many as it can; `cut` ends before its length, `midway` before its last chunk, and `silent`
    never begins."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    manner: Manner = "whole"
    coding: Coding = ""
    wait: float = 0.0


def moved(target: str, status: int = 302, *, wait: float = 0.0) -> Page:
    """A redirect."""
    return Page(status=status, headers={"Location": target}, wait=wait)


def robots(*lines: str, agent: str = "*") -> Page:
    """A robots.txt with lines for one agent."""
    return Page("\n".join((f"User-agent: {agent}", *lines)).encode(), "text/plain")


@contextmanager
def practice_web(port: int = 0) -> Iterator["PracticeWeb"]:
    """Serve until the block ends."""
    with serving(PracticeWeb(port)) as server:
        yield server


class PracticeWeb(PracticeServer[WebFault]):
    """The running web: what is at no host in particular is at every host."""

    def __init__(self, port: int) -> None:
        super().__init__(port, _Exchange)
        self.scheme = "http"
        self._pages: dict[tuple[str, str], Page] = {}

    @property
    def port(self) -> int:
        """Of all its hosts."""
        return int(self.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An address in this web."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def put(self, path: str, page: Page, *, host: str = "") -> None:
        """A page in place of what was there; `path` has the query with it."""
        self._pages[host, path] = page

    def put_all(self, pages: Mapping[str, Page], *, host: str = "") -> None:
        """Pages by path."""
        self._pages.update({(host, path): page for path, page in pages.items()})

    def clear(self) -> None:
        """Be as empty as at the beginning, and remember nothing."""
        self._pages.clear()
        self.faults.clear()
        self.requests.clear()

    def page(self, host: str, path: str) -> Page:
        """What stands there."""
        return self._pages.get((host, path)) or self._pages.get(("", path)) or Page(b"no such page", status=404)

    def visited(self, path: str = "") -> list[str]:
        """`host/path` of each request so far, or of those to one path."""
        told = [f"{each.headers.get('Host', '').partition(':')[0]}{each.path}" for each in self.requests]
        return [each for each in told if not path or each.endswith(path)]


class _Exchange(Exchange):
    server_version = "PracticeWeb/1"

    def answer(self) -> None:
        web = cast(PracticeWeb, self.server)
        page = web.page(self.headers.get("Host", "").partition(":")[0], self.path)
        struck = web.struck(self.command, self.path)
        web.closing.wait(page.wait)
        if "hang up before" in struck:
            self.hang_up()
        elif "hang up midway" in struck:
            self.hang_up_midway(200, page.body, page.kind)
        elif fault := struck.get("too many requests"):
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self.send(429, b"too many", headers, "text/plain")
        elif fault := struck.get("status"):
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self.send(fault.status, b"trouble", headers, "text/plain")
        elif self._known(page):
            self.send(304, b"", self._headers(page), page.kind)
        elif page.manner in ("whole", "cut"):
            body = _packed(page)
            self.send(
                page.status, body, self._headers(page), page.kind, len(body) // 2 if page.manner == "cut" else None
            )
        elif page.manner == "midway":
            self.hang_up_midway(page.status, page.body, page.kind)
        else:
            self._hold(web, page)

    def _known(self, page: Page) -> bool:
        told = self.headers.get("If-None-Match")
        if told is not None:
            return bool(page.etag) and told == page.etag
        return bool(page.modified) and self.headers.get("If-Modified-Since") == page.modified

    def _headers(self, page: Page) -> dict[str, str]:
        validators = {"ETag": page.etag, "Last-Modified": page.modified}
        coding = {"Content-Encoding": page.coding.replace("gzip twice", "gzip, gzip")} if page.coding else {}
        return {**{name: value for name, value in validators.items() if value}, **coding, **page.headers}

    def _hold(self, web: PracticeWeb, page: Page) -> None:
        """Keep the reader as long as it lets itself be kept."""
        self.remember(page.status)
        self.close_connection = True
        if page.manner == "silent":
            web.closing.wait()
            return
        self.send_response(page.status)
        if page.manner == "drip headers":
            self.flush_headers()
            drop = b"X-More: x\r\n"
        else:
            self.send_header("Content-Type", page.kind)
            self.end_headers()
            drop = PIECE if page.manner == "endless" else b"x"
        while not web.closing.wait(0 if page.manner == "endless" else DROP_SECONDS):
            self.wfile.write(drop)


def _packed(page: Page) -> bytes:
    if page.coding == "gzip":
        return gzip.compress(page.body)
    if page.coding == "gzip twice":
        return gzip.compress(gzip.compress(page.body))
    return zlib.compress(page.body) if page.coding == "deflate" else page.body
