"""Some invented Wikipedias: their articles with all that they ever said, and the stream of what happened to them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

DATABASES = {"en.wikipedia.org": "enwiki", "de.wikipedia.org": "dewiki", "commons.wikimedia.org": "commonswiki"}

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"(?:https?:)?//[a-z0-9.-]+/[^\s|\]}<]*")
_FIELD = re.compile(r"\|\s*(doi|pmid)\s*=\s*([^|}]+?)\s*(?=[|}])")
_MADE = {"doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/"}


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article said from a moment on."""

    id: int
    at: datetime
    text: str

    @property
    def links(self) -> list[str]:
        """The addresses at other sites: as they stand there, and those that templates make, encoded as they do it."""
        text = _COMMENT.sub("", self.text)
        made = [_MADE[name] + quote(value, safe="") for name, value in _FIELD.findall(text)]
        return list(dict.fromkeys([*_LINK.findall(text), *made]))


@dataclass(slots=True)
class Article:
    """A page; `more` are links that come from templates which its own text does not show."""

    domain: str
    page: int
    title: str
    namespace: int = 0
    revisions: list[Revision] = field(default_factory=list)
    more: tuple[str, ...] = ()
    deleted: bool = False

    @property
    def links(self) -> list[str]:
        """Those of its latest text."""
        return [*self.revisions[-1].links, *self.more] if self.revisions else list(self.more)


@dataclass(frozen=True, slots=True)
class Event:
    """One message of a stream. `stored` is when the stream took it in, which only grows; what it says may be older."""

    stream: str
    stored: datetime
    body: dict[str, Any]


class Encyclopedia:
    """All of them. `events` is the stream, the oldest first."""

    def __init__(self) -> None:
        self.articles: dict[tuple[str, int], Article] = {}
        self.events: list[Event] = []
        self._revision = 1000
        self._told_until = datetime.min.replace(tzinfo=UTC)

    def article(self, page: int, domain: str = "en.wikipedia.org") -> Article:
        """A page, made where there is none."""
        made = Article(domain, page, f"Tide {page}")
        return self.articles.setdefault((domain, page), made)

    def edit(
        self,
        page: int,
        text: str,
        *,
        at: datetime,
        domain: str = "en.wikipedia.org",
        namespace: int = 0,
        told: bool = True,
    ) -> Revision:
        """Somebody writes a page anew; `told` False: before anybody listened."""
        article = self.article(page, domain)
        before = [] if article.deleted or not article.revisions else article.links
        article.deleted, article.namespace = False, namespace
        self._revision += 1
        article.revisions.append(Revision(self._revision, at, text))
        added = [each for each in article.links if each not in before]
        removed = [each for each in before if each not in article.links]
        links = {"added_links": _told(added), "removed_links": _told(removed)}
        if told:
            self.say("page-links-change", article, at, {name: each for name, each in links.items() if each})
        return article.revisions[-1]

    def delete(self, page: int, *, at: datetime, domain: str = "en.wikipedia.org") -> None:
        """Somebody deletes a page."""
        article = self.article(page, domain)
        article.deleted = True
        self.say("page-delete", article, at, {"rev_count": len(article.revisions)})

    def move(self, page: int, title: str, namespace: int, *, at: datetime, domain: str = "en.wikipedia.org") -> None:
        """Somebody calls a page otherwise, perhaps in another namespace."""
        article = self.article(page, domain)
        prior = {"page_title": article.title, "page_namespace": article.namespace, "rev_id": 1}
        article.title, article.namespace = title, namespace
        self.say("page-move", article, at, {"prior_state": prior})

    def say(self, stream: str, article: Article, at: datetime, more: dict[str, Any]) -> None:
        """Put a message into the stream."""
        revision = article.revisions[-1].id if article.revisions else 1
        body = {
            **_head(stream, at, article.domain),
            "database": DATABASES.get(article.domain, "otherwiki"),
            "page_id": article.page,
            "page_title": article.title.replace(" ", "_"),
            "page_namespace": article.namespace,
            "page_is_redirect": False,
            "rev_id": revision,
            "performer": {
                "user_text": "Ada Editor",
                "user_groups": ["*", "user"],
                "user_is_bot": False,
                "user_id": 4711,
            },
            **more,
        }
        self.put(stream, body, at)

    def put(self, stream: str, body: dict[str, Any], at: datetime) -> None:
        """Put any message into the stream: behind all that was told, whatever moment it says it is of."""
        stored = max([at, self._told_until, *(each.stored for each in self.events[-1:])])
        self.events.append(Event(stream, stored, body))

    def since(self, moment: datetime | None, streams: list[str]) -> Iterator[Event]:
        """The messages of some streams that were taken in from a moment on; None for none that is there already."""
        for each in list(self.events) if moment else ():
            if (
                moment
                and each.stream in streams
                and each.stored.replace(microsecond=0) >= moment.replace(microsecond=0)
            ):
                yield each

    def canary(self, now: datetime) -> Event:
        """What Wikimedia itself puts into each stream, so that none is ever silent."""
        self._told_until = now
        page = {"page_id": 123, "page_title": "example_page_title", "page_namespace": 0, "page_is_redirect": False}
        links = {"added_links": [{"link": "example_link", "external": False}]}
        body = {**_head("page-links-change", now, "canary"), "database": "examplewiki", **page, "rev_id": 123, **links}
        return Event("page-links-change", now, body)


def message(event: Event, *, ids: bool = True) -> bytes:
    """A message as it travels."""
    topics: list[dict[str, Any]] = [
        {"topic": f"eqiad.mediawiki.{event.stream}", "partition": 0, "timestamp": int(event.stored.timestamp() * 1000)},
        {"topic": f"codfw.mediawiki.{event.stream}", "partition": 0, "offset": -1},
    ]
    id_ = f"id: {json.dumps(topics, separators=(',', ':'))}\n" if ids else ""
    return f"event: message\n{id_}data: {json.dumps(event.body, separators=(',', ':'))}\n\n".encode()


def _head(stream: str, at: datetime, domain: str) -> dict[str, Any]:
    kind = stream.removeprefix("page-")
    meta = {
        "uri": f"https://{domain}/wiki/Example",
        "request_id": "00000000-0000-4000-8000-000000000000",
        "id": "00000000-0000-4000-8000-000000000001",
        "dt": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "domain": domain,
        "stream": f"mediawiki.{stream}",
        "topic": f"eqiad.mediawiki.{stream}",
        "partition": 0,
        "offset": 1,
    }
    return {"$schema": f"/mediawiki/page/{kind}/1.0.0", "meta": meta}


def _told(links: list[str]) -> list[dict[str, Any]]:
    """As MediaWiki's wfUrlencode writes them, with one that leads to an article here."""
    told = [{"link": quote_plus(each, safe=";@$!*(),/~:"), "external": True} for each in links]
    return [*told, {"link": "/wiki/Tide", "external": False}] if told else []
