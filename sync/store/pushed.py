"""The push ledger: what became of each badge that was pushed, written down before and after every request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import pushing, runs
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.pushing import CONNECTION, asked
from sync.store.rows import change_in
from sync.store.runs import Outcome
from sync.store.targets import Due, Entry, Target

LATE = DAY  # how long a request whose end is not known may still be carried out by a slow server
WAIT = 5 * 60_000_000  # microseconds after the first failure; doubled each time


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A push that has begun: its run, whether the target never had a badge, and how many writes were agreed to."""

    run: int
    first: bool
    agreed: int


def begin(store: Store, target: Target, *, now: int) -> Begun:
    """Open a run of a push."""
    with store.write() as db:
        row = db.execute(text("SELECT id, push_agreed FROM connection WHERE name = :name"), asked(target, now)).one()
        first = db.execute(text(_NEVER), {"id": row.id}).scalar() is None
        run = runs.start(db, row.id, "push", "push", {}, now=now)
        return Begun(run=run, first=first, agreed=row.push_agreed)


def end(
    store: Store, target: Target, run: int, outcome: Outcome, why: str, counts: dict[str, int], *, now: int
) -> None:
    """Close it; what was agreed to is used up by one that could write, and is done."""
    with store.write() as db:
        runs.count(db, run, counts, now=now)
        runs.finish(db, run, outcome, why, now=now)
        if outcome == "done" and target.audience is not None and target.writes:
            db.execute(text("UPDATE connection SET push_agreed = 0 WHERE name = :name"), asked(target, now))


def place(
    store: Store, target: Target, output: int, by: Identifier | None, address: str, *, why: str, now: int
) -> None:
    """Remember at which address an output is, and by what it was found; or why it is nowhere, to be asked again."""
    with store.write() as db:
        tries = db.execute(text(_TRIES), {**asked(target, now), "output": output}).scalar() or 0
        again = 0 if address else now + min(target.every * 2 ** min(tries, 10), pushing.LONGEST)
        _place(db, target, output, by, address, why, again, looked=now)


def unseen(store: Store, target: Target, output: int, why: str, *, again: int) -> None:
    """Remember that an output could not be looked for, or not be put where it was found, so that the others come
    first."""
    with store.write() as db:
        _place(db, target, output, None, "", why, again)


def verified(store: Store, entry: Entry, *, why: str, at: int) -> None:
    """Remember when an address was last found by what it is known by, and what is odd about it."""
    with store.write() as db:
        db.execute(
            text("UPDATE pushed SET looked_at = :at, why = :why WHERE id = :id"), {"id": entry.id, "at": at, "why": why}
        )


def _place(
    db: Database,
    target: Target,
    output: int,
    by: Identifier | None,
    address: str,
    why: str,
    again: int,
    looked: int = 0,
) -> None:
    told = {"scheme": by.scheme, "identifier": by.value} if by else {"scheme": "", "identifier": ""}
    told |= {"address": address, "why": why}
    db.execute(text(_PLACE), {**asked(target, 0), **told, "output": output, "again": again, "looked": looked})


def intend(store: Store, target: Target, wanted: Due, *, now: int) -> bool:
    """Commit that a write is about to leave; False, and nothing committed, where it is no longer permitted."""
    with store.write() as db:
        if not pushing.permitted(db, target, wanted, now=now):
            return False
        asked = {"id": wanted.entry.id, "value": wanted.value, "now": now}
        db.execute(text("UPDATE pushed SET intended = :value, intended_at = :now WHERE id = :id"), asked)
        return True


def recalled(store: Store, entry: Entry, *, now: int) -> None:
    """The request that was intended never left, or is known to have stored nothing."""
    with store.write() as db:
        db.execute(text(_RECALLED), {"id": entry.id, **_still(entry, now)})


def written(store: Store, entry: Entry, value: str, *, sent: bool, now: int) -> None:
    """What stands at an item is known to be ours. `sent` False: it was found there, and no request was made; where an
    earlier one intended it, it was written then."""
    at = now if sent or not entry.written_at else entry.written_at
    if not sent and value == entry.intended:
        at = entry.last_at
    with store.write() as db:
        db.execute(text(_WRITTEN), {"id": entry.id, "value": value, "at": at, **_still(entry, now, value)})


def failed(store: Store, entry: Entry, why: str, *, after: float | None = None, now: int) -> None:
    """It did not end well, and is tried again, each time later, and not before the seconds that its system asked for.
    What is still intended counts as written."""
    again = now + max(min(WAIT * 2 ** min(entry.tries, 20), DAY), int((after or 0) * 1_000_000))
    with store.write() as db:
        db.execute(text(_FAILED), {"id": entry.id, "why": why, "again": again})


def edited(store: Store, entry: Entry, *, why: str, value: str, again: int, now: int) -> None:
    """Somebody else's value stands there and was left alone; `value` is what stands there of ours."""
    with store.write() as db:
        db.execute(text(_EDITED), {"id": entry.id, "why": why, "value": value, "again": again, "late": now - LATE})


def gone(store: Store, entry: Entry, *, again: int) -> None:
    """The item is gone, and what stood there with it; it is looked for anew."""
    with store.write() as db:
        db.execute(text(_GONE), {"id": entry.id, "again": again})


def withdrawing(store: Store, entry: Entry) -> None:
    """A withdrawal is about to leave: what stands there is no longer known, so a badge that may be written again until
    it is will be looked for, and written where it is gone."""
    with store.write() as db:
        db.execute(text(_WITHDRAWING), {"id": entry.id})


def stays(store: Store, entry: Entry) -> None:
    """The withdrawal never left."""
    with store.write() as db:
        db.execute(text(_STAYS), {"id": entry.id, "value": entry.value, "intended": entry.intended})


