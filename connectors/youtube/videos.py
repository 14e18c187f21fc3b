"""Videos as YouTube tells them, and what of them is taken."""

import re

from connectors.answering import account, entries, proof, words, written
from connectors.attention import Mention
from connectors.documents import Document, part
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.sightings import plain

_ID = re.compile(r"[A-Za-z0-9_-]{6,40}", re.ASCII)


def ids(page: Document) -> list[str]:
    """The videos of a page of the search, each once."""
    return list(dict.fromkeys(_id(part(each, "id"), "videoId") for each in entries(page, "items")))


def next_page(page: Document) -> str:
    """Under what the page behind is asked for; empty where there is none."""
    return words(page, "nextPageToken")


def mentions(told: Document, asked: Identifier) -> tuple[Mention, ...]:
    """Those that name what was asked about."""
    return tuple(each for video in entries(told, "items") if (each := _mention(video, asked)) is not None)


def _mention(video: Document, asked: Identifier) -> Mention | None:
    snippet = part(video, "snippet")
    title, description = words(snippet, "title"), words(snippet, "description")
    if not title or "description" not in snippet:
        raise NotUnderstood("a video without any words")
    evidence = proof(asked, [*plain(description), *plain(title)], title, description)
    if not evidence:
        return None
    key = _id(video, "id")
    return Mention(
        key=key,
        source="youtube",
        targets=(asked,),
        url=f"https://www.youtube.com/watch?v={key}",
        occurred_at=written(words(snippet, "publishedAt"), "publishedAt"),
        account=account(_id(snippet, "channelId")),
        evidence=evidence,
    )


def _id(told: Document, name: str) -> str:
    found = words(told, name)
    if not _ID.fullmatch(found):
        raise NotUnderstood(f"{name} is no id")
    return found
