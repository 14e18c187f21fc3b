"""A practice Example Repository, over real HTTP, for `ringmark connector test example`.

What is guarded by a version is changed only by who names it; every change gets a date, in whole seconds, and a version.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs, urlencode

from sandbox.faults import Strike
from sandbox.server import Exchange, PracticeServer, serving

FIELD = "attention"
MIDDLE = r"^/outputs\?.*page=[2-9]"
PATHS = {
    **dict.fromkeys(("truncated", "cut short", "page again"), MIDDLE),
    **dict.fromkeys(("server error", "too many requests", "login ended"), rf"{MIDDLE}|/{FIELD}$"),
    **dict.fromkeys(("last page empty", "empty list", "shuffled", "repeated"), r"^/outputs\?.*size="),
    **dict.fromkeys(("forgets", "answer lost", "edited meanwhile"), rf"/{FIELD}$"),
}
ONCE = {"too many requests", "login ended", "answer lost", "edited meanwhile"}

Row = dict[str, Any]


@contextmanager
def opened(folder: Path) -> Iterator["ExampleRepository"]:  # noqa: ARG001 - it needs no files
    """A running one, empty."""
    with serving(ExampleRepository()) as server:
        yield server


@dataclass(slots=True)
class Wrong(Strike):
    """One fault, by the name that the suite gives it."""

    known: ClassVar[tuple[str, ...]] = tuple(PATHS)


class ExampleRepository(PracticeServer[Wrong]):
    """The repository and its server; `rows` are its outputs, those that were deleted too."""

    def __init__(self) -> None:
        super().__init__(0, _Exchange)
        self.settings: Mapping[str, str | int | bool] = {
            "url": self.origin,
            "username": "ringmark",
            "field": FIELD,
            "per_page": 4,
        }
        self.secrets: Mapping[str, str] = {"password": "practice-makes-perfect"}
        self.lacks: Mapping[str, str] = {}
        self.people: dict[str, Row] = {}
        self.rows: dict[str, Row] = {}
        self.clock = datetime.now(UTC)

    def at(self, moment: datetime) -> None:
        self.clock = moment

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        self.people[str(number)] = {"id": str(number), "name": name, "current": current, **_level(level)}

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        with self.lock:
            old = self.rows.get(str(number), {"version": 0, "modified": "", "fields": {}})
            links = [{"person": str(person), **_level(told)} for person, told in authors.items()]
            row = {"id": str(number), "title": title, "doi": doi, "authors": links, **_level(level)}
            self.rows[str(number)] = {**row, **{name: old[name] for name in ("version", "modified", "fields")}}
            if dated:
                self.touch(str(number))

    def remove(self, number: int) -> None:
        with self.lock:
            self.rows[str(number)] |= {"deleted": True}
            self.touch(str(number))

    def fault(self, name: str) -> None:
        once = name.endswith(" once") or name in ONCE
        name = name.removesuffix(" once")
        self.faults.append(Wrong(name, address=PATHS[name], times=1 if once else None))

    def mend(self) -> None:
        self.faults.clear()

    def changes(self) -> int:
        return sum(each.method != "GET" for each in self.requests)

    def held(self, number: int) -> tuple[str, ...]:
        return tuple(self.rows[str(number)]["fields"].get(FIELD, ()))

    def edit(self, number: int, *texts: str) -> None:
        with self.lock:
            self.rows[str(number)]["fields"][FIELD] = list(texts)
            self.touch(str(number))

    def touch(self, key: str) -> None:
        """Something of an output has changed."""
        self.rows[key]["version"] += 1
        self.rows[key]["modified"] = self.clock.replace(microsecond=0).isoformat()

    def listing(self, told: Mapping[str, str], wrong: Mapping[str, Wrong]) -> Row:
        """One page of what was asked for, or what a search finds."""
        since, size, page = told.get("since", ""), int(told.get("size", "100")), int(told.get("page", "1"))
        rows = [row for row in self.rows.values() if since or not row.get("deleted")]
        rows = [row for row in rows if not since or _seconds(row["modified"]) >= _seconds(since)]
        rows = [row for row in rows if row["doi"].startswith(told.get("doi", ""))]
        rows = sorted(rows, key=lambda row: int(row["id"]), reverse="shuffled" in wrong)
        rows = [] if "empty list" in wrong else rows
        start, more = (page - 1) * size, len(rows) > page * size
        cut = [] if "last page empty" in wrong and not more and page > 1 else rows[start : start + size]
        again = page if "page again" in wrong else page + 1
        following = f"/outputs?{urlencode({**told, 'page': str(again)})}" if more or again == page else ""
        cut = cut * 2 if "repeated" in wrong else cut
        hidden = ("fields", "version")
        shown = [{name: value for name, value in row.items() if name not in hidden} for row in cut]
        return {"outputs": shown, "from": start, "total": len(rows), "next": following}


class _Exchange(Exchange):
    server_version = "ExampleRepository/1"

    def answer(self) -> None:
        server = cast(ExampleRepository, self.server)
        wrong = server.struck(self.command, self.path)
        login = f"{server.settings['username']}:{server.secrets['password']}"
        known = self.headers.get("Authorization") == f"Basic {base64.b64encode(login.encode()).decode()}"
        if "server error" in wrong:
            self.say(500, {})
        elif "too many requests" in wrong:
            self.say(429, {}, {"Retry-After": "7"})
        elif not known or "login ended" in wrong:
            self.say(401, {})
        elif self.command == "PUT":
            self.put(server, wrong)
        else:
            self.get(server, wrong)

    def get(self, server: ExampleRepository, wrong: Mapping[str, Wrong]) -> None:
        path, _, query = self.path.partition("?")
        with server.lock:
            match path.strip("/").split("/"):
                case ["people"]:
                    self.say(200, {"people": list(server.people.values())})
                case ["outputs"]:
                    told = server.listing({name: each[0] for name, each in parse_qs(query).items()}, wrong)
                    self.say(200, told, spoilt=wrong.keys() & {"truncated", "cut short"})
                case ["outputs", key] if key in server.rows and not server.rows[key].get("deleted"):
                    self.say(200, server.rows[key], {"ETag": f'"{server.rows[key]["version"]}"'})
                case _:
                    self.say(404, {})

    def put(self, server: ExampleRepository, wrong: Mapping[str, Wrong]) -> None:
        _, _, key, field = self.path.split("/")
        with server.lock:
            row = server.rows[key]
            if "edited meanwhile" in wrong:
                server.edit(1, *server.held(1), "by hand")
            if self.headers.get("If-Match") not in ("*", f'"{row["version"]}"'):
                self.say(412, {})
                return
            if "forgets" not in wrong:
                row["fields"][field] = json.loads(self.body)
                server.touch(key)
        if "answer lost" in wrong:
            self.hang_up()
        else:
            self.say(204, {})

    def say(
        self, status: int, told: Row, headers: Mapping[str, str] | None = None, spoilt: set[str] | None = None
    ) -> None:
        body = b"" if status == 204 else json.dumps(told).encode()
        body = body[: len(body) // 2] if "cut short" in (spoilt or ()) else body
        part = len(body) // 2 if "truncated" in (spoilt or ()) else None
        self.send(status, body, headers or {}, "application/json", part=part)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the signature is given
        """The `Date` of an answer is the repository's own clock."""
        return format_datetime(cast(ExampleRepository, self.server).clock, usegmt=True)


def _level(told: str) -> Row:
    return {"level": told} if told else {}


def _seconds(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
