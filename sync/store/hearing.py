"""What those who listen are told of the store: what is looked for, and which of their mentions are there; and which of
these are looked at again, the sooner the younger they are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from connectors.identifiers import Identifier
from scoring.rules import SOURCES
from sync.store import permission
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.learned import HELD
from sync.store.mentions import NEVER
from sync.store.permission import SHOWN
from sync.store.rows import rows_in
from sync.store.source import Source

SOONEST, LATEST = DAY, 60 * DAY  # until a mention is looked at again, or an output asked about
AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Due:
    """A mention that is to be looked at again."""

    id: int
    key: str
    url: str
    occurred_at: int


def looked_for(store: Store) -> Iterator[Identifier]:
    """Every identifier by which a mention can be tied to an output, of whatever level: nobody is told of them."""
    after = 0
    while True:
        with store.read() as db:
            rows = db.execute(text(_LOOKED_FOR), {"after": after, "most": AT_ONCE}).fetchall()
        yield from (Identifier(row.scheme, row.value) for row in rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def told(store: Store, source: Source, keys: Collection[str]) -> Mapping[str, tuple[Identifier, ...]]:
    """Which of the keys are mentions of a connection that are not taken back, and what each names."""
    found: dict[str, tuple[Identifier, ...]] = {}
    with store.read() as db:
        for row in rows_in(db, _TOLD, keys, connection=source.id):
            named = (Identifier(row.scheme, row.value),) if row.scheme else ()
            found[row.key] = (*found.get(row.key, ()), *named)
    return found


def told_by(store: Store, source: Source, of: str, accounts: Collection[str]) -> list[str]:
    """The keys of the mentions of a connection that are not taken back and are by one of some accounts of a source of
    attention."""
    with store.read() as db:
        asked = {"connection": source.id, "owner": SOURCES[of]}
        return [row.key for row in rows_in(db, _TOLD_BY, accounts, **asked)]


def due(store: Store, source: Source, *, now: int, most: int) -> list[Due]:
    """The mentions of a connection that are to be looked at again, the longest overdue first: what is there, and what
    was gone or named nothing of ours any more, since either may come back."""
    with store.read() as db:
        asked = {"connection": source.id, "now": now, "most": most}
        return [Due(row.id, row.key, row.url, row.occurred_at) for row in db.execute(text(_DUE), asked)]


def may_look(store: Store, due: Due, *, least: int, now: int) -> bool:
    """Whether a mention may be looked at now: who is asked learns that it concerns us, so something that it speaks of
    must take part and be at least so visible."""
    with store.read() as db:
        outputs = {row.output_id for row in rows_in(db, _SPEAKS_OF, [due.id])}
        return any(True for _ in rows_in(db, _OPEN, outputs, **permission.at(now), least=least))


def look_after(store: Store, due: Due, at: int) -> None:
    """A mention is looked at again at a time, and not before."""
    with store.write() as db:
        db.execute(text("UPDATE mention SET due_at = :at WHERE id = :id"), {"at": at, "id": due.id})


def wait(age: int) -> int:
    """Until something of an age is looked at, or asked about, again: a quarter of its age, within bounds."""
    return min(max(age // 4, SOONEST), LATEST)


_LOOKED_FOR = f"""
SELECT d.id, d.scheme, d.value FROM identifier d
WHERE d.id > :after AND (
  {HELD.format(identifier="d.id")}
  OR EXISTS (SELECT 1 FROM item_version v WHERE v.identifier_id = d.id AND v.counts_here = 1)
  OR EXISTS (SELECT 1 FROM learned_version l WHERE l.identifier_id = d.id AND l.counts_here = 1))
ORDER BY d.id LIMIT :most
"""
_TOLD = f"""
SELECT m.key, d.scheme, d.value FROM mention m LEFT JOIN mention_target t ON t.mention_id = m.id
LEFT JOIN identifier d ON d.id = t.identifier_id
WHERE m.connection_id = :connection AND m.taken_at = {NEVER} AND m.key IN :values ORDER BY d.scheme, d.value
"""
_TOLD_BY = f"""
SELECT m.key FROM account a JOIN mention m ON m.account_id = a.id
WHERE a.source_id = :owner AND a.key IN :values AND m.connection_id = :connection AND m.taken_at = {NEVER} ORDER BY m.id
"""
_DUE = f"""
SELECT id, key, url, occurred_at FROM mention
WHERE connection_id = :connection AND due_at <= :now AND (taken_at = {NEVER} OR reason IN ('gone', 'unlinked'))
ORDER BY due_at, id LIMIT :most
"""
_SPEAKS_OF = """
SELECT output_id FROM mark WHERE mention_id IN :values
UNION
SELECT abs(s.output_id) FROM mention_target t JOIN score_version s ON s.identifier_id = t.identifier_id
WHERE t.mention_id IN :values
"""
_OPEN = f"{SHOWN} SELECT id FROM output_in WHERE id IN :values AND visibility >= :least AND closes_at > :now"
