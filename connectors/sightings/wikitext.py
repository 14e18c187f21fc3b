"""Identifiers in wikitext: in citation templates, in external links, and in all other words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.identifiers import normalise
from connectors.sightings.plain import isbn, may_have, scan
from connectors.sightings.sighting import LARGEST, Sighting, distinct, sightings

DEEPEST = 40  # templates within templates, as MediaWiki expands them; braces beyond are text

FIELDS = {  # names of a template's fields, in lower case
    "doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "arxiv": "arxiv", "eprint": "arxiv", "isbn": "isbn",
    "isbn13": "isbn", "hdl": "handle", "handle": "handle", "ssrn": "ssrn", "bibcode": "ads", "nct": "nct", "urn": "urn",
}  # fmt: skip
TEMPLATES = {  # names of templates whose unnamed fields are identifiers, in lower case
    "doi": "doi", "doi-inline": "doi", "cite doi": "doi", "pmid": "pmid", "cite pmid": "pmid", "pmc": "pmcid",
    "cite pmc": "pmcid", "arxiv": "arxiv", "cite arxiv": "arxiv", "hdl": "handle", "handle": "handle", "isbn": "isbn",
    "isbnt": "isbn", "ssrn": "ssrn", "bibcode": "ads", "urn": "urn", "clinicaltrialsgov": "nct",
}  # fmt: skip

_FLAGS = re.ASCII | re.IGNORECASE
_PIECES = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\||<!--|<nowiki>|<(?=/?(?:ref|references|nowiki|br|small|sub|sup)\b)", _FLAGS
)
_TAG = re.compile(r"<[^<>]{1,500}>")
_ENDS = {"<!--": "-->", "<nowiki>": "</nowiki>"}
_BEGINS = {"}}": "{{", "]]": "[["}


@dataclass
class _Open:
    """A template or an internal link that has begun: its fields so far, each in pieces."""

    mark: str
    fields: list[list[str]] = field(default_factory=lambda: [[]])


def wikitext(text: str) -> list[Sighting]:
    """Those of templates as they end, those of all other words with the piece that they stand in. Comments are not
    read; what is in <nowiki> is, as text."""
    return distinct(_scan(text[:LARGEST])) if may_have(text) else []


def _scan(text: str) -> Iterator[Sighting]:
    opened = [_Open("")]
    position = 0
    unclosed: set[str] = set()
    while piece := _PIECES.search(text, position):
        opened[-1].fields[-1].append(text[position : piece.start()])
        mark, position = piece[0].lower(), piece.end()
        if mark in _ENDS:
            end = -1 if mark in unclosed else text.find(_ENDS[mark], position)
            if end < 0:  # and so for all that follow: nothing is searched twice
                unclosed.add(mark)
            elif mark == "<nowiki>":
                opened[-1].fields[-1].append(text[position:end])
            position = position if end < 0 else end + len(_ENDS[mark])
        elif mark == "<":
            tag = _TAG.match(text, piece.start())
            opened[-1].fields[-1].append(" ")
            position = tag.end() if tag else position
        elif mark == "|":
            opened[-1].fields.append([])
        elif mark in ("{{", "[[") and len(opened) < DEEPEST:
            opened.append(_Open(mark))
        elif any(one.mark == _BEGINS.get(mark) for one in opened):
            while opened[-1].mark != _BEGINS[mark]:  # what has begun within and not ended is words
                yield from _words(opened.pop())
            yield from _ended(opened.pop(), opened[-1])
        else:  # nothing has begun that it would end
            opened[-1].fields[-1].append(mark)
    opened[-1].fields[-1].append(text[position:])
    for one in opened:
        yield from _words(one)


def _ended(one: _Open, around: _Open) -> Iterator[Sighting]:
    """A link's words belong to what stands around it; a template is read by its fields and leaves a blank."""
    if one.mark == "[[":
        around.fields[-1].append(f"[[{' '.join(map(''.join, one.fields))}]]")
        return
    around.fields[-1].append(" ")
    name, *fields = map("".join, one.fields)
    unnamed = TEMPLATES.get(" ".join(name.replace("_", " ").lower().split()))
    for told in fields:
        key, equals, value = told.partition("=")
        scheme = FIELDS.get(key.strip().lower()) if equals else unnamed
        if equals and key.strip().isdigit():
            scheme = unnamed
        yield from _of_field(
            scheme, (value if equals else told).strip(), (told if equals else f"{name}|{told}").strip()
        )


def _of_field(scheme: str | None, value: str, told: str) -> Iterator[Sighting]:
    """Of a field known by its name; of all others, and where it is no such identifier, what its words have."""
    bare = value.removeprefix("((").removesuffix("))") if value.startswith("((") else value  # "accept this as written"
    found = (isbn(bare) if scheme == "isbn" else normalise(scheme, bare)) if scheme and bare else None
    if found:
        yield from sightings(found, "template", told)
    else:
        yield from scan(told)


def _words(one: _Open) -> Iterator[Sighting]:
    """What is no part of a template, and what has begun as one and never ends."""
    for told in one.fields:
        yield from scan("".join(told))
