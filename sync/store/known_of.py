"""Everything that the store knows of one person or one account, hidden or not, in plain words: what they may ask for
(GDPR, articles 15 and 20). For administrators only.

Who of the staff did something about them is left out, and who of the readers said something: that is of others.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from scoring.rules import RuleSet
from sync.store import accounts, evidence, traces, why
from sync.store.clock import stamp
from sync.store.rows import rows_in
from sync.store.traces import Names
from sync.tables import FOREVER

Told = dict[str, Any]
MARKS = "badges hold no names; what was written into other systems is the address of a badge, a score and its date"


def person(db: Database, id_: int, *, now: int) -> Told:
    """All of a person, by row key."""
    story = why.person(db, id_, now=now)
    profiles = db.execute(text(_PROFILES), {"id": id_}).fetchall()
    named = Names([row.name for row in profiles], [row.orcid for row in profiles])
    return {
        "made_at": stamp(now),
        **{name: story[name] for name in ("person", "name", "visibility", "closes_at", "current", "academic")},
        **{name: story[name] for name in ("student", "in_scope", "seen_by", "decided")},
        "profiles": [_profile(row) for row in profiles],
        "groups": [
            {"group": row.name, "connection": row.connection, "key": row.key}
            for row in db.execute(text(_GROUPS), {"id": id_})
        ],
        "outputs": _outputs(db, id_, int(story["person"].partition(":")[2])),
        "local_votes": [_hide(row) for row in _hides(db, profiles)],
        "not_understood": [
            {"connection": row.connection, "kind": row.kind, "reason": row.reason, "record": row.evidence}
            for row in db.execute(text(_ASIDE))
            if (row.kind == "person" and (row.connection, row.key) in {(p.connection, p.key) for p in profiles})
            or named.within(row.evidence)
        ],
        "said_by_readers": [
            {"output": f"output:{row.output}", "remark": row.remark, "made_at": stamp(row.made_at)}
            for row in db.execute(text("SELECT output, remark, made_at FROM report WHERE remark <> '' ORDER BY id"))
            if named.within(row.remark)
        ],
        "quoted": [
            {"mention": f"mention:{row.public_id}", "excerpt": row.excerpt}
            for row in traces.quotes(db, [each.name for each in profiles], [each.orcid for each in profiles])
        ],
        "audit": _audit(db, story["person"]),
        "elsewhere": MARKS,
    }


def account(db: Database, id_: int, rules: RuleSet, *, now: int) -> Told:
    """All of an account, by row key."""
    row = db.execute(text("SELECT source_id, key FROM account WHERE id = :id"), {"id": id_}).one()
    story = accounts.story(db, accounts.NAMES[row.source_id], row.key, rules) or {}
    story.pop("id", None)
    said = db.execute(text(_SAID), {"id": id_}).fetchall()
    ties = evidence.ties(db, [one.id for one in said])
    return {
        "made_at": stamp(now),
        **story,
        "mentions": [
            {
                "mention": f"mention:{each.public_id}",
                "connection": each.connection,
                "key": each.key,
                "url": each.url,
                "title": each.title,
                "occurred_at": stamp(each.occurred_at),
                "known_at": stamp(each.known_at),
                "taken_back_at": stamp(each.taken_at) if each.taken_at >= 0 else None,
                "repost": bool(each.repost),
                "method": each.method,
                "about": [str(tie.identifier) for tie in ties.get(each.id, ())],
                "seen": [
                    {"of": str(tie.identifier), "method": tie.method, "excerpt": tie.excerpt}
                    for tie in ties.get(each.id, ())
                    if tie.method
                ],
            }
            for each in said
        ],
        "audit": _audit(db, f"account:{id_}"),
        "elsewhere": MARKS,
    }


def _profile(row: Any) -> Told:
    return {
        "connection": row.connection,
        "kind": row.connection_kind,
        "key": row.key,
        "name": row.name,
        "orcid": row.orcid or None,
        **_level(row),
        **{flag: None if getattr(row, flag) < 0 else bool(getattr(row, flag)) for flag in FLAGS},
        "deleted_there": not row.state,
        "merged_into": row.into_key or None,
    }


def _outputs(db: Database, id_: int, public: int) -> list[Told]:
    votes: dict[int, list[Told]] = {}
    for row in db.execute(text(_VOTES), {"id": id_}):
        told = {"connection": row.connection, "key": row.key, **_level(row), "deleted_there": not row.state}
        votes.setdefault(row.output_id, []).append(told)
    outputs = {row.id: row for row in rows_in(db, "SELECT * FROM output WHERE id IN :values", votes)}
    links = {row.output_id: row for row in db.execute(text(_LINKS), {"id": id_})}
    seen: dict[int, list[str]] = {}
    for row in db.execute(text(_NAMED), {"person": public}):
        seen.setdefault(row.output_id, []).append(row.audience)
    pushed: dict[int, list[Told]] = {}
    for row in rows_in(db, _PUSHED, [each.public_id for each in outputs.values()]):
        told = {"connection": row.connection, "address": row.address, "field": row.field, "value": row.value}
        pushed.setdefault(row.output, []).append(told)
    return [
        {
            "output": f"output:{output.public_id}",
            "doi": output.doi or None,
            **{name: getattr(output, name) for name in ("title", "type", "journal", "published")},
            "output_visibility": Visibility(output.visibility).word,
            "link_visibility": Visibility(links[key].visibility).word if key in links else None,
            "position": links[key].position if key in links else None,
            "votes": votes[key],
            "named_on_badges_for": sorted(seen.get(key, ())),
            "badge_written_to": pushed.get(output.public_id, []),
        }
        for key, output in sorted(outputs.items())
    ]


def _level(row: Any) -> Told:
    return {
        "visibility": Visibility(row.visibility).word,
        "closes_at": None if row.closes_at >= FOREVER else stamp(row.closes_at),
        "raw": json.loads(row.raw),
        "doubts": json.loads(row.doubts),
    }


def _hides(db: Database, profiles: Sequence[Any]) -> list[Any]:
    marks = {f"profile:{row.connection}:{row.key}" for row in profiles}
    return list(rows_in(db, _HIDES, marks | {f"orcid:{row.orcid}" for row in profiles if row.orcid}))


def _hide(row: Any) -> Told:
    return {
        "why": row.why,
        "made_at": stamp(row.made_at),
        "until": None if row.until_at >= FOREVER else stamp(row.until_at),
        "released_at": None if row.released_at >= FOREVER else stamp(row.released_at),
    }


def _audit(db: Database, subject: str) -> list[Told]:
    rows = db.execute(text(_AUDIT), {"subject": subject, "bare": subject.partition(":")[2]})
    return [{"at": stamp(row.at), "verb": row.verb, "detail": json.loads(row.detail)} for row in rows]


FLAGS = ("current", "academic", "student")
_PROFILES = """
SELECT r.*, c.name AS connection, c.kind AS connection_kind FROM person_record r
JOIN connection c ON c.id = r.connection_id WHERE r.person_id = :id ORDER BY c.position, r.id
"""
_GROUPS = """
SELECT g.name, g.key, c.name AS connection FROM person_record r
JOIN member m ON m.connection_id = r.connection_id AND m.person_key = r.key
JOIN group_record g ON g.connection_id = m.connection_id AND g.key = m.group_key
JOIN connection c ON c.id = g.connection_id WHERE r.person_id = :id ORDER BY g.name, g.id
"""
_VOTES = """
SELECT a.*, i.output_id, c.name AS connection FROM person_record r
JOIN authorship_record a ON a.connection_id = r.connection_id AND a.person_key = r.key
JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
JOIN connection c ON c.id = a.connection_id WHERE r.person_id = :id ORDER BY a.id
"""
_LINKS = "SELECT output_id, visibility, position FROM authorship WHERE person_id = :id"
_NAMED = "SELECT output_id, audience FROM badge_person WHERE audience IN ('public', 'internal') AND person = :person"
_PUSHED = """
SELECT p.output, p.address, p.field, p.value, c.name AS connection FROM pushed p
JOIN connection c ON c.id = p.connection_id WHERE p.output IN :values AND p.value <> '' ORDER BY p.id
"""
_HIDES = """
SELECT * FROM hide WHERE kind = 'person' AND id IN (SELECT hide_id FROM hide_target WHERE mark IN :values) ORDER BY id
"""
_ASIDE = """
SELECT s.kind, s.key, s.reason, s.evidence, c.name AS connection FROM set_aside s
JOIN connection c ON c.id = s.connection_id ORDER BY s.id
"""
_AUDIT = "SELECT at, verb, detail FROM audit WHERE subject = :subject OR subject = :bare ORDER BY id"
_SAID = """
SELECT m.*, c.name AS connection FROM mention m JOIN connection c ON c.id = m.connection_id
WHERE m.account_id = :id ORDER BY m.id
"""
