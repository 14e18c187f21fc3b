"""Rank and percentile of one output among several populations, from what context.sql and context_groups.sql count."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AGE_DAYS = 42  # six weeks either way
LEAST_FOR_PERCENTILE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`rank`: 1 + the outputs with a higher score. `percentile`: the share at or below, in percent with one decimal;
    None where the population is below 30. The output itself is among the `count`; `inserted` where it is none of the
    population, and is ranked as if it were."""

    count: int
    rank: int
    percentile: float | None
    inserted: bool = False

    def as_json(self) -> dict[str, object]:
        """As `explain --json` prints it."""
        also = {"inserted": True} if self.inserted else {}
        return {"count": self.count, "rank": self.rank, "percentile": self.percentile, **also}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlace:
    """The place among the outputs of one group; `group` is its public id."""

    group: int
    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPlace:
    """The place among the outputs of one field that were published in the same year."""

    name: str
    year: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """None where there is no such population: no journal, no type, or a date coarser than a month."""

    all: Place
    journal: Place | None
    similar_age: Place | None
    similar_age_journal: Place | None
    type: Place | None
    groups: tuple[GroupPlace, ...] = ()
    subjects: tuple[SubjectPlace, ...] = ()

    @property
    def field_percentile(self) -> float | None:
        """The mean of the percentiles within its fields and year, in percent with one decimal: each field weighs alike,
        as in field-normalised citation counts (Waltman 2016, doi:10.1016/j.joi.2016.02.007). None where
        none of them is large enough for one."""
        tenths = [round(each.place.percentile * 10) for each in self.subjects if each.place.percentile is not None]
        return (2 * sum(tenths) + len(tenths)) // (2 * len(tenths)) / 10 if tenths else None

    def as_json(self) -> dict[str, object]:
        """As `explain --json` prints it: an empty object where there is no such population."""
        places = {
            "all": self.all,
            "journal": self.journal,
            "similar_age": self.similar_age,
            "similar_age_journal": self.similar_age_journal,
            "type": self.type,
        }
        return {
            **{name: place.as_json() if place else {} for name, place in places.items()},
            "groups": [{"group": str(each.group), "name": each.name, **each.place.as_json()} for each in self.groups],
            "subjects": [{"subject": each.name, "year": each.year, **each.place.as_json()} for each in self.subjects],
            "field_percentile": self.field_percentile,
        }


@cache
def statement() -> str:
    """The counts, one row of ten, over a table or CTE `population`; parameters are written `:name`."""
    return files("scoring").joinpath("context.sql").read_text(encoding="utf-8")


@cache
def group_statement() -> str:
    """The counts of each group or field, over a table or CTE `members`."""
    return files("scoring").joinpath("context_groups.sql").read_text(encoding="utf-8")


def parameters(*, millipoints: int, journal: int, type_: str, day: int, precise: bool) -> dict[str, int | str]:
    """What `statement` asks for: of the one output, the same five things the population has."""
    return {
        "output_millipoints": millipoints,
        "journal": journal,
        "type": type_,
        "day": day,
        "has_day": int(precise),
        "window": AGE_DAYS,
    }


def context(
    counts: Iterable[int],
    *,
    journal: int,
    type_: str,
    precise: bool,
    inside: bool,
    groups: Iterable[GroupPlace] = (),
    subjects: Iterable[SubjectPlace] = (),
) -> Context:
    """The row that `statement` gave, read. An output that is not `inside` the population is ranked as if inserted."""
    told = list(counts)
    pairs = zip(told[::2], told[1::2], strict=True)
    everyone, same_journal, similar_age, both, same_type = (
        placed(count, higher, inside=inside) for count, higher in pairs
    )
    return Context(
        all=everyone,
        journal=same_journal if journal else None,
        similar_age=similar_age if precise else None,
        similar_age_journal=both if journal and precise else None,
        type=same_type if type_ else None,
        groups=tuple(groups),
        subjects=tuple(subjects),
    )


def placed(members: int, higher: int, *, inside: bool) -> Place:
    """The place of an output in a population of so many, of which so many have a higher score."""
    count = members + (not inside)
    tenths = (2000 * (count - higher) + count) // (2 * count) if count >= LEAST_FOR_PERCENTILE else None
    percentile = None if tenths is None else tenths / 10
    return Place(count=count, rank=1 + higher, percentile=percentile, inserted=not inside)
