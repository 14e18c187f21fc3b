"""What a web address names: as a resolver, as a publisher, in its query, in an address within it, or as itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.identifiers import _ADDRESSES, parse
from connectors.sightings import address
from connectors.sightings.address import _RESOLVERS


def names(url: str, *, itself: bool = False) -> list[tuple[str, str]]:
    found = address(url)
    return [(str(one.identifier), one.method) for one in found if itself or one.method != "landing-page"]


@pytest.mark.parametrize(
    ("url", "identifier", "method"),
    [
        ("https://doi.org/10.5555%2FX", "doi:10.5555/x", "doi-url"),
        ("https://doi.org/10.5555%252Fx", "doi:10.5555/x", "doi-url"),
        ("https%3A%2F%2Fdoi.org%2F10.5555%2Fx", "doi:10.5555/x", "doi-url"),
        ("http://www.doi.org/10.5555/x?utm_source=a", "doi:10.5555/x", "doi-url"),
        ("//doi.org/10.5555/x", "doi:10.5555/x", "doi-url"),
        ("https://doi.org/10/abc", "short-doi:10/abc", "short-doi"),
        ("https://dx.doi.org/Abc", "short-doi:10/abc", "short-doi"),
        *(
            (f"https://publisher.example/{place}", "doi:10.5555/x", "publisher-url")
            for place in (
                "doi/10.5555/x", "doi/full/10.5555/x", "doi/abs/10.5555/x", "doi/pdf/10.5555/x", "doi/epdf/10.5555/x",
                "doi/10.5555/x/full", "doi/full/10.5555/x/abstract", "doi/10.5555%2Fx/pdf?download=true",
                "content/pdf/10.5555/x.pdf", "content/10.5555/x.full.pdf+html", "article/10.5555/x/fulltext.html",
                "article/10.5555/x/tables/2", "doi/suppl/10.5555/x/suppl_file/si.pdf", "article/10.5555/x#Sec3",
                "article/10.5555/x/meta", "article?id=10.5555/x&type=printable", "login?doi=10.5555%2Fx",
                "resolve?rft_id=info%3Adoi%2F10.5555%2Fx", "stash/dataset/doi:10.5555/x", "doi/10.5555%252Fx",
            )
        ),
        ("https://www.nature.com/articles/s41586-000-0000-0.pdf", "doi:10.1038/s41586-000-0000-0", "publisher-url"),
        ("https://www.nature.com/articles/nature00000/figures/1", "doi:10.1038/nature00000", "publisher-url"),
        ("https://www.nature.com/articles/000000a0", "doi:10.1038/000000a0", "publisher-url"),
        ("https://www.abc.copernicus.org/articles/1/2/2020/", "doi:10.5194/abc-1-2-2020", "publisher-url"),
        ("https://nature.com/articles/d41586-000-00000-0?x=1", "doi:10.1038/d41586-000-00000-0", "publisher-url"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.000000v1.full.pdf+html", "doi:10.1101/2020.01.02.000000",
         "publisher-url"),
        ("https://www.biorxiv.org/content/10.1101/000000v2", "doi:10.1101/000000", "publisher-url"),
        ("https://academic.oup.com/abc/article/doi/10.1093/abc/abc000/1234567", "doi:10.1093/abc/abc000",
         "publisher-url"),
        ("https://elifesciences.org/articles/00000", "doi:10.7554/elife.00000", "publisher-url"),
        ("https://peerj.com/articles/0000/", "doi:10.7717/peerj.0000", "publisher-url"),
        ("https://peerj.com/articles/cs-000", "doi:10.7717/peerj-cs.000", "publisher-url"),
        ("https://pubs.rsc.org/en/content/articlepdf/2019/xx/c9xx00000a", "doi:10.1039/c9xx00000a", "publisher-url"),
        ("https://abc.copernicus.org/articles/1/2/2020/abc-1-2-2020.html", "doi:10.5194/abc-1-2-2020", "publisher-url"),
        ("https://zenodo.org/records/0000000", "doi:10.5281/zenodo.0000000", "publisher-url"),
        ("https://figshare.com/articles/dataset/A_title/0000000", "doi:10.6084/m9.figshare.0000000", "publisher-url"),
        ("https://figshare.com/articles/dataset/A_title/0000000/3", "doi:10.6084/m9.figshare.0000000.v3",
         "publisher-url"),
        ("https://www.researchsquare.com/article/rs-000000/v1", "doi:10.21203/rs.3.rs-000000/v1", "publisher-url"),
        ("https://www.preprints.org/manuscript/202000.0000/v1", "doi:10.20944/preprints202000.0000.v1",
         "publisher-url"),
        ("https://www.jstor.org/stable/0000000", "doi:10.2307/0000000", "publisher-url"),
        ("https://www.cambridge.org/core/product/identifier/S0000000000000000/type/journal_article",
         "doi:10.1017/s0000000000000000", "publisher-url"),
        ("https://www.sciencedirect.com/science/article/abs/pii/S0000000019000012?via%3Dihub", "pii:S0000000019000012",
         "pii"),
        ("https://linkinghub.elsevier.com/retrieve/pii/S0000000019000012", "pii:S0000000019000012", "pii"),
        ("https://www.cell.com/abc/fulltext/S0000-0000(19)00001-2", "pii:S0000000019000012", "pii"),
        ("https://www.thelancet.com/journals/abc/article/PIIS0000-0000%2819%2900001-2/fulltext",
         "pii:S0000000019000012", "pii"),
        ("https://www.jstor.org/sici?sici=1234-5679(2001)3:4%3C5:AWEI%3E2.0.TX;2-J",
         "sici:1234-5679(2001)3:4<5:AWEI>2.0.TX;2-J", "sici"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/?from=x", "pmid:123", "resolver-url"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=123", "pmid:123", "publisher-url"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/pmid/123/", "pmid:123", "publisher-url"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC45/pdf/x.pdf", "pmcid:PMC45", "resolver-url"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC45/#S1", "pmcid:PMC45", "resolver-url"),
        ("https://europepmc.org/article/MED/123", "pmid:123", "resolver-url"),
        ("https://arxiv.org/pdf/2101.00001v3.pdf#page=2", "arxiv:2101.00001", "resolver-url"),
        ("https://arxiv.org/abs/math.GT/0309136", "arxiv:math/0309136", "resolver-url"),
        ("https://ar5iv.labs.arxiv.org/html/2101.00001", "arxiv:2101.00001", "publisher-url"),
        ("https://www.alphaxiv.org/abs/2101.00001v1", "arxiv:2101.00001", "publisher-url"),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=77", "ssrn:77", "resolver-url"),
        ("https://ideas.repec.org/p/aaa/wpaper/1.html", "repec:aaa:wpaper:1", "resolver-url"),
        ("https://ui.adsabs.harvard.edu/#abs/2019ApJ...882L..12B/abstract", "ads:2019ApJ...882L..12B", "resolver-url"),
        ("https://ui.adsabs.harvard.edu/link_gateway/2019ApJ...882L..12B/EPRINT_PDF", "ads:2019ApJ...882L..12B",
         "publisher-url"),
        ("https://hdl.handle.net/1721.1/7", "handle:1721.1/7", "resolver-url"),
        ("https://hdl.handle.net/10.5555/x", "doi:10.5555/x", "resolver-url"),
        ("https://repository.example.edu/xmlui/handle/1721.1/7?show=full", "handle:1721.1/7", "publisher-url"),
        ("https://repository.example.edu/bitstream/handle/1721.1/7/thesis.pdf", "handle:1721.1/7", "publisher-url"),
        ("https://repository.example.edu/bitstream/1721.1/7/1/thesis.pdf", "handle:1721.1/7", "publisher-url"),
        ("https://clinicaltrials.gov/study/NCT01234567", "nct:NCT01234567", "resolver-url"),
        ("https://nbn-resolving.org/urn:nbn:de:x", "urn:nbn:de:x", "resolver-url"),
        ("https://books.example/search?isbn=0306406152", "isbn:9780306406157", "publisher-url"),
        ("https://l.social.example/l.php?u=https%3A%2F%2Fdoi.org%2F10.5555%2Fx&h=1", "doi:10.5555/x", "doi-url"),
        ("https://web.archive.org/web/2020/https://doi.org/10.5555/x", "doi:10.5555/x", "doi-url"),
        ("https://archive.example/http:/publisher.example/doi/10.5555/x", "doi:10.5555/x", "publisher-url"),
        ("https://doi-org.proxy.example.edu/10.5555/x", "doi:10.5555/x", "publisher-url"),
    ],
)  # fmt: skip
def test_an_address_names_an_identifier(url: str, identifier: str, method: str) -> None:
    assert names(url)[:1] == [(identifier, method)]


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/date/25.10.2015/2137303",
        "https://www.nature.com/articles/",
        "https://www.nature.com/subjects/biology",
        "https://ieeexplore.ieee.org/document/0000000",
        "https://www.mdpi.com/2072-4292/11/1/12",
        "https://doi.org/",
        "https://doi.org/about",
        "https://doi.org/www.example.edu/784506.html",
        "https://arxiv.org/list/cs/new",
        "https://pubmed.ncbi.nlm.nih.gov/?term=tides",
        "https://example.edu/page?id=123",
        "https://zenodo.org/communities/x",
        "https://sandbox.zenodo.org/records/1",
        "https://copernicus.org/articles/1/2/2020/",
        "https://www.jstor.org/stable/",
    ],
)
def test_an_address_that_names_none(url: str) -> None:
    assert names(url) == []


def test_the_address_of_a_page_is_told_as_well_and_last_but_not_that_of_a_resolver() -> None:
    assert names("https://publisher.example/doi/10.5555/x?utm_source=y", itself=True) == [
        ("doi:10.5555/x", "publisher-url"),
        ("url:https://publisher.example/doi/10.5555/x", "landing-page"),
    ]
    assert names("https://doi.org/10.5555/x", itself=True) == [("doi:10.5555/x", "doi-url")]
    assert names("https://doi.org/", itself=True) == []


def test_addresses_within_addresses_are_told_too_but_not_for_ever() -> None:
    inner = "https://a.example/"
    for _ in range(20):
        inner = f"https://b.example/?u={inner}"

    assert names("https://l.example/?u=https%3A%2F%2Fa.example%2F1", itself=True) == [
        ("url:https://a.example/1", "landing-page"),
        ("url:https://l.example/?u=https%3A%2F%2Fa.example%2F1", "landing-page"),
    ]
    assert len(names(inner, itself=True)) == 4


@pytest.mark.parametrize(
    "url",
    ["", "mailto:a@b.example", "javascript:void(0)", "#top", "/doi/10.5555/x", "ftp://a.example/10.5555/x",
     "https://[::1/10.5555/x", "https://", f"https://a.example/{'x' * 2000}", "https://a b/10.5555/x\x00"],
)  # fmt: skip
def test_what_is_no_web_address_names_nothing(url: str) -> None:
    assert address(url) == []


@given(st.one_of(*(st.from_regex(place, fullmatch=True) for place in _ADDRESSES.values())))
def test_every_address_of_a_resolver_is_tried_as_one(place: str) -> None:
    found = parse(f"https://{place}")

    assert found is None or found.scheme == "url" or _RESOLVERS.search(place)
