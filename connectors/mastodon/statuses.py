"""One post, as the API of Mastodon tells it (`Status`), and what of it is told."""

from collections.abc import Container, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from connectors import sightings
from connectors.attention import MOST_FOLLOWERS, Account, Evidence, Mention
from connectors.documents import text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.texts import readable_key
from connectors.ties import ties
from connectors.urls import canonical_url

LONGEST_NAME = 200

Status = Mapping[str, Any]


def mention(told: object, known: Container[Identifier]) -> Mention | None:
    """What a post says of what is looked for; None where it names nothing of it, or may not be kept. Raises
    `NotUnderstood` for what is no post.

    A boost names what the post names that it shows, and counts as a repost."""
    status = _status(told)
    shown = _inner(status)
    if not (_for_everybody(status) and _for_everybody(shown)):
        return None
    evidence = _evidence(shown, known)
    if not evidence:
        return None
    return Mention(
        key=status["id"],
        source="mastodon",
        targets=tuple(each.identifier for each in evidence),
        url=_address(status),
        occurred_at=_time(status),
        account=_account(status["account"]),
        repost=shown is not status,
        evidence=evidence,
        place="public timeline",
    )


def taken_back(told: object) -> Mention:
    """A post that is there, and is none to be told (any more)."""
    status = _status(told)
    return Mention(key=status["id"], deleted=True, reason="unlinked" if _for_everybody(status) else "untold")


def _status(told: object) -> Status:
    if not isinstance(told, dict):
        raise NotUnderstood("a post that is no object")
    key = told.get("id")
    if not isinstance(key, str) or not key or readable_key(key) != key:
        raise NotUnderstood("a post without a readable id")
    for name, kind in (("visibility", str), ("content", str), ("account", dict)):
        if not isinstance(told.get(name), kind):
            raise NotUnderstood(f"a post whose {name} is not what it was")
    return told


def _inner(status: Status) -> Status:
    """The post that a boost shows; any other itself."""
    return status if status.get("reblog") is None else _status(status["reblog"])


def _for_everybody(status: Status) -> bool:
    """Whether it may be kept: a public post of an account that has not said that it does not want to be found.

    `discoverable` and `noindex` are None or missing where nothing was said."""
    account = status["account"]
    return bool(
        status["visibility"] == "public"
        and account.get("discoverable") is not False
        and account.get("noindex") in (None, False)
    )


def _evidence(status: Status, known: Container[Identifier]) -> tuple[Evidence, ...]:
    content, card = status["content"], status.get("card")
    linked = card.get("url") if isinstance(card, dict) else None
    address = linked if isinstance(linked, str) else ""
    found = [*sightings.html(content), *sightings.address(address)]
    return ties(found, known, sha256(f"{content}\n{address}".encode(errors="replace")).hexdigest())


def _address(status: Status) -> str:
    """Where people read it, else the name that it has on all instances; both are the home instance's."""
    for name in ("url", "uri"):
        if isinstance(told := status.get(name), str) and (address := canonical_url(told)):
            return address
    raise NotUnderstood("a post without an address")


def _time(status: Status) -> datetime:
    try:
        told = datetime.fromisoformat(str(status.get("created_at")))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood("a post whose created_at is no time") from None


def _account(told: Mapping[str, Any]) -> Account:
    """Its key is what it is called on all instances (`uri`), so that two that are read know one account."""
    key = next((key for name in ("uri", "url") if (key := readable_key(text(told.get(name))))), "")
    if not key:
        raise NotUnderstood("a post of an account without an address")
    followers = told.get("followers_count")
    known = type(followers) is int and 0 <= followers <= MOST_FOLLOWERS
    return Account(key=key, name=_name(told), followers=followers if known else None)


def _name(told: Mapping[str, Any]) -> str:
    """`@name@host`, which the instance says of its own without the host."""
    name = text(told.get("acct"), most=LONGEST_NAME)
    if not name or "@" in name:
        return f"@{name}" if name else ""
    try:
        host = urlsplit(text(told.get("url"))).hostname or ""
    except ValueError:
        host = ""
    return f"@{name}@{host}" if host else f"@{name}"
