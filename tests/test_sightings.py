"""Identifiers in plain text: what is found, how, with which excerpt; and what looks like one and is none."""

import pytest

from connectors.identifiers import SCHEMES, Identifier, normalise
from connectors.sightings import METHODS, UNRESOLVED, Sighting, plain
from connectors.sightings.sighting import LONGEST_EXCERPT


def told(found: list[Sighting]) -> list[tuple[str, str]]:
    """Identifier and method, the addresses themselves left out."""
    return [(str(one.identifier), one.method) for one in found if one.method != "landing-page"]


@pytest.mark.parametrize(
    ("text", "identifier", "method", "excerpt"),
    [
        ("see 10.5555/ABC.x, and", "doi:10.5555/abc.x", "plain-doi", "10.5555/ABC.x"),
        ("“10.5555/x”", "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ('{"doi":"10.5555/x","n":1}', "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ("(10.5555/x)yz", "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ("<10.5555/x>yz", "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ("10.5555/s0(1)2<3", "doi:10.5555/s0(1)2<3", "plain-doi", "10.5555/s0(1)2<3"),
        ("doi:10.5555/x", "doi:10.5555/x", "prefixed", "doi:10.5555/x"),
        ("DOI 10.5555/x", "doi:10.5555/x", "prefixed", "DOI 10.5555/x"),
        ("DOI\uff1a10.5555/x", "doi:10.5555/x", "prefixed", "DOI\uff1a10.5555/x"),
        ("info:doi/10.5555/x", "doi:10.5555/x", "prefixed", "doi/10.5555/x"),
        ("urn:doi:10.5555/x", "doi:10.5555/x", "prefixed", "doi:10.5555/x"),
        ("doi:10.5555%2Fx", "doi:10.5555/x", "prefixed", "doi:10.5555%2Fx"),
        ("参见10.5555/x的研究。", "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ("\uff0810.5555/x\uff09", "doi:10.5555/x", "plain-doi", "10.5555/x"),
        ("https://doi.org/10.5555/x에서", "doi:10.5555/x", "doi-url", "https://doi.org/10.5555/x"),
        ("read https://doi.org/10.5555/x!", "doi:10.5555/x", "doi-url", "https://doi.org/10.5555/x"),
        ("read doi.org/10.5555/x", "doi:10.5555/x", "doi-url", "doi.org/10.5555/x"),
        ("doi: http://dx.doi.org/10.5555/x.", "doi:10.5555/x", "doi-url", "http://dx.doi.org/10.5555/x"),
        ("HTTPS://DOI.ORG/10.5555/X", "doi:10.5555/x", "doi-url", "HTTPS://DOI.ORG/10.5555/X"),
        ("10.5555/x.v2", "doi:10.5555/x.v2", "plain-doi", "10.5555/x.v2"),
        ("PMID: 0123", "pmid:123", "prefixed", "PMID: 0123"),
        ("PMID\u00a0123.", "pmid:123", "prefixed", "PMID\u00a0123".replace("\u00a0", " ")),
        ("PubMed ID 123", "pmid:123", "prefixed", "PubMed ID 123"),
        ("pubmed.ncbi.nlm.nih.gov/123/", "pmid:123", "resolver-url", "pubmed.ncbi.nlm.nih.gov/123/"),
        ("in PMC1234567.", "pmcid:PMC1234567", "plain-id", "PMC1234567"),
        ("PMCID: 45", "pmcid:PMC45", "prefixed", "PMCID: 45"),
        ("hep-th/9901001v3", "arxiv:hep-th/9901001", "plain-id", "hep-th/9901001v3"),
        ("math.GT/0309136", "arxiv:math/0309136", "plain-id", "math.GT/0309136"),
        ("handle:1721.1/7", "handle:1721.1/7", "prefixed", "handle:1721.1/7"),
        ("hdl:20.500.12345/Ab-1;", "handle:20.500.12345/Ab-1", "prefixed", "hdl:20.500.12345/Ab-1"),
        ("hdl:10.5555/x", "doi:10.5555/x", "prefixed", "hdl:10.5555/x"),
        ("ISBN 0-306-40615-2.", "isbn:9780306406157", "prefixed", "ISBN 0-306-40615-2"),
        ("ISBN-13: 978\u22120\u2212306\u221240615\u22127", "isbn:9780306406157", "prefixed", None),
        ("ISBN 978 0 306 40615 7 (2001)", "isbn:9780306406157", "prefixed", None),
        ("ISBN 0306406152 9780306406158", "isbn:9780306406157", "prefixed", None),
        ("NCT01234567", "nct:NCT01234567", "plain-id", "NCT01234567"),
        ("RePEc:aaa:wpaper:1", "repec:aaa:wpaper:1", "prefixed", "RePEc:aaa:wpaper:1"),
        ("bibcode: 2019ApJ...882L..12B", "ads:2019ApJ...882L..12B", "prefixed", "bibcode: 2019ApJ...882L..12B"),
        ("urn:nbn:de:bvb:19-1.", "urn:nbn:de:bvb:19-1", "prefixed", "urn:nbn:de:bvb:19-1"),
        ("urn:isbn:0306406152", "isbn:9780306406157", "prefixed", "isbn:0306406152"),
        ("PII S0000-0000(19)00001-2", "pii:S0000000019000012", "pii", "PII S0000-0000(19)00001-2"),
        ("S0000-0000(19)00001-2,", "pii:S0000000019000012", "pii", "S0000-0000(19)00001-2"),
        ("1234-5679(2001)3:4<5:AWEI>2.0.TX;2-J", "sici:1234-5679(2001)3:4<5:AWEI>2.0.TX;2-J", "sici", None),
        ("https://doi.org/10/aBc", "short-doi:10/abc", "short-doi", "https://doi.org/10/aBc"),
        ("https://doi.org/abc", "short-doi:10/abc", "short-doi", "https://doi.org/abc"),
        ("doi:10/abc.", "short-doi:10/abc", "short-doi", "doi:10/abc"),
    ],
)
def test_an_identifier_is_found_in_text(text: str, identifier: str, method: str, excerpt: str | None) -> None:
    found = next(one for one in plain(text) if one.method != "landing-page")

    assert (str(found.identifier), found.method) == (identifier, method)
    assert found.excerpt == excerpt or excerpt is None
    assert found.method in METHODS


@pytest.mark.parametrize(
    "text",
    [
        "date/25.10.2015/2137303",
        "110.1234/foo",
        "v10.1234/foo",
        "2.10.1234/foo",
        "$10.5000/unit",
        "10.978.8898392/315",
        "10.555/x",
        "10.1234567890/x",
        "10.5555/",
        "10.5555/...",
        "https://doi.org/",
        "https://doi.org/about",
        "https://doi.org/www.example.edu/784506.html",
        "10/10",
        "a 10/abc b",
        "doi:10/",
        "123",
        "pubmed 2019",
        "PMIDs",
        "2101.00001",
        "arxiv 2101.00001",
        "arXiv:2113.00001",
        "hep-th/9913001",
        "news/9901001",
        "ISBN 0-306-40615-3",
        "ISBN 9780306406158",
        "9780306406157",
        "NCT1234567",
        "NCT012345678",
        "xNCT01234567",
        "handle: and/or",
        "SSRN 2020",
        "2019ApJ...882L..12B",
        "pii of 3",
        "\ud83d10.5555/\ud83d",
    ],
)
def test_what_looks_like_an_identifier_and_is_none(text: str) -> None:
    assert told(plain(text)) == []


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.5555/(sici)1:2<3::aid-x>3.0.co;2-#", "10.5555/(sici)1:2<3::aid-x>3.0.co;2-#"),
        ("10.5555/(sici)1:2&lt;3::aid-x&gt;3.0.co;2-l", "10.5555/(sici)1:2<3::aid-x>3.0.co;2-l"),
        ("10.1021/x030018+", "10.1021/x030018+"),
        ("10.5555/x🔥", "10.5555/x"),
        ("10.5555/x\ud83d", None),
        ("10.5555/x?utm_source=y", "10.5555/x"),
        ("10.5555/x#.wlw5y.twitter", "10.5555/x"),
        ("10.5555/x;jsessionid=1A", "10.5555/x"),
        ("10.5555/x#page_scan_tab_contents", "10.5555/x"),
        ("10.5555/x/summary", "10.5555/x"),
        ("10.5555/x/full", "10.5555/x"),
        ("10.5555\u200b/x", None),
        ("10.5555/x\u00ady", "10.5555/xy"),
        ("10.5555/x</p>", "10.5555/x"),
        (
            "10.1093/acrefore/9780190228620.001.0001/acrefore-9780190228620-e-195",
            "10.1093/acrefore/9780190228620.013.195",
        ),
        ("10.1101/2020.01.02.123456v2", "10.1101/2020.01.02.123456"),
    ],
)
def test_a_doi_with_something_at_its_end(text: str, doi: str | None) -> None:
    assert [f"doi:{doi}"] * bool(doi) == [name for name, _ in told(plain(text))][-1:]


def test_several_without_a_blank_are_several() -> None:
    text = "10.5555/a,10.5555/b;doi:10.5555/c|https://doi.org/10.5555/d"

    assert [name for name, _ in told(plain(text))] == [f"doi:10.5555/{letter}" for letter in "abcd"]


@pytest.mark.parametrize("end", ["…", "...", "...)", "…, and", "...”"])
def test_half_a_doi_that_was_cut_off_for_show_is_none(end: str) -> None:
    for text in ("10.5555/abc", "doi:10.5555/abc", "doi.org/10.5555/abc", "https://publisher.example/doi/10.5555/abc"):
        assert plain(f"see {text}{end}") == []


def test_preprints_that_have_two_names_are_found_under_both() -> None:
    assert told(plain("arXiv:2101.00001v2")) == [
        ("arxiv:2101.00001", "prefixed"),
        ("doi:10.48550/arxiv.2101.00001", "prefixed"),
    ]
    assert told(plain("10.48550/arXiv.2101.00001"))[1:] == [("arxiv:2101.00001", "plain-doi")]
    assert told(plain("ssrn.com/abstract=77")) == [("ssrn:77", "resolver-url"), ("doi:10.2139/ssrn.77", "resolver-url")]
    assert told(plain("10.2139/ssrn.77"))[1:] == [("ssrn:77", "plain-doi")]


def test_the_version_that_was_seen_stays_in_the_excerpt() -> None:
    assert {one.excerpt for one in plain("arXiv:2101.00001v2")} == {"arXiv:2101.00001v2"}
    assert [one.excerpt for one in plain("10.1101/2020.01.02.123456v2")] == ["10.1101/2020.01.02.123456v2"]


def test_web_addresses_are_found_as_such() -> None:
    found = plain("(see http://www.example.edu/a/b(c)?utm_source=x), www.example.edu/d. https://例え.example/")

    assert [str(one.identifier) for one in found] == [
        "url:https://www.example.edu/a/b(c)", "url:https://www.example.edu/d"
    ]  # fmt: skip


def test_an_address_that_goes_on_in_letters_without_blanks_is_not_guessed() -> None:
    assert plain("https://example.edu/wiki/日本") == []
    assert [str(one.identifier) for one in plain("https://example.edu/wiki/。日本")] == [
        "url:https://example.edu/wiki/"
    ]


def test_the_same_told_twice_in_the_same_way_is_one_sighting() -> None:
    found = plain("10.5555/x, 10.5555/X and doi:10.5555/x")

    assert [(one.method, one.excerpt) for one in found] == [("plain-doi", "10.5555/x"), ("prefixed", "doi:10.5555/x")]


def test_an_excerpt_is_short_and_on_one_line() -> None:
    (long,) = plain(f"https://example.edu/{'a' * 1000}")
    (lines,) = plain("ISBN\n978-0-306-\n40615-7")

    assert len(long.excerpt) == LONGEST_EXCERPT
    assert lines.excerpt == "ISBN 978-0-306- 40615-7"


def test_a_letter_that_is_longer_in_lower_case_moves_nothing() -> None:
    assert [one.excerpt for one in plain("İİİİ 10.5555/X")] == ["10.5555/X"]
    assert all(len(chr(code).replace("\u0130", "I").lower()) == 1 for code in range(0x110000))


def test_codes_that_must_be_looked_up_are_no_identifiers_of_outputs() -> None:
    assert set(UNRESOLVED).isdisjoint(SCHEMES)
    assert normalise("pii", "S0000000019000012") is None
    assert plain("S0000-0000(19)00001-2")[0].identifier == Identifier("pii", "S0000000019000012")
