"""Events as DataCite tells them, and which of them say that one work cites another."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from connectors.answering import proof, words, written
from connectors.attention import Mention
from connectors.documents import Document, part, within
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier, canonical_url, normalise
from connectors.sightings import address

# Who cites whom. Left out is what a work says of itself (its parts, versions, supplements, metadata, funders, authors)
# and what is counted of its use: neither is said by somebody else.
CITES = ("cites", "references", "reviews", "documents")
CITED_BY = ("is-cited-by", "is-referenced-by", "is-reviewed-by", "is-documented-by")
NEVER = "0000"  # the year of what has no day
_CURSOR = re.compile(r"[!-~]{1,500}")


def next_cursor(told: Document) -> str:
    """From where the next page goes on; empty where there is none."""
    link = within(told, "links", "next")
    if link is None:
        return ""
    cursor = ""
    if isinstance(link, str):
        with suppress(ValueError):
            cursor = parse_qs(urlsplit(link).query).get("page[cursor]", [""])[0]
    if not _CURSOR.fullmatch(cursor):
        raise NotUnderstood("a next page without a cursor")
    return cursor


def mentions(events: Iterable[Document], asked: Identifier) -> tuple[Mention, ...]:
    """What cites it, each once, since the first day that is told: both sides may have registered the same."""
    found: dict[str, Mention] = {}
    for event in events:
        told = _mention(part(event, "attributes"), asked)
        if told is not None and (told.key not in found or _day(told) < _day(found[told.key])):
            found[told.key] = told
    return tuple(found.values())


def _mention(event: Document, asked: Identifier) -> Mention | None:
    relation, subject, object_ = (words(event, name) for name in ("relationTypeId", "subjId", "objId"))
    if not (relation and subject and object_):
        raise NotUnderstood("an event that does not say what it is")
    if relation not in CITES + CITED_BY or words(event, "messageAction") == "delete":
        return None
    cited, citing = (object_, subject) if relation in CITES else (subject, object_)
    evidence = proof(asked, address(cited), json.dumps(event, sort_keys=True))
    doi = normalise("doi", citing)
    url = canonical_url(f"https://doi.org/{doi.value}" if doi else citing)
    day = words(event, "occurredAt")
    if not evidence or doi == asked or day.startswith(NEVER):
        return None
    if not url:
        raise NotUnderstood("an event of what has no address")
    return Mention(
        key=str(doi or url),
        source="misc",
        targets=(asked,),
        url=url,
        occurred_at=written(day, "occurredAt"),
        evidence=evidence,
    )


def _day(mention: Mention) -> datetime:
    assert mention.occurred_at is not None  # noqa: S101 - each has one
    return mention.occurred_at
