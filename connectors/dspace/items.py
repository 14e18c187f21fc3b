"""What a DSpace says of its items: which carry an identifier, and what one of their fields holds."""

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.documents import Document
from connectors.dspace.rest import FIND, Rest
from connectors.dspace.search import OBJECTS, UUID, sheet
from connectors.errors import NotAllowed, NotUnderstood
from connectors.identifiers import Identifier, normalise
from connectors.texts import quoted

PAGE = 100  # what is asked for; a smaller limit of the server is kept to in silence, and does no harm
MOST = 1000  # candidates for one DOI; a search that finds more is not searching for it
FIELD = re.compile(r"([A-Za-z][\w-]{0,31})\.([\w-]{1,64})(?:\.([\w-]{1,64}))?", re.ASCII)


def parts(field: str) -> tuple[str, str, str]:
    """Schema, element and qualifier (may be empty) of a metadata field. Raises `NotAllowed` where it is none."""
    found = FIELD.fullmatch(field)
    if not found:
        raise NotAllowed(f'"{field}" is no metadata field; write schema.element or schema.element.qualifier')
    return found[1], found[2], found[3] or ""


def path_of(address: str) -> str:
    """The path of an item. Raises `NotUnderstood` for an address that is no UUID."""
    if not UUID.fullmatch(address):
        raise NotUnderstood("the address of an item is no UUID, so nothing was asked for")
    return f"/api/core/items/{address}"


def address_of(path: str) -> str:
    """The address of the item at a path, as `path_of` gives it. Raises `NotUnderstood` for what is no item."""
    address = path.rpartition("/")[2]
    if not UUID.fullmatch(address) or not path.endswith(path_of(address)):
        raise NotUnderstood(f"{path}: a handle leads there, and that is no item")
    return address


def metadata(item: Document, address: str) -> Mapping[str, object]:
    """All fields of the item that was asked for; empty where we may not see them, for no item has none."""
    if item.get("uuid") != address:
        raise NotUnderstood("another item answered than was asked for")
    fields = item.get("metadata")
    if not isinstance(fields, dict):
        raise NotUnderstood("an item without its metadata")
    return fields


def values(fields: Mapping[str, object], field: str) -> tuple[str, ...]:
    """The values of a field in the order of their `place`, which is the order a patch counts in."""
    told = fields.get(field, [])
    if not isinstance(told, list):
        raise NotUnderstood(f"the values of {field} are no list")
    placed = [_placed(value, at, field) for at, value in enumerate(told)]
    return tuple(text for _, text in sorted(placed, key=lambda pair: pair[0]))


def _placed(value: object, at: int, field: str) -> tuple[int, str]:
    text, place = (value.get("value"), value.get("place", at)) if isinstance(value, dict) else (None, None)
    if not isinstance(text, str) or not isinstance(place, int):
        raise NotUnderstood(f"a value of {field} is no text, or in no place")
    return place, text.encode(errors="replace").decode()  # half a surrogate pair can be told, but not kept


def carrying(rest: Rest, identifiers: Sequence[Identifier], fields: Sequence[str]) -> tuple[str, ...]:
    """The UUIDs of the archived items that carry one of the identifiers in one of the fields, or as their handle.

    A search finds more than what was asked for, since the index takes texts apart, so each candidate's own metadata
    decides."""
    for field in fields:
        parts(field)
    found = set()
    for wanted in identifiers:
        candidates = _SEARCHES.get(wanted.scheme)
        for item in candidates(rest, wanted, fields) if candidates else ():
            if item.get("inArchive") is True and item.get("withdrawn") is False and _carries(item, wanted, fields):
                found.add(_uuid(item))
    return tuple(sorted(found))


def holding(rest: Rest, field: str, text: str) -> tuple[str, ...]:
    """The UUIDs of the items of which one value of a field holds a text; none where the index knows no such field."""
    parts(field)
    items = _search(rest, f"{field}:{quoted(text)}", absent=(400, 422))
    return tuple(sorted({_uuid(each) for each in items if any(text in told for told in values(_fields(each), field))}))


def _fields(item: Document) -> Mapping[str, object]:
    return metadata(item, _uuid(item))


def _by_handle(rest: Rest, wanted: Identifier, _: Sequence[str]) -> Iterator[Document]:
    told = rest.get(FIND, {"id": wanted.value}, absent=(404, 501))  # 501: nothing resolves such
    if told is not None and told.get("type") == "item":
        yield told


def _by_search(rest: Rest, wanted: Identifier, fields: Sequence[str]) -> Iterator[Document]:
    return _search(rest, " OR ".join(f"{field}:{quoted(wanted.value)}" for field in fields))


def _search(rest: Rest, query: str, absent: Sequence[int] = ()) -> Iterator[Document]:
    page, pages = 0, 1
    while page < pages:
        asked = {"dsoType": "item", "query": query, "page": str(page), "size": str(PAGE)}
        told = rest.get(OBJECTS, asked, absent=absent)
        if told is None:
            return
        found = sheet(told)
        pages = found.pages
        if found.number != page or found.total > MOST or pages > MOST:
            raise NotUnderstood("the search does not page as asked, or finds far more than one identifier can be in")
        for row in found.rows:
            if row.item is None:
                raise NotUnderstood("an answer of the search without its indexableObject")
            yield row.item
        page += 1


_SEARCHES = {"handle": _by_handle, "doi": _by_search}


def _carries(item: Document, wanted: Identifier, fields: Sequence[str]) -> bool:
    told = _fields(item)
    texts = [text for field in fields for text in values(told, field)]
    if wanted.scheme == "handle" and isinstance(handle := item.get("handle"), str):
        texts.append(handle)
    return any(normalise(wanted.scheme, text) == wanted for text in texts)


def _uuid(item: Document) -> str:
    uuid = item.get("uuid")
    if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
        raise NotUnderstood("an item without its UUID")
    return uuid
