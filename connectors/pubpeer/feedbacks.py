"""The pages that PubPeer tells of, and what of them is taken."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from connectors.answering import LONGEST, entries, number, proof, words, written
from connectors.attention import Evidence, Mention
from connectors.documents import Document, part, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier, normalise
from connectors.records import Heard
from connectors.sightings import Sighting
from connectors.texts import LONGEST_EXCERPT

MOST_COMMENTS = 1_000_000
MACHINES = {"statcheck"}  # which commented on some 50,000 articles in 2016, without anybody having read them
_PAGE = re.compile(r"https://(?:www\.)?pubpeer\.com/publications/([0-9A-Za-z]{6,64})(?:[/?#].*)?", re.ASCII)


def heard(told: Document, about: Collection[Identifier]) -> Iterator[Heard]:
    """Who spoke of what was asked about. What is said of anything else is not heard."""
    found: dict[Identifier, dict[str, Mention]] = defaultdict(dict)
    for feedback in entries(told, "feedbacks"):
        doi = normalise("doi", words(feedback, "id"))
        if doi is None:
            raise NotUnderstood("a page of which nobody knows what it is about")
        if doi in about and (mention := _mention(feedback, doi)) is not None:
            found[doi].setdefault(mention.key, mention)
    for doi, mentions in found.items():
        yield Heard(asked=doi, mentions=tuple(mentions.values()))


def _mention(feedback: Document, doi: Identifier) -> Mention | None:
    """A page is one mention, however many comments it has: of these neither day nor address is told one by one. None
    where nobody has commented."""
    if not number(feedback, "total_comments", most=MOST_COMMENTS) or _by_machines(feedback):
        return None
    page = _PAGE.fullmatch(words(feedback, "url"))
    if page is None:
        raise NotUnderstood("a page without an address at PubPeer")
    latest = part(feedback, "last_commented_at")
    if words(latest, "timezone") not in ("UTC", "Z", "+00:00"):
        raise NotUnderstood("a moment in another time zone than ever before")
    return Mention(
        key=page[1],
        source="peer_review",
        targets=(doi,),
        url=f"https://pubpeer.com/publications/{page[1]}",
        title=text(feedback.get("title"), most=LONGEST),
        occurred_at=written(words(latest, "date"), "last_commented_at"),
        evidence=_evidence(feedback, doi),
    )


def _by_machines(feedback: Document) -> bool:
    names = {name.strip().lower() for name in words(feedback, "users").split(",")} - {""}
    return bool(names) and names <= MACHINES


def _evidence(feedback: Document, doi: Identifier) -> tuple[Evidence, ...]:
    """PubPeer names the DOI and nothing else as what the page is about."""
    seen = Sighting(doi, "plain-doi", text(feedback.get("id"), most=LONGEST_EXCERPT))
    return proof(doi, [seen], json.dumps(feedback, sort_keys=True))
