"""What services that were asked have said of who spoke of outputs: all of it, so that what is not said again goes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection as Database

from connectors.attention import Mention, Tally
from connectors.identifiers import Identifier
from connectors.records import Heard, Page
from scoring.rules import SOURCES
from sync.store import erased, mentions, tallies
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.mentions import NEVER
from sync.store.rows import rows_in
from sync.store.source import Applied, Source
from sync.store.touched import Touched

NAMES = {number: name for name, number in SOURCES.items()}


def take(
    store: Store, db: Database, source: Source, told: Mapping[int, Heard], touched: Touched, done: Applied, now: int
) -> None:
    """Take in what was heard, by the row keys of the identifiers that were asked about."""
    if not told:
        return
    stood = {row.key for row in rows_in(db, _STOOD, told, connection=source.id)}
    spoken = {each.key: each for heard in told.values() for each in map(partial(_of, heard.asked), heard.mentions)}
    gone = [Mention(key=key, deleted=True, reason="untold") for key in sorted(stood - spoken.keys())]
    before: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows_in(db, _COUNTED, told, connection=source.id):
        before[row.identifier_id][NAMES[row.source_id]] = 0
    numbers = [
        Tally(targets=(heard.asked,), units=units)
        for subject, heard in told.items()
        if (units := {**before[subject], **heard.units})
    ]
    page = Page(mentions=(*spoken.values(), *gone))
    kept = erased.without(store, db, source.id, source.name, page, touched, now)
    mentions.take(db, source, kept.mentions, touched, done, now)
    tallies.take(db, source, numbers, touched, done, now)


def ages(db: Database, identifiers: Collection[int], now: int) -> dict[int, int]:
    """How old the outputs are that have identifiers, in microseconds, the youngest of each; where no day is known it is
    as old as can be."""
    days = {row.identifier_id: row.day for row in rows_in(db, _DAYS, identifiers)}
    return {each: max(now - days.get(each, 0) * DAY, 0) for each in identifiers}


def _of(asked: Identifier, mention: Mention) -> Mention:
    """A mention of one output. What speaks of two is heard of when either is asked about, and is one of each, so that
    neither answer takes anything from the other."""
    seen = tuple(each for each in mention.evidence if each.identifier == asked)
    return replace(mention, key=f"{asked} {mention.key}", targets=(asked,), evidence=seen)


_STOOD = f"""
SELECT m.key FROM mention_target t JOIN mention m ON m.id = t.mention_id
WHERE m.connection_id = :connection AND m.taken_at = {NEVER} AND t.identifier_id IN :values
"""
_COUNTED = "SELECT identifier_id, source_id FROM tally WHERE connection_id = :connection AND identifier_id IN :values"
_DAYS = """
SELECT n.identifier_id, max(o.day) AS day FROM item_identifier n JOIN item i ON i.id = n.item_id AND i.state = 1
JOIN output o ON o.id = i.output_id AND o.precision > 0
WHERE n.counts = 1 AND n.identifier_id IN :values GROUP BY n.identifier_id
"""
