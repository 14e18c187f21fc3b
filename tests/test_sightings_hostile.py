"""Texts that were made to do harm, and any others: nothing raises, and none takes longer than a test may."""

import json
import string
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.identifiers import SCHEMES, Identifier, normalise
from connectors.sightings import (
    LARGEST,
    METHODS,
    MOST,
    UNRESOLVED,
    Sighting,
    address,
    html,
    links,
    markdown,
    page_tags,
    plain,
    wikitext,
)
from connectors.sightings.markdown import LONGEST_MARKDOWN
from connectors.sightings.plain import _START, _scan, may_have
from connectors.sightings.sighting import LONGEST_EXCERPT, distinct

EXTRACTORS: list[Callable[[str], list[Sighting]]] = [address, html, links, markdown, page_tags, plain, wikitext]
MEGABYTE = 1_000_000
BLANK = " \n\u00a0"


def check(found: list[Sighting]) -> None:
    """Whatever is handed back can be stored and shown."""
    for one in found:
        identifier = one.identifier
        assert one.method in METHODS
        assert len(one.excerpt) <= LONGEST_EXCERPT
        assert one.excerpt.isprintable() or not one.excerpt.isascii()
        assert identifier.scheme in UNRESOLVED or normalise(identifier.scheme, identifier.value) == identifier
    assert len(found) <= MOST


@pytest.mark.parametrize("extract", EXTRACTORS)
@pytest.mark.parametrize("piece", ["(", "<", "10.1234/", "10.1234/ ", "<div>"])
def test_a_megabyte_of_one_thing_takes_seconds_at_most(extract: Callable[[str], list[Sighting]], piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))

    check(extract(text))


@pytest.mark.parametrize("extract", [html, markdown, page_tags, plain, wikitext])
@pytest.mark.parametrize(
    "piece",
    [
        "(", "<", "[", "{", "{{", "[[", "|", "`", ">", "- ", " ", ".", "/", "%25", "&lt;", "<!--", "<div>", "<b>",
        "</b>", "<li>", "<a href='", "<ref name=", "<svg><td>", "![", "[](", "*a_ ", "10.1234/", "10.1234/ ",
        "10.1234/)", "doi:", '"10.1234/a"', "http://", "http://a.b/ ", "http://a.b/?u=", "www.", "isbn 1-",
        "isbn1 ", "1234-5678(", "pmid ", "{{a|b=[[", "a b ", "\u65e5", "\u0130", "\ud83d", "\x00",
        "10.1234/a/full",
    ],
)  # fmt: skip
def test_so_does_a_tenth_of_it_whatever_it_is(extract: Callable[[str], list[Sighting]], piece: str) -> None:
    text = piece * (MEGABYTE // 10 // len(piece))

    check(extract(text))


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a][", "- a\n", "* * a\n", "![[]()", "> ", "*a_ ", "`a``", "<b>", "|a", "&"]
)
def test_markdown_that_is_as_bad_as_it_may_be_long(piece: str) -> None:
    check(markdown((piece * LONGEST_MARKDOWN)[: LONGEST_MARKDOWN - 10] + "10.1234/x"))


@pytest.mark.parametrize(
    "markup",
    [
        "".join(f"<p><font a={n}>x" for n in range(40_000)),
        "<div><p><b>" * 90_000,
        "<table><tr><td>" * 60_000,
        f"<a {' '.join(f'a{n}=1' for n in range(150_000))}>10.5555/x</a>",
        f'<base href="https://a.example{"/a" * 400_000}">{"<a href=x>" * 100_000}',
    ],
    ids=["formatting", "blocks", "tables", "attributes", "base"],
)
def test_elements_within_each_other_by_the_thousand_take_no_longer(markup: str) -> None:
    check(html(markup))


@pytest.mark.parametrize("piece", ["/full", ")", "/", "http:/", "&amp;", "%2525", "?u=http://a.b/", "<a", ".pdf", "(("])
def test_many_addresses_that_are_as_bad_as_they_may_be_long(piece: str) -> None:
    address_ = f"http://a.b/10.1234/a{piece * (1900 // len(piece))}x "

    check(plain(address_ * 100))


def test_a_text_is_read_up_to_a_length_and_gives_a_number_at_most() -> None:
    many = " ".join(f"10.1234/{n}" for n in range(2 * MOST))

    assert len(plain(many)) == MOST
    assert plain(" " * LARGEST + "10.1234/x") == []
    assert plain("x" * 10_000 + " 10.1234/x")[0].identifier == Identifier("doi", "10.1234/x")


PIECES = st.sampled_from([
    "10.5555/", "10.5555%2Fx", "https://doi.org/", "doi:", "doi.org/", "10/abc", "hdl.handle.net/1/", "PMID ",
    "ISBN ", "0-306-40615-2", "arXiv:2101.00001v2", "hep-th/9901001", "NCT01234567", "PMC123",
    "https://a.example/?u=", "www.", "{{", "}}", "[[", "]]", "|", "=", "<ref>", "</ref>", "<!--", "-->",
    "<nowiki>", "](", "[", "]", "(", ")", "<", ">", "&lt;", "&amp;", "%20", "%", "\u200b", "\u2019", "\ud83d",
    "\x00", "\u0130", "日", "…", "...", ".", ",", ";2-#", "#", "<a href='", "'>",
    "<meta name=citation_doi content='", "<script type='application/ld+json'>", "</script>", "\n", " ",
    '{"@type": "Dataset", "@id": "', '"}', "urn:nbn:", "S0000-0000(19)00001-2", "/full", "?", "&", "x", "1", "*",
    "_", "`",
])  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
@example("https://doi.org/10.5555/\ud83d")
def test_pieces_in_any_order_raise_nothing_and_give_normal_forms(text: str) -> None:
    for extract in EXTRACTORS:
        check(extract(text))


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_no_text_raises(text: str) -> None:
    for extract in EXTRACTORS:
        check(extract(text))


