"""The groups and journals that an audience sees, with how many outputs each has: never those of nobody it sees."""

import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.badges import Audience
from sync.store.facets import Facet, counts, named
from sync.store.rows import rows_in
from sync.store.search import Search, condition


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group or a journal by its number; `parents` are the groups right above a group, as far as they are seen."""

    id: int
    name: str
    outputs: int
    parents: tuple[int, ...] = ()


def groups(db: Database, audience: Audience, *, now: int) -> list[Shelf]:
    """All groups, by name. A group that is seen has members who are; one above it may have none, and is not there."""
    found = _shelves(db, audience, "group", now)
    above = _above(db, found)
    return [Shelf(each.id, each.name, each.outputs, above.get(each.id, ())) for each in found.values()]


def journals(db: Database, audience: Audience, *, now: int) -> list[Shelf]:
    """All journals, by name."""
    return list(_shelves(db, audience, "journal", now).values())


def mentioned(db: Database, audience: Audience, search: Search, *, now: int) -> int:
    """How often the outputs that a search finds were mentioned, whether it counted or not."""
    asked = condition(db, audience, search, now=now)
    return int(db.execute(text(_MENTIONS.format(where=asked.sql)), asked.values).scalar_one())


def _shelves(db: Database, audience: Audience, facet: Facet, now: int) -> dict[int, Shelf]:
    told = counts(db, audience, facet, now=now)
    all_ = [
        Shelf(int(id_), named(db, audience, facet, int(id_), now=now) or "", number) for id_, number in told.items()
    ]
    return {each.id: each for each in sorted(all_, key=lambda each: (each.name.casefold(), each.id))}


def _above(db: Database, seen: dict[int, Shelf]) -> dict[int, tuple[int, ...]]:
    """Which groups are right above which, both of them among those that are seen."""
    rows = list(rows_in(db, _GROUPS, seen))
    keys = {(row.connection_id, row.key): row.public_id for row in rows}
    above: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        for key in json.loads(row.parents):
            if (parent := keys.get((row.connection_id, key))) is not None:
                above[row.public_id].add(parent)
    return {id_: tuple(each for each in seen if each in parents) for id_, parents in above.items()}


_GROUPS = "SELECT public_id, connection_id, key, parents FROM group_record WHERE public_id IN :values AND state = 1"
_MENTIONS = """
SELECT coalesce(sum(s.mentions), 0)
FROM badge b JOIN badge_source s ON s.audience = b.audience AND s.output_id = b.output_id WHERE {where}
"""
