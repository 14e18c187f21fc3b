"""How the house stands: for `status`, and for whoever is paged by it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Scope
from config.settings import Connection
from sync.store import (
    asides,
    badges,
    connections,
    habits,
    hides,
    missing,
    pushing,
    reports,
    runs,
    scopes,
    telling,
    unread,
    watching,
)
from sync.store.alarms import Alarm, since, span
from sync.store.clock import DAY, stamp
from sync.store.database import Store
from sync.store.targets import Target

CONFLICTS_AT_MOST = 200  # listed; a house with more has another problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the settings expect of the house: a scope, where badges go, when each connection is pulled and how long that
    may take, which of them are `pulled` at all, and for how many microseconds at most something waits."""

    scope: Scope | None
    targets: Sequence[Target]
    connections: Mapping[str, Connection]
    pulled: Collection[str]
    lag: int


def status(store: Store, expected: Expected, others: Sequence[Alarm] = (), *, now: int) -> dict[str, Any]:
    """Connections, scope, counts, alarms (`others` are those that the store cannot know), conflicts and what is set
    aside. Holds no title and no name."""
    waits = {each.connection: pushing.waits(store, each, now=now) for each in expected.targets}
    with store.read() as db:
        sources = _sources(store, db, waits, now)
        scope = scopes.in_force(db) or Scope()
        open_ = asides.listed(db)
        waiting = db.execute(text("SELECT count(*) FROM dirty")).scalar_one()
        counted = scopes.counted(db, now=now)
        seen = {f"seen_by_{audience}": badges.count(db, audience, now=now) for audience in badges.AUDIENCES}
        conflicts = _conflicts(db)
        found = [*_alarms(db, sources, expected, now), *others]
        began = since(db)
        waiting_runs = sorted(holding(db))
        asked, reported = watching.counts(db), reports.counts(db)
    return {
        "connections": sources,
        "scope": {
            "status": scope.status,
            "profile": scope.profile,
            "visibility": {name: getattr(scope.visibility, name).word for name in ("people", "outputs", "authorships")},
        },
        "outputs": {**counted, **seen, "waiting_for_score": waiting},
        "alarms": [alarm.words for alarm in found],
        "alarm_rows": [
            {
                "name": alarm.name,
                "words": alarm.words,
                "since": stamp(began[alarm.name]) if alarm.name in began else None,
            }
            for alarm in found
        ],
        "conflicts": conflicts,
        "set_aside": {"open": len(open_), "by_reason": _by_reason(open_)},
        "waits_for_accept": waiting_runs,
        "watching": asked,
        "reports": reported,
    }


def troubles(store: Store, expected: Expected, *, now: int) -> list[Alarm]:
    """What somebody should look at, of all that the store knows. Once a day it keeps how much each source has, from
    which habits are learned."""
    waits = {
        each.connection: {"to_withdraw": len(pushing.withdrawals(store, each, now=now))} for each in expected.targets
    }
    with store.read() as db:
        sources = _sources(store, db, waits, now)
        found = _alarms(db, sources, expected, now)
        counted = habits.counted(db, now=now)
    if not counted:
        with store.write() as db:
            habits.count(db, sources, now=now)
    return found


def _sources(store: Store, db: Database, waits: Mapping[str, dict[str, int]], now: int) -> list[dict[str, Any]]:
    """Every connection; a run of one may have ended with its process."""
    sources = connections.listed(db, now=now)
    for each in sources:
        each["pushed"] |= waits.get(each["name"], {})
        run = each["last_run"]
        if run is not None and runs.close_dead(store, each["name"], run) and _ended(store, run["id"]) == "running":
            each["alarm"] = "the process ended before its run did; the next one goes on"
    return sources


def _ended(store: Store, run: int) -> str:
    """How a run has ended by now, since it may have done so while we looked."""
    with store.read() as db:
        return str(db.execute(text("SELECT outcome FROM run WHERE id = :id"), {"id": run}).scalar())


def _alarms(db: Database, sources: Sequence[Mapping[str, Any]], expected: Expected, now: int) -> list[Alarm]:
    return [
        *(Alarm(f"source-failing:{each['name']}", _failing(each)) for each in sources if each["alarm"]),
        *habits.broken(db, sources, {name: expected.connections[name] for name in expected.pulled}, now=now),
        *_decisions(db),
        *(alarm for each in sources for alarm in _pushed(db, each, expected.lag, now)),
        *_elsewhere(db, expected.targets),
        *unread.alarms(db),
        *_house(db, expected, now),
    ]


def _failing(source: Mapping[str, Any]) -> str:
    return "; ".join(filter(None, (f"{source['name']}: {source['alarm']}", source["rest"])))


def _decisions(db: Database) -> Iterator[Alarm]:
    by_name: dict[str, list[int]] = {}
    for run, name in holding(db).items():
        by_name.setdefault(name, []).append(run)
    for name, held in by_name.items():
        which = f"run {held[0]} waits" if len(held) == 1 else f"runs {', '.join(map(str, held))} wait"
        words = f"{name}: {which} for a decision; `ringmark accept {held[-1]}` agrees to what it holds back"
        yield Alarm(f"decision:{name}", words)


