"""Looking for anything that is known, hidden or not, for administrators: by identifier, id, record key, words."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from connectors.identifiers import parse
from sync.store.rows import is_postgresql, rows_in
from sync.store.words import words

Kind = Literal["output", "person", "group"]
KINDS: tuple[Kind, ...] = ("output", "person", "group")
MOST = 50


class Found(NamedTuple):
    """One thing by its public id, with its title or name; `live` is false where no source tells it any more."""

    kind: Kind
    public: int
    name: str
    level: str
    live: bool


def look_up(db: Database, text_: str) -> list[Found]:
    """What a text may mean: an id of ours or an identifier alone, else records with that key and what has all its
    words."""
    asked = text_.strip()
    scheme, _, rest = asked.partition(":")
    for kind in KINDS:
        if scheme.lower() == kind and rest.strip().isascii() and rest.strip().isdigit():
            return list(_rows(db, kind, [row] if (row := row_of(db, kind, rest.strip())) else []))
    if (identifier := parse(asked)) is not None:
        told = {"scheme": identifier.scheme, "value": identifier.value}
        if found := [row.output_id for row in db.execute(text(_BY_IDENTIFIER), told)]:
            return list(_rows(db, "output", found))
    keyed = {kind: [row.id for row in db.execute(text(sql), {"key": asked})] for kind, sql in _BY_KEY.items()}
    spoken = words(asked)
    sides = {kind: [*keyed[kind], *_with_words(db, kind, spoken)] for kind in KINDS}
    return [each for kind in KINDS for each in _rows(db, kind, dict.fromkeys(sides[kind]))][:MOST]


def row_of(db: Database, kind: Kind, public: str | int) -> int | None:
    """The row key of a public id, whether any source still tells of it or not."""
    number = int(public) if len(str(public)) <= 16 else -1
    found = db.execute(text(f"SELECT id FROM {_TABLES[kind]} WHERE public_id = :id"), {"id": number}).scalar()
    return None if found is None else int(found)


def names(db: Database, labels: Iterable[str]) -> dict[str, str]:
    """Titles and names by `output:ID`, `person:ID` and `group:ID`."""
    told: dict[str, list[int]] = {}
    for label in labels:
        kind, _, public = label.partition(":")
        told.setdefault(kind, []).append(int(public))
    return {
        f"{kind}:{row.public_id}": row.name
        for kind in KINDS
        for row in rows_in(db, _NAMED[kind].replace("WHERE id IN", "WHERE public_id IN"), told.get(kind, ()))
    }


def _with_words(db: Database, kind: Kind, told: list[str]) -> Iterator[int]:
    """What has words that begin so, all of them. Nothing hidden stands in an index: its text is gone through."""
    if not told:
        return
    place = "strpos" if is_postgresql(db) else "instr"
    if kind == "group":
        for row in db.execute(text("SELECT id, name FROM group_record ORDER BY id")):
            own = words(row.name)
            if all(any(each.startswith(word) for each in own) for word in told):
                yield row.id
        return
    where = " AND ".join(f"{place}(' ' || terms, :word_{number}) > 0" for number in range(len(told)))
    asked: dict[str, Any] = {f"word_{number}": f" {word}" for number, word in enumerate(told)}
    sql = f"SELECT id FROM {_TABLES[kind]} WHERE {where} ORDER BY id LIMIT :most"
    for row in db.execute(text(sql), {**asked, "most": MOST}):
        yield row.id


def _rows(db: Database, kind: Kind, ids: Iterable[int]) -> Iterator[Found]:
    for row in sorted(rows_in(db, _NAMED[kind], ids), key=lambda each: (str(each.name).casefold(), each.public_id)):
        yield Found(kind, row.public_id, row.name, Visibility(row.visibility).word, bool(row.live))


_TABLES: dict[Kind, str] = {"output": "output", "person": "person", "group": "group_record"}
_BY_IDENTIFIER = """
SELECT DISTINCT i.output_id FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id
JOIN item i ON i.id = n.item_id WHERE d.scheme = :scheme AND d.value = :value
"""
_KEYED = "FROM connection c JOIN {table} t ON t.connection_id = c.id AND t.key = :key"
_BY_KEY: dict[Kind, str] = {
    "output": f"""
SELECT t.output_id AS id {_KEYED.format(table="item")}
UNION SELECT i.output_id {_KEYED.format(table="authorship_record")}
JOIN item i ON i.connection_id = c.id AND i.key = t.item_key""",
    "person": f"SELECT DISTINCT t.person_id AS id {_KEYED.format(table='person_record')}",
    "group": f"SELECT t.id {_KEYED.format(table='group_record')}",
}
_NAMED: dict[Kind, str] = {
    "output": "SELECT public_id, title AS name, visibility, live FROM output WHERE id IN :values",
    "person": "SELECT public_id, name, visibility, live FROM person WHERE id IN :values",
    "group": "SELECT public_id, name, effective AS visibility, state AS live FROM group_record WHERE id IN :values",
}
