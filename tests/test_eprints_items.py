"""A record of an EPrints as an item: what it says of itself, and never more open than it says."""

from itertools import product

import pytest
from eprints_source import BASE, EP3, PRIVATE, PUBLIC, SHOWN, doi, read
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.eprints.items import item
from connectors.identifiers import Identifier
from connectors.records import Version

STATUSES = ("archive", "buffer", "inbox", "deletion", "", "Archive", "published", None)
SHOWS = ("show", "no_search", "hide", "", "SHOW", "campus", None)


def flags(status: str | None, shown: str | None) -> str:
    told = {"eprint_status": status, "metadata_visibility": shown}
    return "".join(f"<{name}>{value}</{name}>" for name, value in told.items() if value is not None)


@pytest.mark.parametrize(("status", "shown"), list(product(STATUSES, SHOWS)))
def test_a_record_is_public_only_in_the_archive_and_shown(status: str | None, shown: str | None) -> None:
    found = read(flags(status, shown))
    known = status in ("archive", "buffer", "inbox", "deletion") and shown in ("show", "no_search", "hide")

    assert (found.visibility == PUBLIC) == ((status, shown) == ("archive", "show"))
    assert found.visibility in (PRIVATE, PUBLIC)
    assert (not found.doubts) == known
    assert found.raw == {
        name: value
        for name, value in {"eprint_status": status, "metadata_visibility": shown}.items()
        if value is not None
    }


def test_what_is_absent_and_what_is_unknown_are_told_apart() -> None:
    assert read("<eprint_status>archive</eprint_status>").doubts == ("metadata_visibility is not told",)
    assert read(flags("archive", "campus")).doubts == ("metadata_visibility is not a word that we know",)


@pytest.mark.parametrize(
    "twice",
    [
        "<metadata_visibility>hide</metadata_visibility>",
        "<metadata_visibility/>",
        "<eprint_status>buffer</eprint_status>",
        "<metadata_visibility><item>show</item></metadata_visibility>",
    ],
)
def test_a_flag_that_comes_twice_and_differs_is_private_and_in_doubt(twice: str) -> None:
    found = read(SHOWN + twice)

    assert found.visibility == PRIVATE
    assert found.doubts


def test_a_flag_that_comes_twice_and_is_the_same_is_one() -> None:
    assert read(SHOWN + SHOWN).visibility == PUBLIC


def test_who_may_read_the_files_decides_nothing_of_the_record() -> None:
    found = read(
        f"{SHOWN}<full_text_status>restricted</full_text_status><documents><document><security>staffonly</security>"
        "<date_embargo>2031-01-01</date_embargo><eprint_status>buffer</eprint_status></document></documents>"
    )

    assert (found.visibility, found.closes_at) == (PUBLIC, None)
    assert found.raw["full_text_status"] == "restricted"


def test_raw_holds_no_dates_no_versions_and_nothing_that_is_ours() -> None:
    found = read(
        f"{SHOWN}<lastmod>2026-01-05 08:00:00</lastmod><rev_number>3</rev_number><attention_badge>x</attention_badge>"
    )

    assert set(found.raw) == {"eprint_status", "metadata_visibility"}


def test_a_record_becomes_an_item() -> None:
    found = read(
        f"{SHOWN}<type>book_section</type><title>Tide\n tables</title><publication>Annals</publication>"
        "<issn>1234-567X, 87654321</issn><isbn>978-3-16-148410-0</isbn><pmc_id>PMC270087</pmc_id>"
        "<date>2026-02-31</date><date_type>published</date_type><id_number>doi:10.5555/Tides.7</id_number>"
        "<creators><item><name><family>Quill</family><given>Ada</given></name></item></creators>"
    )

    assert (found.title, found.type, found.journal, found.published) == ("Tide tables", "chapter", "Annals", "2026-02")
    assert found.issns == ("1234-567X", "8765-4321")
    assert found.identifiers == (
        doi("10.5555/tides.7"),
        Identifier("pmcid", "PMC270087"),
        Identifier("isbn", "9783161484100"),
        Identifier("url", f"{BASE}/id/eprint/7"),
        Identifier("url", f"{BASE}/id/eprint/7/"),
        Identifier("url", f"{BASE}/7/"),
    )
    assert "Quill" not in repr(found)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("<date>2014</date>", "2014"),
        ("<date>2014-05</date><date_type>published</date_type>", "2014-05"),
        ("<date>2014-05-03</date>", "2014-05-03"),
        ("<date>2014-13-03</date>", "2014"),
        ("<date>2014-05-03</date><date_type>submitted</date_type>", ""),
        ("<date>0001</date>", ""),
        ("<date>in press</date>", ""),
        ("", ""),
    ],
)
def test_the_date_is_that_of_publication_as_far_as_it_is_on_the_calendar(told: str, wanted: str) -> None:
    assert read(SHOWN + told).published == wanted


