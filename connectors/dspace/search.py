"""What a search of a DSpace answers: its rows, each with the item as it is now, and how many there are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.documents import Document, within
from connectors.errors import NotUnderstood
from connectors.oai_pmh.xml import moment

OBJECTS = "/api/discover/search/objects"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_END = re.compile(rf"/({UUID.pattern})/?(?:[?#].*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was found. `key` is its UUID, empty where none can be read; `item` is None where only a link tells
    it, as of what we may not see. `told` is the row as it came."""

    key: str
    item: Document | None
    told: object

    @property
    def of_an_item(self) -> bool:
        """Whether it says that it is an item, or does not say what it is."""
        return self.item is None or self.item.get("type", "item") == "item"

    @property
    def handle(self) -> str:
        """Its handle, empty where none is told."""
        handle = self.item.get("handle") if self.item else None
        return handle if isinstance(handle, str) else ""

    @property
    def changed(self) -> datetime | None:
        """When it was last modified, as far as that is told."""
        stamp = self.item.get("lastModified") if self.item else None
        return moment(stamp) if isinstance(stamp, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of what was found: page `number` of `pages`, of `size` rows at most, of `total` in all."""

    rows: Sequence[Row]
    number: int
    size: int
    pages: int
    total: int


def sheet(told: Document) -> Sheet:
    """A page as it was told. Raises `NotUnderstood` where it is none."""
    result = _within(told, "_embedded", "searchResult")
    number, size, pages, total = (_whole(_within(result, "page").get(key)) for key in _PAGING)
    found = _within(result, "_embedded").get("objects") if total else []
    rows = [_row(each) for each in found] if isinstance(found, list) else []
    return Sheet(rows=rows, number=number, size=size, pages=pages, total=total)


_PAGING = ("number", "size", "totalPages", "totalElements")


def _row(told: object) -> Row:
    item = within(told, "_embedded", "indexableObject")
    item = item if isinstance(item, Mapping) else None
    links = (within(item, "_links", "self", "href"), within(told, "_links", "indexableObject", "href"))
    uuid = item.get("uuid") if item else None
    if isinstance(uuid, str) and UUID.fullmatch(uuid):
        return Row(key=uuid, item=item, told=told)
    linked = (_END.search(link) for link in links if isinstance(link, str))
    return Row(key=next((link[1] for link in linked if link), ""), item=None, told=told)


def _within(told: object, *keys: str) -> Document:
    inner = within(told, *keys)
    if not isinstance(inner, Mapping):
        raise NotUnderstood(f"an answer of the search without its {keys[-1]}")
    return inner


def _whole(number: object) -> int:
    if type(number) is not int or number < 0:
        raise NotUnderstood("an answer of the search without its page numbers")
    return number
