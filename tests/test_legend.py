"""The legend: every family by sign, stroke and sources, and every style in every state."""

import re
from collections.abc import Iterator

import pytest
from conftest import House
from lxml import html
from served import Served, serving

from badges.draw import STYLES
from badges.families import FAMILIES
from badges.language import CODES, LANGUAGES
from badges.legend import legend
from badges.views import source_name
from config.themes import RINGMARK


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.fixture(scope="module")
def page(served: Served) -> html.HtmlElement:
    return html.fromstring(served.get("/legend").body)


def test_every_family_is_there_with_its_sign_its_stroke_and_its_sources(page: html.HtmlElement) -> None:
    lines = page.xpath("(//table)[1]/tbody/tr")

    assert [line.xpath("string(th)") for line in lines] == [each.sign for each in FAMILIES]
    for line, each in zip(lines, FAMILIES, strict=True):
        assert line.xpath(f"td//path[@class='part {each.name}']")
        told = line.text_content()
        assert each.label in told
        assert [source for source in each.sources if source_name(source) not in told] == []


def test_strokes_of_families_are_all_different() -> None:
    samples = [re.sub("part [a-z]+", "part", each.sample)
               for each in legend(FAMILIES, theme=RINGMARK, language=LANGUAGES["en"])]  # fmt: skip

    assert len(set(samples)) == len(FAMILIES)


def test_every_style_is_shown_in_every_state(page: html.HtmlElement) -> None:
    for figure, text in zip(page.xpath("//figure"), ("57", "~57", "0", "\u2013"), strict=True):
        pictures = figure.xpath(".//svg[@role='img']")

        assert len(pictures) == len(STYLES)
        assert [picture.xpath("string(.//*[contains(@class, 'score')])") for picture in pictures] == [text] * len(
            STYLES
        )
        assert figure.xpath("string(figcaption)") != ""
    assert page.xpath("//tbody/tr/th/code/text()") == list(STYLES)


def test_it_is_one_page_for_everybody_in_each_language(served: Served) -> None:
    told = {code: served.get(f"/legend?lang={code}") for code in CODES}

    assert {reply.status for reply in told.values()} == {200}
    for code, reply in told.items():
        assert reply.whole == served.get(f"/legend?id=10.5555/x&lang={code}", cookie="a=b").whole
        assert reply.text.count("<style>") == 1
        ids = re.findall(r'\bid="([^"]+)"', reply.text)
        assert len(ids) == len(set(ids))


def test_a_legend_may_be_of_few_families() -> None:
    few = legend(FAMILIES[:2], theme=RINGMARK, language=LANGUAGES["en"])

    assert [(each.sign, each.label, each.sources) for each in few] == [
        ("Ne", "News", ("News",)),
        ("Bl", "Blogs", ("Blogs",)),
    ]
