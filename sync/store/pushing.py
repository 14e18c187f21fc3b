"""What is due at the systems that badges are pushed to: which are to be written, which to be taken back.

Nothing is queued: a withdrawal is due exactly while something of ours may stand somewhere and no badge allows it, so no
change can forget to ask for it. What may be written is read from badges, the audience first.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import permission, unread
from sync.store.clock import DAY, moment
from sync.store.database import Store
from sync.store.permission import SHOWN
from sync.store.rows import fill, rows_in
from sync.store.targets import Due, Entry, Target
from sync.tables import FOREVER

LONGEST = 90 * DAY  # that we wait before something is tried again
LOOK = 30 * DAY  # how long an address is believed
SHARE, LEAST = 20, 20  # of the addresses one in so many, but at least so many, are looked for anew in one push


def withdrawals(store: Store, target: Target, *, now: int) -> list[Entry]:
    """What must be taken back: something of ours may stand there, and no badge allows it any more.

    What may still show and only waits for its next score stays: a pull has dropped its badge, and the score brings it
    back."""
    with store.read() as db:
        rows = [_entry(row) for row in db.execute(text(f"{_WITHDRAW} ORDER BY p.tries, p.id"), asked(target, now))]
        return _without_waiting(db, rows, now)


def unplaced(store: Store, target: Target, *, now: int) -> list[tuple[int, tuple[Identifier, ...]]]:
    """Outputs with a badge whose item is not known yet, or not any more: public id, and what it may be found by."""
    if target.audience is None or not target.writes:
        return []
    found: dict[int, list[Identifier]] = {}
    with store.read() as db:
        for row in rows_in(db, f"{_FOUND} {_UNPLACED} {_LEAST_TRIED}", target.finds_by, **asked(target, now)):
            found.setdefault(row.public_id, []).append(Identifier(row.scheme, row.value))
    return [(output, _in_order(target, told)) for output, told in found.items()]


def found_by(store: Store, target: Target, entry: Entry, *, now: int) -> tuple[Identifier, ...]:
    """What the item of a row may be found by now; nothing where no badge may stand there."""
    if (entry.audience, entry.field) != (target.audience, target.field):
        return ()
    with store.read() as db:
        rows = rows_in(db, _FOUND_BY, target.finds_by, **asked(target, now), output=entry.output)
        return _in_order(target, [Identifier(row.scheme, row.value) for row in rows])


def _in_order(target: Target, told: list[Identifier]) -> tuple[Identifier, ...]:
    order = {scheme: place for place, scheme in enumerate(target.finds_by)}
    return tuple(sorted(told, key=lambda each: order[each.scheme]))


def may_ask(store: Store, target: Target, output: int, *, now: int) -> bool:
    """Whether a system may be asked about an output: the last question before it is."""
    with store.read() as db:
        return db.execute(text(_MAY_ASK), {**asked(target, now), "output": output}).scalar() is not None


def to_verify(store: Store, target: Target, *, now: int) -> list[Entry]:
    """The addresses that were not found anew for longest, of those where a badge stands and may stand: each about every
    `LOOK`, and only a share of them at once. A place that was only told has nothing to be found."""
    if target.audience is None or not target.writes or target.way != "items":
        return []
    with store.read() as db:
        told = {**asked(target, now), "old": now - LOOK}
        most = db.execute(text(f"SELECT count(*) {_STANDS}"), told).scalar_one() // SHARE
        rows = db.execute(text(_VERIFY), {**told, "most": max(most, LEAST)})
        return [_entry(row) for row in rows]


def taken(store: Store, target: Target, output: int, address: str, *, now: int) -> bool:
    """Whether an item is where the badge of another output goes."""
    with store.read() as db:
        told = {**asked(target, now), "output": output, "address": address}
        return db.execute(text(_TAKEN), told).scalar() is not None


def due(store: Store, target: Target, *, now: int) -> list[Due]:
    """Badges whose displayed score or address is not what stands at their item, and whose time has come."""
    if target.audience is None or not target.writes:
        return []
    with store.read() as db:
        rows = db.execute(text(f"SELECT p.*, b.score, b.scored_at {_DUE} {_BY_DOI}"), asked(target, now)).fetchall()
    return [
        Due(entry=_entry(row), score=row.score, value=f"{target.badge(row.output)} {row.score} {_day(row.scored_at)}")
        for row in rows
    ]


def may(store: Store, target: Target, wanted: Due, *, now: int) -> bool:
    """Whether a badge may be written as it is: the last question before it leaves."""
    with store.read() as db:
        return permitted(db, target, wanted, now=now)


def to_withdraw(store: Store, target: Target, entry: Entry, *, now: int) -> bool:
    """Whether a withdrawal is still due: the last question before it leaves."""
    with store.read() as db:
        rows = db.execute(text(f"{_WITHDRAW} AND p.id = :id"), {**asked(target, now), "id": entry.id})
        return bool(_without_waiting(db, [_entry(row) for row in rows], now))


def permitted(db: Database, target: Target, wanted: Due, *, now: int) -> bool:
    """Whether a badge may be written as it is: asked when it is intended, as it leaves, and when it has arrived."""
    entry = wanted.entry
    told = {
        "audience": target.audience,
        "output": entry.output,
        "scheme": entry.scheme,
        "identifier": entry.identifier,
        "score": wanted.score,
        "now": now,
    }
    return db.execute(text(_PERMITTED), told).scalar() is not None


def horizon(store: Store, *, now: int) -> tuple[int, int]:
    """The generation of badges, and when the next of them closes: until one of the two is past, nothing new is due."""
    with store.read() as db:
        row = db.execute(text(_HORIZON), {"now": now, "never": FOREVER}).one()
        return int(row.generation), int(row.closing)


def held_by(db: Database, name: str) -> list[Entry]:
    """Everything that a connection's systems may hold of ours."""
    return [_entry(row) for row in db.execute(text(f"SELECT p.* {_HELD} ORDER BY p.id"), {"name": name})]


