"""The push ledger: what was, or may have been, written into other systems."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from sync.tables.kinds import STRICT, key, whole, words


class Pushed(SQLModel, table=True):
    """One output at one target. It outlives the badge that it speaks of, for then a withdrawal is due.

    `value` is what was last read there as ours; `intended` is what a request whose end is not known would have written,
    since `intended_at`: both may be there. `scheme` and `identifier` are what the item at `address` was found by, and
    `output` is the public id. `next_at` is when a write is worth another try, `why` what was in its way; `looked_at` is
    when the item was last found, or the file last read. Places that cannot be asked hold what they were told last:
    there `address` is the identifier, and `mark` the id of the notice that told of it last, or tells of it until that
    is known to have arrived (a withdrawal that is on its way has no `intended_at`); of a line in a file, `mark` is the
    digest of all but its points (one that was taken out and comes back with its next score has no `intended_at`)."""

    __table_args__ = (
        UniqueConstraint("connection_id", "output", "target", "field"),
        CheckConstraint("audience IN ('public', 'internal')", name="pushed_audience_known"),
        Index("pushed_by_output", "output"),
        Index("pushed_by_address", "address", "connection_id"),
        STRICT,
    )
    id: int = key()
    connection_id: int = whole()
    output: int = whole()
    audience: str = words()
    target: str = words()
    field: str = words()
    scheme: str = words("")
    identifier: str = words("")
    address: str = words("")
    value: str = words("")
    intended: str = words("")
    intended_at: int = whole(0)
    written_at: int = whole(0)
    tries: int = whole(0)
    next_at: int = whole(0)
    looked_at: int = whole(0)
    why: str = words("")
    mark: str = words("")
