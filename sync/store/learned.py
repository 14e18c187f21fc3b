"""What services that were asked have said of outputs: it goes when no source tells of the output any more.

It has no level and no vote, and no item is made of it. It reaches an output by the DOI that both have, fills in journal
and subjects where no source has any (`outputs`), and states versions as an item does (`versions`), which are counted
under the permission that holds for these.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import change_in, rows_in
from sync.store.wishes import wish


def of_outputs(db: Database, outputs: Iterable[int]) -> Mapping[int, list[Any]]:
    """What was said of outputs, in the order of the settings."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_in(db, _OF_OUTPUTS, outputs):
        found[row.output_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.position, row.id))
    return found


def by_connection(db: Database, connection: int) -> set[int]:
    """The outputs that what a connection has said is about, or is shared with."""
    said = rows_in(db, _SAID_BY, [connection])
    named = rows_in(db, _VERSIONS, [row.id for row in said])
    about = rows_in(db, OUTPUTS, {row.doi_id for row in said})
    return {row.output_id for row in about} | sharing(db, {row.identifier_id for row in named})


def settle(db: Database, outputs: Iterable[int]) -> set[int]:
    """Forget what was said of a DOI that no live item of these outputs has any more; the identifiers that it named."""
    return release(db, [row.identifier_id for row in rows_in(db, _NAMED, outputs)])


def release(db: Database, identifiers: Collection[int]) -> set[int]:
    """Forget what was asked and said of those identifiers that no live item has; the identifiers that it named."""
    lost = [row.id for row in rows_in(db, _LOST, identifiers)]
    said = rows_in(db, "SELECT id, asked_id FROM learned WHERE doi_id IN :values", lost)
    named = drop(db, [row.id for row in said])
    change_in(db, _NOT_ALL, {row.asked_id for row in said})
    change_in(db, "DELETE FROM asked WHERE subject = 'doi' AND subject_id IN :values", lost)
    return named


def release_people(db: Database, people: Collection[int]) -> set[int]:
    """Forget that these people were asked about, and what was said, where no source tells of them any more; the
    identifiers that it named."""
    asked = [row.id for row in rows_in(db, _GONE, people)]
    named = drop(db, [row.id for row in rows_in(db, "SELECT id FROM learned WHERE asked_id IN :values", asked)])
    change_in(db, "DELETE FROM asked WHERE id IN :values", asked)
    return named


def forget(db: Database, connection: int | None = None) -> set[int]:
    """Forget all that one connection was asked and said, or that all were; the identifiers that it named."""
    where = "" if connection is None else "WHERE connection_id = :id"
    asked = [row.id for row in db.execute(text(f"SELECT id FROM asked {where}"), {"id": connection} if where else {})]
    named = drop(db, [row.id for row in rows_in(db, "SELECT id FROM learned WHERE asked_id IN :values", asked)])
    change_in(db, "DELETE FROM asked WHERE id IN :values", asked)
    return named


def drop(db: Database, said: Collection[int]) -> set[int]:
    """Delete what was said; the identifiers that it named. Outputs that were said to have the same ones are wished for,
    since it may be theirs alone now."""
    named = {row.identifier_id for row in rows_in(db, _VERSIONS, said)}
    change_in(db, "DELETE FROM learned_version WHERE learned_id IN :values", said)
    change_in(db, "DELETE FROM learned WHERE id IN :values", said)
    wish(db, sharing(db, named))
    return named


def sharing(db: Database, identifiers: Iterable[int]) -> set[int]:
    """The outputs of which it was said that they have any of these identifiers."""
    return {row.output_id for row in rows_in(db, _SHARING, identifiers)}


HELD = """
EXISTS (SELECT 1 FROM item_identifier n JOIN item i ON i.id = n.item_id AND i.state = 1
        JOIN connection h ON h.id = i.connection_id AND h.state <> 'removed'
        WHERE n.identifier_id = {identifier} AND n.counts = 1)
"""
OUTPUTS = """
SELECT DISTINCT i.output_id FROM item_identifier n JOIN item i ON i.id = n.item_id AND i.output_id <> 0
WHERE n.counts = 1 AND n.identifier_id IN :values
"""
_SAID_BY = "SELECT l.id, l.doi_id FROM learned l JOIN asked a ON a.id = l.asked_id WHERE a.connection_id IN :values"
_VERSIONS = "SELECT DISTINCT identifier_id FROM learned_version WHERE learned_id IN :values"
_OF_OUTPUTS = """
SELECT DISTINCT i.output_id, l.id, l.journal, l.issns, l.subjects, l.raw, c.name AS connection, c.position, a.asked_at
FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN learned l ON l.doi_id = n.identifier_id
JOIN asked a ON a.id = l.asked_id JOIN connection c ON c.id = a.connection_id AND c.state <> 'removed'
WHERE EXISTS (SELECT 1 FROM learned) AND i.state = 1 AND i.output_id IN :values
"""
_NAMED = """
SELECT DISTINCT n.identifier_id FROM item i JOIN item_identifier n ON n.item_id = i.id
WHERE EXISTS (SELECT 1 FROM asked) AND i.output_id IN :values
"""
_LOST = f"""
SELECT d.id FROM identifier d
WHERE EXISTS (SELECT 1 FROM asked) AND d.id IN :values AND NOT {HELD.format(identifier="d.id")}
"""
# The digest of no answer: the same one is not taken for known, and what is left goes when nothing comes twice.
_NOT_ALL = "UPDATE asked SET digest = 'part' WHERE id IN :values"
_GONE = """
SELECT a.id FROM asked a WHERE a.subject = 'orcid' AND a.subject_id IN :values
  AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = a.subject_id AND p.live = 1)
"""
_SHARING = """
SELECT DISTINCT i.output_id FROM learned_version v JOIN learned l ON l.id = v.learned_id
JOIN item_identifier n ON n.identifier_id = l.doi_id AND n.counts = 1 JOIN item i ON i.id = n.item_id
WHERE i.output_id <> 0 AND v.identifier_id IN :values
"""
