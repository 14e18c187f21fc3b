"""Articles read one by one, and what becomes of what was told of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear
from connectors.errors import TryLater
from connectors.http import Client
from connectors.wikipedia.changes import ARTICLES, Place, moment
from connectors.wikipedia.citations import cited, in_text, mention
from connectors.wikipedia.wiki import Article, Wiki
from connectors.wikipedia.wikis import is_domain, is_wikipedia, place_of

BEHIND = timedelta(minutes=10)  # by which the copies of a wiki may be behind its stream
UNDONE = timedelta(days=7)  # within which a link that is put back is the one that was taken out


@dataclass(slots=True, kw_only=True)
class Hint:
    """That an article is to be read. `at` is when a link of ours came to it, None where none did that is known; `last`
    is when anything of it was told last, and `revision` the one that this was about, 0 where none is told."""

    place: Place
    at: datetime | None
    last: datetime
    revision: int = 0

    def and_then(self, other: "Hint") -> None:
        """The same article again."""
        times = [each for each in (self.at, other.at) if each]
        self.at = min(times) if times else None
        self.last, self.revision = max(self.last, other.last), max(self.revision, other.revision)


class Reading:
    """The wikis, and what is known of what was told before."""

    def __init__(self, settings: Connection, client: Client, ear: Ear) -> None:
        self._client, self._ear = client, ear
        self._stream = (settings.url or "").rstrip("/")
        self._wikis: dict[str, Wiki] = {}

    def wiki(self, domain: str) -> Wiki:
        """The wiki at a domain."""
        if domain not in self._wikis:
            self._wikis[domain] = wiki(self._client, domain, self._stream)
        return self._wikis[domain]

    def heard(self, hint: Hint, *, told: bool, now: datetime) -> Mention | None:
        """What an article says now that something of it has changed; `told`: it is a mention already."""
        article = self.wiki(hint.place.domain).article(hint.place.page)
        if article and article.revision < hint.revision and hint.last > now - BEHIND:
            raise TryLater("a wiki does not show yet what its stream has told")
        return self._said(hint.place, article, hint.at, told=told, none="deleted")

    def found(self, place: Place, *, told: bool) -> Mention | None:
        """What an article says that was found in a list: if it is news, since when, as far as its history tells."""
        wiki = self.wiki(place.domain)
        article = wiki.article(place.page)
        new = article is not None and not told and cited(article, self._ear.tracked)
        since = wiki.first(place.page, lambda each: bool(in_text(each, self._ear.tracked))) if new else None
        return self._said(place, article, since, told=told, none="gone")

    def again(self, key: str, url: str) -> Mention | None:
        """What an article says that is a mention, some time later."""
        database, _, page = key.partition(":")
        domain = urlsplit(url).hostname or ""
        if not is_wikipedia(database) or not is_domain(domain) or not page.isdecimal():
            return None
        place = Place(database=database, domain=domain, page=int(page))
        return self._said(place, self.wiki(domain).article(place.page), None, told=True, none="gone")

    def _said(
        self, place: Place, article: Article | None, at: datetime | None, *, told: bool, none: str
    ) -> Mention | None:
        evidence = cited(article, self._ear.tracked) if article and article.namespace == ARTICLES else ()
        if article and evidence:
            return mention(place, article, evidence, self._since(place.key, at) or article.edited)
        if not told:
            return None
        reason = none if article is None else "unlinked" if article.namespace == ARTICLES else "gone"
        return Mention(key=place.key, deleted=True, reason=reason)

    def _since(self, key: str, at: datetime | None) -> datetime | None:
        """When an article began to cite what is ours: as it was noted, unless it did not for a while, and does now."""
        began, _, ended = self._ear.noted(key).partition(" ")
        if not began or (ended and at and at > moment(ended) + UNDONE):
            return at
        return moment(began)

    def note(self, said: Mention, now: datetime) -> str:
        """What is noted of an article: since when it cites what is ours, and since when it does not any more."""
        if said.occurred_at:
            return said.occurred_at.isoformat()
        began = self._ear.noted(said.key).partition(" ")[0]
        return f"{began} {now.isoformat()}" if began else ""


def wiki(client: Client, domain: str, stream: str) -> Wiki:
    """A wiki of the same run; `stream` is the address of the stream."""
    return Wiki(client.elsewhere(place_of(domain, stream)))
