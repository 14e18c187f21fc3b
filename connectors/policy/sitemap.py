"""The documents of a site by its sitemaps (sitemaps.org, protocol 0.9), as many of the newest as are looked at."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile

from lxml import etree

from connectors import published
from connectors.abroad import Abroad
from connectors.abroad.canonical import domain_of
from connectors.errors import NotAllowed, NotUnderstood
from connectors.policy.listing import Row
from connectors.policy.visit import fetch
from connectors.xml import broken, forget, oddity

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"
MOST_BYTES = 52_428_800  # of one sitemap, by the protocol
MOST_ENTRIES = 50_000  # of one, by the protocol
MOST_SITEMAPS = 200  # of a source
MOST = 20_000  # documents of a source that are remembered
LONGEST = 1700  # characters of an address, which is part of a key

SPACES = (
    "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{https://www.sitemaps.org/schemas/sitemap/0.9}",
    "{http://www.google.com/schemas/sitemap/0.84}", "",
)  # fmt: skip
ROOTS = frozenset(f"{space}{name}" for space in SPACES for name in ("urlset", "sitemapindex"))

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document, and when it was changed last; None where the sitemap does not say, or nobody could know."""

    address: str
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest first; `more`: how many there are beyond those that are looked at; `broken`: why a sitemap of an index
    was not read, empty where all were."""

    entries: tuple[Entry, ...]
    more: int
    broken: str


def documents(abroad: Abroad, row: Row, now: datetime) -> Listing:
    """What a sitemap, or an index of them, lists for a source. Raises as `Abroad.fetch` does, and `NotUnderstood` where
    the one of the list is none. One that an index names may fail alone, since nothing is concluded from what is not
    listed."""
    found: dict[str, Entry] = {}
    waiting, seen = [Entry(row.sitemap, None)], {row.sitemap}
    more, failed = 0, ""
    while waiting:
        address = waiting.pop(0).address
        try:
            for is_index, entry in _entries(abroad, address, now):
                if not is_index and row.has(entry.address):
                    found.setdefault(entry.address, entry)
                elif is_index and entry.address not in seen and row.domain == _domain(entry.address):
                    seen.add(entry.address)
                    waiting.append(entry)
        except (NotAllowed, NotUnderstood) as error:
            if address == row.sitemap:
                raise
            failed = str(error)
        if len(seen) > MOST_SITEMAPS:
            raise NotUnderstood(
                f"an index of more than {MOST_SITEMAPS} sitemaps; name some of them in rows of their own"
            )
        if len(found) > 2 * MOST:  # there may be millions
            more += len(found) - MOST
            found = {entry.address: entry for entry in _newest(found.values())}
    newest = _newest(found.values())
    return Listing(newest, more + len(found) - len(newest), failed)


def _newest(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda each: each.modified or LONG_AGO, reverse=True)[:MOST])


def _domain(address: str) -> str:
    try:
        return domain_of(address)
    except ValueError:
        return ""


def _entries(abroad: Abroad, address: str, now: datetime) -> Iterator[tuple[bool, Entry]]:
    page = fetch(abroad, address, accept=ACCEPT, most_bytes=MOST_BYTES)
    if page.status != 200:
        raise NotUnderstood(f"there is no sitemap (status {page.status})")
    with SpooledTemporaryFile(max_size=2 * MOST_BYTES) as body:
        body.write(_unpacked(page.body))
        body.seek(0)
        if wrong := oddity(body, ROOTS):
            raise NotUnderstood(f"no sitemap, but {wrong}")
        yield from _parsed(body, now)


def _unpacked(body: bytes) -> bytes:
    """A file that is packed itself (`.xml.gz`), which is not the same as an answer that travels packed."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        told = zlib.decompressobj(31).decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise NotUnderstood("a packed sitemap that is broken") from None
    if len(told) > MOST_BYTES:
        raise NotUnderstood(f"a sitemap of more than {MOST_BYTES} bytes")
    return told


def _parsed(body: SpooledTemporaryFile[bytes], now: datetime) -> Iterator[tuple[bool, Entry]]:
    entries = 0
    try:
        for _, element in etree.iterparse(body, tag=("{*}url", "{*}sitemap"), no_network=True, huge_tree=False):
            space = element.tag.rpartition("}")[0]
            space = f"{space}}}" if space else ""
            address = (element.findtext(f"{space}loc") or "").strip()
            modified = _moment((element.findtext(f"{space}lastmod") or "").strip(), now)
            is_index = element.tag == f"{space}sitemap"
            forget(element)
            if 0 < len(address) <= LONGEST and address.isprintable() and " " not in address:
                yield is_index, Entry(address, modified)
            entries += 1
            if entries >= MOST_ENTRIES:
                return
    except etree.XMLSyntaxError as error:
        raise NotUnderstood(broken(error)) from None


def _moment(told: str, now: datetime) -> datetime | None:
    """A W3C date or time; None for none, and for one that has not come yet."""
    moment = published.instant(told)
    return moment if moment is not None and moment <= now else None
