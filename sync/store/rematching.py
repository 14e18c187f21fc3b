"""Quotes that an older extractor took, and what becomes of the ties that a newer one sees in them otherwise."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.attention import Evidence
from connectors.identifiers import Identifier
from sync.store import evidence, identity, rulings, settle
from sync.store.database import Store
from sync.store.evidence import CONFIRMS
from sync.store.mentions import NEVER
from sync.store.rows import change_in, insert, rows_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes


class Quoted(NamedTuple):
    """What was quoted of a mention for one thing that it names. `kept`: an administrator has confirmed it."""

    seen: Evidence
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A mention by its row key: what is seen in its quotes now, and what it names no more."""

    row: int
    seen: Sequence[Evidence]
    lost: Collection[Identifier]
    gained: Collection[Identifier]


def stale(db: Database, version: str, after: int, most: int) -> list[tuple[int, int, list[Quoted]]]:
    """The next mentions behind a row key of which something was quoted by another version of the extractor: row key,
    public id, and all that was quoted of each. To be asked in the transaction that writes what follows: meanwhile
    somebody may be erased."""
    rows = db.execute(text(_STALE), {"version": version, "after": after, "most": most}).fetchall()
    quoted: Mapping[int, list[Quoted]] = defaultdict(list)
    for row in rows_in(db, _QUOTED, [row.id for row in rows]):
        quoted[row.mention_id].append(Quoted(evidence.of(row), row.verdict == CONFIRMS))
    return [(row.id, row.public_id, quoted[row.id]) for row in rows]


def rematch(store: Store, db: Database, matched: Sequence[Matched]) -> None:
    """Let mentions name what is seen in their quotes now; what administrators ruled of their ties holds as before."""
    ids = identity.identifier_ids(db, {each.identifier for one in matched for each in one.seen})
    for one in matched:
        for table in ("evidence", "mention_target"):
            lost = [row.id for row in rows_in(db, _OF, [one.row]) if Identifier(row.scheme, row.value) in one.lost]
            change_in(db, f"DELETE FROM {table} WHERE mention_id = :m AND identifier_id IN :values", lost, m=one.row)
        insert(db, "mention_target", ("mention_id", "identifier_id"), [(one.row, ids[each]) for each in one.gained])
    evidence.replace(db, {one.row: one.seen for one in matched}, ids)
    changed = {one.row for one in matched if one.lost or one.gained}
    if rulings.any_made(db):
        rulings.mark(db, changed)
    settle.settle(db, Vetoes(store, db), Touched(mentions=changed, retied=set(changed)))
    if changed:
        settle.bump(db)  # pages that were put together before hold them


_STALE = f"""
SELECT m.id, m.public_id FROM mention m
WHERE m.id > :after AND m.taken_at = {NEVER} AND EXISTS (
  SELECT 1 FROM evidence e WHERE e.mention_id = m.id AND e.excerpt <> '' AND e.extractor <> :version)
ORDER BY m.id LIMIT :most
"""
_QUOTED = """
SELECT e.*, d.scheme, d.value, t.verdict FROM evidence e JOIN identifier d ON d.id = e.identifier_id
JOIN mention_target t ON t.mention_id = e.mention_id AND t.identifier_id = e.identifier_id
WHERE e.excerpt <> '' AND e.mention_id IN :values ORDER BY d.scheme, d.value
"""
_OF = """
SELECT d.id, d.scheme, d.value FROM mention_target t JOIN identifier d ON d.id = t.identifier_id
WHERE t.mention_id IN :values
"""
