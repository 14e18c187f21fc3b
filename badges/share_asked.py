"""What a share of voice is asked for, as its address says it: between whom, of what, by which source, when.

Nothing here knows whether a group, a journal or an output is there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from string import punctuation
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote, urlencode

from badges.families import FAMILIES
from badges.language import marked
from badges.periods import UNITS, Period, Unit, between, holding, read
from badges.searched import LONGEST, beginning, written
from badges.searched import read as search_of
from scoring.rules import SOURCES
from sync.store import SORTS, Measure, Search

Kind = Literal["groups", "journals", "searches"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ONE: Mapping[Kind, str] = {"groups": "group", "journals": "journal", "searches": "search"}  # the parameter of each
MEASURES: tuple[Measure, ...] = get_args(Measure)
FAMILY = "family:"  # before the name of a family, since one of them is called like a source
OF_FAMILY = {f"{FAMILY}{each.name}": each.sources for each in FAMILIES if len(each.sources) > 1}
FAMILY_LABELS = {f"{FAMILY}{each.name}": each.label for each in FAMILIES if len(each.sources) > 1}

FEWEST, MOST = 2, 6  # sides
LONG = {"month": 24, "quarter": 12, "year": 10}  # periods where no beginning is asked for, the running one among them
MOST_PERIODS = 120

_ADDRESS = re.compile(r"(?:https?:/)?/[^?]*\?", re.IGNORECASE)
_QUERY = re.compile(r"(?:q|id|type|journal|group|source|from|to|mentioned|min|sort|after)=")
_NUMBER = re.compile("[1-9][0-9]{0,15}", re.ASCII)


class WrongError(ValueError):
    """What cannot be asked so, as a text that a language says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`wanted` are what to look for, each once: a group, a journal or more, by `kind`; None for what has no number that
    one could have. `source` is empty for all; `first` and `last` are periods of one unit; `begins` and `ends` what was
    asked for, empty where nothing was."""

    kind: Kind
    wanted: tuple[Search | None, ...]
    measure: Measure
    source: str
    first: Period
    last: Period
    begins: str
    ends: str

    @property
    def unit(self) -> Unit:
        return self.first.unit

    @property
    def periods(self) -> list[Period]:
        return list(between(self.first, self.last))

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of the sources that are asked for; none for all."""
        names = OF_FAMILY.get(self.source) or ((self.source,) if self.source else ())
        return tuple(SOURCES[name] for name in names)

    @property
    def codes(self) -> tuple[str, ...]:
        """Each side as its parameter says it."""
        return tuple(code(self.kind, each) for each in self.wanted if each)

    def query(self, **instead: str) -> str:
        """The query of its address, in one order and without what goes without saying; some of it as `instead` says."""
        told = {
            "measure": self.measure if self.measure != MEASURES[0] else "",
            "source": self.source,
            "period": self.unit if self.unit != UNITS[0] else "",
            "from": self.begins,
            "to": self.ends,
        } | instead
        sides = [(ONE[self.kind], each) for each in self.codes]
        return urlencode([("between", self.kind), *sides, *((name, text) for name, text in told.items() if text)])


def code(kind: Kind, wanted: Search) -> str:
    """A side as its parameter says it: a number, or a search as the query of its own address."""
    return {"groups": str(wanted.group), "journals": str(wanted.journal), "searches": written(wanted)}[kind]


def asked(query: bytes, today: date) -> Asked:
    """What a query asks for, on a day. Raises `WrongError`."""
    if len(query) > LONGEST:
        raise WrongError(marked("This address is too long."))
    pairs = [(name, text.strip()) for name, text in parse_qsl(query.decode("latin-1"), errors="replace")]
    told = dict(reversed(pairs))  # what comes first counts
    kind = _kind(told)
    wanted = _wanted(kind, (text for name, text in pairs if name == ONE[kind] and text))
    source = told.get("source", "")
    if source and source not in SOURCES and source not in OF_FAMILY:
        raise WrongError(marked("There is no such source."))
    measure = told.get("measure") or MEASURES[0]
    if measure not in MEASURES:
        raise WrongError(marked("What is counted is either mentions or outputs."))
    begins, ends = told.get("from", ""), told.get("to", "")
    first, last = _range(told.get("period") or UNITS[0], begins, ends, today)
    return Asked(
        kind=kind, wanted=wanted, measure=measure, source=source, first=first, last=last, begins=begins, ends=ends
    )


def _kind(told: Mapping[str, str]) -> Kind:
    """As it is named, else what the first side is."""
    named = told.get("between") or next((kind for kind in KINDS if ONE[kind] in told), KINDS[0])
    if named not in KINDS:
        raise WrongError(marked("Groups, journals or searches can be compared."))
    return named


def _wanted(kind: Kind, told: Iterable[str]) -> tuple[Search | None, ...]:
    found = tuple(dict.fromkeys(_searched(text) if kind == "searches" else _numbered(kind, text) for text in told))
    if len(found) > MOST:
        raise WrongError(marked("At most six can be compared at once."))
    if Search() in found:
        raise WrongError(marked("A search has to look for something."))
    return found


def _numbered(kind: Kind, told: str) -> Search | None:
    if not _NUMBER.fullmatch(told):
        return None
    return Search(group=int(told)) if kind == "groups" else Search(journal=int(told))


def _searched(told: str) -> Search:
    """A search from its address, or the query of it, or the words that it looks for."""
    query = _ADDRESS.sub("", told, count=1) if _ADDRESS.match(told) else told
    search = search_of((quote(query, safe=punctuation) if _QUERY.match(query) else urlencode({"q": told})).encode())
    return replace(beginning(search), sort=SORTS[0])


def _range(unit: str, begins: str, ends: str, today: date) -> tuple[Period, Period]:
    if unit not in UNITS:
        raise WrongError(marked("A period is a month, a quarter or a year."))
    last = min(holding(unit, _day(ends)[1] if ends else today), holding(unit, today))
    first = holding(unit, _day(begins)[0]) if begins else Period(unit, last.number - LONG[unit] + 1)
    if first.number > last.number:
        raise WrongError(marked("The time ends before it begins."))
    if last.number - first.number >= MOST_PERIODS:
        raise WrongError(marked("These are too many periods at once; choose longer ones, or a shorter time."))
    return first, last


def _day(told: str) -> tuple[date, date]:
    days = read(told)
    if days is None:
        raise WrongError(marked("A time is written as 2026-03 or 2026."))
    return days
