"""What a search finds, as a condition on the badges of one audience: the same for lists, facets, totals and charts.

Texts are found in the index of that audience alone, which follows its badges by itself (migration 0010), and what is
found there is still joined to a badge that has not closed.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from scoring.rules import SOURCES
from sync.store.badges import Audience
from sync.store.clock import first_day
from sync.store.rows import is_postgresql
from sync.store.words import words

Sort = Literal["score", "newest", "title"]
SORTS: tuple[Sort, ...] = ("score", "newest", "title")
MOST_WORDS = 24  # of a text that are looked for
BEGINNING = 2  # letters from which on the last word of a text is the beginning of one

# The sign keeps SQLite from beginning with all badges that have not closed.
SEEN = "b.audience = :audience AND +b.closes_at > :now"

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_PHRASE = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for; everything that is set has to hold. `types` and `sources` are any of theirs.

    `since` and `until` are `YYYY[-MM[-DD]]`, both within; `least` is a displayed score; `journal` and `group` are their
    numbers, 0 for any; `after` is the place in the order of `sort` behind which the list goes on, empty for its
    beginning."""

    text: str = ""
    identifier: Identifier | None = None
    types: tuple[str, ...] = ()
    journal: int = 0
    group: int = 0
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    mentioned: bool = False
    least: int = 0
    sort: Sort = "score"
    after: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for the badges `b` that a search finds: `seen` is what its audience sees, `chosen` what of that was asked
    for, empty for everything. Together they are `sql`; `others` holds for what is seen and was not asked for."""

    seen: str
    chosen: str
    values: Mapping[str, object]

    @property
    def sql(self) -> str:
        return f"{self.seen} AND {self.chosen}" if self.chosen else self.seen

    @property
    def others(self) -> str:
        return f"{self.seen} AND NOT ({self.chosen or '1 = 1'})"


def condition(db: Database, audience: Audience, search: Search, *, now: int, mark: str = "") -> Condition:
    """What holds for the badges of an audience that a search finds, wherever its list begins. `mark` stands before the
    names of all parameters, so that two searches can be in one statement."""
    parts = list(_parts(search, audience, postgresql=is_postgresql(db)))
    values: dict[str, object] = {"audience": audience, "now": now}
    for _, told in parts:
        values |= told

    def marked(sql: str) -> str:
        return _PARAMETER.sub(rf":{mark}\1", sql)

    return Condition(
        marked(SEEN),
        marked(" AND ".join(sql for sql, _ in parts)),
        {f"{mark}{name}": value for name, value in values.items()},
    )


def _parts(search: Search, audience: Audience, *, postgresql: bool) -> Iterator[tuple[str, Mapping[str, object]]]:
    if search.text:
        yield _text(search.text, audience, postgresql=postgresql)
    if search.identifier:
        yield (
            "b.output_id IN (SELECT i.output_id FROM badge_identifier i "
            "WHERE i.audience = :audience AND i.scheme = :scheme AND i.value = :value)",
            {"scheme": search.identifier.scheme, "value": search.identifier.value},
        )
    if search.types:
        yield _among("b.type", "type", search.types)
    if search.journal:
        yield "b.journal_id = :journal", {"journal": search.journal}
    if search.group:
        yield (
            "b.output_id IN (SELECT g.output_id FROM badge_group g "
            "WHERE g.audience = :audience AND g.group_id = :group AND g.closes_at > :now)",
            {"group": search.group},
        )
    if search.sources:
        sql, told = _among("s.source_id", "source", [SOURCES.get(name, 0) for name in search.sources])
        yield (
            "b.output_id IN (SELECT s.output_id FROM badge_source s "
            f"WHERE s.audience = :audience AND {sql} AND s.mentions > 0)",
            told,
        )
    if search.since:
        yield "b.precision > 0 AND b.day >= :since", {"since": first_day(search.since)[0]}
    if search.until:
        yield "b.precision > 0 AND b.day <= :until", {"until": _last_day(search.until)}
    if search.mentioned:
        yield (
            "EXISTS (SELECT 1 FROM badge_source m "
            "WHERE m.audience = :audience AND m.output_id = b.output_id AND m.mentions > 0)",
            {},
        )
    if search.least:
        yield "b.millipoints > :least", {"least": (search.least - 1) * 1000}  # what is shown is rounded up


def _among(column: str, name: str, values: tuple[str, ...] | list[int]) -> tuple[str, Mapping[str, object]]:
    named = {f"{name}_{place}": value for place, value in enumerate(values)}
    return f"{column} IN ({', '.join(f':{each}' for each in named)})", named


def _last_day(until: str) -> int:
    year, month, day = (*(int(part) for part in until.split("-")), 0, 0)[:3]
    month = month or 12
    return first_day(f"{year:04}-{month:02}-{day or monthrange(year, month)[1]:02}")[0]


def _text(text: str, audience: Audience, *, postgresql: bool) -> tuple[str, Mapping[str, object]]:
    """All words are there, in whatever order; those of a phrase one after the other."""
    whole, beginning, phrases = asked(text)
    if not whole and not beginning:
        return "1 = 0", {}
    told: dict[str, object] = {}
    if postgresql:
        told["text"] = " & ".join([*(f"'{word}'" for word in whole), *(f"'{word}':*" for word in beginning)])
        found = (
            f"SELECT t.output_id FROM badge_text t WHERE t.audience = '{audience}' "
            "AND array_to_tsvector(string_to_array(t.terms, ' ')) @@ CAST(:text AS tsquery)"
        )
    else:
        told["text"] = " AND ".join([*(f'"{word}"' for word in whole), *(f'"{word}"*' for word in beginning)])
        found = f"SELECT rowid FROM found_{audience} WHERE found_{audience} MATCH :text"
    sql = f"b.output_id IN ({found})"
    for place, phrase in enumerate(phrases):
        told[f"phrase_{place}"] = f"% {phrase}%"
        sql += (
            " AND EXISTS (SELECT 1 FROM badge_text p WHERE p.audience = b.audience AND p.output_id = b.output_id "
            f"AND ' ' || p.terms LIKE :phrase_{place})"
        )
    return sql, told


def asked(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of a text that are looked for whole, the one that is the beginning of a word, if there is one, and what
    has to stand just so: within quotes, and what is one word to whoever wrote it. A phrase that does not end with a
    blank goes on."""
    whole: list[str] = []
    phrases: list[str] = []
    beginning: list[str] = []
    for found in _PHRASE.finditer(text):
        quoted, told = found[1] is not None, words(found[1] if found[1] is not None else found[2])
        told = told[: MOST_WORDS - len(whole)]
        goes_on = bool(told) and not quoted and found.end() == len(text) and len(told[-1]) >= BEGINNING
        whole += told[:-1] if goes_on else told
        beginning += told[-1:] if goes_on else []
        if len(told) > 1:
            phrases.append(" ".join(told) + ("" if goes_on else " "))
    return whole, beginning, phrases
