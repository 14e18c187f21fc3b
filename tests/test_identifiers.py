"""Identifiers: every way people write them becomes one form, and what is none is none."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.identifiers import SCHEMES, Identifier, canonical_url, normalise, orcid, parse

ENDING_IN_FULL_STOPS = {"10.17147/asui.", "10.1124/mol...", "10.1136/gut.0500138.."}  # which nobody can tell from prose


@pytest.fixture(scope="module")
def real_dois(shared_data):
    files = sorted((shared_data / "identifiers" / "altmetric-identifiers").glob("*.txt"))
    return {line for file in files for line in file.read_text("utf-8").splitlines()} - {""}


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "doi:{}",
        "DOI: {}",
        "info:doi/{}",
        "doi:https://doi.org/{}",
        "{}.",
        "{}),",
        "“{}”"[1:],
        "{}</a>",
        "{}&gt;",
        "{} [doi]",
    ],
)
def test_real_dois_come_back_exactly_however_they_are_written(real_dois, written):
    lost = {doi for doi in real_dois if normalise("doi", written.format(doi)) != Identifier("doi", doi)}

    assert len(real_dois) == 1002  # 1,003 lines, one of them twice
    assert lost <= ENDING_IN_FULL_STOPS


def test_real_dois_come_back_exactly_from_their_urls(real_dois):
    lost = {
        doi
        for doi in real_dois
        if parse(f"http://dx.doi.org/{quote(doi, safe='')}?utm_medium=x#a") != Identifier("doi", doi)
    }

    assert lost <= ENDING_IN_FULL_STOPS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.5555/ABC", "10.5555/abc"),
        ("10.5555/ÄB", "10.5555/Äb"),
        ("10.5555/İ", "10.5555/İ"),
        ("  10.5555/x\n", "10.5555/x"),
        ("\ufeff10.5555/x\u200b", "10.5555/x"),
        ("https://www.doi.org/10.5555/x", "10.5555/x"),
        ("doi.org/10.5555/x", "10.5555/x"),
        ("https://doi.org/10.5555%2Fx", "10.5555/x"),
        ("https://doi.org/10.5555%252Fx", "10.5555/x"),
        ("10.5555/(a)(b)", "10.5555/(a)(b)"),
        ("10.5555/a(b))", "10.5555/a(b)"),
        ("10.5555/x🔥", "10.5555/x"),
        ("10.5555/x;jsessionid=1A", "10.5555/x"),
        ("10.5555/x/full.", "10.5555/x"),
        ("10.5555/(sici)1:2&lt;3::aid-x&gt;3.0.co;2-#", "10.5555/(sici)1:2<3::aid-x>3.0.co;2-#"),
        ("10.5555/x<br/>", "10.5555/x"),
        ("10.123456789/x", "10.123456789/x"),
    ],
)
def test_a_doi_has_one_form(text, value):
    assert normalise("doi", text) == Identifier("doi", value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "doi:",
        "https://doi.org/",
        "10.5555/",
        "10.5555/...",
        "10.555/x",
        "10.1234567890/x",
        "110.1234/x",
        "10.978.8898392/315",
        "date/25.10.2015/2137303",
        "10.5555/a b",
        "10.5555/a\x00b",
        "https://doi.org/10.5555/a%00b",
        "https://doi.org/10.5555/%ff",
        "10.5555/\ud83d",
        "10.5555/" + "x" * 2000,
        "https://example.edu/10.5555/x",
        "http://[::1/10.5555/x",
    ],
)
def test_what_is_not_shaped_like_a_doi_is_none(text):
    assert normalise("doi", text) is None


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("pmid:123", "pmid:123"),
        ("PMID: 0123", "pmid:123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "pmid:123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/123", "pmid:123"),
        ("pmcid:PMC45.1", "pmcid:PMC45"),
        ("pmc:45", "pmcid:PMC45"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC45/", "pmcid:PMC45"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC45/pdf", "pmcid:PMC45"),
        ("arxiv:2101.00001v2", "arxiv:2101.00001"),
        ("arXiv:math.GT/0309136v1", "arxiv:math/0309136"),
        ("https://arxiv.org/pdf/2101.00001v3.pdf", "arxiv:2101.00001"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
        ("handle:20.500.12345/Ab-1", "handle:20.500.12345/Ab-1"),
        ("hdl:1721.1/7", "handle:1721.1/7"),
        ("https://hdl.handle.net/1721.1/7?show=full", "handle:1721.1/7"),
        ("isbn:0-306-40615-2", "isbn:9780306406157"),
        ("isbn:978\u22120\u2212306\u221240615\u22127", "isbn:9780306406157"),
        ("urn:nbn:de:bvb:19-1", "urn:nbn:de:bvb:19-1"),
        ("https://nbn-resolving.org/URN:NBN:de:x", "urn:nbn:de:x"),
        ("nct:nct01234567", "nct:NCT01234567"),
        ("https://clinicaltrials.gov/study/NCT01234567?a=b", "nct:NCT01234567"),
        ("ssrn:77", "ssrn:77"),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=77&x=1", "ssrn:77"),
        ("RePEc:aaa:wpaper:1", "repec:aaa:wpaper:1"),
        ("https://ideas.repec.org/p/aaa/wpaper/1.html", "repec:aaa:wpaper:1"),
        ("ads:2019ApJ...882L..12B", "ads:2019ApJ...882L..12B"),
        ("https://ui.adsabs.harvard.edu/abs/2019ApJ...882L..12B/abstract", "ads:2019ApJ...882L..12B"),
        ("10.5555/X", "doi:10.5555/x"),
        ("urn:doi:10.5555/x", "doi:10.5555/x"),
        ("URN:ISBN:0306406152", "isbn:9780306406157"),
        ("info:doi/10.5555/x", "doi:10.5555/x"),
        ("https://example.edu", "url:https://example.edu/"),
        ("url:http://example.edu/a#b", "url:https://example.edu/a"),
    ],
)
def test_an_identifier_is_read_from_any_form(text, identifier):
    assert str(parse(text)) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "123",
        "pmid:",
        "pmid:x1",
        "pmid:0",
        "isbn:9780306406158",
        "arxiv:2113.00001",
        "nct:NCT1",
        "handle:x",
        "urn:x",
        "ads:1",
        "url:ftp://a/b",
        "url:",
        "output:12",
        "person:3",
        "magnet:?xt=1",
        "repec:a:b:c",
        "https://",
        "pmid:\uff11\uff12",
    ],
)
def test_a_broken_identifier_is_none(text):
    assert parse(text) is None


def test_an_unknown_scheme_is_none():
    assert normalise("ark", "ark:/1/2") is None


@given(st.sampled_from([*SCHEMES, "nonsense"]), st.text(max_size=80))
def test_no_text_raises_and_a_normal_form_is_its_own_normal_form(scheme, text):
    for found in (normalise(scheme, text), parse(text), parse(f"{scheme}:{text}")):
        assert found is None or normalise(found.scheme, found.value) == found


PIECES = [
    *("10.5555/", "10.5555%2F", "https://doi.org/", "doi:", "http://hdl.handle.net/", "1/", "urn:", "nbn:de:", "isbn"),
    *("&amp;", "&lt;", "&#10;", "&#x200b;", "%20", "%2525", "%E2%80%8B", "%0A", "\u200b", "\u2019", "<b>", "<3::a>"),
    *(
        "/full",
        ".pdf",
        ";2-",
        "#",
        "?",
        "&utm_x=1",
        ";jsessionid=",
        "(",
        ")",
        "[",
        "]",
        ".",
        " ",
        "x",
        "A",
        "2101.00001v2",
    ),
]


@given(st.sampled_from(SCHEMES), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_pieces_in_any_order_come_to_one_form_at_once(scheme, text):
    found = normalise(scheme, text)

    assert found is None or (normalise(scheme, found.value) == found and parse(str(found)) is not None)


@given(st.from_regex(r"(https?://doi\.org/|doi:)?10\.[0-9]{4,9}(/|%2F)[!-~]{0,40}", fullmatch=True))
def test_a_doi_of_any_characters_is_its_own_normal_form(text):
    found = normalise("doi", text)

    assert found is None or parse(str(found)) == found


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.EDU", "https://example.edu/"),
        ("http://example.edu:80/a", "https://example.edu/a"),
        ("https://example.edu:8443/a", "https://example.edu:8443/a"),
        ("https://www.example.edu./a/", "https://www.example.edu/a/"),
        ("https://example.edu/a?utm_source=x&b=2&fbclid=3&a=1&WT.mc_id=4#part", "https://example.edu/a?b=2&a=1"),
        ("https://example.edu/a?utm_source=x", "https://example.edu/a"),
        ("https://example.edu/%7ea/%c3%a4/ö b", "https://example.edu/~a/%C3%A4/%C3%B6%20b"),
        ("https://example.edu/a/../b/./c", "https://example.edu/b/c"),
        ("https://example.edu/a;jsessionid=1?x=100%", "https://example.edu/a?x=100%25"),
        ("https://user:word@example.edu/", "https://example.edu/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:db8::1]:443/", "https://[2001:db8::1]/"),
    ],
)
def test_a_url_has_one_form(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.edu",
        "ftp://example.edu/",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://a b/",
        "https://[::1",
        "https://a:99999/",
        "https://a..b/",
        "https://a/\x00",
        "https://a/\n/b",
        "https://a/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address_is_none(url):
    assert canonical_url(url) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_canonical_url_is_its_own_canonical_url(path, query):
    found = canonical_url(f"https://example.edu/{path}?{query}")

    assert found is None or canonical_url(found) == found


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000000218250097", " orcid:0000-0002-1825-0097/"],
)
def test_an_orcid_has_one_form(text):
    assert orcid(text) == "0000-0002-1825-0097"


@pytest.mark.parametrize(
    "text", ["", "0000-0002-1825-0098", "0000-0002-1825", "https://example.edu/0000-0002-1825-0097", "x" * 3000]
)
def test_an_orcid_with_a_wrong_check_digit_is_none(text):
    assert orcid(text) is None


def test_an_orcid_may_end_in_x():
    assert orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"