def _pushed(db: Database, source: Mapping[str, Any], lag: int, now: int) -> Iterator[Alarm]:
    """What stands at a system and nobody tends, or cannot be taken back yet; and that it is no longer in the
    settings."""
    name, pushed = source["name"], source["pushed"]
    if source["state"] == "removed":
        mend = f"its votes stay until `ringmark connection forget {name}`"
        yield Alarm(f"source-removed:{name}", f"{name}: no longer in the settings; {mend}")
    if pushed["badges"] and source["state"] == "removed":
        mend = f"put [connections.{name}] back, then `ringmark connection forget {name} --withdraw`, or --leave --why"
        words = f"{name}: no longer in the settings, and still holds {pushed['badges']} badges; {mend}"
        yield Alarm(f"badges-left:{name}", words)
    if pushed["push_failed"]:
        yield Alarm(f"push-failing:{name}", f"{name}: the last push failed: {pushed['push_failed']}")
    if pushed["withdrawals_failed"]:
        count, why = pushed["withdrawals_failed"], pushed["why"]
        words = f"{name}: {count} badges could not be taken back yet, each push tries again: {why}"
        yield Alarm(f"withdrawals-failing:{name}", words)
    if pushed.get("to_withdraw"):
        last = db.execute(text(_LAST_PUSH), {"name": name}).scalar() or 0
        if now - last > lag:
            words = f"{name}: {pushed['to_withdraw']} badges are to be taken back, and nothing was pushed for"
            yield Alarm(f"withdrawals-wait:{name}", f"{words} {span(now - last)}; run `ringmark push {name}`")


def _elsewhere(db: Database, targets: Sequence[Target]) -> Iterator[Alarm]:
    mend = "put the old url back and `ringmark connection forget NAME --withdraw`, or --leave --why"
    for name, count in pushing.elsewhere(db, targets).items():
        words = f"{name}: {count} badges stand at another address than its url, where they cannot be taken back; {mend}"
        yield Alarm(f"badges-elsewhere:{name}", words)


def _house(db: Database, expected: Expected, now: int) -> Iterator[Alarm]:
    """What is about no source, but about the house as a whole."""
    if expected.scope is not None and expected.scope != (scopes.in_force(db) or Scope()):
        yield Alarm("scope", "the [scope] of the settings is not the one in force; `ringmark scope show` tells both")
    if hides.due(db, now=now):
        words = "a hide has ended and waits for every source to be read again; run `ringmark pull`"
        yield Alarm("hide-ended", words)
    closing = db.execute(text(_CLOSING), {"now": now, "soon": now + DAY}).scalar_one()
    if closing:
        yield Alarm("badges-closing", f"{closing} badges close within a day")
    changed = db.execute(text(_UNSCORED), {"changed": '%"changed":0,%', "deleted": '%"deleted":0,%'}).scalar()
    if changed and now - changed > expected.lag:
        words = f"what was pulled {span(now - changed)} ago waits for its score; run `ringmark score`"
        yield Alarm("scores-wait", words)
    if why := telling.failing(db):
        yield Alarm("readers-untold", f"messages to readers do not go out: {why}; try `ringmark watch send`")
    lease = db.execute(text("SELECT holder, until_at FROM lease WHERE name = 'daemon'")).one_or_none()
    scheduled = any(each.pull.text != "manual" for each in expected.connections.values())
    if lease is not None and lease.until_at < now and scheduled:
        words = f"the daemon ({lease.holder}) has not been heard of for {span(now - lease.until_at)}; start it again"
        yield Alarm("daemon", words)


def holding(db: Database) -> dict[int, str]:
    """The runs that wait for a decision, and their connections."""
    rows = db.execute(text(_HELD)).fetchall()
    pushes = set(pushing.waiting(db))
    return {row.id: row.name for row in rows if row.id in pushes or missing.held(db, row.id)}


def _conflicts(db: Database) -> list[str]:
    """Identifiers that speak of different outputs, and outputs of which a record is uncertain."""
    shared = db.execute(text(_SHARED), {"most": CONFLICTS_AT_MOST})
    lines = [
        f"{row.scheme}:{row.value} is on records of {row.outputs} outputs; they were not joined, for their DOIs differ"
        for row in shared
    ]
    uncertain = db.execute(
        text("SELECT public_id, conflict FROM output WHERE conflict <> '' ORDER BY id LIMIT :most"),
        {"most": CONFLICTS_AT_MOST},
    )
    return lines + [f"output:{row.public_id}: {row.conflict}" for row in uncertain]


def _by_reason(rows: list[Any]) -> dict[str, int]:
    """Counts by reason without the keys in it, most frequent first."""
    found: dict[str, int] = {}
    for row in rows:
        reason = (
            f"{row.connection}: {row.kind}: {row.reason.split(' ', 2)[0]}"
            if row.stored == 2
            else f"{row.connection}: {row.reason}"
        )
        found[reason] = found.get(reason, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


_SHARED = """
SELECT d.scheme, d.value, count(DISTINCT i.output_id) AS outputs FROM item_identifier n
JOIN item i ON i.id = n.item_id AND i.state = 1 JOIN identifier d ON d.id = n.identifier_id
WHERE n.counts = 1 GROUP BY d.id, d.scheme, d.value HAVING count(DISTINCT i.output_id) > 1 ORDER BY d.id LIMIT :most
"""
_HELD = """
SELECT r.id, c.name FROM run r JOIN connection c ON c.id = r.connection_id WHERE r.outcome = 'held' ORDER BY r.id
"""
_LAST_PUSH = """
SELECT max(r.began_at) FROM run r JOIN connection c ON c.id = r.connection_id WHERE c.name = :name AND r.step = 'push'
"""
_CLOSING = "SELECT count(*) FROM badge WHERE closes_at > :now AND closes_at < :soon"
_UNSCORED = """
SELECT min(ended_at) FROM run
WHERE step IN ('pull', 'import') AND counts <> '{}' AND ended_at > coalesce(
    (SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'scored_at'), (SELECT max(scored_at) FROM score), 0)
  AND (counts NOT LIKE :changed OR counts NOT LIKE :deleted) AND EXISTS (SELECT 1 FROM dirty)
"""