@pytest.mark.parametrize(
    ("told", "counts", "others"),
    [
        ("<id_number>10.5555/a</id_number>", "10.5555/a", []),
        ("<id_number>Example:20201109-155517556</id_number><doi>10.5555/a</doi>", "10.5555/a", []),
        ("<official_url>https://doi.org/10.5555/a</official_url>", "10.5555/a", []),
        ("<official_url>https://publisher.example.org/10.5555/a</official_url>", None, []),
        ("<id_number>10.5555/a</id_number><doi>10.5555/b</doi>", "10.5555/b", ["10.5555/a"]),
        ("<id_number>10.5555/A</id_number><official_url>http://dx.doi.org/10.5555/a</official_url>", "10.5555/a", []),
        ("<id_number>978-3-16-148410-0</id_number>", None, []),
        ("<related_url><item><url>https://doi.org/10.5555/data</url><type>pub</type></item></related_url>", None, []),
        ("<x><doi>10.5555/inside</doi></x>", None, []),
    ],
)
def test_only_its_own_doi_counts(told: str, counts: str | None, others: list[str]) -> None:
    found = read(SHOWN + told)

    assert [one.value for one in found.identifiers if one.scheme == "doi"] == ([counts] if counts else [])
    assert [one.value for one in found.other_dois] == others


def test_more_fields_of_dois_can_be_named_and_come_first() -> None:
    found = read(f"{SHOWN}<id_number>10.5555/a</id_number><pub_doi>10.5555/b</pub_doi>", fields=("pub_doi",))

    assert (found.identifiers[0], found.other_dois) == (doi("10.5555/b"), (doi("10.5555/a"),))


def test_a_version_that_another_succeeds_is_private_and_says_nothing_of_the_work() -> None:
    older = read(f"{flags('archive', 'no_search')}<id_number>10.5555/a</id_number><isbn>9783161484100</isbn>")
    hidden = read(f"{flags('archive', 'hide')}<id_number>10.5555/a</id_number>")

    assert (older.visibility, hidden.visibility) == (PRIVATE, PRIVATE)
    assert {one.scheme for one in older.identifiers} == {"url"}
    assert hidden.identifiers[0] == doi("10.5555/a")


def test_the_version_that_it_succeeds_is_one_of_it_and_what_it_comments_on_is_not() -> None:
    found = read(f"{SHOWN}<succeeds>3</succeeds><commentary>4</commentary>")

    assert found.versions == (Version("is_new_version_of", Identifier("url", f"{BASE}/id/eprint/3")),)
    assert read(f"{SHOWN}<succeeds>three</succeeds>").versions == ()


@pytest.mark.parametrize(
    "page", ["", "nonsense", "https://", f"{BASE}/id/eprint/8", "javascript:/id/eprint/7", "http://[/id/eprint/7"]
)
def test_only_its_own_page_is_an_identifier(page: str) -> None:
    assert read(SHOWN, page=page).identifiers == ()


@pytest.mark.parametrize("key", ["8", "", "7 8"])
def test_a_record_that_has_another_id_than_it_was_asked_for_by_is_not_read(key: str) -> None:
    found = read(f"{SHOWN}<title>Another</title>", key=key)

    assert (found.key, found.visibility, found.unread, found.title) == ("7", PRIVATE, True, "")


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(
    [
        "show",
        "hide",
        "no_search",
        "archive",
        "buffer",
        "10.5555/x",
        "https://doi.org/10.5555/x",
        "7",
        "2026-02-30",
        "\ufffd",
    ]
)
NAMES = st.sampled_from(
    [
        "eprintid", "eprint_status", "metadata_visibility", "full_text_status", "title", "type", "publication", "issn",
        "isbn", "pmc_id", "date", "date_type", "id_number", "doi", "official_url", "succeeds", "related_url", "item",
    ]
)  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> etree._Element:
    element = etree.Element(f"{{{EP3 if draw(st.booleans()) or depth == 2 else 'urn:other'}}}{draw(NAMES)}")
    element.text = draw(TEXTS)
    if depth and draw(st.integers(0, 3)) == 0:
        for child in draw(st.lists(elements(depth - 1), max_size=3)):
            element.append(child)
    return element


@given(st.lists(elements(), max_size=12), st.booleans(), TEXTS)
def test_whatever_a_record_holds_it_is_read_and_never_more_open_than_told(
    inner: list[etree._Element], own: bool, page: str
) -> None:
    eprint = etree.Element(f"{{{EP3}}}eprint", id=page)
    if own:
        etree.SubElement(eprint, f"{{{EP3}}}eprintid").text = "7"
    eprint.extend(inner)

    found = item("7", eprint, ("doi",))

    # The second opinion: every text of each flag, wherever it stands in the record's own elements of that name.
    told = {
        name: {"".join(one.itertext()).strip() if not len(one) else "?" for one in eprint.findall(f"{{{EP3}}}{name}")}
        for name in ("eprintid", "eprint_status", "metadata_visibility")
    }
    if found.visibility == PUBLIC:
        assert told["eprint_status"] == {"archive"}
        assert told["metadata_visibility"] == {"show"}
    elif not found.unread:
        assert (told["eprint_status"], told["metadata_visibility"]) != ({"archive"}, {"show"})
    assert found.key == "7"
    assert all(len(value) <= 200 for value in found.raw.values())
