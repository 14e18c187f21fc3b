"""Mentions: taking them in, and tying them to outputs as rows that the score reads."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.attention import Mention
from connectors.records import Aside
from scoring.rules import SOURCES
from sync.store import asides, domains, evidence, identity, refusals, rulings, speakers
from sync.store.clock import DAY, micros, moment
from sync.store.rows import change_in, insert, many, next_id, public_ids, rows_in
from sync.store.source import Applied, Source
from sync.store.touched import Touched

NEVER = -1  # taken back
NOBODY = -1  # no account, outlet or unit was told


def take(db: Database, source: Source, told: Sequence[Mention], touched: Touched, done: Applied, now: int) -> None:
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
    news = [latest[key] for key, digest in digests.items() if key not in known or known[key].digest != digest]
    placed = domains.found(db, news)
    news = [replace(m, outlet=placed[m.key]) if m.key in placed else m for m in news]
    ids = _store(db, source, news, known, digests, placed, touched, now)
    targets = identity.identifier_ids(db, {identifier for m in news for identifier in m.targets})
    changed = {ids[m.key] for m in news if m.key in known}
    change_in(db, "DELETE FROM mention_target WHERE mention_id IN :values", changed)
    evidence.drop(db, changed)
    links = [(ids[m.key], targets[i]) for m in news for i in dict.fromkeys(m.targets)]
    insert(db, "mention_target", ("mention_id", "identifier_id"), links)
    unquoted = {row.id for row in known.values() if row.unquoted}
    evidence.put(db, {ids[m.key]: m for m in news}, targets, unquoted)
    if rulings.any_made(db):
        rulings.mark(db, ids.values())
    this_moment = moment(now)
    later = [m for m in news if m.occurred_at is not None and m.occurred_at > this_moment]
    coming = [{"mention": ids[m.key], "at": micros(m.occurred_at)} for m in later]
    many(db, _COMING, coming)
    taken = _take_back(db, known, [m for m in latest.values() if m.deleted and m.key in known], now)
    touched.mentions |= set(ids.values()) | set(taken)
    touched.retied |= changed | set(taken)
    done.changed += len(news) + len(taken)


def _take_back(db: Database, known: Mapping[str, Any], told: Sequence[Mention], now: int) -> list[int]:
    """Take back what was not yet, with the reason; the words that were quoted go. The row keys of these mentions."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for mention in told:
        if known[mention.key].taken_at == NEVER:
            by_reason[mention.reason].append(known[mention.key].id)
    for reason, ids in by_reason.items():
        change_in(db, _TAKEN, ids, now=now, reason=reason)
    taken = [id_ for ids in by_reason.values() for id_ in ids]
    evidence.shed(db, taken)
    return taken


def tie(db: Database, mentions: set[int], retied: set[int]) -> set[int]:
    """Tie mentions to outputs anew; the outputs that are concerned, those they are no longer tied to included.

    `retied` are those of them that may be tied already, or share a page with one that is."""
    before = {row.output_id for row in rows_in(db, "SELECT output_id FROM mark WHERE mention_id IN :values", retied)}
    twins = {row.id for row in rows_in(db, _TWINS, retied)}
    change_in(db, "DELETE FROM mark WHERE mention_id IN :values", retied | twins)
    change_in(db, _TIE + "t.mention_id IN :values", mentions | twins)
    after = {row.output_id for row in rows_in(db, "SELECT output_id FROM mark WHERE mention_id IN :values", mentions)}
    return before | after


def tie_outputs(db: Database, outputs: set[int]) -> None:
    """Tie all mentions to outputs whose identifiers have changed."""
    change_in(db, "DELETE FROM mark WHERE output_id IN :values", outputs)
    change_in(db, _TIE + "i.output_id IN :values", outputs)


def wish_due(db: Database, turn: int, now: int) -> None:
    """Ask for a new score of what is mentioned by those whose time has come since the last run."""
    asked = {"turn": turn, "now": now}
    db.execute(text(_DUE), asked)
    db.execute(text("DELETE FROM coming WHERE occurred_at <= :now"), asked)


