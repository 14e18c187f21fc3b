"""Leases: what one process at a time may do, until it says that it still lives, or its time is up.

Who loses a lease without knowing it finds that out when it renews. So a holder must stop by itself once it could not
renew for as long as the lease runs, by a clock that nobody sets.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.database import Store

LONGEST = DAY  # microseconds that a lease may run for


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who may do what, until when. `holder` is what the holder says of itself."""

    name: str
    token: str
    holder: str
    taken_at: int
    until_at: int


class LeaseTaken(Exception):  # noqa: N818 - it says what is so
    """Another process holds the lease."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        super().__init__(f"{lease.name}: taken")


def take(store: Store, name: str, *, holder: str, now: int, for_: int, gone: Callable[[str], bool]) -> Lease:
    """Take a lease that is free, has run out, or whose holder is `gone`; for so many microseconds, a day at most.

    One that runs for longer was written under another clock, and holds nobody up. Raises `LeaseTaken`."""
    ours = Lease(name=name, token=secrets.token_hex(8), holder=holder, taken_at=now, until_at=now + for_)
    with store.write() as db:
        row = db.execute(text("SELECT * FROM lease WHERE name = :name"), {"name": name}).one_or_none()
        if row is not None and now < row.until_at <= now + LONGEST and not gone(row.holder):
            raise LeaseTaken(Lease(**row._mapping))
        told = {key: getattr(ours, key) for key in ours.__slots__}
        db.execute(text(_TAKE), told)
    return ours


def held(store: Store, name: str, *, now: int, gone: Callable[[str], bool]) -> Lease | None:
    """Who has a lease at this moment; None where it is free for the next who asks."""
    with store.read() as db:
        row = db.execute(text("SELECT * FROM lease WHERE name = :name"), {"name": name}).one_or_none()
    if row is None or not now < row.until_at <= now + LONGEST or gone(row.holder):
        return None
    return Lease(**row._mapping)


def renew(store: Store, lease: Lease, *, now: int, for_: int) -> bool:
    """Hold a lease for longer; False when another has taken it."""
    asked = {"name": lease.name, "token": lease.token, "until_at": now + for_}
    with store.write() as db:
        return db.execute(text(_RENEW), asked).rowcount == 1


def give_back(store: Store, lease: Lease) -> None:
    """Let the next one have it, where it is still ours."""
    with store.write() as db:
        db.execute(
            text("DELETE FROM lease WHERE name = :name AND token = :token"),
            {"name": lease.name, "token": lease.token},
        )


_TAKE = """
INSERT INTO lease (name, token, holder, taken_at, until_at) VALUES (:name, :token, :holder, :taken_at, :until_at)
ON CONFLICT (name) DO UPDATE SET token = excluded.token, holder = excluded.holder, taken_at = excluded.taken_at,
  until_at = excluded.until_at
"""
_RENEW = "UPDATE lease SET until_at = :until_at WHERE name = :name AND token = :token"
