"""Answers kept in memory, for as long as nothing was published or taken back and no level has closed."""

from collections import OrderedDict
from typing import NamedTuple

from badges.answers import Answer
from sync.store import Mark

Key = tuple[bytes, bytes]  # path and query, as they were sent

MOST = 20_000  # answers
MOST_BYTES = 64 * 1024 * 1024
OWN = 2000  # bytes that an answer takes beside its body


class _Entry(NamedTuple):
    answer: Answer
    closes_at: int
    size: int


class Kept:
    """A bounded cache of whole answers; the oldest go first. All of it is of one mark of the store."""

    def __init__(self, *, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()  # a plain one is slow to lose its oldest
        self._mark: Mark | None = None
        self.size = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, mark: Mark, now: int) -> Answer | None:
        """What was kept, if the store is still at the mark at which it was read."""
        if mark is not self._mark and mark != self._mark:
            self._begin(mark)
        entry = self._entries.get(key)
        return entry.answer if entry is not None and entry.closes_at > now else None

    def put(self, key: Key, answer: Answer, mark: Mark, closes_at: int) -> None:
        """Keep an answer that was made of what was read at `mark`."""
        if mark != self._mark:
            self._begin(mark)
        self._drop(key)
        size = answer.size + sum(map(len, key)) + OWN
        if size > self._most_bytes:
            return
        self._entries[key] = _Entry(answer, closes_at, size)
        self.size += size
        while len(self._entries) > self._most or self.size > self._most_bytes:
            self.size -= self._entries.popitem(last=False)[1].size

    def _begin(self, mark: Mark) -> None:
        self._entries.clear()
        self.size = 0
        self._mark = mark

    def _drop(self, key: Key) -> None:
        if entry := self._entries.pop(key, None):
            self.size -= entry.size
