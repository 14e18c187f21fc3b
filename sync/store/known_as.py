"""Finding people and accounts by whatever they are known as, hidden or not. For administrators only."""

from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import orcid
from scoring.rules import SOURCES
from sync.store.accounts import NAMES
from sync.store.rows import rows_in
from sync.store.words import words

LONGEST = 16  # digits of a public id
MOST = 50  # people or accounts that are listed


class FoundPerson(NamedTuple):
    """A person by row key and public id; `sources` are the connections that tell of them."""

    id: int
    public: int
    name: str
    sources: tuple[str, ...]


class FoundAccount(NamedTuple):
    """An account by row key, what its source told of it last (-1: nothing), and how many mentions are of it."""

    id: int
    source: str
    key: str
    name: str
    mentions: int
    followers: int


def person(db: Database, told: str) -> set[int]:
    """The row keys of people that a text may mean: `person:ID` or a public id, an ORCID, `CONNECTION:KEY` or a key."""
    given = told.strip()
    bare = given.removeprefix("person:").strip()
    found = set()
    if bare.isascii() and bare.isdigit() and len(bare) <= LONGEST:
        found |= {row.id for row in db.execute(text(_BY_PUBLIC_ID), {"id": int(bare)})}
    if given.startswith("person:"):
        return found
    if iri := orcid(given):
        found |= {row.person_id for row in db.execute(text(_BY_ORCID), {"orcid": iri})}
    connection, _, key = given.partition(":")
    found |= {row.person_id for row in db.execute(text(_BY_KEY), {"key": given, "connection": connection, "own": key})}
    return found - {0}


def people(db: Database, told: str, *, most: int = MOST) -> list[FoundPerson]:
    """People that a text may mean, and those whose names have all its words or their beginnings; by name."""
    found = person(db, told)
    asked = {f"word_{place}": f"% {word}%" for place, word in enumerate(words(told)[:8])}
    if asked:
        within = " AND ".join(f"' ' || terms LIKE :{name}" for name in asked)
        sql = f"SELECT id FROM person WHERE {within} ORDER BY name, id LIMIT :most"
        found |= {row.id for row in db.execute(text(sql), {**asked, "most": most})}
    told_by: dict[int, list[str]] = {}
    for row in rows_in(db, _TOLD_BY, found):
        told_by.setdefault(row.person_id, []).append(row.name)
    rows = rows_in(db, "SELECT id, public_id, name FROM person WHERE id IN :values ORDER BY name, id", found)
    return [FoundPerson(row.id, row.public_id, row.name, tuple(told_by.get(row.id, ()))) for row in rows][:most]


def one_person(db: Database, public: int) -> FoundPerson | None:
    """A person by public id."""
    rows = db.execute(text("SELECT id, public_id, name FROM person WHERE public_id = :id"), {"id": public}).fetchall()
    for row in rows:
        sources = tuple(each.name for each in rows_in(db, _TOLD_BY, [row.id]))
        return FoundPerson(row.id, row.public_id, row.name, sources)
    return None


def accounts(db: Database, told: str, *, most: int = MOST) -> list[FoundAccount]:
    """Accounts that have just this id or name, in one source (`SOURCE:ACCOUNT`) or in any."""
    source, _, key = told.strip().partition(":")
    asked = {"told": told.strip(), "source": SOURCES.get(source, 0), "key": key, "most": most}
    return [_account(row) for row in db.execute(text(_ACCOUNTS), asked)]


def account(db: Database, source: str, key: str) -> int | None:
    """The row key of an account; None where nobody knows it."""
    sql = "SELECT id FROM account WHERE source_id = :source AND key = :key"
    found = db.execute(text(sql), {"source": SOURCES.get(source, 0), "key": key}).scalar()
    return None if found is None else int(found)


def one_account(db: Database, id_: int) -> FoundAccount | None:
    """An account by row key."""
    rows = db.execute(text(f"{_ACCOUNT} WHERE a.id = :id"), {"id": id_}).fetchall()
    return _account(rows[0]) if rows else None


def _account(row: Any) -> FoundAccount:
    return FoundAccount(row.id, NAMES[row.source_id], row.key, row.name, row.mentions, row.followers)


_BY_PUBLIC_ID = "SELECT id FROM person WHERE public_id = :id"
_BY_ORCID = "SELECT person_id FROM person_record WHERE orcid = :orcid"
_BY_KEY = """
SELECT r.person_id FROM person_record r JOIN connection c ON c.id = r.connection_id
WHERE r.key = :key OR (c.name = :connection AND r.key = :own)
"""
_TOLD_BY = """
SELECT DISTINCT r.person_id, c.name, c.position FROM person_record r JOIN connection c ON c.id = r.connection_id
WHERE r.person_id IN :values ORDER BY c.position
"""
_ACCOUNT = """
SELECT a.id, a.source_id, a.key, a.name, a.followers,
  (SELECT count(*) FROM mention m WHERE m.account_id = a.id) AS mentions
FROM account a
"""
_ACCOUNTS = f"""
{_ACCOUNT} WHERE a.key = :told OR a.name = :told OR (a.source_id = :source AND (a.key = :key OR a.name = :key))
ORDER BY a.source_id, a.key LIMIT :most
"""