def holds(db: Database, name: str) -> int:
    """How many places that is."""
    sql = f"SELECT count(*) {_HELD}".replace("p.connection_id", "+p.connection_id")  # all are read, so in their order
    return int(db.execute(text(sql), {"name": name}).scalar_one())


def waiting(db: Database) -> list[int]:
    """Pushes that wait for somebody to agree."""
    return [row.id for row in db.execute(text(_WAITING))]


def standing(db: Database, connection: int, *, now: int) -> dict[str, Any]:
    """What one connection's system holds of ours, and what is in the way of the rest.

    `without_badge` no longer have the badge that allows them: they are withdrawn, or scored first, by the next push."""
    told: dict[str, Any] = {}
    for sql in (_STANDING, _GONE):
        told |= db.execute(text(sql), {"connection": connection, "now": now}).one()._mapping
    return told


def waits(store: Store, target: Target, *, now: int) -> dict[str, int]:
    """How much the next push has to do at a target."""
    counts = {"to_withdraw": len(withdrawals(store, target, now=now)), "to_look_for": 0, "to_write": 0}
    if target.audience is not None and target.writes:
        told = asked(target, now)
        with store.read() as db:
            some = rows_in(db, f"SELECT count(DISTINCT b.public_id) AS n {_UNPLACED}", target.finds_by, **told)
            counts["to_look_for"] = sum(row.n for row in some)
            counts["to_write"] = db.execute(text(f"SELECT count(*) {_DUE}"), told).scalar_one()
    return counts


def elsewhere(db: Database, targets: Sequence[Target]) -> dict[str, int]:
    """By connection, how many badges stand at another address than it has now, where nobody can tend them."""
    counts = {each.connection: db.execute(text(_ELSEWHERE), asked(each, 0)).scalar_one() for each in targets}
    return {name: count for name, count in counts.items() if count}


def effect(db: Database, targets: Sequence[Target]) -> tuple[dict[str, int], dict[str, int]]:
    """How many badges would be written and withdrawn per connection, between the temporary tables `before` and `after`
    of what each audience sees. An output that no item is found for is counted as a write, since nobody was asked."""
    writes, taken = {}, {}
    for target in targets:
        if target.audience is None:
            continue
        told = asked(target, 0)
        count = sum(row.n for row in rows_in(db, _WOULD_WRITE, target.finds_by, **told))
        writes[target.connection] = count if target.writes else 0
        taken[target.connection] = int(db.execute(text(_WOULD_WITHDRAW), told).scalar_one())
    return writes, taken


