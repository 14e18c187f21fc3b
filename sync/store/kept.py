"""What a restore keeps of the store that was there: what people decided, and what was erased, since the backup.

It is laid by in temporary tables before the backup is poured in, and put back on top of it, all in one transaction. A
connection is the same where name and row key are, since vetoes are hashes of that key.
"""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync import tables
from sync.store import (
    accounts,
    audit,
    audit_again,
    connections,
    erasing,
    evidence,
    gone,
    hides,
    outlets,
    pushed,
    refusals,
    rulings,
    settle,
)
from sync.store.accounts import AccountFacts
from sync.store.database import Store, StoreError
from sync.store.outlets import OutletFacts
from sync.store.rows import change_in, chunks
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

VOTES = {"person_record": "person_id", "item": "output_id", "authorship_record": ""}  # and what they belong to
ERASED = {"person": "person_record", "group": "group_record", "item": "item", "authorship": "authorship_record"}
AT_ONCE = 10_000  # keys that are hashed together


class Said(NamedTuple):
    """What administrators say of those who speak."""

    outlets: list[OutletFacts]
    accounts: list[AccountFacts]


def lay_by(db: Database) -> Said:
    """Copy it out of the way of the backup; what administrators say comes along."""
    for name, rows in _KEPT.items():
        db.exec_driver_sql(f"CREATE TEMPORARY TABLE was_{name} AS {rows}")
    return Said(outlets.said_by(db), accounts.said_by_administrators(db))


def put_back(store: Store, db: Database, said: Said, backup: str, *, by: str, now: int) -> dict[str, int]:
    """Put it on top of what was poured in; how much of each kind the backup did not have. `backup` is what the audit
    log calls it."""
    touched = Touched()
    for name in [row.subject for row in db.execute(text(_FORGOTTEN))]:
        _forget(store, db, name, now)
    _connections(store, db)
    _facts(store, db)
    _scope(db)
    speaking = _said(db, said)
    since = int(db.execute(text(_COUNT_SINCE)).scalar_one())
    db.execute(text(_CHANGES))
    marks, hidden = _hides(db)
    votes = sum(_votes(db, table, touched) for table in VOTES)
    refused = _refused(db, touched)
    _taken_back(db, touched)
    vetoes, erased = _vetoes(store, db, touched)
    erased += _erased(store, db, touched)
    ledger = db.execute(text(_replacing("pushed", ("connection_id", "output", "target", "field"))))
    settle.settle(db, Vetoes(store, db), touched)
    for kind, some in marks.items():
        hides.resettle(store, db, kind, some, now)
    lines = db.execute(text("SELECT value FROM was_meta WHERE name = :name"), {"name": audit.HEAD}).scalar() or "0"
    audit_again.join(db, backup, lines=int(lines.partition(" ")[0]), by=by, now=now)
    for name in _KEPT:
        db.exec_driver_sql(f"DROP TABLE was_{name}")
    counts = {"audit": since, "hides": hidden, "votes": votes, "vetoes": vetoes, "erasures": erased}
    return counts | {"pushed": ledger.rowcount, "outlets and accounts": speaking, "refusals": refused}


def _forget(store: Store, db: Database, name: str, now: int) -> None:
    """What was forgotten since is forgotten again, with the connection; if it came back since, it is put back later."""
    asked = {"name": name}
    if db.execute(text("UPDATE connection SET state = 'removed' WHERE name = :name"), asked).rowcount:
        pushed.leave(db, name)
        connections.erase(store, db, name, now)


def _connections(store: Store, db: Database) -> None:
    """The connections of both. Of a store that was just made, and has nothing to keep, they may have other row keys."""
    for row in db.execute(text(_CLASHING)).fetchall():
        if any(db.execute(text(_HOLDS.format(table=table)), {"id": row.id}).scalar() for table in _HOLDING):
            raise StoreError(
                f"{store.backend.name}: is not the store that this backup is of ({row.name} is not the same "
                "connection); move it away and restore again: nothing of it is kept then"
            )
        db.execute(text(_DROP if row.known else _MOVE), {"id": row.id})
    db.execute(text(_NEW_CONNECTIONS))
    db.execute(text(_STATES))


