"""News and blogs, by their feeds: a list of them that an administrator keeps.

API:       RSS, Atom and JSON Feed, and the articles that they lead to; the list is a CSV file (`path`)
Auth:      none; who asks is said to every host, and robots.txt is obeyed (docs/abroad.md)
Deletions: not reported; each article is looked at again, the sooner the younger it is
Terms:     those of each publisher; of an article its address, title and date are kept, and the piece that names an
           output; of people nothing
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.clock import stamp
from connectors.errors import ConnectorError, NotUnderstood, TryLater
from connectors.records import Done, Page

if TYPE_CHECKING:  # with parsers, which few commands need
    from connectors.feeds.listed import Feed, Listed
    from connectors.feeds.reading import Reading


class Feeds(Listens):
    """Each run goes over the list once; what a feed tells is remembered with it, and no run needs the one before. One
    that reads everything looks at all that the feeds still have."""

    manifest: ClassVar[Manifest] = Manifest(kind="feeds", needs_url=False, looks_again=True, at_once=8)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """There is nothing to read without a list."""
        if settings.path is None:
            yield "path", 'missing; kind = "feeds" needs the list of feeds, such as feeds.csv'

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """A page for each feed that may be read now, in the order of the list; several are read at once. The bookmark
        is the feed of the page. Raises what reading the list does, and `TryLater` at the end of a run that could read
        none of them; else no feed stops the others."""
        listed = self._listed
        total = len(listed.feeds)
        yield Page(asides=listed.asides, total=total)
        read, why = 0, ""
        for reading in self._readings(_rest(listed.feeds, since.bookmark), since, ear):
            total += reading.looked
            read, why = read + (not reading.state.why), why or reading.state.why
            yield replace(reading.page(), bookmark=reading.feed.url, total=total)
        if why and not read:
            raise TryLater(f"none of the feeds could be read; the first said: {why}")
        yield Page(done=Done(cursor=stamp(since.now)))

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:
        """Read the article anew."""
        from connectors.feeds import article

        return article.again(key, url, {feed.url: feed for feed in self._listed.feeds}, ear)

    def remembered(self, noted: Callable[[str], str], now: datetime) -> Iterator[Finding]:
        """Which feeds have not been read for a week, and which hold nothing."""
        from connectors.feeds import reading, state

        try:
            listed = self._listed
        except ConnectorError:
            return  # which `check` has told
        for feed in listed.feeds:
            told = state.read(noted(feed.url))
            where = f"line {feed.line} of the list ({urlsplit(feed.url).hostname})"
            if told.failing and now - told.failing >= reading.TOO_LONG:
                mend = "correct the line, or take it out"
                yield Finding(ok=False, what=f"{where}: not read since {told.failing:%Y-%m-%d}: {told.why}", mend=mend)
            elif told.read_at and not told.failing and not told.seen:
                yield Finding(ok=True, what=f"{where}: the feed holds nothing")

    def check(self) -> Iterator[Finding]:
        """Whether the list can be read, and what it says."""
        try:
            listed = self._listed
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
            return
        news = [feed for feed in listed.feeds if feed.source == "news"]
        what = f"the list has {len(listed.feeds)} feeds: {len(news)} of news, {len(listed.feeds) - len(news)} of blogs"
        yield Finding(ok=bool(listed.feeds), what=what, mend="" if listed.feeds else "write a feed to a line")
        for aside in listed.asides:
            yield Finding(ok=False, what=f"{aside.place}: {aside.reason}", mend="the line is left out")
        if listed.unknown:
            yield Finding(ok=True, what=f"columns that are not read: {', '.join(listed.unknown)}")
        if silent := sum(feed.outlet is None for feed in news):
            mend = "those at domains that no outlet has count as one outlet together; name them in the list"
            yield Finding(ok=True, what=f"{silent} feeds of news name no outlet", mend=mend)

    @cached_property
    def _listed(self) -> "Listed":
        from connectors.feeds.listed import read

        if self.settings.path is None:
            raise NotUnderstood("path is missing; it names the list of feeds")
        return read(self.settings.path)

    def _readings(self, feeds: Sequence["Feed"], since: Since, ear: Ear) -> Iterator["Reading"]:
        from connectors.feeds import reading, state

        stopping = Event()
        at_once = self.settings.at_once or self.manifest.at_once
        asked: deque[Future[Reading]] = deque()
        pool = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="feeds")
        try:
            for feed in feeds:
                before = state.read(ear.noted(feed.url))
                if since.cursor is None:  # everything, for outputs that are new here
                    before = before.anew()
                if before.due(since.now):
                    more = (feed, before, ear.abroad, ear.tracked, since.now, stopping.is_set)
                    asked.append(pool.submit(reading.read, *more))
                if len(asked) > at_once:
                    yield asked.popleft().result()
            while asked:
                yield asked.popleft().result()
        finally:
            stopping.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _rest(feeds: Sequence["Feed"], bookmark: str | None) -> Sequence["Feed"]:
    """What comes behind the feed that an unfinished run has read last; all where it is no longer in the list."""
    place = next((place for place, feed in enumerate(feeds) if feed.url == bookmark), -1)
    return feeds[place + 1 :]
