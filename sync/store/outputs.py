"""What all sources together say of an output and of who wrote it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from sync.store import identity, learned, votes
from sync.store.clock import first_day
from sync.store.rows import change_in, many, rows_in
from sync.store.vetoes import Vetoes
from sync.store.words import number_of, pieces


def settle(db: Database, vetoes: Vetoes, ids: set[int]) -> None:
    """Work out outputs again, with their authorships; rows of those that no item belongs to any more are dropped."""
    identity.prune(db, learned.settle(db, ids))
    told = _told(db, ids)
    hidden = votes.hidden(db, "output")
    rows = [_output(id_, output, hidden, vetoes) for id_, output in told.items() if output.items]
    journals = {str(row["journal_name"]) for row in rows} - {""}
    many(db, _JOURNAL, [{"id": number_of(name), "name": name} for name in sorted(journals)])
    many(db, _OUTPUT, rows)
    _settle_subjects(db, rows)
    _settle_authorships(db, vetoes, ids, told)
    lost = [id_ for id_ in ids if not told[id_].items]
    for table in _ABOUT:
        change_in(db, f"DELETE FROM {table} WHERE output_id IN :values", [*lost, *(-id_ for id_ in lost)])
    change_in(db, "DELETE FROM output WHERE id IN :values", lost)


_ABOUT = (
    *("score", "score_source", "score_version", "score_change"),  # of insiders too: under the negative
    *("output_subject", "badge_change", "mark", "sign", "dirty", "output_vote"),
)


@dataclass(slots=True)
class _Told:
    """All that was told of one output: its items in the order of the settings, votes that reach it from elsewhere."""

    items: list[Any] = field(default_factory=list)
    reaching: list[Any] = field(default_factory=list)
    counting: dict[int, set[Identifier]] = field(default_factory=lambda: defaultdict(set))  # by item
    others: set[str] = field(default_factory=set)
    learned: list[Any] = field(default_factory=list)  # from services that were asked: never a vote

    @property
    def identifiers(self) -> list[Identifier]:
        return sorted({identifier for named in self.counting.values() for identifier in named})

    def doi_of(self, item: int) -> str:
        return next((i.value for i in self.counting[item] if i.scheme == "doi"), "")


def _told(db: Database, ids: Iterable[int]) -> dict[int, _Told]:
    told: dict[int, _Told] = {id_: _Told() for id_ in ids}
    for row in rows_in(db, _ITEMS, ids):
        told[row.output_id].items.append(row)
    for row in rows_in(db, _REACHING, ids):
        told[row.output_id].reaching.append(row)
    for row in rows_in(db, _IDENTIFIERS, ids):
        if row.counts:
            told[row.output_id].counting[row.item_id].add(Identifier(row.scheme, row.value))
        elif row.scheme == "doi" and row.state:
            told[row.output_id].others.add(row.value)
    for id_, said in learned.of_outputs(db, told).items():
        told[id_].learned = said
    for output in told.values():  # rows come in chunks, each in order
        output.items.sort(key=lambda row: (row.position, row.id))
    return told


def _output(id_: int, output: _Told, hidden: set[str], vetoes: Vetoes) -> dict[str, object]:
    live = [row for row in output.items if votes.live(row)]
    voting = [*output.items, *output.reaching]
    marks = {f"item:{row.connection}:{row.key}" for row in output.items} | {str(i) for i in output.identifiers}

    def first(column: str) -> str:
        return next((str(getattr(row, column)) for row in live if getattr(row, column)), "")

    def else_learned(column: str) -> str:
        return first(column) or next((str(getattr(row, column)) for row in output.learned if getattr(row, column)), "")

    day, precision = first_day(first("published"))
    journal, issn = else_learned("journal"), else_learned("issns").split(" ")[0]
    return {
        "id": id_,
        "visibility": votes.joint(voting, closed=bool(marks & hidden) or _forgotten(output, vetoes)),
        "closes_at": votes.closes(voting),
        "live": int(bool(live)),
        "requires_author": int(any(row.require_author for row in output.items if row.state)),
        "title": first("title"),
        "terms": pieces(first("title"), journal, issn),
        "type": first("type"),
        "journal": journal,
        "journal_name": journal.casefold(),
        "issn": issn,
        "subjects": else_learned("subjects"),
        "published": first("published"),
        "day": day,
        "precision": precision,
        "doi": next((output.doi_of(row.id) for row in live if output.doi_of(row.id)), ""),
        "conflict": _conflict(output),
    }


def _settle_subjects(db: Database, rows: Iterable[Mapping[str, object]]) -> None:
    """The fields of outputs; two names that differ only in their capitals are one."""
    named = {row["id"]: {name.casefold(): name for name in str(row["subjects"]).split("\n") if name} for row in rows}
    folded = {each for names in named.values() for each in names}
    many(db, "INSERT INTO subject (name) VALUES (:name) ON CONFLICT DO NOTHING", [{"name": each} for each in folded])
    ids = {row.name: row.id for row in rows_in(db, "SELECT id, name FROM subject WHERE name IN :values", folded)}
    change_in(db, "DELETE FROM output_subject WHERE output_id IN :values", named)
    many(
        db,
        "INSERT INTO output_subject (output_id, subject_id, name) VALUES (:output, :subject, :name)",
        [
            {"output": output, "subject": ids[each], "name": name}
            for output, names in named.items()
            for each, name in names.items()
        ],
    )


def _forgotten(output: _Told, vetoes: Vetoes) -> bool:
    """Whether a record that was forgotten at the border would be part of this output."""
    records = [(row.connection_id, row.key) for row in (*output.items, *output.reaching)]
    return vetoes.any and (vetoes.on_output(output.identifiers) or vetoes.on_survivors("item", records))


def _conflict(output: _Told) -> str:
    """What an administrator should look at."""
    parts = []
    if any(row.state for row in output.reaching):
        parts.append("a record without a DOI could belong to this output or to another; its vote counts for both")
    known = {i.value for i in output.identifiers}
    if others := sorted(output.others - known):
        parts.append(f"further DOIs of the same record do not count until confirmed: {', '.join(others)}")
    return "; ".join(parts)


def _settle_authorships(db: Database, vetoes: Vetoes, ids: set[int], told: dict[int, _Told]) -> None:
    pairs: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for sql in (_LINKS, _REACHING_LINKS):
        for row in rows_in(db, sql, ids):
            pairs[row.output_id, row.person_id].append(row)
    rows = []
    profiles = _profiles(db, {person for _, person in pairs}) if vetoes.any else {}
    for (output, person), links in pairs.items():
        live = sorted((row.position, row.link_position, row.id) for row in links if row.live)
        if live:
            rows.append(
                {
                    "output": output,
                    "person": person,
                    "closes_at": min(row.closes_at for row in links),
                    "place": live[0][1],
                    "visibility": votes.joint(links, closed=_vetoed(vetoes, told[output], profiles.get(person, []))),
                }
            )
    change_in(db, "DELETE FROM authorship WHERE output_id IN :values", ids)
    many(db, _AUTHORSHIP, rows)


def _profiles(db: Database, people: Iterable[int]) -> dict[int, list[Any]]:
    """All profiles of people, ghosts included."""
    found: dict[int, list[Any]] = defaultdict(list)
    sql = "SELECT person_id, connection_id, key, orcid FROM person_record WHERE person_id IN :values"
    for row in rows_in(db, sql, people):
        found[row.person_id].append(row)
    return found


def _vetoed(vetoes: Vetoes, output: _Told, profiles: list[Any]) -> bool:
    """Whether a forgotten link was between any record of this output and any profile of this person."""
    if not vetoes.any:
        return False
    own = [
        vetoes.own_pair(item.connection_id, item.key, profile.key)
        for item in (*output.items, *output.reaching)
        for profile in profiles
        if item.connection_id == profile.connection_id
    ]
    names = {name for each in profiles for name in vetoes.names_of(each.connection_id, each.key, each.orcid)}
    return vetoes.on_any(own) or vetoes.on_pair(output.identifiers, names)


_ITEMS = """
SELECT i.*, c.name AS connection, c.state AS state_of, c.require_author, c.position
FROM item i JOIN connection c ON c.id = i.connection_id WHERE i.output_id IN :values
"""
_REACHING = """
SELECT v.output_id, i.connection_id, i.key, i.visibility, i.closes_at, i.held_at, i.state
FROM output_vote v JOIN item i ON i.id = v.item_id
WHERE v.output_id IN :values
"""
_IDENTIFIERS = """
SELECT i.output_id, i.id AS item_id, i.state, x.counts, d.scheme, d.value FROM item i
JOIN item_identifier x ON x.item_id = i.id JOIN identifier d ON d.id = x.identifier_id WHERE i.output_id IN :values
"""
_JOURNAL = "INSERT INTO journal (id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING"
_OUTPUT = """
UPDATE output SET visibility = :visibility, closes_at = :closes_at, live = :live, requires_author = :requires_author,
  title = :title, terms = :terms, type = :type, journal = :journal, issn = :issn, published = :published, day = :day,
  precision = :precision, doi = :doi, conflict = :conflict,
  journal_id = coalesce((SELECT j.id FROM journal j WHERE j.name = :journal_name), 0) WHERE id = :id
"""
_LINKS = """
SELECT i.output_id, p.person_id, p.orcid, a.id, a.connection_id, a.item_key, a.person_key, a.visibility, a.closes_at,
  a.position AS link_position, c.position,
  CASE WHEN i.state = 1 AND a.state = 1 AND p.state = 1 AND c.people = 1 AND c.state <> 'removed'
       THEN 1 ELSE 0 END AS live
FROM item i
JOIN authorship_record a ON a.connection_id = i.connection_id AND a.item_key = i.key
JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
JOIN connection c ON c.id = a.connection_id
WHERE i.output_id IN :values
"""
_REACHING_LINKS = """
SELECT v.output_id, p.person_id, p.orcid, a.id, a.connection_id, a.item_key, a.person_key, a.visibility, a.closes_at,
  a.position AS link_position, 0 AS position, 0 AS live
FROM output_vote v JOIN item i ON i.id = v.item_id
JOIN authorship_record a ON a.connection_id = i.connection_id AND a.item_key = i.key
JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
WHERE v.output_id IN :values
"""
_AUTHORSHIP = """
INSERT INTO authorship (output_id, person_id, visibility, closes_at, position)
VALUES (:output, :person, :visibility, :closes_at, :place)
"""
