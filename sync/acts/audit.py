"""Reading the audit log, which is noted in it; taking it along as a file; proving that nothing in it was changed."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Literal

from badges.sheet import cell
from sync import store
from sync.acts.office import Office, Refused
from sync.store.audit import Sought, Verified

Format = Literal["csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl")
COLUMNS = ("line", "at", "by", "verb", "subject", "detail", "hash")
AT_ONCE = 2_000  # lines that are read between two parts of a file


def sought(by: str = "", verb: str = "", subject: str = "", since: str = "", until: str = "") -> Sought:
    """Which lines are asked for; dates are `2026-01-31`, `until` within. Raises `Refused`."""
    return Sought(
        by=by,
        verb=verb,
        subject=subject,
        since=_instant("since", since) if since else 0,
        until=_instant("until", until, after=True) if until else store.FOREVER,
    )


def format_(word: str) -> Format:
    """A format by its name. Raises `Refused`."""
    for known in FORMATS:
        if word == known:
            return known
    raise Refused(f'format: "{word}" is none of {", ".join(FORMATS)}', "wrong")


def listed(office: Office, asked: Sought, *, before: int = store.FOREVER, most: int) -> list[dict[str, Any]]:
    """The newest lines, newest first, of those before the line `before`."""
    with office.house.read() as db:
        return [line(row) for row in store.audit.listed(db, asked, before=before, most=most)]


def verbs(office: Office) -> list[str]:
    """All that was ever done, in order."""
    with office.house.read() as db:
        return store.audit.verbs(db)


def noted(office: Office, asked: Sought, verb: str) -> None:
    """Note that somebody has read the log."""
    told = _told(asked)
    with office.house.write() as db:
        store.note(db, verb, "audit", by=office.by, now=office.clock(), **({"asked": told} if told else {}))


def export(office: Office, asked: Sought, kind: Format) -> Iterator[bytes]:
    """The log as a file, in parts, newest first; it is noted before the first of them."""
    noted(office, asked, "audit export")
    return _parts(office, asked, kind)


def verify(office: Office, head: str = "") -> Verified:
    """Look through the whole log; `head` is a hash that somebody has written down."""
    with office.house.read() as db:
        return store.audit.verify(db, head.strip().lower())


def findings(found: Verified) -> list[str]:
    """What is to be said of a look through the log, the worst first."""
    told = [
        f"line {each}: was changed, or something before it was changed, taken out or put in" for each in found.broken
    ]
    if found.short:
        told.append("lines are missing at the end, or were put there by something else than Ringmark")
    if not found.holds:
        told.append("the line with the hash that you have written down is not in the log")
    told = told or ["nothing was changed, taken out or put in"]
    return [*told, f"{found.lines} lines; the last has the hash {found.head or 'none'}"]


def line(row: Any) -> dict[str, Any]:
    """A line of the log in plain words."""
    return {
        "line": row.id,
        "at": store.stamp(row.at),
        "by": row.actor,
        "verb": row.verb,
        "subject": row.subject,
        "detail": json.loads(row.detail),
        "hash": row.hash,
    }


def _parts(office: Office, asked: Sought, kind: Format) -> Iterator[bytes]:
    before = store.FOREVER
    if kind == "csv":
        yield _csv([dict(zip(COLUMNS, COLUMNS, strict=True))])
    while lines := listed(office, asked, before=before, most=AT_ONCE):
        before = lines[-1]["line"]
        if kind == "csv":
            texts = [{**each, "detail": json.dumps(each["detail"], ensure_ascii=False)} for each in lines]
            yield _csv(texts)
        else:
            yield "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()


def _csv(lines: list[dict[str, Any]]) -> bytes:
    text = StringIO()
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerows([cell(each[name]) for name in COLUMNS] for each in lines)
    return text.getvalue().encode()


def _told(asked: Sought) -> dict[str, Any]:
    """What was asked for, as far as something was."""
    texts = {name: told for name in ("by", "verb", "subject") if (told := getattr(asked, name))}
    since = {"since": store.stamp(asked.since)} if asked.since else {}
    until = {"until": store.stamp(asked.until)} if asked.until < store.FOREVER else {}
    return texts | since | until


def _instant(name: str, text: str, *, after: bool = False) -> int:
    """The instant that is meant; a bare date is its first in UTC, or the first after it."""
    try:
        when = datetime.fromisoformat(text)
        at = store.micros(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refused(f'{name}: "{text}" is no date; write 2026-01-31', "wrong") from None
    return at + store.DAY if after and len(text) <= len("2026-01-31") else at