def withdrawn(store: Store, entry: Entry, *, now: int) -> None:
    """Nothing of ours stands there. A request whose end is not known may still be carried out, so what it intended is
    looked for again until a day has passed. The item is looked for anew when a badge may be written again."""
    with store.write() as db:
        db.execute(text(_WITHDRAWN), {"id": entry.id, **_still(entry, now)})


def follow(db: Database, moves: Mapping[int, int]) -> None:
    """Let what stands of outputs that were joined into others belong to those, by public ids: the next push corrects it
    in one write, or withdraws it where the other may not show there. Where something of the other stands already, that
    stays, and this is withdrawn."""
    for old, new in moves.items():
        for row in db.execute(text(_STANDING_OF), {"old": old}).fetchall():
            place = {"id": row.id, "new": new, "c": row.connection_id, "target": row.target, "field": row.field}
            db.execute(text(_NOWHERE), place)
            db.execute(text(_FOLLOW), place)


def leave(db: Database, name: str) -> None:
    """Forget what was pushed, which stays where it is."""
    db.execute(text(f"DELETE FROM pushed WHERE connection_id = ({CONNECTION})"), {"name": name})


def agree(db: Database, run: int) -> int | None:
    """Let the next push write as many badges as a run has held back, which need not be the last, for that is the number
    that somebody was told; None when it held none, or nothing waits any more."""
    rows = db.execute(text(_HELD_RUNS), {"run": run}).fetchall()
    waiting: dict[int, int] = {row.id: json.loads(row.counts)["waiting"] for row in rows}
    if run not in waiting or rows[0].newest not in waiting:
        return None
    agreed = waiting[run]
    asked = {"id": rows[0].connection_id, "agreed": agreed}
    db.execute(text("UPDATE connection SET push_agreed = :agreed WHERE id = :id"), asked)
    change_in(db, _AGREED, [id_ for id_, count in waiting.items() if count <= agreed])
    return agreed


def _still(entry: Entry, now: int, settled: str = "") -> dict[str, object]:
    """What an earlier request may still write, for its server was slow; not what is `settled`."""
    late = entry.intended not in ("", settled) and entry.intended_at > now - LATE
    return {"intended": entry.intended if late else "", "intended_at": entry.intended_at if late else 0}


_NEVER = "SELECT 1 FROM pushed WHERE connection_id = :id AND written_at > 0 LIMIT 1"
_TRIES = f"""
SELECT tries FROM pushed
WHERE connection_id = ({CONNECTION}) AND output = :output AND target = :target AND field = :field
"""
_PLACE = f"""
INSERT INTO pushed (connection_id, output, audience, target, field, scheme, identifier, address, why, next_at,
  looked_at, tries)
VALUES (({CONNECTION}), :output, :audience, :target, :field, :scheme, :identifier, :address, :why, :again, :looked,
  CASE WHEN :again > 0 THEN 1 ELSE 0 END)
ON CONFLICT (connection_id, output, target, field) DO UPDATE SET audience = excluded.audience,
  scheme = excluded.scheme, identifier = excluded.identifier, address = excluded.address, why = excluded.why,
  next_at = excluded.next_at, looked_at = excluded.looked_at,
  tries = CASE WHEN excluded.address = '' THEN pushed.tries + 1 ELSE 0 END
"""
_RECALLED = "UPDATE pushed SET intended = :intended, intended_at = :intended_at WHERE id = :id"
_WRITTEN = """
UPDATE pushed SET value = :value, written_at = :at, intended = :intended, intended_at = :intended_at, tries = 0,
  next_at = 0, why = '' WHERE id = :id
"""
_FAILED = "UPDATE pushed SET tries = tries + 1, next_at = :again, why = :why WHERE id = :id"
_EDITED = """
UPDATE pushed SET value = :value, why = :why, next_at = :again,
  intended = CASE WHEN intended_at <= :late THEN '' ELSE intended END WHERE id = :id
"""
_GONE = """
UPDATE pushed SET address = '', value = '', intended = '', tries = 0, next_at = :again, why = 'the item is gone'
WHERE id = :id
"""
_WITHDRAWING = """
UPDATE pushed SET intended = CASE WHEN value <> '' THEN value ELSE intended END, value = '' WHERE id = :id
"""
_STAYS = "UPDATE pushed SET value = :value, intended = :intended WHERE id = :id"
_WITHDRAWN = """
UPDATE pushed SET value = '', tries = 0, next_at = 0, why = '', intended = :intended, intended_at = :intended_at,
  address = CASE WHEN :intended = '' THEN '' ELSE address END WHERE id = :id
"""
_STANDING_OF = """
SELECT id, connection_id, target, field FROM pushed WHERE output = :old AND (value <> '' OR intended <> '') ORDER BY id
"""
_OF_OTHER = "connection_id = :c AND output = :new AND target = :target AND field = :field"
_NOWHERE = f"DELETE FROM pushed WHERE {_OF_OTHER} AND address = '' AND value = '' AND intended = ''"
_FOLLOW = f"UPDATE pushed SET output = :new WHERE id = :id AND NOT EXISTS (SELECT 1 FROM pushed p WHERE {_OF_OTHER})"
_HELD_RUNS = """
SELECT r.id, r.connection_id, r.counts, (SELECT max(n.id) FROM run n
  WHERE n.connection_id = r.connection_id AND n.step = 'push') AS newest
FROM run r JOIN run a ON a.id = :run AND a.connection_id = r.connection_id
WHERE r.step = 'push' AND r.outcome = 'held'
"""
_AGREED = "UPDATE run SET outcome = 'done', why = 'accepted' WHERE id IN :values"
