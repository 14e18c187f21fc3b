"""A whole repository, or what changed in it, window by window: each a span of datestamps that is one list.

Tokens expire, and those that count records pass some over when records move meanwhile. So a window is the most that is
ever read again: after a token that is not known any more, or when something changed while it was read, it is read anew
and only half as long. Windows touch: where one ends the next begins, since some providers take `until` as excluded, and
keep fractions of the second. The first one has no beginning and the last one no end: a repository has records that are
older than it says, and some that are dated into the future.
"""

import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, Literal, TypeVar

from connectors.errors import TryLater
from connectors.oai_pmh.mark import Mark
from connectors.oai_pmh.provider import BrokenOff, Provider, Reading, Repository
from connectors.oai_pmh.xml import Refused, moment

log = logging.getLogger(__name__)

FIRST, LONGEST = timedelta(days=30), timedelta(days=365)  # of windows: they grow while they are nearly empty
MANY = 10  # pages, above which the next window is half as long
TRIES = 3  # times that a window is read anew
OVERLAP = timedelta(days=2)  # the index of many a provider is a day behind, and dates by when the record changed
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)  # the protocol is younger; some say that they begin in the year 1

T = TypeVar("T")
Outcome = Literal["complete", "broken off", "changed meanwhile", "short"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """Some records, and the bookmark to go on at if nothing comes after them."""

    records: tuple[T, ...]
    bookmark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A span of datestamps; None is endless. `pages` and `outcome` are what came of reading it."""

    start: datetime | None
    end: datetime | None
    pages: int = 0
    outcome: Outcome = "complete"


class Harvest(Generic[T]):
    """Records in one format of some sets (of the whole repository where none is named), as `reading` reads them.

    `proven` says, at the end, that every list was complete, as far as a provider can be held to that."""

    def __init__(
        self,
        provider: Provider,
        repository: Repository,
        *,
        prefix: str,
        sets: tuple[str, ...],
        reading: Reading[T],
        now: datetime,
        source: str,
    ) -> None:
        """`now` is the time that the provider has; `source` the name of the connection, for the log."""
        self.provider, self.repository, self.reading, self.source = provider, repository, reading, source
        self.queries = [{"metadataPrefix": prefix, "set": each} for each in sets] or [{"metadataPrefix": prefix}]
        self.step = timedelta(seconds=1) if repository.seconds else timedelta(days=1)
        self.now, self.proven = now, True
        self._sized = True  # whether what the provider says of the size of its lists is believed

    def parts(self, since: datetime | None, mark: Mark) -> Iterator[Part[T]]:
        """Everything, or what changed since a time; from a mark on.

        Raises `RepeatedPage` after the last page that could be had, and `TryLater` where tokens do not live long
        enough."""
        self.proven = mark.proven
        first = None if since is None else since - OVERLAP
        for place in range(mark.place, len(self.queries)):
            resumed = place == mark.place and mark.start != ""
            start = moment(mark.start) if resumed else first
            length = timedelta(seconds=mark.seconds) if resumed else FIRST
            yield from self._set(replace(mark, place=place), start, length)

    def _set(self, mark: Mark, start: datetime | None, length: timedelta) -> Iterator[Part[T]]:
        tries = 0
        while True:
            length = min(max(length, self.step), LONGEST)
            begins = "" if start is None else start.isoformat()
            here = replace(mark, start=begins, seconds=int(length.total_seconds()), proven=self.proven)
            window = yield from self._read(self._window(start, length), here)
            if window.outcome != "complete" and tries < TRIES and not self._hopeless(window, tries):
                tries += 1
                facts = {"source": self.source, "why": window.outcome, "times": tries}
                log.info("a window is read anew", extra=facts)
                length /= 2
                continue
            if window.outcome == "broken off":
                raise TryLater(f"the provider forgot its own resumption tokens, {tries + 1} times; try again later")
            self.proven = self.proven and window.outcome == "complete"
            if window.end is None:
                return
            start, tries = window.end, 0
            length = length * 2 if window.pages <= 1 else length / 2 if window.pages > MANY else length

    def _hopeless(self, window: _Window, tries: int) -> bool:
        """Sizes that are wrong for two lists in a row are no sizes, and are believed no more."""
        if window.outcome == "short" and tries:
            self._sized = False
        return window.outcome == "short" and not self._sized

    def _window(self, start: datetime | None, length: timedelta) -> _Window:
        begin = start or max(self.repository.earliest or BEFORE_ALL, BEFORE_ALL)
        return _Window(start=start, end=None if self.now - begin <= length else begin + length)

    def _read(self, window: _Window, here: Mark) -> Generator[Part[T], None, _Window]:
        whole = self.queries[here.place]
        query = {**whole, **self._bounds(window)}
        pages, came, told, began = 0, 0, None, self.provider.client.heard
        try:
            for sheet in self.provider.list("ListRecords", query, self.reading):
                pages, came, told = pages + 1, came + sheet.count, told or sheet.total
                if sheet.records:
                    yield Part(records=sheet.records, bookmark=here.text())
        except BrokenOff:
            return replace(window, pages=pages, outcome="broken off")
        outcome: Outcome = "complete"
        if self._sized and came < (told or 0):
            outcome = "short"
        elif pages > 1 and began and self._changed(whole, began):
            outcome = "changed meanwhile"
        return replace(window, pages=pages, outcome=outcome)

    def _changed(self, whole: Mapping[str, str], began: datetime) -> bool:
        """Whether a list of several pages may have shifted under us. Who dates by days cannot say."""
        if not self.repository.seconds:
            return False
        query = {**whole, "from": self._stamp(began)}
        try:
            with closing(self.provider.list("ListIdentifiers", query, lambda told: [moment(told.datestamp)])) as sheets:
                stamps = next(sheets).records
        except Refused:
            return True
        until = self.provider.client.heard or began
        return any(stamp is not None and began <= stamp <= until for stamp in stamps)

    def _bounds(self, window: _Window) -> dict[str, str]:
        """Both of one granularity."""
        bounds = {"from": window.start, "until": window.end}
        return {name: self._stamp(bound) for name, bound in bounds.items() if bound is not None}

    def _stamp(self, when: datetime) -> str:
        return f"{when:%Y-%m-%dT%H:%M:%SZ}" if self.repository.seconds else f"{when:%Y-%m-%d}"
