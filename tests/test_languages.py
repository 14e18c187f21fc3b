"""Every text that readers see is in the catalogues, and pages speak the language of their reader."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import House
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from served import Served, serving

from badges.catalogue import english, translation, written
from badges.language import CODES, ENGLISH, LANGUAGES, chosen

ROOT = Path(__file__).parents[1]
SHOWN = "10.5555/example.50040"
PLACE = re.compile(r"%\(\w+\)\w|%\w")
OTHERS = [code for code in CODES if code != ENGLISH]


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


def page(served: Served, path: str, accept: str = "") -> html.HtmlElement:
    return html.fromstring(served.get(path, accept_language=accept).body)


def test_the_english_catalogue_has_every_text_of_code_and_templates() -> None:
    assert (ROOT / "badges/locale/ringmark.pot").read_text() == written(english(ROOT)), "run `make texts`"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_every_text_and_no_other(code: str) -> None:
    catalog = translation(code, english(ROOT))

    assert [message.id for message in catalog if message.id and not all(_forms(message.string))] == []
    assert list(catalog.obsolete) == []
    assert (ROOT / f"badges/locale/{code}.po").read_text() == written(catalog), "run `make texts`"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_names_what_the_english_text_names(code: str) -> None:
    catalog = translation(code, english(ROOT))

    for message in (message for message in catalog if message.id):
        wanted = {frozenset(PLACE.findall(form)) for form in _forms(message.id)}
        assert {frozenset(PLACE.findall(form)) for form in _forms(message.string)} <= wanted, message.id


@pytest.mark.parametrize(
    ("accept", "query", "code"),
    [
        (b"", b"", "en"),
        (b"de", b"", "de"),
        (b"de-AT,de;q=0.9", b"", "de"),
        (b"fr, de;q=0.5, en;q=0.4", b"", "de"),
        (b"en;q=0.4, de;q=0.8", b"", "de"),
        (b"de;q=0, en", b"", "en"),
        (b"fr", b"", "en"),
        (b"*", b"", "en"),
        (b"en", b"lang=de", "de"),
        (b"de", b"id=x&lang=en", "en"),
        (b"de", b"lang=xx", "de"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_one_the_browser_prefers(
    accept: bytes, query: bytes, code: str
) -> None:
    scope = {"query_string": query, "headers": [(b"accept-language", accept)] if accept else []}

    assert chosen(scope).code == code


@given(accept=st.binary(max_size=300), query=st.binary(max_size=60))
def test_whatever_is_sent_some_language_answers(accept: bytes, query: bytes) -> None:
    assert chosen({"query_string": query, "headers": [(b"accept-language", accept)]}).code in CODES


def test_a_page_says_which_language_it_is_in_and_leads_to_the_others(served: Served) -> None:
    for code in CODES:
        found = page(served, f"/doi/{SHOWN}", code)

        assert found.get("lang") == code
        others = found.xpath("//footer//a[@hreflang]")
        assert [each.get("hreflang") for each in others] == [each for each in CODES if each != code]
        for each in others:
            assert page(served, each.get("href")).get("lang") == each.get("hreflang")


def test_a_page_tells_caches_that_it_depends_on_the_language(served: Served) -> None:
    for path in ("/", f"/doi/{SHOWN}", "/doi/10.5555/nowhere"):
        assert served.get(path).header("vary") == "accept-language"


def test_numbers_and_dates_are_written_as_the_language_has_them() -> None:
    told = {code: (each.number(1234567.5), each.percent(0.991), each.date("2026-03-01"), each.date("2026-03"))
            for code, each in LANGUAGES.items()}  # fmt: skip

    assert told["en"] == ("1,234,567.5", "99.1%", "1 March 2026", "March 2026")
    assert told["de"] == ("1.234.567,5", "99,1\u00a0%", "1. März 2026", "März 2026")
    assert {each.date("2026") for each in LANGUAGES.values()} == {"2026"}
    assert {each.date("") for each in LANGUAGES.values()} == {""}
    assert {each.date("no-date") for each in LANGUAGES.values()} == {"no-date"}


def _forms(text: object) -> tuple[str, ...]:
    """A text, or its forms by number."""
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]
