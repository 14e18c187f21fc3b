"""Which profiles are one person, what their sources agree on, and which groups they are in."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store import identity, learned, votes
from sync.store.rows import change_in, many, new_rows, rows_in
from sync.store.touched import Touched
from sync.store.union import Union
from sync.store.vetoes import Vetoes
from sync.store.words import pieces


def rejoin(db: Database, touched: Touched) -> None:
    """Work out again which people the touched profiles belong to: one ORCID, or one merge, is one person."""
    profiles = _reach(db, touched.profiles)
    joined = Union()
    by_key = {(row.connection_id, row.key): row.id for row in profiles.values()}
    for row in profiles.values():
        survivor = by_key.get((row.connection_id, row.into_key), row.id) if row.into_key else row.id
        joined.link(("profile", row.id), ("orcid", row.orcid) if row.orcid else ("profile", row.id))
        joined.link(("profile", row.id), ("profile", survivor))
    people = {row.person_id for row in profiles.values()} - {0}
    taken: set[int] = set()
    homes: dict[int, list[int]] = {}
    homeless = []
    for members in sorted(joined.sets("profile"), key=min):
        home = min(({profiles[id_].person_id for id_ in members} & people) - taken, default=0)
        taken.add(home)
        if home:
            homes[home] = members
        else:
            homeless.append(members)
    homes |= dict(zip(new_rows(db, "person", _NEW_PERSON, len(homeless)), homeless, strict=True))
    moves = [
        {"id": id_, "home": home}
        for home, members in homes.items()
        for id_ in members
        if profiles[id_].person_id != home
    ]
    many(db, "UPDATE person_record SET person_id = :home WHERE id = :id", moves)
    touched.people |= people | homes.keys()
    if moves:  # memberships go by person
        touched.groups |= {row.connection_id for row in profiles.values()}


def settle(db: Database, vetoes: Vetoes, touched: Touched) -> None:
    """Work out the touched people again; all they wrote is touched with them."""
    records: dict[int, list[Any]] = defaultdict(list)
    for row in rows_in(db, _RECORDS, touched.people):
        records[row.person_id].append(row)
    hidden = votes.hidden(db, "person")
    many(db, _PERSON, [_person(id_, told, hidden, vetoes) for id_, told in records.items()])
    change_in(db, "DELETE FROM person WHERE id IN :values", touched.people - records.keys())
    identity.prune(db, learned.release_people(db, touched.people))
    touched.outputs |= {row.output_id for row in rows_in(db, _LINKED_OUTPUTS, touched.people)}
    touched.outputs |= written_by(db, touched.people)


def settle_groups(db: Database, connection: int, touched: Touched) -> None:
    """Work out one source's groups again; all that their members wrote is touched."""
    asked = {"connection": connection}
    told = {row.key: row for row in db.execute(text(_GROUPS), asked)}
    parents = {key: set(json.loads(row.parents)) for key, row in told.items()}
    many(db, _GROUP, [_group(row, [told.get(name) for name in _line(key, parents)]) for key, row in told.items()])
    before = {tuple(row) for row in db.execute(text(_IN_GROUPS), asked)}
    db.execute(text("DELETE FROM person_group WHERE connection_id = :connection"), asked)
    db.execute(text(_INTO_GROUPS), asked)
    after = {tuple(row) for row in db.execute(text(_IN_GROUPS), asked)}
    touched.outputs |= written_by(db, {person for person, _ in before | after})


def regroup(db: Database, people: set[int]) -> None:
    """Work out the groups of some people again, of whom profiles are gone; nothing else of those groups has changed."""
    change_in(db, "DELETE FROM person_group WHERE person_id IN :values", people)
    change_in(db, _INTO_GROUPS_OF, people)


def written_by(db: Database, people: set[int]) -> set[int]:
    """The outputs of people, as far as they are known."""
    return {row.output_id for row in rows_in(db, "SELECT output_id FROM authorship WHERE person_id IN :values", people)}


def _person(id_: int, told: list[Any], hidden: set[str], vetoes: Vetoes) -> dict[str, object]:
    marks = {f"profile:{row.connection}:{row.key}" for row in told} | {
        f"orcid:{row.orcid}" for row in told if row.orcid
    }
    vetoed = vetoes.any and (
        vetoes.on_any([mark for row in told for mark in vetoes.person_marks(row.orcid)])
        or vetoes.on_survivors("person", [(row.connection_id, row.key) for row in told])
    )
    name = next((row.name for row in told if votes.live(row) and row.name), "")
    flags = {flag: votes.agreed(getattr(row, flag) for row in told if row.state) for flag in FLAGS}
    return {
        "id": id_,
        "visibility": votes.joint(told, closed=vetoed or bool(marks & hidden)),
        "closes_at": votes.closes(told),
        "live": int(any(votes.live(row) and row.people for row in told)),
        "name": name,
        "terms": pieces(name),
        **flags,
    }


