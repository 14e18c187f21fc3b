"""The seven styles of badges: what holds for all of them, and how bars and pills are drawn."""

import re
from itertools import pairwise

import pytest
from badge_words import ALL, MIXED, SVG, bases, breakdowns, drawn, scores, seen, shares, texts
from hypothesis import example, given
from hypothesis import strategies as st

from badges.bar import BARS
from badges.draw import SIZES, STYLES, draw, parts
from badges.families import FAMILIES, family
from badges.language import LANGUAGES
from config.themes import BUILT_IN

looks = st.tuples(st.sampled_from(STYLES), bases, st.sampled_from(sorted(BUILT_IN)), st.sampled_from(sorted(LANGUAGES)))
WIDE = {".": 0.38, "k": 0.67, "M": 1.0, "~": 0.84}  # of their size, in the widest font that is common


@given(scores, breakdowns, looks)
def test_any_breakdown_is_well_formed_in_every_look_and_the_same_again(score, breakdown, look):
    style, basis, theme, language = look
    how = {"style": style, "basis": basis, "theme": BUILT_IN[theme], "language": LANGUAGES[language]}

    svg = drawn(score, breakdown, **how)

    assert (int(svg.get("width")), int(svg.get("height"))) == SIZES[style]
    assert draw(score, breakdown, **how) == draw(score, list(breakdown), **how)


@given(scores, breakdowns, st.sampled_from([*BARS, "pill"]), bases)
@example(100_000_000, [], "bar", "counts")
@example(12_300_000, [], "medium-bar", "counts")
@example(10**10, [], "large-bar", "counts")
def test_no_text_stands_outside_its_box(score, breakdown, style, basis):
    width, height = SIZES[style]
    for text in drawn(score, breakdown, style=style, basis=basis).iter(f"{SVG}text"):
        x, y, size = (float(text.get(name)) for name in ("x", "y", "font-size"))
        half = size * sum(WIDE.get(letter, 0.7) for letter in text.text) / 2
        free = BARS[style].field if style in BARS and "sign" not in text.get("class") else width
        assert half <= x
        assert x + half <= free
        assert size * 0.5 <= y <= height - size * 0.5


@given(st.integers(min_value=1, max_value=10**9), breakdowns, st.sampled_from(sorted(BARS)))
def test_segments_fill_the_strip_in_the_order_of_their_points(score, breakdown, style):
    bar = BARS[style]
    svg = drawn(score, breakdown, style=style)
    found = [seen(path) for path in shares(svg)]

    assert len(found) == len({family(source) for source, points in breakdown if points})
    if found:
        assert found[0][0] == pytest.approx(bar.field, abs=0.02)
        assert found[-1][1] == pytest.approx(bar.field + bar.length, abs=0.02)
    for (_, end), (begin, _) in pairwise(found):
        assert begin - end == pytest.approx(bar.gap, abs=0.03)


def test_segments_are_in_proportion_to_the_points():
    (a, b), (c, d) = (seen(path) for path in shares(drawn(4, [("news", 3000), ("wikipedia", 1000)], style="bar")))

    assert (b - a) / (d - c) == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize("style", BARS)
def test_every_family_at_once_has_a_segment_that_can_be_seen(style):
    svg = drawn(22, ALL, style=style)

    assert [round(end - begin, 1) >= BARS[style].least for begin, end in map(seen, shares(svg))] == [True] * len(ALL)


def test_only_the_large_bar_has_signs():
    signs = {style: len(texts(drawn(14, MIXED, style=style))) - 1 for style in (*BARS, "pill")}

    assert signs == {"bar": 0, "medium-bar": 0, "large-bar": 3, "pill": 0}


@given(st.integers(min_value=1, max_value=10**9), breakdowns)
def test_no_sign_touches_the_next(score, breakdown):
    signs = [
        text for text in drawn(score, breakdown, style="large-bar").iter(f"{SVG}text") if "sign" in text.get("class")
    ]

    for one, other in pairwise(signs):
        assert float(other.get("x")) - float(one.get("x")) >= 1.5 * float(one.get("font-size"))
        assert float(one.get("font-size")) >= 6.9


