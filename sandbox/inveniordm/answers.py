"""What a practice InvenioRDM answers, address by address; who may ask is decided on the way.

A token that is not known is not refused: the request goes on as anybody's. Restricted records are then 403, deleted
ones 410 for everybody (404 where their tombstone is hidden), and what never was is 404.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from sandbox.inveniordm.errors import InvenioError
from sandbox.inveniordm.records import Body, Record, body, uuid_of, with_body
from sandbox.inveniordm.repository import Repository
from sandbox.inveniordm.search import floor, matching
from sandbox.server import Headers

REQUIRED = ("title", "resource_type", "creators", "publication_date")
SORTS = ("bestmatch", "newest", "oldest", "version", "updated-desc", "updated-asc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `known` where it is our account's."""

    method: str
    path: tuple[str, ...]
    asked: dict[str, str]
    headers: dict[str, str]
    body: bytes
    known: bool

    @property
    def listing(self) -> str | None:
        """The slug of the community whose records are listed, empty for all; None for what is no listing."""
        match self.path:
            case ("api", "records"):
                return ""
            case ("api", "communities", slug, "records"):
                return slug
        return None


def call(method: str, address: str, headers: dict[str, str], sent: bytes, token: str) -> Call:
    """From what came in."""
    path, _, query = address.partition("?")
    lower = {name.lower(): told for name, told in headers.items()}
    return Call(
        method=method,
        path=tuple(unquote(part) for part in path.strip("/").split("/")),
        asked={name: told[0] for name, told in parse_qs(query, keep_blank_values=True).items()},
        headers=lower,
        body=sent,
        known=lower.get("authorization") == f"Bearer {token}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int = 200
    body: Body | None = None
    headers: Headers = field(default_factory=dict)


class Answers:
    """The answers of one repository at a `base` address."""

    def __init__(self, held: Repository, base: str) -> None:
        self.held, self.base = held, base

    def reply(self, call: Call, bends: Collection[str] = (), *, keep: bool = True) -> Reply:
        """Answer one request; `bends` are faults of listings. `keep` False: a change is answered, and not made.

        Raises `InvenioError`."""
        with self.held.lock:
            if call.listing is not None and call.method == "GET":
                return Reply(body=self._list(call, bends))
            match call.method, call.path:
                case "GET", ("api", "user", "records"):
                    self._known(call)
                    return Reply(body={"hits": {"hits": [], "total": 0}, "sortBy": "newest", "links": {}})
                case "GET", ("api", "communities", slug):
                    return Reply(body=self._community(slug))
                case "GET", ("api", "records", key):
                    return self._shown(self._readable(call, key))
                case "GET", ("api", "records", key, "draft"):
                    return self._shown(self._draft(call, key))
                case _, ("api", "records", _, "draft", *_):
                    return self._change(call, keep=keep)
        raise InvenioError(404 if call.method == "GET" else 405, "Not found." if call.method == "GET" else "")

    def part(self, call: Call) -> str:
        """What part of a listing is asked for."""
        if call.listing is None or call.method != "GET":
            return ""
        try:
            with self.held.lock:
                rows, every = self._rows(call)[0], self._visible(call)
        except InvenioError:
            return ""
        first, last = not rows or rows[0] == every[0], bool(rows) and rows[-1] == every[-1]
        return ("#first" if first else "") + ("#last" if last else "") or "#middle"

    def _list(self, call: Call, bends: Collection[str]) -> Body:
        rows, total = self._rows(call)
        if "page again" in bends:
            rows = self._visible(call)[: self._size(call)]
        if "empty" in bends:
            rows, total = [], 0
        if "no rows" in bends:
            rows = []
        if "twice" in bends:
            rows = [row for row in rows for _ in range(2)]
        here = f"{self.base}/{'/'.join(call.path)}"
        return {
            "hits": {"hits": [body(row, self.base) for row in rows], "total": total},
            "aggregations": {},
            "sortBy": call.asked.get("sort", "newest"),
            "page": int(call.asked.get("page", "1")),
            "links": {"self": here},
        }

    def _rows(self, call: Call) -> tuple[list[Record], int]:
        if call.listing and call.listing not in self.held.communities:
            raise InvenioError(404)
        if call.asked.get("sort", "newest") not in SORTS:
            raise InvenioError(400)
        page, size = self._whole(call, "page", 1), self._size(call)
        if page * size > self.held.window:
            raise InvenioError(400)
        fits = matching(call.asked.get("q", ""))
        rows = [row for row in self._visible(call) if fits(row)]
        return rows[(page - 1) * size : page * size], len(rows)

    def _visible(self, call: Call) -> list[Record]:
        """What whoever asks may see, in the order that is asked for; what is deleted is in no index."""
        sees = call.known and self.held.sees
        every = call.asked.get("allversions", "").lower() in ("true", "1")
        rows = [
            row
            for row in self.held.records.values()
            if not row.deleted
            and (sees or not row.restricted)
            and (every or row.latest)
            and (not call.listing or call.listing in row.communities)
        ]
        rows.sort(key=lambda row: row.id, reverse=self.held.backwards)
        if call.asked.get("sort", "").startswith("updated"):
            rows.sort(key=lambda row: floor(row.updated), reverse=call.asked["sort"] == "updated-desc")
        return rows

    def _size(self, call: Call) -> int:
        return min(self._whole(call, "size", 25), self.held.page_limit)

    def _whole(self, call: Call, name: str, default: int) -> int:
        told = call.asked.get(name, str(default))
        if not told.isascii() or not told.isdigit() or int(told) < 1:
            raise InvenioError(400)
        return int(told)

    def _community(self, slug: str) -> Body:
        if slug not in self.held.communities:
            raise InvenioError(404)
        return {"id": uuid_of(slug), "slug": slug, "metadata": {"title": slug}, "access": {"visibility": "public"}}

    def _readable(self, call: Call, key: str) -> Record:
        record = self.held.records.get(key)
        if record is None or (record.deleted and not record.mourned):
            raise InvenioError(404)
        if record.deleted:
            raise InvenioError(410)
        if record.restricted and not (call.known and self.held.sees):
            raise InvenioError(403)
        return record

    def _draft(self, call: Call, key: str) -> Record:
        draft = self.held.drafts.get(key)
        if draft is None:
            raise InvenioError(404)
        self._editor(call)
        return draft

    def _change(self, call: Call, *, keep: bool) -> Reply:
        _, _, key, _, *rest = call.path
        self._editor(call)
        match call.method, rest:
            case "POST", []:
                self._readable(call, key)
                return self._shown(self.held.begin(key), 201)
            case "PUT", []:
                draft = self._draft(call, key)
                self._unchanged(call, draft)
                return self._save(draft, _object(call.body), keep=keep)
            case "DELETE", []:
                self._unchanged(call, self._draft(call, key))
                self.held.discard(key)
                return Reply(status=204)
            case "POST", ["actions", "publish"]:
                draft = self._draft(call, key)
                if errors := _errors(draft):
                    raise InvenioError(400, "A validation error occurred.", errors=errors)
                return self._shown(self.held.publish(key) if keep else draft, 202)
        raise InvenioError(405)

    def _save(self, draft: Record, told: Body, *, keep: bool) -> Reply:
        """Only what is valid is kept; what is not is dropped, with a word beside it."""
        told_fields = told.get("custom_fields") or {}
        unknown = sorted(set(told_fields) - self.held.fields)
        kept = {name: value for name, value in told_fields.items() if name in self.held.fields}
        after = with_body(draft, {**told, "custom_fields": kept})
        after = self.held.save(after) if keep else draft
        errors = [{"field": f"custom_fields.{name}", "messages": ["Unknown field."]} for name in unknown]
        errors += _errors(after)
        reply = self._shown(after)
        return Reply(body={**(reply.body or {}), "errors": errors} if errors else reply.body, headers=reply.headers)

    def _unchanged(self, call: Call, draft: Record) -> None:
        told = call.headers.get("if-match")
        if told is not None and told.strip('"') != str(draft.revision):
            raise InvenioError(412)

    def _editor(self, call: Call) -> None:
        self._known(call)
        if not self.held.may_edit:
            raise InvenioError(403)

    def _known(self, call: Call) -> None:
        if not call.known:
            raise InvenioError(403)

    def _shown(self, record: Record, status: int = 200) -> Reply:
        headers = {"ETag": f'"{record.revision}"'}
        return Reply(status=status, body=body(record, self.base), headers=headers)


def _errors(draft: Record) -> list[dict[str, Any]]:
    missing = [name for name in REQUIRED if not draft.metadata.get(name)]
    return [{"field": f"metadata.{name}", "messages": ["Missing data for required field."]} for name in missing]


def _object(sent: bytes) -> Body:
    try:
        told = json.loads(sent or b"{}")
    except ValueError:
        raise InvenioError(400, "Unable to decode JSON data in request body.") from None
    if not isinstance(told, dict):
        raise InvenioError(400)
    return told
