"""Policy documents are told where they cite an output: what is a citation, and when it was said."""

from datetime import UTC, datetime
from typing import Any

import pytest
from policy_site import CITES, DATED, DAY, NOW, ONE, TWO, Listening, a_listening, a_site, mentions, set_aside

from sandbox.policy import PolicySite, pdf

site, listening = a_site(), a_listening()


def test_a_page_that_cites_an_output_is_told_with_its_source_address_title_and_date(
    site: PolicySite, listening: Listening
) -> None:
    head = '<meta name="dcterms.title" content="x"><meta property="article:published_time" content="2026-01-02">'
    site.page("/reports/1", CITES, head=head, at=DATED)

    (told,) = mentions(listening.listen())

    address = site.web.url("/reports/1")
    assert (told.key, told.source, told.policy_source) == (
        f"policy Example Ministry {address}",
        "policy",
        "Example Ministry",
    )
    assert (told.url, told.title) == (address.replace("http:", "https:"), "A report")
    assert told.occurred_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert [(each.identifier, each.method, each.level) for each in told.evidence] == [(ONE, "doi-url", "literal")]


def test_a_guideline_is_one(site: PolicySite, listening: Listening) -> None:
    listening.write(f"Example Institute,guideline,{site.sitemap},")
    site.page("/guidance/1", CITES, at=DATED)

    assert [(each.source, each.policy_source) for each in mentions(listening.listen())] == [
        ("guideline", "Example Institute")
    ]


def test_a_pdf_is_read_page_by_page_and_says_on_which_it_was(site: PolicySite, listening: Listening) -> None:
    listening.tracked = (ONE, TWO)
    body = pdf([["A report"], ["See 10.5555/one."]], links={2: ["https://doi.org/10.5555/two"]})
    site.file("/reports/1.pdf", body, at=DATED)

    (told,) = mentions(listening.listen())

    assert {each.identifier: each.excerpt for each in told.evidence} == {
        ONE: "p. 2: 10.5555/one",
        TWO: "p. 2: https://doi.org/10.5555/two",
    }
    assert told.occurred_at == datetime(2026, 3, 4, tzinfo=UTC)


def test_the_files_of_a_page_are_read_with_it_and_are_no_documents_of_their_own(
    site: PolicySite, listening: Listening
) -> None:
    site.file("/files/report.pdf", pdf([["See 10.5555/one"]]), listed=False)
    site.page("/reports/1", '<p><a href="/files/report.pdf">The report</a> <a href="/about">About</a></p>', at=DATED)

    (told,) = mentions(listening.listen())

    assert told.key.endswith("/reports/1")
    assert [each.excerpt for each in told.evidence] == ["p. 1: 10.5555/one"]
    assert listening.read("/about") == 0


def test_a_page_of_which_a_file_cannot_be_read_is_told_by_what_it_says_itself(
    site: PolicySite, listening: Listening
) -> None:
    site.file("/files/a.pdf", b"%PDF-1.4 broken", listed=False)
    site.page("/reports/1", f'{CITES}<a href="/files/a.pdf">a</a><a href="/files/none.pdf">b</a>', at=DATED)

    assert [each.targets for each in mentions(listening.listen())] == [(ONE,)]


# What is no citation -------------------------------------------------------------------------------------------------


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><prism:doi>10.5555/one</prism:doi>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="citation_doi" content="10.5555/one">',
        '<meta name="DC.identifier" content="https://doi.org/10.5555/ONE">',
        '<link rel="cite-as" href="https://doi.org/10.5555/one">',
        '<script type="application/ld+json">{"@type": "Report", "identifier": "10.5555/one"}</script>',
    ],
)
def test_what_a_page_says_that_it_is_itself_is_no_citation_of_it(
    site: PolicySite, listening: Listening, head: str
) -> None:
    listening.tracked = (ONE, TWO)
    site.page("/reports/1", f"{CITES}<p>Cite as doi:10.5555/one. See 10.5555/two</p>", head=head, at=DATED)

    (told,) = mentions(listening.listen())

    assert told.targets == (TWO,)


@pytest.mark.parametrize("body", [{"info": {"Subject": "doi:10.5555/one"}}, {"xmp": XMP}])
def test_what_a_pdf_says_that_it_is_itself_is_none_either(
    site: PolicySite, listening: Listening, body: dict[str, Any]
) -> None:
    site.file("/reports/1.pdf", pdf([["Cite as 10.5555/one"]], **body), at=DATED)

    assert mentions(listening.listen()) == []


def test_nor_is_the_address_at_which_a_document_stands(site: PolicySite, listening: Listening) -> None:
    site.page("/doi/10.5555/one", CITES, at=DATED)

    assert mentions(listening.listen()) == []


def test_a_title_ties_nothing(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", "<p>Work one, Journal of Tides, 2026</p>", at=DATED)

    assert mentions(listening.listen()) == []


# When it was said ----------------------------------------------------------------------------------------------------


def test_the_first_date_of_a_sitemap_stays_however_often_it_changes(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (first,) = mentions(listening.listen())
    site.page("/reports/1", CITES + "<p>more</p>", at=DATED + 100 * DAY)
    listening.now += 30 * DAY

    (second,) = mentions(listening.listen())

    assert (second.key, second.occurred_at) == (first.key, first.occurred_at)
    assert first.occurred_at == datetime(2026, 3, 4, tzinfo=UTC)
    found = listening.again(first.key)
    assert found is not None
    assert found.occurred_at == first.occurred_at


@pytest.mark.parametrize("at", [None, NOW + 400 * DAY])
def test_a_document_that_says_nowhere_when_it_was_published_is_not_told(
    site: PolicySite, listening: Listening, at: datetime | None
) -> None:
    site.page("/reports/1", CITES)
    site.listed["/reports/1"] = at
    site._sitemaps()

    pages = listening.listen()

    assert mentions(pages) == []
    assert set_aside(pages) == ["documents that could not be read, or that say nowhere when they were published"]


def test_what_a_pdf_says_of_its_own_date_is_not_believed(site: PolicySite, listening: Listening) -> None:
    site.file("/reports/1.pdf", pdf([["10.5555/one"]], info={"CreationDate": "D:20010101000000Z"}), at=DATED)

    assert [each.occurred_at for each in mentions(listening.listen())] == [datetime(2026, 3, 4, tzinfo=UTC)]
