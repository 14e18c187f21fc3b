"""Whose a web address is: the outlet of a mention that does not tell its own.

An address belongs to the outlet that has the longest of the domains above its host, label by label. Only domains that
somebody wrote down are looked for, so no list of public suffixes is needed, and nothing else of an address counts:
whoever makes one up can name a host, and its owner alone decides what stands there.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection as Database

from connectors.attention import Mention, Outlet
from scoring.rules import SOURCES, UNITS
from sync.store import speakers
from sync.store.facts import ADMINISTRATOR, LIST
from sync.store.rows import many, rows_in

NOBODY = -1
SPOKEN_BY_OUTLETS = frozenset(name for name, kind in UNITS.items() if speakers.UNIT_FROM[kind] == "outlet")


def found(db: Database, told: Iterable[Mention]) -> dict[str, Outlet]:
    """The outlets of mentions that tell none and stand at an address of one that is known, by the mention's key."""
    homeless = {m.key: host(m.url) for m in told if m.source in SPOKEN_BY_OUTLETS and m.outlet is None and m.url}
    owners = _owners(db, homeless.values())
    whose = {key: _owner(owners, name) for key, name in homeless.items()}
    return {key: Outlet(key=owner.key) for key, owner in whose.items() if owner is not None}


def rematch(db: Database) -> set[int]:
    """Look again whose the mentions are that do not tell it, since the domains have changed; the outputs concerned.

    What was found stays with an outlet that has closed: only new mentions at its address are not its own."""
    numbers = [SOURCES[name] for name in SPOKEN_BY_OUTLETS]
    rows = rows_in(db, _NOT_TOLD, numbers)
    owners = _owners(db, {host(row.url) for row in rows})
    moves = []
    for row in rows:
        owner = _owner(owners, host(row.url), row.outlet_id)
        if (owner.outlet_id if owner else NOBODY) != row.outlet_id:
            moves.append((row, owner))
    kinds = {SOURCES[name]: UNITS[name] for name in SPOKEN_BY_OUTLETS}
    names = {row.id: (row.source_id, f"{kinds[row.source_id]}:{owner.key}") for row, owner in moves if owner}
    units, _ = speakers.once(db, "unit", "name", set(names.values()))
    changes = [
        {
            "id": row.id,
            "outlet": owner.outlet_id if owner else NOBODY,
            "unit": units[names[row.id]] if owner else NOBODY,
            "found": int(owner is not None),
        }
        for row, owner in moves
    ]
    many(db, "UPDATE mention SET outlet_id = :outlet, unit_id = :unit, found = :found WHERE id = :id", changes)
    many(db, "UPDATE mark SET outlet_id = :outlet, unit_id = :unit WHERE mention_id = :id", changes)
    marked = rows_in(db, "SELECT DISTINCT output_id FROM mark WHERE mention_id IN :values", [c["id"] for c in changes])
    return {row.output_id for row in marked}


def host(url: str) -> str:
    """The host of a canonical address; empty where it has a port of its own, or is no name."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        return "" if parts.port or ":" in name or name.replace(".", "").isdigit() else name.rstrip(".")
    except ValueError:  # a port that is none, or brackets that hold no address
        return ""


def _above(name: str) -> list[str]:
    """The domains that a host is in, the longest first; no top-level one."""
    labels = name.split(".")
    return [".".join(labels[place:]) for place in range(len(labels) - 1)]


def _owners(db: Database, hosts: Iterable[str]) -> dict[str, list[Any]]:
    """Of each domain above the hosts, who has it: the one an administrator says before the one of the list."""
    owners: dict[str, list[Any]] = {}
    for row in rows_in(db, _OWNERS, {domain for name in hosts for domain in _above(name)}):
        owners.setdefault(row.domain, []).append(row)
    for rows in owners.values():
        rows.sort(key=lambda row: row.said_by)
    return owners


def _owner(owners: dict[str, list[Any]], name: str, now: int = NOBODY) -> Any | None:
    """Whose a host is. A domain that an administrator gives to an outlet is no other's; one whose outlet has closed
    is nobody's, but for what was its own (`now`) before."""
    for domain in _above(name):
        if domain in owners:
            first = owners[domain][0]
            return first if first.active or first.outlet_id == now else None
    return None


_NOT_TOLD = """
SELECT id, source_id, url, outlet_id FROM mention
WHERE (found = 1 OR outlet_id = -1) AND url <> '' AND source_id IN :values
"""
_OWNERS = f"""
SELECT d.domain, d.said_by, d.outlet_id, o.key,
  CASE WHEN a.active >= 0 THEN a.active WHEN l.active >= 0 THEN l.active ELSE 1 END AS active
FROM outlet_domain d JOIN outlet o ON o.id = d.outlet_id
LEFT JOIN outlet_said a ON a.outlet_id = o.id AND a.said_by = {ADMINISTRATOR}
LEFT JOIN outlet_said l ON l.outlet_id = o.id AND l.said_by = {LIST}
WHERE d.domain IN :values
"""
