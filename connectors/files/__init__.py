"""A folder of CSV and JSONL files, for institutions without an API, for hosted lists, for tests.

API:       `people.csv`, `groups.csv`, `memberships.csv`, `outputs.csv`, `authorships.csv`, `mentions.jsonl`, `READY`
Auth:      the rights of the folder
Deletions: not reported; the folder is a full listing of everything but mentions, which only grow
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import ClassVar, TypeVar

from connectors.attention import Mention
from connectors.base import Finding, Manifest, Pulls, Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.files.listing import MENTIONS, checked, not_ready, read, vanished
from connectors.files.records import authorship, group, item, person
from connectors.files.table import (
    AUTHORSHIPS,
    GROUPS,
    MEMBERSHIPS,
    OUTPUTS,
    PEOPLE,
    TABLES,
    Shelf,
)
from connectors.mentions import read_mentions
from connectors.records import Aside, Authorship, Done, Item, Kind, Members, Page
from connectors.sheet import Row

LISTED: frozenset[Kind] = frozenset({"person", "group", "item", "authorship"})

PAGE = 1000  # people, groups or items stored in one transaction
LINKS = 10_000  # authorships or mentions stored in one transaction

T = TypeVar("T")


class Files(Pulls):
    """Every pull reads the whole folder. The cursor is the row count of each file that was there, as JSON: a file that
    is then missing or empty makes the listing incomplete, and nothing changes."""

    manifest: ClassVar[Manifest] = Manifest(
        kind="files",
        people=True,
        person_status=True,
        visibility=frozenset({"people", "outputs", "authorships", "groups"}),
        needs_url=False,
        pace=0,
    )

    def pull(self, since: Since) -> Iterator[Page]:
        """Raises `NotUnderstood` when there is no folder, `NotAllowed` when it may not be read, `TryLater` when the
        disk fails. Outputs and authorships are sorted on disk, so memory does not grow with them."""
        with _disk(), Shelf() as shelf:
            folder = self._folder()
            listing = read(folder, shelf)
            trouble = listing.trouble or not_ready(folder, listing.rows) or vanished(since.memory, listing.rows)
            if trouble:
                yield Page(done=Done(incomplete=trouble))
                return
            yield Page(total=sum(listing.rows.values()) - listing.rows.get(MEMBERSHIPS.file, 0))
            for asides in _parts(listing.asides, PAGE):
                yield Page(asides=asides)
            yield from _people(shelf)
            yield from _groups(shelf)
            yield from _items(shelf)
            yield from _links_to_nothing(shelf)
            if MENTIONS in listing.rows:
                yield from _mentions(folder / MENTIONS)
            yield Page(done=Done(cursor=json.dumps(listing.rows, sort_keys=True), listed=LISTED))

    def check(self) -> Iterator[Finding]:
        """Which files are there, which columns are not read, and how often each visibility and flag stands in them."""
        try:
            with _disk():
                folder = self._folder()
                found = [finding for table in TABLES for finding in checked(folder / table.file, table)]
        except (NotAllowed, NotUnderstood, TryLater) as error:
            yield Finding(ok=False, what=str(error))
            return
        yield Finding(ok=True, what=f"{folder.name}/ can be read")
        yield from found

    def _folder(self) -> Path:
        folder = self.settings.path
        if folder is None or not folder.is_dir():
            raise NotUnderstood(f"path = {str(folder)!r} is no folder; create it, mount it, or correct the setting")
        return folder


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise NotAllowed(f"{_name(error)} may not be read; give the user that runs Ringmark the right to") from error
    except OSError as error:
        raise TryLater(f"{_name(error)} could not be read: {error.strerror}") from error
    except sqlite3.OperationalError as error:
        raise TryLater(f"the temporary space for sorting failed: {error}") from error


def _name(error: OSError) -> str:
    return Path(error.filename).name if isinstance(error.filename, str | Path) else "a file"


def _people(shelf: Shelf) -> Iterator[Page]:
    for part in _parts(shelf.by_key(PEOPLE), PAGE):
        asides: list[Aside] = []
        yield Page(people=tuple(person(rows, asides) for rows in part), asides=tuple(asides))


def _groups(shelf: Shelf) -> Iterator[Page]:
    for part in _parts(shelf.by_key(GROUPS), PAGE):
        groups = tuple(group(rows) for rows in part)
        yield Page(groups=groups, members=tuple(_members(g.key, shelf.below(MEMBERSHIPS, g.key)) for g in groups))
    strays: dict[str, list[list[Row]]] = {}
    for rows in shelf.without(MEMBERSHIPS, GROUPS):
        strays.setdefault(rows[0]["group"], []).append(rows)
    if strays:  # the store sets them aside and tries again when the group is there
        yield Page(members=tuple(_members(key, each) for key, each in strays.items()))


def _members(key: str, each: Iterable[list[Row]]) -> Members:
    return Members(group=key, people=tuple(rows[0]["person"] for rows in each))


def _items(shelf: Shelf) -> Iterator[Page]:
    items: list[Item] = []
    links: list[Authorship] = []
    asides: list[Aside] = []
    for rows in shelf.by_key(OUTPUTS):
        items.append(item(rows, asides))
        links += (authorship(each, asides) for each in shelf.below(AUTHORSHIPS, items[-1].key))
        if len(items) >= PAGE or len(links) >= LINKS:
            yield Page(items=tuple(items), authorships=tuple(links), asides=tuple(asides))
            items, links, asides = [], [], []
    if items:
        yield Page(items=tuple(items), authorships=tuple(links), asides=tuple(asides))


def _links_to_nothing(shelf: Shelf) -> Iterator[Page]:
    """Authorships of unknown outputs: the store sets them aside and tries again when the output is there."""
    for part in _parts(shelf.without(AUTHORSHIPS, OUTPUTS), LINKS):
        asides: list[Aside] = []
        yield Page(authorships=tuple(authorship(rows, asides) for rows in part), asides=tuple(asides))


def _mentions(path: Path) -> Iterator[Page]:
    with path.open("rb") as file:
        for part in _parts(read_mentions(file, MENTIONS), LINKS):
            latest: dict[str, Mention] = {}
            for told in part:
                if isinstance(told, Mention):
                    latest[told.key] = told
            yield Page(mentions=tuple(latest.values()), asides=tuple(told for told in part if isinstance(told, Aside)))


def _parts(each: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    rest = iter(each)
    while part := tuple(islice(rest, size)):
        yield part
