"""What an InvenioRDM says of a record beside who may see it: its DOI, other identifiers, versions, journal, dates."""

from typing import Any

import pytest
from inveniordm_source import PRIVATE, doi, told

from connectors.identifiers import Identifier
from connectors.inveniordm.items import records
from connectors.records import Aside, Item, Version


def item(record: Any, *subjects: str) -> Item:
    (found,) = [each for each in records(record, "here", subjects) if isinstance(each, Item)]
    return found


def alternate(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"metadata__identifiers": [{"scheme": scheme, "identifier": text} for scheme, text in pairs]}


def related(relation: str, text: str, scheme: str = "doi") -> dict[str, Any]:
    one = {"relation_type": {"id": relation}, "scheme": scheme, "identifier": text}
    return {"metadata__related_identifiers": [one]}


PAGE = Identifier("url", "https://rdm.example.edu/records/rec00-00001")
OWN = doi("10.5555/harbour.1")


def test_the_doi_that_the_record_was_registered_with_counts_and_others_are_kept_apart() -> None:
    found = item(told(**alternate(("doi", "10.5555/ARTICLE"), ("doi", "10.5555/Harbour.1"))))

    assert found.identifiers == (OWN, PAGE)
    assert found.other_dois == (doi("10.5555/article"),)


def test_a_record_without_a_doi_of_its_own_has_the_first_of_its_alternate_ones() -> None:
    found = item(told(pids={"oai": {"identifier": "oai:x:y"}}, **alternate(("doi", "10.5555/a"), ("doi", "10.5555/b"))))

    assert (found.identifiers[0], found.other_dois) == (doi("10.5555/a"), (doi("10.5555/b"),))


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        ("arxiv", "arXiv:2101.00001v2", "2101.00001"),
        ("pmid", "12345678", "12345678"),
        ("pmcid", "PMC1234567", "PMC1234567"),
        ("isbn", "978-3-16-148410-0", "9783161484100"),
        ("handle", "20.500.12345/67", "20.500.12345/67"),
    ],
)
def test_other_identifiers_are_those_of_schemes_that_join(scheme: str, text: str, value: str) -> None:
    assert item(told(**alternate((scheme, text)))).identifiers == (OWN, Identifier(scheme, value), PAGE)


@pytest.mark.parametrize(
    "pair", [("eprintid", "44465"), ("url", "https://elsewhere.example.org/"), ("other", "x"), ("isbn", "1")]
)
def test_what_is_of_another_scheme_or_not_shaped_like_one_joins_nothing(pair: tuple[str, str]) -> None:
    assert item(told(**alternate(pair))).identifiers == (OWN, PAGE)


def test_something_odd_about_a_doi_is_told_beside_the_item() -> None:
    found = list(records(told(pids__doi={"identifier": "see 10.5555/x"}), "here", ()))

    assert isinstance(found[1], Aside)
    assert (found[1].reason, found[1].stored) == ("doi is not shaped like one and was left out", True)


@pytest.mark.parametrize(
    ("relation", "named"),
    [
        ("hasversion", "has_version"),
        ("isversionof", "is_version_of"),
        ("isnewversionof", "is_new_version_of"),
        ("ispreviousversionof", "is_previous_version_of"),
        ("hastranslation", "has_translation"),
        ("istranslationof", "is_translation_of"),
    ],
)
def test_a_stated_version_is_one(relation: str, named: str) -> None:
    assert item(told(**related(relation, "10.5555/OTHER"))).versions == (Version(named, doi("10.5555/other")),)


@pytest.mark.parametrize(
    "row",
    [
        related("cites", "10.5555/other"),
        related("issupplementto", "10.5555/other"),
        related("isidenticalto", "10.5555/other"),
        related("isversionof", "10.5555/harbour.1"),  # itself
        related("isversionof", "no identifier"),
        related("isversionof", "https://elsewhere.example.org/", "nothing"),
        {"parent__pids": {"doi": {"identifier": "10.5555/Harbour.1"}}},
    ],
)
def test_no_other_relation_is_a_version_and_nothing_is_one_of_itself(row: dict[str, Any]) -> None:
    found = item(told(**row))

    assert (found.versions, found.other_dois) == ((), ())


def test_the_doi_of_all_versions_joins_nothing_and_is_told_as_that() -> None:
    found = item(told(parent__pids={"doi": {"identifier": "10.5555/concept"}}))

    assert found.versions == (Version("all_versions", doi("10.5555/concept")),)
    assert found.identifiers == (OWN, PAGE)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024", "2024"),
        ("2024-11", "2024-11"),
        ("2024-11-02", "2024-11-02"),
        ("2020/2021", "2020"),
        ("2020-05-01/2020-06", "2020-05-01"),
        ("2024-02-31", "2024-02"),
        ("2024-13", "2024"),
        ("20245", ""),
        ("0000", ""),
        ("in print", ""),
        (2024, ""),
    ],
)
def test_a_date_is_as_much_of_it_as_is_on_the_calendar_and_an_interval_its_beginning(text: object, date: str) -> None:
    assert item(told(metadata__publication_date=text)).published == date


def test_journal_issn_and_subjects_come_from_where_inveniordm_keeps_them() -> None:
    subjects = [
        {"id": "https://id.example.org/1", "subject": "Ports  and harbours", "scheme": "FOS"},
        {"subject": "tides"},
        {"id": "2", "subject": "Navigation", "scheme": "MeSH"},
    ]
    journal = {"title": "Journal of Harbours", "issn": "1234-567x; 0000-0019"}
    found = item(told(custom_fields={"journal:journal": journal}, metadata__subjects=subjects), "fos", "mesh")

    assert (found.journal, found.issns) == ("Journal of Harbours", ("1234-567X", "0000-0019"))
    assert found.subjects == ("Ports and harbours",)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("publication-article", "journal-article"),
        ("publication-book", "book"),
        ("publication-thesis", "thesis-dissertation"),
        ("dataset", "dataset"),
        ("image-photo", "image-photo"),
    ],
)
def test_a_type_is_told_in_the_words_of_the_house_where_there_is_one(kind: str, word: str) -> None:
    assert item(told(metadata__resource_type={"id": kind})).type == word


def test_no_name_of_an_author_is_told() -> None:
    assert "Carberry" not in str(item(told()))


def test_a_record_without_a_key_is_set_aside_with_its_evidence() -> None:
    (found,) = records(told(id="\x00"), "page 2, record 3", ())

    assert isinstance(found, Aside)
    assert (found.keyless, found.place) == (True, "page 2, record 3")
    assert "harbour" in found.evidence


def test_a_title_is_one_line_without_what_no_store_takes() -> None:
    found = item(told(metadata__title="Tide\x00 tables\n \ud800"))

    assert (found.title, found.visibility > PRIVATE) == ("Tide tables �", True)
