"""The ledger of files that hold all badges: which lines stand there, and which may.

A line is known by its badge with the score that it shows, and by a digest of the rest of it, since a name that may no
longer show must go from a file as a badge must.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from sync.store import unread
from sync.store.badges import Audience, Shown
from sync.store.database import Store
from sync.store.noted import noted
from sync.store.pushing import CONNECTION, asked
from sync.store.rows import change_in
from sync.store.targets import Target

POINTS = frozenset({"score", "millipoints", "basis", "rules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One badge in a file: what it is known by, its value in the ledger, and the digest of what is not its points."""

    output: int
    scheme: str
    identifier: str
    value: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """One row of the ledger: what stands there, or with `doubt` may stand there; so may more than any row tells where
    there is doubt of one. A row that is `away` is not in the file, and comes back with its next score."""

    id: int
    audience: Audience
    value: str
    mark: str
    doubt: bool
    away: bool
    written_at: int


def line(target: Target, shown: Shown, day: str, told: Mapping[str, Any], sources: Collection[str]) -> Line:
    """The line of a badge with an identifier, of which the record `told` is written."""
    named = next((each for each in shown.identifiers if each.scheme == "doi"), shown.identifiers[0])
    rest = {name: told[name] for name in told if name not in POINTS and name not in sources}
    return Line(
        output=shown.output,
        scheme=named.scheme,
        identifier=named.value,
        value=f"{target.badge(shown.output)} {shown.score} {day}",
        mark=hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:32],
    )


def standing(store: Store, target: Target, name: str) -> dict[int, Stands]:
    """What stands, or may stand, in the file of a name, by public id. A file that was not read since the store was
    restored may be another than the ledger knows."""
    with store.read() as db:
        restored = int(noted(db, unread.RESTORED) or 0)
        rows = db.execute(text(_STANDING), {**asked(target, 0), "field": name})
        return {
            row.output: Stands(
                id=row.id,
                audience=row.audience,
                value=row.value or row.intended,
                mark=row.mark,
                doubt=row.looked_at < restored or (row.intended != "" and row.intended_at > 0),
                away=row.looked_at >= restored and row.intended != "" and row.intended_at == 0,
                written_at=row.written_at,
            )
            for row in rows
        }


def names(store: Store, target: Target) -> list[str]:
    """The files that hold, or may hold, something of ours."""
    with store.read() as db:
        return [row.field for row in db.execute(text(_NAMES), asked(target, 0))]


def intend(store: Store, target: Target, lines: Iterable[Line], *, now: int) -> None:
    """Commit that a file with these lines is about to take its place."""
    told = {
        "connection": target.connection,
        "audience": target.audience,
        "target": target.url,
        "field": target.field,
        "now": now,
    }
    rows: list[dict[str, object]] = [
        {
            **told,
            "output": each.output,
            "scheme": each.scheme,
            "identifier": each.identifier,
            "address": f"{each.scheme}:{each.identifier}",
            "value": each.value,
            "mark": each.mark,
        }
        for each in lines
    ]
    with store.write() as db:
        if rows:
            db.execute(text(_INTEND), rows)


def stands(store: Store, target: Target, *, gone: Iterable[int], away: Iterable[int], regular: bool, now: int) -> None:
    """The file is there as it was intended. The rows `gone` and `away` of the ledger are not in it, and only the latter
    come back. Only a file that is `regular`, and no withdrawal, makes the next one wait."""
    with store.write() as db:
        change_in(db, "DELETE FROM pushed WHERE id IN :values", gone)
        change_in(db, _AWAY, away)
        db.execute(text(_STANDS), {**asked(target, now), "regular": int(regular)})
        db.execute(text(_READ), asked(target, now))


def nowhere(store: Store, target: Target, name: str) -> None:
    """The file of a name is no more."""
    with store.write() as db:
        db.execute(text(_NOWHERE), {**asked(target, 0), "field": name})


def failed(store: Store, target: Target, why: str) -> None:
    """Keep what was in the way."""
    with store.write() as db:
        db.execute(text(_FAILED), {**asked(target, 0), "why": why})


_ROWS = f"connection_id = ({CONNECTION}) AND target = :target AND field = :field"
_STANDING = f"""
SELECT id, output, audience, value, intended, intended_at, mark, written_at, looked_at FROM pushed
WHERE {_ROWS} AND (value <> '' OR intended <> '')
"""
_NAMES = f"""
SELECT DISTINCT field FROM pushed
WHERE connection_id = ({CONNECTION}) AND target = :target AND (value <> '' OR intended <> '') ORDER BY field
"""
_INTEND = """
INSERT INTO pushed (connection_id, output, audience, target, field, scheme, identifier, address, intended, intended_at,
  mark)
VALUES ((SELECT id FROM connection WHERE name = :connection), :output, :audience, :target, :field, :scheme, :identifier,
  :address, :value, :now, :mark)
ON CONFLICT (connection_id, output, target, field) DO UPDATE SET audience = excluded.audience,
  scheme = excluded.scheme, identifier = excluded.identifier, address = excluded.address, intended = excluded.intended,
  intended_at = excluded.intended_at, mark = excluded.mark
"""
_AWAY = """
UPDATE pushed SET intended = CASE WHEN intended <> '' THEN intended ELSE value END, value = '', intended_at = 0
WHERE id IN :values
"""
_STANDS = f"""
UPDATE pushed SET value = CASE WHEN intended <> '' THEN intended ELSE value END, intended = '', intended_at = 0,
  tries = 0, next_at = 0, why = '', written_at = CASE WHEN :regular = 1 OR written_at = 0 THEN :now ELSE written_at END
WHERE {_ROWS} AND NOT (intended <> '' AND intended_at = 0)
"""
_READ = f"UPDATE pushed SET looked_at = :now WHERE {_ROWS}"
_NOWHERE = f"DELETE FROM pushed WHERE {_ROWS}"
_FAILED = f"UPDATE pushed SET tries = tries + 1, why = :why WHERE {_ROWS}"