NAMES = st.sampled_from(["@type", "@id", "@graph", "identifier", "value", "url", "mainEntity"])
LEAVES = st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(["10.5555/x", "Dataset"])


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=12))
def test_no_json_raises(told: object) -> None:
    check(page_tags(f'<script type="application/ld+json">{json.dumps(told)}</script>'))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_not_read_since_nothing_can_be_in_it_has_nothing(text: str) -> None:
    if not may_have(text):
        assert list(_scan(text)) == []
    assert plain(text) == distinct(_scan(text))


@given(st.text(string.ascii_letters + string.punctuation + BLANK, max_size=80))
def test_nor_has_any_other_text_without_a_digit_a_slash_a_colon_or_www(text: str) -> None:
    if not may_have(text):
        assert not _START.search(text.lower())


SUFFIX = st.text(string.ascii_lowercase + string.digits + "-._;()/:<>[]+", min_size=1, max_size=30)
DOI = st.builds("10.{}/{}".format, st.integers(1000, 999_999_999), SUFFIX)
VALUES = {
    "doi": DOI,
    "pmid": st.integers(1, 999_999_999).map(str),
    "pmcid": st.integers(100, 99_999_999).map(str),
    "arxiv": st.from_regex(r"\d{2}(0[1-9]|1[0-2])\.\d{4,5}|hep-th/9[1-9](0[1-9]|1[0-2])\d{3}", fullmatch=True),
    "handle": st.from_regex(r"[1-9][0-9.]{0,6}[0-9]/[A-Za-z0-9_-]{1,12}", fullmatch=True),
    "isbn": st.integers(0, 999_999_999).map(lambda n: f"978{n:09}").map(lambda twelve: twelve + check_digit(twelve)),
    "nct": st.integers(0, 99_999_999).map(lambda n: f"NCT{n:08}"),
    "ssrn": st.integers(10, 99_999_999).map(str),
    "repec": st.from_regex(r"[a-z]{3}:[a-z]{6}:[a-z0-9-]{1,9}", fullmatch=True),
    "urn": st.from_regex(r"nbn:de:[a-z0-9-]{1,12}", fullmatch=True),
    "ads": st.from_regex(r"[12][0-9]{3}[A-Z][A-Za-z.&]{13}[A-Z]", fullmatch=True),
    "url": st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z0-9/_-]{0,20}", fullmatch=True),
}
WORDS = {"doi": ("", "doi:", "DOI: "), "url": ("",), "urn": ("urn:",)}


def check_digit(twelve: str) -> str:
    """The thirteenth, after the standard (ISO 2108)."""
    return str(-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(twelve)) % 10)


@st.composite
def planted(draw: st.DrawFn) -> tuple[Identifier, str]:
    scheme = draw(st.sampled_from(sorted(VALUES)))
    identifier = normalise(scheme, draw(VALUES[scheme].filter(lambda value: normalise(scheme, value) is not None)))
    assert identifier is not None
    words = draw(st.sampled_from(WORDS.get(scheme, (f"{scheme}:", f"{scheme.upper()}: "))))
    return identifier, words + identifier.value


@given(
    planted(),
    st.sampled_from(["", " ", "tides rise ", "(see) ", "a\n"]),
    st.sampled_from(["", " ", " b", "\n(c)", " ."]),
)
def test_an_identifier_that_is_planted_is_found_exactly(
    planted: tuple[Identifier, str], before: str, after: str
) -> None:
    identifier, text = planted

    found = [one.identifier for one in plain(before + text + after)]

    assert identifier in found or rewritten(identifier)
    assert {one.scheme for one in found} <= {identifier.scheme, "doi", "ssrn", "arxiv", "url", "handle"}


@given(planted())
def test_html_shows_what_plain_text_shows(planted: tuple[Identifier, str]) -> None:
    _, text = planted

    assert html(f"<p>a {escape(text)} b</p>") == plain(f"a {text} b")


def rewritten(identifier: Identifier) -> bool:
    """A DOI that ends as addresses and cut-off texts do is not told apart from them."""
    return identifier.scheme == "doi" and ("..." in identifier.value or len(identifier.value) > 500)


def test_every_scheme_is_planted() -> None:
    assert set(VALUES) == set(SCHEMES)


@given(st.lists(DOI.filter(lambda doi: normalise("doi", doi) == Identifier("doi", doi)), max_size=6))
def test_a_model_that_splits_at_blanks_finds_the_same(dois: list[str]) -> None:
    """A second, naive reading: split, and ask of each word whether it is a DOI."""
    text = " and ".join(doi for doi in dois if "..." not in doi)
    expected = {word for word in text.split() if normalise("doi", word)}

    found = {
        one.identifier.value for one in plain(text) if one.method == "plain-doi" and one.identifier.scheme == "doi"
    }

    assert found == expected
