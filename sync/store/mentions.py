"""Mentions: taking them in, knowing who spoke, and tying them to outputs as rows that the score reads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.records import Aside, Mention
from scoring.rules import SOURCES, UNITS
from sync.store import asides
from sync.store.clock import micros
from sync.store.identity import identifier_ids
from sync.store.rows import change_in, many, public_id, rows_in, upsert
from sync.store.touched import Touched

if TYPE_CHECKING:
    from sync.store.page import Applied, Source

NEVER = -1  # taken back
NOBODY = -1  # no account, outlet or unit was told


def take(db: Database, source: "Source", told: Sequence[Mention], touched: Touched, done: "Applied", now: int) -> None:
    """Store mentions; the last one of a key wins. What they are tied to is wished for, never unpublished: attention
    that is new or taken back changes a score, not who may see it."""
    latest = {mention.key: mention for mention in told}
    if not latest:
        return
    strange = [m for m in latest.values() if not m.deleted and m.source not in SOURCES]
    asides.put(db, source, [_strange(mention) for mention in strange], now)
    done.aside += len(strange)
    known = {row.key: row for row in rows_in(db, _KNOWN, latest, connection=source.id)}
    digests = {m.key: _digest(m) for m in latest.values() if not m.deleted and m.source in SOURCES}
    new = [latest[key] for key, digest in digests.items() if key not in known or known[key].digest != digest]
    many(db, _PUT, _rows(db, source, new, digests, touched.spoken, now))
    ids = {row.key: row.id for row in rows_in(db, _KNOWN, [m.key for m in new], connection=source.id)}
    change_in(db, "DELETE FROM mention_target WHERE mention_id IN :values", [ids[m.key] for m in new if m.key in known])
    targets = identifier_ids(db, {identifier for m in new for identifier in m.targets})
    links = [{"mention": ids[m.key], "identifier": targets[i]} for m in new for i in set(m.targets)]
    many(db, "INSERT INTO mention_target (mention_id, identifier_id) VALUES (:mention, :identifier)", links)
    coming = [{"mention": ids[m.key], "at": micros(m.occurred_at)} for m in new if micros(m.occurred_at) > now]
    many(db, _COMING, coming)
    taken = [
        known[m.key].id for m in latest.values() if m.deleted and m.key in known and known[m.key].taken_at == NEVER
    ]
    change_in(db, "UPDATE mention SET taken_at = :now, digest = '' WHERE id IN :values", taken, now=now)
    touched.mentions |= set(ids.values()) | set(taken)
    done.changed += len(new) + len(taken)


def tie(db: Database, mentions: set[int]) -> set[int]:
    """Tie mentions to outputs anew; the outputs that are concerned, those they are no longer tied to included."""
    if not mentions:
        return set()
    before = {row.output_id for row in rows_in(db, "SELECT output_id FROM mark WHERE mention_id IN :values", mentions)}
    twins = {row.id for row in rows_in(db, _TWINS, mentions)}
    change_in(db, "DELETE FROM mark WHERE mention_id IN :values", mentions | twins)
    change_in(db, _TIE + "WHERE t.mention_id IN :values", mentions | twins)
    after = {row.output_id for row in rows_in(db, "SELECT output_id FROM mark WHERE mention_id IN :values", mentions)}
    return before | after


def tie_outputs(db: Database, outputs: set[int]) -> None:
    """Tie all mentions to outputs whose identifiers have changed."""
    change_in(db, "DELETE FROM mark WHERE output_id IN :values", outputs)
    change_in(db, _TIE + "WHERE i.output_id IN :values", outputs)


def wish_due(db: Database, turn: int, now: int) -> None:
    """Ask for a new score of what is mentioned by those whose time has come since the last run."""
    asked = {"turn": turn, "now": now}
    db.execute(text(_DUE), asked)
    db.execute(text("DELETE FROM coming WHERE occurred_at <= :now"), asked)


def _digest(mention: Mention) -> str:
    """What was told, in 32 hexadecimal digits; a mention told again as it was brings no news of its speaker either."""
    return blake2b(repr(mention).encode(), digest_size=16).hexdigest()


def _rows(
    db: Database, source: "Source", told: Sequence[Mention], digests: dict[str, str], concerned: set[int], now: int
) -> list[dict[str, Any]]:
    outlets, accounts = _outlets(db, told, concerned), _accounts(db, told, concerned)
    units = _ids(db, "unit", "name", {(SOURCES[m.source], _unit(m)) for m in told if _unit(m)})
    pages = _ids(db, "page", "url", {(SOURCES[m.source], m.url) for m in told if m.url})
    return [
        {
            "connection_id": source.id,
            "key": m.key,
            "public_id": public_id(),
            "source_id": SOURCES[m.source],
            "unit_id": units.get((SOURCES[m.source], _unit(m)), NOBODY),
            "page_id": pages.get((SOURCES[m.source], m.url), 0),
            "account_id": accounts[SOURCES[m.source], m.account.key] if m.account else NOBODY,
            "outlet_id": outlets[m.outlet.key] if m.outlet else NOBODY,
            "url": m.url,
            "title": m.title,
            "method": m.method,
            "occurred_at": micros(m.occurred_at),
            "known_at": now,
            "taken_at": NEVER,
            "repost": int(m.repost),
            "digest": digests[m.key],
        }
        for m in told
    ]


def _unit(mention: Mention) -> str:
    """What counts once for this mention, as `kind:id`; "" where it is not told."""
    kind = UNITS[mention.source]
    told = {
        "source": mention.source,
        "policy_source": mention.policy_source,
        "jurisdiction": mention.jurisdiction,
        "outlet": mention.outlet.key if mention.outlet else "",
        "account": mention.account.key if mention.account else "",
    }[UNIT_FROM[kind]]
    return f"{kind}:{told}" if told else ""


UNIT_FROM = {  # a unit's kind, and what of a mention names it
    "source": "source",
    "policy_source": "policy_source",
    "jurisdiction": "jurisdiction",
    **dict.fromkeys(("outlet", "blog", "show"), "outlet"),
    **dict.fromkeys(("account", "author"), "account"),
}


def _outlets(db: Database, told: Iterable[Mention], concerned: set[int]) -> dict[str, int]:
    """Store what was told of outlets, each fact as last told; their row keys. What they spoke of is concerned."""
    facts: dict[str, dict[str, Any]] = {}
    for outlet in (m.outlet for m in told if m.outlet):
        fact = facts.setdefault(outlet.key, {"key": outlet.key, "name": "", "country": "", "tier": -1, "reach": -1})
        _tell(fact, name=outlet.name, country=outlet.country, tier=outlet.tier, reach=outlet.reach_milli)
    before = {row.key: row for row in rows_in(db, _OUTLETS, facts)}
    many(db, _OUTLET, [fact for key, fact in facts.items() if _news(fact, before.get(key))])
    changed = [row.id for key, row in before.items() if _news(facts[key], row)]
    concerned |= {row.output_id for row in rows_in(db, _SPOKEN.format(by="outlet_id"), changed)}
    return {row.key: row.id for row in rows_in(db, _OUTLETS, facts)}


def _accounts(db: Database, told: Iterable[Mention], concerned: set[int]) -> dict[tuple[int, str], int]:
    """The same for accounts, which belong to one source each."""
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
    found: dict[tuple[int, str], int] = {}
    for owner, accounts in facts.items():
        before = {row.key: row for row in rows_in(db, _ACCOUNTS, accounts, owner=owner)}
        many(db, _ACCOUNT, [fact for key, fact in accounts.items() if _news(fact, before.get(key))])
        changed = [row.id for key, row in before.items() if _news(accounts[key], row)]
        concerned |= {row.output_id for row in rows_in(db, _SPOKEN.format(by="account_id"), changed)}
        found |= {(owner, row.key): row.id for row in rows_in(db, _ACCOUNTS, accounts, owner=owner)}
    return found


def _tell(fact: dict[str, Any], **told: object) -> None:
    """What is told replaces what was; what is not told leaves it."""
    fact |= {name: value for name, value in told.items() if value not in (None, "")}


def _news(fact: dict[str, Any], before: Any) -> bool:
    return before is None or any(
        value not in (-1, "") and value != getattr(before, name) for name, value in fact.items()
    )


def _ids(db: Database, table: str, column: str, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The row keys of texts that are kept once per source, made where they are new."""
    many(
        db,
        f"INSERT INTO {table} (source_id, {column}) VALUES (:owner, :value) ON CONFLICT DO NOTHING",
        [{"owner": owner, "value": value} for owner, value in sorted(wanted)],
    )
    sql = f"SELECT id, {column} AS value FROM {table} WHERE source_id = :owner AND {column} IN :values"
    return {
        (owner, row.value): row.id
        for owner in {owner for owner, _ in wanted}
        for row in rows_in(db, sql, [value for of, value in wanted if of == owner], owner=owner)
    }


