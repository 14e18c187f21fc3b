"""Posts as X tells them, and what of them is taken."""

import json
import re
from collections.abc import Mapping

from connectors.answering import account, entries, number, proof, words, written
from connectors.attention import Mention
from connectors.documents import Document, part
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.sightings import address

MOST = 10_000
ADDRESSES = ("expanded_url", "unwound_url")  # `url` is its own short one
_ID = re.compile(r"[0-9]{1,20}", re.ASCII)


def mentions(page: Document, asked: Identifier) -> tuple[Mention, ...]:
    """Those that link to what was asked about. An answer that found nothing has no list, only a count."""
    if "data" not in page and number(part(page, "meta"), "result_count", most=MOST) == 0:
        return ()
    posts = {_id(post, "id"): post for post in entries(page, "data")}
    return tuple(told for post in posts.values() if (told := _mention(post, posts, asked)) is not None)


def _mention(post: Document, posts: Mapping[str, Document], asked: Identifier) -> Mention | None:
    """Of a repost X cuts the text, and the addresses with it: it says what the original says, if that is there too."""
    reposted = next(
        (_id(each, "id") for each in _referenced(post) if words(each, "type") == "retweeted"),
        "",
    )
    said = posts.get(reposted, post)
    links = [words(each, name) for each in _links(said) for name in ADDRESSES]
    whole = json.dumps(part(said, "entities"), sort_keys=True)
    evidence = proof(asked, (seen for link in links for seen in address(link)), whole)
    if not evidence:
        return None
    key = _id(post, "id")
    return Mention(
        key=key,
        source="x",
        targets=(asked,),
        url=f"https://x.com/i/web/status/{key}",
        occurred_at=written(words(post, "created_at"), "created_at"),
        account=account(_id(post, "author_id")),
        repost=bool(reposted),
        evidence=evidence,
    )


def _referenced(post: Document) -> list[Document]:
    return entries(post, "referenced_tweets") if "referenced_tweets" in post else []


def _links(post: Document) -> list[Document]:
    told = part(post, "entities")
    return entries(told, "urls") if "urls" in told else []


def _id(told: Document, name: str) -> str:
    found = words(told, name)
    if not _ID.fullmatch(found):
        raise NotUnderstood(f"{name} is no id")
    return found
