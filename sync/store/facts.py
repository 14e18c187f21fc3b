"""What holds of an outlet or an account, where several have said something: the one relation that all ask.

An administrator's word comes first, then what a source told last, then the list that comes with Ringmark, or what an
account's own posts say of it. Each fact on its own: who gives a tier says nothing of the reach. A tier that a source
told and is none (0) stays unknown.
"""

from collections.abc import Iterable

from sqlalchemy import Connection as Database

from sync.store.clock import DAY
from sync.store.rows import change_in, rows_in

ADMINISTRATOR, LIST = 1, 2  # who says something of an outlet beside its sources


def _first(*said: str) -> str:
    """The first that is a number; -1 where none is. A row that is not there is NULL, which is none."""
    return f"CASE {' '.join(f'WHEN {each} >= 0 THEN {each}' for each in said)} ELSE -1 END"


OUTLETS = f"""
SELECT o.id AS outlet, {_first("a.tier", "o.tier", "l.tier")} AS tier,
  {_first("a.reach", "o.reach", "l.reach")} AS reach
FROM outlet o
LEFT JOIN outlet_said a ON a.outlet_id = o.id AND a.said_by = {ADMINISTRATOR}
LEFT JOIN outlet_said l ON l.outlet_id = o.id AND l.said_by = {LIST}
"""
# The same in words: what an outlet is called and where it is, beside its tier.
OUTLETS_NAMED = f"""
SELECT o.id AS outlet, {_first("a.tier", "o.tier", "l.tier")} AS tier,
  coalesce(nullif(a.name, ''), nullif(o.name, ''), nullif(l.name, ''), o.key) AS name,
  coalesce(nullif(a.country, ''), nullif(o.country, ''), l.country, '') AS country
FROM outlet o
LEFT JOIN outlet_said a ON a.outlet_id = o.id AND a.said_by = {ADMINISTRATOR}
LEFT JOIN outlet_said l ON l.outlet_id = o.id AND l.said_by = {LIST}
"""
ACCOUNTS = f"""
SELECT c.id AS account, {_first("a.followers", "c.followers")} AS followers,
  {_first("a.posts", "c.posts", "h.posts")} AS posts, {_first("a.share", "c.share", "h.share")} AS share
FROM account c
LEFT JOIN account_said a ON a.account_id = c.id
LEFT JOIN account_habit h ON h.account_id = c.id
"""
# The same with the followers of an instant {now}: until the day on which a source first told another number after it.
ACCOUNTS_THEN = ACCOUNTS.replace(
    _first("a.followers", "c.followers"),
    _first(
        "a.followers",
        "(SELECT p.followers FROM account_past p WHERE p.account_id = c.id AND p.day > ({now} - 1) / "
        f"{DAY} ORDER BY p.day LIMIT 1)",
        "c.followers",
    ),
)


def weights(db: Database, outlets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Tier and reach of outlets, as they count now."""
    rows = rows_in(db, f"{OUTLETS} WHERE o.id IN :values", outlets)
    return {row.outlet: (row.tier, row.reach) for row in rows}


def note(db: Database, accounts: Iterable[int]) -> None:
    """Keep what holds of accounts until a score run has looked whether their factor is another one, before it changes;
    their numbers move with nearly every post, and seldom enough to matter."""
    change_in(db, _MOVED, accounts)


_MOVED = f"""
INSERT INTO account_moved (account_id, followers, posts, share)
{ACCOUNTS} WHERE c.id IN :values ON CONFLICT (account_id) DO NOTHING
"""
