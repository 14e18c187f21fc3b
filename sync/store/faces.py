"""What `serve` asks of the store: one badge in one statement, and at which generation of the store it was read."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from pydantic_core import from_json

from connectors.identifiers import Identifier
from sync.store.badges import Audience

Mark = tuple[int, str]  # which opening of the store, and its generation


class Piece(NamedTuple):
    """What one source brought to a score."""

    source: int
    mentions: int
    units: int
    millipoints: int
    tallied: int


class Face(NamedTuple):
    """What the picture and the document of one badge are made of."""

    output: int
    title: str
    score: int
    millipoints: int
    basis: str
    rules: str
    version: str
    closes_at: int
    identifiers: tuple[Identifier, ...]
    breakdown: tuple[Piece, ...]


class Hot(ABC):
    """The badges of a store, for one thread at a time.

    Every method raises `StoreError` while the store cannot be read. Every question is a transaction of its own, so each
    sees all that was committed before it, by whichever process."""

    @abstractmethod
    def mark(self) -> Mark:
        """What was read before this was another may no longer be so."""

    @abstractmethod
    def _row(self, statement: int, values: tuple[object, ...]) -> tuple[int, Any] | None:
        """The opening, and the row of one of the two `questions`; None where there is none."""

    @abstractmethod
    def close(self) -> None:
        """Let the store go; the next question opens it again."""

    def find(self, audience: Audience, wanted: Identifier | int, *, now: int) -> tuple[Mark, Face] | None:
        """The badge of an output, and the mark at which it was read; None when there is none, for whatever reason."""
        if isinstance(wanted, int):
            found = self._row(BY_PUBLIC_ID, (audience, wanted, now))
        else:
            found = self._row(BY_IDENTIFIER, (audience, wanted.scheme, wanted.value, now))
        if found is None:
            return None
        opened, (generation, *told, identifiers, parts) = found
        named = tuple(Identifier(scheme, value) for scheme, value in from_json(identifiers))
        public, title, score, millipoints, basis, rules, version, closes_at = told
        breakdown = tuple(map(Piece._make, from_json(parts)))
        face = Face(public, title, score, millipoints, basis, rules, version, closes_at, named, breakdown)
        return (opened, generation), face


BY_PUBLIC_ID, BY_IDENTIFIER = range(2)
GENERATION = "SELECT value FROM meta WHERE name = 'generation'"


def questions(list_of: str, pair: str, mark: str) -> tuple[str, str]:
    """The two statements: by public id, and by identifier; `list_of` and `pair` make a JSON list of many rows and of
    one, `mark` stands for a value."""
    face = f"""
SELECT ({GENERATION}), b.public_id, b.title, b.score, b.millipoints, b.basis,
  b.rules, b.version, b.closes_at,
  (SELECT coalesce({list_of}({pair}(scheme, value)), '[]') FROM (
     SELECT scheme, value FROM badge_identifier n
     WHERE n.audience = b.audience AND n.output_id = b.output_id ORDER BY scheme, value) AS named),
  (SELECT coalesce({list_of}({pair}(source_id, mentions, units, millipoints, tallied)), '[]') FROM (
     SELECT * FROM badge_source s
     WHERE s.audience = b.audience AND s.output_id = b.output_id ORDER BY source_id) AS parts)
"""
    # CROSS JOIN and the order keep SQLite from beginning with all badges of the audience.
    return (
        f"{face} FROM badge b WHERE b.audience = {mark} AND b.public_id = {mark} AND b.closes_at > {mark}",
        f"""{face}
FROM badge_identifier i CROSS JOIN badge b
WHERE b.audience = i.audience AND b.output_id = i.output_id
  AND i.audience = {mark} AND i.scheme = {mark} AND i.value = {mark} AND b.closes_at > {mark}
ORDER BY i.output_id LIMIT 1
""",
    )
