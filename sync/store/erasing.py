"""Erasing a person or an account: all that the store knows of them goes at once, with their names on badges; keyed
hashes stay (`erased`), so that no source and no restore brings them back.

What somebody wrote stays without them: a work is not the person. What an account has said goes with the account, but
for what an outlet has said, which stays without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.rules import SOURCES, UNITS
from sync.store import identity, refusals, rulings, settle, speakers, traces
from sync.store.badges import AUDIENCES
from sync.store.database import Store
from sync.store.erased import SPOKEN_FOR, Erased, erase_profiles
from sync.store.people import written_by
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, many, public_ids, rows_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

AT_ONCE = 10_000  # keys that are hashed together
NAMES = {number: name for name, number in SOURCES.items()}
Badges = set[tuple[str, int, str]]  # audience, public id and label of outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What erasing somebody does. `counts` are records by kind; `vanish` are outputs that an audience no longer sees,
    `unnamed` how many it sees without the name; `withdrawals` are badges to be taken back, by connection; `stays` is
    what goes on naming them, since it is not theirs or never changes."""

    subject: str
    counts: dict[str, int]
    vanish: dict[str, list[str]] = field(default_factory=dict)
    unnamed: dict[str, int] = field(default_factory=dict)
    withdrawals: dict[str, int] = field(default_factory=dict)
    rescore: int = 0
    stays: dict[str, int] = field(default_factory=dict)


def person(store: Store, db: Database, id_: int, *, now: int) -> Forgotten:
    """Erase a person, by row key, and publish what may still show of what they wrote."""
    profiles = list(db.execute(text(_PROFILES), {"id": id_}))
    public = int(db.execute(text("SELECT public_id FROM person WHERE id = :id"), {"id": id_}).scalar_one())
    subject, touched = f"person:{public}", Touched()
    written = written_by(db, {id_})
    stays = traces.staying(db, [row.name for row in profiles], written)
    named = {(row.audience, row.public_id) for row in db.execute(text(_NAMED), {"person": public})}
    counts = _erase_profiles(db, Erased(store, db), subject, profiles, touched, now)
    touched.outputs |= written
    before = _badges(db, written)
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)
    lost = before - _badges(db, written)
    vanish: dict[str, list[str]] = {
        audience: sorted(label for of, _, label in lost if of == audience) for audience in AUDIENCES
    }
    stay = named - {(audience, id_) for audience, id_, _ in lost}
    return Forgotten(
        subject=subject,
        counts=counts | {"outputs": len(written)},
        vanish=vanish,
        unnamed={audience: sum(of == audience for of, _ in stay) for audience in AUDIENCES},
        withdrawals=_withdrawals(db, lost),
        stays=stays,
    )


def names(db: Database, id_: int) -> list[str]:
    """What a person is called and known by, by row key."""
    rows = db.execute(text(_PROFILES), {"id": id_}).fetchall()
    return sorted({told for row in rows for told in (row.name, row.orcid) if told})


def account(store: Store, db: Database, id_: int, *, now: int) -> Forgotten:
    """Erase an account, by row key, and what it has said; scores follow with the next score run."""
    subject, touched = f"account:{public_ids(1)[0]}", Touched()
    row = db.execute(text("SELECT * FROM account WHERE id = :id"), {"id": id_}).one()
    counts = _erase_accounts(db, Erased(store, db), subject, [row], touched, now)
    settle.settle(db, Vetoes(store, db), touched)
    settle.bump(db)
    return Forgotten(subject=subject, counts=counts, rescore=len(touched.spoken))


def again(store: Store, db: Database, touched: Touched) -> int:
    """Erase whoever was erased before and is there all the same, after a restore; how many records it were."""
    erased, count = Erased(store, db), 0
    if erased.any("person"):
        traces.drop_hides(db, erased)
        for rows in chunks(db.execute(text(_ALL_PROFILES)).fetchall(), AT_ONCE):
            known = erased.among({row: erased.profile(row.connection, row.key) for row in rows})
            known |= erased.among({row: erased.orcid(row.orcid) for row in rows if row.orcid})
            for row, subject in known.items():
                count += _erase_profiles(db, erased, subject, [row], touched, 0)["profiles"]
    if erased.any("account"):
        for rows in chunks(db.execute(text("SELECT * FROM account")).fetchall(), AT_ONCE):
            known = erased.among({row: erased.account(NAMES[row.source_id], row.key) for row in rows})
            for row, subject in known.items():
                _erase_accounts(db, erased, subject, [row], touched, 0)
                count += 1
    return count


def _erase_profiles(
    db: Database, erased: Erased, subject: str, profiles: Sequence[Any], touched: Touched, now: int
) -> dict[str, int]:
    keys = {(row.connection_id, row.key) for row in profiles}
    marks = [erased.profile(row.connection, row.key) for row in profiles]
    erased.put("person", subject, marks + [erased.orcid(row.orcid) for row in profiles if row.orcid], now=now)
    links = [link.key for row in profiles for link in db.execute(text(_LINKS), _of(row))]
    members = sum(int(db.execute(text(_MEMBERSHIPS), _of(row)).scalar_one()) for row in profiles)
    counts = {
        "profiles": len(keys),
        "orcids": len({row.orcid for row in profiles} - {""}),
        "authorships": len(links),
        "memberships": members,
        "hides": traces.drop_hides(db, erased),
        **traces.drop(db, profiles, links),
    }
    erase_profiles(db, [(row.connection_id, row.key) for row in profiles], touched)
    return counts


