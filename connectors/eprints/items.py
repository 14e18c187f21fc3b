"""A record of an EPrints (EP3 XML) as an item.

Sites add fields and take others away, so whatever is not there is left out. Authors are not read: nothing tells whether
one may be named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from config.visibility import Visibility
from connectors.eprints.flags import SHOWN, SUCCEEDED, TOLD, judge
from connectors.identifiers import Identifier, normalise
from connectors.published import issns, written
from connectors.records import Item, Version
from connectors.texts import one_line
from connectors.xml import Element

EP3 = "{http://eprints.org/ep2/data/2.0}"
DOI_FIELDS = ("id_number", "official_url")
"""Where a DOI stands beside the fields of the settings: the first is free text, the second any address."""

TYPES = {
    "article": "journal-article",
    "book_section": "chapter",
    "conference_item": "conference",
    "monograph": "report",
    "thesis": "thesis-dissertation",
}
"""Types by the words that we have for them; a monograph of an EPrints is a report or working paper. Others stay."""

IDENTIFIERS = {"pmc_id": "pmcid", "isbn": "isbn"}
PAGE = re.compile(r"(https?://.+)/id/eprint/([0-9]{1,10})")
LONGEST = 200  # characters of a flag that are kept


def item(key: str, eprint: Element, doi_fields: Iterable[str]) -> Item:
    """The item that was asked for by its key."""
    fields = _fields(eprint)
    if set(_texts(fields, "eprintid")) != {key}:
        return unread(key, "its XML has another id than it was asked for by")
    told = {name: _flag(fields[name]) for name in TOLD if name in fields}
    visibility, doubts = judge(told)
    page = PAGE.fullmatch((eprint.get("id") or "").strip())
    joining = () if told.get(SHOWN) == SUCCEEDED else (*dois(eprint, doi_fields), *_others(fields))
    named = [one for one in joining if one.scheme == "doi"]
    return Item(
        key=key,
        title=_first(fields, "title"),
        type=TYPES.get(kind := _first(fields, "type"), kind.replace("_", "-")),
        visibility=visibility,
        journal=_first(fields, "publication"),
        issns=issns(_texts(fields, "issn")),
        published=_published(fields),
        identifiers=(*named[:1], *(one for one in joining if one not in named), *_pages(page, key)),
        other_dois=tuple(named[1:]),
        versions=tuple(_versions(fields, page)),
        raw=told,
        doubts=doubts,
    )


def unread(key: str, doubt: str) -> Item:
    """A record of which only the key is known."""
    return Item(key=key, title="", type="", visibility=Visibility.PRIVATE, doubts=(doubt,), unread=True)


def dois(eprint: Element, doi_fields: Iterable[str]) -> tuple[Identifier, ...]:
    """The record's own DOIs, the one that counts first. `related_url` names those of other works, and is not read."""
    fields = _fields(eprint)
    texts = (text for name in (*doi_fields, *DOI_FIELDS) for text in _texts(fields, name))
    return tuple(dict.fromkeys(found for text in texts if (found := normalise("doi", text))))


def _fields(eprint: Element) -> dict[str, list[Element]]:
    fields: dict[str, list[Element]] = {}
    for each in eprint.iterchildren(f"{EP3}*"):
        fields.setdefault(str(each.tag).removeprefix(EP3), []).append(each)
    return fields


def _flag(told: Iterable[Element]) -> str:
    """What a flag says. One that comes twice and differs, or has something inside, fits no word."""
    texts = ["".join(map(str, one.itertext())).strip() if not len(one) else "something inside" for one in told]
    return one_line(" | ".join(dict.fromkeys(texts)))[:LONGEST]


def _texts(fields: Mapping[str, list[Element]], name: str) -> list[str]:
    """The texts of a field: one, or one for each of its items, or each of its languages."""
    return [text for one in fields.get(name, ()) for each in one.itertext() if (text := one_line(str(each)))]


def _first(fields: Mapping[str, list[Element]], name: str) -> str:
    return next(iter(_texts(fields, name)), "")


def _others(fields: Mapping[str, list[Element]]) -> Iterator[Identifier]:
    """All but DOIs that the record states of itself."""
    found = (normalise(scheme, text) for name, scheme in IDENTIFIERS.items() for text in _texts(fields, name))
    yield from dict.fromkeys(filter(None, found))


def _pages(page: re.Match[str] | None, key: str) -> Iterator[Identifier]:
    """The addresses of the record's own page: its URI, which leads to one of the others, as the site has it."""
    if page and page[2] == key:
        found = (normalise("url", page[1] + way) for way in (f"/id/eprint/{key}", f"/id/eprint/{key}/", f"/{key}/"))
        yield from filter(None, found)


def _versions(fields: Mapping[str, list[Element]], page: re.Match[str] | None) -> Iterator[Version]:
    """The earlier version that this one succeeds. A commentary is a work of its own."""
    older = _first(fields, "succeeds")
    if page and re.fullmatch("[0-9]{1,10}", older) and (address := normalise("url", f"{page[1]}/id/eprint/{older}")):
        yield Version("is_new_version_of", address)


def _published(fields: Mapping[str, list[Element]]) -> str:
    """The date, where it is that of publication: as much of it as is on the calendar."""
    if _first(fields, "date_type") not in ("", "published"):
        return ""
    return written(_first(fields, "date"))
