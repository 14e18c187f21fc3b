"""What an entry of a feed speaks of: what its own text names, and what the article names that it leads to."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from connectors import sightings
from connectors.abroad import Abroad
from connectors.abroad.head import LONGEST
from connectors.attention import Evidence, Mention
from connectors.base import Ear
from connectors.documents import part, text
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.feeds.entry import Entry, written
from connectors.feeds.listed import Feed
from connectors.pages import Seen, look
from connectors.sightings import Tracked
from connectors.ties import ties
from connectors.urls import canonical_url

AHEAD = timedelta(days=1)  # by which a clock elsewhere may be ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was found of an entry. `key` is the canonical address of the article, `where` the one at which it was asked
    for. `by_feed`: the feed itself names something. `busy`: it could not be read now, and may be another time."""

    key: str
    where: str
    title: str
    at: datetime | None
    evidence: tuple[Evidence, ...]
    by_feed: bool
    busy: bool = False

    @property
    def listed(self) -> str:
        """The key that it has while its page cannot be read."""
        return _one_form(self.where)

    def is_ahead(self, now: datetime) -> bool:
        """Whether it names something, and its time is yet to come, so that the house does not take it in now."""
        return bool(self.evidence) and self.at is not None and self.at > now + AHEAD


def digest(entry: Entry) -> str:
    """A text that is another one when an entry was edited: called otherwise, said to be updated, or names something
    else. What else changes in a feed (counts of comments, advertisements) is no edit."""
    named = sorted({f"{each.identifier.scheme}:{each.identifier.value}" for each in _sightings(entry)})
    updated = entry.updated.isoformat() if entry.updated and entry.published else ""
    return "\n".join((entry.title, updated, *named))


def read(entry: Entry, abroad: Abroad, known: Tracked, now: datetime) -> Article | None:
    """An entry with its article. None where all that it has is the address of an output: nobody speaks there."""
    where = next((each for each in entry.addresses if not _is_output(each, known)), "")
    if not where:
        return None
    seen, busy = None, False
    try:
        seen = look(abroad, where, known)
        busy = seen is None  # some feeds are ahead of their pages
    except TryLater:
        busy = True
    except (NotAllowed, NotUnderstood):
        pass
    said = ties(_sightings(entry), known, sha256(entry.text.encode(errors="replace")).hexdigest())
    return Article(
        key=seen.url if seen else _one_form(where),
        where=where,
        title=((seen.head.title if seen else "") or entry.title)[:LONGEST],
        at=_at(entry, seen, now),
        evidence=_both(said, seen),
        by_feed=bool(said),
        busy=busy,
    )


def mention(article: Article, feed: Feed) -> Mention:
    """What the house is told of an article that has a time."""
    return Mention(
        key=article.key,
        source=feed.source,
        targets=tuple(each.identifier for each in article.evidence),
        url=article.key,
        title=article.title,
        occurred_at=article.at,
        outlet=feed.outlet,
        evidence=article.evidence,
    )


def note_of(key: str) -> str:
    """The name under which is noted what `again` must know of a mention."""
    return f"article {sha256(key.encode()).hexdigest()}"


def noted(article: Article, feed: Feed) -> str:
    """What it must know: of which feed it is, where it was read (a canonical address says https, which not every host
    speaks), when it was published, and whether the feed itself names something."""
    at = article.at.isoformat() if article.at else ""
    return json.dumps({"feed": feed.url, "where": article.where, "at": at, "by_feed": article.by_feed})


def again(key: str, url: str, feeds: Mapping[str, Feed], ear: Ear) -> Mention | None:
    """An article that was told, as it is now; None where that cannot be said, as of a feed that is no longer listed.
    What the feed itself has named is not taken back because the page does not show it."""
    remembered = _read(ear.noted(note_of(key)))
    where = text(remembered.get("where")) or url
    seen = look(ear.abroad, where, ear.tracked)
    if seen is None:
        return Mention(key=key, deleted=True, reason="gone")
    feed, at = feeds.get(text(remembered.get("feed"))), written(text(remembered.get("at")))
    evidence = _both((), seen)
    shown = {each.identifier for each in evidence}
    if remembered.get("by_feed") and not shown.issuperset(ear.told([key]).get(key, ())):
        return None
    if not evidence:
        return Mention(key=key, deleted=True, reason="unlinked")
    if feed is None or at is None:
        return None
    now = Article(key=seen.url, where=where, title=seen.head.title, at=at, evidence=evidence, by_feed=False)
    return replace(mention(now, feed), key=key)


def _sightings(entry: Entry) -> list[sightings.Sighting]:
    found = [*sightings.html(entry.text, entry.addresses[0]), *sightings.plain(entry.title)]
    return [*found, *(each for link in entry.links for each in sightings.address(link))]


def _is_output(address: str, known: Tracked) -> bool:
    return any(known.wanted(sightings.address(address)))


def _both(said: Iterable[Evidence], seen: Seen | None) -> tuple[Evidence, ...]:
    """What the page shows, then what the feed alone says; nothing of what the page itself is."""
    shown = seen.evidence if seen else ()
    found = {each.identifier: each for each in (*said, *shown)}
    return tuple(each for each in found.values() if not seen or each.identifier not in seen.own)


def _one_form(address: str) -> str:
    return canonical_url(address) or address


def _at(entry: Entry, seen: Seen | None, now: datetime) -> datetime | None:
    """By the feed, else by the page, else when the feed says that it was updated: the first that is not from the
    future, if there is one."""
    page = written(seen.head.published) if seen else None
    told = [each for each in (entry.published, page, entry.updated) if each]
    return next((each for each in told if each <= now + AHEAD), next(iter(told), None))


def _read(note: str) -> Mapping[str, Any]:
    try:
        return part(json.loads(note or "{}"))
    except (ValueError, RecursionError):
        return {}
