"""Rank and percentile of one output among four populations, from the counts of context.sql."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AGE_DAYS = 42  # six weeks either way
LEAST_FOR_PERCENTILE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`rank`: 1 + the outputs with a higher score. `percentile`: the share at or below, in percent with one decimal;
    None where the population is below 30. The output itself is among the `count`."""

    count: int
    rank: int
    percentile: float | None

    def as_json(self) -> dict[str, object]:
        """As `explain --json` prints it."""
        return {"count": self.count, "rank": self.rank, "percentile": self.percentile}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`inserted`: the output is none of the population, and is ranked as if it were.

    None where there is no such population: no journal, or a date coarser than a month."""

    all: Place
    journal: Place | None
    similar_age: Place | None
    similar_age_journal: Place | None
    inserted: bool = False

    def as_json(self) -> dict[str, object]:
        """As `explain --json` prints it: an empty object where there is no such population, and each place of an output
        that is none of the population says so."""
        also = {"inserted": True} if self.inserted else {}
        places = {
            "all": self.all,
            "journal": self.journal,
            "similar_age": self.similar_age,
            "similar_age_journal": self.similar_age_journal,
        }
        return {name: place.as_json() | also if place else {} for name, place in places.items()}


@cache
def statement() -> str:
    """The counts, one row of eight, over a table or CTE `population`; parameters are written `:name`."""
    return files("scoring").joinpath("context.sql").read_text(encoding="utf-8")


def parameters(*, millipoints: int, journal: int, day: int, precise: bool) -> dict[str, int]:
    """What `statement` asks for: of the one output, the same four things the population has."""
    return {
        "output_millipoints": millipoints,
        "journal": journal,
        "day": day,
        "has_day": int(precise),
        "window": AGE_DAYS,
    }


def context(
    counts: tuple[int, int, int, int, int, int, int, int], *, journal: int, precise: bool, inside: bool
) -> Context:
    """The row that `statement` gave, read. An output that is not `inside` the population is ranked as if inserted."""
    pairs = zip(counts[::2], counts[1::2], strict=True)
    everyone, same_journal, similar_age, both = (_place(count + (not inside), higher) for count, higher in pairs)
    return Context(
        all=everyone,
        journal=same_journal if journal else None,
        similar_age=similar_age if precise else None,
        similar_age_journal=both if journal and precise else None,
        inserted=not inside,
    )


def _place(count: int, higher: int) -> Place:
    tenths = (2000 * (count - higher) + count) // (2 * count) if count >= LEAST_FOR_PERCENTILE else None
    return Place(count=count, rank=1 + higher, percentile=None if tenths is None else tenths / 10)
