"""The public timeline, read forwards.

Posts of others that are delivered get their id from the moment in which they arrive (Mastodon, `override_timestamps`),
so that what comes late is not missed. An id is given before its post can be seen, though, and two may be seen in the
other order: each run reads some minutes again.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.documents import documents
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Client
from connectors.mastodon import statuses
from connectors.records import Aside, Done, Page

ADDRESS = "/api/v1/timelines/public"
LIMIT = 40  # posts, the most that an instance hands out at once
FIRST = timedelta(days=7)  # how far back the first run begins: an instance has posts of years
AGAIN = timedelta(minutes=10)
ENOUGH = 5  # posts of which not one is understood, and the answer is another than it was
SHIFT = 16  # bits of an id below its milliseconds since 1970

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{12,20}")
_PREVIOUS = re.compile(r'<([^<>]*)>\s*;\s*rel="?prev"?')


@dataclass(frozen=True, slots=True)
class Found:
    """Posts of one answer, and the id from which the next one goes on; empty where there are none."""

    statuses: Sequence[object]
    newest: str


def pages(client: Client, since: Since, ear: Ear) -> Iterator[Page]:
    """A page for each answer, up to the moment in which the run began."""
    at = since.bookmark or (_earlier(since.cursor) if since.cursor else _id_at(since.now - FIRST))
    looked, been = 0, {at}
    while (found := ask(client, {"min_id": at, "limit": str(LIMIT)})).statuses:
        at = found.newest
        if at in been:
            raise NotUnderstood(f"{ADDRESS}: its pages go in a circle")
        been.add(at)
        looked += len(found.statuses)
        yield _page(found, ear, bookmark=at, total=looked)
        if (arrived := _moment(at)) is not None and arrived >= since.now:
            break
    yield Page(done=Done(cursor=at))


def ask(client: Client, asked: dict[str, str]) -> Found:
    """One answer. Raises `NotAllowed` also where an instance says with a 422 that it wants a token."""
    with client.get(ADDRESS, asked, accept="application/json") as answer:
        if answer.status == 422:
            raise NotAllowed(f"{ADDRESS}: refused with status 422; give a token with the scope read:statuses")
        told = documents(answer)
        return Found(told, _newest(answer.headers.get("Link", ""), told) if told else "")


def _page(found: Found, ear: Ear, *, bookmark: str, total: int) -> Page:
    told: list[Mention] = []
    silent: dict[str, Mention] = {}
    asides: list[Aside] = []
    for status in found.statuses:
        try:
            if (mention := statuses.mention(status, ear.tracked)) is not None:
                told.append(mention)
            else:
                back = statuses.taken_back(status)
                silent[back.key] = back
        except NotUnderstood as error:
            asides.append(_odd(status, str(error)))
    if len(asides) == len(found.statuses) >= ENOUGH:
        raise NotUnderstood(f"{ADDRESS}: not one post of an answer is understood: {asides[0].reason}")
    back_again = [silent[key] for key in ear.told(list(silent))] if silent else []
    return Page(mentions=(*told, *back_again), asides=tuple(asides), bookmark=bookmark, total=total)


def _odd(status: object, reason: str) -> Aside:
    """Set aside with its shape alone: the words are those of somebody who may never have spoken of us."""
    shape = json.dumps(_shape(status))
    return Aside(kind="mention", reason=reason, place=ADDRESS, evidence=shape, keyless=False)


def _shape(told: object) -> object:
    if isinstance(told, dict):
        return {str(name)[:40]: type(each).__name__ for name, each in list(told.items())[:60]}
    return type(told).__name__


def _newest(link: str, told: Sequence[object]) -> str:
    """Where the answer says that what is newer begins; else its first post, since the newest comes first."""
    for address in map(str, _PREVIOUS.findall(link)):
        try:
            named = parse_qs(urlsplit(address).query).get("min_id", [])
        except ValueError:
            continue
        if named and _ID.fullmatch(named[0]):
            return named[0]
    first: object = told[0].get("id") if isinstance(told[0], dict) else None
    if not isinstance(first, str) or not _ID.fullmatch(first):
        raise NotUnderstood(f"{ADDRESS}: an answer that does not say where the next one begins")
    return first


def _id_at(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000) << SHIFT)


def _earlier(cursor: str) -> str:
    """Some minutes before an id, where it has its time in it."""
    moment = _moment(cursor)
    return _id_at(moment - AGAIN) if moment else cursor


def _moment(told: str) -> datetime | None:
    """When an id was given; None where it does not say."""
    if not _NUMBER.fullmatch(told):
        return None
    try:
        return datetime.fromtimestamp((int(told) >> SHIFT) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