def _facts(store: Store, db: Database) -> None:
    """What the store that was there has learned and told since; numbers that only grow go on growing."""
    known = {row.name: row.value for row in db.execute(text("SELECT name, value FROM meta"))}
    was = {row.name: row.value for row in db.execute(text("SELECT name, value FROM was_meta"))}
    keys = known.get("veto_key", ""), was.get("veto_key", "")
    if all(keys) and keys[0] != keys[1]:
        raise StoreError(
            f"{store.backend.name}: its vetoes and those of the backup were made with different keys; move it "
            "away, bring the key of the backup back, and restore again: nothing of it is kept then"
        )
    grown = {name: str(max(int(known.get(name, 0)), int(was.get(name, 0)))) for name in ("generation", "turn")}
    for name, value in (was | grown).items():
        db.execute(text(_FACT), {"name": name, "value": value})


def _scope(db: Database) -> None:
    """The scope of the backup, unless one was applied since."""
    if db.execute(text(_APPLIED)).scalar():
        db.execute(text("DELETE FROM scope"))
        db.execute(text(_into("scope")))


def _said(db: Database, said: Said) -> int:
    """What administrators say of outlets and accounts, as far as they said something since; of how many."""
    verbs = {row.verb for row in db.execute(text(f"SELECT DISTINCT verb FROM {_SINCE}"))}
    changed = 0
    if verbs & {"outlet import", "outlet set"}:
        lost = {each.outlet for each in outlets.said_by(db)} - {each.outlet for each in said.outlets}
        blank = [OutletFacts(outlet=outlet) for outlet in sorted(lost)]
        changed += outlets.say(db, [*said.outlets, *blank])[0]
    if "account import" in verbs:
        known = {each.key for each in said.accounts}
        lost_accounts = [each for each in accounts.said_by_administrators(db) if each.key not in known]
        blanks = [AccountFacts(source=each.source, account=each.account) for each in lost_accounts]
        changed += accounts.keep(db, [*said.accounts, *blanks])
    return changed


def _hides(db: Database) -> tuple[dict[str, set[str]], int]:
    """Hides and releases; a hide that either store knows as released is. What they cling to, by kind, and how many
    were not in the backup."""
    marks: dict[str, set[str]] = {}
    for row in db.execute(text(_CHANGED_HIDES)):
        marks.setdefault(row.kind, set()).add(row.mark)
    count = db.execute(text(_NEW_HIDES)).rowcount + db.execute(text(_RELEASES)).rowcount
    db.execute(text(_HIDE_TARGETS))
    return marks, count


def _votes(db: Database, table: str, touched: Touched) -> int:
    """Votes that no source will tell again: of records that were deleted, and all of connections that were removed."""
    belongs = VOTES[table]
    count = db.execute(text(_replacing(table, ("connection_id", "key"), belongs))).rowcount
    if table == "item":
        for sql in _IDENTIFIERS:
            db.execute(text(sql))
    if belongs:
        found = touched.items if table == "item" else touched.profiles
        found |= {row.id for row in db.execute(text(_PUT_BACK.format(table=table)))}
    else:
        touched.outputs |= {row.output_id for row in db.execute(text(_LINKED))}
    return count


def _taken_back(db: Database, touched: Touched) -> None:
    """Mentions that were taken back, where no source will say so again; what was quoted of any that was stays away
    until its source tells it anew."""
    evidence.shed(db, {row.id for row in db.execute(text(_QUOTED))})
    back = {row.id for row in db.execute(text(_TAKEN_BACK))}
    touched.mentions |= back
    touched.retied |= back


