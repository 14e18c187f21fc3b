"""Which mentions administrators have refused.

A refusal clings to the source's key of a mention and to its page, so that it survives pulls, imports and restores;
`mention.refused` is what follows from them, and what ties mentions to outputs asks that alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import clinging
from sync.store.rows import rows_in
from sync.store.source import Source
from sync.tables import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refusal. `mention` is the public id of the mention when it was refused; `source` is its number."""

    id: int
    mention: int
    connection: str
    key: str
    source: int
    url: str
    why: str
    by: str
    made_at: int


def among(db: Database, source: Source, told: Mapping[str, tuple[int, str]]) -> set[str]:
    """Which mentions of a connection, told as source and canonical URL by key, are refused."""
    if not told or not db.execute(text(_ANY), {"never": FOREVER}).scalar():
        return set()
    found = {row.key for row in rows_in(db, _BY_KEY, told, connection=source.name, never=FOREVER)}
    for number in {number for number, _ in told.values()}:
        urls = {url: "" for owner, url in told.values() if owner == number and url}
        pages = {row.url for row in rows_in(db, _BY_PAGE, urls, source=number, never=FOREVER)}
        found |= {key for key, (owner, url) in told.items() if owner == number and url in pages}
    return found


def put(db: Database, mention: Any, *, why: str, by: str, now: int) -> int:
    """Write that a mention is refused; the refusal's row key."""
    return clinging.put(db, "refusal", mention, why=why, by=by, now=now)


def release(db: Database, ids: Collection[int], *, now: int) -> None:
    """Take refusals back."""
    clinging.release(db, "refusal", ids, now=now)


def on(db: Database, public: int) -> list[Refusal]:
    """The refusals in force that hold for a mention, by its public id, or held when it was refused under that."""
    return _refusals(clinging.on(db, "refusal", public))


def of_page(db: Database, source: int, url: str) -> list[Refusal]:
    """The refusals in force of a page."""
    return _refusals(clinging.of_page(db, "refusal", source, url))


def in_force(db: Database) -> list[Refusal]:
    """All that are in force, the newest first."""
    return _refusals(clinging.in_force(db, "refusal"))


def mark(db: Database, refusals: Iterable[int]) -> set[int]:
    """Let all mentions that refusals cling to say whether they are refused now; those of which that is new."""
    return mark_mentions(db, [row.id for row in rows_in(db, _MEANT, refusals)])


def mark_mentions(db: Database, mentions: Iterable[int]) -> set[int]:
    """The same of mentions, whether or not a refusal clings to them any more."""
    return {row.id for row in rows_in(db, _MARK, mentions, never=FOREVER)}


def mark_all(db: Database) -> set[int]:
    """The same of all mentions that are refused, or were."""
    ids = {int(row.id) for row in db.execute(text("SELECT id FROM refusal"))}
    marked = {int(row.id) for row in db.execute(text("SELECT id FROM mention WHERE refused = 1"))}
    return mark(db, ids) | mark_mentions(db, marked)


def _refusals(rows: Iterable[Any]) -> list[Refusal]:
    return [
        Refusal(
            id=row.id,
            mention=row.mention,
            connection=row.connection,
            key=row.key,
            source=row.source_id,
            url=row.url,
            why=row.why,
            by=row.actor,
            made_at=row.made_at,
        )
        for row in rows
    ]


_ANY = "SELECT EXISTS (SELECT 1 FROM refusal WHERE released_at = :never)"
_BY_KEY = "SELECT key FROM refusal WHERE connection = :connection AND released_at = :never AND key IN :values"
_BY_PAGE = "SELECT url FROM refusal WHERE source_id = :source AND released_at = :never AND url IN :values"
_MEANT = f"SELECT DISTINCT x.mention_id AS id FROM ({clinging.clings('refusal')}) AS x WHERE x.id IN :values"
_IS_REFUSED = """
CASE WHEN EXISTS (
  SELECT 1 FROM refusal r JOIN connection c ON c.name = r.connection
  WHERE c.id = mention.connection_id AND r.key = mention.key AND r.released_at = :never
) OR (mention.url <> '' AND EXISTS (
  SELECT 1 FROM refusal r WHERE r.source_id = mention.source_id AND r.url = mention.url AND r.released_at = :never
)) THEN 1 ELSE 0 END"""
_MARK = f"""
UPDATE mention SET refused = 1 - refused WHERE id IN :values AND refused <> {_IS_REFUSED} RETURNING id
"""
