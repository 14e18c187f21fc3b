"""After a complete listing: what was not seen may be gone, unless the brake says otherwise.

Records are worked through in pages of keys, each in a transaction of its own: memory stays flat, and what a source has
answered is kept when it stops answering, or this process ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.errors import ConnectorError, TryLater
from connectors.records import Gone, Kind
from sync.store import gone, runs, settle
from sync.store.border import Border
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, rows_in
from sync.store.source import Applied, Source
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

Listed = Literal["person", "group", "item"]
Confirm = Callable[[Kind, str], Gone | None]
TABLES: dict[Listed, str] = {"person": "person_record", "group": "group_record", "item": "item"}
MOST: dict[Listed, float] = {"person": 0.2, "group": 1.0, "item": 0.3}  # the share that may vanish from one listing

ASKED = 100  # records that a source is asked about between two commits
PAGE = 1000  # records held back, or deleted, in one transaction
IN_A_ROW, IN_ALL = 3, 100  # records that cannot be asked about, from which on it is not about the records


@dataclass(slots=True)
class Swept:
    """What is held back of what a complete listing did not name: by the brake, by kind; and `unknown`, of which the
    source could not tell, with one reason."""

    held: dict[str, int] = field(default_factory=dict)
    unknown: int = 0
    why: str = ""


def sweep(store: Store, source: Source, kinds: set[str], confirm: Confirm, counted: Applied, *, now: int) -> Swept:
    """Delete what was not seen and what the source confirms is gone, kind by kind; people and groups first.

    Above the share in `MOST` nothing is deleted: it is held until a second run misses the same records, or an
    administrator agrees. So is a record that the source, while it tells of others, cannot be asked about. Where it
    tells of none its error is raised; what was answered until then is kept."""
    swept = Swept()
    for kind in TABLES:
        if kind in kinds:
            _Missing(store, source, kind, confirm, counted, swept, now).sweep()
    return swept


def accept(store: Store, run: int) -> int | None:
    """Delete what a run has held back; how much it was, None when that run waits for nothing.

    For a run whose listing was not complete, accepting agrees that the source is as it told it: what is remembered of
    the last complete listing is dropped, and the next pull lists anew, under the brake."""
    with store.write() as db:
        incomplete = db.execute(text(_INCOMPLETE), {"run": run}).scalar()
        if incomplete is not None:
            db.execute(text(_FORGET_LISTING), {"id": incomplete})
    count = 0
    for kind in TABLES:
        last = 0
        while page := _let_go(store, kind, run, last):
            count, last = count + len(page), page[-1]
    if not count:
        return None if incomplete is None else 0
    with store.write() as db:
        db.execute(text(_ACCEPTED), {"run": run})
    return count


def put_right(store: Store, source: Source, *, now: int) -> None:
    """Where a run of this connection lies in the future a clock was wrong: what that run held back is held since now,
    so that no badge outlives it by more than a day."""
    with store.write() as db:
        if db.execute(text(_AHEAD), {"connection": source.id, "now": now}).scalar() is None:
            return
        for kind, table in TABLES.items():
            asked = {"connection": source.id, "now": now}
            keys = [row.key for row in db.execute(text(_HELD_AHEAD.format(table=table)), asked)]
            if keys:
                change_in(db, _SINCE_NOW.format(table=table), keys, **asked)
                _show_again(store, db, source, kind, keys, now)


def waiting(db: Database) -> set[int]:
    """The runs that hold records back."""
    return {row.run for table in TABLES.values() for row in db.execute(text(_HOLDING.format(table=table)))}


def held(db: Database, run: int) -> bool:
    """Whether a run holds records back."""
    return run in waiting(db)


class _Missing:
    """The records of one kind that a complete listing did not name."""

    def __init__(
        self, store: Store, source: Source, kind: Listed, confirm: Confirm, counted: Applied, swept: Swept, now: int
    ) -> None:
        self.store, self.source, self.kind, self.table = store, source, kind, TABLES[kind]
        self.confirm, self.counted, self.swept, self.now = confirm, counted, swept, now
        self.in_a_row = self.in_all = 0

    def sweep(self) -> None:
        """Hold back or ask about all of them; those that the source fails to tell of are asked about once more."""
        with self.store.read() as db:
            row = db.execute(text(_COUNTED.format(table=self.table)), self.asked()).one()
        braked = row.new > 0 and row.missing > MOST[self.kind] * row.total
        if braked:
            self.swept.held[self.kind] = row.new
            for keys in self.pages(_NEW, PAGE):
                self.hold(keys)
        unknown: list[str] = []
        for keys in self.pages(_AGREED if braked else "", ASKED):
            self.ask(keys, unknown)
        for keys in chunks(unknown, ASKED):
            left: list[str] = []
            self.ask(keys, left, last=True)
            self.hold(left)
            self.swept.unknown += len(left)

    def pages(self, which: str, size: int) -> Iterator[list[str]]:
        """The keys in order, each page as it is when its turn has come."""
        sql, after = text(_MISSING.format(table=self.table, which=which)), ""
        while True:
            with self.store.read() as db:
                keys = [row.key for row in db.execute(sql, {**self.asked(), "after": after, "most": size})]
            if not keys:
                return
            yield keys
            after = keys[-1]

    def ask(self, keys: list[str], unknown: list[str], *, last: bool = False) -> None:
        """Ask about each, and keep the answers, whatever ends the asking."""
        gone_, there = list[Gone](), list[str]()
        try:
            for key in keys:
                try:
                    answer = self.confirm(self.kind, key)
                except ConnectorError as error:
                    if self.is_enough(error, last=last):
                        raise
                    unknown.append(key)
                    self.swept.why = str(error)
                    continue
                self.in_a_row = 0
                if answer is None:
                    there.append(key)
                else:
                    gone_.append(answer)
        finally:
            self.keep(gone_, there)

    def is_enough(self, error: ConnectorError, *, last: bool) -> bool:
        """Whether an error is not about the one record: the source asks for patience, fails again and again, or has
        told of nothing since it failed first. Where that would be so in every run for ever, it is about the record."""
        self.in_a_row, self.in_all = self.in_a_row + 1, self.in_all + 1
        if isinstance(error, TryLater):
            silent = last and self.in_a_row > 1 and self.source.first == self.source.run
            return error.after is not None or silent or self.in_a_row >= IN_A_ROW
        return self.in_a_row >= IN_A_ROW or self.in_all > IN_ALL

    def keep(self, told: list[Gone], there: list[str]) -> None:
        """Delete what is gone; what is there after all is seen by this run, and held no more."""
        with self.store.write() as db:
            touched, vetoes = Touched(), Vetoes(self.store, db)
            border = Border(db, self.source, vetoes, touched)
            count = sum(map(border.gone, told))
            settle.settle(db, vetoes, touched)
            asked = {"connection": self.source.id}
            held = [row.key for row in rows_in(db, _HELD_OF.format(table=self.table), there, **asked)]
            change_in(db, _THERE.format(table=self.table), there, **asked, sweep=self.source.sweep)
            _show_again(self.store, db, self.source, self.kind, held, self.now)
            runs.count(db, self.source.run, {"deleted": count}, now=self.now)
        self.counted.deleted += count

    def hold(self, keys: list[str]) -> None:
        """Hold records back. What shows them keeps its badge for a day, by a closing time that readers compare."""
        with self.store.write() as db:
            by = {"connection": self.source.id, "run": self.source.run, "now": self.now}
            change_in(db, _HOLD.format(table=self.table), keys, **by)
            _show_again(self.store, db, self.source, self.kind, keys, self.now)

    def asked(self) -> dict[str, int]:
        return {"connection": self.source.id, "sweep": self.source.sweep, "first": self.source.first}


def _show_again(store: Store, db: Database, source: Source, kind: Listed, keys: list[str], now: int) -> None:
    """Work out again what shows records whose closing time has changed, and publish it as it was."""
    if not keys:
        return
    touched = Touched()
    if kind == "group":
        touched.groups.add(source.id)
    else:
        rows = rows_in(db, _IDS.format(table=TABLES[kind]), keys, connection=source.id)
        {"item": touched.items, "person": touched.profiles}[kind].update(row.id for row in rows)
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)


def _let_go(store: Store, kind: Listed, run: int, last: int) -> list[int]:
    """Delete one page of what a run holds back, after the row `last`; the rows."""
    with store.write() as db:
        asked = {"run": run, "last": last, "most": PAGE}
        rows = db.execute(text(_HELD.format(table=TABLES[kind])), asked).fetchall()
        touched = Touched()
        for row in rows:
            gone.gone(db, row.connection_id, Gone(kind=kind, key=row.key), touched)
        settle.settle(db, Vetoes(store, db), touched)
        return [row.id for row in rows]


_OF_LISTING = "FROM {table} WHERE connection_id = :connection AND state = 1"
_NEW = "AND (held_run = 0 OR held_run >= :first)"  # not missed by an earlier listing
_AGREED = "AND held_run <> 0 AND held_run < :first"
_COUNTED = f"""
SELECT count(*) AS total, count(CASE WHEN sweep < :sweep THEN 1 END) AS missing,
  count(CASE WHEN sweep < :sweep {_NEW} THEN 1 END) AS new {_OF_LISTING}
