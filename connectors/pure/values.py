"""Single values of Pure's documents, read with suspicion: what is not as it should be is empty or None."""

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from connectors import published
from connectors.documents import Document, objects, text, within
from connectors.records import EVIDENCE
from connectors.texts import one_line, readable_key

SHOWN = 200  # characters of a privacy input
_BLOCK = re.compile(r"</?(?:p|br|div|li)(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|span|small|font|a)(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE)


def first(told: object) -> str:
    """A text in the first language that has one: `{"en_GB": ...}`, `{"text": [{"value": ...}]}` or as it stands."""
    if not isinstance(told, dict):
        return text(told)
    parts = told.get("text")
    texts = [each.get("value") for each in objects(parts)] if isinstance(parts, list) else list(told.values())
    return next(filter(None, map(text, texts)), "")


def formatted(told: object) -> str:
    """A title without its markup; the legacy API says of some that they have none."""
    if not isinstance(told, dict):
        return ""
    plain = text(told.get("value"))
    if told.get("formatted") is False:
        return plain
    return one_line(html.unescape(_INLINE.sub("", _BLOCK.sub(" ", plain))))


def word(classification: object) -> str:
    """The last part of the URI of a classification, such as `academic`."""
    return uri(classification).rpartition("/")[2]


def uri(classification: object) -> str:
    """The URI of a classification."""
    return text(within(classification, "uri"))


def key_of(told: object) -> str:
    """The uuid of a record or a reference; empty where it cannot be read."""
    found = within(told, "uuid")
    return readable_key(found) if isinstance(found, str) else ""


def day(told: object) -> date | None:
    """A day, also out of a time with an offset: it is the institution's own."""
    if not isinstance(told, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", told, re.ASCII | re.DOTALL):
        return None
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return None


def moment(told: object) -> datetime | None:
    """A time with an offset."""
    if not isinstance(told, str):
        return None
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def compound(told: object) -> str:
    """As much of a date in parts as there is on the calendar, in ISO form."""
    parts = (within(told, name) for name in ("year", "month", "day"))
    return published.on(*(part if type(part) is int else 0 for part in parts))


def shown(told: object) -> str:
    """A privacy input as told, cut."""
    return evidence(told)[:SHOWN]


def evidence(told: object) -> str:
    """Something as it was told, on one line, cut."""
    try:
        return one_line((told if isinstance(told, str) else json.dumps(told, ensure_ascii=False))[:EVIDENCE])
    except (ValueError, RecursionError):  # of numbers without end, and of what is nested too deep
        return "?"


def identifiers(told: Document) -> Iterator[tuple[str, str]]:
    """Source and value of each identifier of a record, of both APIs; the source in small letters."""
    listed = [*objects(told.get("identifiers")), *objects(within(told, "info", "additionalExternalIds"))]
    for each in [*listed, {"idSource": told.get("externalIdSource"), "value": told.get("externalId")}]:
        source = text(each.get("idSource")) or word(each.get("type"))
        value = text(each.get("value")) or text(each.get("id"))
        if source and value:
            yield source.lower(), value
