"""The ring and the card: what the score is made of, told in shapes, words and JSON."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from badges.card import card
from badges.families import FAMILIES, family
from badges.ring import INK, PAPER, ring, short
from connectors.identifiers import Identifier
from sync.store.badges import Part, Shown

SVG = "{http://www.w3.org/2000/svg}"
MIXED = [("news", 8000), ("blog", 5000), ("x", 850), ("bluesky", 150), ("mendeley", 0)]
PATH = re.compile(r"M(\S+) (\S+)A43 43 0 ([01]) 1 (\S+) (\S+)")


def drawn(*arguments, **options):
    return etree.fromstring(ring(*arguments, **options))


def arcs(svg):
    return [path for path in svg.iter(f"{SVG}path") if "paper" not in path.get("class")]


def angle(path):
    """How much of the circle a path goes round, as a share of it."""
    x1, y1, large, x2, y2 = PATH.fullmatch(path.get("d")).groups()
    begin, end = (math.atan2(float(x) - 60, 60 - float(y)) for x, y in ((x1, y1), (x2, y2)))
    share = (end - begin) / (2 * math.pi) % 1
    assert (large == "1") == (share > 0.5) or share == pytest.approx(0.5)
    return share


def test_every_family_with_points_has_one_arc_and_one_sign_most_points_first():
    svg = drawn(14, MIXED, style="medium")

    assert [path.get("class") for path in arcs(svg)] == ["arc news", "arc blogs", "arc social"]
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["Ne", "Bl", "So", "14"]


def test_arcs_are_in_proportion_to_the_points():
    three, one = (angle(path) for path in arcs(drawn(4, [("news", 3000), ("wikipedia", 1000)])))

    ends = 5.6 / (2 * math.pi * 43)  # round ends stand over the path, half a width each
    assert (three + ends) / (one + ends) == pytest.approx(3, abs=0.01)


def test_an_arc_of_a_few_points_is_still_a_dot():
    svg = drawn(12001, [("news", 12_000_000), ("reddit", 250)])

    assert len(arcs(svg)) == 2


def test_a_lone_family_goes_all_around_but_for_the_gap():
    assert angle(arcs(drawn(8, [("news", 8000)]))[0]) == pytest.approx(0.97, abs=0.01)


def test_the_words_tell_what_the_picture_shows():
    svg = drawn(14, MIXED)
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Attention score: 14"
    assert desc.text == "Points: News 8, Blogs 5, Social media 1."


@pytest.mark.parametrize(
    ("score", "basis", "heading", "telling", "texts"),
    [
        (0, "none", "Attention score: 0", "No mention counts so far.", ["0"]),
        (None, "none", "Attention score: none", "No score is known here.", ["\u2013"]),
        (
            5,
            "counts",
            "Attention score: 5 (from counts)",
            "Which sources gave the points is not known.",
            ["5", "from counts"],
        ),
    ],
)
def test_a_ring_without_arcs_says_why(score, basis, heading, telling, texts):
    svg = drawn(score, [], basis=basis)

    assert svg.find(f"{SVG}title").text == heading
    assert svg.find(f"{SVG}desc").text == telling
    assert [text.text for text in svg.iter(f"{SVG}text")] == texts
    assert arcs(svg) == []
    assert any("track" in circle.get("class") for circle in svg.iter(f"{SVG}circle"))


def test_an_unknown_score_shows_nothing_of_a_breakdown():
    assert ring(None, MIXED) == ring(None, [])


def test_a_title_cannot_break_out():
    svg = drawn(1, [], title='</title><script>alert("&")</script>\x00\ud800')

    assert svg.find(f"{SVG}title").text == '</title><script>alert("&")</script>: 1'
    assert svg.find(f".//{SVG}script") is None


def test_nothing_is_loaded_from_elsewhere():
    text = ring(14, MIXED).replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?:|url\(|@import|href|<image|<use|on\w+=", text)


def test_two_pictures_in_one_page_do_not_share_ids_or_styles():
    first, second = ring(14, MIXED), ring(15, MIXED)
    ids = [set(re.findall(r'id="([^"]+)"', text)) for text in (first, second)]
    style = re.search("<style>(.*?)</style>", first)[1]

    assert not ids[0] & ids[1]
    assert all(rule.strip().startswith(("#rm", "@media", "}")) for rule in re.findall(r"[^{}]+(?=\{)", style))
    assert ring(14, MIXED) == first


def test_light_dark_and_forced_colours_are_all_spoken_for():
    text = ring(14, MIXED)

    assert "prefers-color-scheme:dark" in text
    assert "forced-colors:active" in text


@pytest.mark.parametrize(("style", "size", "signs"), [("ring", "64", 1), ("medium", "128", 2), ("large", "240", 2)])
def test_styles_are_sizes_and_the_smallest_has_no_signs(style, size, signs):
    svg = drawn(8, [("news", 8000)], style=style)

    assert (svg.get("width"), svg.get("height")) == (size, size)
    assert len(list(svg.iter(f"{SVG}text"))) == signs


def test_an_unknown_style_is_named():
    with pytest.raises(ValueError, match="no style 'pie'; choose one of ring, medium, large"):
        ring(1, [], style="pie")


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


@given(
    st.integers(min_value=1, max_value=10**9),
    st.lists(st.tuples(st.sampled_from([s for f in FAMILIES for s in f.sources] + ["new"]), st.integers(0, 10**9))),
    st.sampled_from(["ring", "medium", "large"]),
    st.text(),
)
def test_any_breakdown_is_a_picture_whose_arcs_fit_on_the_circle(score, breakdown, style, title):
    svg = drawn(score, breakdown, style=style, title=title)

    assert sum(angle(path) for path in arcs(svg)) < 1
    assert len(arcs(svg)) == len({family(source) for source, points in breakdown if points})


def test_families_can_be_told_without_colour():
    assert len({f.stroke for f in FAMILIES}) == len(FAMILIES)
    assert len({f.sign for f in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize("each", FAMILIES, ids=lambda each: each.name)
def test_signs_can_be_read_on_the_coin(each):
    assert contrast(each.light, PAPER[0]) >= 4.5
    assert contrast(each.dark, PAPER[1]) >= 4.5


def test_the_score_can_be_read_on_the_coin():
    assert min(contrast(INK[0], PAPER[0]), contrast(INK[1], PAPER[1])) >= 12


def contrast(one, other):
    """WCAG 2.2, relative luminance."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_card_is_the_agreed_document():
    shown = Shown(
        audience="public",
        output=4711,
        closes_at=1,
        visibility=2,
        title="On museum visits",
        type="journal-article",
        journal="",
        journal_id=0,
        issn="",
        published="2026",
        day=20454,
        precision=1,
        doi="10.5555/x",
        score=14,
        millipoints=13550,
        basis="mentions",
        rules="published-2020",
        version="1",
        scored_at=0,
        identifiers=(Identifier("doi", "10.5555/x"),),
        versions=(),
        people=((1, "Ada Abernook"),),
        groups=(),
        subjects=(),
        breakdown=(Part(source=1, mentions=3, units=2, millipoints=12000),),
    )
    document = card(shown, page="https://ringmark.example.edu/outputs/4711")

    assert json.loads(json.dumps(document)) == {
        "output": "4711",
        "title": "On museum visits",
        "identifiers": ["doi:10.5555/x"],
        "score": 14,
        "millipoints": 13550,
        "basis": "mentions",
        "rules": {"name": "published-2020", "version": "1"},
        "breakdown": [{"source": "news", "mentions": 3, "units": 2, "millipoints": 12000, "basis": "mentions"}],
        "links": {"page": "https://ringmark.example.edu/outputs/4711"},
    }
