"""A share of voice in numbers and pictures, as its page and its files tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badges.charts import share as chart
from badges.language import Language
from badges.periods import Period
from badges.share_asked import Asked, Kind
from badges.views import source_name
from scoring.rules import SOURCES
from sync.store import Voices

LEAST = 30  # below which nothing is told in percent
TALL, LOW = 240, 80  # pixels of the pictures

PLACES: Mapping[Kind, str] = {"groups": "/groups/", "journals": "/journals/", "searches": "/search?"}
NAMES = {number: name for name, number in SOURCES.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each side was heard, in one period or by one source or in all."""

    counts: Sequence[int]

    @property
    def sum(self) -> int:
        return sum(self.counts)

    @property
    def shares(self) -> list[float] | None:
        """Of one; None for so few that a share would say nothing."""
        return [count / self.sum for count in self.counts] if self.sum >= LEAST else None

    @property
    def cells(self) -> list[tuple[int, float | None]]:
        """Every count with its share."""
        shares = self.shares
        return [(count, None if shares is None else shares[place]) for place, count in enumerate(self.counts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was asked, between whom by name, and what was counted. `current` is the period that is not over."""

    asked: Asked
    names: tuple[str, ...]
    voices: Voices
    current: Period

    @property
    def total(self) -> Counted:
        return Counted(self.voices.totals)

    @property
    def lines(self) -> list[tuple[Period, Counted]]:
        """Every period with what was counted in it, in their order."""
        return list(zip(self.asked.periods, map(Counted, self.voices.counts), strict=True))

    @property
    def by_source(self) -> list[tuple[str, Counted]]:
        """The sources that were heard, the loudest first."""
        told = [(NAMES[number], Counted(counts)) for number, counts in self.voices.sources.items()]
        return sorted(told, key=lambda each: (-each[1].sum, each[0]))

    def finished(self, period: Period) -> bool:
        return period.number < self.current.number


def view(told: Told, language: Language) -> dict[str, Any]:
    """What the template shows of it."""
    return {
        "sides": [
            {
                "name": name,
                "address": PLACES[told.asked.kind] + told.asked.codes[place],
                "swatch": chart.swatch(place),
                "outputs": told.voices.outputs[place],
                "total": told.voices.totals[place],
                "share": told.total.cells[place][1],
            }
            for place, name in enumerate(told.names)
        ],
        "total": told.total,
        "lines": [
            {"period": period.label(language), "over": told.finished(period), "counted": counted}
            for period, counted in reversed(told.lines)
        ],
        "by_source": [(source_name(source), counted) for source, counted in told.by_source],
        "shared": told.voices.shared,
        "together": told.voices.together,
        "pictures": pictures(told, language),
        "few": any(counted.sum and counted.shares is None for _, counted in told.lines),
        "first": told.asked.first.label(language),
        "last": told.asked.last.label(language),
        "running": not told.finished(told.asked.last),
    }


def pictures(told: Told, language: Language) -> dict[str, Any]:
    """The columns of shares, those of counts with the highest of them, and the axis; none where nobody was heard."""
    highest = max(counted.sum for _, counted in told.lines)
    if not highest:
        return {}
    shares = [counted.shares for _, counted in told.lines]
    counts = [[count / highest for count in counted.counts] for _, counted in told.lines]
    running = not told.finished(told.asked.last)
    some = any(shares)
    return {
        "patterns": chart.patterns(),
        "shares": chart.columns(shares, height=TALL, running=running, letters=True) if some else "",
        "counts": chart.columns(counts, height=LOW if some else TALL, running=running, letters=not some),
        "axis": chart.axis([period.label(language, short=True) for period, _ in told.lines]),
        "highest": highest,
    }
