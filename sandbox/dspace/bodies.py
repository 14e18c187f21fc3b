"""The documents of a practice DSpace, in HAL as DSpace writes it: absolute links, `_embedded`, `page`."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import TypeVar
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from sandbox.dspace.access import PERSON, Release
from sandbox.dspace.errors import stamp
from sandbox.dspace.items import Item, Metadata, Policy

Body = dict[str, object]
Thing = TypeVar("Thing")

LINKED = (
    "accessStatus", "bundles", "identifiers", "mappedCollections", "owningCollection", "relationships", "version",
    "templateItemOf", "thumbnail",
)  # fmt: skip
"""What an item links to; of these only the item itself is served, and the access status where it shall be embedded."""


class Page:
    """A part of a listing: page `number` of `size`, counted from 0."""

    def __init__(self, number: int, size: int, total: int) -> None:
        self.number, self.size, self.total = number, size, total
        self.last = max(ceil(total / size) - 1, 0)

    def cut(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """What of all things is on this page."""
        return things[self.number * self.size : (self.number + 1) * self.size]

    def body(self) -> Body:
        """`page` of a document."""
        pages = ceil(self.total / self.size)
        return {"number": self.number, "size": self.size, "totalPages": pages, "totalElements": self.total}

    def links(self, address: str, asked: dict[str, str]) -> Body:
        """`_links` of a document: the pages around this one, with everything else as it was asked."""
        places = {"first": 0, "prev": self.number - 1, "self": self.number, "next": self.number + 1, "last": self.last}
        return {
            name: {"href": f"{address}?{urlencode(asked | {'page': str(place), 'size': str(self.size)})}"}
            for name, place in places.items()
            if name == "self" or (0 <= place <= self.last and self.last > 0)
        }


def root(base: str, release: Release) -> Body:
    """The document at `/api`."""
    places = {
        "items": "core/items", "metadatafields": "core/metadatafields", "metadataschemas": "core/metadataschemas",
        "discover": "discover", "authn": "authn", "pid": "pid/find{?id}",
    }  # fmt: skip
    return {
        "dspaceUI": base.removesuffix("/server"),
        "dspaceName": "Example Repository",
        "dspaceServer": base,
        "dspaceVersion": release.name,
        "type": "root",
        "_links": {name: {"href": f"{base}/api/{place}"} for name, place in places.items()} | _self(f"{base}/api"),
    }


def status(base: str, *, known: bool) -> Body:
    """Who is asking."""
    links = {"eperson": {"href": f"{base}/api/eperson/epersons/{PERSON}"}} if known else {}
    return {
        "id": None,
        "okay": True,
        "authenticated": known,
        "authenticationMethod": "password" if known else None,
        "type": "status",
        "_links": links | _self(f"{base}/api/authn/status"),
    }


def item_body(base: str, item: Item, *, emptied: bool, embed: str = "") -> Body:
    """One item, with what shall be embedded; `emptied`: its metadata are not shown."""
    address = f"{base}/api/core/items/{item.uuid}"
    body = {
        "id": item.uuid,
        "uuid": item.uuid,
        "name": next(iter(item.texts("dc.title")), None),
        "handle": item.handle,
        "metadata": {} if emptied else _metadata(item.metadata),
        "inArchive": item.in_archive,
        "discoverable": item.discoverable,
        "withdrawn": item.withdrawn,
        "lastModified": stamp(item.last_modified),
        "entityType": next(iter(item.texts("dspace.entity.type")), None),
        "type": "item",
        "_links": {name: {"href": f"{address}/{name}"} for name in LINKED} | _self(address),
    }
    if embed == "accessStatus":
        body["_embedded"] = {embed: {**item.files, "type": embed, "_links": _self(f"{address}/{embed}")}}
    return {name: told for name, told in (body | dict(item.odd)).items() if item.odd.get(name, name) is not None}


def policy_body(base: str, number: int, policy: Policy, *, embed: bool) -> Body:
    """One policy, with its group where that was asked for."""
    address = f"{base}/api/authz/resourcepolicies/{number}"
    group = None if policy.group is None else group_body(base, policy.group)
    embedded: Body = {"_embedded": {"group": group}} if embed else {}
    return embedded | {
        "id": number,
        "name": None,
        "description": None,
        "policyType": "TYPE_INHERITED",
        "action": policy.action,
        "startDate": policy.start or None,
        "endDate": policy.end or None,
        "type": "resourcepolicy",
        "_links": {name: {"href": f"{address}/{name}"} for name in ("eperson", "group", "resource")} | _self(address),
    }


def group_body(base: str, name: str) -> Body:
    """One group of people."""
    uuid = str(uuid5(NAMESPACE_URL, f"https://repository.example.edu/groups/{name}"))
    address = f"{base}/api/eperson/groups/{uuid}"
    return {
        "id": uuid,
        "uuid": uuid,
        "name": name,
        "handle": None,
        "metadata": {},
        "permanent": name == "Anonymous",
        "type": "group",
        "_links": {kind: {"href": f"{address}/{kind}"} for kind in ("subgroups", "epersons")} | _self(address),
    }


def listing(name: str, things: Iterable[Body], page: Page, links: Body) -> Body:
    """A page of things of one kind."""
    return {"_embedded": {name: list(things)}, "_links": links, "page": page.body()}


def found(base: str, items: Iterable[Body], page: Page, links: Body, query: str | None) -> Body:
    """A page of what a search found, nested as DSpace nests it."""
    objects = [
        {
            "hitHighlights": None,
            "type": "discover",
            "_links": {"indexableObject": {"href": f"{base}/api/core/items/{item['uuid']}"}},
            "_embedded": {"indexableObject": item},
        }
        for item in items
    ]
    return {
        "id": None,
        "scope": None,
        "query": query,
        "appliedFilters": None,
        "sort": None,
        "configuration": None,
        "type": "discover",
        "_links": {"self": links["self"]},
        "_embedded": {
            "searchResult": {"_embedded": {"objects": objects}, "_links": links, "page": page.body()},
            "facets": {"_links": _self(f"{base}/api/discover/facets")},
        },
    }


def field_body(base: str, fields: Sequence[str], name: str) -> Body:
    """One field of the registry; its number is its place."""
    schema, element, qualifier = [*name.split("."), None][:3]
    number = fields.index(name) + 1
    address = f"{base}/api/core/metadatafields/{number}"
    return {
        "id": number,
        "element": element,
        "qualifier": qualifier,
        "scopeNote": None,
        "type": "metadatafield",
        "_links": {"schema": {"href": f"{address}/schema"}} | _self(address),
        "_embedded": {"schema": schema_body(base, fields, str(schema))},
    }


def schema_body(base: str, fields: Iterable[str], prefix: str) -> Body:
    """One schema; its number is the place of its prefix."""
    number = prefixes(fields).index(prefix) + 1
    return {
        "id": number,
        "prefix": prefix,
        "namespace": f"https://repository.example.edu/schema/{prefix}",
        "type": "metadataschema",
        "_links": _self(f"{base}/api/core/metadataschemas/{number}"),
    }


def prefixes(fields: Iterable[str]) -> list[str]:
    """The schemas of some fields, in their order."""
    return sorted({name.partition(".")[0] for name in fields})


def _metadata(metadata: Metadata) -> Body:
    return {
        name: [
            {
                "value": held.value,
                "language": held.language,
                "authority": held.authority,
                "confidence": held.confidence,
                "place": place,
                **({} if held.security is None else {"securityLevel": held.security}),
            }
            for place, held in enumerate(values)
        ]
        for name, values in sorted(metadata.items())
    }


def _self(address: str) -> Body:
    return {"self": {"href": address}}
