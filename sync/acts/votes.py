"""Votes that stayed when their record was deleted or its connection removed, and their release."""

from collections.abc import Sequence

from sync import push, store
from sync.acts.office import Office, Refused
from sync.store import Effect, stays
from sync.store.stays import KINDS, Kept, Mark, Vote

MOST = 200  # votes that are released at once


def mark(connection: str, text: str) -> Mark:
    """A vote as it is written, `KIND:KEY`. Raises `Refused`."""
    kind, colon, key = text.partition(":")
    for known in KINDS:
        if kind == known and colon and key:
            return Mark(connection, known, key)
    raise Refused(f'vote: "{text}" is not KIND:KEY; KIND is one of {", ".join(KINDS)}', "wrong")


def kept(office: Office) -> list[Kept]:
    """What stays, by connection."""
    with office.house.read() as db:
        return stays.kept(db)


def listed(office: Office, kind: stays.Kind, *, connection: str = "", after: int = 0) -> list[Vote]:
    """A page of the votes of a kind."""
    with office.house.read() as db:
        return stays.listed(db, kind, connection=connection, after=after)


def every(office: Office, connection: str = "") -> list[Vote]:
    """All of them, noted."""
    with office.house.write() as db:
        store.note(db, "vote list", connection, by=office.by, now=office.clock())
    found: list[Vote] = []
    for kind in KINDS:
        after = 0
        while page := listed(office, kind, connection=connection, after=after):
            found, after = [*found, *page], page[-1].id
    return found


def release(office: Office, marks: Sequence[Mark], *, because: str, dry_run: bool = False) -> Effect:
    """Release votes, and publish what may show by that, at once; what appears. They come back only where their source
    tells of the record again."""
    if not marks:
        raise Refused("vote: none is named", "wrong")
    if len(marks) > MOST:
        raise Refused(f"vote: {len(marks)} are more than the {MOST} that are released at once", "wrong")
    if not dry_run and not because.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    now = office.clock()
    targets = push.targets(office.house, office.settings)
    with office.house.write() as db:
        try:
            effect = stays.release(office.house, marks, targets, now=now, dry_run=dry_run)
        except stays.NotReleased as not_done:
            raise Refused(str(not_done)) from None
        if not dry_run:
            for each in marks:
                store.note(db, "vote release", str(each), by=office.by, now=now, why=because)
    return effect
