"""Where sources do not agree, for administrators: levels, flags, identifiers, DOIs. A page at a time, by row key."""

from collections import defaultdict
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store.people import FLAGS
from sync.store.rows import rows_in

Clash = Literal["outputs", "people", "authorships", "flags", "identifiers", "dois", "uncertain"]
CLASHES: tuple[Clash, ...] = get_args(Clash)
PAGE = 50
SAID = {1: "yes", 0: "no"}


class Conflict(NamedTuple):
    """`things` are `output:ID` and `person:ID`, `about` an identifier or a flag, `said` who says what, `stands` what
    follows from it."""

    things: tuple[str, ...]
    about: str
    said: tuple[tuple[str, str], ...]
    stands: str


class Conflicts(NamedTuple):
    """One page of one kind; `after` is where the next begins, 0 where there is none."""

    rows: list[Conflict]
    after: int


def conflicts(db: Database, kind: Clash, *, after: int = 0, most: int = PAGE) -> Conflicts:
    """The conflicts of a kind behind a row key."""
    keys = [row.id for row in db.execute(text(_KEYS[kind]), {"after": after, "most": most + 1})]
    rows = _FOUND[kind](db, keys[:most])
    return Conflicts(rows, keys[most - 1] if len(keys) > most else 0)


def _levels_of_outputs(db: Database, ids: list[int]) -> list[Conflict]:
    return _by_thing(rows_in(db, _VOTES_ON_OUTPUTS, ids))


def _levels_of_people(db: Database, ids: list[int]) -> list[Conflict]:
    return _by_thing(rows_in(db, _VOTES_ON_PEOPLE, ids))


def _levels_of_authorships(db: Database, ids: list[int]) -> list[Conflict]:
    """An output may have several, of which only those are told that are a conflict."""
    found = _by_thing(rows_in(db, _VOTES_ON_PAIRS, ids))
    return [each for each in found if len({level for _, level in each.said}) > 1]


def _by_thing(rows: Any) -> list[Conflict]:
    told: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        told[tuple(row.things.split(" "))].append(row)
    return [
        Conflict(
            things,
            "",
            tuple(dict.fromkeys((row.connection, Visibility(row.visibility).word) for row in votes)),
            Visibility(votes[0].joint).word,
        )
        for things, votes in told.items()
    ]


def _flags(db: Database, ids: list[int]) -> list[Conflict]:
    told: dict[str, list[Any]] = defaultdict(list)
    for row in rows_in(db, _SAID_OF_PEOPLE, ids):
        told[row.things].append(row)
    found = []
    for thing, rows in told.items():
        for flag in FLAGS:
            said = tuple((row.connection, SAID[value]) for row in rows if (value := getattr(row, flag)) in SAID)
            if len({word for _, word in said}) > 1:
                found.append(Conflict((thing,), flag, said, SAID[getattr(rows[0], f"joint_{flag}")]))
    return found


def _identifiers(db: Database, ids: list[int]) -> list[Conflict]:
    told: dict[str, list[Any]] = defaultdict(list)
    for row in rows_in(db, _SPEAKING_OF, ids):
        told[row.about].append(row)
    return [
        Conflict(
            tuple(dict.fromkeys(row.things for row in rows)),
            about,
            tuple(dict.fromkeys((row.connection, row.things) for row in rows)),
            "they were not joined, for their DOIs differ",
        )
        for about, rows in told.items()
    ]


def _dois(db: Database, ids: list[int]) -> list[Conflict]:
    told: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows_in(db, _FURTHER, ids):
        told[row.things, row.about].append(row)
    return [
        Conflict(
            (thing,),
            about,
            tuple(dict.fromkeys((row.connection, f"record {row.key}") for row in rows)),
            f"counts: doi:{rows[0].doi}" if rows[0].doi else "no DOI counts",
        )
        for (thing, about), rows in told.items()
    ]


def _uncertain(db: Database, ids: list[int]) -> list[Conflict]:
    told: dict[str, list[Any]] = defaultdict(list)
    for row in rows_in(db, _COULD_BE, ids):
        told[row.own].append(row)
    return [
        Conflict(
            (own,),
            "",
            tuple((row.connection, f"could be {row.things}") for row in rows),
            f"stands alone; its vote ({Visibility(rows[0].visibility).word}) counts for all of them",
        )
        for own, rows in told.items()
    ]