def _store(
    db: Database,
    source: Source,
    news: Sequence[Mention],
    known: Mapping[str, Any],
    digests: Mapping[str, str],
    placed: Collection[str],
    touched: Touched,
    now: int,
) -> dict[str, int]:
    """Write the rows of mentions that are new or different, in place of what was told before; their row keys."""
    outlets = speakers.outlets(db, news, touched.spoken)
    accounts = speakers.accounts(db, news, now=now)
    told_units = {m.key: (SOURCES[m.source], speakers.unit(m)) for m in news}
    units, _ = speakers.once(db, "unit", "name", {unit for unit in told_units.values() if unit[1]})
    told_pages = {m.key: (SOURCES[m.source], m.url) for m in news if m.url}
    pages, old_pages = speakers.once(db, "page", "url", set(told_pages.values()))
    refused = refusals.among(db, source, {m.key: (SOURCES[m.source], m.url) for m in news})
    first = next_id(db, "mention")
    new = {m.key: first + place for place, m in enumerate(m for m in news if m.key not in known)}
    ids = {m.key: new.get(m.key) or known[m.key].id for m in news}
    told = {
        m.key: (
            SOURCES[m.source],
            units.get(told_units[m.key], NOBODY),
            pages[told_pages[m.key]] if m.url else 0,
            accounts[SOURCES[m.source], m.account.key] if m.account else NOBODY,
            outlets[m.outlet.key] if m.outlet else NOBODY,
            m.url,
            m.title,
            m.method,
            micros(m.occurred_at),
            NEVER,
            int(m.repost),
            digests[m.key],
            int(m.key in placed),
            int(m.key in refused),
            "",
        )
        for m in news
    }
    public = public_ids(len(new))
    once = ("id", "connection_id", "key", "public_id", "known_at", "due_at")
    rows = [(id_, source.id, key, public[id_ - first], now, now + DAY, *told[key]) for key, id_ in new.items()]
    insert(db, "mention", (*once, *CONTENT), rows)
    changed = [
        {"id": ids[key], **dict(zip(CONTENT, each, strict=True))} for key, each in told.items() if key not in new
    ]
    many(db, _UPDATE, changed)
    page = CONTENT.index("page_id")
    often = Counter(each[page] for each in told.values())
    shared = {id_ for id_ in pages.values() if id_ in old_pages or often[id_] > 1}
    touched.retied |= {ids[key] for key, each in told.items() if each[page] in shared}
    return ids


def _digest(mention: Mention) -> str:
    """What was told, in 32 hexadecimal digits; a mention told again as it was brings no news of its speaker either."""
    account, outlet = mention.account, mention.outlet
    told = (
        mention.source,
        mention.url,
        mention.title,
        str(mention.occurred_at),
        mention.policy_source,
        mention.jurisdiction,
        mention.method,
        str(mention.repost),
        *map(str, mention.targets),
        "",
        *(
            (
                account.key,
                account.name,
                str(account.followers),
                str(account.posts_per_month_milli),
                str(account.domain_share_milli),
            )
            if account
            else ()
        ),
        "",
        *((outlet.key, outlet.name, str(outlet.tier), outlet.country, str(outlet.reach_milli)) if outlet else ()),
        *(
            word
            for each in mention.evidence
            for word in ("", str(each.identifier), each.method, each.level, each.excerpt, each.digest, each.extractor)
        ),
    )
    return blake2b("\x1f".join(told).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _strange(mention: Mention) -> Aside:
    return Aside(
        kind="mention",
        key=mention.key,
        place=mention.place,
        keyless=False,
        reason=f"unknown source {mention.source!r}",
        evidence=f"{mention.url} {mention.occurred_at}",
    )


_KNOWN = "SELECT id, key, digest, taken_at, unquoted FROM mention WHERE connection_id = :connection AND key IN :values"
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
    "found",
    "refused",
    "reason",
)
_TAKEN = "UPDATE mention SET taken_at = :now, digest = '', reason = :reason WHERE id IN :values"
_UPDATE = f"UPDATE mention SET {', '.join(f'{name} = :{name}' for name in CONTENT)} WHERE id = :id"
_COMING = """
INSERT INTO coming (mention_id, occurred_at) VALUES (:mention, :at)
ON CONFLICT (mention_id) DO UPDATE SET occurred_at = excluded.occurred_at
"""
_DUE = """
INSERT INTO dirty (output_id, turn)
SELECT k.output_id, :turn FROM coming c CROSS JOIN mark k ON k.mention_id = c.mention_id WHERE c.occurred_at <= :now
UNION
SELECT abs(s.output_id), :turn FROM coming c CROSS JOIN mention_target t ON t.mention_id = c.mention_id
JOIN score_version s ON s.identifier_id = t.identifier_id WHERE c.occurred_at <= :now
ON CONFLICT (output_id) DO NOTHING
"""
_TWINS = """
SELECT other.id FROM mention m JOIN mention other ON other.page_id = m.page_id AND other.id <> m.id
WHERE m.page_id <> 0 AND m.id IN :values
"""
MARK: tuple[str, ...] = (  # the columns of a mark after its output
    "mention_id",
    "source_id",
    "unit_id",
    "account_id",
    "outlet_id",
    "occurred_at",
    "known_at",
    "taken_at",
    "repost",
    "page_id",
    "twin",
)
MARKED: str = """
  m.id, m.source_id, m.unit_id, m.account_id, m.outlet_id, m.occurred_at, m.known_at, m.taken_at, m.repost, m.page_id,
  CASE WHEN m.page_id <> 0 AND EXISTS (SELECT 1 FROM mention o WHERE o.page_id = m.page_id AND o.id <> m.id)
       THEN 1 ELSE 0 END"""
_TIE = f"""
INSERT INTO mark (output_id, {", ".join(MARK)})
SELECT DISTINCT i.output_id, {MARKED}
FROM mention m
JOIN mention_target t ON t.mention_id = m.id AND t.verdict >= 0
JOIN item_identifier n ON n.identifier_id = t.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
WHERE m.refused = 0 AND """
