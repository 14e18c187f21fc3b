"""Faults of what was sent, each at the field that it is about."""

from collections.abc import Collection

from sync.acts import Refused


def at_fields(refused: Refused, fields: Collection[str], *, tables: Collection[str] = ()) -> dict[str, str]:
    """By field, what is wrong with it; under the empty name what is about none of `fields`. A fault begins with the
    place of its key, `institution.name: ...`, perhaps after the name of the file; one of a table that is named by what
    was sent is about the field `name`."""
    found: dict[str, str] = {}
    for line in refused.message.splitlines():
        place, colon, text = _without_file(line).partition(": ")
        way = place.split(".")
        key = next((".".join(way[n:]) for n in range(1, len(way)) if ".".join(way[n:]) in fields), "")
        if not key and colon and len(way) > 1 and ".".join(way[1:]) in tables:
            key = "name"
        found[key] = "; ".join(filter(None, (found.get(key, ""), text if key else line)))
    return found


def _without_file(line: str) -> str:
    first, colon, rest = line.partition(": ")
    return rest if colon and first.endswith(".toml") else line
