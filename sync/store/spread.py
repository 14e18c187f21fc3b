"""How everything we know is spread over levels, flags and sources: counts alone, for administrators."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.people import FLAGS

JOINT = "all sources together"
MOST_WORDS = 12  # of one term of a source; what only few records have is counted together
KINDS = ("people", "outputs", "authorships", "groups")
Counts = tuple[int, int, int]


class Bar(NamedTuple):
    """How many are private, internal and public; of a flag, how many say yes, say no, and do not state it."""

    name: str
    counts: Counts


class Term(NamedTuple):
    """A word that a source says of its records, and how many of those are private, internal and public to us.

    `term` is empty where it says nothing, `word` where the rarer words of a term are counted together."""

    connection: str
    kind: str
    term: str
    word: str
    counts: Counts


class Spread(NamedTuple):
    """By kind and by flag: all sources together, then each source by itself."""

    levels: dict[str, list[Bar]]
    flags: dict[str, list[Bar]]
    terms: list[Term]


def spread(db: Database, *, now: int) -> Spread:
    """All of it. A level that has closed by `now` is private."""
    names = {row.id: row.name for row in db.execute(text("SELECT id, name FROM connection ORDER BY position, id"))}
    told = {kind: _told(db, table, now) for kind, table in TABLES.items()}
    levels = {kind: _levels(db, kind, told[kind], names, now) for kind in KINDS}
    terms = [term for kind in KINDS for term in _terms(kind, told[kind], names)]
    return Spread(levels, {flag: _flags(db, flag, names) for flag in FLAGS}, terms)


def _told(db: Database, table: str, now: int) -> list[Any]:
    return list(db.execute(text(_TOLD.format(table=table)), {"now": now}))


def _levels(db: Database, kind: str, told: list[Any], names: dict[int, str], now: int) -> list[Bar]:
    """A level is its own place in the counts."""
    joint = _spread((row.level, row.n) for row in db.execute(text(_JOINT[kind]), {"now": now}))
    by: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in told:
        by[row.connection_id].append((row.level, row.n))
    return [Bar(JOINT, joint), *(Bar(name, _spread(by[id_])) for id_, name in names.items() if id_ in by)]


def _flags(db: Database, flag: str, names: dict[int, str]) -> list[Bar]:
    """What is not stated is told as -1; all sources together always say something."""
    joint = _spread((1 - row.said, row.n) for row in db.execute(text(_SAID.format(flag=flag))))
    by: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in db.execute(text(_SAID_BY.format(flag=flag))):
        by[row.connection_id].append((1 - row.said, row.n))
    return [Bar(JOINT, joint), *(Bar(name, _spread(by[id_])) for id_, name in names.items() if id_ in by)]


def _spread(counted: Iterable[tuple[int, int]]) -> Counts:
    counts = [0, 0, 0]
    for place, n in counted:
        counts[place] += n
    return counts[0], counts[1], counts[2]


def _terms(kind: str, told: list[Any], names: dict[int, str]) -> Iterator[Term]:
    """Every term of every source, its words in the order of how many records have them."""
    found: dict[tuple[str, str], dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in told:
        for term, word in (json.loads(row.raw) or {"": ""}).items():
            found[names[row.connection_id], term][str(word)].append((row.level, row.n))
    for (connection, term), words in sorted(found.items()):
        told_of = sorted(words.items(), key=lambda pair: (-sum(n for _, n in pair[1]), pair[0]))
        for word, counted in told_of[:MOST_WORDS]:
            yield Term(connection, kind, term, word or "(nothing)", _spread(counted))
        if rest := [each for _, counted in told_of[MOST_WORDS:] for each in counted]:
            yield Term(connection, kind, term, "", _spread(rest))


TABLES = {"people": "person_record", "outputs": "item", "authorships": "authorship_record", "groups": "group_record"}
_NOW = "CASE WHEN {closes} > :now THEN {level} ELSE 0 END AS level, count(*) AS n"
_OPEN = _NOW.format(closes="closes_at", level="visibility")
_TOLD = f"SELECT connection_id, raw, {_OPEN} FROM {{table}} WHERE state = 1 GROUP BY 1, 2, 3"
_JOINT = {
    "people": f"SELECT {_OPEN} FROM person WHERE live = 1 GROUP BY 1",
    "outputs": f"SELECT {_OPEN} FROM output WHERE live = 1 GROUP BY 1",
    "authorships": f"SELECT {_OPEN} FROM authorship GROUP BY 1",
    "groups": f"SELECT {_NOW.format(closes='effective_closes_at', level='effective')} FROM group_record "
    "WHERE state = 1 GROUP BY 1",
}
_SAID = "SELECT {flag} AS said, count(*) AS n FROM person WHERE live = 1 GROUP BY 1"
_SAID_BY = "SELECT connection_id, {flag} AS said, count(*) AS n FROM person_record WHERE state = 1 GROUP BY 1, 2"