def _strange(mention: Mention) -> Aside:
    return Aside(
        kind="mention",
        key=mention.key,
        place="",
        keyless=False,
        reason=f"unknown source {mention.source!r}",
        evidence=f"{mention.url} {mention.occurred_at}",
    )


_KNOWN = "SELECT id, key, digest, taken_at FROM mention WHERE connection_id = :connection AND key IN :values"
CONTENT = (
    "source_id",
    "unit_id",
    "page_id",
    "account_id",
    "outlet_id",
    "url",
    "title",
    "method",
    "occurred_at",
    "taken_at",
    "repost",
    "digest",
)
_PUT = upsert("mention", ("connection_id", "key"), CONTENT, ("public_id", "known_at"))
_COMING = """
INSERT INTO coming (mention_id, occurred_at) VALUES (:mention, :at)
ON CONFLICT (mention_id) DO UPDATE SET occurred_at = excluded.occurred_at
"""
_DUE = """
INSERT INTO dirty (output_id, turn)
SELECT DISTINCT k.output_id, :turn FROM coming c JOIN mark k ON k.mention_id = c.mention_id WHERE c.occurred_at <= :now
ON CONFLICT (output_id) DO NOTHING
"""
_TWINS = """
SELECT other.id FROM mention m JOIN mention other ON other.page_id = m.page_id AND other.id <> m.id
WHERE m.page_id <> 0 AND m.id IN :values
"""
_TIE = """
INSERT INTO mark (output_id, mention_id, source_id, unit_id, account_id, outlet_id, occurred_at, known_at, taken_at,
                  repost, page_id, twin)
SELECT DISTINCT i.output_id, m.id, m.source_id, m.unit_id, m.account_id, m.outlet_id, m.occurred_at, m.known_at,
  m.taken_at, m.repost, m.page_id,
  CASE WHEN m.page_id <> 0 AND EXISTS (SELECT 1 FROM mention o WHERE o.page_id = m.page_id AND o.id <> m.id)
       THEN 1 ELSE 0 END
FROM mention m
JOIN mention_target t ON t.mention_id = m.id
JOIN item_identifier n ON n.identifier_id = t.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
"""
_SPOKEN = "SELECT DISTINCT k.output_id FROM mention m JOIN mark k ON k.mention_id = m.id WHERE m.{by} IN :values"
_OUTLETS = "SELECT * FROM outlet WHERE key IN :values"
_OUTLET = """
INSERT INTO outlet (key, name, country, tier, reach) VALUES (:key, :name, :country, :tier, :reach)
ON CONFLICT (key) DO UPDATE SET
  name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE outlet.name END,
  country = CASE WHEN excluded.country <> '' THEN excluded.country ELSE outlet.country END,
  tier = CASE WHEN excluded.tier <> -1 THEN excluded.tier ELSE outlet.tier END,
  reach = CASE WHEN excluded.reach <> -1 THEN excluded.reach ELSE outlet.reach END
"""
_ACCOUNTS = "SELECT * FROM account WHERE source_id = :owner AND key IN :values"
_ACCOUNT = """
INSERT INTO account (source_id, key, name, followers, posts, share)
VALUES (:source_id, :key, :name, :followers, :posts, :share)
ON CONFLICT (source_id, key) DO UPDATE SET
  name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE account.name END,
  followers = CASE WHEN excluded.followers <> -1 THEN excluded.followers ELSE account.followers END,
  posts = CASE WHEN excluded.posts <> -1 THEN excluded.posts ELSE account.posts END,
  share = CASE WHEN excluded.share <> -1 THEN excluded.share ELSE account.share END
"""
