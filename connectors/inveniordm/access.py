"""How open an InvenioRDM says a record is, as opposed to its files.

`access.record` decides, unless the record is not published or not quite: the least open counts. What is absent or
unknown is private and doubted. An embargo is how long `restricted` lasts, of the record or of its files: the level
itself says of which. `access.status` sums levels and files up (a public record with restricted files is `restricted`),
so it is kept as it was told and decides nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

from config.visibility import Visibility
from connectors.texts import one_line

LEVELS = {"public": Visibility.PUBLIC, "restricted": Visibility.PRIVATE}
TOLD = (
    ("access", "record"),
    ("access", "files"),
    ("access", "status"),
    ("access", "embargo", "active"),
    ("access", "embargo", "until"),
    ("is_published",),
    ("is_draft",),
    ("deletion_status", "is_deleted"),
    ("deletion_status", "status"),
)
PUBLISHED = "P"
LONGEST = 100  # characters of one word; levels have ten

Record = Mapping[str, Any]


def deleted(record: Record) -> bool:
    """Whether the record says itself that it was deleted: those who may see what is left of one are told of it."""
    status = record.get("deletion_status")
    return isinstance(status, dict) and status.get("is_deleted") is True


def told(record: Record) -> dict[str, str]:
    """Everything that bears on who may see the record, word by word; what is absent is left out."""
    found = {}
    for path in TOLD:
        here: object = record
        for name in path:
            here = here.get(name, ...) if isinstance(here, dict) else ...
        if here is not ...:
            found[".".join(path)] = _word(here)
    return found


def visibility(record: Record, doubts: list[str]) -> Visibility:
    """The vote of a record that is not deleted: private as soon as there is a doubt, here or before."""
    votes = [_level(record, doubts)]
    for flag, wanted in (("is_published", True), ("is_draft", False)):
        if not isinstance(record.get(flag), bool):
            doubts.append(f"{flag} is neither true nor false")
        elif record[flag] is not wanted:
            votes.append(Visibility.PRIVATE)
    if "deletion_status" in record and not _stands(record["deletion_status"]):
        doubts.append("deletion_status does not say that the record is published")
    return Visibility.PRIVATE if doubts else min(votes)


def _level(record: Record, doubts: list[str]) -> Visibility:
    access = record.get("access")
    if not isinstance(access, dict) or "record" not in access:
        doubts.append("nothing tells how visible the record is")
        return Visibility.PRIVATE
    level = LEVELS.get(access["record"]) if isinstance(access["record"], str) else None
    if level is None:
        doubts.append("access.record is no level that we know")
    embargo = access.get("embargo", {})
    if not isinstance(embargo, dict) or not isinstance(embargo.get("active", False), bool | None):
        doubts.append("access.embargo cannot be read")
    return level or Visibility.PRIVATE


def _stands(status: object) -> bool:
    return isinstance(status, dict) and status.get("is_deleted") is False and status.get("status") == PUBLISHED


def _word(value: object) -> str:
    return one_line(value if isinstance(value, str) else json.dumps(value))[:LONGEST]
