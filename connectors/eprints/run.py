"""One run over an EPrints: everything, or what changed. OAI-PMH lists the ids, REST tells each record.

Lists are in the order of the ids, so a run that broke off goes on after the last id that it told, and needs no token.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from connectors import clock
from connectors.eprints.items import item, unread
from connectors.eprints.rest import ROLE, Forbidden, Rest, Unreadable
from connectors.errors import NotAllowed, NotUnderstood
from connectors.oai_pmh.provider import Provider
from connectors.oai_pmh.xml import Record
from connectors.records import Aside, Done, Gone, Item, Page
from connectors.xml import evidence

OAI = "/cgi/oai2"
PREFIX = "oai_dc"  # the one format that every provider has; of a header it does not matter
IDENTIFIER = re.compile(r"oai:[^:]+:0*([0-9]{1,10})", re.ASCII)
MANY = 10  # records in a row that cannot be read, for which they are not to blame
OVERLAP = timedelta(minutes=5)  # changes share a stamp, and are stamped before they can be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where inside an unfinished run to go on: `after` an id of the list that began `since` a cursor (empty:
    everything). `began` is the cursor that its end will give."""

    since: str = ""
    began: str | None = None
    after: int = -1

    @classmethod
    def read(cls, text: str | None, since: str) -> Self | None:
        """None for a bookmark of another make, or of another run: then everything begins again."""
        try:
            mark = cls(**json.loads(text or ""))
        except (ValueError, TypeError, RecursionError):
            return None
        right = mark.since == since and isinstance(mark.began, str | None) and type(mark.after) is int
        return mark if right else None

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One row of the list."""

    key: str
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known before the first page. `began` is the repository's own clock, and will be the cursor."""

    provider: Provider
    rest: Rest
    doi_fields: tuple[str, ...]
    began: datetime | None

    def pages(self, cursor: str | None, bookmark: str | None, *, again: bool) -> Iterator[Page]:
        """Everything, or what changed since a cursor, from a bookmark on where there is one. When all of it is had
        `again` and nothing is listed any more, that is not believed."""
        since, query = cursor or "", {"metadataPrefix": PREFIX}
        if cursor:
            query["from"] = f"{clock.read(cursor) - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
        mark = Mark.read(bookmark, since) or Mark(since=since, began=clock.stamp(self.began))
        rows, last, ordered = 0, -1, True
        for sheet in self.provider.list("ListIdentifiers", query, header):
            headers = [one for one in sheet.records if isinstance(one, Header)]
            numbers = [int(one.key) for one in headers]
            ordered = ordered and numbers == sorted(numbers) and min(numbers, default=last) >= last
            rows, last = rows + sheet.count, max(numbers, default=last)
            new = [one for one in headers if int(one.key) > mark.after]
            after = replace(mark, after=max(mark.after, last))
            yield self._page(new, sheet.records, bookmark=after.text() if ordered else None)
        if not cursor and again and not rows:
            yield Page(done=Done(incomplete="ListIdentifiers: nothing is listed any more, which is not believed"))
            return
        yield Page(done=Done(cursor=mark.began, listed=frozenset() if cursor else frozenset({"item"})))

    def records(self, keys: list[str]) -> list[Item | Gone]:
        """Records by their keys. Raises `NotAllowed` where not one of several is for us, and `NotUnderstood` where not
        one of many can be read: then it is not about them."""
        told, refused, broken = list[Item | Gone](), 0, 0
        for key in keys:
            try:
                eprint = self.rest.record(key)
            except Forbidden:
                refused += 1
                told.append(unread(key, "the repository refuses to tell the record"))
            except Unreadable as error:
                broken += 1
                told.append(unread(key, str(error)))
            else:
                told.append(Gone(kind="item", key=key) if eprint is None else item(key, eprint, self.doi_fields))
        if refused > 1 and refused == len(keys):
            raise NotAllowed(f"/rest/eprint: not one of {refused} records may be read; {ROLE}")
        if broken >= MANY and broken == len(keys):
            raise NotUnderstood(f"/rest/eprint: not one of {broken} records can be read; does a proxy change them?")
        return told

    def _page(self, headers: list[Header], told: tuple[Header | Aside, ...], *, bookmark: str | None) -> Page:
        deleted = dict.fromkeys(one.key for one in headers if one.deleted)
        keys = dict.fromkeys(one.key for one in headers if not one.deleted)
        records = self.records([key for key in keys if key not in deleted])
        hidden = (Gone(kind="item", key=key, hidden=True) for key in deleted)
        asides = (one for one in told if isinstance(one, Aside))
        return Page.of((*hidden, *records, *asides), bookmark=bookmark)


def header(record: Record) -> Iterator[Header | Aside]:
    """What a row of the list says."""
    found = IDENTIFIER.fullmatch(record.identifier)
    if found:
        yield Header(key=found[1], deleted=record.deleted)
    else:
        reason = "an identifier without the number of a record"
        yield Aside(kind="item", reason=reason, place=record.place, evidence=evidence(record.element))
