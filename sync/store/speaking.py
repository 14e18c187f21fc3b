"""When, where and by whom an output was spoken of: what is drawn of its ledger.

Counted are the mentions of the audience's ledger (`spoken` says which), so they are as many as the badge's mentions of
each source. Numbers of which no mention is known say neither when nor who.

Of accounts nothing is told one by one: how many have how many followers, and that only where enough tell it. The ledger
names them, so the followers of one alone would be the followers of somebody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection as Database

from connectors.countries import COUNTRIES
from scoring.rules import SOURCES, UNITS, RuleSet
from sync.store import facts
from sync.store.badges import Shown
from sync.store.periods import Per, Period, number, periods
from sync.store.rows import rows_in
from sync.store.spoken import BANDS, Band, Spoken, spoken

OFFICES = frozenset({"AP", "EA", "EP", "EU", "GC", "OA", "WO"})  # patent offices of many countries (WIPO ST.3)
ENOUGH = 5  # accounts whose followers are known, from which on they are told together
TOP = 10  # outlets that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """So many mentions by a source in a period (its place among them), from one `place`: a country, one of `OFFICES`,
    or "" where none is known."""

    period: int
    source: int
    place: str
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Who speaks in a source: how many different ones are known. `tier` is an outlet's, 0 unless it is known."""

    source: int
    tier: int
    speakers: int
    mentions: int
    reposts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An outlet, blog or show."""

    name: str
    source: int
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Accounts, all together. `bands` tells how many have as many followers as from `BANDS`, and `reach` how many
    followers these have in all, at most; it is rounded up. Both are empty where fewer than `ENOUGH` tell a number."""

    different: int
    silent: int
    bands: tuple[int, ...]
    reach: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """All of it. The cells add up to `mentions`, and so do the kinds. `days` are the first and the last. `outlets` are
    those with most mentions; `others` are (how many more there are, their mentions)."""

    mentions: int
    days: tuple[date, ...]
    per: Per
    periods: tuple[Period, ...]
    cells: tuple[Cell, ...]
    kinds: tuple[Kind, ...]
    outlets: tuple[Named, ...]
    others: tuple[int, int]
    accounts: Accounts


def speaking(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> Speaking:
    """Who speaks of an output.

    It takes a badge, so that nobody can ask for this of what an audience may not see."""
    rows, bands = spoken(db, shown, rules, now=now)
    heard = _heard(db, rows)
    days = tuple(date.fromordinal(row[0]) for row in (min(rows), max(rows))) if rows else ()
    per, steps = periods(*days) if days else ("day", ())
    named = _named(heard)
    return Speaking(
        mentions=sum(each.mentions for each in heard.values()),
        days=days,
        per=per,
        periods=steps,
        cells=tuple(_cells(rows, per, heard)),
        kinds=tuple(_kinds(heard, bands)),
        outlets=tuple(named[:TOP]),
        others=(len(named[TOP:]), sum(each.mentions for each in named[TOP:])),
        accounts=_accounts(bands),
    )


@dataclass(slots=True)
class _Heard:
    """A speaker, over all days."""

    name: str = ""
    place: str = ""
    tier: int = 0
    mentions: int = 0
    reposts: int = 0


_Speaker = tuple[int, int, int]  # source, outlet, unit


def _heard(db: Database, rows: Sequence[Spoken]) -> dict[_Speaker, _Heard]:
    """Who speaks, and what is known of them."""
    heard: dict[_Speaker, _Heard] = defaultdict(_Heard)
    for _, source, outlet, unit, mentions, reposts in rows:
        each = heard[source, outlet, unit]
        each.mentions += mentions
        each.reposts += reposts
    outlets = {row.outlet: row for row in rows_in(db, _OUTLETS, {outlet for _, outlet, _ in heard} - {-1})}
    offices = {unit for source, _, unit in heard if source == _PATENT} - {-1}
    applied = {row.id: row.name.partition(":")[2].upper() for row in rows_in(db, _UNITS, offices)}
    for (source, outlet, unit), each in heard.items():
        if source == _PATENT and applied.get(unit) in COUNTRIES | OFFICES:
            each.place = applied[unit]
        if told := outlets.get(outlet):
            each.name = told.name
            each.place = told.country.upper() if told.country.upper() in COUNTRIES else ""
            each.tier = told.tier if source == _NEWS and 1 <= told.tier <= 4 else 0
    return heard


def _cells(rows: Sequence[Spoken], per: Per, heard: Mapping[_Speaker, _Heard]) -> Iterable[Cell]:
    """By period, source and place."""
    found: Counter[tuple[int, int, str]] = Counter()
    numbers = {day: number(per, date.fromordinal(day)) for day in {row[0] for row in rows}}
    first = min(numbers.values(), default=0)
    for day, source, outlet, unit, mentions, _ in rows:
        found[numbers[day] - first, source, heard[source, outlet, unit].place] += mentions
    for (period, source, place), mentions in sorted(found.items()):
        yield Cell(period=period, source=source, place=place, mentions=mentions)


def _named(heard: Mapping[_Speaker, _Heard]) -> list[Named]:
    """Most mentions first, then by name."""
    outlets = [
        Named(name=each.name, source=source, mentions=each.mentions)
        for (source, outlet, _), each in heard.items()
        if outlet != -1 and source in _BY_OUTLET
    ]
    return sorted(outlets, key=lambda each: (-each.mentions, each.name, each.source))


def _kinds(heard: Mapping[_Speaker, _Heard], bands: Sequence[Band]) -> Iterable[Kind]:
    """By source, then tier."""
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for (source, outlet, unit), each in heard.items():
        known = outlet if source in _BY_OUTLET else unit
        sums = found[source, each.tier]
        sums[:] = sums[0] + (known != -1), sums[1] + each.mentions, sums[2] + each.reposts
    for row in bands:
        found[row.source_id, 0][0] += row.accounts
    for (source, tier), (speakers, mentions, reposts) in sorted(found.items()):
        yield Kind(source=source, tier=tier, speakers=speakers, mentions=mentions, reposts=reposts)


def _accounts(bands: Sequence[Band]) -> Accounts:
    sizes = Counter(dict.fromkeys(BANDS, 0))
    for row in bands:
        sizes[row.band] += row.accounts
    silent = sizes.pop(-1, 0)
    telling = sizes.total()
    enough = telling >= ENOUGH
    return Accounts(
        different=telling + silent,
        silent=silent,
        bands=tuple(sizes[band] for band in BANDS) if enough else (),
        reach=_rounded(sum(int(row.followers) for row in bands if row.band >= 0)) if enough else 0,
    )


def _rounded(total: int) -> int:
    """Up to two digits, so that one account more does not tell its number."""
    step = int(10 ** max(0, len(str(total)) - 2))
    return -(-total // step) * step


_NEWS, _PATENT = SOURCES["news"], SOURCES["patent"]
_BY_OUTLET = frozenset(number for name, number in SOURCES.items() if UNITS[name] in ("outlet", "blog", "show"))
_OUTLETS = f"{facts.OUTLETS_NAMED} WHERE o.id IN :values"
_UNITS = "SELECT id, name FROM unit WHERE id IN :values"
