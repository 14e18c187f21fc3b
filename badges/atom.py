"""Lists as Atom feeds (RFC 4287)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from sync import store

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; `id` is an IRI that never changes, `at` microseconds, `link` empty where there is nowhere to go."""

    id: str
    title: str
    at: int
    link: str
    summary: str = ""


def feed(*, id_: str, title: str, page: str, here: str, author: str, updated: int, entries: Iterable[Entry]) -> bytes:
    """A feed: `page` is what it belongs to, `here` its own address, `author` who answers for it."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]
    _text(root, "id", id_)
    _text(root, "title", title)
    _text(root, "updated", store.stamp(updated))
    _link(root, "alternate", page)
    _link(root, "self", here)
    _text(etree.SubElement(root, f"{{{_ATOM}}}author"), "name", author)
    for each in entries:
        entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "id", each.id)
        _text(entry, "title", each.title)
        _text(entry, "updated", store.stamp(each.at))
        if each.link:
            _link(entry, "alternate", each.link)
        if each.summary:
            _text(entry, "summary", each.summary)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = _NOT_XML.sub("", text)


def _link(parent: etree._Element, rel: str, address: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=_NOT_XML.sub("", address))
