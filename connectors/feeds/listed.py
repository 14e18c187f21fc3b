"""The list of feeds that an administrator keeps: a CSV file, a feed to a line."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from connectors.abroad.canonical import domain_of
from connectors.attention import Outlet
from connectors.countries import COUNTRIES
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.records import Aside
from connectors.sheet import Row, Sheet, Table, UnreadableTableError
from connectors.urls import canonical_url

SOURCES = ("news", "blog")
TELLS_OUTLET = ("outlet", "name", "country", "tier")

_TIER = re.compile(r"[1-4]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed. `outlet` is None where the list says nothing of it: the address of an article says whose it is."""

    url: str
    source: Literal["news", "blog"]
    outlet: Outlet | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list says: its feeds in their order, the lines that were left out, and columns that are not read."""

    feeds: tuple[Feed, ...]
    asides: tuple[Aside, ...]
    unknown: tuple[str, ...]


class _WrongError(ValueError):
    """Why a line is left out."""


def read(path: Path) -> Listed:
    """The list in a file. Raises `NotUnderstood` for what is no such list, `NotAllowed` where it may not be read, and
    `TryLater` where the disk fails."""
    table = Table(file=path.name, kind="feed", keys=("feed", "source"), columns=TELLS_OUTLET)
    feeds: dict[str, Feed] = {}
    asides: list[Aside] = []
    try:
        with Sheet(path, table) as sheet:
            for row in sheet.rows():
                if isinstance(row, Aside):
                    asides.append(row)
                    continue
                try:
                    feed = _feed(row)
                    if feed.url in feeds:
                        raise _WrongError("the feed stands in the list twice")
                    feeds[feed.url] = feed
                except _WrongError as why:
                    asides.append(_aside(row, table, str(why)))
    except UnreadableTableError as error:
        raise NotUnderstood(f"{error}; it begins with the columns feed and source") from None
    except FileNotFoundError:
        raise NotUnderstood(f"path = {str(path)!r} is no file; make the list, or correct the setting") from None
    except PermissionError:
        raise NotAllowed(f"{path.name} may not be read; give the user that runs Ringmark the right to") from None
    except OSError as error:
        raise TryLater(f"{path.name} could not be read: {error.strerror}") from None
    return Listed(feeds=tuple(feeds.values()), asides=tuple(asides), unknown=sheet.unknown)


def _feed(row: Row) -> Feed:
    url, source = canonical_url(row["feed"]), row["source"].lower()
    if row.broken:
        raise _WrongError(row.broken)
    if url is None:
        raise _WrongError("feed is no address of the web; write https://host/path")
    if source not in SOURCES:
        raise _WrongError("source is neither news nor blog")
    asked = row["feed"].strip()  # not in its canonical form, which says https where only http may be spoken
    return Feed(
        url=asked, source=cast(Literal["news", "blog"], source), outlet=_outlet(row, url, source), line=row.line
    )


def _outlet(row: Row, url: str, source: str) -> Outlet | None:
    country, tier = row["country"].upper(), row["tier"]
    if country and country not in COUNTRIES:
        raise _WrongError("country is no code of ISO 3166-1; write two letters, GB")
    if not _TIER.fullmatch(tier):
        raise _WrongError("tier is none of 1 to 4")
    if source == "news" and not any(row[column] for column in TELLS_OUTLET):
        return None
    key = row["outlet"] or domain_of(url)
    return Outlet(key=key, name=row["name"], tier=int(tier) if tier else None, country=country)


def _aside(row: Row, table: Table, reason: str) -> Aside:
    return Aside(
        kind=table.kind,
        reason=reason,
        place=f"{table.file}:{row.line}",
        evidence=",".join(row.cells.values()),
        key=row["feed"],
        keyless=False,
    )