def _erase_accounts(
    db: Database, erased: Erased, subject: str, accounts: Sequence[Any], touched: Touched, now: int
) -> dict[str, int]:
    ids = [row.id for row in accounts]
    marks = [erased.account(NAMES[row.source_id], row.key) for row in accounts]
    said = list(rows_in(db, _SAID, ids))
    own = [row for row in said if UNITS[NAMES[row.source_id]] in SPOKEN_FOR]
    unsigned = {row.id for row in said} - {row.id for row in own}
    called = {row.key for row in accounts} | {row.name for row in [*accounts, *rows_in(db, _CALLED, ids)]}
    erased.put("account", subject, marks + [erased.mention(row.connection, row.key) for row in own], now=now)
    touched.spoken |= speakers.spoken_of(db, "account_id", ids)
    _erase_mentions(db, own, touched)
    for table in ("mention", "mark"):  # the outlet has said it, whoever held the pen
        change_in(db, f"UPDATE {table} SET account_id = -1 WHERE account_id IN :values", ids)
    change_in(db, "UPDATE mention SET digest = '' WHERE id IN :values", unsigned)
    traces.unname(db, called, unsigned)
    for table in ("account_said", "account_habit", "account_past", "account_moved"):
        change_in(db, f"DELETE FROM {table} WHERE account_id IN :values", ids)
    change_in(db, "DELETE FROM account WHERE id IN :values", ids)
    return {"accounts": len(ids), "mentions": len(own), "unsigned": len(unsigned)}


def _erase_mentions(db: Database, rows: Iterable[Any], touched: Touched) -> None:
    mentions = {row.id: row for row in rows}
    pages = {row.page_id for row in mentions.values()} - {0}
    units = {row.unit_id for row in mentions.values()} - {-1}
    named = [row.identifier_id for row in rows_in(db, _TARGETS, mentions)]
    for table in ("sign", "mark", "mention_target", "evidence", "coming"):
        change_in(db, f"DELETE FROM {table} WHERE mention_id IN :values", mentions)
    change_in(db, "DELETE FROM mention WHERE id IN :values", mentions)
    for table in ("refusal", "ruling"):
        many(db, _DECIDED.format(table=table), [{"connection": m.connection, "key": m.key} for m in mentions.values()])
    identity.prune(db, named)
    twins = {row.id for row in rows_in(db, "SELECT id FROM mention WHERE page_id IN :values", pages)}
    refusals.mark_mentions(db, twins)  # what was decided goes with the mention that it was decided of
    rulings.mark(db, twins)
    touched.mentions |= twins  # which may be the only ones of their page now
    touched.retied |= twins
    change_in(db, _LONELY.format(table="page"), pages)
    change_in(db, _LONELY.format(table="unit"), units)


def _of(row: Any) -> dict[str, object]:
    return {"connection": row.connection_id, "key": row.key}


def _badges(db: Database, outputs: set[int]) -> Badges:
    return {(row.audience, row.public_id, row.label) for row in rows_in(db, _BADGES, outputs)}


def _withdrawals(db: Database, lost: Badges) -> dict[str, int]:
    """Badges that may stand somewhere, and are none any more: the next push takes them back."""
    found: dict[str, int] = {}
    rows = rows_in(db, _PUSHED, {public for _, public, _ in lost})
    for row in rows:
        if (row.audience, row.output) in {(audience, public) for audience, public, _ in lost}:
            found[row.name] = found.get(row.name, 0) + 1
    return found


_PROFILE = """
SELECT r.id, r.connection_id, c.name AS connection, r.key, r.orcid, r.name FROM person_record r
JOIN connection c ON c.id = r.connection_id
"""
_PROFILES = f"{_PROFILE} WHERE r.person_id = :id ORDER BY r.id"
_ALL_PROFILES = f"{_PROFILE} ORDER BY r.id"
_LINKS = "SELECT key FROM authorship_record WHERE connection_id = :connection AND person_key = :key"
_MEMBERSHIPS = "SELECT count(*) FROM member WHERE connection_id = :connection AND person_key = :key"
_NAMED = """
SELECT b.audience, b.public_id FROM badge_person n JOIN badge b ON b.audience = n.audience AND b.output_id = n.output_id
WHERE n.audience IN ('public', 'internal') AND n.person = :person
"""
_BADGES = """
SELECT audience, public_id, CASE WHEN doi <> '' THEN 'doi:' || doi ELSE 'output:' || public_id END AS label FROM badge
WHERE audience IN ('public', 'internal') AND output_id IN :values
"""
_PUSHED = """
SELECT c.name, p.audience, p.output FROM pushed p JOIN connection c ON c.id = p.connection_id
WHERE p.output IN :values AND (p.value <> '' OR p.intended <> '')
"""
_SAID = """
SELECT m.id, c.name AS connection, m.key, m.source_id, m.page_id, m.unit_id FROM mention m
JOIN connection c ON c.id = m.connection_id WHERE m.account_id IN :values
"""
_CALLED = "SELECT name FROM account_said WHERE account_id IN :values"
_TARGETS = "SELECT identifier_id FROM mention_target WHERE mention_id IN :values"
_DECIDED = "DELETE FROM {table} WHERE connection = :connection AND key = :key"
_LONELY = """
DELETE FROM {table} WHERE id IN :values AND NOT EXISTS (SELECT 1 FROM mention m WHERE m.{table}_id = {table}.id)
"""
