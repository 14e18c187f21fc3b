"""A PDF as sightings: of the addresses behind its links, and in its words, each with its page."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree

from connectors import sightings
from connectors.documents import listed, objects
from connectors.documents import text as words
from connectors.errors import NotUnderstood
from connectors.sightings import Sighting
from connectors.texts import LONGEST_EXCERPT

READER = Path(__file__).with_name("reader.py")
PATIENCE = 60.0  # seconds for one file, waiting for the processor included
LONGEST_TITLE = 500

_LINE_END = re.compile(r"((?:10\.[0-9]{4,9}/|doi\.org/|https?://|www\.)[^\s]{0,500}?)[ \t]*\n[ \t]*(?=([^\n]{1,500}))")
_NEXT_REFERENCE = re.compile(r"\[?[0-9]{1,4}[.)\]]?[ \t]|\[[0-9]{1,4}\]")
_FILE = re.compile(r"\S+|Microsoft (?:Word|PowerPoint|Excel) - .*")
_PARSER = etree.XMLParser(no_network=True, huge_tree=False, load_dtd=False, recover=False)


@dataclass(frozen=True, slots=True)
class Pdf:
    """What it is called, by itself; what it names; and what its metadata names, which is the document itself."""

    title: str
    found: tuple[Sighting, ...]
    own: tuple[Sighting, ...]


def read(body: bytes) -> Pdf:
    """Raises `NotUnderstood` for what cannot be read within the limits."""
    told = _told(body)
    info = told.get("info")
    facts = {str(name): words(each) for name, each in info.items()} if isinstance(info, dict) else {}
    title = facts.get("/Title", "")[:LONGEST_TITLE]
    about = "\n".join((*facts.values(), _of_xmp(told.get("xmp"))))
    return Pdf(
        title="" if _FILE.fullmatch(title) else title,
        found=tuple(_found(objects(told.get("pages")))),
        own=tuple(sightings.plain(about)),
    )


def _told(body: bytes) -> dict[str, Any]:
    try:
        ran = subprocess.run(  # noqa: S603 - ourselves
            (sys.executable, "-I", str(READER)),
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            check=True,
            timeout=PATIENCE,
        )
        told = json.loads(ran.stdout)
    except (subprocess.SubprocessError, OSError, ValueError, RecursionError):
        raise NotUnderstood("a PDF that cannot be read within the limits") from None
    if not isinstance(told, dict):
        raise NotUnderstood("a PDF that cannot be read")
    return told


def _found(pages: list[Any]) -> Iterator[Sighting]:
    for number, page in enumerate(pages, 1):
        for address in listed(page.get("links")):
            if isinstance(address, str):
                yield from (_on(number, each) for each in sightings.address(address))
        text = page.get("text")
        if isinstance(text, str):
            yield from (_on(number, each) for each in sightings.plain(whole_lines(text)))


def _on(number: int, sighting: Sighting) -> Sighting:
    return replace(sighting, excerpt=f"p. {number}: {sighting.excerpt}"[:LONGEST_EXCERPT])


def whole_lines(text: str) -> str:
    """The text with what was broken at the end of a line made whole, where it is an address or a DOI.

    Half an identifier is another one, so in doubt it is joined: then it names nothing that is known, and what it was
    meant to name is missed. What begins the next reference of a list is none of it."""
    for _ in range(4):  # one may be broken more than once
        joined = _LINE_END.sub(lambda found: _joined(found[1], found[2], found[0]), text)
        if joined == text:
            break
        text = joined
    return text


def _joined(before: str, after: str, whole: str) -> str:
    """What stands before the end of a line, without that end where the next line goes on with it."""
    if _NEXT_REFERENCE.match(after):
        return whole
    first = after[0]
    broken = before[-1] in "/-_" or first in "/-_." or first.isdigit() or (before[-1] in ".:=" and first.islower())
    return before if broken else whole


def _of_xmp(told: object) -> str:
    """The texts and attributes of the metadata that a PDF may carry, a line for each."""
    try:
        root = etree.fromstring(told.encode(), _PARSER) if isinstance(told, str) and told else None
    except (etree.LxmlError, ValueError):
        return ""
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        return ""
    return "\n".join(
        (*map(str, root.itertext()), *(str(each) for node in root.iter() for each in node.attrib.values()))
    )