_FOUND = {
    "outputs": _levels_of_outputs,
    "people": _levels_of_people,
    "authorships": _levels_of_authorships,
    "flags": _flags,
    "identifiers": _identifiers,
    "dois": _dois,
    "uncertain": _uncertain,
}
# Most outputs have one record, which an index tells without looking at any.
_SEVERAL = "(SELECT {of} AS id FROM {table} WHERE {of} > :after GROUP BY {of} HAVING count(*) > 1) AS several"
_DIFFER = "HAVING count(DISTINCT {sources}) > 1 AND min({level}) < max({level}) ORDER BY 1 LIMIT :most"
_SAY = " OR ".join(f"(min(NULLIF(r.{flag}, -1)) < max(NULLIF(r.{flag}, -1)))" for flag in FLAGS)
_KEYS: dict[str, str] = {
    "outputs": f"""
SELECT several.id FROM {_SEVERAL.format(of="output_id", table="item")} JOIN item i ON i.output_id = several.id
GROUP BY several.id {_DIFFER.format(sources="i.connection_id", level="i.visibility")}""",
    "people": f"""
SELECT several.id FROM {_SEVERAL.format(of="person_id", table="person_record")}
JOIN person_record r ON r.person_id = several.id
GROUP BY several.id {_DIFFER.format(sources="r.connection_id", level="r.visibility")}""",
    "authorships": f"""
SELECT DISTINCT id FROM (
  SELECT several.id, p.person_id FROM {_SEVERAL.format(of="output_id", table="item")}
  JOIN item i ON i.output_id = several.id
  JOIN authorship_record a ON a.connection_id = i.connection_id AND a.item_key = i.key
  JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
  GROUP BY several.id, p.person_id
  HAVING count(DISTINCT a.connection_id) > 1 AND min(a.visibility) < max(a.visibility)
) AS pair ORDER BY id LIMIT :most""",
    "flags": f"""
SELECT several.id FROM {_SEVERAL.format(of="person_id", table="person_record")}
JOIN person_record r ON r.person_id = several.id AND r.state = 1
GROUP BY several.id HAVING {_SAY} ORDER BY 1 LIMIT :most""",
    "identifiers": f"""
SELECT several.id FROM {_SEVERAL.format(of="identifier_id", table="item_identifier")}
JOIN item_identifier n ON n.identifier_id = several.id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
GROUP BY several.id HAVING count(DISTINCT i.output_id) > 1 ORDER BY 1 LIMIT :most""",
    "dois": """
SELECT DISTINCT i.output_id AS id FROM item_identifier n
JOIN identifier d ON d.id = n.identifier_id AND d.scheme = 'doi' JOIN item i ON i.id = n.item_id AND i.state = 1
WHERE n.counts = 0 AND i.output_id > :after AND NOT EXISTS (
  SELECT 1 FROM item_identifier m JOIN item j ON j.id = m.item_id
  WHERE m.identifier_id = n.identifier_id AND m.counts = 1 AND j.output_id = i.output_id
) ORDER BY 1 LIMIT :most""",
    "uncertain": """
SELECT DISTINCT i.output_id AS id FROM output_vote v JOIN item i ON i.id = v.item_id AND i.state = 1
WHERE i.output_id > :after ORDER BY 1 LIMIT :most""",
}
_OUTPUT, _PERSON = "'output:' || o.public_id", "'person:' || p.public_id"
_VOTES_ON_OUTPUTS = f"""
SELECT {_OUTPUT} AS things, o.visibility AS joint, c.name AS connection, i.visibility
FROM item i JOIN output o ON o.id = i.output_id JOIN connection c ON c.id = i.connection_id
WHERE i.output_id IN :values ORDER BY o.id, c.position, i.id
"""
_VOTES_ON_PEOPLE = f"""
SELECT {_PERSON} AS things, p.visibility AS joint, c.name AS connection, r.visibility
FROM person_record r JOIN person p ON p.id = r.person_id JOIN connection c ON c.id = r.connection_id
WHERE r.person_id IN :values ORDER BY p.id, c.position, r.id
"""
_VOTES_ON_PAIRS = f"""
SELECT {_OUTPUT} || ' ' || {_PERSON} AS things, u.visibility AS joint, c.name AS connection, a.visibility
FROM item i JOIN output o ON o.id = i.output_id
JOIN authorship_record a ON a.connection_id = i.connection_id AND a.item_key = i.key
JOIN person_record r ON r.connection_id = a.connection_id AND r.key = a.person_key
JOIN person p ON p.id = r.person_id JOIN connection c ON c.id = a.connection_id
JOIN authorship u ON u.output_id = o.id AND u.person_id = p.id
WHERE i.output_id IN :values ORDER BY o.id, p.id, c.position, a.id
"""
_SAID_OF_PEOPLE = f"""
SELECT {_PERSON} AS things, c.name AS connection, r.current, r.academic, r.student, p.current AS joint_current,
  p.academic AS joint_academic, p.student AS joint_student
FROM person_record r JOIN person p ON p.id = r.person_id JOIN connection c ON c.id = r.connection_id
WHERE r.person_id IN :values AND r.state = 1 ORDER BY p.id, c.position, r.id
"""
_SPEAKING_OF = f"""
SELECT d.scheme || ':' || d.value AS about, {_OUTPUT} AS things, c.name AS connection
FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1 JOIN output o ON o.id = i.output_id
JOIN connection c ON c.id = i.connection_id WHERE d.id IN :values ORDER BY d.id, c.position, i.id
"""
_FURTHER = f"""
SELECT {_OUTPUT} AS things, d.scheme || ':' || d.value AS about, c.name AS connection, i.key, o.doi
FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 0
JOIN identifier d ON d.id = n.identifier_id AND d.scheme = 'doi' JOIN output o ON o.id = i.output_id
JOIN connection c ON c.id = i.connection_id
WHERE i.state = 1 AND i.output_id IN :values AND NOT EXISTS (
  SELECT 1 FROM item_identifier m JOIN item j ON j.id = m.item_id
  WHERE m.identifier_id = n.identifier_id AND m.counts = 1 AND j.output_id = i.output_id
) ORDER BY o.id, d.value, c.position
"""
_COULD_BE = """
SELECT 'output:' || own.public_id AS own, 'output:' || o.public_id AS things, c.name AS connection, i.visibility
FROM item i JOIN output_vote v ON v.item_id = i.id JOIN output o ON o.id = v.output_id
JOIN output own ON own.id = i.output_id JOIN connection c ON c.id = i.connection_id
WHERE i.state = 1 AND i.output_id IN :values ORDER BY own.id, c.position, o.id
"""
