"""One feed, read once: what it says that is new or was edited, and how it went."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from connectors.abroad import Abroad, Fetched
from connectors.attention import Mention
from connectors.errors import ConnectorError, NotUnderstood, TryLater
from connectors.feeds import article, entries, state
from connectors.feeds.article import Article
from connectors.feeds.entry import Told
from connectors.feeds.listed import Feed
from connectors.feeds.state import State
from connectors.records import EVIDENCE, Aside, Page
from connectors.sightings import Tracked

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.1"
)
MOST_BYTES = 10_000_000
MOST_ARTICLES = 50  # of one feed in one run; the others are read in the next
TOO_LONG = timedelta(days=7)  # without an answer, after which somebody should look
MEND = timedelta(days=1)  # until a feed that cannot be read as it is is tried again
GONE = timedelta(days=30)  # and one that says that it is gone for good
PERMANENT = (301, 308)


class _GoneError(NotUnderstood):
    """There is no such feed any more."""


@dataclass(slots=True)
class Reading:
    """What came of it, while it is under way. `looked` is how many entries were looked through."""

    feed: Feed
    state: State
    now: datetime
    looked: int = 0
    mentions: dict[str, Mention] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)

    def page(self) -> Page:
        return Page(
            mentions=tuple(self.mentions.values()),
            asides=tuple(self.asides),
            notes={**self.notes, self.feed.url: self.state.written()},
        )

    def aside(self, reason: str, evidence: str = "", *, key: str = "", stored: bool = False) -> None:
        """Something that an administrator should know, named by the host of the feed."""
        self.asides.append(
            Aside(
                kind="feed" if stored else "entry",
                reason=reason,
                place=urlsplit(self.feed.url).hostname or "",
                evidence=evidence[:EVIDENCE],
                key=key or self.feed.url,
                keyless=False,
                stored=stored,
            )
        )


def read(feed: Feed, before: State, abroad: Abroad, known: Tracked, now: datetime, stop: Callable[[], bool]) -> Reading:
    """Read a feed, and the articles of what is new in it."""
    reading = Reading(feed, before, now)
    try:
        page = _fetched(reading, abroad)
        if not page.not_modified:
            _taken(reading, page, abroad, known, stop)
    except ConnectorError as error:
        _failed(reading, error)
    except Exception as error:  # a mistake of ours that one feed brings to light must not stop the others
        _failed(reading, NotUnderstood(f"the connector broke on it ({type(error).__name__}); please report it"))
    else:
        reading.state.failing, reading.state.why = None, ""
        reading.state.moved = _moved(page, before.moved)
        reading.state.was_read(now, reading.state.asks)
    return reading


def _taken(reading: Reading, page: Fetched, abroad: Abroad, known: Tracked, stop: Callable[[], bool]) -> None:
    told = entries.read(page)
    reading.state.asks = told.wait
    whole = _take(reading, told, abroad, known, stop)
    # what was not looked at yet would never be, if the feed could answer that it has not changed
    reading.state.etag, reading.state.modified = (page.etag, page.modified) if whole else ("", "")


def _fetched(reading: Reading, abroad: Abroad) -> Fetched:
    before = reading.state
    page = abroad.fetch(
        before.moved or reading.feed.url,
        accept=ACCEPT,
        most_bytes=MOST_BYTES,
        etag=before.etag,
        modified=before.modified,
    )
    if page.status == 410:
        raise _GoneError("it says that it is gone for good (status 410)")
    if page.status >= 400:
        raise TryLater(f"there is nothing to be read (status {page.status})")
    return page


def _moved(page: Fetched, before: str) -> str:
    """Where a feed has gone to for good, as far as each redirect on the way says so."""
    chain = [*(hop.url for hop in page.hops), page.url]
    lasting = next((place for place, hop in enumerate(page.hops) if hop.status not in PERMANENT), len(page.hops))
    return chain[lasting] if lasting else before


def _failed(reading: Reading, error: ConnectorError) -> None:
    """It is tried again, the sooner the likelier it is that it will do; an administrator is told of what nobody but
    them can mend, and of what has not worked for a week."""
    before, now = reading.state, reading.now
    since, why = before.failing or now, str(error)
    if isinstance(error, TryLater):
        before.was_read(now, timedelta(seconds=min(error.after or 0, MEND.total_seconds())))
        if now - since >= TOO_LONG:
            reading.aside("the feed has not answered for a week", why, stored=True)
    else:
        before.was_read(now, GONE if isinstance(error, _GoneError) else MEND)
        before.etag = before.modified = before.moved = ""  # the next time begins at the address of the list
        reading.aside("the feed cannot be read as it is", why, stored=True)
    before.failing, before.why = since, why


def _take(reading: Reading, told: Told, abroad: Abroad, known: Tracked, stop: Callable[[], bool]) -> bool:
    """Look at what is new or was edited, the newest first; whether that was all. What was seen before is remembered
    behind what the feed tells now."""
    if told.odd:
        reading.aside("entries without an address, or of no shape that is known", f"{told.odd} of them", stored=True)
    before, seen, left = reading.state.seen, dict[str, str](), MOST_ARTICLES
    whole = True
    for entry in told.entries:
        name, digest = state.mark(entry.key), state.mark(article.digest(entry))
        reading.looked += 1
        known_as = before.get(name, "")
        if known_as == digest or state.given_up(known_as):
            seen[name] = known_as
        elif left and not stop():
            left -= 1
            found = article.read(entry, abroad, known, reading.now)
            if found:
                _tell(reading, found, edited=bool(known_as))
            if not found or not (found.busy or found.is_ahead(reading.now)):
                seen[name] = digest
            elif found.busy:
                seen[name] = state.tried(known_as)
            whole = whole and name in seen and not state.waits(seen[name])
        else:
            whole = False
    reading.state.seen = seen | {name: digest for name, digest in before.items() if name not in seen}
    return whole


def _tell(reading: Reading, found: Article, *, edited: bool) -> None:
    """Tell what an article speaks of; one that was edited may have been told before."""
    if not found.evidence:
        for key in {found.key, found.listed} if edited and not found.busy else ():
            reading.mentions.setdefault(key, Mention(key=key, deleted=True, reason="unlinked"))
        return
    if found.at is None:
        reading.aside("says nowhere when it was published", f"{found.title} {found.key}", key=found.key)
        return
    if found.key != found.listed:  # by which it was told while its page could not be read
        reading.mentions.setdefault(found.listed, Mention(key=found.listed, deleted=True, reason="untold"))
    before = reading.mentions.get(found.key)
    if before is None or before.deleted:
        reading.mentions[found.key] = article.mention(found, reading.feed)
        reading.notes[article.note_of(found.key)] = article.noted(found, reading.feed)