def _refused(db: Database, touched: Touched) -> int:
    """Mentions and ties that were refused, ties that were confirmed, and what of that was taken back, as for hides; how
    much was not in the backup."""
    count = sum(db.execute(text(sql)).rowcount for sql in (*_NEW_REFUSALS, *_RELEASED_REFUSALS))
    marked = refusals.mark_all(db) | rulings.mark_all(db)
    touched.mentions |= marked
    touched.retied |= marked
    return count


def _vetoes(store: Store, db: Database, touched: Touched) -> tuple[int, int]:
    """All vetoes. What they forgot, and what a removed connection has deleted, is erased where the backup had it."""
    new = {row.mark for row in db.execute(text(_NEW_VETOES))}
    count = db.execute(text(_VETOES)).rowcount
    vetoes = Vetoes(store, db)
    vetoes.known(0, "", [""])  # without the right key nothing is restored
    erased = _deleted(db) + (_forgotten(db, vetoes) if new else [])
    for connection, kind, key in erased:
        gone.erase(db, connection, kind, key, touched)
    if new:
        vetoes.touch_outputs(new, set(), touched)
        vetoes.touch_people(new, set(), touched)
        vetoes.touch_pairs(new, set(), set(), touched)
    return count, len(erased)


def _erased(store: Store, db: Database, touched: Touched) -> int:
    """Who was erased in either store, but for those who were allowed since, is erased again where the backup had them;
    how many records of people, accounts and mentions."""
    db.execute(text(_ERASED))
    evidence.silence(db, {row.id for row in db.execute(text(_UNQUOTED))})
    change_in(db, _NO_LONGER_ERASED, [row.subject for row in db.execute(text(_ALLOWED))])
    return erasing.again(store, db, touched)


def _forgotten(db: Database, vetoes: Vetoes) -> list[tuple[int, str, str]]:
    """Records of which the store that was there had but a veto: connection, kind, key."""
    found = []
    for connection in [row.id for row in db.execute(text("SELECT DISTINCT connection_id AS id FROM was_veto"))]:
        for kind, table in ERASED.items():
            sql = text(f"SELECT key FROM {table} WHERE connection_id = :id")
            for keys in chunks([row.key for row in db.execute(sql, {"id": connection})], AT_ONCE):
                found += [(connection, kind, key) for key in vetoes.known(connection, kind, keys)]
    return found


def _deleted(db: Database) -> list[tuple[int, str, str]]:
    """Records that a connection which is no longer read had deleted."""
    return [
        (row.connection_id, kind, row.key)
        for kind, table in ERASED.items()
        if table in VOTES
        for row in db.execute(text(_DELETED.format(table=table)))
    ]


def _columns(table: str, *without: str) -> list[str]:
    return [column.name for column in tables.metadata().tables[table].columns if column.name not in without]


def _into(table: str, *without: str) -> str:
    names = ", ".join(_columns(table, *without))
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM was_{table} w"


def _replacing(table: str, unique: tuple[str, ...], belongs: str = "") -> str:
    """Put rows back over those of the same key. What they belong to, and whether the brake holds them, is found out
    anew."""
    anew = [name for name in _columns(table) if name in (belongs, "held_at", "held_run")]
    told = _columns(table, "id", *anew)
    changes = [f"{name} = excluded.{name}" for name in told if name not in unique]
    changes += [f"{name} = 0" for name in anew if name != belongs]
    return (
        f"INSERT INTO {table} ({', '.join(told + anew)}) SELECT {', '.join(told + ['0'] * len(anew))} "
        f"FROM was_{table} w WHERE w.id > 0 ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {', '.join(changes)}"
    )


