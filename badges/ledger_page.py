"""The ledger as the page shows it: by source, the one that brought most first, and within a source what counted before
what did not, so that whoever adds up the lines meets the sums."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from badges.card import NAMES
from badges.language import Language
from badges.ledger import GAMING, title, who, why, why_counted
from badges.views import SHORT, plain, shortened, source_name, web
from badges.wanted import value
from scoring.rules import SOURCES as NUMBERS
from scoring.rules import RuleSet
from scoring.words import Clause
from sync import store
from sync.store import Ledger

LINES = 100  # of a ledger on one page
LONG = 120  # characters of a title

Line = Mapping[str, Any]


class Asked(NamedTuple):
    """Which part of a ledger: a page of one source, or of each source the beginning."""

    source: str = ""
    page: int = 1


class Part(NamedTuple):
    """The lines of one source that a page shows, and what is said of all of them; `first` is the place of the first."""

    source: str
    size: int
    counted: int
    millipoints: int
    first: int
    lines: Sequence[Line]

    @property
    def whole(self) -> bool:
        """Whether no line is missing here."""
        return len(self.lines) == self.size


def asked(query: bytes) -> Asked | None:
    """What `?source=` and `?page=` ask for; None for what is neither a source nor a page."""
    told, page = value(query, b"source"), value(query, b"page")
    if told is None:
        return Asked() if page is None else None
    source, number = told.decode("latin-1"), (b"1" if page is None else page).decode("latin-1")
    if source not in NUMBERS or not (number.isascii() and number.isdigit() and len(number) < 6 and int(number)):
        return None
    return Asked(source, int(number))


def parts(ledger: Ledger, which: Asked) -> list[Part]:
    """The parts of a ledger for one page; none where there is no such page."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in (*ledger.mentions, *ledger.counts):
        found[NAMES[line["source"]]].append(line)
    if which.source:
        first = (which.page - 1) * LINES
        lines = found.get(which.source, [])
        return [_part(which.source, lines, first, LINES)] if first < len(lines) else []
    whole = [_part(source, lines, 0, len(lines)) for source, lines in found.items()]
    whole.sort(key=lambda part: (-part.millipoints, NUMBERS[part.source]))
    most = shares([part.size for part in whole], LINES)
    return [part._replace(lines=part.lines[:some]) for part, some in zip(whole, most, strict=True)]


def shares(sizes: Sequence[int], most: int) -> list[int]:
    """How much of each fits into so many lines: of all the same, and what some leave over goes to the first."""
    fair = most // max(1, len(sizes))
    given = [min(size, fair) for size in sizes]
    left = most - sum(given)
    for place, size in enumerate(sizes):
        more = min(size - given[place], left)
        given[place] += more
        left -= more
    return given


def shown_part(part: Part, rules: RuleSet, language: Language, *, own: set[str], page: str) -> dict[str, Any]:
    """A part in words. `own` are the output's identifiers, of which nothing need be said; `page` the address of its
    page. Every mention in it has been told of (`store.ledger_mentions`)."""
    last = part.first + len(part.lines)
    number = part.first // LINES + 1

    def at(page_number: int) -> str:
        told = {"source": part.source, **({"page": page_number} if page_number > 1 else {})}
        return f"{page}?{urlencode(told)}"

    return {
        "source": part.source,
        "name": language.say(source_name(part.source)),
        "points": language.number(part.millipoints / 1000),
        "size": part.size,
        "counted": part.counted,
        "whole": part.whole,
        "number": number,
        "first": part.first + 1,
        "last": last,
        "all": at(1),
        "before": at(number - 1) if number > 1 else "",
        "after": at(number + 1) if last < part.size else "",
        "lines": [_row(line, rules, language, own) for line in part.lines],
    }


def said(told: tuple[Clause, ...], language: Language) -> str:
    """A sentence of the ledger in a language."""
    return "; ".join(
        language.say(each.text, **{name: language.number(number) for name, number in each.values.items()})
        for each in told
    )


def _part(source: str, lines: Sequence[Line], first: int, most: int) -> Part:
    ordered = sorted(lines, key=lambda line: not line["counted"])  # each half stays in the order of time
    return Part(
        source=source,
        size=len(lines),
        counted=sum(line["counted"] for line in lines),
        millipoints=sum(line["millipoints"] for line in lines),
        first=first,
        lines=ordered[first : first + most],
    )


def _row(line: Line, rules: RuleSet, language: Language, own: set[str]) -> dict[str, Any]:
    common = {
        "points": language.number(line["millipoints"] / 1000),
        "idle": not line["millipoints"],
        "counted": bool(line["counted"]),
    }
    if "mention" not in line:
        count = language.count("%(n)s mention, told as a number", "%(n)s mentions, told as a number", line["units"])
        told = {"text": count, "spelt": True, "address": "", "who": "", "of_version": ""}
        return {**common, **told, "at": store.stamp(line["known"]), "why": said(why_counted(line, rules), language)}
    shy = line["reason"] == GAMING
    url = "" if shy else line["told"].url
    named = "" if shy else plain(title(line))
    address = plain(url.removeprefix("https://").removeprefix("http://"))
    under = "" if shy or line["under"] is None else str(line["under"])
    return {
        **common,
        "at": store.stamp(line["occurred"]),
        "who": language.say("not shown") if shy else shortened(who(line), LONG),
        "text": shortened(named, LONG) or shortened(address),
        "spelt": not named and len(address) <= SHORT,
        "address": web(url),
        "why": said(why(line, rules), language),
        "of_version": "" if under in own else under,
    }
