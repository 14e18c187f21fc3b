"""What an administrator speaks of, hidden or not: `person:ID`, `group:ID`, or an output by any of its identifiers."""

from datetime import UTC, datetime, time
from typing import Literal, NamedTuple

from connectors.identifiers import parse
from sync import store
from sync.acts.office import Office, Refused

LONGEST = 16  # digits of a public id


class Subject(NamedTuple):
    """`id` is the row key, which never leaves."""

    kind: Literal["output", "person", "group"]
    id: int
    text: str


def subject(office: Office, text: str) -> Subject:
    """What a text names. Raises `Refused`."""
    scheme, _, rest = text.strip().partition(":")
    scheme, rest = scheme.lower(), rest.strip()
    public = int(rest) if rest.isascii() and rest.isdigit() and len(rest) <= LONGEST else None
    with office.house.read() as db:
        if scheme == "person":
            found = store.person_of(db, public) if public is not None else None
            return _found("person", found, text)
        if scheme == "group":
            found = store.lookup.row_of(db, "group", public) if public is not None else None
            return _found("group", found, text)
        wanted = public if scheme == "output" else parse(text)
        found = store.output_of(db, wanted) if wanted is not None else None
    return _found("output", found, text)


def until(text: str) -> int:
    """The instant that a date means, its first in UTC; for ever where there is none. Raises `Refused`."""
    if not text:
        return store.FOREVER
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f'until: "{text}" is no date; write 2026-01-31', "wrong") from None
    return store.micros(datetime.combine(when.date(), time.min, UTC) if when.tzinfo is None else when)


def _found(kind: Literal["output", "person", "group"], id_: int | None, text: str) -> Subject:
    if id_ is None:
        raise Refused(f"unknown {kind}", "unknown")
    return Subject(kind, id_, text)
