"""The push ledger: what became of each badge that was pushed, written down before and after every request."""

from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import pushing, runs
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.pushing import CONNECTION, asked
from sync.store.runs import Outcome
from sync.store.targets import Due, Entry, Target

LATE = DAY  # how long a request whose end is not known may still be carried out by a slow server
WAIT = 5 * 60_000_000  # microseconds after the first failure; doubled each time
LONGEST = 90 * DAY


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
        return Begun(run=runs.start(db, row.id, "push", now=now), first=first, agreed=row.push_agreed)


def end(
    store: Store, target: Target, run: int, outcome: Outcome, why: str, counts: dict[str, int], *, now: int
) -> None:
    """Close it; what was agreed to is used up by one that could write, and is done."""
    with store.write() as db:
        runs.finish(db, run, outcome, why, counts, now=now)
        if outcome == "done" and target.audience is not None and target.writes:
            db.execute(text("UPDATE connection SET push_agreed = 0 WHERE name = :name"), asked(target, now))


def place(
    store: Store, target: Target, output: int, by: Identifier | None, address: str, *, why: str, now: int
) -> None:
    """Remember at which address an output is, and by what it was found; or why it is nowhere, to be asked again."""
    with store.write() as db:
        tries = db.execute(text(_TRIES), {**asked(target, now), "output": output}).scalar() or 0
        again = 0 if address else now + min(target.every * 2 ** min(tries, 10), LONGEST)
        _place(db, target, output, by, address, why, again)


def unseen(store: Store, target: Target, output: int, why: str, *, again: int) -> None:
    """Remember that an output could not be looked for, or not be put where it was found, so that the others come
    first."""
    with store.write() as db:
        _place(db, target, output, None, "", why, again)


def _place(
    db: Database, target: Target, output: int, by: Identifier | None, address: str, why: str, again: int
) -> None:
    told = {"scheme": by.scheme, "identifier": by.value} if by else {"scheme": "", "identifier": ""}
    db.execute(
        text(_PLACE), {**asked(target, 0), **told, "output": output, "address": address, "why": why, "again": again}
    )


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


def failed(store: Store, entry: Entry, why: str, *, now: int) -> None:
    """It did not end well, and is tried again, each time later. What is still intended counts as written."""
    again = now + min(WAIT * 2 ** min(entry.tries, 20), DAY)
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


def leave(db: Database, name: str) -> None:
    """Forget what was pushed, which stays where it is."""
    db.execute(text(f"DELETE FROM pushed WHERE connection_id = ({CONNECTION})"), {"name": name})


def agree(db: Database, run: int, *, now: int) -> int | None:
    """Let the next push write as many badges as a run has held back; None when it held none."""
    row = db.execute(text(_HELD_RUN), {"run": run}).one_or_none()
    if row is None:
        return None
    asked = {"id": row.connection_id, "agreed": row.waiting}
    db.execute(text("UPDATE connection SET push_agreed = :agreed WHERE id = :id"), asked)
    db.execute(
        text("UPDATE run SET outcome = 'done', ended_at = :now, why = 'accepted' WHERE id = :run"),
        {"now": now, "run": run},
    )
    return int(row.waiting)


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
INSERT INTO pushed (connection_id, output, audience, target, field, scheme, identifier, address, why, next_at, tries)
VALUES (({CONNECTION}), :output, :audience, :target, :field, :scheme, :identifier, :address, :why, :again, :again > 0)
ON CONFLICT (connection_id, output, target, field) DO UPDATE SET audience = excluded.audience,
  scheme = excluded.scheme, identifier = excluded.identifier, address = excluded.address, why = excluded.why,
  next_at = excluded.next_at, tries = CASE WHEN excluded.address = '' THEN pushed.tries + 1 ELSE 0 END
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
_HELD_RUN = """
SELECT connection_id, CAST(json_extract(counts, '$.waiting') AS INTEGER) AS waiting FROM run
WHERE id = :run AND step = 'push' AND outcome = 'held'
  AND id = (SELECT max(r.id) FROM run r WHERE r.connection_id = run.connection_id AND r.step = 'push')
"""
