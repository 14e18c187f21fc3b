"""What an article cites, and the mention that it is."""

from collections.abc import Container
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from connectors import sightings
from connectors.attention import Evidence, Mention
from connectors.identifiers import Identifier
from connectors.ties import ties
from connectors.urls import canonical_url
from connectors.wikipedia.changes import Place
from connectors.wikipedia.wiki import Article

LONGEST_TITLE = 300


def cited(article: Article, known: Container[Identifier]) -> tuple[Evidence, ...]:
    """What of all that is looked for an article names: in its own text, else among the links that are made of it."""
    own = in_text(article.wikitext, known)
    named = {each.identifier for each in own}
    found = [each for link in article.links for each in sightings.address(link)]
    linked = ties(found, known, _digest("\n".join(article.links)))
    return (*own, *(each for each in linked if each.identifier not in named))


def in_text(wikitext: str, known: Container[Identifier]) -> tuple[Evidence, ...]:
    """What a wikitext names."""
    return ties(sightings.wikitext(wikitext), known, _digest(wikitext))


def mention(place: Place, article: Article, evidence: tuple[Evidence, ...], at: datetime) -> Mention:
    """The one mention that an article is, whatever of ours it cites."""
    return Mention(
        key=place.key,
        source="wikipedia",
        targets=tuple(each.identifier for each in evidence),
        url=address_of(place, article.title),
        title=article.title[:LONGEST_TITLE],
        occurred_at=at,
        evidence=evidence,
    )


def address_of(place: Place, title: str) -> str:
    """Where an article is read."""
    told = canonical_url(f"https://{place.domain}/wiki/{quote(title.replace(' ', '_'), safe=';@$!*(),/~:')}")
    return told or f"https://{place.domain}/?curid={place.page}"


def _digest(told: str) -> str:
    return sha256(told.encode(errors="surrogatepass")).hexdigest()
