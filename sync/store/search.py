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
    alone: str = ""
    """A list of all outputs that are `chosen`, each once, where words are all that was asked for."""

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

    words_alone = len(parts) == 1 and search == Search(text=search.text, sort=search.sort, after=search.after)
    alone = _text(search.text, audience, postgresql=is_postgresql(db))[0] if words_alone else ""

    def marked(sql: str) -> str:
        return _PARAMETER.sub(rf":{mark}\1", sql)

    return Condition(
        marked(SEEN),
        marked(" AND ".join(sql for sql, _ in parts)),
        {f"{mark}{name}": value for name, value in values.items()},
        marked(alone),
    )


def _parts(search: Search, audience: Audience, *, postgresql: bool) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The first of the lists of outputs is the one to begin with, mostly the shortest. A sign before a column keeps
    SQLite from beginning with that one: to look through an index that has all of them takes less."""
    lists = list(_lists(search, audience, postgresql=postgresql))
    for place, (sql, told) in enumerate(lists):
        yield f"{'+' if place else ''}b.output_id IN ({sql})", told
    for phrase, words_ in enumerate(asked(search.text)[2]):
        yield (
            "EXISTS (SELECT 1 FROM badge_text p WHERE p.audience = b.audience AND p.output_id = b.output_id "
            f"AND ' ' || p.terms LIKE :phrase_{phrase})",
            {f"phrase_{phrase}": f"% {words_}%"},
        )
    if search.types:
        yield _among("coalesce(b.type, '')", "type", search.types)
    if search.journal:
        yield "b.journal_id = :journal", {"journal": search.journal}
    if search.since:
        yield "b.precision > 0 AND +b.day >= :since", {"since": first_day(search.since)[0]}
    if search.until:
        yield "b.precision > 0 AND +b.day <= :until", {"until": _last_day(search.until)}
    if search.mentioned:
        yield (
            "EXISTS (SELECT 1 FROM badge_source m "
            "WHERE m.audience = b.audience AND m.output_id = b.output_id AND m.mentions > 0)",
            {},
        )
    if search.least:
        yield "b.millipoints > :least", {"least": (search.least - 1) * 1000}  # what is shown is rounded up


def _lists(search: Search, audience: Audience, *, postgresql: bool) -> Iterator[tuple[str, Mapping[str, object]]]:
    if search.identifier:
        yield (
            "SELECT i.output_id FROM badge_identifier i "
            "WHERE i.audience = :audience AND i.scheme = :scheme AND i.value = :value",
            {"scheme": search.identifier.scheme, "value": search.identifier.value},
        )
    if search.group:
        yield (
            "SELECT g.output_id FROM badge_group g "
            "WHERE g.audience = :audience AND g.group_id = :group AND g.closes_at > :now",
            {"group": search.group},
        )
    if search.sources:
        sql, told = _among("s.source_id", "source", [SOURCES.get(name, 0) for name in search.sources])
        yield f"SELECT s.output_id FROM badge_source s WHERE s.audience = :audience AND {sql} AND s.mentions > 0", told
    if search.text:
        yield _text(search.text, audience, postgresql=postgresql)


def _among(column: str, name: str, values: tuple[str, ...] | list[int]) -> tuple[str, Mapping[str, object]]:
    named = {f"{name}_{place}": value for place, value in enumerate(values)}
    return f"{column} IN ({', '.join(f':{each}' for each in named)})", named


def _last_day(until: str) -> int:
    year, month, day = (*(int(part) for part in until.split("-")), 0, 0)[:3]
    month = month or 12
    return first_day(f"{year:04}-{month:02}-{day or monthrange(year, month)[1]:02}")[0]


def _text(text: str, audience: Audience, *, postgresql: bool) -> tuple[str, Mapping[str, object]]:
    """The outputs that have all words, in whatever order."""
    whole, beginning, _ = asked(text)
    if not whole and not beginning:
        return "SELECT 0 WHERE 1 = 0", {}
    if postgresql:
        told = " & ".join([*(f"'{word}'" for word in whole), *(f"'{word}':*" for word in beginning)])
        return (
            f"SELECT t.output_id FROM badge_text t WHERE t.audience = '{audience}' "
            "AND array_to_tsvector(string_to_array(t.terms, ' ')) @@ CAST(:text AS tsquery)",
            {"text": told},
        )
    told = " AND ".join([*(f'"{word}"' for word in whole), *(f'"{word}"*' for word in beginning)])
    return f"SELECT rowid FROM found_{audience} WHERE found_{audience} MATCH :text", {"text": told}


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
