"""The mentions of an audience's ledger that are counted, read in two statements: by day and speaker, and the accounts
among the speakers by how many followers they have.

Counted are those that were not taken back, are not still to come, are no copy of a page that is counted already, and
that the rule set does not leave out for a sign of gaming.
"""

from datetime import date
from typing import Protocol, cast

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.rules import SOURCES, UNITS, RuleSet
from scoring.signs import checks
from sync.store import versions
from sync.store.badges import Shown
from sync.store.clock import DAY
from sync.store.ledger import score_key
from sync.store.rows import tuples

BANDS = (0, 100, 1_000, 10_000, 100_000, 1_000_000)  # followers from which on an account is in the next


# So many mentions on a day (1 is the first of the year 1): day, source, outlet, unit, mentions, reposts among them. The
# unit is told of bodies and patent offices alone; accounts are not told apart. What is not told is -1.
Spoken = tuple[int, int, int, int, int, int]


class Band(Protocol):
    """How many accounts of a source have followers from `band` on (-1: they tell none), and how many in all."""

    source_id: int
    band: int
    accounts: int
    followers: int


def spoken(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> tuple[list[Spoken], list[Band]]:
    """Of one output, for the audience of its badge."""
    key = score_key(db, shown)
    rolled = versions.stored(db, [abs(key)])
    if key in rolled:
        versions.lay_out(db, {key: rolled[key]})
    kept = _kept(rules, by_way=key in rolled)
    asked = {"key": key, "now": now}
    rows = tuples(db.execute(text(kept + _SPOKEN), asked))
    bands = db.execute(text(kept + _BANDS), asked).fetchall()
    return cast("list[Spoken]", rows), cast("list[Band]", bands)


def _kept(rules: RuleSet, *, by_way: bool) -> str:
    """The mentions that are counted, by the key of a score; `by_way` with those of versions, which are laid out. Of
    copies the earliest is kept, an original before a repost."""
    signs = ", ".join(str(checks()[name].number) for name in rules.exclude)
    suspects = f"AND mention_id NOT IN ({(_SIGNS + _SIGNS_BY_WAY * by_way).format(signs=signs)})" if signs else ""
    told = _TOLD + (f"UNION ALL {_TOLD}".replace("FROM mark", "FROM rolled_mark") if by_way else "")
    once = _ONCE.format(suspects=suspects)
    return f"WITH told AS NOT MATERIALIZED ({told}), kept AS NOT MATERIALIZED ({once})"


_BY_BODY = ", ".join(
    str(number) for name, number in SOURCES.items() if UNITS[name] in ("policy_source", "jurisdiction")
)
_BY_ACCOUNT = ", ".join(str(number) for name, number in SOURCES.items() if UNITS[name] in ("account", "author"))
_BEFORE = date(1970, 1, 1).toordinal() * DAY  # from the day before the year 1: days as Python counts them

_TOLD = """
SELECT mention_id, source_id, unit_id, account_id, outlet_id, occurred_at, repost, page_id, twin FROM mark
WHERE output_id = :key AND occurred_at <= :now AND taken_at < 0
"""
_SIGNS = "SELECT mention_id FROM sign WHERE output_id = :key AND sign IN ({signs})"
_SIGNS_BY_WAY = """
UNION SELECT s.mention_id FROM rolled r JOIN sign s ON s.output_id = r.version_id
WHERE r.score_key = :key AND s.sign IN ({signs})
"""
_ONCE = """
SELECT source_id, unit_id, account_id, outlet_id, occurred_at, repost FROM told WHERE twin = 0 {suspects}
UNION ALL
SELECT source_id, unit_id, account_id, outlet_id, occurred_at, repost FROM (
  SELECT told.*, row_number() OVER (PARTITION BY source_id, page_id ORDER BY occurred_at, repost, mention_id) AS copy
  FROM told WHERE twin = 1 {suspects}
) AS copies WHERE copy = 1 OR page_id = 0
"""
_SPOKEN = f"""
SELECT (occurred_at + {_BEFORE}) / {DAY} AS day, source_id, outlet_id,
  CASE WHEN source_id IN ({_BY_BODY}) THEN unit_id ELSE -1 END AS unit_id,
  count(*) AS mentions, CAST(sum(repost) AS BIGINT) AS reposts
FROM kept GROUP BY 1, 2, 3, 4
"""
_BAND = " ".join(f"WHEN f.followers < {above} THEN {band}" for band, above in zip((-1, *BANDS), BANDS, strict=False))
_BANDS = f"""
SELECT source_id, CASE {_BAND} ELSE {BANDS[-1]} END AS band, count(*) AS accounts, sum(f.followers) AS followers
FROM (
  SELECT k.source_id, CASE WHEN a.followers >= 0 THEN a.followers ELSE c.followers END AS followers
  FROM (SELECT DISTINCT source_id, account_id FROM kept WHERE account_id >= 0 AND source_id IN ({_BY_ACCOUNT})) AS k
  JOIN account c ON c.id = k.account_id LEFT JOIN account_said a ON a.account_id = c.id
) AS f GROUP BY 1, 2
"""
