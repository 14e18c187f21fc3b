"""What decides what a record is read as, by connection, and reading everything again once that has changed.

What is stored stays as it was told, and a pull of changes does not tell it again. So `connection.read_as` remembers the
settings by digests, since an address may hold a key, and `connection.read_again` names what has changed since
everything was read. What an earlier version did not remember is only remembered the first time.

`academic` and `people_map` are none of them: they are about people, whom connectors that know either read again by
themselves.
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.settings import Connection
from config.visibility import Visibility
from sync.store import gone
from sync.store.rows import as_json, digest
from sync.store.touched import Touched

DECIDE = ("url", "keep", "people", "relationships", "subjects", "doi_fields", "formats", "sets")  # besides `assume`
TABLES = {"people": "person_record", "outputs": "item", "authorships": "authorship_record", "groups": "group_record"}

Digests = dict[str, str]


class SettingsChanged(Exception):  # noqa: N818 - it says what is so
    """Other settings decide now what records are read as than when this run began."""


def digests(told: Connection) -> Digests:
    """The settings that decide, by name."""
    values: dict[str, object] = {name: getattr(told, name) for name in DECIDE}
    values |= {f"assume.{kind}": assumed(told, kind) for kind in TABLES}
    return {name: digest(value) for name, value in values.items()}


def assumed(told: Connection, kind: str) -> Visibility:
    """The level of what a source says no level of."""
    level: Visibility | None = getattr(told.assume, kind)
    silent = Visibility.INTERNAL if kind == "groups" else Visibility.PRIVATE
    return silent if level is None else level


def hold(db: Database, id_: int, read_as: str) -> None:
    """Raises `SettingsChanged` where the settings of a run are not those of now: it would open what they closed."""
    now = db.execute(text("SELECT read_as FROM connection WHERE id = :id"), {"id": id_}).scalar_one()
    if now != read_as:
        raise SettingsChanged


def differs(db: Database, name: str, now: Digests) -> bool:
    """Whether there is anything to remember."""
    before = _known(db, name)
    return before | now != before


def remember(db: Database, name: str, now: Digests) -> list[str]:
    """Remember the settings of now; those that have changed. Then the next pull reads everything, from the start on."""
    before = _known(db, name)
    changed = sorted(each for each, value in now.items() if before.get(each, value) != value)
    asked = {"name": name, "now": as_json(before | now)}
    db.execute(text("UPDATE connection SET read_as = :now WHERE name = :name"), asked)
    if changed:
        known = db.execute(text("SELECT read_again FROM connection WHERE name = :name"), asked).scalar_one().split()
        words = " ".join(sorted({*known, *changed}))
        db.execute(text(_AGAIN), {"name": name, "words": words})
    return changed


def close(db: Database, id_: int, told: Connection, untold: Iterable[str], touched: Touched) -> None:
    """Close what is stored as more open than is assumed now, of the kinds whose level the source never tells."""
    for kind in untold:
        asked = {"id": id_, "level": int(assumed(told, kind))}
        found = {row.id for row in db.execute(text(_CLOSE.format(table=TABLES[kind])), asked)}
        if kind == "people":
            touched.profiles |= found
        elif kind == "outputs":
            touched.items |= found
        elif kind == "authorships":
            touched.outputs |= gone.outputs_of_links(db, found)
        elif found:
            touched.groups.add(id_)


def _known(db: Database, name: str) -> Digests:
    told = db.execute(text("SELECT read_as FROM connection WHERE name = :name"), {"name": name}).scalar()
    return dict(json.loads(told)) if told else {}


_AGAIN = """
UPDATE connection SET bookmark = '', read_again = CASE WHEN sweep = 0 THEN '' ELSE :words END WHERE name = :name
"""
# The digest of the record says so, so that the next sweep looks again.
_CLOSE = """
UPDATE {table} SET visibility = :level, digest = digest || '!'
WHERE connection_id = :id AND state = 1 AND visibility > :level RETURNING id
"""
