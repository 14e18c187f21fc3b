"""Identifiers in Markdown: the texts and the destinations of its links, and all other words."""

from collections.abc import Iterator
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.token import Token

from connectors.sightings.address import named
from connectors.sightings.html import html
from connectors.sightings.plain import may_have, scan
from connectors.sightings.sighting import LARGEST, Sighting, distinct

LONGEST_MARKDOWN = 20_000  # characters; the parser takes up to a second for as many, where somebody meant it to
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def markdown(text: str) -> list[Sighting]:
    """As a reader of the formatted text would find them; one longer than `LONGEST_MARKDOWN` is read as plain text."""
    if not may_have(text):
        return []
    if len(text) > LONGEST_MARKDOWN:
        return distinct(scan(text[:LARGEST]))
    return distinct(chain.from_iterable(_of_block(token) for token in _PARSER.parse(text)))


def _of_block(token: Token) -> Iterator[Sighting]:
    if token.type == "inline":
        children = token.children or []
        for child in children:
            target = child.attrGet("href")
            if isinstance(target, str):
                yield from named(target)
        yield from html("".join(child.content for child in children if child.type == "html_inline"))
        yield from scan("".join(map(_words, children)))
    elif token.type == "html_block":
        yield from html(token.content)
    elif token.type in ("fence", "code_block"):
        yield from scan(token.content)


def _words(token: Token) -> str:
    """The text of a piece; what looks like an address in `<...>` and is none keeps its brackets: a SICI has them."""
    if token.type in ("text", "code_inline", "image"):
        return token.content
    if token.markup == "autolink":
        return "<" if token.type == "link_open" else ">"
    return "\n" if token.type in ("softbreak", "hardbreak") else ""
