"""How votes are counted: the least open one wins, and what is not live still votes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store.clock import DAY
from sync.tables import FOREVER


def joint(told: Iterable[Any], *, closed: bool) -> int:
    """The least open level of the records; private where a hide or a veto closed them."""
    return int(Visibility.PRIVATE) if closed else min(int(row.visibility) for row in told)


def closes(told: Iterable[Any]) -> int:
    """When the first of the records' levels ends: by its own closing, or a day after the brake began to hold it."""
    return min(min(int(row.closes_at), row.held_at + DAY if row.held_at else FOREVER) for row in told)


def live(row: Any) -> bool:
    """A record that exists for us: told by its source, and the source still configured. The others only vote."""
    return bool(row.state) and row.state_of != "removed"


def agreed(flags: Iterable[int]) -> int:
    """Yes when at least one source states the flag and all that do say yes."""
    stated = [flag for flag in flags if flag != -1]
    return int(bool(stated) and all(stated))


def hidden(db: Database, kind: str) -> set[str]:
    """What the local votes in force cling to."""
    sql = """
        SELECT t.mark FROM hide h JOIN hide_target t ON t.hide_id = h.id
        WHERE h.kind = :kind AND h.released_at = :never
    """
    return {row.mark for row in db.execute(text(sql), {"kind": kind, "never": FOREVER})}
