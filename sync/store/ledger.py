"""The ledger of one output: the middle of the one expression, line by line, and what each mention is about."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from scoring import engine
from scoring.rules import RuleSet
from sync.store import evidence, facts, versions
from sync.store.arrow import duck
from sync.store.attention import AS_STORED, of_some
from sync.store.badges import Shown
from sync.store.evidence import Way
from sync.store.rows import rows_in


class Ledger(NamedTuple):
    """Lines of mentions, and of counts; those of a source that has both are there too, with 0 points."""

    mentions: list[dict[str, Any]]
    counts: list[dict[str, Any]]


def ledger(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> Ledger:
    """Every standing mention of an output, and every count, with what it counted for, and `told`, `under` and `way` of
    each mention: what it is about, the identifier that it came by, and how it was found to name that."""
    lines, counts = points(db, shown, rules, now=now)
    return Ledger(about(db, shown, lines), counts)


def points(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> Ledger:
    """The same without what the mentions are about: the middle of the one expression, for one output.

    It takes a badge, so that nobody can ask for the ledger of what no audience may see."""
    key = score_key(db, shown)
    rolled = versions.stored(db, [abs(key)])
    chosen = {key: rolled[key]} if key in rolled else {}
    told = of_some(db, AS_STORED.at(now), chosen, "WHERE output_id = :output", output=key)
    with duck() as opened:
        counts = []
        if told["tallies"].num_rows:  # seldom, and each question takes its time
            counts = engine.tally_ledger(**told, rules=rules, now=now, connection=opened)
        told.pop("tallies")
        lines = engine.ledger(**told, rules=rules, now=now, connection=opened)
    return Ledger(lines, counts)


def points_by(db: Database, output: int, rules: RuleSet, *, now: int) -> int:
    """The score of an output, by row key, in thousandths, as some rule set would make it; for administrators."""
    rolled = versions.stored(db, [output])
    chosen = {output: rolled[output]} if output in rolled else {}
    told = of_some(db, AS_STORED.at(now), chosen, "WHERE output_id = :output", output=output)
    with duck() as opened:
        scored = engine.score(**told, rules=rules, now=now, connection=opened).scored.to_pylist()
    return sum(int(row["millipoints"]) for row in scored if row["output"] == output)


def about(db: Database, shown: Shown, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Some lines of an output's ledger, with `told`, `under` and `way` where they are of mentions."""
    mentioned = [line["mention"] for line in lines if "mention" in line]
    rows = {row.id: row for row in rows_in(db, _MENTIONS, mentioned)}
    ways = _ways(db, shown, abs(score_key(db, shown)), mentioned)
    return [{**line, **_about(line["mention"], rows, ways)} if "mention" in line else {**line} for line in lines]


def score_key(db: Database, shown: Shown) -> int:
    """The key that the score of a badge stands under: its output's, or its negative where insiders have their own."""
    return int(db.execute(text(_KEY), {"id": shown.output, "audience": shown.audience}).scalar_one())


def _about(mention: int, rows: Mapping[int, Any], ways: Mapping[int, Way]) -> dict[str, Any]:
    way = ways.get(mention)
    return {"told": rows[mention], "under": way and way.identifier, "way": way}


def _ways(db: Database, shown: Shown, output: int, mentions_: Collection[int]) -> dict[int, Way]:
    """By which identifier each mention came to an output: its own, else one of a version that this audience sees."""
    theirs = {
        Identifier(row.scheme, row.value)
        for row in db.execute(text(_OF_VERSIONS), {"audience": shown.audience, "output": output})
    }
    rank = dict.fromkeys(theirs, 0) | dict.fromkeys(shown.identifiers, -1)
    best: dict[int, Way] = {}
    for mention, ways in evidence.ways(db, mentions_).items():
        some = [way for way in ways if not way.refused and way.identifier in rank]
        best |= {mention: min(some, key=lambda way: (rank[way.identifier], way.identifier))} if some else {}
    return best


_KEY = """
SELECT coalesce(s.output_id, o.id) FROM output o
LEFT JOIN score s ON s.output_id = -o.id AND :audience = 'internal' WHERE o.public_id = :id
"""
_OF_VERSIONS = """
SELECT scheme, value FROM badge_version WHERE audience = :audience AND output_id = :output
UNION
SELECT i.scheme, i.value FROM badge_version v JOIN badge b ON b.audience = v.audience AND b.public_id = v.version
JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
WHERE v.audience = :audience AND v.output_id = :output
"""
_MENTIONS = f"""
SELECT m.id, m.public_id, m.url, m.title, m.method, m.occurred_at, coalesce(u.name, 'unknown') AS unit,
  coalesce(nullif(s.name, ''), nullif(o.name, ''), l.name, '') AS outlet, coalesce(a.name, '') AS account
FROM mention m LEFT JOIN unit u ON u.id = m.unit_id
LEFT JOIN outlet o ON o.id = m.outlet_id
LEFT JOIN outlet_said s ON s.outlet_id = o.id AND s.said_by = {facts.ADMINISTRATOR}
LEFT JOIN outlet_said l ON l.outlet_id = o.id AND l.said_by = {facts.LIST}
LEFT JOIN account a ON a.id = m.account_id
WHERE m.id IN :values
"""
