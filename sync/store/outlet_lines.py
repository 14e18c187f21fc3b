"""Outlets as administrators look through them: those worth a tier first."""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import facts


class OutletLine(NamedTuple):
    """One outlet. `tier` below 1 is unknown, `reach` in thousandths, below 0 unknown; `said`: an administrator speaks
    of it. `mentions` are all that name it, of whatever source."""

    outlet: str
    name: str
    country: str
    tier: int
    reach: int
    said: bool
    mentions: int


def lines(db: Database, *, words: str = "", unknown: bool = False, skip: int = 0, most: int) -> list[OutletLine]:
    """Those whose id, name or domain has the words, by the number of their mentions; `unknown`: only those whose tier
    nobody knows, and that have been mentioned by."""
    some = []
    if words:
        some.append(_HAS)
    if unknown:
        some.append("w.tier < 1 AND h.mentions > 0")
    sql = _LINES.format(which=f"WHERE {' AND '.join(some)}" if some else "")
    asked: dict[str, object] = {"skip": skip, "most": most}
    asked |= {"like": f"%{_literally(words.lower())}%"} if words else {}
    return [
        OutletLine(row.key, row.name, row.country, row.tier, row.reach, bool(row.said), row.mentions)
        for row in db.execute(text(sql), asked)
    ]


def _literally(words: str) -> str:
    """Without the signs that stand for others in a pattern."""
    return "".join(f"\\{each}" if each in "\\%_" else each for each in words)


_HAS = """
(lower(o.key) LIKE :like ESCAPE '\\' OR lower(w.name) LIKE :like ESCAPE '\\'
 OR EXISTS (SELECT 1 FROM outlet_domain d WHERE d.outlet_id = o.id AND d.domain LIKE :like ESCAPE '\\'))"""
_LINES = f"""
SELECT o.key, w.name, w.country, w.tier, n.reach, coalesce(h.mentions, 0) AS mentions,
  CASE WHEN s.outlet_id IS NULL THEN 0 ELSE 1 END AS said
FROM outlet o JOIN ({facts.OUTLETS_NAMED}) AS w ON w.outlet = o.id JOIN ({facts.OUTLETS}) AS n ON n.outlet = o.id
LEFT JOIN (
  SELECT outlet_id, count(*) AS mentions FROM mention GROUP BY outlet_id
) AS h ON h.outlet_id = o.id
LEFT JOIN outlet_said s ON s.outlet_id = o.id AND s.said_by = {facts.ADMINISTRATOR}
{{which}} ORDER BY coalesce(h.mentions, 0) DESC, o.key LIMIT :most OFFSET :skip
"""
