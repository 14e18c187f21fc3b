"""What a practice Pure answers, address by address, by both of its APIs.

After the OpenAPI of Pure 5.35; where that is silent, after recorded answers of 5.24 and what clients have written of
them. A key that may not see content is not told that there is any.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from urllib.parse import parse_qs

from sandbox.pure import bodies, legacy
from sandbox.pure.bodies import Body, problem
from sandbox.pure.model import LINK_TYPES, STAFF, Change, Holdings, Link, Output, Person, Thing, Unit
from sandbox.pure.search import finds
from sandbox.server import Headers

CURRENT, LEGACY = "/ws/api", "/ws/api/524"
MOST = 1000  # records a page
CHANGES = 5  # a page of the feed of changes
ORDERINGS = ("created", "modified", "publicationYear")
WORKFLOW = ("entryInProgress", "forApproval", "approved", "forRevalidation")
SomeThing = TypeVar("SomeThing", bound=Thing)


class PureError(Exception):
    """A request that is not answered as asked."""

    def __init__(self, status: int, title: str, **more: str) -> None:
        super().__init__(title)
        self.status, self.body = status, problem(status, title, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int = 200
    body: Body = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `bends` are the faults that spoil a listing or forget a write."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    bends: frozenset[str] = frozenset()

    @classmethod
    def read(cls, method: str, address: str, body: bytes, bends: frozenset[str]) -> "Call":
        """From what came in."""
        path, _, query = address.partition("?")
        asked = {name: told[0] for name, told in parse_qs(query, keep_blank_values=True).items()}
        return cls(method=method, path=path, query=asked, body=body, bends=bends)

    @property
    def document(self) -> Body:
        """The JSON object that came in."""
        try:
            told = json.loads(self.body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise PureError(400, "Malformed request")
        return told


class Answers:
    """The answers of one Pure. `forbidden` are the types of content that the key may not read, `frozen` whether it may
    write nothing. `orderings` are those of outputs; `turns` False passes over which way they go. `before` is where the
    last page of a listing began, for one that comes again."""

    def __init__(self, held: Holdings) -> None:
        self.held = held
        self.forbidden: set[str] = set()
        self.frozen = False
        self.orderings: Sequence[str] = ORDERINGS
        self.turns = True
        self.origin = ""
        self.before = 0

    def reply(self, call: Call) -> Reply:
        """Answer one request."""
        try:
            if call.path.startswith(f"{LEGACY}/"):
                return self._legacy(call, call.path.removeprefix(f"{LEGACY}/").split("/"))
            if call.path.startswith(f"{CURRENT}/"):
                return self._current(call, call.path.removeprefix(f"{CURRENT}/").split("/"))
            raise PureError(404, "Resource not found")
        except PureError as refused:
            return Reply(status=refused.status, body=refused.body)

    def _current(self, call: Call, parts: list[str]) -> Reply:
        if parts[0] in self.forbidden:
            raise PureError(403, "Access denied")
        match call.method, parts:
            case "GET", ["research-outputs"]:
                return self._list(call, self.held.outputs, bodies.output_body)
            case "GET", ["research-outputs", "orderings"]:
                return Reply(body={"orderings": list(self.orderings)})
            case "GET", ["research-outputs", "allowed-link-types"]:
                return Reply(body={"classifications": [bodies.classification(each, "A type") for each in LINK_TYPES]})
            case "GET", ["research-outputs", "allowed-workflow-steps"]:
                return Reply(body={"workflows": [{"step": each, "description": {"en_GB": each}} for each in WORKFLOW]})
            case "POST", ["research-outputs", "search"]:
                return self._search(call)
            case "GET", ["research-outputs", uuid]:
                return self._one(call, self.held.outputs, uuid, bodies.output_body)
            case "PUT", ["research-outputs", uuid]:
                return self._update(call, uuid)
            case "GET", ["persons"]:
                return self._list(call, self.held.persons, bodies.person_body)
            case "GET", ["persons", "allowed-staff-organization-associations-staff-types"]:
                kinds = [bodies.classification(STAFF + each, each) for each in ("academic", "nonacademic")]
                return Reply(body={"classifications": kinds})
            case "GET", ["persons", uuid]:
                return self._one(call, self.held.persons, uuid, bodies.person_body)
            case "GET", ["organizations"]:
                return self._list(call, self.held.units, bodies.unit_body)
            case "GET", ["organizations", uuid]:
                return self._one(call, self.held.units, uuid, bodies.unit_body)
        raise PureError(404, "Resource not found")

    def _legacy(self, call: Call, parts: list[str]) -> Reply:
        if parts[0] in self.forbidden:
            raise PureError(403, "Access denied")
        base = self.origin + LEGACY

        def output(told: Output) -> Body:
            return legacy.output_body(told, base)

        def person(told: Person) -> Body:
            return legacy.person_body(told, base)

        def unit(told: Unit) -> Body:
            return legacy.unit_body(told, base)

        match call.method, parts:
            case "GET", ["research-outputs"]:
                return self._list(call, self.held.outputs, output)
            case "POST", ["research-outputs"]:
                uuids = call.document.get("uuids", [])
                with self.held.lock:
                    asked = [each for each in self.held.visible(self.held.outputs) if each.uuid in _list(uuids)]
                return Reply(body=legacy.listing(map(output, asked), len(asked), 0, len(asked)))
            case "GET", ["research-outputs", uuid]:
                return self._one(call, self.held.outputs, uuid, output)
            case "GET", ["persons"]:
                return self._list(call, self.held.persons, person)
            case "GET", ["persons", uuid]:
                return self._one(call, self.held.persons, uuid, person)
            case "GET", ["organisational-units"]:
                return self._list(call, self.held.units, unit)
            case "GET", ["organisational-units", uuid]:
                return self._one(call, self.held.units, uuid, unit)
            case "GET", ["changes", token]:
                return self._changes(token, base)
        raise PureError(404 if call.method == "GET" else 405, "Resource not found")

    def _list(self, call: Call, things: dict[str, SomeThing], body: Callable[[SomeThing], Body]) -> Reply:
        order = call.query.get("order", "")
        if order and order not in self.orderings:
            raise PureError(400, "Unknown order")
        with self.held.lock:
            found = sorted(self.held.visible(things), key=_by(order))
        size, offset = _number(call.query.get("size", "10")), _number(call.query.get("offset", "0"))
        return self._page(call, found, size, offset, body)

    def _search(self, call: Call) -> Reply:
        asked = call.document
        orders, text = _list(asked.get("orderings", [])), str(asked.get("searchString") or "")
        if {*map(str, orders)} - {*self.orderings} or asked.get("orderBy", "ascending") not in (
            "ascending",
            "descending",
        ):
            raise PureError(400, "Unknown order")
        with self.held.lock:
            found = sorted(self.held.visible(self.held.outputs), key=_by(str(orders[0]) if orders else ""))
        if text:
            found = [each for each in found if finds(text, each)]
        if self.turns and asked.get("orderBy") == "descending":
            found.reverse()
        size, offset = _number(str(asked.get("size", 10))), _number(str(asked.get("offset", 0)))
        return self._page(call, found, size, offset, bodies.output_body)

    def _page(
        self, call: Call, found: list[SomeThing], size: int, offset: int, body: Callable[[SomeThing], Body]
    ) -> Reply:
        if not 1 <= size <= MOST:
            raise PureError(400, "The size must be between 1 and 1000")
        if "shuffled" in call.bends:
            found = found[::2] + found[1::2]
        start = self.before if "page again" in call.bends else offset
        self.before = start
        rows = [] if "no rows" in call.bends else found[start : start + size]
        if "repeated" in call.bends:
            rows = [row for row in rows for _ in range(2)]
        return Reply(body=bodies.listing(map(body, rows), len(found), offset, size))

    def _one(self, call: Call, things: dict[str, SomeThing], uuid: str, body: Callable[[SomeThing], Body]) -> Reply:
        with self.held.lock:
            found = things.get(uuid)
            into = self.held.merged.get(uuid)
        if found and found in self.held.visible(things):
            return Reply(body=body(found))
        if uuid in self.held.withheld:
            raise PureError(403, "Access denied")
        if into:
            return Reply(status=301, headers={"Location": f"{call.path.rpartition('/')[0]}/{into}"})
        raise PureError(404, "Resource not found")

    def _update(self, call: Call, uuid: str) -> Reply:
        """What the body names is replaced, lists as a whole; the rest stays. Without a version nobody is guarded."""
        told = call.document
        if self.frozen:
            raise PureError(403, "Access denied")
        with self.held.lock:
            before = self.held.outputs.get(uuid)
            if before is None or before not in self.held.visible(self.held.outputs):
                raise PureError(404, "Resource not found")
            if told.get("version") not in (None, f"v{before.version}"):
                modified = bodies.stamp(before.modified)
                raise PureError(409, "Version conflict", modified=modified, modifiedBy="root")
            after = replace(before, links=self._links(before, told), custom=self._custom(before, told))
            if "forget" not in call.bends:
                self.held.put(after)
                after = self.held.outputs[uuid]
        return Reply(body=bodies.output_body(after))

    def _links(self, before: Output, told: Body) -> tuple[Link, ...]:
        if "links" not in told:
            return before.links
        links = list[Link]()
        for each in _list(told["links"]):
            kind = each.get("linkType", {}).get("uri", "") if isinstance(each, dict) else ""
            if not isinstance(each, dict) or not isinstance(each.get("url"), str) or kind not in LINK_TYPES:
                raise PureError(400, "Validation failed")
            links.append(Link(url=each["url"], type=kind, alias=each.get("alias") or ""))
        return tuple(links)

    def _custom(self, before: Output, told: Body) -> tuple[tuple[str, str], ...]:
        fields = told.get("customDefinedFields")
        if not isinstance(fields, dict):
            return before.custom
        if fields.keys() - self.held.fields:
            raise PureError(400, "Validation failed")
        return tuple((name, each["value"]) for name, each in fields.items() if each and each.get("value"))

    def _changes(self, token: str, base: str) -> Reply:
        """From a day on, or from where a token says; what the key may not see is left out."""
        with self.held.lock:
            journal = list(self.held.journal)
        at = _from_day(journal, token)
        page = journal[at : at + CHANGES]
        following = at + len(page)
        more = following < len(journal)
        return Reply(body=legacy.changes([each for each in page if each.seen], _token(following), base, more=more))


def _token(number: int) -> str:
    return base64.b64encode(json.dumps({"sequenceNumber": number}, separators=(",", ":")).encode()).decode()


def _from_day(journal: Sequence[Change], token: str) -> int:
    try:
        day = date.fromisoformat(token)
    except ValueError:
        try:
            return int(json.loads(base64.b64decode(token))["sequenceNumber"])
        except (ValueError, KeyError, TypeError):
            raise PureError(400, "Bad token") from None
    return next((at for at, each in enumerate(journal) if each.day >= day), len(journal))


def _by(order: str) -> Callable[[Thing], tuple[str, int]]:
    """By the order that was asked for; without any, by uuid."""
    if order == "modified":
        return lambda thing: (thing.modified.isoformat(), thing.number)
    if order == "created":
        return lambda thing: (thing.created.isoformat(), thing.number)
    return lambda thing: (thing.uuid, 0)


def _number(told: str) -> int:
    if not told.isdecimal():
        raise PureError(400, "Not a number")
    return int(told)


def _list(told: object) -> list[object]:
    if not isinstance(told, list):
        raise PureError(400, "Not a list")
    return told
