"""The list of what a search finds, in its order, and what changed of it lately."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.badges import Audience, Shown, whole
from sync.store.rows import rows_in
from sync.store.search import Search, Sort, condition

Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A part of a list; `after` is where the next part begins (`Search.after`), empty at the end."""

    outputs: tuple[Shown, ...]
    after: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A score that is another since `at`, in thousandths; `output` is the public id."""

    output: int
    title: str
    at: int
    before: int
    after: int


def total(db: Database, audience: Audience, search: Search, *, now: int) -> int:
    """How many outputs a search finds."""
    asked = condition(db, audience, search, now=now)
    return int(db.execute(text(f"SELECT count(*) FROM badge b WHERE {asked.sql}"), asked.values).scalar_one())


def listed(db: Database, audience: Audience, search: Search, *, most: int, now: int) -> List:
    """At most so many outputs from the place where a search goes on."""
    asked = condition(db, audience, search, now=now)
    order = _ORDERS[search.sort]
    where, values = asked.sql, {**asked.values, "most": most + 1}
    if search.after:
        where += f" AND {order.behind}"
        values |= {f"after_{number}": value for number, value in enumerate(search.after)}
    sql = f"SELECT b.output_id, {order.place} FROM {order.tables} WHERE {where} ORDER BY {order.by} LIMIT :most"
    rows = list(db.execute(text(sql), values))
    places = {row.output_id: tuple(row)[1:] for row in rows[:most]}
    found = rows_in(db, _BADGES, places, audience=audience, now=now)
    place = {row.output_id: number for number, row in enumerate(rows)}
    outputs = tuple(whole(db, audience, sorted(found, key=lambda row: place[row.output_id]), now))
    return List(outputs, tuple(rows[most - 1])[1:] if len(rows) > most else ())


def changed(db: Database, audience: Audience, search: Search, *, most: int, now: int) -> list[Changed]:
    """The newest changes of scores of what a search finds, as the audience saw them."""
    asked = condition(db, audience, search, now=now)
    rows = db.execute(text(_CHANGED.format(where=asked.sql)), {**asked.values, "most": most})
    return [Changed(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class _Order:
    """What tells the place of a badge, how the list is sorted, and what holds for those behind `:after_0` and so on."""

    tables: str
    place: str
    by: str
    behind: str


_ORDERS: Mapping[Sort, _Order] = {
    "score": _Order(
        "badge b",
        "b.millipoints, b.day, b.public_id",
        "b.millipoints DESC, b.day DESC, b.public_id DESC",
        "(b.millipoints, b.day, b.public_id) < (:after_0, :after_1, :after_2)",
    ),
    "newest": _Order(
        "badge b",
        "b.day, b.millipoints, b.public_id",
        "b.day DESC, b.millipoints DESC, b.public_id DESC",
        "(b.day, b.millipoints, b.public_id) < (:after_0, :after_1, :after_2)",
    ),
    "title": _Order(
        "badge b JOIN badge_text t ON t.audience = :audience AND t.output_id = b.output_id",
        "t.title, b.public_id",
        "t.title, b.public_id",
        "t.title >= :after_0 AND (t.title, b.public_id) > (:after_0, :after_1)",
    ),
}
_BADGES = "SELECT * FROM badge WHERE audience = :audience AND output_id IN :values AND closes_at > :now"
_CHANGED = """
SELECT b.public_id AS output, b.title, c.at, c.millipoints AS after, coalesce((
  SELECT p.millipoints FROM badge_change p WHERE p.output_id = c.output_id AND p.audience = c.audience AND p.id < c.id
  ORDER BY p.id DESC LIMIT 1), 0) AS before
FROM badge_change c JOIN badge b ON b.audience = c.audience AND b.output_id = c.output_id
WHERE {where} ORDER BY c.id DESC LIMIT :most
"""
