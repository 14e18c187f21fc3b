"""What another rule set would make of the scores that are there; it changes nothing."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.compared import Compared, compared, constants
from scoring.rules import SOURCES, RuleSet
from sync import store
from sync.acts.office import Office
from sync.store import Titled

NAMES = {number: name for name, number in SOURCES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The outputs that members may see by two rule sets: `totals` by output in thousandths, `sources` what each source
    brings to all of them together, `seen` what the outputs are."""

    pair: tuple[RuleSet, RuleSet]
    seen: Mapping[int, Titled]
    totals: tuple[Mapping[int, int], Mapping[int, int]]
    sources: tuple[Mapping[int, int], Mapping[int, int]]
    found: Compared

    @property
    def changed(self) -> list[int]:
        """The outputs with another score, the largest change first."""
        before, after = self.totals
        return sorted(
            (output for output in self.seen if before[output] != after[output]),
            key=lambda output: (-abs(after[output] - before[output]), self.seen[output].doi or "", str(output)),
        )


def difference(office: Office, pair: tuple[RuleSet, RuleSet], *, progress: Callable[[int], None]) -> Difference:
    """Score everything by both; `progress` is told how many of the two are done."""
    house, now = office.house, office.clock()
    trials = store.trial(house, "internal", pair, now=now, progress=progress, roll_up=office.settings.score.versions)
    with house.read() as db:
        seen = store.titles(db, "internal", now=now)
    before, after = ({output: trial.get(output, {}) for output in seen} for trial in trials)
    totals = _totals(before), _totals(after)
    return Difference(
        pair=pair, seen=seen, totals=totals, sources=(_sources(before), _sources(after)), found=compared(*totals)
    )


def as_json(told: Difference) -> dict[str, Any]:
    """All of it, as `rules diff --json` prints it."""
    found, (before, after) = told.found, told.totals
    changes = [
        {
            "output": str(output),
            "doi": told.seen[output].doi or None,
            "title": told.seen[output].title,
            "difference": after[output] - before[output],
            **{
                key: {"score": -(-by[output] // 1000), "millipoints": by[output], "rank": ranks[output]}
                for key, by, ranks in zip("ab", told.totals, found.ranks, strict=True)
            },
        }
        for output in told.changed
    ]
    return {
        **{key: {"name": each.name, "version": each.version} for key, each in zip("ab", told.pair, strict=True)},
        "constants": [{"place": place, "a": one, "b": other} for place, one, other in constants(*told.pair)],
        "outputs": {
            "all": found.outputs,
            "up": found.up,
            "down": found.down,
            "same": found.outputs - found.up - found.down,
            "displayed_differs": found.shown,
            "rank_differs": found.moved,
            "highest": found.highest,
            "stay_among_highest": found.stay,
        },
        "sizes": [{"points": size, "up": up, "down": down} for size, (up, down) in found.sizes.items()],
        "sources": [
            {"source": NAMES[number], "a": told.sources[0].get(number, 0), "b": told.sources[1].get(number, 0)}
            for number in sorted({*told.sources[0], *told.sources[1]})
            if told.sources[0].get(number) or told.sources[1].get(number)
        ],
        "changes": changes,
    }


def _totals(brought: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    return {output: sum(each.values()) for output, each in brought.items()}


def _sources(brought: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    found = Counter[int]()
    for each in brought.values():
        found.update(each)
    return dict(found)
