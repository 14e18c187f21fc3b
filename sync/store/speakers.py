"""Who spoke, and what counts once: outlets, accounts, units and pages, each kept once.

All of it is looked up once; what is new is numbered here, inside the writing transaction, and not read back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection as Database

from connectors.records import Mention
from scoring.rules import SOURCES, UNITS
from sync.store.rows import many, next_id, rows_in

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
    rows = [{"id": id_, "owner": owner, "value": value} for (owner, value), id_ in new.items()]
    many(db, f"INSERT INTO {table} (id, source_id, {column}) VALUES (:id, :owner, :value)", rows)
    return known | new, set(known.values())


def outlets(db: Database, told: Iterable[Mention], concerned: set[int]) -> dict[str, int]:
    """Store what was told of outlets, each fact as last told; their row keys. What they spoke of is concerned."""
    facts: dict[str, dict[str, Any]] = {}
    for outlet in (m.outlet for m in told if m.outlet):
        fact = facts.setdefault(outlet.key, {"key": outlet.key, "name": "", "country": "", "tier": -1, "reach": -1})
        _tell(fact, name=outlet.name, country=outlet.country, tier=outlet.tier, reach=outlet.reach_milli)
    known = {row.key: row for row in rows_in(db, "SELECT * FROM outlet WHERE key IN :values", facts)}
    return _store(db, "outlet", facts, known, concerned)


def accounts(db: Database, told: Iterable[Mention]) -> dict[Owned, int]:
    """The same for accounts, which belong to one source each. Their numbers move with nearly every post, and seldom
    enough to matter, so what they were is kept until a score run has looked (`account_moved`)."""
    facts: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for m in told:
        if m.account:
            owner, key = SOURCES[m.source], m.account.key
            blank = {"source_id": owner, "key": key, "name": "", "followers": -1, "posts": -1, "share": -1}
            _tell(
                facts[owner].setdefault(key, blank),
                name=m.account.name,
                followers=m.account.followers,
                posts=m.account.posts_per_month_milli,
                share=m.account.domain_share_milli,
            )
    found: dict[Owned, int] = {}
    for owner, named in facts.items():
        known = {row.key: row for row in rows_in(db, _ACCOUNTS, named, owner=owner)}
        found |= {(owner, key): id_ for key, id_ in _store(db, "account", named, known, set()).items()}
    return found


def spoken_of(db: Database, by: str, speakers: Iterable[int]) -> set[int]:
    """The outputs that outlets (`outlet_id`) or accounts (`account_id`) have mentioned."""
    return {row.output_id for row in rows_in(db, _SPOKEN.format(by=by), speakers)}


def _store(
    db: Database, table: str, facts: Mapping[str, dict[str, Any]], known: Mapping[str, Any], concerned: set[int]
) -> dict[str, int]:
    ids = {key: known[key].id for key in facts if key in known}
    first = next_id(db, table)
    new = {key: first + place for place, key in enumerate(key for key in facts if key not in known)}
    columns = list(next(iter(facts.values()), {}))
    if columns:
        names = ", ".join(columns)
        rows = [{**facts[key], "id": id_} for key, id_ in new.items()]
        many(db, f"INSERT INTO {table} (id, {names}) VALUES (:id, {', '.join(f':{name}' for name in columns)})", rows)
        changed = [(key, _news(facts[key], known[key])) for key in ids]
        change = f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE id = :id"
        many(db, change, [{**news, "id": ids[key]} for key, news in changed if news])
        told_anew = [known[key] for key, news in changed if news]
        if table == "account":
            many(db, _MOVED, [{"id": row.id, "f": row.followers, "p": row.posts, "s": row.share} for row in told_anew])
        else:
            concerned |= spoken_of(db, "outlet_id", [row.id for row in told_anew])
    return ids | new


def _tell(fact: dict[str, Any], **told: object) -> None:
    """What is told replaces what was; what is not told leaves it."""
    fact |= {name: value for name, value in told.items() if value not in (None, "")}


def _news(fact: dict[str, Any], before: Any) -> dict[str, Any]:
    """The whole row with what was told anew; empty when all of it was known."""
    now = {name: getattr(before, name) if value in (-1, "") else value for name, value in fact.items()}
    return now if any(value != getattr(before, name) for name, value in now.items()) else {}


_ONCE = "SELECT id, {column} AS value FROM {table} WHERE source_id = :owner AND {column} IN :values"
_ACCOUNTS = "SELECT * FROM account WHERE source_id = :owner AND key IN :values"
_SPOKEN = "SELECT DISTINCT k.output_id FROM mention m JOIN mark k ON k.mention_id = m.id WHERE m.{by} IN :values"
_MOVED = """
INSERT INTO account_moved (account_id, followers, posts, share) VALUES (:id, :f, :p, :s) ON CONFLICT DO NOTHING
"""
