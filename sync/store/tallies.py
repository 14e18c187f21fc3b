"""Tallies: numbers of which the single mentions are not known, kept by identifier and source.

No row ties them to outputs: the score asks at the moment it reads which outputs have the identifier, so an output that
comes later, is joined or is parted has the numbers that are its own.
"""

from collections.abc import Sequence

from sqlalchemy import Connection as Database

from connectors.attention import Tally
from scoring.rules import SOURCES
from sync.store.identity import identifier_ids, prune
from sync.store.rows import change_in, many, rows_in, upsert
from sync.store.source import Applied, Source
from sync.store.touched import Touched


def take(db: Database, source: Source, told: Sequence[Tally], touched: Touched, done: Applied, now: int) -> None:
    """Store tallies; the last one of an identifier and source wins. A source that is unknown is an error of ours."""
    if not told:
        return
    ids = identifier_ids(db, {target for tally in told for target in tally.targets})
    latest = {
        (ids[target], SOURCES[name]): units
        for tally in told
        for target in tally.targets
        for name, units in tally.units.items()
    }
    before = {
        (row.identifier_id, row.source_id): row.units for row in rows_in(db, _KNOWN, ids.values(), connection=source.id)
    }
    news = {key: units for key, units in latest.items() if before.get(key, 0) != units}
    rows = [
        {"identifier_id": identifier, "source_id": number, "connection_id": source.id, "units": units, "told_at": now}
        for (identifier, number), units in news.items()
    ]
    many(db, upsert("tally", ("identifier_id", "source_id", "connection_id"), ("units", "told_at")), rows)
    change_in(db, _TAKEN_BACK, {identifier for (identifier, _), units in news.items() if not units})
    touched.spoken |= outputs_of(db, {identifier for identifier, _ in news})
    prune(db, ids.values())
    done.changed += sum(
        any((ids[target], SOURCES[name]) in news for target in t.targets for name in t.units) for t in told
    )


def outputs_of(db: Database, identifiers: set[int]) -> set[int]:
    """The outputs that identifiers name, and those in whose score a number told of them is."""
    return {row.output_id for row in rows_in(db, _OUTPUTS, identifiers)} - {0}


_KNOWN = """
SELECT identifier_id, source_id, units FROM tally WHERE connection_id = :connection AND identifier_id IN :values
"""
_TAKEN_BACK = "DELETE FROM tally WHERE units = 0 AND identifier_id IN :values"
_OUTPUTS = """
SELECT DISTINCT i.output_id FROM item_identifier n JOIN item i ON i.id = n.item_id AND i.state = 1
WHERE n.counts = 1 AND n.identifier_id IN :values
UNION
SELECT abs(output_id) FROM score_version WHERE identifier_id IN :values
"""