@pytest.mark.parametrize("style", STYLES)
def test_a_score_from_counts_is_marked_without_colour_and_in_words(style):
    known, counted = (drawn(14, MIXED, style=style, basis=basis) for basis in ("mentions", "counts"))

    assert "14" in texts(known)
    assert "~14" in texts(counted)
    assert "14" not in texts(counted)
    assert counted.find(f"{SVG}title").text == "Attention score: 14 (from counts)"


@pytest.mark.parametrize("style", STYLES)
def test_no_mentions_and_unknown_can_be_told_apart(style):
    nothing, unknown = drawn(0, [], style=style), drawn(None, [], style=style)
    tracks = [{each.get("class") for each in svg.iter() if "track" in each.get("class", "")}
              for svg in (nothing, unknown)]  # fmt: skip

    assert (texts(nothing), texts(unknown)) == (["0"], ["\u2013"])
    assert tracks == [{"track"}, {"track none"}]
    assert draw(None, MIXED, style=style) == draw(None, [], style=style)


@pytest.mark.parametrize("style", STYLES)
def test_the_words_tell_what_the_picture_shows(style):
    svg = drawn(14, MIXED, style=style)
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Attention score: 14"
    assert desc.text == "Points: News 8, Blogs 5, Social media 1."


def test_words_and_their_numbers_are_those_of_the_language():
    told = [drawn(12345, [("news", 12_344_250)], language=LANGUAGES[code]) for code in ("en", "de")]

    assert "12,345" in told[0].find(f"{SVG}title").text
    assert "12.345" in told[1].find(f"{SVG}title").text
    assert "12,344.25" in told[0].find(f"{SVG}desc").text
    assert "12.344,25" in told[1].find(f"{SVG}desc").text
    assert [texts(svg) for svg in told] == [["12.3k"]] * 2  # the number and the signs are alike everywhere


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_loaded_from_elsewhere(style):
    text = draw(14, ALL, style=style).replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?:|url\(|@import|href|<image|<use|on\w+=", text)


def test_pictures_in_one_page_do_not_share_ids_or_styles():
    pictures = [draw(score, MIXED, style=style, theme=theme)
                for score in (14, 15) for style in STYLES for theme in BUILT_IN.values()]  # fmt: skip
    ids = [re.search(r'id="([^"]+)"', text)[1] for text in pictures]
    styles = [re.search("<style>(.*?)</style>", text)[1] for text in pictures]

    assert len(set(ids)) == len(pictures)
    for id_, style in zip(ids, styles, strict=True):
        rules = re.findall(r"[^{}]+(?=\{)", style)
        assert all(part.startswith((f"#{id_} ", "@media")) for rule in rules for part in rule.split(",&"))


@pytest.mark.parametrize("style", STYLES)
def test_light_dark_forced_colours_and_print_are_all_spoken_for(style):
    text = draw(14, MIXED, style=style)

    assert "@media screen and (prefers-color-scheme:dark)" in text  # so that paper is light
    assert "forced-colors:active" in text
    assert "@media print" in draw(14, MIXED, style=style, theme=BUILT_IN["dark"])
    assert "prefers-color-scheme" not in draw(14, MIXED, style=style, theme=BUILT_IN["light"])


@given(scores, breakdowns, looks)
def test_the_inside_of_a_page_has_the_same_picture_without_a_style(score, breakdown, look):
    style, basis, theme, language = look
    how = {"style": style, "basis": basis, "theme": BUILT_IN[theme], "language": LANGUAGES[language]}
    whole, (markup, rules) = draw(score, breakdown, **how), parts(score, breakdown, **how)

    def bare(text):
        return re.sub(r'rm[0-9a-f]{10}| class="rm"|<style>.*</style>', "", text).replace(' class=""', "")

    assert "style" not in markup
    assert bare(markup) == bare(whole)
    assert rules == parts(5, [("new", 1)], theme=BUILT_IN[theme])[1]
    assert {f"--ringmark-{name}" for name in ("paper", "ink", "quiet", *(each.name for each in FAMILIES))} == set(
        re.findall(r"--[a-z-]+", rules)
    )


def test_an_unknown_style_is_named():
    with pytest.raises(ValueError, match="no style 'pie'; choose one of ring, medium, large, bar, "):
        draw(1, [], style="pie")
