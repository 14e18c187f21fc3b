"""The ring: what the score is made of, told in shapes and words."""

import math

import pytest
from badge_words import ALL, MIXED, SVG, angle, bases, breakdowns, drawn, scores, shares, texts
from hypothesis import given
from hypothesis import strategies as st

from badges.content import short
from badges.draw import draw
from badges.families import FAMILIES, family

RINGS = ("ring", "medium", "large")


def test_every_family_with_points_has_one_arc_and_one_sign_most_points_first():
    svg = drawn(14, MIXED, style="medium")

    assert [path.get("class") for path in shares(svg)] == ["part news", "part blogs", "part social"]
    assert texts(svg) == ["Ne", "Bl", "So", "14"]


def test_arcs_are_in_proportion_to_the_points():
    three, one = (angle(path) for path in shares(drawn(4, [("news", 3000), ("wikipedia", 1000)])))

    ends = 5.6 / (2 * math.pi * 43)  # round ends stand over the path, half a width each
    assert (three + ends) / (one + ends) == pytest.approx(3, abs=0.01)


def test_an_arc_of_a_few_points_is_still_a_dot():
    svg = drawn(12001, [("news", 12_000_000), ("reddit", 250)])

    assert len(shares(svg)) == 2


def test_a_lone_family_goes_all_around_but_for_the_gap():
    assert angle(shares(drawn(8, [("news", 8000)]))[0]) == pytest.approx(0.97, abs=0.01)


@pytest.mark.parametrize(
    ("score", "basis", "heading", "telling", "told"),
    [
        (0, "none", "Attention score: 0", "No mention counts so far.", ["0"]),
        (0, "counts", "Attention score: 0", "No mention counts so far.", ["0"]),
        (None, "none", "Attention score: none", "No score is known here.", ["\u2013"]),
        (
            5,
            "counts",
            "Attention score: 5 (from counts)",
            "Which sources gave the points is not known.",
            ["~5", "from counts"],
        ),
    ],
)
def test_a_ring_without_arcs_says_why(score, basis, heading, telling, told):
    svg = drawn(score, [], basis=basis, style="medium")

    assert svg.find(f"{SVG}title").text == heading
    assert svg.find(f"{SVG}desc").text == telling
    assert texts(svg) == told
    assert shares(svg) == []
    assert any("track" in circle.get("class") for circle in svg.iter(f"{SVG}circle"))


@pytest.mark.parametrize(("style", "size", "signs"), [("ring", "64", 1), ("medium", "128", 2), ("large", "240", 2)])
def test_styles_are_sizes_and_the_smallest_has_no_signs(style, size, signs):
    svg = drawn(8, [("news", 8000)], style=style)

    assert (svg.get("width"), svg.get("height")) == (size, size)
    assert len(texts(svg)) == signs


def test_the_smallest_ring_has_no_room_for_words():
    assert texts(drawn(5, [], basis="counts", style="ring")) == ["~5"]


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (0, "0"),
        (9999, "9999"),
        (10000, "10.0k"),
        (12345, "12.3k"),
        (99999, "99.9k"),
        (123456, "123k"),
        (999999, "999k"),
        (1234567, "1.2M"),
    ],
)
def test_a_large_score_is_shortened_and_never_more_than_it_is(score, text):
    assert short(score) == text


@given(st.integers(min_value=1, max_value=10**9), breakdowns, st.sampled_from(RINGS), bases)
def test_any_breakdown_is_a_picture_whose_arcs_fit_on_the_circle(score, breakdown, style, basis):
    svg = drawn(score, breakdown, style=style, basis=basis)

    assert sum(angle(path) for path in shares(svg)) < 1
    assert len(shares(svg)) == len({family(source) for source, points in breakdown if points})


@given(scores, breakdowns, st.sampled_from(RINGS), bases)
def test_signs_stand_on_the_coin(score, breakdown, style, basis):
    for text in drawn(score, breakdown, style=style, basis=basis).iter(f"{SVG}text"):
        away = math.hypot(float(text.get("x")) - 60, float(text.get("y")) - 60)
        wide = 0.4 * float(text.get("font-size")) * len(text.text)
        assert away + (wide if "sign" in text.get("class") else 0) < 59.5


def test_families_can_be_told_without_colour():
    assert len({f.stroke for f in FAMILIES}) == len(FAMILIES)
    assert len({f.sign for f in FAMILIES}) == len(FAMILIES)


def test_the_ring_is_the_picture_where_no_other_is_asked_for():
    assert draw(12, ALL) == draw(12, ALL, style="ring")
