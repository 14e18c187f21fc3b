"""What a practice DSpace answers, address by address; who may ask is decided on the way.

After https://github.com/DSpace/RestContract and, where that is silent, the source of DSpace. As there, a login that is
no longer good is no error by itself: the request goes on as that of an anonymous visitor.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from sandbox.dspace import access, bodies
from sandbox.dspace.bodies import Body, Page
from sandbox.dspace.errors import CSRF, DSpaceError, error
from sandbox.dspace.items import Item
from sandbox.dspace.patch import NUMBER, patched
from sandbox.dspace.repository import Repository
from sandbox.dspace.search import search
from sandbox.server import Headers

SAFE = {"GET", "HEAD", "OPTIONS"}
LOGIN: Headers = {"WWW-Authenticate": 'password realm="DSpace REST API"'}
PATCHES = re.compile(r"application/(json|[\w.-]+\+json)\s*(;.*)?", re.IGNORECASE)
DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\..+)", re.IGNORECASE)
HANDLE = re.compile(r"(?:hdl:|info:hdl/|https?://hdl\.handle\.net/)?(.+)")
SORTS = {"score", "dc.title", "dc.date.issued", "dc.date.accessioned"}
ADMINISTRATIVE = "administrativeView"
"""The search that also finds what is withdrawn or not discoverable, for administrators."""
KINDS = {"item", "community", "collection", "all"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, its path below `/server`, its parameters each with its first value."""

    method: str
    path: str
    asked: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @classmethod
    def read(cls, method: str, address: str, headers: dict[str, str], body: bytes) -> "Call":
        """From what came in; names of headers are in lower case."""
        path, _, query = address.partition("?")
        asked = {name: told[0] for name, told in parse_qs(query, keep_blank_values=True).items()}
        lower = {name.lower(): told for name, told in headers.items()}
        return cls(method=method, path=path.rstrip("/"), asked=asked, headers=lower, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, of headers alone where there is no `body`. `renews`: it brings a new token of the first kind."""

    status: int = 200
    body: Body | None = None
    headers: Headers = field(default_factory=dict)
    renews: bool = False


class Answers:
    """The answers of one repository."""

    def __init__(self, held: Repository) -> None:
        self.held = held

    def reply(self, call: Call, *, keep: bool = True, rotate: bool = False) -> Reply:
        """Answer one request. `keep` False: a write is answered as if it were stored, and is not."""
        sent = access.cookie(call.headers.get("cookie", ""))
        try:
            if call.method not in SAFE and (not sent or call.headers.get(access.SENT.lower()) != sent):
                raise DSpaceError(403, CSRF)
            answer = self._route(call, keep)
        except DSpaceError as refused:
            answer = self.refusal(call, refused)
        if rotate or answer.renews or (self.held.release.any_get and not sent):
            return Reply(status=answer.status, body=answer.body, headers={**answer.headers, **access.fresh()})
        return answer

    def refusal(self, call: Call, refused: DSpaceError) -> Reply:
        """The answer to what is refused."""
        return Reply(
            status=refused.status,
            body=error(refused.status, refused.message, call.path, self.held.now()),
            headers=LOGIN if refused.status == 401 else {},
            renews=refused.message == CSRF or call.path.endswith("/authn/login"),
        )

    def _route(self, call: Call, keep: bool) -> Reply:
        parts = call.path.removeprefix("/server/").split("/") if call.path.startswith("/server/") else []
        match parts:
            case ["api", "authn", "login"]:
                return self._login(call)
            case ["api", "authn", "logout"]:
                return self._logout(call)
            case ["api", "core", "items", uuid] if call.method == "PATCH":
                return self._patch(call, uuid, keep)
        if call.method != "GET":
            raise DSpaceError(405)
        match parts:
            case ["api"]:
                return Reply(body=bodies.root(self.held.base, self.held.release))
            case ["api", "security", "csrf"] if self.held.release.endpoint:
                return Reply(status=204, renews=not access.cookie(call.headers.get("cookie", "")))
            case ["api", "authn", "status"]:
                return Reply(body=bodies.status(self.held.base, known=self._known(call)))
            case ["api", "authn", "status", "specialGroups"] if self.held.special_groups is not None:
                return self._groups(call, self.held.special_groups)
            case ["api", "authz", "resourcepolicies", "search", "resource"]:
                return self._policies(call)
            case ["api", "core", "items"]:
                return self._list(call)
            case ["api", "core", "items", uuid]:
                return self._item(call, uuid)
            case ["api", "core", "metadatafields", "search", "byFieldName"]:
                return self._fields(call)
            case ["api", "discover", "search", "objects"]:
                return self._search(call)
            case ["api", "pid", "find"]:
                return self._find(call)
        raise DSpaceError(404)

    def _login(self, call: Call) -> Reply:
        """By a form, or by a token that is still good; a password in the address is none, as it would be logged."""
        if call.method != "POST":
            raise DSpaceError(405)
        form = call.headers.get("content-type", "").partition(";")[0] == "application/x-www-form-urlencoded"
        told = parse_qs(call.body.decode("utf-8", "replace"), keep_blank_values=True) if form else {}
        by_password = told.get("user") == [self.held.username] and told.get("password") == [self.held.password]
        if not by_password and (told or not self._known(call)):
            raise DSpaceError(401)
        return Reply(headers={**LOGIN, "Authorization": f"Bearer {self.held.logins.new()}"}, renews=True)

    def _logout(self, call: Call) -> Reply:
        if call.method != "POST":
            raise DSpaceError(405)
        if self._known(call):
            self.held.logins.end()
        return Reply(status=204, renews=True)

    def _list(self, call: Call) -> Reply:
        self._known_or_401(call)
        if not self.held.sees_withdrawn:
            raise DSpaceError(403)
        with self.held.lock:
            items = [item for item in self.held.items.values() if item.in_archive and not item.withdrawn]
        page = self._page(call, len(items))
        links = page.links(f"{self.held.base}/api/core/items", call.asked)
        return Reply(body=bodies.listing("items", self._shown(call, page.cut(items)), page, links))

    def _item(self, call: Call, uuid: str) -> Reply:
        with self.held.lock:
            item = self.held.items.get(uuid.lower())
        if item is None:
            raise DSpaceError(404)
        if not self._readable(call, item):
            self._known_or_401(call)
            raise DSpaceError(403)
        return Reply(body=self._shown(call, [item])[0])

    def _policies(self, call: Call) -> Reply:
        self._known_or_401(call)
        if not self.held.reads_policies:
            raise DSpaceError(403)
        with self.held.lock:
            item = self.held.items.get(call.asked.get("uuid", ""))
        if item is None:
            raise DSpaceError(422)
        action = call.asked.get("action", "")
        told = [
            bodies.policy_body(self.held.base, number, policy, embed=call.asked.get("embed") == "group")
            for number, policy in enumerate(item.policies, start=1)
            if action in ("", policy.action)
        ]
        page = self._page(call, len(told))
        links = page.links(f"{self.held.base}/api/authz/resourcepolicies/search/resource", call.asked)
        return Reply(body=bodies.listing("resourcepolicies", page.cut(told), page, links))

    def _groups(self, call: Call, names: Sequence[str]) -> Reply:
        told = [bodies.group_body(self.held.base, name) for name in names]
        page = self._page(call, len(told))
        links = page.links(f"{self.held.base}/api/authn/status/specialGroups", call.asked)
        return Reply(body=bodies.listing("specialGroups", page.cut(told), page, links))

    def _patch(self, call: Call, uuid: str, keep: bool) -> Reply:
        if not PATCHES.fullmatch(call.headers.get("content-type", "")):
            raise DSpaceError(415)
        try:
            document = json.loads(call.body, parse_constant=_no_number)
        except ValueError:
            raise DSpaceError(400) from None
        self._known_or_401(call)
        if not self.held.may_write:
            raise DSpaceError(403)
        with self.held.lock:
            before = self.held.items.get(uuid.lower())
            if before is None:
                raise DSpaceError(404)
            after = patched(before, document, self.held.fields, self.held.adds)
            after = self.held.write(before, after) if keep else after
        return Reply(body=self._shown(call, [after])[0])

    def _fields(self, call: Call) -> Reply:
        """Any of the parts may be left out, and then says nothing: without a qualifier all qualifiers are found."""
        parts = [call.asked.get(name, "") for name in ("schema", "element", "qualifier")]
        exact = call.asked.get("exactName", "")
        if exact and any(parts):
            raise DSpaceError(422)
        with self.held.lock:
            registry = sorted(self.held.fields)
        names = [
            name
            for name in registry
            if name == exact or (not exact and all(p in ("", o) for p, o in zip(parts, _parts(name), strict=True)))
        ]
        page = self._page(call, len(names))
        shown = names[page.number * page.size : (page.number + 1) * page.size]
        links = page.links(f"{self.held.base}/api/core/metadatafields/search/byFieldName", call.asked)
        documents = (bodies.field_body(self.held.base, registry, name) for name in shown)
        return Reply(body=bodies.listing("metadatafields", documents, page, links))

    def _search(self, call: Call) -> Reply:
        if any(name.startswith("f.") for name in call.asked):
            raise DSpaceError(422, "No filter is practised here")
        if call.asked.get("sort", "score").partition(",")[0] not in SORTS:
            raise DSpaceError(400)
        kind = call.asked.get("dsoType", "all").lower()
        if kind not in KINDS:
            raise DSpaceError(400)
        items = [item for item in self.held.indexed() if self._readable(call, item)]
        if not (self._is_administrator(call) and call.asked.get("configuration") == ADMINISTRATIVE):
            items = [item for item in items if item.discoverable and not item.withdrawn]
        items = [item for item in items if item.in_archive]
        found = search(items, call.asked.get("query", ""), dated=self.held.dated) if kind in ("item", "all") else []
        with self.held.lock:
            hits = [self.held.items[item.uuid] for item in found if item.uuid in self.held.items]
        page = self._page(call, len(hits))
        links = page.links(f"{self.held.base}/api/discover/search/objects", call.asked)
        shown = self._shown(call, page.cut(hits))
        return Reply(body=bodies.found(self.held.base, shown, page, links, call.asked.get("query")))

    def _find(self, call: Call) -> Reply:
        """A handle, or a DOI of the repository's own; the 404 has no body."""
        if "id" not in call.asked:
            raise DSpaceError(400)
        told = call.asked["id"]
        doi, handle = DOI.fullmatch(told), HANDLE.fullmatch(told)
        with self.held.lock:
            for item in self.held.items.values():
                minted = doi and item.minted and doi[1].lower() == item.minted.lower()
                if minted or (handle and handle[1] == item.handle):
                    if not (self.held.finds_closed or self._readable(call, item)):
                        raise DSpaceError(500)
                    return Reply(status=302, headers={"Location": f"{self.held.base}/api/core/items/{item.uuid}"})
        return Reply(status=404)

    def _shown(self, call: Call, items: Sequence[Item]) -> list[Body]:
        admin = self._is_administrator(call)
        embed = call.asked.get("embed", "")
        return [
            bodies.item_body(self.held.base, item, emptied=item.withdrawn and not admin, embed=embed) for item in items
        ]

    def _readable(self, call: Call, item: Item) -> bool:
        groups = {"Anonymous", *(self.held.special_groups or ())} | ({"Staff"} if self._known(call) else set())
        return self._is_administrator(call) or item.readable(groups, self.held.now())

    def _is_administrator(self, call: Call) -> bool:
        return self.held.sees_withdrawn and self._known(call)

    def _page(self, call: Call, total: int) -> Page:
        number, size = call.asked.get("page", "0"), call.asked.get("size", "20")
        if not (NUMBER.fullmatch(number) and NUMBER.fullmatch(size) and int(size)):
            raise DSpaceError(400)
        return Page(int(number), min(int(size), self.held.page_limit), total)

    def _known(self, call: Call) -> bool:
        return self.held.logins.good(call.headers.get("authorization", ""))

    def _known_or_401(self, call: Call) -> None:
        if not self._known(call):
            raise DSpaceError(401)


def _parts(name: str) -> list[str]:
    return [*name.split("."), ""][:3]


def _no_number(told: str) -> None:
    raise ValueError(told)
