"""Versions of one work: whose attention counts for whom, as the records state it and never by title, for each audience.

An output takes in what its own records, or the versions' own, call a version of it, and what these take in. A version
that is an output counts for an audience that sees it; so does one by way of others, where all of them show. A version
that nobody told of a record counts by its identifier alone, unless a hide or a veto clings to that. What belongs to
none or to several outputs counts for nobody.

A score is kept under the row key of its output; where insiders see versions that the public does not, theirs is kept
beside it, under the negative.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from sync.store import mentions, permission, votes
from sync.store.database import Store
from sync.store.permission import SHOWN
from sync.store.rows import change_in, many, measured, rows_in
from sync.store.vetoes import Vetoes
from sync.tables import FOREVER


class Version(NamedTuple):
    """One version in a score: `output` 0 where nobody told of a record; `item` states the relation, or under the
    negative what a service that was asked has said."""

    identifier: int
    output: int
    relation: str
    item: int
    closes_at: int = FOREVER


Rolls = dict[int, frozenset[Version]]  # by the key of a score, those that have any
_Closings = Mapping[int, int]  # by output that an audience sees: until when


def rolls(store: Store, db: Database, outputs: Collection[int], *, now: int) -> Rolls:
    """The versions whose attention counts for outputs now, by the key of each score that has any."""
    if not db.exec_driver_sql(_STATED).scalar():
        return {}
    below = _below(db, outputs)
    if not any(below.values()):
        return {}
    named = {version.output for each in below.values() for version in each if version.output}
    closings: dict[str, dict[int, int]] = {"public": {}, "internal": {}}
    for row in rows_in(db, SHOWN + _SHOWN, named, **permission.at(now)):
        closings[row.audience][row.output_id] = row.closes_at
    shut = _shut(store, db, {version.identifier for each in below.values() for version in each if not version.output})
    found: Rolls = {}
    for output in outputs:
        public, inside = (_taken_in(output, below, closings[who], shut) for who in ("public", "internal"))
        found |= {output: public} if public else {}
        found |= {-output: inside} if {each[:2] for each in inside} != {each[:2] for each in public} else {}
    return found


def stored(db: Database, outputs: Iterable[int]) -> Rolls:
    """The versions in the scores of outputs as they are stored; a barred one is like no other."""
    found: dict[int, set[Version]] = defaultdict(set)
    for row in rows_in(db, _STORED, [key for id_ in outputs for key in (id_, -id_)]):
        found[row.output_id].add(
            Version(row.identifier_id, row.version_id, row.relation, row.item_id, -1 if row.barred else row.closes_at)
        )
    return {key: frozenset(each) for key, each in found.items()}


def keep(db: Database, outputs: Collection[int], new: Rolls) -> None:
    """Store the versions in the scores of outputs; a score for insiders that is not needed any more goes."""
    before = stored(db, outputs)
    keys = [key for id_ in outputs for key in (id_, -id_) if before.get(key) != new.get(key)]
    change_in(db, "DELETE FROM score_version WHERE output_id IN :values", keys)
    many(db, _KEEP, [{"key": key, **each._asdict()} for key in keys for each in sorted(new.get(key, ()))])
    gone = [key for key in keys if key < 0 and key not in new]
    for table in ("score", "score_source"):
        change_in(db, f"DELETE FROM {table} WHERE output_id IN :values", gone)


def bar(db: Database, touched: Collection[int]) -> set[int]:
    """No badge shows a score any more that holds the attention of an output that was touched; the outputs they are
    of."""
    using = {row.output_id for sql in (_USING, _NAMING) for row in rows_in(db, sql, touched)}
    change_in(db, "UPDATE score_version SET barred = 1 WHERE output_id IN :values", using)
    return {abs(key) for key in using}


def using(db: Database, outputs: Iterable[int]) -> set[int]:
    """The outputs in whose score the attention of any of these is."""
    return {abs(row.output_id) for row in rows_in(db, _USING, outputs)}


def above(db: Database, outputs: Iterable[int]) -> set[int]:
    """The outputs that may take any of these in, or did."""
    found: set[int] = set()
    wanted = set(outputs) if db.exec_driver_sql(_ANY).scalar() else set()
    while wanted:
        near = {abs(row.output_id) for sql in _LINKED for row in rows_in(db, sql, wanted)}
        wanted = near - found - {0}
        found |= wanted
    return found


def closed(db: Database, *, now: int) -> set[int]:
    """The outputs in whose score is the attention of a version that shows no more by now."""
    rows = db.exec_driver_sql("SELECT output_id FROM score_version WHERE closes_at <= :now", {"now": now})
    return {abs(row.output_id) for row in rows}


def mentioned(db: Database, mentions_: Iterable[int]) -> set[int]:
    """The outputs for which mentions count by the bare identifier of a version."""
    return {abs(row.output_id) for row in rows_in(db, _MENTIONED, mentions_)}


def lay_out(db: Database, found: Rolls) -> None:
    """Temporary tables for what counts by way of versions: `rolled`, and `rolled_mark` as `mark`, by keys of scores.
    The score for insiders has no marks of its own, so all are among them."""
    rows = [
        {"key": key, "version": version, "identifier": identifier}
        for key, each in found.items()
        for version, identifier in sorted(
            {(v.output, v.identifier) for v in each} | ({(-key, 0)} if key < 0 else set())
        )
    ]
    for table, columns in _LAID_OUT.items():
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        db.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} ({columns})")
    if rows:
        db.exec_driver_sql(_ROLLED, rows)
    measured(db, "rolled")
    db.exec_driver_sql(_ROLLED_MARKS)
    measured(db, "rolled_mark")


def _taken_in(
    output: int, below: Mapping[int, list[Version]], closings: _Closings, shut: Collection[int]
) -> frozenset[Version]:
    """What an output takes in for an audience, by the shortest way; it shows no longer than all on the way."""
    found: dict[int, Version] = {}
    wanted = [(output, FOREVER)]
    for id_, until in wanted:
        for version in below.get(id_, ()):
            shows = version.output in closings if version.output else version.identifier not in shut
            if shows and version.output != output and version.identifier not in found:
                closes = min(until, closings.get(version.output, FOREVER))
                found[version.identifier] = version._replace(closes_at=closes)
                wanted += [(version.output, closes)] if version.output else []
    return frozenset(found.values())


def _below(db: Database, outputs: Collection[int]) -> dict[int, list[Version]]:
    """What each of the outputs takes in directly, and each of those again."""
    below: dict[int, list[Version]] = {}
    wanted = set(outputs)
    while wanted:
        found = _stated(db, wanted)
        below |= {id_: found.get(id_, []) for id_ in wanted}
        wanted = {version.output for each in found.values() for version in each} - below.keys() - {0}
    return below


def _stated(db: Database, outputs: Collection[int]) -> dict[int, list[Version]]:
    """The versions that outputs take in directly, in an order that does not depend on when they were told; those that
    only a service says come last, since a source's own words go before."""
    own = [row for sql in (_OWN, _OWN_SAID) for row in rows_in(db, sql, outputs)]
    theirs = [row for sql in (_THEIRS, _THEIRS_SAID) for row in rows_in(db, sql, outputs)]
    if not own and not theirs:
        return {}
    homes = _homes(db, {row.identifier_id for row in own})
    named = _named(db, {row.version_id for row in theirs} | {home for home in homes.values() if home})
    found: dict[int, set[Version]] = defaultdict(set)
    for row in own:
        home = homes.get(row.identifier_id)
        if home is not None and (not home or home in named):
            found[row.output_id].add(
                Version(named[home] if home else row.identifier_id, home, row.relation, row.item_id)
            )
    for row in theirs:
        if row.version_id in named:
            found[row.output_id].add(Version(named[row.version_id], row.version_id, row.relation, row.item_id))
    return {
        output: sorted(each, key=lambda v: (v.item < 0, v.output, v.identifier, v.relation, v.item))
        for output, each in found.items()
    }


