"""The pages of one listing of the Elements API, in order, the next one being fetched while this one is read and stored.

Only the `next` of `api:pagination` is followed (the Atom link of that name is bogus), and only its query: addresses in
answers come from how Elements is configured, not from how it was reached, so the query goes onto our own address.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from connectors.ahead import Ahead
from connectors.elements.xml import ADDRESS, Body, Head, Version, refusal
from connectors.errors import NotUnderstood
from connectors.http import Client
from connectors.xml import Element

ACCEPT = "text/xml, application/xml, application/atom+xml"

INDEX = "often a missing search index; ask the Elements administrator to rebuild it"

T = TypeVar("T")
Read = Callable[[Element, Version, str], Iterable[T]]


class RepeatedNext(NotUnderstood):
    """The address of the next page is one that we had already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """One page as read. `here` and `next` are queries; `next` is None on the last. `date` is the server's clock."""

    records: tuple[T, ...]
    head: Head
    here: str
    next: str | None
    date: datetime | None


def one(client: Client, path: str, params: Mapping[str, str], read: Read[T]) -> Sheet[T]:
    """A single resource, or the first page of a listing; `read` is called with each entry, the version that the body
    states, and where the entry stands."""
    with client.get(path, params, accept=ACCEPT, refusal=refusal) as answer:
        body = Body(answer)
        entries = enumerate(body.entries(), 1)
        records = tuple(
            record for count, entry in entries for record in read(entry, body.head.version, f"{path}, entry {count}")
        )
        return Sheet(records=records, head=body.head, here="", next=None, date=answer.date)


def walk(client: Client, path: str, params: Mapping[str, str], read: Read[T], *, start: str = "") -> Iterator[Sheet[T]]:
    """Every page from the first, or from the query `start`, to the last one or to one without entries.

    Raises `RepeatedNext` after the last page that could be had. Closing the generator ends the thread that fetches
    ahead."""
    seen = set[str]()
    following: str | None = start or urlencode(params)
    with Ahead(client, accept=ACCEPT, refusal=refusal, name="elements-ahead") as ahead:
        while following is not None:
            here = following
            ahead.ask(_address(path, here))
            seen.add(_ordered(here))
            records, count = list[T](), 0
            with ahead.take() as answer:
                body = Body(answer)
                for entry in body.entries():
                    if count == 0 and (early := _next(body.head, path)) is not None and _ordered(early) not in seen:
                        ahead.ask(_address(path, early))
                    count += 1
                    records += read(entry, body.head.version, f"{path}, entry {count}")
            if not count and not start and len(seen) == 1 and body.head.total:
                raise NotUnderstood(f"GET {path}: {body.head.total} results are told, and none comes: {INDEX}")
            # A page without entries is the last one, whatever it says of a next.
            following = _next(body.head, path) if count else None
            yield Sheet(records=tuple(records), head=body.head, here=here, next=following, date=answer.date)
            if following is not None and _ordered(following) in seen:
                raise RepeatedNext(f"GET {path}: repeated next link: {INDEX}")


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _next(head: Head, path: str) -> str | None:
    """The query of the next page; None where there is none.

    Only the last word of the path must agree: before v5.4 the next of `/relationships/deleted` says
    `/relationships/pending/deleted`, and means the former."""
    if not head.next:
        return None
    try:
        parts = urlsplit(head.next)
    except ValueError:  # brackets that hold no host
        raise NotUnderstood(f"GET {path}: the next link is no address; {ADDRESS}") from None
    if parts.path and parts.path.rstrip("/").rpartition("/")[2].lower() != path.rpartition("/")[2].lower():
        raise NotUnderstood(f"GET {path}: the next link leads to another listing; {ADDRESS}")
    return parts.query


def _ordered(query: str) -> str:
    """The same for two spellings of one query."""
    return urlencode(sorted(parse_qsl(query, keep_blank_values=True)))
