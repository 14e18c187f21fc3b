"""Whatever a service says, each audience sees the same outputs and people as without it; and what is said under a name
that the service alone knows counts as a few plain loops say."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import House
from enriched_house import Enriched, enriched
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.enrichers import Known

ADMITTED = {"public": {"public"}, "internal": {"public", "internal"}}
NUMBERS = range(1, 5)
levels = st.sampled_from(["public", "public", "internal", "private"])


@dataclass(frozen=True)
class Work:
    """A work by its number, which is its PubMed number too where its own source tells that (`told`). `said` is the
    PubMed number that the service says, 0 for none."""

    number: int
    level: str
    later: str
    told: bool
    said: int

    @property
    def doi(self) -> str:
        return f"10.5555/{self.number}"


works = st.tuples(
    *(st.builds(Work, st.just(n), levels, levels, st.booleans(), st.sampled_from([0, 1, 2, 3, 4, 5])) for n in NUMBERS)
)


class Naive:
    """What is so at the moment, by levels in `now`; `known` are the works of which the service was asked."""

    def __init__(self, all_: tuple[Work, ...], now: dict[int, str], known: set[int]) -> None:
        self.works, self.now, self.known = all_, now, known

    def seen(self, audience: str) -> set[str]:
        return {each.doi for each in self.works if self.now[each.number] in ADMITTED[audience]}

    def score(self, work: Work, audience: str) -> int:
        """Three points for each of the names, of which each was mentioned once."""
        return 3 * len(self._names(work, audience, set()))

    def _names(self, work: Work, audience: str, met: set[int]) -> set[str]:
        if work.number in met:
            return set()
        met.add(work.number)
        names = {work.doi} | ({f"pmid:{work.number}"} if work.told else set())
        if not self._believed(work):
            return names
        owners = [each for each in self.works if each.told and each.number == work.said]
        if not owners:
            return names | {f"pmid:{work.said}"}
        for owner in owners:
            if owner.doi in self.seen(audience):
                names |= self._names(owner, audience, met)
        return names

    def _believed(self, work: Work) -> bool:
        alike = [each for each in self.works if each.number in self.known and each.said == work.said]
        return work.number in self.known and work.said > 0 and len(alike) == 1


@pytest.mark.timeout(600)  # of whole houses
@settings(max_examples=5, derandomize=True)
@given(told=works)
def test_what_a_service_says_counts_as_the_loops_say_and_shows_nothing(told: tuple[Work, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder, enriched(House(Path(folder)), "openalex") as asked:
        first = {each.number: each.level for each in told}
        rows(asked, told, first)
        asked.service.works = [
            Known(doi=each.doi, title="Of the service", pmid=str(each.said) if each.said else "") for each in told
        ]
        asked.ask()
        asked.said(**{f"by{n}": f"doi:10.5555/{n}" for n in NUMBERS}, **{f"of{n}": f"pmid:{n}" for n in range(1, 6)})
        known = {each.number for each in told if each.level == "public"}
        compare(asked, Naive(told, first, known))

        later = {each.number: each.later for each in told}
        rows(asked, told, later)
        compare(asked, Naive(told, later, known))


def rows(asked: Enriched, told: tuple[Work, ...], now: dict[int, str]) -> None:
    asked.works(
        *(
            f"{each.number},Work {each.number},{now[each.number]},{each.doi},{each.number if each.told else ''},,,"
            for each in told
        )
    )


def compare(asked: Enriched, naive: Naive) -> None:
    for audience in ADMITTED:
        shown = asked.rows(audience)
        assert shown.keys() == naive.seen(audience)
        assert {each["title"] for each in shown.values()} <= {f"Work {n}" for n in NUMBERS}
        for work in naive.works:
            if work.doi in shown:
                assert asked.score(work.doi, audience) == naive.score(work, audience)
