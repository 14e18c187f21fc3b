"""Mentions as administrators look for them, hidden or not: what is found, and what waits for an output."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.attention import REASONS
from connectors.identifiers import Identifier
from scoring.rules import SOURCES
from sync.store import evidence, facts
from sync.store.evidence import Tie
from sync.store.rows import rows_in

NAMES = {number: name for name, number in SOURCES.items()}
OUTLETS = 200  # at most, of those whose name has the words


class Named(NamedTuple):
    """An output by its public id; `shown`: everybody sees its badge."""

    output: int
    title: str
    doi: str
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One mention as the store holds it. `taken_at` -1: its source never took it back; `reason`: why it did, empty
    where it did not say. `outputs` are what it is tied to now; `ties` what it names, of which nothing may be known, and
    why it is said to."""

    mention: int
    source: str
    url: str
    title: str
    occurred_at: int
    known_at: int
    taken_at: int
    reason: str
    refused: bool
    method: str
    connection: str
    outlet: str
    outlet_name: str
    account: str
    account_name: str
    ties: tuple[Tie, ...]
    outputs: tuple[Named, ...]

    @property
    def why(self) -> str:
        """Why it was taken back, in words; empty where it was not, or its source did not say."""
        return REASONS.get(self.reason, "")

    @property
    def targets(self) -> list[Identifier]:
        """What it names."""
        return [tie.identifier for tie in self.ties]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; empty and 0 ask for nothing. `url` is one, or how it begins; `output` a row key; `outlet` an
    id, or a part of the name; `before` is the mention that the page before ended with."""

    mention: int = 0
    url: str = ""
    output: int = 0
    source: str = ""
    outlet: str = ""
    before: int = 0


def one(db: Database, public: int) -> Any | None:
    """The row of a mention, with the name of its `connection`."""
    return db.execute(text(_ONE), {"id": public}).one_or_none()


def sought(db: Database, wanted: Wanted, *, most: int) -> list[Seen]:
    """What is found, the newest here first."""
    which, asked = _conditions(db, wanted)
    if which is None:
        return []
    sql = f"SELECT m.id FROM mention m {which} ORDER BY m.id DESC LIMIT :most"
    return seen(db, [row.id for row in db.execute(text(sql), {**asked, "most": most})])


def waiting(db: Database, *, most: int) -> list[Seen]:
    """What is tied to nothing, since it names no output that is known; the newest here first. It looks through all."""
    return seen(db, [row.id for row in db.execute(text(_WAITING), {"most": most})])


def further_dois(db: Database, *, most: int) -> list[tuple[Named, str, int]]:
    """Outputs with a DOI beside the one that counts, and how many mentions name that."""
    rows = list(db.execute(text(_FURTHER), {"most": most}))
    known = named(db, [row.output_id for row in rows])
    return [(known[row.output_id], row.value, row.mentions) for row in rows if row.output_id in known]


def by_key(db: Database, connection: str, key: str) -> list[Seen]:
    """The mention that a connection tells under a key, where there is one."""
    return seen(db, [row.id for row in db.execute(text(_BY_KEY), {"connection": connection, "key": key})])


def tied(db: Database, source: int, url: str) -> list[tuple[int, set[int]]]:
    """The mentions of a page that stand: public id, and the row keys of the outputs that each is tied to."""
    found: dict[int, set[int]] = {}
    for row in db.execute(text(_TIED), {"source": source, "url": url}):
        found.setdefault(row.public_id, set()).add(row.output_id)
    return list(found.items())


def identifiers(db: Database, output: int) -> list[Identifier]:
    """The identifiers by which mentions are tied to an output, its DOI first."""
    rows = [Identifier(row.scheme, row.value) for row in db.execute(text(_IDENTIFIERS), {"output": output})]
    return sorted(rows, key=lambda each: (each.scheme != "doi", each))


def named(db: Database, outputs: Sequence[int]) -> dict[int, Named]:
    """Outputs by row key."""
    rows = rows_in(db, _NAMED.format(column="id"), outputs)
    return {row.id: Named(row.public_id, row.title, row.doi, bool(row.shown)) for row in rows}


def named_by_public(db: Database, outputs: Sequence[int]) -> dict[int, Named]:
    """Outputs by public id."""
    rows = rows_in(db, _NAMED.format(column="public_id"), outputs)
    return {row.public_id: Named(row.public_id, row.title, row.doi, bool(row.shown)) for row in rows}


def seen(db: Database, ids: Sequence[int]) -> list[Seen]:
    """Mentions by row key, in this order."""
    rows = {row.id: row for row in rows_in(db, _SEEN, ids)}
    marks, ties = defaultdict[int, list[int]](list), evidence.ties(db, ids)
    for row in rows_in(db, "SELECT mention_id, output_id FROM mark WHERE mention_id IN :values", ids):
        marks[row.mention_id].append(row.output_id)
    outputs = named(db, sorted({output for each in marks.values() for output in each}))
    return [
        Seen(
            mention=row.public_id,
            source=NAMES[row.source_id],
            url=row.url,
            title=row.title,
            occurred_at=row.occurred_at,
            known_at=row.known_at,
            taken_at=row.taken_at,
            reason=row.reason,
            refused=bool(row.refused),
            method=row.method,
            connection=row.connection,
            outlet=row.outlet,
            outlet_name=row.outlet_name,
            account=f"{NAMES[row.source_id]}:{row.account}" if row.account else "",
            account_name=row.account_name,
            ties=tuple(ties.get(row.id, ())),
            outputs=tuple(sorted(outputs[each] for each in marks[row.id])),
        )
        for row in (rows[id_] for id_ in ids if id_ in rows)
    ]


def _conditions(db: Database, wanted: Wanted) -> tuple[str | None, dict[str, object]]:
    """The condition, None where nothing can be found, and its values."""
    some: list[str] = []
    asked: dict[str, object] = {}
    if wanted.mention:
        some, asked = ["m.public_id = :id"], {"id": wanted.mention}
    if wanted.url:
        some.append(f"m.page_id IN ({_PAGES[db.dialect.name]})")
        asked |= {"from": wanted.url, "to": wanted.url + "\U0010ffff"}
    if wanted.output:
        some.append(f"m.id IN ({_ABOUT})")
        asked["output"] = wanted.output
    if wanted.source:
        some.append("m.source_id = :source")
        asked["source"] = SOURCES.get(wanted.source, 0)
    if wanted.outlet:
        ids = [int(row.id) for row in db.execute(text(_OUTLETS), {"key": wanted.outlet, "most": OUTLETS})]
        if not ids:
            return None, {}
        some.append(f"m.outlet_id IN ({', '.join(map(str, ids))})")
    if wanted.before:
        some.append("m.id < (SELECT id FROM mention WHERE public_id = :before)")
        asked["before"] = wanted.before
    return (f"WHERE {' AND '.join(some)}" if some else ""), asked


_ONE = """
SELECT m.*, c.name AS connection FROM mention m JOIN connection c ON c.id = m.connection_id WHERE m.public_id = :id
"""
_BY_KEY = """
SELECT m.id FROM mention m JOIN connection c ON c.id = m.connection_id WHERE c.name = :connection AND m.key = :key
"""
_EVERY = ", ".join(map(str, SOURCES.values()))
_PAGES = {  # which begin so; only SQLite's index is in the order of their bytes
    "sqlite": f"SELECT id FROM page WHERE source_id IN ({_EVERY}) AND url >= :from AND url < :to",
    "postgresql": 'SELECT id FROM page WHERE url COLLATE "C" >= :from AND url COLLATE "C" < :to',
}
_ABOUT = """
SELECT t.mention_id FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN mention_target t ON t.identifier_id = n.identifier_id WHERE i.output_id = :output AND i.state = 1
"""
_OUTLETS = f"""
SELECT w.outlet AS id FROM ({facts.OUTLETS_NAMED}) AS w JOIN outlet o ON o.id = w.outlet
WHERE o.key = :key OR lower(w.name) LIKE '%' || lower(:key) || '%' LIMIT :most
"""
_WAITING = """
SELECT m.id FROM mention m WHERE m.refused = 0 AND m.taken_at < 0
AND NOT EXISTS (SELECT 1 FROM mark k WHERE k.mention_id = m.id)
AND NOT EXISTS (
  SELECT 1 FROM mention_target t JOIN score_version s ON s.identifier_id = t.identifier_id AND s.version_id = 0
  WHERE t.mention_id = m.id AND t.verdict >= 0)