def asked(target: Target, now: int) -> dict[str, object]:
    """The parameters by which statements know a target."""
    return {
        "name": target.connection,
        "target": target.url,
        "audience": target.audience or "",
        "field": target.field,
        "badges": f"{target.base}/badge/output/",
        "every": target.every,
        "ask_about": target.ask_about,
        "scores": int(target.scores),
        "longest": LONGEST,
        "now": now,
    }


def _entry(row: Any) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry.__slots__})


def _day(at: int) -> str:
    return moment(at).date().isoformat()


def _without_waiting(db: Database, rows: list[Entry], now: int) -> list[Entry]:
    """Leave out what may still show and waits for a score. Permission is asked of the one relation, as for a badge;
    while sources are awaited, nobody can tell, and only what is private whatever they say is withdrawn."""
    if unread.awaited(db):
        private = {row.public_id for row in rows_in(db, _PRIVATE, {entry.output for entry in rows})}
        return [entry for entry in rows if entry.output in private]
    dirty = rows_in(db, _DIRTY, {entry.output for entry in rows})
    if not dirty:
        return rows
    fill(db, "chosen", {row.output_id for row in dirty})
    may = {(row.audience, row.public_id) for row in db.execute(text(SHOWN + _MAY), permission.at(now))}
    return [entry for entry in rows if (entry.audience, entry.output) not in may]


