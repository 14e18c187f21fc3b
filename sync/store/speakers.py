"""Who spoke, and what counts once: outlets, accounts, units and pages, each kept once.

All of it is looked up once; what is new is numbered here, inside the writing transaction, and not read back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection as Database

from connectors.attention import Mention
from scoring.rules import SOURCES, UNITS
from sync.store import facts
from sync.store.clock import DAY
from sync.store.rows import insert, many, next_id, rows_in

Owned = tuple[int, str]  # the source's number, and a name within it
UNIT_FROM = {  # a unit's kind, and what of a mention names it
    "source": "source",
    "policy_source": "policy_source",
    "jurisdiction": "jurisdiction",
    **dict.fromkeys(("outlet", "blog", "show"), "outlet"),
    **dict.fromkeys(("account", "author"), "account"),
}


def unit(mention: Mention) -> str:
    """What counts once for this mention, as `kind:id`; "" where it is not told."""
    kind = UNITS[mention.source]
    teller = getattr(mention, UNIT_FROM[kind])
    told = teller if isinstance(teller, str) else teller.key if teller else ""
    return f"{kind}:{told}" if told else ""


def once(db: Database, table: str, column: str, wanted: Iterable[Owned]) -> tuple[dict[Owned, int], set[int]]:
    """The row keys of texts that are kept once per source, and those that were there before."""
    by_owner: dict[int, set[str]] = defaultdict(set)
    for owner, value in wanted:
        by_owner[owner].add(value)
    known = {
        (owner, row.value): row.id
        for owner, values in by_owner.items()
        for row in rows_in(db, _ONCE.format(table=table, column=column), values, owner=owner)
    }
    missing = [
        (owner, value) for owner, values in by_owner.items() for value in sorted(values) if (owner, value) not in known
    ]
    new = (
        dict(zip(missing, range(next_id(db, table), next_id(db, table) + len(missing)), strict=True)) if missing else {}
    )
    insert(db, table, ("id", "source_id", column), [(id_, *told) for told, id_ in new.items()])
    return known | new, set(known.values())


def outlets(db: Database, told: Iterable[Mention], concerned: set[int]) -> dict[str, int]:
    """Store what was told of outlets, each fact as last told; their row keys. What they spoke of is concerned where
    they count for something else now."""
    rows: dict[str, dict[str, Any]] = {}
    for outlet in (m.outlet for m in told if m.outlet):
        row = rows.setdefault(outlet.key, {"key": outlet.key, "name": "", "country": "", "tier": -1, "reach": -1})
        _tell(row, name=outlet.name, country=outlet.country, tier=outlet.tier, reach=outlet.reach_milli)
    known = {row.key: row for row in rows_in(db, "SELECT * FROM outlet WHERE key IN :values", rows)}
    changed = _changed(rows, known)
    before = facts.weights(db, changed)
    ids = _store(db, "outlet", rows, known, changed)
    now = facts.weights(db, changed)
    concerned |= spoken_of(db, "outlet_id", [id_ for id_ in changed if now[id_] != before[id_]])
    return ids


def accounts(db: Database, told: Iterable[Mention], *, now: int) -> dict[Owned, int]:
    """The same for accounts, which belong to one source each; what held of them is noted (`facts.note`), and how many
    followers they had until today."""
    rows: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for m in told:
        if m.account:
            owner, key = SOURCES[m.source], m.account.key
            blank = {"source_id": owner, "key": key, "name": "", "followers": -1, "posts": -1, "share": -1}
            _tell(
                rows[owner].setdefault(key, blank),
                name=m.account.name,
                followers=m.account.followers,
                posts=m.account.posts_per_month_milli,
                share=m.account.domain_share_milli,
            )
    found: dict[Owned, int] = {}
    for owner, named in rows.items():
        known = {row.key: row for row in rows_in(db, _ACCOUNTS, named, owner=owner)}
        changed = _changed(named, known)
        facts.note(db, changed)
        before = [row for row in known.values() if row.id in changed and row.followers >= 0]
        had = [row for row in before if row.followers != changed[row.id]["followers"]]
        many(db, _PAST, [{"id": row.id, "day": now // DAY, "followers": row.followers} for row in had])
        found |= {(owner, key): id_ for key, id_ in _store(db, "account", named, known, changed).items()}
    return found


def spoken_of(db: Database, by: str, speakers: Iterable[int]) -> set[int]:
    """The outputs that outlets (`outlet_id`) or accounts (`account_id`) have mentioned."""
    return {row.output_id for row in rows_in(db, _SPOKEN.format(by=by), speakers)}


def _changed(rows: Mapping[str, dict[str, Any]], known: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Of the known, by row key, those of whom something new was told: the whole row."""
    news = {row.id: _news(rows[key], row) for key, row in known.items() if key in rows}
    return {id_: row for id_, row in news.items() if row}


def _store(
    db: Database,
    table: str,
    rows: Mapping[str, dict[str, Any]],
    known: Mapping[str, Any],
    changed: Mapping[int, dict[str, Any]],
) -> dict[str, int]:
    """Write what is new and what has changed; the row keys of all."""
    first = next_id(db, table)
    new = {key: first + place for place, key in enumerate(key for key in rows if key not in known)}
    columns = list(next(iter(rows.values()), {}))
    insert(db, table, ("id", *columns), [(id_, *rows[key].values()) for key, id_ in new.items()])
    change = f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE id = :id"
    many(db, change, [{**row, "id": id_} for id_, row in changed.items()])
    return {key: known[key].id for key in rows if key in known} | new


def _tell(fact: dict[str, Any], **told: object) -> None:
    """What is told replaces what was; what is not told leaves it."""
    fact |= {name: value for name, value in told.items() if value not in (None, "")}


def _news(fact: dict[str, Any], before: Any) -> dict[str, Any]:
    """The whole row with what was told anew; empty when all of it was known."""
    now = {name: getattr(before, name) if value in (-1, "") else value for name, value in fact.items()}
    return now if any(value != getattr(before, name) for name, value in now.items()) else {}


_ONCE = "SELECT id, {column} AS value FROM {table} WHERE source_id = :owner AND {column} IN :values"
_ACCOUNTS = "SELECT * FROM account WHERE source_id = :owner AND key IN :values"
_SPOKEN = """
SELECT k.output_id FROM mention m JOIN mark k ON k.mention_id = m.id WHERE m.{by} IN :values
UNION
SELECT abs(s.output_id) FROM mention m JOIN mention_target t ON t.mention_id = m.id
JOIN score_version s ON s.identifier_id = t.identifier_id
WHERE EXISTS (SELECT 1 FROM score_version) AND m.{by} IN :values
"""
_PAST = """
INSERT INTO account_past (account_id, day, followers) VALUES (:id, :day, :followers)
ON CONFLICT (account_id, day) DO NOTHING
"""