def _group(row: Any, line: list[Any]) -> dict[str, object]:
    """A group with its line of ancestors; one that is unknown, or a source no longer configured, closes all below."""
    if row.state_of == "removed" or None in line:
        return {"id": row.id, "effective": int(Visibility.PRIVATE), "closes_at": 0}
    return {"id": row.id, "effective": votes.joint(line, closed=False), "closes_at": votes.closes(line)}


def _line(key: str, parents: dict[str, set[str]]) -> set[str]:
    """A group and all its ancestors; a cycle ends where it began."""
    line: set[str] = set()
    wanted = {key}
    while wanted:
        line |= wanted
        wanted = {name for known in wanted for name in parents.get(known, ())} - line
    return line


def _reach(db: Database, ids: set[int]) -> dict[int, Any]:
    """The profiles, and all that are linked with them by ORCID, person or merge, however far."""
    found: dict[int, Any] = {}
    wanted = set(ids)
    while wanted:
        rows = list(rows_in(db, _PROFILES, wanted))
        found |= {row.id: row for row in rows}
        near = {row.id for row in rows_in(db, _SAME_ORCID, {row.orcid for row in rows} - {""})}
        near |= {row.id for row in rows_in(db, _SAME_PERSON, {row.person_id for row in rows} - {0})}
        near |= {row.id for sql in (_SURVIVORS, _MERGED) for row in rows_in(db, sql, [row.id for row in rows])}
        wanted = near - found.keys()
    return found


FLAGS = ("current", "academic", "student")
_NEW_PERSON = """
INSERT INTO person (id, public_id, name, visibility, closes_at, live, current, academic, student)
VALUES (:id, :public, '', 0, 0, 0, 0, 0, 0)
"""
_PROFILES = "SELECT id, connection_id, key, orcid, person_id, into_key FROM person_record WHERE id IN :values"
_SAME_ORCID = "SELECT id FROM person_record WHERE orcid IN :values"
_SAME_PERSON = "SELECT id FROM person_record WHERE person_id IN :values"
_SURVIVORS = """
SELECT other.id FROM person_record one
JOIN person_record other ON other.connection_id = one.connection_id AND other.key = one.into_key
WHERE one.into_key <> '' AND one.id IN :values
"""
_MERGED = """
SELECT other.id FROM person_record one
JOIN person_record other ON other.connection_id = one.connection_id AND other.into_key = one.key
WHERE other.into_key <> '' AND one.id IN :values
"""
_RECORDS = """
SELECT r.*, c.name AS connection, c.state AS state_of, c.people FROM person_record r
JOIN connection c ON c.id = r.connection_id WHERE r.person_id IN :values ORDER BY c.position, r.id
"""
_PERSON = """
UPDATE person SET visibility = :visibility, closes_at = :closes_at, live = :live, name = :name, terms = :terms,
  current = :current, academic = :academic, student = :student WHERE id = :id
"""
_LINKED_OUTPUTS = """
SELECT DISTINCT i.output_id FROM person_record p
JOIN authorship_record a ON a.connection_id = p.connection_id AND a.person_key = p.key
JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key WHERE p.person_id IN :values
"""
_GROUPS = """
SELECT g.*, c.state AS state_of FROM group_record g JOIN connection c ON c.id = g.connection_id
WHERE g.connection_id = :connection
"""
_GROUP = "UPDATE group_record SET effective = :effective, effective_closes_at = :closes_at WHERE id = :id"
_IN_GROUPS = "SELECT person_id, group_id FROM person_group WHERE connection_id = :connection"
_GROUPED = """
INSERT INTO person_group (person_id, group_id, connection_id)
SELECT DISTINCT p.person_id, g.id, g.connection_id FROM member m
JOIN group_record g ON g.connection_id = m.connection_id AND g.key = m.group_key
JOIN person_record p ON p.connection_id = m.connection_id AND p.key = m.person_key
"""
_INTO_GROUPS = f"{_GROUPED} WHERE m.connection_id = :connection AND p.state = 1"
_INTO_GROUPS_OF = f"{_GROUPED} WHERE p.person_id IN :values AND p.state = 1"
