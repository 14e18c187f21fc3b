"""Which outputs were mentioned within a time, as an audience may know, in the order that was asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection as Database

from sync.store.badges import Audience
from sync.store.rows import rows_in

Order = Literal["score", "at_score", "readers", "first_seen", "pubdate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """Outputs with a mention after `since` (None: with any mention or count) in one of `sources`, by their numbers;
    whose DOI begins so and whose ISSN is this, empty for any. `readers` are the sources that count readers."""

    since: int | None
    sources: Collection[int]
    readers: Collection[int]
    doi_prefix: str = ""
    issn: str = ""
    order: Order = "score"


def cited(db: Database, audience: Audience, asked: Citing, *, now: int) -> list[int]:
    """Their public ids, the highest, the newest or the most first; those that are alike by public id.

    A mention counts here as it does in a badge: of a source that is in the breakdown, of the output itself or of a
    version that the badge names, not in the future and not taken back."""
    mentioned = _EVER if asked.since is None else _WITHIN
    sql = _CITED.format(mentioned=mentioned, order=_ORDERS[asked.order])
    told: dict[str, object] = {"audience": audience, "now": now, "since": asked.since or 0}
    told |= {"prefix": asked.doi_prefix, "issn": asked.issn, "length": len(asked.doi_prefix)}
    sql = sql.replace(":readers", ", ".join(str(int(each)) for each in asked.readers))
    return [row.public_id for row in rows_in(db, sql, asked.sources, **told)]


_EVER = """
SELECT DISTINCT s.output_id FROM badge_source s
WHERE s.audience = :audience AND s.mentions > 0 AND s.source_id IN :values
"""
_TOLD = "{0}.occurred_at > :since AND {0}.occurred_at <= :now AND {0}.taken_at < 0"
_WITHIN = f"""
SELECT DISTINCT c.output_id FROM (
  SELECT k.output_id, k.source_id FROM mark k WHERE {_TOLD.format("k")}
  UNION ALL
  SELECT v.output_id, k.source_id FROM badge_version v
  JOIN badge w ON w.audience = v.audience AND w.public_id = v.version
  JOIN mark k ON k.output_id = w.output_id
  WHERE v.audience = :audience AND {_TOLD.format("k")}
  UNION ALL
  SELECT v.output_id, m.source_id FROM badge_version v
  JOIN identifier d ON d.scheme = v.scheme AND d.value = v.value
  JOIN mention_target t ON t.identifier_id = d.id AND t.verdict >= 0 JOIN mention m ON m.id = t.mention_id
  WHERE v.audience = :audience AND v.version = 0 AND m.refused = 0 AND {_TOLD.format("m")}
) AS c
JOIN badge_source s ON s.audience = :audience AND s.output_id = c.output_id AND s.source_id = c.source_id
WHERE s.mentions > 0 AND s.tallied = 0 AND s.source_id IN :values
"""
_CITED = """
SELECT b.public_id FROM ({mentioned}) AS x CROSS JOIN badge b ON b.output_id = x.output_id
WHERE b.audience = :audience AND b.closes_at > :now
  AND substr(b.doi, 1, :length) = :prefix AND (:issn = '' OR b.issn = :issn)
ORDER BY {order}, b.public_id
"""
_ORDERS: Mapping[Order, str] = {
    "score": """b.millipoints - coalesce((
      SELECT c.millipoints FROM badge_change c
      WHERE c.output_id = b.output_id AND c.audience = b.audience AND c.at <= :since ORDER BY c.id DESC LIMIT 1
    ), 0) DESC, b.millipoints DESC""",
    "at_score": "b.millipoints DESC",
    "readers": """(
      SELECT coalesce(sum(r.units), 0) FROM badge_source r
      WHERE r.audience = b.audience AND r.output_id = b.output_id AND r.source_id IN (:readers)
    ) DESC""",
    "first_seen": """coalesce((
      SELECT min(c.at) FROM badge_change c WHERE c.output_id = b.output_id AND c.audience = b.audience
    ), 0) DESC""",
    "pubdate": "CASE WHEN b.precision > 0 THEN 1 ELSE 0 END DESC, b.day DESC",
}