def _homes(db: Database, identifiers: Collection[int]) -> dict[int, int]:
    """The output that each identifier names, 0 where no record has it; what is not sure is left out."""
    homes: dict[int, set[int]] = {identifier: set() for identifier in identifiers}
    for row in rows_in(db, _HOMES, identifiers):
        homes[row.identifier_id].add(row.output_id if row.counts else 0)
    sure = {identifier: each for identifier, each in homes.items() if not each or len(each - {0}) == len(each) == 1}
    return {identifier: next(iter(each), 0) for identifier, each in sure.items()}


def _named(db: Database, outputs: Collection[int]) -> dict[int, int]:
    """An identifier of each output that has one, its DOI where it has that."""
    best: dict[int, tuple[bool, int]] = {}
    for row in rows_in(db, _NAMED, outputs):
        told = (row.scheme != "doi", row.identifier_id)
        best[row.output_id] = min(best.get(row.output_id, told), told)
    return {output: identifier for output, (_, identifier) in best.items()}


def _shut(store: Store, db: Database, identifiers: Collection[int]) -> set[int]:
    """Of identifiers without a record those that a hide or a forgotten record clings to."""
    rows = rows_in(db, "SELECT id, scheme, value FROM identifier WHERE id IN :values", identifiers)
    told = {row.id: Identifier(row.scheme, row.value) for row in rows}
    hidden, vetoed = votes.hidden(db, "output"), Vetoes(store, db).on_alone(told.values())
    return {id_ for id_, each in told.items() if str(each) in hidden or each in vetoed}


