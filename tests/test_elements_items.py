"""What one publication of Elements becomes, with all that its records may contain."""

import pytest
from elements_words import PRIVATE, V613, date, element, record, text, told_item, told_records

from connectors.elements.items import Rules, item
from connectors.records import Aside, Gone

THREE = (
    record(text("title", "First") + text("doi", "10.5555/a"), "manual"),
    record(text("title", "Second") + text("doi", "10.5555/b") + text("journal", "Tides"), "scopus"),
    record(text("journal", "Waves") + date(year=2025), "pubmed"),
)


@pytest.mark.parametrize(
    ("records", "precedence", "doi", "title", "journal", "others"),
    [
        (THREE, {}, "doi:10.5555/a", "First", "Tides", ["doi:10.5555/b"]),
        (THREE, {"scopus": 1, "manual": 2}, "doi:10.5555/b", "Second", "Tides", ["doi:10.5555/a"]),
        (THREE, {"pubmed": -3, "manual": 2}, "doi:10.5555/a", "First", "Waves", ["doi:10.5555/b"]),
        (
            (*THREE[:2], record(text("doi", "10.5555/c"), "wos", preferred=True)),
            {"scopus": 1},
            "doi:10.5555/c",
            "Second",
            "Tides",
            ["doi:10.5555/b", "doi:10.5555/a"],
        ),
    ],
    ids=["appearance", "precedence", "a first record without a DOI", "preferred"],
)
def test_the_record_whose_doi_counts_tells_the_rest_and_the_others_fill_in(
    records, precedence, doi, title, journal, others
) -> None:
    found = told_records(*records, precedence=precedence)

    assert [str(one) for one in found.identifiers] == [doi]
    assert (found.title, found.journal, [str(one) for one in found.other_dois]) == (title, journal, others)


@pytest.mark.parametrize(
    "value",
    [
        "<items><item>10.5555/a</item><item>10.5555/b</item></items>",
        '<identifiers><identifier scheme="doi">10.5555/a</identifier><identifier>10.5555/b</identifier></identifiers>',
    ],
)
def test_the_dois_of_a_list_are_told_apart(value: str) -> None:
    found = told_records(record(f'<field name="doi"><links><link type="doi"/></links>{value}</field>'))

    assert [str(one) for one in found.identifiers] == ["doi:10.5555/a"]
    assert [str(one) for one in found.other_dois] == ["doi:10.5555/b"]


def test_dois_are_told_apart_in_their_normal_form_and_only_from_the_named_fields() -> None:
    one = record(text("doi", "https://doi.org/10.5555/TIDES.1.") + text("c-validated-doi", "10.5555/valid"))
    two = record(text("doi", "doi:10.5555/tides.1") + text("c-related-doi", "10.5555/related"))

    found = told_records(one, two, doi_fields=("doi", "c-validated-doi"))

    assert [str(told) for told in found.identifiers] == ["doi:10.5555/tides.1"]
    assert [str(told) for told in found.other_dois] == ["doi:10.5555/valid"]


@pytest.mark.parametrize("value", ["doi:123.45", "n/a", "", "10.55/x", "https://example.org/10.5555/x"])
def test_what_is_not_shaped_like_a_doi_is_none(value: str) -> None:
    found = told_records(record(text("doi", value)))

    assert (found.identifiers, found.other_dois) == ((), ())


def test_other_identifiers_come_from_their_fields_and_from_the_sources_own_ids() -> None:
    external = "".join(
        f'<identifier scheme="{scheme}">{value}</identifier>'
        for scheme, value in (("pmc", "PMC300"), ("pubmed", "400"), ("arxiv", "2401.00001v2"), ("isidoc", "x"))
    )
    content = "".join(
        [
            record(
                f'<field name="external-identifiers"><identifiers>{external}</identifiers></field>', "scopus", "2-s2.0"
            ),
            record("", "pubmed", "401"),
            record("", "arxiv", "2401.00002"),
            record("", "epmc", "MED:402"),
            record("", "epmc", "403"),
            record(text("isbn-13", "978-0-306-40615-7") + text("isbn-10", "junk") + text("issn", "1234-567x")),
        ]
    )
    pages = "<repository-item><public-url>https://hdl.handle.net/20.500/7</public-url></repository-item>"
    pages += "<repository-item><public-url>https://repository.example.edu/items/7</public-url></repository-item>"

    found = told_item(
        f'<repository-items>{pages}</repository-items><records>{content}</records><journal issn="12345679"/>'
    )

    assert [str(one) for one in found.identifiers] == [
        "pmid:400", "pmid:401", "pmid:402", "pmcid:PMC300", "arxiv:2401.00001", "arxiv:2401.00002",
        "isbn:9780306406157", "handle:20.500/7", "url:https://repository.example.edu/items/7",
    ]  # fmt: skip
    assert found.issns == ("1234-567X", "1234-5679")


