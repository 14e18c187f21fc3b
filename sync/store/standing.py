"""How the house stands: for `status`, and for whoever is paged by it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Scope
from sync.store import asides, badges, connections, hides, missing, pushing, scopes
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.targets import Target
from sync.store.turns import turn

CONFLICTS_AT_MOST = 200  # listed; a house with more has another problem


def status(store: Store, configured: Scope | None, targets: Sequence[Target], *, now: int) -> dict[str, Any]:
    """Connections, scope, counts, alarms, conflicts and what is set aside. Holds no title and no name."""
    waits = {each.connection: pushing.waits(store, each, now=now) for each in targets}
    with store.read() as db:
        sources = connections.listed(db, now=now)
        for each in sources:
            each["pushed"] |= waits.get(each["name"], {})
        _stopped(store, sources)
        scope = scopes.in_force(db) or Scope()
        open_ = asides.listed(db)
        waiting = db.execute(text("SELECT count(*) FROM dirty")).scalar_one()
        counted = scopes.counted(db, now=now)
        seen = {f"seen_by_{audience}": badges.count(db, audience, now=now) for audience in badges.AUDIENCES}
        conflicts = _conflicts(db)
        alarms = _alarms(db, sources, scope, configured, now) + _elsewhere(db, targets)
        runs = db.execute(text("SELECT id FROM run WHERE outcome = 'held' ORDER BY id")).fetchall()
        holding = sorted([row.id for row in runs if missing.held(db, row.id)] + pushing.waiting(db))
    return {
        "connections": sources,
        "scope": {
            "status": scope.status,
            "profile": scope.profile,
            "visibility": {name: getattr(scope.visibility, name).word for name in ("people", "outputs", "authorships")},
        },
        "outputs": {**counted, **seen, "waiting_for_score": waiting},
        "alarms": alarms,
        "conflicts": conflicts,
        "set_aside": {"open": len(open_), "by_reason": _by_reason(open_)},
        "waits_for_accept": holding,
    }


def _stopped(store: Store, sources: list[dict[str, Any]]) -> None:
    """A run that stands as running while nobody pulls has ended with its process."""
    for each in sources:
        run = each["last_run"]
        if run is not None and run["outcome"] == "running":
            with turn(store, each["name"] if run["step"] != "push" else f"{each['name']}-push") as free:
                if free:
                    run["outcome"] = "stopped"
                    each["alarm"] = "the process ended before its run did; the next one goes on"


def _alarms(db: Database, sources: list[dict[str, Any]], scope: Scope, configured: Scope | None, now: int) -> list[str]:
    alarms = [f"{each['name']}: {each['alarm']}" for each in sources if each["alarm"]]
    alarms += [
        f"{each['name']}: no longer in the settings; its votes stay until `ringmark connection forget {each['name']}`"
        for each in sources
        if each["state"] == "removed"
    ]
    alarms += [line for each in sources for line in _pushed(each)]
    if configured is not None and configured != scope:
        alarms.append("the [scope] of the settings is not the one in force; `ringmark scope show` tells both")
    if hides.due(db, now=now):
        alarms.append("a hide has ended and waits for every source to be read again; run `ringmark pull`")
    stale = db.execute(
        text("SELECT count(*) FROM badge WHERE closes_at > :now AND closes_at < :soon"), {"now": now, "soon": now + DAY}
    ).scalar_one()
    if stale:
        alarms.append(f"{stale} badges close within a day")
    return alarms


def _pushed(source: dict[str, Any]) -> list[str]:
    """What stands at a system and nobody tends, or cannot be taken back yet."""
    name, pushed = source["name"], source["pushed"]
    lines = []
    if pushed["badges"] and source["state"] == "removed":
        mend = f"put [connections.{name}] back, then `ringmark connection forget {name} --withdraw`, or --leave --why"
        lines.append(f"{name}: no longer in the settings, and still holds {pushed['badges']} badges; {mend}")
    if pushed["push_failed"]:
        lines.append(f"{name}: the last push failed: {pushed['push_failed']}")
    if pushed["withdrawals_failed"]:
        count, why = pushed["withdrawals_failed"], pushed["why"]
        lines.append(f"{name}: {count} badges could not be taken back yet, each push tries again: {why}")
    return lines


def _elsewhere(db: Database, targets: Sequence[Target]) -> list[str]:
    mend = "put the old url back and `ringmark connection forget NAME --withdraw`, or --leave --why"
    return [
        f"{name}: {count} badges stand at another address than its url, where they cannot be taken back; {mend}"
        for name, count in pushing.elsewhere(db, targets).items()
    ]


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
