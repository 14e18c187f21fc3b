"""Votes that stayed: of records that their source has deleted or merged away, and of connections that were removed.

They go on voting until an administrator releases them, one by one here, or all of a connection by `connections.forget`.
What is released is erased, so that nothing of it can come back but by its source telling of it again."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store import gone, nearby, settle
from sync.store.database import Store
from sync.store.effects import Effect
from sync.store.publish import publish
from sync.store.rows import rows_in
from sync.store.targets import Target
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

Kind = Literal["item", "person", "authorship"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE = 50


class Mark(NamedTuple):
    """A record by its source, kind and key, which is how a vote is named."""

    connection: str
    kind: Kind
    key: str

    def __str__(self) -> str:
        return f"{self.connection} {self.kind}:{self.key}"


class Thing(NamedTuple):
    """What a vote is on: `output:ID`, `person:ID`, or both. `without` is the least open of all other votes by records,
    empty where there are none; `live`, whether a source still tells it."""

    label: str
    level: str
    without: str
    live: bool

    @property
    def closed_by_it(self) -> bool:
        """Whether this vote alone keeps it less open."""
        return self.live and (Visibility.read(self.without) or 0) > (Visibility.read(self.level) or 0)


class Vote(NamedTuple):
    """`why`: deleted, merged or removed; `into` is the key that it was merged into."""

    id: int
    mark: Mark
    level: str
    why: str
    into: str
    things: tuple[Thing, ...]


class Kept(NamedTuple):
    """How many votes a connection has that stay, by kind; `vetoes` are records that were forgotten below its `keep`."""

    connection: str
    state: str
    counts: dict[str, int]
    vetoes: int


class NotReleased(Exception):  # noqa: N818 - it says what is so
    """Votes are not released; says which, and why."""


def kept(db: Database) -> list[Kept]:
    """The connections that have votes which stay, with those that are paused, whose records vote as ever."""
    vetoes = {row.id: row.n for row in db.execute(text(_VETOES))}
    counts = {kind: {row.id: row.n for row in db.execute(text(_COUNTS.format(table=_TABLES[kind])))} for kind in KINDS}
    found = []
    for row in db.execute(text("SELECT id, name, state FROM connection ORDER BY position, id")):
        told: dict[str, int] = {kind: counts[kind].get(row.id, 0) for kind in KINDS}
        if any(told.values()) or row.id in vetoes or row.state != "active":
            found.append(Kept(row.name, row.state, told, vetoes.get(row.id, 0)))
    return found


def listed(db: Database, kind: Kind, *, connection: str = "", after: int = 0, most: int = PAGE) -> list[Vote]:
    """The votes of a kind that stay, behind a row key."""
    sql = _STAYING.format(table=_TABLES[kind], into="''" if kind == "authorship" else "t.into_key")
    asked = {"after": after, "most": most, "connection": connection}
    rows = db.execute(text(sql), asked).fetchall()
    things: dict[int, list[Thing]] = {row.id: [] for row in rows}
    for row in rows_in(db, _THINGS[kind], things):
        level = Visibility(row.level).word
        without = "" if row.without is None else Visibility(row.without).word
        things[row.id].append(Thing(row.label, level, without, bool(row.live)))
    return [_vote(row, kind, tuple(things[row.id])) for row in rows]


def release(store: Store, marks: Sequence[Mark], targets: Sequence[Target], *, now: int, dry_run: bool) -> Effect:
    """Erase votes that stay, with the votes of their own source that speak by way of them; what that does. With
    `dry_run` all of it is worked out and taken back. Raises `NotReleased`."""
    with store.write() as db:
        rows = [_row(db, mark) for mark in marks]
        for mark, row in zip(marks, rows, strict=True):
            _free(db, mark, row, marks)

        def change() -> Touched:
            return _erase(store, db, list(zip(marks, rows, strict=True)), now)

        return nearby.effect_of(db, change, targets, now=now, dry_run=dry_run)


def _row(db: Database, mark: Mark) -> Any:
    sql = _ONE.format(table=_TABLES[mark.kind], into=", '' AS into_key" if mark.kind == "authorship" else "")
    row = db.execute(text(sql), {"connection": mark.connection, "key": mark.key}).one_or_none()
    if row is None:
        raise NotReleased(f"{mark}: is no vote that stays; see `ringmark vote list`")
    return row


def _free(db: Database, mark: Mark, row: Any, marks: Sequence[Mark]) -> None:
    """Whether nothing else speaks by way of a record, that would be lost with it: links that are still told, and what
    was merged into it, unless that goes along."""
    if mark.kind == "authorship":
        return
    asked = {"connection": row.connection_id, "key": mark.key}
    links = db.execute(text(_TOLD_LINKS[mark.kind]), asked).scalar_one() if row.state_of != "removed" else 0
    if links:
        raise NotReleased(f"{mark}: its source still tells {links} authorships of it, which vote by way of it")
    for each in db.execute(text(_MERGED.format(table=_TABLES[mark.kind])), asked):
        if Mark(mark.connection, mark.kind, each.key) not in marks:
            raise NotReleased(
                f"{mark}: {mark.kind}:{each.key} was merged into it, and votes by way of it; release both"
            )


def _erase(store: Store, db: Database, told: list[tuple[Mark, Any]], now: int) -> Touched:
    touched = Touched()
    for mark, row in told:
        if row.into_key:
            gone.touch_key(db, row.connection_id, mark.kind, row.into_key, touched)
        gone.erase(db, row.connection_id, mark.kind, mark.key, touched)
        if row.state_of == "removed":  # should it come back, it is asked for everything
            sql = "UPDATE connection SET cursor = '', bookmark = '' WHERE id = :id"
            db.execute(text(sql), {"id": row.connection_id})
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)
    return touched


def _vote(row: Any, kind: Kind, things: tuple[Thing, ...]) -> Vote:
    why = "removed" if row.state else "merged" if row.into_key else "deleted"
    return Vote(row.id, Mark(row.name, kind, row.key), Visibility(row.visibility).word, why, row.into_key, things)


_TABLES: dict[Kind, str] = {"item": "item", "person": "person_record", "authorship": "authorship_record"}
_STAY = "(t.state = 0 OR c.state = 'removed')"
_VETOES = "SELECT connection_id AS id, count(DISTINCT subject) AS n FROM veto GROUP BY connection_id"
_COUNTS = f"""
SELECT c.id, count(*) AS n FROM {{table}} t JOIN connection c ON c.id = t.connection_id WHERE {_STAY} GROUP BY c.id
"""
_STAYING = f"""
SELECT t.id, t.key, t.visibility, t.state, {{into}} AS into_key, c.name
FROM {{table}} t JOIN connection c ON c.id = t.connection_id
WHERE t.id > :after AND {_STAY} AND (:connection = '' OR c.name = :connection) ORDER BY t.id LIMIT :most
"""
_ONE = f"""
SELECT t.*, c.state AS state_of{{into}} FROM {{table}} t JOIN connection c ON c.id = t.connection_id
WHERE c.name = :connection AND t.key = :key AND {_STAY}
"""
_TOLD_LINKS = {
    kind: "SELECT count(*) FROM authorship_record "
    f"WHERE connection_id = :connection AND {kind}_key = :key AND state = 1"
    for kind in ("item", "person")
}
_MERGED = "SELECT key FROM {table} WHERE connection_id = :connection AND into_key = :key AND key <> :key ORDER BY key"
_REST_OF_OUTPUT = """
(SELECT min(least) FROM (
  SELECT min(j.visibility) AS least FROM item j WHERE j.output_id = o.id AND j.id <> i.id
  UNION ALL SELECT min(j.visibility) FROM output_vote w JOIN item j ON j.id = w.item_id
  WHERE w.output_id = o.id AND j.id <> i.id
) AS others) AS without
"""
_ON_OUTPUT = f"SELECT i.id, 'output:' || o.public_id AS label, o.visibility AS level, o.live, {_REST_OF_OUTPUT}"
_THINGS: dict[Kind, str] = {
    "item": f"""
{_ON_OUTPUT} FROM item i JOIN output o ON o.id = i.output_id WHERE i.id IN :values
UNION ALL
{_ON_OUTPUT} FROM item i JOIN output_vote v ON v.item_id = i.id JOIN output o ON o.id = v.output_id
WHERE i.id IN :values""",
    "person": """
SELECT r.id, 'person:' || p.public_id AS label, p.visibility AS level, p.live,
  (SELECT min(q.visibility) FROM person_record q WHERE q.person_id = p.id AND q.id <> r.id) AS without
FROM person_record r JOIN person p ON p.id = r.person_id WHERE r.id IN :values""",
    "authorship": """
SELECT a.id, 'output:' || o.public_id || ' person:' || p.public_id AS label,
  coalesce(u.visibility, a.visibility) AS level,
  CASE WHEN u.output_id IS NULL THEN 0 ELSE 1 END AS live,
  (SELECT min(b.visibility) FROM item j
   JOIN authorship_record b ON b.connection_id = j.connection_id AND b.item_key = j.key AND b.id <> a.id
   JOIN person_record q ON q.connection_id = b.connection_id AND q.key = b.person_key AND q.person_id = p.id
   WHERE j.output_id = o.id) AS without
FROM authorship_record a JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
JOIN person_record r ON r.connection_id = a.connection_id AND r.key = a.person_key
JOIN output o ON o.id = i.output_id JOIN person p ON p.id = r.person_id
LEFT JOIN authorship u ON u.output_id = o.id AND u.person_id = p.id WHERE a.id IN :values""",
}