def test_identifiers_of_a_record_with_another_doi_are_not_ours() -> None:
    ours, theirs = record(text("doi", "10.5555/a")), record(text("doi", "10.5555/b"), "pubmed", "401")

    assert [str(one) for one in told_records(ours, theirs).identifiers] == ["doi:10.5555/a"]


def test_records_of_the_journal_are_not_records_of_the_publication() -> None:
    journal = (
        f"<journal><records>{record(text('title', 'A journal') + text('doi', '10.5555/journal'))}</records></journal>"
    )

    found = told_item(journal)

    assert (found.title, found.identifiers) == ("", ())


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ({"day": 3, "month": 5, "year": 2017}, "2017-05-03"),
        ({"month": 5, "year": 2017}, "2017-05"),
        ({"year": 2017}, "2017"),
        ({"day": 31, "month": 2, "year": 2017}, "2017-02"),
        ({"day": 29, "month": 2, "year": 2016}, "2016-02-29"),
        ({"day": 3, "month": 13, "year": 2017}, "2017"),
        ({"day": 0, "month": 5, "year": 2017}, "2017-05"),
        ({"day": 3, "year": 2017}, "2017"),
        ({"day": 3, "month": 5}, ""),
        ({"year": "in press"}, ""),
        ({"year": 17}, ""),
        ({}, ""),
    ],
)
def test_a_date_is_told_as_far_as_it_is_on_the_calendar(parts: dict[str, object], published: str) -> None:
    assert told_records(record(date(**parts))).published == published


def test_white_space_in_titles_is_collapsed_and_markup_inside_keeps_its_text() -> None:
    found = told_records(record(text("title", "Tides\n   and <i>Waves</i><!-- hidden --> 🌊 ∑ₙ x²")))

    assert found.title == "Tides and Waves 🌊 ∑ₙ x²"


def test_what_was_merged_into_an_object_is_gone_into_it() -> None:
    merge = '<merge><merged-object id="{}"/><merged-into-object id="{}"/></merge>'
    history = f"<merge-history>{merge.format(98, 99)}{merge.format(99, 101)}</merge-history>"
    text = f'<object category="publication" id="101">{history}</object>'

    found = list(item(element(text), V613, "/", Rules()))[1:]

    assert found == [Gone(kind="item", key="98", into="101"), Gone(kind="item", key="99", into="101")]


@pytest.mark.parametrize("content", ["", "<records/>", "<records><record/></records>", "<odd><x/></odd>", "text"])
def test_an_object_of_which_only_the_id_can_be_read_is_a_private_record(content: str) -> None:
    found = told_item(content)

    assert (found.key, found.visibility, found.title) == ("101", PRIVATE, "")
    assert found.doubts


@pytest.mark.parametrize(
    "start",
    [
        '<object category="publication"',
        '<object category="publication" id=" "',
        "<object id=''",
        '<object category="grant" id="7"',
    ],
)
def test_without_an_id_of_the_right_kind_an_entry_is_set_aside_with_its_evidence(start: str) -> None:
    (found,) = item(element(f"{start}><note>evidence</note></object>"), V613, "/publications, entry 3", Rules())

    assert isinstance(found, Aside)
    assert (found.keyless, found.place) == (True, "/publications, entry 3")
    assert "evidence" in found.evidence


def test_evidence_is_cut() -> None:
    (found,) = item(element(f"<object><note>{'x' * 9000}</note></object>"), V613, "/", Rules())

    assert isinstance(found, Aside)
    assert len(found.evidence) == 4000


def test_a_journal_that_no_record_names_is_called_by_its_own_record():
    records = '<records><record source-name="manual"><native/></record></records>'
    journal = (
        '<journal issn="0000-0000"><records><record source-name="snip"/><record source-name="era2012">'
        "<title>Letters of\n Example</title></record></records></journal>"
    )

    assert told_item(records + journal).journal == "Letters of Example"