_STATED = "SELECT EXISTS (SELECT 1 FROM item_version) OR EXISTS (SELECT 1 FROM learned_version)"
_ANY = f"{_STATED} OR EXISTS (SELECT 1 FROM score_version)"
_SHOWN = "SELECT audience, output_id, closes_at FROM shown_output WHERE output_id IN :values"
_STORED = "SELECT * FROM score_version WHERE output_id IN :values"
_KEEP = """
INSERT INTO score_version (output_id, identifier_id, version_id, relation, item_id, closes_at)
VALUES (:key, :identifier, :output, :relation, :item, :closes_at)
"""
_TOLD = "JOIN connection c ON c.id = {item}.connection_id AND c.state <> 'removed'"
_OWN = f"""
SELECT i.output_id, v.identifier_id, v.relation, v.item_id FROM item i {_TOLD.format(item="i")}
JOIN item_version v ON v.item_id = i.id AND v.counts_here = 1
WHERE i.state = 1 AND i.output_id IN :values
"""
_SAID = """
JOIN learned l ON l.{by} JOIN asked a ON a.id = l.asked_id
JOIN connection w ON w.id = a.connection_id AND w.state <> 'removed'
"""
_OWN_SAID = f"""
SELECT DISTINCT i.output_id, v.identifier_id, v.relation, -l.id AS item_id FROM item i {_TOLD.format(item="i")}
JOIN item_identifier m ON m.item_id = i.id AND m.counts = 1 {_SAID.format(by="doi_id = m.identifier_id")}
JOIN learned_version v ON v.learned_id = l.id AND v.counts_here = 1
WHERE EXISTS (SELECT 1 FROM learned_version) AND i.state = 1 AND i.output_id IN :values
  AND (v.relation <> 'is_identical_to' OR NOT EXISTS (
    SELECT 1 FROM learned_version o JOIN learned k ON k.id = o.learned_id
    WHERE o.identifier_id = v.identifier_id AND o.relation = 'is_identical_to' AND k.doi_id <> l.doi_id))
"""
_THEIRS = f"""
SELECT DISTINCT i.output_id, s.output_id AS version_id, v.relation, v.item_id FROM item i
JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN item_version v ON v.identifier_id = n.identifier_id AND v.counts_here = 0
JOIN item s ON s.id = v.item_id AND s.state = 1 AND s.output_id <> i.output_id {_TOLD.format(item="s")}
WHERE i.state = 1 AND i.output_id IN :values
"""
_THEIRS_SAID = f"""
SELECT DISTINCT i.output_id, s.output_id AS version_id, v.relation, -l.id AS item_id FROM item i
JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN learned_version v ON v.identifier_id = n.identifier_id AND v.counts_here = 0
{_SAID.format(by="id = v.learned_id")} JOIN item_identifier m ON m.identifier_id = l.doi_id AND m.counts = 1
JOIN item s ON s.id = m.item_id AND s.state = 1 AND s.output_id <> i.output_id {_TOLD.format(item="s")}
WHERE EXISTS (SELECT 1 FROM learned_version) AND i.state = 1 AND i.output_id IN :values
"""
_HOMES = """
SELECT n.identifier_id, i.output_id, n.counts FROM item_identifier n JOIN item i ON i.id = n.item_id
WHERE n.identifier_id IN :values
"""
_NAMED = """
SELECT DISTINCT i.output_id, n.identifier_id, d.scheme FROM item i
JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1 JOIN identifier d ON d.id = n.identifier_id
WHERE i.state = 1 AND i.output_id IN :values
"""
_USING = "SELECT output_id FROM score_version WHERE version_id IN :values"
_NAMING = """
SELECT s.output_id FROM item i JOIN item_identifier n ON n.item_id = i.id
JOIN score_version s ON s.identifier_id = n.identifier_id
WHERE EXISTS (SELECT 1 FROM score_version) AND i.output_id IN :values
"""
_OVER = """
SELECT i.output_id FROM item v JOIN item_identifier n ON n.item_id = v.id
JOIN item_version r ON r.identifier_id = n.identifier_id AND r.counts_here = 1
JOIN item i ON i.id = r.item_id WHERE v.output_id IN :values
"""
_UNDER = """
SELECT i.output_id FROM item v JOIN item_version r ON r.item_id = v.id AND r.counts_here = 0
JOIN item_identifier n ON n.identifier_id = r.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id WHERE v.output_id IN :values
"""
_OVER_SAID = """
SELECT i.output_id FROM item v JOIN item_identifier n ON n.item_id = v.id
JOIN learned_version r ON r.identifier_id = n.identifier_id AND r.counts_here = 1 JOIN learned l ON l.id = r.learned_id
JOIN item_identifier m ON m.identifier_id = l.doi_id AND m.counts = 1 JOIN item i ON i.id = m.item_id
WHERE EXISTS (SELECT 1 FROM learned_version) AND v.output_id IN :values
"""
_UNDER_SAID = """
SELECT i.output_id FROM item v JOIN item_identifier m ON m.item_id = v.id AND m.counts = 1
JOIN learned l ON l.doi_id = m.identifier_id JOIN learned_version r ON r.learned_id = l.id AND r.counts_here = 0
JOIN item_identifier n ON n.identifier_id = r.identifier_id AND n.counts = 1 JOIN item i ON i.id = n.item_id
WHERE EXISTS (SELECT 1 FROM learned_version) AND v.output_id IN :values
"""
_LINKED = (_OVER, _UNDER, _OVER_SAID, _UNDER_SAID, _USING)
_MENTIONED = """
SELECT s.output_id FROM mention_target t
JOIN score_version s ON s.identifier_id = t.identifier_id AND s.version_id = 0
WHERE EXISTS (SELECT 1 FROM score_version) AND t.mention_id IN :values
"""
_LAID_OUT = {
    "rolled": "score_key BIGINT, version_id BIGINT, identifier_id BIGINT",
    "rolled_mark": "output_id BIGINT, " + ", ".join(f"{name} BIGINT" for name in mentions.MARK),
}
_ROLLED = "INSERT INTO rolled (score_key, version_id, identifier_id) VALUES (:key, :version, :identifier)"
_ROLLED_MARKS = f"""
INSERT INTO rolled_mark (output_id, {", ".join(mentions.MARK)})
SELECT p.score_key, {mentions.MARKED} FROM (
  SELECT r.score_key, k.mention_id FROM rolled r JOIN mark k ON k.output_id = r.version_id
  UNION
  SELECT r.score_key, t.mention_id FROM rolled r JOIN mention_target t ON t.identifier_id = r.identifier_id
  WHERE r.version_id = 0 AND t.verdict >= 0
) AS p JOIN mention m ON m.id = p.mention_id AND m.refused = 0
WHERE NOT EXISTS (SELECT 1 FROM mark k WHERE k.output_id = p.score_key AND k.mention_id = p.mention_id)
"""