_STAY = "JOIN connection c ON c.id = t.connection_id WHERE (t.state = 0 OR c.state = 'removed')"
_WHOLE = (
    "meta",
    "scope",
    "scope_change",
    "connection",
    "hide",
    "hide_target",
    "refusal",
    "ruling",
    "veto",
    "pushed",
    "erased",
)
_KEPT = {
    **{table: f"SELECT * FROM {table}" for table in _WHOLE},
    **{table: f"SELECT t.* FROM {table} t {_STAY}" for table in VOTES},
    "item_identifier": f"""
SELECT t.connection_id, t.key, n.counts, d.scheme, d.value FROM item t JOIN item_identifier n ON n.item_id = t.id
JOIN identifier d ON d.id = n.identifier_id {_STAY}""",
    "mention": """
SELECT m.connection_id, m.key, m.taken_at,
  CASE WHEN c.kind = '(import)' OR c.state = 'removed' THEN 1 ELSE 0 END AS silent
FROM mention m JOIN connection c ON c.id = m.connection_id WHERE m.taken_at >= 0""",
    "unquoted": "SELECT connection_id, key FROM mention WHERE unquoted = 1",
}
_SINCE = f"(SELECT {audit_again.LINE} FROM audit EXCEPT SELECT {audit_again.LINE} FROM then_audit) AS since"
_COUNT_SINCE = f"SELECT count(*) FROM {_SINCE}"
_FORGOTTEN = f"SELECT DISTINCT subject FROM {_SINCE} WHERE verb = 'connection forget' ORDER BY subject"
_APPLIED = f"SELECT count(*) FROM {_SINCE} WHERE verb IN ('scope apply', 'scope undo')"
_ALLOWED = f"SELECT DISTINCT subject FROM {_SINCE} WHERE verb IN ('person allow', 'account allow')"
_CHANGE = "at, actor, why, before, after, did"
_CHANGES = f"""
INSERT INTO scope_change ({_CHANGE}) SELECT {_CHANGE} FROM (
  SELECT {_CHANGE} FROM was_scope_change EXCEPT SELECT {_CHANGE} FROM scope_change
) AS since ORDER BY at
"""
_CLASHING = """
SELECT w.id, w.name, EXISTS (SELECT 1 FROM connection k WHERE k.name = w.name) AS known FROM was_connection w
WHERE EXISTS (SELECT 1 FROM connection c WHERE (c.id = w.id) <> (c.name = w.name)) ORDER BY w.id
"""
_HOLDING = ("was_veto", "was_pushed", *(f"was_{table}" for table in VOTES))
_HOLDS = "SELECT EXISTS (SELECT 1 FROM {table} WHERE connection_id = :id)"
_DROP = "DELETE FROM was_connection WHERE id = :id"
_MOVE = """
UPDATE was_connection SET id = (
  SELECT max(id) + 1 FROM (SELECT id FROM connection UNION SELECT id FROM was_connection) AS every
) WHERE id = :id
"""
_NEW_CONNECTIONS = _into("connection") + " WHERE NOT EXISTS (SELECT 1 FROM connection c WHERE c.id = w.id)"
_STATES = """
UPDATE connection SET state = CASE WHEN 'paused' IN (connection.state, w.state) THEN 'paused' ELSE w.state END,
  sweep = CASE WHEN w.sweep > connection.sweep THEN w.sweep ELSE connection.sweep END
FROM was_connection AS w WHERE w.id = connection.id
"""
_FACT = """
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
_SAME = "h.kind = w.kind AND h.subject = w.subject AND h.made_at = w.made_at"
_CHANGED_HIDES = f"""
SELECT w.kind, t.mark FROM was_hide w JOIN was_hide_target t ON t.hide_id = w.id
WHERE NOT EXISTS (SELECT 1 FROM hide h WHERE {_SAME} AND h.released_at = w.released_at)
"""
_NEW_HIDES = _into("hide", "id") + f" WHERE NOT EXISTS (SELECT 1 FROM hide h WHERE {_SAME})"
_RELEASES = """
UPDATE hide SET released_at = w.released_at FROM was_hide AS w
WHERE hide.kind = w.kind AND hide.subject = w.subject AND hide.made_at = w.made_at AND w.released_at < hide.released_at
"""
_HIDE_TARGETS = f"""
INSERT INTO hide_target (hide_id, mark)
SELECT h.id, t.mark FROM was_hide_target t JOIN was_hide w ON w.id = t.hide_id JOIN hide h ON {_SAME} WHERE h.id > 0
ON CONFLICT (hide_id, mark) DO NOTHING
"""
_SAME_REFUSAL = "r.connection = w.connection AND r.key = w.key AND r.made_at = w.made_at"
_REFUSALS = {"refusal": _SAME_REFUSAL, "ruling": f"{_SAME_REFUSAL} AND r.target = w.target AND r.verdict = w.verdict"}
_NEW_REFUSALS = [
    f"{_into(table, 'id')} WHERE NOT EXISTS (SELECT 1 FROM {table} r WHERE {same})" for table, same in _REFUSALS.items()
]
_RELEASED_REFUSALS = [
    f"UPDATE {table} AS r SET released_at = w.released_at FROM was_{table} AS w "
    f"WHERE {same} AND w.released_at < r.released_at"
    for table, same in _REFUSALS.items()
]
_IDENTIFIERS = (
    "INSERT INTO identifier (scheme, value) SELECT DISTINCT scheme, value FROM was_item_identifier WHERE scheme <> '' "
    "ON CONFLICT (scheme, value) DO NOTHING",
    "DELETE FROM item_identifier WHERE item_id IN (SELECT i.id FROM item i JOIN was_item w "
    "ON w.connection_id = i.connection_id AND w.key = i.key)",
    "INSERT INTO item_identifier (item_id, identifier_id, counts) SELECT i.id, d.id, n.counts "
    "FROM was_item_identifier n JOIN item i ON i.connection_id = n.connection_id AND i.key = n.key "
    "JOIN identifier d ON d.scheme = n.scheme AND d.value = n.value",
)
_PUT_BACK = "SELECT t.id FROM was_{table} w JOIN {table} t ON t.connection_id = w.connection_id AND t.key = w.key"
_LINKED = """
SELECT i.output_id FROM was_authorship_record w JOIN item i ON i.connection_id = w.connection_id AND i.key = w.item_key
"""
_TAKEN_BACK = """
UPDATE mention SET taken_at = w.taken_at, digest = '' FROM was_mention AS w
WHERE w.connection_id = mention.connection_id AND w.key = mention.key AND mention.taken_at < 0 AND w.silent = 1
RETURNING id
"""
_QUOTED = """
UPDATE mention SET digest = '' FROM was_mention AS w
WHERE w.connection_id = mention.connection_id AND w.key = mention.key AND mention.taken_at < 0
  AND EXISTS (SELECT 1 FROM evidence e WHERE e.mention_id = mention.id AND e.excerpt <> '') RETURNING id
"""
_UNQUOTED = """
SELECT m.id FROM was_unquoted w JOIN mention m ON m.connection_id = w.connection_id AND m.key = w.key
"""
_NEW_VETOES = "SELECT mark FROM was_veto EXCEPT SELECT mark FROM veto"
_VETOES = _into("veto") + " WHERE w.connection_id > 0 ON CONFLICT (connection_id, subject, mark) DO NOTHING"
_ERASED = _into("erased") + " WHERE w.at >= 0 ON CONFLICT (mark) DO NOTHING"
_NO_LONGER_ERASED = """
DELETE FROM erased WHERE subject IN :values AND NOT EXISTS (SELECT 1 FROM was_erased w WHERE w.mark = erased.mark)
"""
_DELETED = """
SELECT t.connection_id, t.key FROM {table} t JOIN was_connection w ON w.id = t.connection_id AND w.state = 'removed'
EXCEPT SELECT connection_id, key FROM was_{table}
"""