"""
_MISSING = f"SELECT key {_OF_LISTING} AND sweep < :sweep AND key > :after {{which}} ORDER BY key LIMIT :most"
_IDS = "SELECT id FROM {table} WHERE connection_id = :connection AND key IN :values"
_HELD_OF = "SELECT key FROM {table} WHERE connection_id = :connection AND held_at <> 0 AND key IN :values"
_AHEAD = "SELECT 1 FROM run WHERE connection_id = :connection AND began_at > :now LIMIT 1"
_HELD_AHEAD = "SELECT key FROM {table} WHERE connection_id = :connection AND held_at > :now"
_SINCE_NOW = "UPDATE {table} SET held_at = :now WHERE connection_id = :connection AND key IN :values"
_HOLD = """
UPDATE {table} SET held_at = CASE WHEN held_at = 0 OR held_at > :now THEN :now ELSE held_at END, held_run = :run
WHERE connection_id = :connection AND state = 1 AND key IN :values
"""
_THERE = """
UPDATE {table} SET sweep = :sweep, held_at = 0, held_run = 0
WHERE connection_id = :connection AND key IN :values AND digest <> ''
"""  # without a digest it was not told since the store was restored, and its level is not known
_INCOMPLETE = """
SELECT connection_id FROM run WHERE id = :run AND outcome = 'incomplete'
  AND id = (SELECT max(r.id) FROM run r WHERE r.connection_id = run.connection_id AND r.step = run.step)
"""
_FORGET_LISTING = "UPDATE connection SET cursor = '', bookmark = '', alarm = '' WHERE id = :id"
_ACCEPTED = "UPDATE run SET outcome = 'done', why = 'accepted' WHERE id = :run AND outcome = 'held'"
_HELD = """
SELECT id, connection_id, key FROM {table} WHERE held_run = :run AND held_run <> 0 AND state = 1 AND id > :last
ORDER BY id LIMIT :most
"""
_HOLDING = "SELECT DISTINCT held_run AS run FROM {table} WHERE held_run <> 0 AND state = 1"
