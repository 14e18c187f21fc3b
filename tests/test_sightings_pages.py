"""What a page says that it is, apart from what it cites."""

import json

import pytest

from connectors.sightings import page_tags


def names(markup: str) -> list[str]:
    found = page_tags(markup)
    assert {one.method for one in found} <= {"meta-tag"}
    return [str(one.identifier) for one in found]


def meta(name: str, content: str) -> str:
    return f'<html><head><meta name="{name}" content="{content}"></head><body></body></html>'


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("citation_doi", "10.5555/X", ["doi:10.5555/x"]),
        ("citation_doi", "https://doi.org/10.5555/x", ["doi:10.5555/x"]),
        ("Citation_DOI", " doi:10.5555/x ", ["doi:10.5555/x"]),
        ("citation_pmid", "123", ["pmid:123"]),
        ("citation_arxiv_id", "2101.00001", ["arxiv:2101.00001", "doi:10.48550/arxiv.2101.00001"]),
        ("citation_isbn", "0-306-40615-2", ["isbn:9780306406157"]),
        ("citation_abstract_html_url", "https://a.example/1", ["url:https://a.example/1"]),
        (
            "citation_pdf_url",
            "https://a.example/10.5555/x.pdf",
            ["doi:10.5555/x", "url:https://a.example/10.5555/x.pdf"],
        ),
        ("DC.identifier", "doi:10.5555/x", ["doi:10.5555/x"]),
        ("dc.Identifier.DOI", "10.5555/x", ["doi:10.5555/x"]),
        ("DC.identifier", "https://hdl.handle.net/1721.1/7", ["handle:1721.1/7"]),
        ("DC.identifier", "urn:nbn:de:x", ["urn:nbn:de:x"]),
        ("DC.identifier", "Annals of Tides 3, 5", []),
        ("dcterms.identifier", "info:pmid/1", []),
        ("prism.doi", "10.5555/x", ["doi:10.5555/x"]),
        ("eprints.id_number", "10.5555/x", ["doi:10.5555/x"]),
        ("eprints.official_url", "https://dx.doi.org/10.5555/x", ["doi:10.5555/x"]),
        ("bepress_citation_doi", "10.5555/x", ["doi:10.5555/x"]),
        ("citation_reference", "citation_doi=10.5555/no", []),
        ("DC.Relation", "10.5555/no", []),
        ("DC.Source", "10.5555/no", []),
        ("citation_issn", "1234-5679", []),
        ("description", "10.5555/no", []),
        ("citation_doi", "10.5555/ab...", []),
        ("citation_doi", "", []),
    ],
)
def test_tags_tell_the_pages_own_identifiers(name: str, content: str, found: list[str]) -> None:
    assert names(meta(name, content)) == found


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<meta property="og:url" content="https://a.example/1">', ["url:https://a.example/1"]),
        ('<link rel="canonical" href="https://a.example/1">', ["url:https://a.example/1"]),
        ('<link rel="cite-as" href="https://doi.org/10.5555/x">', ["doi:10.5555/x"]),
        ('<link rel="describedby related" href="https://doi.org/10.5555/no">', []),
        ("<p>10.5555/no <a href='https://doi.org/10.5555/no'>a</a>", []),
        ("<meta content='10.5555/no'>", []),
        ("<meta name=citation_doi>", []),
    ],
)
def test_so_do_links_that_say_it_and_nothing_else(markup: str, found: list[str]) -> None:
    assert names(markup) == found


def test_a_canonical_link_may_lead_from_the_page() -> None:
    (found,) = page_tags('<link rel="canonical" href="/1">', "https://a.example/1?x=2")

    assert str(found.identifier) == "url:https://a.example/1"


def script(told: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


WORK = {"@type": "ScholarlyArticle", "@id": "https://doi.org/10.5555/x"}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (WORK, ["doi:10.5555/x"]),
        ([WORK], ["doi:10.5555/x"]),
        ({"@graph": [{"@type": "Organization", "url": "https://no.example/"}, WORK]}, ["doi:10.5555/x"]),
        ({"@type": "WebPage", "mainEntity": WORK}, ["doi:10.5555/x"]),
        ({"@type": ["Thing", "https://schema.org/Dataset"], "sameAs": ["https://doi.org/10.5555/x"]},
         ["doi:10.5555/x"]),
        ({"@type": "Dataset", "identifier": "doi:10.5555/x"}, ["doi:10.5555/x"]),
        ({"@type": "Dataset", "identifier": {"propertyID": "DOI", "value": "10.5555/x"}}, ["doi:10.5555/x"]),
        ({"@type": "Dataset", "identifier": [{"propertyID": "https://registry.example/PMID", "value": "123"}]},
         ["pmid:123"]),
        ({"@type": "Book", "isbn": "0306406152", "url": "https://a.example/1"},
         ["url:https://a.example/1", "isbn:9780306406157"]),
        ({**WORK, "citation": [{"@type": "ScholarlyArticle", "@id": "https://doi.org/10.5555/no"}],
          "isPartOf": {"@type": "Book", "isbn": "0306406152"}}, ["doi:10.5555/x"]),
        ([WORK, {"@type": "Dataset", "@id": "https://doi.org/10.5555/y"}], []),
        ({"@type": "Person", "url": "https://no.example/"}, []),
        ({"@type": 3, "@id": 4}, []),
        ({"@type": "Dataset", "identifier": [3, None, {"value": 3}, {"propertyID": 4, "value": "x"}], "url": {}}, []),
        ("words", []),
        (None, []),
    ],
)  # fmt: skip
def test_json_ld_tells_the_identifiers_of_the_one_work_that_the_page_is_about(told: object, found: list[str]) -> None:
    assert names(script(told)) == found


@pytest.mark.parametrize("text", ["{", "[" * 200_000, "1" * 10_000, '{"@graph": {"@graph": 1}}', "NaN", ""])
def test_json_that_is_none_tells_nothing(text: str) -> None:
    assert names(f'<script type="application/ld+json">{text}</script>') == []
