"""Where inside an unfinished listing the next run goes on: one bookmark for everything, one for what changed.

A listing that takes several runs keeps its sweep, so that what its first run has seen is not missing for its last.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.rows import as_json
from sync.store.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A place in a listing: `at` in the source's own words, `since` the cursor that the listing began from. `first` is
    the first run of the listing, `seen` and `keyless` what its runs have counted, `saved` when the page was stored."""

    at: str
    since: str | None
    sweep: int
    first: int
    seen: int
    keyless: int
    saved: int


def find(text_: str, since: str | None, *, now: int) -> Bookmark | None:
    """The bookmark of a listing since a cursor, or of everything. One that has lain for a day, or is of a listing
    since another cursor, is none: too much may have moved."""
    try:
        found = Bookmark(**_read(text_).get(_kind(since), {}))
    except TypeError:  # there is none, or it is of another make
        return None
    return found if found.since == since and abs(now - found.saved) < DAY else None


def put(db: Database, source: Source, at: str, counts: Mapping[str, int], *, now: int) -> None:
    """Replace the bookmark of a listing, in the transaction that stores its page. `counts` are those of the run."""
    mark = Bookmark(
        at=at,
        since=source.since,
        sweep=source.sweep,
        first=source.first,
        seen=counts["before"] + counts["seen"],
        keyless=counts["keyless"],
        saved=now,
    )
    _change(db, source.id, {_kind(source.since): asdict(mark)}, now)


def drop(db: Database, source: Source, *, now: int) -> None:
    """Forget where a listing is: the next one begins anew. A complete listing of everything leaves none of changes."""
    gone = {"everything": None, "changes": None} if source.since is None else {"changes": None}
    _change(db, source.id, gone, now)


def _change(db: Database, connection: int, changes: dict[str, Any], now: int) -> None:
    before = db.execute(text("SELECT bookmark FROM connection WHERE id = :id"), {"id": connection}).scalar_one()
    after = {kind: mark for kind, mark in (_read(before) | changes).items() if mark is not None}
    if after == _read(before):
        return
    asked = {"mark": as_json(after) if after else "", "now": now, "id": connection}
    db.execute(text("UPDATE connection SET bookmark = :mark, bookmark_at = :now WHERE id = :id"), asked)


def _kind(since: str | None) -> str:
    return "everything" if since is None else "changes"


def _read(text_: str) -> dict[str, Any]:
    return dict(json.loads(text_)) if text_ else {}
