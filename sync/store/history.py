"""How scores came to be what they are, as an audience may be told it, and what changed since.

`score_change` is the whole story, for administrators. Readers are told `badge_change`: what was shown to them, and no
more, so that nothing in it speaks of a time when an output was hidden from them, or of what was joined to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.badges import Audience, Shown
from sync.store.rows import many, rows_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a score as an audience saw it, in thousandths. `reason` is "mentions", "counts", "accounts",
    "outlets", "accounts and outlets" or "rules"."""

    at: int
    before: int
    after: int
    rules: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """An output whose score is another one than at some time; `output` is the public id, `reasons` in their order."""

    output: int
    doi: str
    title: str
    at: int
    before: int
    after: int
    reasons: tuple[str, ...]


def history(db: Database, audience: Audience, shown: Shown) -> list[Change]:
    """Every change of a score that an audience could see, the oldest first.

    It takes a badge, so that nobody can ask for the history of what an audience may not see."""
    rows = db.execute(text(_OF_ONE), {"audience": audience, "id": shown.output})
    return list(_chained(rows))


def changed_since(db: Database, audience: Audience, since: int, *, now: int) -> list[Since]:
    """The outputs that an audience sees with another score than before an instant, the largest change first."""
    rows = db.execute(text(_SINCE), {"audience": audience, "since": since, "now": now})
    found = []
    for _, group in groupby(rows, key=lambda row: row.output_id):
        told = list(group)
        changes = [change for change in _chained(told) if change.at >= since]
        if changes[0].before != changes[-1].after:
            found.append(
                Since(
                    output=told[0].public_id,
                    doi=told[0].doi,
                    title=told[0].title,
                    at=changes[-1].at,
                    before=changes[0].before,
                    after=changes[-1].after,
                    reasons=tuple(dict.fromkeys(change.reason for change in changes)),
                )
            )
    return sorted(found, key=lambda each: (-abs(each.after - each.before), each.doi, each.output))


def follow(db: Database, moves: Mapping[int, int]) -> None:
    """What was joined into another takes its past along: the whole of it for administrators; for readers as far as the
    other has none of its own, for two scores at one time would tell that there were two."""
    pairs = [{"old": old, "new": new} for old, new in moves.items()]
    many(db, "UPDATE score_change SET output_id = :new WHERE output_id = :old", pairs)
    shown = {row.output_id for row in rows_in(db, _WITH_A_PAST, moves)}
    for pair in (pair for pair in pairs if pair["old"] in shown):  # one after the other, since several may join one
        db.execute(text(_LATER), pair)
        db.execute(text("UPDATE badge_change SET output_id = :new WHERE output_id = :old"), pair)


def _chained(rows: Iterable[Any]) -> Iterator[Change]:
    """Each row with what the one before it showed; nothing was shown before the first."""
    before = 0
    for row in rows:
        yield Change(
            at=row.at,
            before=before,
            after=row.millipoints,
            rules=row.rules,
            version=row.version,
            reason=row.reason,
        )
        before = row.millipoints


_OF_ONE = """
SELECT c.at, c.millipoints, c.rules, c.version, c.reason
FROM badge b JOIN badge_change c ON c.output_id = b.output_id AND c.audience = b.audience
WHERE b.audience = :audience AND b.public_id = :id ORDER BY c.id
"""
_SINCE = """
SELECT c.output_id, b.public_id, b.doi, b.title, c.at, c.millipoints, c.rules, c.version, c.reason
FROM badge_change c JOIN badge b ON b.audience = c.audience AND b.output_id = c.output_id
WHERE c.audience = :audience AND b.closes_at > :now AND c.output_id IN (
  SELECT n.output_id FROM badge_change n WHERE n.audience = :audience AND n.at >= :since)
ORDER BY c.output_id, c.id
"""
_WITH_A_PAST = "SELECT DISTINCT output_id FROM badge_change WHERE output_id IN :values"
_LATER = """
DELETE FROM badge_change WHERE output_id = :old AND EXISTS (
  SELECT 1 FROM badge_change n
  WHERE n.output_id = :new AND n.audience = badge_change.audience AND n.id < badge_change.id)
"""
