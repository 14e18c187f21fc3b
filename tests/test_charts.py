"""Charts as SVG: whole, in proportion, and told without colour."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from badges.charts import patterns
from badges.charts.bars import bar
from badges.charts.scales import top
from badges.charts.timeline import timeline
from badges.charts.world import steps, world
from badges.families import FAMILIES
from connectors.countries import COUNTRIES
from sync.store.periods import MOST, number, periods

SHAPE = re.compile(r"M(\d+) (\d+)h(\d+)V(\d+)h-(\d+)")
NUMBERS = st.integers(0, 5000)


def shapes(svg: str) -> list[list[tuple[int, int, int, int]]]:
    """Of each family the parts of its bars: left edge, lower edge, width, upper edge."""
    cuts = etree.fromstring(svg).findall("defs/clipPath/path")
    return [[(int(x), int(y), int(w), int(v)) for x, y, w, v, _ in SHAPE.findall(cut.get("d"))] for cut in cuts]


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=MOST))
def test_bars_are_as_high_as_their_numbers_and_stand_on_each_other(bars: list[tuple[int, int, int]]) -> None:
    found = shapes(timeline(FAMILIES[:3], bars))

    highest = top(max(map(sum, bars)) or 1)
    for family, parts in enumerate(found):
        wanted = [(sum(bar[:family]), sum(bar[: family + 1])) for bar in bars if bar[family]]
        assert [(1000 - y, 1000 - v) for _, y, _, v in parts] == [
            (pytest.approx(1000 * low / highest, abs=0.6), pytest.approx(1000 * high / highest, abs=0.6))
            for low, high in wanted
        ]
    edges = sorted({(x, x + w) for parts in found for x, _, w, _ in parts})
    assert all(right < left for (_, right), (left, _) in pairwise(edges))
    assert edges == [] or (edges[0][0] >= 0 and edges[-1][1] <= 1000)


def test_where_time_runs_from_right_to_left_so_do_the_bars() -> None:
    there, back = (shapes(timeline(FAMILIES[:1], [(1,), (2,), (4,)], mirrored=each)) for each in (False, True))

    assert [(x, v) for x, _, _, v in back[0]] == [(1000 - x - w, v) for x, _, w, v in there[0]]


@given(st.integers(1, 10**9))
def test_a_scale_ends_above_the_highest_number_and_not_far_from_it(most: int) -> None:
    assert most <= top(most) < 2 * most or most == 1


@given(st.dates(date(1, 1, 1), date(2100, 12, 31)), st.dates(date(1, 1, 1), date(2100, 12, 31)))
def test_periods_follow_each_other_and_are_not_too_many(one: date, other: date) -> None:
    first, last = sorted((one, other))

    per, found = periods(first, last)

    assert 1 <= len(found) <= MOST
    assert found[0].begin <= first <= found[0].end
    assert found[-1].begin <= last <= found[-1].end
    assert all((then.begin - before.end).days == 1 for before, then in pairwise(found))
    assert [number(per, each.begin) for each in found] == [number(per, each.end) for each in found]


@pytest.mark.parametrize(
    ("last", "per", "many"),
    [
        ("2026-01-01", "day", 1), ("2026-02-17", "day", 48), ("2026-02-18", "week", 8), ("2027-01-01", "month", 13),
        ("2030-01-01", "quarter", 17), ("2040-01-01", "year", 15), ("2090-01-01", "decade", 8),
    ],
)  # fmt: skip
def test_periods_are_as_short_as_there_is_room_for(last: str, per: str, many: int) -> None:
    found = periods(date(2026, 1, 1), date.fromisoformat(last))

    assert (found[0], len(found[1])) == (per, many)


@given(st.integers(1, 10**7))
def test_each_number_is_in_one_step_of_the_map(most: int) -> None:
    found = steps(most)

    assert 1 <= len(found) <= 4
    assert (found[0].low, found[-1].high) == (1, most)
    assert all(before.high + 1 == then.low <= then.high for before, then in pairwise(found))
    assert found[-1].fill == "step-4"


def test_every_country_but_antarctica_is_on_the_map_and_those_that_spoke_are_filled_by_their_numbers() -> None:
    found = etree.fromstring(world({"DE": 1, "SG": 9, "FR": 81, "AQ": 0}))
    every = etree.fromstring(world(dict.fromkeys(COUNTRIES, 1)))

    filled = {group.get("fill"): [each.tag for each in group] for group in found.findall("g")}
    assert filled == {"url(#fill-step-1)": ["path"], "url(#fill-step-2)": ["circle"], "url(#fill-step-4)": ["path"]}
    assert sum(len(group) for group in every.findall("g")) == len(COUNTRIES - {"AQ"})
    assert etree.fromstring(world({})).findall("g") == []


def test_the_outline_of_the_land_is_small_and_within_the_map() -> None:
    svg = world({})
    land = etree.fromstring(svg).find("path")

    assert land is not None
    assert len(land.get("d")) < 12_000
    starts = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", land.get("d"))]
    width, height = map(int, etree.fromstring(svg).get("viewBox").split()[2:])
    assert all(0 <= x <= width and 0 <= y <= height for x, y in starts)


def test_every_family_has_a_pattern_of_its_own() -> None:
    assert list(patterns.FAMILIES) == [family.name for family in FAMILIES]
    drawn = [*patterns.FAMILIES.values()]
    assert len(set(drawn)) == len(drawn)


def test_charts_bring_neither_style_nor_script_and_are_for_the_eye_alone() -> None:
    for svg in (timeline(FAMILIES, [range(11)]), world({"DE": 3}), bar(1, 3), patterns.square("news")):
        tree = etree.fromstring(svg)
        assert tree.get("aria-hidden") == "true"
        assert tree.xpath("//style | //script | //@style | //text | //*[local-name()='use']") == []
        assert all(each.startswith("url(#") for each in tree.xpath("//@*[contains(., 'url')]"))


@pytest.mark.parametrize(("part", "most", "width"), [(1, 4, "25%"), (4, 4, "100%"), (1, 3, "33.3%"), (0, 0, "0%")])
def test_a_bar_is_as_long_as_its_number(part: int, most: int, width: str) -> None:
    assert etree.fromstring(bar(part, most)).find("rect").get("width") == width  # type: ignore[union-attr]
