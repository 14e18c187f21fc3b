"""Posts as Stack Exchange tells them, and what of them is taken."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import urlsplit

from connectors.answering import LONGEST, account, entries, number, proof, since_1970, words
from connectors.attention import Account, Mention
from connectors.documents import Document, part, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.sightings import html, plain

MOST = 10**12  # of its numbers
SHORT = {"question": "q", "answer": "a"}  # the address of a post that stays when its title changes
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.ASCII)


def found(told: Document) -> dict[int, Document]:
    """What a search has found, by the number of the post."""
    items = [each for each in entries(told, "items") if _kind(each, "item_type") in SHORT]
    return {number(each, f"{words(each, 'item_type')}_id", most=MOST): each for each in items}


def rows(told: Document) -> list[Document]:
    """The rows of an answer."""
    return entries(told, "items")


def mentions(
    site: str, excerpts: Mapping[int, Document], posts: Sequence[Document], *, asked: Identifier
) -> Iterator[Mention]:
    """Those posts that name what was asked about. One that is deleted is found by the search, maybe, and not there."""
    for post in posts:
        id_ = number(post, "post_id", most=MOST)
        if id_ in excerpts and (told := _mention(site, id_, excerpts[id_], post, asked)) is not None:
            yield told


def _mention(site: str, id_: int, excerpt: Document, post: Document, asked: Identifier) -> Mention | None:
    """The title is a question's own; an answer is called by that of its question."""
    kind, body, title = _kind(post, "post_type"), words(post, "body"), unescape(words(excerpt, "title"))
    if kind not in SHORT:
        return None
    if not body:
        raise NotUnderstood("a post without any words")
    own = plain(title) if kind == "question" else []
    evidence = proof(asked, [*html(body), *own], title, body)
    if not evidence:
        return None
    return Mention(
        key=f"{site}:{id_}",
        source="qna",
        targets=(asked,),
        url=f"https://{_host(post)}/{SHORT[kind]}/{id_}",
        title=text(title, most=LONGEST),
        occurred_at=since_1970(post, "creation_date"),
        account=_owner(site, part(post, "owner")),
        evidence=evidence,
    )


def _kind(told: Document, name: str) -> str:
    """A question or an answer; nobody has asked or answered an article."""
    kind = words(told, name)
    if kind not in (*SHORT, "article"):
        raise NotUnderstood(f"{name} is none that is known")
    return kind


def _host(post: Document) -> str:
    try:
        host = urlsplit(words(post, "link")).hostname or ""
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise NotUnderstood("a post without an address")
    return host


def _owner(site: str, owner: Document) -> Account | None:
    """By the number that somebody has on all sites, so that one who speaks on two counts once; else by that of the
    site. Reputation is no reach, and is not taken."""
    known, here = owner.get("account_id"), owner.get("user_id")
    name = unescape(words(owner, "display_name"))
    if type(known) is int:
        return account(known, name)
    return account(f"{site}:{here}", name) if type(here) is int else None
