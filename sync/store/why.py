"""Everything that decided about one output or person, for administrators only."""

import json
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store import hides, learned, permission, unread
from sync.store.badges import AUDIENCES
from sync.store.clock import stamp
from sync.store.permission import SHOWN
from sync.store.scopes import in_force
from sync.tables import FOREVER

Story = dict[str, Any]


def output(db: Database, id_: int, *, now: int) -> Story:
    """Every vote on an output and its authorships, every condition of the scope, and which of them decided."""
    joint = db.execute(text("SELECT * FROM output WHERE id = :id"), {"id": id_}).one()
    votes = [
        _vote(row, "told" if row.own else "could be the same output") for row in db.execute(text(_ITEMS), {"id": id_})
    ]
    local = [_local(row) for row in hides.on(db, "output", id_)]
    if not local and joint.visibility < min((Visibility.read(vote["visibility"]) or 0 for vote in votes), default=0):
        local = [{"by": "veto", "visibility": "private", "why": "a record below `keep` was forgotten at the border"}]
    in_scope, shown = _shown(db, "output_in", "shown_output", "output_id", id_, now)
    authors = [_author(db, row, now) for row in db.execute(text(_AUTHORS), {"id": id_})]
    return {
        "output": f"output:{joint.public_id}",
        "doi": joint.doi or None,
        "title": joint.title,
        "visibility": Visibility(joint.visibility).word,
        "closes_at": _time(joint.closes_at),
        "votes": votes,
        "local": local,
        "in_scope": in_scope,
        "seen_by": shown,
        "requires_author": bool(joint.requires_author),
        "authorships": authors,
        "scope": _scope(db),
        "versions": [_version(row) for row in db.execute(text(_VERSIONS), {"id": id_})],
        "learned": [_learned(row) for row in learned.of_outputs(db, [id_]).get(id_, ())],
        "history": [_change(row) for row in db.execute(text(_HISTORY), {"id": id_})],
        "conflict": joint.conflict or None,
        "decided": _decided_output(joint, votes, local, in_scope, shown, db),
    }


def person(db: Database, id_: int, *, now: int) -> Story:
    """Every vote and flag of a person, and which condition decided."""
    joint = db.execute(text("SELECT * FROM person WHERE id = :id"), {"id": id_}).one()
    votes = [
        {
            **_vote(row, "told"),
            "current": _flag(row.current),
            "academic": _flag(row.academic),
            "student": _flag(row.student),
        }
        for row in db.execute(text(_PROFILES), {"id": id_})
    ]
    local = [_local(row) for row in hides.on(db, "person", id_)]
    in_scope, shown = _shown(db, "person_in", "shown_person", "person_id", id_, now)
    flags = {flag: bool(getattr(joint, flag)) for flag in ("current", "academic", "student")}
    return {
        "person": f"person:{joint.public_id}",
        "name": joint.name,
        "visibility": Visibility(joint.visibility).word,
        "closes_at": _time(joint.closes_at),
        **flags,
        "votes": votes,
        "local": local,
        "in_scope": in_scope,
        "seen_by": shown,
        "scope": _scope(db),
        "decided": _decided_person(joint, votes, local, in_scope, db),
    }


def _decided_output(
    joint: Any, votes: list[Story], local: list[Story], in_scope: bool, shown: list[str], db: Database
) -> str:
    scope = in_force(db)
    if scope is None:
        return "no scope is in force yet"
    if unread.awaited(db):
        return "nothing shows until every source was read again in full after the restore; see `ringmark status`"
    if not joint.live:
        return "no source tells it any more"
    if in_scope:
        level = "seen by " + " and ".join(shown) if shown else "in scope, but a private output is seen by nobody"
        return f"{level}: {_least(votes, local)}"
    if joint.visibility < scope.visibility.outputs:
        return f"not in scope: outputs take part from {scope.visibility.outputs.word}; {_least(votes, local)}"
    return "not in scope: a source that requires an author knows it, and no authorship of it is in scope"


def _decided_person(joint: Any, votes: list[Story], local: list[Story], in_scope: bool, db: Database) -> str:
    scope = in_force(db)
    if scope is None:
        return "no scope is in force yet"
    if unread.awaited(db):
        return "nothing shows until every source was read again in full after the restore; see `ringmark status`"
    if in_scope:
        return f"in scope: {_least(votes, local)}"
    if not joint.live:
        return "no source tells this person any more"
    if joint.visibility < scope.visibility.people:
        return f"not in scope: people take part from {scope.visibility.people.word}; {_least(votes, local)}"
    if scope.status == "current" and not joint.current:
        return "not in scope: only current people take part"
    return f"not in scope: only {scope.profile.replace('_', ' ')} profiles take part"


def _least(votes: list[Story], local: list[Story]) -> str:
    """The vote that counts."""
    if local:
        return f"{local[0]['by']} voted private ({local[0]['why']})"
    least = min(votes, key=lambda vote: Visibility.read(vote["visibility"]) or 0)
    return f"{least['connection']} voted {least['visibility']}"