ORDER BY m.id DESC LIMIT :most
"""
_FURTHER = """
SELECT i.output_id, d.value, (SELECT count(*) FROM mention_target t WHERE t.identifier_id = d.id) AS mentions
FROM item_identifier n JOIN identifier d ON d.id = n.identifier_id AND d.scheme = 'doi'
JOIN item i ON i.id = n.item_id AND i.state = 1
WHERE n.counts = 0 GROUP BY i.output_id, d.id, d.value ORDER BY 3 DESC, 2 LIMIT :most
"""
_TIED = """
SELECT m.public_id, k.output_id FROM page p JOIN mention m ON m.page_id = p.id
JOIN mark k ON k.mention_id = m.id
WHERE p.source_id = :source AND p.url = :url AND m.taken_at < 0 AND m.refused = 0 ORDER BY m.id
"""
_IDENTIFIERS = """
SELECT DISTINCT d.scheme, d.value FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN identifier d ON d.id = n.identifier_id WHERE i.output_id = :output AND i.state = 1
"""
_NAMED = """
SELECT o.id, o.public_id, o.title, o.doi,
  CASE WHEN EXISTS (SELECT 1 FROM badge b WHERE b.audience = 'public' AND b.output_id = o.id) THEN 1 ELSE 0 END AS shown
FROM output o WHERE o.{column} IN :values
"""
_SEEN = f"""
SELECT m.id, m.public_id, m.source_id, m.url, m.title, m.occurred_at, m.known_at, m.taken_at, m.reason, m.refused,
  m.method, c.name AS connection, coalesce(o.key, '') AS outlet, coalesce(w.name, '') AS outlet_name,
  coalesce(a.key, '') AS account, coalesce(a.name, '') AS account_name
FROM mention m JOIN connection c ON c.id = m.connection_id
LEFT JOIN outlet o ON o.id = m.outlet_id
LEFT JOIN ({facts.OUTLETS_NAMED}) AS w ON w.outlet = m.outlet_id
LEFT JOIN account a ON a.id = m.account_id WHERE m.id IN :values
"""
