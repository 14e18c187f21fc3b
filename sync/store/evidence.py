"""What was seen of the identifiers that mentions name, and what administrators ruled of that: why each tie is there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database

from connectors.attention import CONFIRMED, Evidence, Mention
from connectors.identifiers import Identifier
from sync.store.rows import change_in, insert, rows_in

REFUSED, CONFIRMS = -1, 1  # verdicts


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """How a mention came to name an identifier. `method` is empty where its source told no evidence, and so is `level`
    unless somebody confirmed it; `refused`: by hand, and it ties the mention to nothing."""

    identifier: Identifier
    refused: bool
    method: str
    level: str


@dataclass(frozen=True, slots=True, order=True)
class Tie(Way):
    """The same with what was quoted, for administrators; empty where there is no evidence."""

    excerpt: str
    digest: str
    extractor: str


def put(
    db: Database, told: Mapping[int, Mention], identifiers: Mapping[Identifier, int], unquoted: Collection[int]
) -> None:
    """Store what was told with mentions, by their row keys, of which nothing is stored yet; without the words of those
    that are unquoted."""
    rows = [_row(mention, each, identifiers) for mention, one in told.items() for each in one.evidence]
    insert(db, "evidence", _COLUMNS, rows)
    shed(db, unquoted)


def drop(db: Database, mentions: Collection[int]) -> None:
    """Forget what was told of mentions."""
    change_in(db, "DELETE FROM evidence WHERE mention_id IN :values", mentions)


def shed(db: Database, mentions: Collection[int]) -> None:
    """Forget the words that were quoted; how they were found stays. A source that takes something back may ask for
    that."""
    change_in(db, "UPDATE evidence SET excerpt = '' WHERE mention_id IN :values", mentions)


def silence(db: Database, mentions: Collection[int]) -> None:
    """Forget the words that were quoted for good: whoever was erased was named in them, and who tells them again does
    not know that."""
    shed(db, mentions)
    change_in(db, "UPDATE mention SET unquoted = 1 WHERE id IN :values", mentions)


def ways(db: Database, mentions: Iterable[int]) -> dict[int, list[Way]]:
    """How mentions came to name what they name, by their row keys, in the order of the identifiers."""
    found: dict[int, list[Way]] = defaultdict(list)
    for row in rows_in(db, _WAYS.format(more=""), mentions):
        found[row.mention_id].append(Way(*_way(row)))
    return {mention: sorted(each) for mention, each in found.items()}


def ties(db: Database, mentions: Iterable[int]) -> dict[int, list[Tie]]:
    """The same with what was quoted, for administrators."""
    found: dict[int, list[Tie]] = defaultdict(list)
    for row in rows_in(db, _WAYS.format(more=_QUOTED), mentions):
        found[row.mention_id].append(Tie(*_way(row), row.excerpt, row.digest, row.extractor))
    return {mention: sorted(each) for mention, each in found.items()}


def told(db: Database, public: int) -> list[Evidence]:
    """What was told with a mention, by its public id, as far as it is quoted still."""
    return [of(row) for row in rows_in(db, _TOLD, [public])]


def of(row: Any) -> Evidence:
    """The evidence of a row that has its identifier beside it."""
    return Evidence(
        identifier=Identifier(row.scheme, row.value),
        method=row.method,
        level=row.level,
        excerpt=row.excerpt,
        digest=row.digest,
        extractor=row.extractor,
    )


def replace(db: Database, told: Mapping[int, Collection[Evidence]], identifiers: Mapping[Identifier, int]) -> None:
    """Put other evidence of some identifiers in the place of what there is, by the row keys of mentions."""
    for mention, some in told.items():
        named = [identifiers[each.identifier] for each in some]
        change_in(db, "DELETE FROM evidence WHERE mention_id = :m AND identifier_id IN :values", named, m=mention)
    insert(
        db, "evidence", _COLUMNS, [_row(mention, each, identifiers) for mention, some in told.items() for each in some]
    )


def _row(mention: int, each: Evidence, identifiers: Mapping[Identifier, int]) -> tuple[object, ...]:
    named = identifiers[each.identifier]
    return mention, named, each.method, each.level, each.excerpt, each.digest, each.extractor


def _way(row: Any) -> tuple[Identifier, bool, str, str]:
    level = CONFIRMED if row.verdict == CONFIRMS else row.level
    return Identifier(row.scheme, row.value), row.verdict == REFUSED, row.method, level


_COLUMNS = ("mention_id", "identifier_id", "method", "level", "excerpt", "digest", "extractor")
_QUOTED = """,
  coalesce(e.excerpt, '') AS excerpt, coalesce(e.digest, '') AS digest, coalesce(e.extractor, '') AS extractor"""
_TOLD = """
SELECT d.scheme, d.value, e.* FROM mention m JOIN evidence e ON e.mention_id = m.id AND e.excerpt <> ''
JOIN identifier d ON d.id = e.identifier_id WHERE m.public_id IN :values
"""
_WAYS = """
SELECT t.mention_id, d.scheme, d.value, t.verdict,
  coalesce(e.method, '') AS method, coalesce(e.level, '') AS level{more}
FROM mention_target t JOIN identifier d ON d.id = t.identifier_id
LEFT JOIN evidence e ON e.mention_id = t.mention_id AND e.identifier_id = t.identifier_id
WHERE t.mention_id IN :values
"""