def _shown(db: Database, scoped: str, shown: str, column: str, id_: int, now: int) -> tuple[bool, list[str]]:
    asked = {**permission.at(now), "id": id_}
    in_scope = db.execute(text(SHOWN + f"SELECT count(*) FROM {scoped} WHERE id = :id"), asked).scalar()
    rows = db.execute(text(SHOWN + f"SELECT audience FROM {shown} WHERE {column} = :id"), asked)
    seen = {row.audience for row in rows}
    return bool(in_scope), [audience for audience in AUDIENCES if audience in seen]


def _author(db: Database, row: Any, now: int) -> Story:
    in_scope, _ = _shown(db, "person_in", "shown_person", "person_id", row.person_id, now)
    votes = [
        _vote(link, "told") for link in db.execute(text(_LINKS), {"output": row.output_id, "person": row.person_id})
    ]
    return {
        "person": f"person:{row.public_id}",
        "name": row.name,
        "person_visibility": Visibility(row.person_visibility).word,
        "person_in_scope": in_scope,
        "visibility": Visibility(row.visibility).word,
        "votes": votes,
    }


def _vote(row: Any, how: str) -> Story:
    state = "a vote that stays after its record was deleted" if not row.state else how
    return {
        "connection": row.connection,
        "record": row.key,
        "visibility": Visibility(row.visibility).word,
        "how": state,
        "closes_at": _time(row.closes_at),
        "raw": json.loads(row.raw),
        "doubts": json.loads(row.doubts),
        "connection_state": row.state_of,
    }


def _local(row: Any) -> Story:
    return {
        "by": "hide",
        "visibility": "private",
        "why": row.why,
        "made_at": stamp(row.made_at),
        "until": _time(row.until_at),
    }


def _version(row: Any) -> Story:
    """A version whose attention is in the score, for insiders alone where `inside`, and who says that it is one."""
    return {
        "identifier": f"{row.scheme}:{row.value}",
        "output": f"output:{row.public_id}" if row.public_id else None,
        "relation": row.relation,
        "stated_by": row.connection,
        "record": row.key,
        "for": "insiders" if row.output_id < 0 else "everybody",
        "waits_for_score": bool(row.barred),
    }


def _learned(row: Any) -> Story:
    """What a service says that was asked. It has no vote, and is used where no source says anything."""
    return {
        "connection": row.connection,
        "asked_at": stamp(row.asked_at),
        "journal": row.journal or None,
        "issns": row.issns.split(),
        "subjects": row.subjects.split("\n") if row.subjects else [],
        **json.loads(row.raw),
    }


def _change(row: Any) -> Story:
    """A change of the score, whoever could see it."""
    rules = {"name": row.rules, "version": row.version}
    return {"at": stamp(row.at), "before": row.before, "millipoints": row.after, "rules": rules, "reason": row.reason}


def _scope(db: Database) -> Story | None:
    scope = in_force(db)
    if scope is None:
        return None
    return {
        "status": scope.status,
        "profile": scope.profile,
        "visibility": {name: getattr(scope.visibility, name).word for name in ("people", "outputs", "authorships")},
    }


def _flag(value: int) -> bool | None:
    return None if value == -1 else bool(value)


def _time(at: int) -> str | None:
    return None if at == FOREVER else stamp(at)


_ITEMS = """
SELECT i.*, c.name AS connection, c.state AS state_of, 1 AS own FROM item i JOIN connection c ON c.id = i.connection_id
WHERE i.output_id = :id
UNION ALL
SELECT i.*, c.name, c.state, 0 FROM output_vote v JOIN item i ON i.id = v.item_id
JOIN connection c ON c.id = i.connection_id WHERE v.output_id = :id
"""
_VERSIONS = """
SELECT v.output_id, d.scheme, d.value, v.relation, v.barred, o.public_id, c.name AS connection,
  coalesce(i.key, about.value) AS key
FROM score_version v JOIN identifier d ON d.id = v.identifier_id LEFT JOIN output o ON o.id = v.version_id
LEFT JOIN item i ON i.id = v.item_id LEFT JOIN learned l ON l.id = -v.item_id
LEFT JOIN identifier about ON about.id = l.doi_id LEFT JOIN asked a ON a.id = l.asked_id
LEFT JOIN connection c ON c.id = coalesce(i.connection_id, a.connection_id)
WHERE v.output_id IN (:id, -CAST(:id AS BIGINT)) ORDER BY d.scheme, d.value, v.output_id
"""
_HISTORY = "SELECT * FROM score_change WHERE output_id = :id ORDER BY id"
_PROFILES = """
SELECT r.*, c.name AS connection, c.state AS state_of FROM person_record r JOIN connection c ON c.id = r.connection_id
WHERE r.person_id = :id ORDER BY c.position, r.id
"""
_AUTHORS = """
SELECT a.output_id, a.person_id, a.visibility, p.public_id, p.name, p.visibility AS person_visibility
FROM authorship a JOIN person p ON p.id = a.person_id WHERE a.output_id = :id ORDER BY p.name, p.id
"""
_LINKS = """
SELECT a.*, c.name AS connection, c.state AS state_of FROM authorship_record a
JOIN connection c ON c.id = a.connection_id
JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
WHERE i.output_id = :output AND p.person_id = :person ORDER BY c.position, a.id
"""