CONNECTION = "SELECT id FROM connection WHERE name = :name"
_OURS = "(p.value <> '' OR p.intended <> '')"
_ALLOWED = """
SELECT 1 FROM badge b JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
  AND i.scheme = p.scheme AND i.value = p.identifier
WHERE b.audience = p.audience AND b.public_id = p.output AND b.closes_at > :now
"""
_WITHDRAW = f"""
SELECT p.* FROM pushed p WHERE p.connection_id = ({CONNECTION}) AND p.target = :target AND {_OURS}
  AND ((:field <> '' AND p.field <> :field) OR (:audience <> '' AND p.audience <> :audience) OR NOT EXISTS ({_ALLOWED}))
"""
_GONE = f"""
SELECT count(*) AS without_badge, count(CASE WHEN p.tries > 0 THEN 1 END) AS withdrawals_failed,
  coalesce(max(p.why), '') AS why
FROM pushed p WHERE p.connection_id = :connection AND {_OURS} AND NOT EXISTS ({_ALLOWED})
"""
_DIRTY = """
SELECT d.output_id FROM output o JOIN dirty d ON d.output_id = o.id WHERE o.public_id IN :values
"""
_PRIVATE = "SELECT public_id FROM output WHERE visibility = 0 AND public_id IN :values"
_MAY = "SELECT s.audience, s.public_id FROM chosen x CROSS JOIN shown_output s ON s.output_id = x.id"
_ROW = f"p.connection_id = ({CONNECTION}) AND p.output = b.public_id AND p.target = :target AND p.field = :field"
# A time that is further away than we ever wait was noted by a clock that was ahead.
_TIME = "(p.next_at <= :now OR p.next_at > :now + :longest)"
_FOUND = "SELECT b.public_id, i.scheme, i.value"
_UNPLACED = f"""
FROM badge b
JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id AND i.scheme IN :values
LEFT JOIN pushed p ON {_ROW}
WHERE b.audience = :audience AND b.closes_at > :now AND b.visibility >= :ask_about
  AND (p.id IS NULL OR (p.address = '' AND {_TIME})
    OR (p.address <> '' AND NOT {_OURS} AND NOT EXISTS ({_ALLOWED})))
"""
_LEAST_TRIED = "ORDER BY coalesce(p.tries, 0), b.doi = '', b.doi, b.public_id, i.value"
_FOUND_BY = """
SELECT i.scheme, i.value FROM badge b
JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id AND i.scheme IN :values
WHERE b.audience = :audience AND b.public_id = :output AND b.closes_at > :now AND b.visibility >= :ask_about
ORDER BY i.value
"""
_MAY_ASK = """
SELECT 1 FROM badge WHERE audience = :audience AND public_id = :output AND closes_at > :now AND visibility >= :ask_about
"""
_TAKEN = f"""
SELECT 1 FROM pushed p WHERE p.connection_id = ({CONNECTION}) AND p.target = :target AND p.field = :field
  AND p.address = :address AND p.output <> :output AND ({_OURS} OR EXISTS ({_ALLOWED}))
"""
# The address of a badge whose output was joined into this one leads nowhere, and is corrected at once.
_ANOTHERS = """
(substr(p.value, 1, length(:badges)) = :badges
  AND substr(p.value, 1, length(:badges || b.public_id || '.svg')) <> :badges || b.public_id || '.svg')
"""
_DUE = f"""
FROM badge b JOIN pushed p ON {_ROW}
WHERE b.audience = :audience AND p.audience = :audience AND b.closes_at > :now AND p.address <> '' AND {_TIME}
  AND EXISTS ({_ALLOWED})
  AND (p.value = '' OR p.intended <> '' OR {_ANOTHERS}
    OR (:scores = 1 AND (p.written_at + :every <= :now OR p.written_at > :now)
      AND substr(p.value, 1, length(:badges || b.public_id || '.svg ' || b.score || ' '))
        <> :badges || b.public_id || '.svg ' || b.score || ' '))
"""
_BY_DOI = "ORDER BY b.doi = '', b.doi, b.public_id"
_STANDS = f"""
FROM pushed p WHERE p.connection_id = ({CONNECTION}) AND p.target = :target AND p.field = :field
  AND p.audience = :audience AND p.address <> '' AND p.value <> '' AND p.intended = '' AND EXISTS ({_ALLOWED})
"""
_VERIFY = f"SELECT p.* {_STANDS} AND (p.looked_at <= :old OR p.looked_at > :now) ORDER BY p.looked_at, p.id LIMIT :most"
_PERMITTED = """
SELECT 1 FROM badge b JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
  AND i.scheme = :scheme AND i.value = :identifier
WHERE b.audience = :audience AND b.public_id = :output AND b.closes_at > :now AND b.score = :score
"""
_HORIZON = """
SELECT coalesce((SELECT value FROM meta WHERE name = 'generation'), '0') AS generation,
  coalesce((SELECT min(closes_at) FROM badge WHERE audience IN ('public', 'internal') AND closes_at > :now), :never)
    AS closing
"""
_HELD = f"FROM pushed p WHERE p.connection_id = ({CONNECTION}) AND {_OURS}"
_WAITING = """
SELECT id FROM run WHERE step = 'push' AND outcome = 'held'
  AND id = (SELECT max(r.id) FROM run r WHERE r.connection_id = run.connection_id AND r.step = 'push') ORDER BY id
"""
_ELSEWHERE = f"""
SELECT count(*) FROM pushed p WHERE p.connection_id = ({CONNECTION}) AND p.target <> :target AND {_OURS}
"""
_STANDING = """
SELECT count(CASE WHEN value <> '' OR intended <> '' THEN 1 END) AS badges,
  count(CASE WHEN intended <> '' THEN 1 END) AS in_doubt,
  count(CASE WHEN address = '' AND why <> '' THEN 1 END) AS not_found,
  count(CASE WHEN address <> '' AND why <> '' THEN 1 END) AS failed_or_edited,
  coalesce((SELECT why FROM run WHERE outcome = 'failed' AND id = (SELECT max(id) FROM run r
    WHERE r.connection_id = :connection AND r.step = 'push')), '') AS push_failed
FROM pushed WHERE connection_id = :connection
"""
_CHANGES = """
SELECT thing FROM {one} WHERE audience = :audience AND kind = 'outputs'
EXCEPT SELECT thing FROM {other} WHERE audience = :audience AND kind = 'outputs'
"""
_WOULD_WRITE = f"""
SELECT count(*) AS n FROM ({_CHANGES.format(one="after", other="before")}) AS x JOIN output b ON b.id = x.thing
WHERE EXISTS (SELECT 1 FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
    JOIN identifier d ON d.id = n.identifier_id WHERE i.output_id = b.id AND i.state = 1 AND d.scheme IN :values)
  AND NOT EXISTS (SELECT 1 FROM pushed p WHERE {_ROW} AND p.value <> '')
"""
_WOULD_WITHDRAW = f"""
SELECT count(DISTINCT b.id) FROM ({_CHANGES.format(one="before", other="after")}) AS x JOIN output b ON b.id = x.thing
JOIN pushed p ON p.connection_id = ({CONNECTION}) AND p.output = b.public_id AND p.target = :target AND {_OURS}
"""
