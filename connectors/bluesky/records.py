"""What a post names, whom it quotes, and when it was said."""

from collections.abc import Container, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from connectors import sightings
from connectors.attention import Evidence
from connectors.bluesky.events import Event, post
from connectors.documents import Document, objects, within
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.ties import ties

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def named(record: Document, known: Container[Identifier]) -> tuple[Evidence, ...]:
    """What of that which is looked for a post names: in its text, and by where its links and its card lead, since in
    the text addresses are shortened for show. What the card says of the page is the page's word, and not read.

    Raises `NotUnderstood` for a post without text, which each has, be it empty."""
    text = record.get("text")
    if not isinstance(text, str):
        raise NotUnderstood("a post without text")
    found, links = sightings.plain(text), list(dict.fromkeys(_links(record)))
    for link in links:
        found += sightings.address(link)
    return ties(found, known, digest(text, *links)) if found else ()


def quoted(record: Document) -> str:
    """The key of the post that a post quotes; empty where it quotes none."""
    embed = record.get("embed")
    if not isinstance(embed, dict):  # as in most
        return ""
    return post(within(embed, "record", "uri")) or post(within(embed, "record", "record", "uri"))


def subject(record: Document) -> str:
    """The key of the post that a repost repeats; empty for anything else. Raises `NotUnderstood` where it repeats
    nothing."""
    uri = within(record, "subject", "uri")
    if not isinstance(uri, str):
        raise NotUnderstood("a repost of nothing")
    return post(uri)


def said(event: Event) -> datetime:
    """When its author says that it was, unless that is after it was seen, or before there were such times."""
    seen = EPOCH + timedelta(microseconds=event.at)
    told = event.record.get("createdAt")
    try:
        found = datetime.fromisoformat(told if isinstance(told, str) else "")
        moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return seen
    return moment if EPOCH <= moment <= seen else seen


def digest(*texts: str) -> str:
    """The SHA-256 of texts, each on a line."""
    return sha256("\n".join(texts).encode(errors="surrogatepass")).hexdigest()


def _links(record: Document) -> Iterator[str]:
    for facet in objects(record.get("facets")):
        yield from (each["uri"] for each in objects(facet.get("features")) if isinstance(each.get("uri"), str))
    embed = record.get("embed")
    if not isinstance(embed, dict):
        return
    for card in (within(embed, "external", "uri"), within(embed, "media", "external", "uri")):
        if isinstance(card, str):
            yield card
