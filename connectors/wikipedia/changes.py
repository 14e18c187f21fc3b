"""What one message of the stream says of a page: which links came and went, or that it was moved or deleted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from connectors.documents import Document, part, text, within
from connectors.errors import NotUnderstood
from connectors.wikipedia.messages import Message
from connectors.wikipedia.wikis import is_domain, is_wikipedia

STREAMS = ("page-links-change", "page-delete", "page-move")
LINKS, DELETE, MOVE = STREAMS
ARTICLES = 0  # the namespace of articles; the others hold talk, users, drafts and what keeps a wiki running


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page of one Wikipedia, by the number that it keeps when it is renamed."""

    database: str
    domain: str
    page: int

    @property
    def key(self) -> str:
        """The key of what it says."""
        return f"{self.database}:{self.page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened, and when. `place` is None where it concerns no article of a Wikipedia. `added` are the addresses
    that the page links to since; `links`: it says something of links to other sites. `entered`: the page was no article
    before. `revision` is 0 where none is told."""

    stream: str
    at: datetime
    place: Place | None
    added: tuple[str, ...] = ()
    links: bool = False
    entered: bool = False
    revision: int = 0


def change(message: Message) -> Change:
    """Raises `NotUnderstood`. Who has edited is not read."""
    if not message.whole:
        raise NotUnderstood("a message that is larger than any of its kind")
    try:
        told = json.loads(message.data)
    except (ValueError, RecursionError):
        raise NotUnderstood("a message that is no JSON") from None
    if not isinstance(told, dict):
        raise NotUnderstood("a message that is no object")
    stream = text(within(told, "meta", "stream")).removeprefix("mediawiki.")
    if stream not in STREAMS:
        raise NotUnderstood("a message of a stream that was not asked for")
    at = moment(within(told, "meta", "dt"))
    place = _place(told, stream)
    if stream != LINKS:
        return Change(stream=stream, at=at, place=place, entered=_entered(told, stream))
    added, removed = (tuple(_external(told.get(name))) for name in ("added_links", "removed_links"))
    revision = told.get("rev_id")
    return Change(
        stream=stream,
        at=at,
        place=place,
        added=added,
        links=bool(added or removed),
        revision=revision if type(revision) is int else 0,
    )


def moment(told: object) -> datetime:
    """A moment in UTC. Raises `NotUnderstood`."""
    try:
        found = datetime.fromisoformat(told if isinstance(told, str) else "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood("a time that is none") from None


def _place(told: Document, stream: str) -> Place | None:
    """Pages that were articles before they were moved count too: what they say is taken back."""
    domain, database = (text(each) for each in (within(told, "meta", "domain"), told.get("database")))
    namespace, page = told.get("page_namespace"), told.get("page_id")
    if not domain or not database or type(namespace) is not int or type(page) is not int or page < 0:
        raise NotUnderstood("a message that does not say which page it is about")
    before = part(told, "prior_state").get("page_namespace", namespace) if stream == MOVE else namespace
    if not page or ARTICLES not in (namespace, before) or not is_domain(domain) or not is_wikipedia(database):
        return None
    return Place(database=database, domain=domain, page=page)


def _entered(told: Document, stream: str) -> bool:
    """Whether a page was moved to where articles are, such as a draft: its links were no news then."""
    before = part(told, "prior_state").get("page_namespace")
    return stream == MOVE and told.get("page_namespace") == ARTICLES and before not in (ARTICLES, None)


def _external(told: object) -> Iterator[str]:
    """The addresses at other sites. They are written as MediaWiki writes a title in an address: encoded once more."""
    if told is None:
        return
    if not isinstance(told, list):
        raise NotUnderstood("a message whose links are no list")
    for each in told:
        link = within(each, "link")
        if not isinstance(link, str) or not isinstance(within(each, "external"), bool):
            raise NotUnderstood("a message with a link that is none")
        if within(each, "external"):
            yield unquote_plus(link)
