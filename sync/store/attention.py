"""What the score reads of the store: narrow integers, of everything or of some outputs, and what counts for them by way
of versions. Which versions those are is decided before; permission plays no part here."""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
from sqlalchemy import Connection as Database

from scoring.folder import TOLD
from sync.store import facts, look, versions
from sync.store.arrow import arrow
from sync.store.database import Store
from sync.store.versions import Rolls


class Asked(NamedTuple):
    """How the store is asked for what was said, and for those who said it, as of an instant `{now}`."""

    marks: str
    tallies: str
    accounts: str

    def at(self, now: int) -> "Asked":
        """For one instant."""
        return Asked(*(sql.format(now=now) for sql in self))


def columns(store: Store, asked: Asked, rolled: Rolls, *, full: bool, turn: int, now: int) -> dict[str, pa.Table]:
    """All that the score reads, by the names that it has there."""
    asked = asked.at(now)
    with store.read() as db:
        if not full:
            return of_some(db, asked, rolled, _WISHED, turn=turn)
        if look.few(db):
            return of_some(db, asked, rolled, "")
    found = store.backend.columns((asked.marks, facts.OUTLETS, asked.accounts, _SIGNS, asked.tallies))
    told = dict(zip(TOLD, found, strict=True))
    if rolled:
        with store.read() as db:
            versions.lay_out(db, rolled)
            told |= _with_versions(db, asked, told)
    return told


def of_some(db: Database, asked: Asked, rolled: Rolls, which: str, **values: int) -> dict[str, pa.Table]:
    """The same for some outputs, of which `which` is the condition, as `asked` at one instant."""
    versions.lay_out(db, rolled)
    speaking = f"{facts.OUTLETS} WHERE o.id IN ({_SPOKE.format(column='outlet_id', which=which)})"
    posting = f"{asked.accounts} WHERE c.id IN ({_SPOKE.format(column='account_id', which=which)})"
    statements = (asked.marks + which, speaking, posting, _SIGNS + which, asked.tallies + which)
    told = dict(zip(TOLD, (arrow(db, sql, **values) for sql in statements), strict=True))
    return told | (_with_versions(db, asked, told) if rolled else {})


def _with_versions(db: Database, asked: Asked, told: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Behind what outputs have themselves, what counts for them by way of versions, which is laid out."""
    by_way = {
        "marks": asked.marks.replace("FROM mark", "FROM rolled_mark"),
        "signs": _SIGNS_OF_VERSIONS,
        "tallies": asked.tallies.replace(_OWN_NUMBERS, _NUMBERS_OF_VERSIONS),
    }
    return {name: pa.concat_tables([told[name], arrow(db, sql)]) for name, sql in by_way.items()}


_MARKS = """
SELECT output_id AS output, mention_id AS mention, source_id AS source, unit_id AS unit, account_id AS account,
  outlet_id AS outlet, occurred_at AS occurred, known_at AS known, taken_at AS taken, repost, page_id AS url, twin
FROM mark
"""
# What is stored now is known now, and taken back now, whatever a clock that was ahead has written beside it.
_MARKS_NOW = _MARKS.replace(
    "known_at AS known, taken_at AS taken",
    "CASE WHEN known_at > {now} THEN {now} ELSE known_at END AS known, "
    "CASE WHEN taken_at > {now} THEN {now} ELSE taken_at END AS taken",
)
_SIGNS = "SELECT output_id AS output, mention_id AS mention, sign FROM sign "
_SIGNS_OF_VERSIONS = """
SELECT DISTINCT r.score_key AS output, s.mention_id AS mention, s.sign
FROM rolled r JOIN sign s ON s.output_id = r.version_id
"""
_OWN_NUMBERS = """
JOIN item_identifier n ON n.identifier_id = t.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
"""
_NUMBERS_OF_VERSIONS = """
JOIN (
  SELECT r.score_key AS output_id, n.identifier_id FROM rolled r
  CROSS JOIN item v ON v.output_id = r.version_id AND v.state = 1
  CROSS JOIN item_identifier n ON n.item_id = v.id AND n.counts = 1
  UNION SELECT r.score_key, r.identifier_id FROM rolled r WHERE r.version_id = 0
) AS i ON i.identifier_id = t.identifier_id
"""
_TALLIES = f"""
SELECT i.output_id AS output, t.source_id AS source, t.units, t.told_at AS known FROM tally t {_OWN_NUMBERS}
"""
_TALLIES_NOW = _TALLIES.replace(
    "t.told_at AS known", "CASE WHEN t.told_at > {now} THEN {now} ELSE t.told_at END AS known"
)
AS_KNOWN = Asked(_MARKS, _TALLIES, facts.ACCOUNTS_THEN)
AS_STORED = Asked(_MARKS_NOW, _TALLIES_NOW, facts.ACCOUNTS)
_WISHED = "WHERE output_id IN (SELECT output_id FROM dirty WHERE turn <= :turn)"
_SPOKE = "SELECT {column} FROM mark {which} UNION SELECT {column} FROM rolled_mark"
