"""What administrators ruled of ties: that a mention speaks of what an identifier names, or that it does not.

A ruling clings to a mention as a refusal does, by its source's key and by its page, and to an identifier by its name;
`mention_target.verdict` is what follows from them, and what ties mentions to outputs asks that alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import clinging
from sync.store.evidence import REFUSED
from sync.store.rows import many, rows_in
from sync.tables import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One ruling. `mention` is the public id of the mention when it was made; `source` is its number. `targets` are all
    identifiers that it was made of at once, `ids` their row keys."""

    ids: tuple[int, ...]
    mention: int
    url: str
    source: int
    targets: tuple[str, ...]
    verdict: int
    why: str
    by: str
    made_at: int


def put(
    db: Database, mention: Any, targets: Iterable[Identifier], verdict: int, *, why: str, by: str, now: int
) -> list[int]:
    """Write a ruling on some ties of a mention; its row keys."""
    return [
        clinging.put(db, "ruling", mention, why=why, by=by, now=now, verdict=verdict, target=str(each))
        for each in targets
    ]


def release(db: Database, ids: Collection[int], *, now: int) -> None:
    """Take rulings back."""
    clinging.release(db, "ruling", ids, now=now)


def on(db: Database, public: int) -> list[Ruling]:
    """Those in force that hold for a mention, by its public id, or held when they were made under that."""
    return _rulings(clinging.on(db, "ruling", public))


def of_page(db: Database, source: int, url: str) -> list[Ruling]:
    """Those in force of a page."""
    return _rulings(clinging.of_page(db, "ruling", source, url))


def refused(db: Database) -> list[Ruling]:
    """All that refuse a tie and are in force, the newest first."""
    return _rulings(row for row in clinging.in_force(db, "ruling") if row.verdict == REFUSED)


def any_made(db: Database) -> bool:
    """Whether there is any, so that whoever stores mentions need not ask for each."""
    return bool(db.execute(text("SELECT EXISTS (SELECT 1 FROM ruling)")).scalar())


def meant(db: Database, ids: Collection[int]) -> set[int]:
    """The mentions that rulings cling to, in force or not, by the rulings' row keys."""
    return {row.id for row in rows_in(db, _MEANT, ids)}


def mark(db: Database, mentions: Collection[int]) -> set[int]:
    """Let the ties of mentions say what is ruled of them now; the mentions that are tied otherwise since."""
    ruled = {(row.mention_id, row.identifier_id): row.verdict for row in rows_in(db, _RULED, mentions, never=FOREVER)}
    stands = {(row.mention_id, row.identifier_id): row.verdict for row in rows_in(db, _STANDS, mentions)}
    now = dict.fromkeys(stands, 0) | ruled
    changed = {tie: verdict for tie, verdict in now.items() if verdict != stands.get(tie, 0)}
    many(db, _MARK, [{"mention": tie[0], "identifier": tie[1], "verdict": each} for tie, each in changed.items()])
    return {tie[0] for tie, verdict in changed.items() if REFUSED in (verdict, stands.get(tie, 0))}


def mark_all(db: Database) -> set[int]:
    """The same of all mentions."""
    marked = db.execute(text("SELECT DISTINCT mention_id AS id FROM mention_target WHERE verdict <> 0"))
    ruled = {int(row.id) for row in db.execute(text("SELECT id FROM ruling"))}
    return mark(db, {int(row.id) for row in marked} | meant(db, ruled))


def _rulings(rows: Iterable[Any]) -> list[Ruling]:
    """Rows that were written at once are one ruling, its targets in their order."""
    found: dict[tuple[object, ...], list[Any]] = {}
    for row in rows:
        found.setdefault((row.connection, row.key, row.verdict, row.made_at), []).append(row)
    return [
        Ruling(
            ids=tuple(row.id for row in some),
            mention=some[0].mention,
            url=some[0].url,
            source=some[0].source_id,
            targets=tuple(row.target for row in some),
            verdict=some[0].verdict,
            why=some[0].why,
            by=some[0].actor,
            made_at=some[0].made_at,
        )
        for some in (sorted(each, key=lambda row: row.target) for each in found.values())
    ]


_CLINGS = clinging.clings("ruling")
_MEANT = f"SELECT DISTINCT x.mention_id AS id FROM ({_CLINGS}) AS x WHERE x.id IN :values"
_RULED = f"""
SELECT t.mention_id, t.identifier_id, min(x.verdict) AS verdict FROM ({_CLINGS}) AS x
JOIN mention_target t ON t.mention_id = x.mention_id
JOIN identifier d ON d.id = t.identifier_id AND d.scheme || ':' || d.value = x.target
WHERE x.released_at = :never AND x.mention_id IN :values GROUP BY t.mention_id, t.identifier_id
"""
_STANDS = "SELECT mention_id, identifier_id, verdict FROM mention_target WHERE verdict <> 0 AND mention_id IN :values"
_MARK = """
UPDATE mention_target SET verdict = :verdict WHERE mention_id = :mention AND identifier_id = :identifier
"""
