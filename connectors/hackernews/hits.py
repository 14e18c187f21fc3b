"""Stories and comments as the search of Hacker News tells them, and what of them is taken."""

import re
from collections.abc import Iterable

from connectors.answering import LONGEST, account, entries, number, proof, since_1970, words
from connectors.attention import Mention
from connectors.documents import Document, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.sightings import address, html, plain

MOST_COUNTED = 10**12
_KEY = re.compile(r"[0-9]{1,15}", re.ASCII)


def dated(page: Document) -> tuple[dict[str, tuple[Document, int]], int]:
    """The hits of a page by their keys, each with its second; and how many there are in all."""
    hits = {_key(hit): (hit, number(hit, "created_at_i", most=2**35)) for hit in entries(page, "hits")}
    return hits, number(page, "nbHits", most=MOST_COUNTED)


def mentions(hits: Iterable[Document], asked: Identifier) -> tuple[Mention, ...]:
    """Those hits that name what was asked about and are to be seen."""
    return tuple(told for hit in hits if (told := _mention(hit, asked)) is not None)


def _mention(hit: Document, asked: Identifier) -> Mention | None:
    """A comment is looked through by its own words alone, not by those of the story that it stands under."""
    if hit.get("deleted") is True or hit.get("dead") is True:
        return None
    title, url = words(hit, "title"), words(hit, "url")
    markup = [words(hit, "story_text"), words(hit, "comment_text")]
    if not any((title, url, *markup)):
        raise NotUnderstood("a hit without any words")
    found = [*plain(title), *address(url), *(each for text in markup for each in html(text))]
    evidence = proof(asked, found, title, url, *markup)
    if not evidence:
        return None
    author = words(hit, "author")
    return Mention(
        key=_key(hit),
        source="hackernews",
        targets=(asked,),
        url=f"https://news.ycombinator.com/item?id={_key(hit)}",
        title=text(title or words(hit, "story_title"), most=LONGEST),
        occurred_at=since_1970(hit, "created_at_i"),
        account=account(author, author),
        evidence=evidence,
    )


def _key(hit: Document) -> str:
    key = words(hit, "objectID")
    if not _KEY.fullmatch(key):
        raise NotUnderstood("a hit without a readable objectID")
    return key
