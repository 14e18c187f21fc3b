"""What records become, format by format; what is expected was read out of the fixtures by eye."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from oai_source import INTERNAL, PRIVATE, PUBLIC, one, read

from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.oai.crosswalks import CROSSWALKS
from connectors.oai.items import item
from connectors.oai_pmh import xml
from connectors.oai_pmh.xml import Record
from connectors.records import Aside, Gone, Item, Version

RECORDED = Path(__file__).parent / "recorded" / "oai"
FIXTURES = sorted(RECORDED.glob("*.xml"))
DC = '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">{}</dc>'
NAMES = ("Harbourmaster", "Lighthouse", "Breakwater", "Drydock")


def recorded(name: str) -> Item:
    return one((RECORDED / f"{name}.xml").read_text(encoding="utf-8"))


def ids(found: Item) -> list[str]:
    return [str(each) for each in found.identifiers]


def others(found: Item) -> list[str]:
    return [each.value for each in found.other_dois]


def test_rioxx_3_has_the_doi_of_the_version_of_record_and_not_that_of_its_data() -> None:
    found = recorded("rioxx3")

    assert (ids(found), others(found)) == (["doi:10.5555/journal.1"], ["10.5555/repository.1"])
    assert (found.title, found.type, found.published) == (
        "Tide tables of the northern harbour", "journal-article", "2026-01",
    )  # fmt: skip
    assert found.issns == ("1234-5679",)
    assert found.raw == {"assumed": "public", "access_rights": "https://purl.org/coar/access_right/c_f1cf"}


def test_rioxx_3_without_a_namespace_is_known_by_its_schema() -> None:
    text = (RECORDED / "rioxx3.xml").read_text(encoding="utf-8")
    where = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{}"'
    bare = text.replace('xmlns="http://www.rioxx.net/schema/v3.0/rioxx/"', where)

    known = bare.format("http://www.rioxx.net/schema/v3.0/rioxx/")
    within = known.replace("<rioxx ", '<rioxx xmlns="http://www.openarchives.org/OAI/2.0/" ')

    assert one(known).title == one(within).title == recorded("rioxx3").title
    assert ids(one(within)) == ["doi:10.5555/journal.1"]
    assert one(bare.format("http://example.edu/")).unread


def test_rioxx_2_has_the_version_of_record_and_when_its_file_will_be_free() -> None:
    found = recorded("rioxx2")

    assert (ids(found), others(found)) == (["doi:10.5555/walls"], [])
    assert (found.title, found.type, found.published) == ("Harbour walls", "journal-article", "2026-02-28")
    assert found.raw == {"assumed": "public", "free_to_read": "2027-01-01", "license_ref": "2027-01-01"}
    assert found.closes_at is None


def test_openaire_4_keeps_a_doi_that_may_be_of_the_book_for_an_administrator_and_versions_apart() -> None:
    found = recorded("openaire4")

    assert ids(found) == ["handle:20.500.12345/7", "pmid:12345678", "doi:10.5555/pilot.2"]
    assert others(found) == []
    assert found.versions == (Version("is_version_of", Identifier("doi", "10.5555/concept")),)
    assert (found.title, found.type, found.journal) == ("Pilot books", "chapter", "The Book of Harbours")
    assert (found.published, found.issns) == ("2025-03", ("1234-5679",))
    assert found.raw["rights"] == "embargoed access | http://purl.org/coar/access_right/c_f1cf"
    assert found.raw["available"] == "2028-01-01"


def test_openaire_4_of_a_dspace_has_its_own_doi_among_those_to_look_at() -> None:
    text = (RECORDED / "openaire4.xml").read_text(encoding="utf-8")
    found = one(text.replace("https://doi.org/10.5555/pilot.2", "https://repository.example.edu/3"))

    assert (ids(found), others(found)) == (["handle:20.500.12345/7", "pmid:12345678"], ["10.5555/maybe"])


def test_mods_has_typed_identifiers_and_those_of_its_journal_are_not_its_own() -> None:
    found = recorded("mods")

    assert ids(found) == ["handle:20.500.12345/8", "doi:10.5555/letters"]
    assert others(found) == ["10.5555/letters.preprint"]
    assert (found.title, found.type, found.journal) == ("Letters from the quay", "journal-article", "Quay Quarterly")
    assert (found.published, found.issns) == ("2024-05-06", ("0000-0019", "1234-5679"))
    assert found.raw["rights"] == "Only on campus"


def test_dublin_core_of_an_eprints_has_no_doi_out_of_its_citation() -> None:
    found = recorded("dublin_core_eprints")

    assert (ids(found), others(found)) == (["doi:10.5555/ropes"], [])
    assert (found.title, found.type, found.published) == ("Ropes & knots", "journal-article", "2020")


def test_dublin_core_of_a_dspace_is_not_dated_by_its_deposit_and_rights_open_nothing() -> None:
    text = (RECORDED / "dublin_core_dspace.xml").read_text(encoding="utf-8")
    found = one(text)

    assert (ids(found), others(found)) == (["handle:20.500.12345/9"], [])
    assert (found.type, found.published) == ("thesis-dissertation", "2023-06")
    assert found.raw["rights"] == "In Copyright | info:eu-repo/semantics/openAccess"
    assert found.raw["embargo"] == "info:eu-repo/date/embargoEnd/2027-02-03"
    assert one(text, None).visibility == PRIVATE
    assert one(text, INTERNAL).visibility == INTERNAL


def test_dublin_core_after_openaire_3_has_what_is_called_its_own_among_relations() -> None:
    found = recorded("dublin_core_openaire3")

    assert (ids(found), others(found)) == (["doi:10.5555/lights", "pmid:7654321"], [])
    assert found.type == "conference"


def test_one_doi_among_the_relations_alone_is_kept_for_an_administrator_and_several_are_not() -> None:
    related = "<dc:relation>https://doi.org/10.5555/{}</dc:relation>"
    single = one(DC.format(related.format("a") + related.format("a")))
    several = one(DC.format(related.format("a") + related.format("b")))

    assert (ids(single), others(single)) == ([], ["10.5555/a"])
    assert (ids(several), others(several)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "Harbourmaster, A. (2020) Ropes. doi:10.5555/x",
        "10.5555/x Harbourmaster, A. (2020) Ropes",
        "doi:10.5555/x and doi:10.5555/y",
        "https://example.edu/?doi=10.5555/x",
        "https://publisher.example.com/doi/10.5555/x",
        "is referenced by 10.5555/x",
        "ISBN 978-0-306-40615-7",
        "10.5555",
        "urn:doi:",
        "",
    ],
)
def test_an_identifier_that_is_more_than_a_doi_is_none(text: str) -> None:
    found = one(DC.format(f"<dc:identifier>{text}</dc:identifier>"))

    assert (ids(found), others(found)) == ([], [])


@pytest.mark.parametrize(
    "text",
    ["10.5555/x", "doi:10.5555/X", "https://doi.org/10.5555/x", "http://dx.doi.org/10.5555%2Fx", " DOI: 10.5555/x "],
)
def test_an_identifier_that_is_a_doi_and_nothing_beside_it_counts(text: str) -> None:
    assert ids(one(DC.format(f"<dc:identifier>{text}</dc:identifier>"))) == ["doi:10.5555/x"]


def test_an_issn_among_the_identifiers_says_that_it_is_one() -> None:
    told = "<dc:source>2049-3630</dc:source><dc:identifier>{}</dc:identifier><dc:identifier>1234-5678</dc:identifier>"

    assert one(DC.format(told.format("issn:0000-001x"))).issns == ("2049-3630", "0000-001X")


def test_uketd_is_a_thesis_and_what_refers_to_it_is_not_its_own() -> None:
    found = recorded("uketd")

    assert (ids(found), others(found)) == (["doi:10.5555/memoirs"], [])
    assert (found.type, found.published, found.raw["embargo"]) == ("thesis-dissertation", "2022", "2029-09-30")


def test_cerif_has_its_own_identifiers_and_not_those_of_its_series_or_references() -> None:
    found = recorded("cerif")

    assert ids(found) == ["doi:10.5555/seals", "handle:20.500.12345/10", "isbn:9780306406157"]
    assert (found.title, found.type, found.journal) == ("Harbour seals", "book", "Seals of the World")
    assert (found.published, found.issns) == ("2021-07-08", ("1234-5679",))
    assert found.raw["access"] == "http://purl.org/coar/access_right/c_abf2"


@pytest.mark.parametrize("entity", ["Person", "OrgUnit", "Project", "Funding", "Event", "Equipment", "Service"])
def test_what_cerif_tells_beside_outputs_is_nothing_here(entity: str) -> None:
    assert read(f'<{entity} xmlns="https://www.openaire.eu/cerif-profile/1.1/" id="1"><Name>x</Name></{entity}>') == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_nobodys_name_is_read(fixture: Path) -> None:
    text = fixture.read_text(encoding="utf-8")
    told = repr(one(text))

    assert any(name in text for name in NAMES) or fixture.stem == "dublin_core_openaire3"
    assert not any(name in told for name in NAMES)
    assert "0000-0002-1825-0097" not in told


def test_every_crosswalk_has_a_fixture() -> None:
    roots = {etree.parse(path).getroot().tag for path in FIXTURES}
    spaces = {re.sub(r"^\{(.*)\}.*", r"\1", str(tag)) for tag in roots}

    assert all(spaces & {*crosswalk.namespaces} for crosswalk in CROSSWALKS)


def test_a_record_without_metadata_or_of_a_format_that_is_not_read_is_told_and_private() -> None:
    nothing, strange = one(""), one('<marc xmlns="http://www.loc.gov/MARC21/slim"><title>x</title></marc>')

    assert (nothing.unread, nothing.visibility, nothing.doubts) == (True, PRIVATE, ("it has no metadata",))
    assert (strange.unread, strange.visibility) == (True, PRIVATE)
    assert strange.title == ""


def test_a_typed_doi_that_is_none_is_reported_and_the_record_stored() -> None:
    told = read('<mods xmlns="http://www.loc.gov/mods/v3"><identifier type="doi">see below</identifier></mods>')

    assert [type(each) for each in told] == [Item, Aside]
    assert isinstance(told[1], Aside)
    assert (told[1].stored, told[1].keyless, told[1].key) == (True, False, "oai:x:1")


@pytest.mark.parametrize(
    "header",
    ["", "<identifier/>", "<identifier>  </identifier>", "<identifier>a</identifier><identifier>b</identifier>",
     f"<identifier>{'x' * 2001}</identifier>"],
)  # fmt: skip
def test_a_record_without_a_readable_key_is_set_aside_with_its_evidence(header: str) -> None:
    element = etree.fromstring(
        f"<record xmlns='http://www.openarchives.org/OAI/2.0/'><header>{header}</header></record>"
    )
    (found,) = item(xml.read(element, "ListRecords, page 1, entry 1"), PUBLIC)

    assert isinstance(found, Aside)
    assert found.keyless
    assert "<header" in found.evidence
    assert found.place == "ListRecords, page 1, entry 1"


def test_statements_of_access_are_kept_short_and_few() -> None:
    found = one(DC.format("".join(f"<dc:rights>{number} {'long ' * 100}</dc:rights>" for number in range(50))))

    assert len(found.raw["rights"]) < 1700


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(["10.5555/x", "doi:10.5555/y", "https://doi.org/10.5555/z", "public", "openAccess", "2026-13-45",
                     "info:eu-repo/semantics/altIdentifier/doi/10.5555/w", "info:eu-repo/semantics/altIdentifier/x/",
                     "urn:isbn:9780306406157", "https://[", "1234-5678", "info:eu-repo/semantics/openAccess"]),
)  # fmt: skip
PATHS = sorted(
    {
        re.sub(r"\[.*?\]|/@.*", "", path).rpartition("/")[2].replace("*:", "")
        for walk in CROSSWALKS
        for path in (*walk.titles, *walk.types, *walk.dates, *walk.identifiers, *walk.perhaps, *walk.issns, "dc:rights")
    }
)


@given(
    root=st.sampled_from([(walk.namespaces[0], walk.roots[0]) for walk in CROSSWALKS]),
    inside=st.lists(st.tuples(st.sampled_from(PATHS), VALUES, st.dictionaries(st.sampled_from(
        ["type", "coar_version", "coar_type", "identifierType", "relationType", "access_rights"]), VALUES, max_size=2)),
        max_size=8),
    status=st.sampled_from(["", "deleted", "Deleted", "hidden", "public"]),
    assume=st.sampled_from([None, *Visibility]),
)  # fmt: skip
def test_nothing_that_metadata_says_raises_or_opens_more_than_was_assumed(
    root: tuple[str, str], inside: list[tuple[str, str, dict[str, str]]], status: str, assume: Visibility | None
) -> None:
    spaces = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
              "mods": "http://www.loc.gov/mods/v3", "datacite": "http://datacite.org/schema/kernel-4"}  # fmt: skip
    metadata = etree.Element(f"{{{root[0]}}}{root[1]}")
    for path, value, attributes in inside:
        prefix, _, local = path.rpartition(":")
        child = etree.SubElement(metadata, f"{{{spaces.get(prefix, root[0])}}}{local}", attributes)
        child.text = value

    told = list(item(Record(identifier="oai:x:1", status=status, metadata=metadata, element=metadata), assume))

    (first, *asides) = told
    if status.lower() == "deleted":
        assert first == Gone(kind="item", key="oai:x:1", hidden=True)
    else:
        assert isinstance(first, Item)
        assert first.visibility == (PRIVATE if status or assume is None else assume)
        assert sum(each.scheme == "doi" for each in first.identifiers) <= 1
    assert all(isinstance(each, Aside) and each.stored for each in asides)


@given(st.text("bcefghB 0123.,;()[]-", min_size=1).filter(str.strip))
def test_a_doi_behind_any_other_text_is_not_read(text: str) -> None:
    element = etree.Element("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    etree.SubElement(element, "{http://purl.org/dc/elements/1.1/}identifier").text = f"{text} 10.5555/x"
    (found,) = item(Record(identifier="oai:x:1", metadata=element, element=element), PUBLIC)

    assert isinstance(found, Item)
    assert ids(found) == []
