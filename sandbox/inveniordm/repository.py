"""The state of a practice InvenioRDM: its records and drafts, its declared fields, its communities, its account."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.inveniordm.records import Record

FIELD = "ringmark:attention"
WINDOW = 10_000


class Repository:
    """What tests look at and change; who changes something from outside holds `lock`.

    `fields` are those of `RDM_CUSTOM_FIELDS`: another is dropped from a draft, with 200. `sees` False makes the account
    one that sees nothing restricted, `may_edit` False one that may change nothing. `clock` stamps what is changed, each
    change `tick` later than the one before, while the clock stands. `page_limit` is the largest page; a larger one is
    cut without a word. `backwards` turns the order of those that were changed in the same thousandth of a second."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.id: record for record in records}
        self.drafts: dict[str, Record] = {}
        self.fields = {FIELD, "journal:journal"}
        self.communities: set[str] = {slug for record in self.records.values() for slug in record.communities}
        self.token = "practice-token"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.sees = self.may_edit = True
        self.page_limit = 100
        self.window = WINDOW
        self.backwards = False
        self.tick = timedelta(microseconds=500)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.RLock()
        self.revisions: dict[str, int] = {}
        self._stamped = (datetime.min.replace(tzinfo=UTC), 0)

    def now(self) -> datetime:
        """By the clock."""
        return self.clock()

    def stamp(self) -> datetime:
        """For what is changed now."""
        now, (last, count) = self.clock(), self._stamped
        self._stamped = (now, count + 1 if now == last else 0)
        return now + self.tick * self._stamped[1]

    def add(self, record: Record) -> Record:
        """Somebody publishes a record, new or anew."""
        with self.lock:
            record = replace(record, updated=self.stamp())
            self.communities.update(record.communities)
            self.records[record.id] = record
            return record

    def change(self, key: str, *, dated: bool = True, **changes: Any) -> None:
        """Somebody changes properties of a record, as an edit that is published does; not `dated`, as one on the
        database does."""
        with self.lock:
            before = self.records[key]
            after = replace(before, revision=before.revision + 2, **changes)
            self.records[key] = replace(after, updated=self.stamp()) if dated else after

    def edit(self, key: str, field: str, *texts: str) -> None:
        """Somebody sets a custom field (with no texts: empties it)."""
        with self.lock:
            fields = {name: told for name, told in self.records[key].custom_fields.items() if name != field}
            self.change(key, custom_fields=fields | ({field: list(texts)} if texts else {}))

    def remove(self, key: str, *, mourned: bool = True) -> None:
        """An administrator deletes a record, whose tombstone shows where it is `mourned`."""
        self.change(key, deleted=True, mourned=mourned)

    def begin(self, key: str) -> Record:
        """The draft of a record: the one that there is, or a new one."""
        with self.lock:
            if key not in self.drafts:
                record = self.records[key]
                self.drafts[key] = replace(record, draft=True, revision=self._next(key), updated=self.now())
            return self.drafts[key]

    def save(self, draft: Record) -> Record:
        """Somebody saves a draft."""
        with self.lock:
            self.drafts[draft.id] = replace(draft, revision=self._next(draft.id), updated=self.now())
            return self.drafts[draft.id]

    def discard(self, key: str) -> None:
        """Somebody throws a draft away."""
        with self.lock:
            del self.drafts[key]

    def publish(self, key: str) -> Record:
        """Somebody publishes the draft of a record."""
        with self.lock:
            draft = self.drafts.pop(key)
            revision = self.records[key].revision + 2
            self.records[key] = replace(draft, draft=False, revision=revision, updated=self.stamp())
            return self.records[key]

    def texts(self, key: str, field: str) -> tuple[str, ...]:
        """What a custom field of a published record holds."""
        with self.lock:
            return tuple(self.records[key].custom_fields.get(field, ()))

    def _next(self, key: str) -> int:
        """Revisions of a draft go on where those of the one before ended."""
        self.revisions[key] = self.revisions.get(key, 3) + 1
        return self.revisions[key]
