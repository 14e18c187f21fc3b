"""What an article says of itself, as an item: who may see it, which DOI counts, what is a version and what is not."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from figshare_source import OPEN, PRIVATE, PUBLIC
from hypothesis import given
from hypothesis import strategies as st

from connectors.figshare.flags import INPUTS, judge
from connectors.figshare.items import authors, item, key_of, several
from connectors.identifiers import Identifier
from connectors.records import Aside, Item, Version

ABSENT = object()
ROW = {"id": 7001, "title": "Tide tables, not yet published", "doi": "10.5555/figshare.7001", "defined_type_name": "x"}


def told(**more: object) -> dict[str, object]:
    return {name: value for name, value in {**OPEN, **more}.items() if value is not ABSENT}


def read(view: object, row: Mapping[str, object] = ROW, versions: Iterable[object] = ()) -> Item:
    (found,) = [one for one in item(row, view, versions, "here") if isinstance(one, Item)]
    return found


def doi(text: str) -> Identifier:
    return Identifier("doi", text)


def test_an_article_that_nothing_closes_is_public() -> None:
    found = read(told())

    assert (found.visibility, found.doubts) == (PUBLIC, ())
    assert found.raw == {
        "is_public": "true",
        "status": "public",
        "is_embargoed": "false",
        "embargo_type": "file",
        "is_confidential": "false",
    }


@pytest.mark.parametrize(
    "closed",
    [
        {"is_public": False},
        {"status": "private"},
        {"status": "draft"},
        {"is_embargoed": True, "embargo_type": "article"},
        {"is_embargoed": 1, "embargo_type": "article", "embargo_date": "2001-01-01T00:10:00"},
        {"is_confidential": True},
    ],
)
def test_each_word_that_closes_an_article_makes_it_private_without_a_doubt(closed: dict[str, object]) -> None:
    found = read(told(**closed))

    assert (found.visibility, found.doubts) == (PRIVATE, ())


@pytest.mark.parametrize(
    "open_",
    [
        {"is_embargoed": True, "embargo_type": "file"},
        {"is_embargoed": True, "embargo_type": "file", "embargo_date": 0},
        {"is_embargoed": False, "embargo_type": "article"},
        {"is_embargoed": False, "embargo_type": None},
        {"is_embargoed": 0, "is_public": 1, "is_confidential": 0},
        {"is_metadata_record": True},
        {"download_disabled": True},
    ],
)
def test_what_closes_the_files_alone_leaves_the_article_public(open_: dict[str, object]) -> None:
    assert read(told(**open_)).visibility == PUBLIC


@pytest.mark.parametrize("name", ["is_public", "status", "is_embargoed", "is_confidential"])
@pytest.mark.parametrize("value", [ABSENT, None, "yes", "true", "", 2, -1, 1.0, [], {}, ["public"], "Public", "campus"])
def test_what_is_absent_or_no_word_that_is_known_is_private_and_doubted(name: str, value: object) -> None:
    found = read(told(**{name: value}))

    assert found.visibility == PRIVATE
    (doubt,) = found.doubts
    assert doubt.startswith(name)


@pytest.mark.parametrize("value", [ABSENT, None, "record", "Article", 0, []])
def test_an_embargo_of_nobody_knows_what_is_private_and_doubted(value: object) -> None:
    found = read(told(is_embargoed=True, embargo_type=value))

    assert (found.visibility, found.doubts) == (PRIVATE, ("embargo_type is no word that we know",))


def test_an_embargo_that_ended_by_its_date_stays_closed_until_figshare_says_otherwise() -> None:
    found = read(told(is_embargoed=True, embargo_type="article", embargo_date="2001-01-01T00:10:00"))

    assert (found.visibility, found.closes_at) == (PRIVATE, None)


def test_what_nobody_is_shown_is_private_and_still_holds_its_doi() -> None:
    found = read(None)

    assert (found.visibility, found.doubts) == (PRIVATE, ())
    assert found.identifiers == (doi("10.5555/figshare.7001"),)
    assert found.raw == {"public view": "none"}


def test_the_title_of_a_draft_is_never_that_of_a_public_article() -> None:
    assert read(told()).title == "Tide tables"
    assert read(told(title=ABSENT)).title == ""


@pytest.mark.parametrize("view", [[], "x", 7, True, {}, {"id": 7002}, {**OPEN, "id": 7002}, {**OPEN, "id": None}])
def test_another_article_or_none_at_all_is_told_as_unread(view: object) -> None:
    found = read(view)

    assert (found.key, found.unread, found.visibility) == ("7001", True, PRIVATE)
    assert found.doubts


def test_the_doi_without_its_version_counts_and_the_other_is_a_version_of_it() -> None:
    found = read(told(doi="10.5555/Figshare.7001.V12"))

    assert found.identifiers == (doi("10.5555/figshare.7001"),)
    assert found.versions == (Version("has_version", doi("10.5555/figshare.7001.v12")),)


def test_the_versions_that_everybody_is_shown_are_versions_of_it() -> None:
    shown = [{"version": 3}, {"version": 1}, {"version": 0}, {"version": True}, {"version": "2"}, {}, None, 2]

    found = read(told(doi="10.5555/figshare.7001.v3"), versions=shown)

    assert [str(one.identifier) for one in found.versions] == [
        "doi:10.5555/figshare.7001.v3",
        "doi:10.5555/figshare.7001.v1",
    ]
    assert read(told(doi="10.5555/of-a-publisher"), versions=shown).versions == ()


@pytest.mark.parametrize(
    "text", ["10.5555/figshare.7001", "10.5555/other.v2", "10.5555/figshare.17001.v2", "10.5555/figshare.7001.v0"]
)
def test_a_doi_that_figshare_did_not_make_for_this_version_counts_as_it_is(text: str) -> None:
    found = read(told(doi=text))

    assert (found.identifiers, found.versions) == ((doi(text),), ())


def test_a_new_version_leaves_the_doi_that_counts_as_it_was() -> None:
    first, second = (read(told(doi=f"10.5555/figshare.7001.v{number}")) for number in (1, 2))

    assert first.identifiers == second.identifiers


def test_a_doi_with_something_behind_it_is_read_without_and_reported() -> None:
    records = list(item(ROW, told(doi="10.5555/figshare.7001, in press"), (), "here"))

    (aside,) = [one for one in records if isinstance(one, Aside)]
    assert (aside.stored, aside.keyless) == (True, False)


def test_the_paper_that_an_article_belongs_to_is_never_its_own_doi() -> None:
    paper = {"identifier": "10.5555/paper", "identifier_type": "DOI", "relation": "IsSupplementTo"}
    found = read(
        told(resource_doi="10.5555/paper", related_materials=[paper], references=["https://doi.org/10.5555/p"])
    )

    assert (found.identifiers, found.other_dois, found.versions) == ((), (), ())


RELATED = (
    "IsCitedBy", "Cites", "IsSupplementTo", "IsSupplementedBy", "IsContinuedBy", "Continues", "Describes",
    "IsDescribedBy", "HasMetadata", "IsMetadataFor", "IsPartOf", "HasPart", "IsPublishedIn", "IsReferencedBy",
    "References", "IsDocumentedBy", "Documents", "IsCompiledBy", "Compiles", "IsVariantFormOf", "IsOriginalFormOf",
    "IsIdenticalTo", "IsReviewedBy", "Reviews", "IsDerivedFrom", "IsSourceOf", "IsRequiredBy", "Requires",
    "IsObsoletedBy", "Obsoletes",
)  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "found"),
    [
        ("HasVersion", "has_version"),
        ("IsVersionOf", "is_version_of"),
        ("IsNewVersionOf", "is_new_version_of"),
        ("IsPreviousVersionOf", "is_previous_version_of"),
        *((other, None) for other in RELATED),
    ],
)
def test_only_a_relation_that_says_version_is_one(relation: str, found: str | None) -> None:
    material = {"identifier": "10.5555/other", "identifier_type": "DOI", "relation": relation}

    wanted = (Version(found, doi("10.5555/other")),) if found else ()
    assert read(told(related_materials=[material])).versions == wanted


def test_the_contract_knows_no_other_relation(shared_data: Any) -> None:
    contract = json.loads((shared_data / "repositories" / "figshare" / "figshare_swagger_v2.0.json").read_text())
    known = contract["components"]["schemas"]["RelatedMaterial"]["properties"]["relation"]["enum"]

    assert set(known) == {"HasVersion", "IsVersionOf", "IsNewVersionOf", "IsPreviousVersionOf", *RELATED}


def test_title_type_fields_and_date_are_those_of_the_public_version() -> None:
    found = read(
        told(
            defined_type_name="journal contribution",
            categories=[{"id": 1, "title": "Physical oceanography"}, {"id": 2, "title": "Physical oceanography"}, 7],
            published_date="2026-02-03T04:05:06Z",
            timeline={"firstOnline": "2025-12-31"},
            handle="20.500.99999/7",
        )
    )

    assert (found.type, found.subjects, found.published) == (
        "journal contribution",
        ("Physical oceanography",),
        "2026-02-03",
    )
    assert found.identifiers == (Identifier("handle", "20.500.99999/7"),)


def test_of_a_day_that_is_not_on_the_calendar_the_month_is_kept() -> None:
    assert read(told(published_date="2026-02-30T00:00:00Z")).published == "2026-02"


@pytest.mark.parametrize("when", ["soon", "", None, 2026, "20260203"])
def test_a_date_that_is_none_is_left_out(when: object) -> None:
    assert read(told(published_date=when)).published == ""


def test_authors_are_ids_and_no_name_is_read() -> None:
    listed = [{"id": 2011, "full_name": "Ann Harbourmaster"}, {"id": "2012"}, {"id": 2011}, {"id": None}, "Ann", None]

    assert authors(told(authors=listed)) == ["2011", "2012"]
    assert "Harbourmaster" not in repr(read(told(authors=listed, citation="Harbourmaster, Ann (2026)")))


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (7, "7"),
        ("7", "7"),
        ("007", "7"),
        (0, ""),
        (-7, ""),
        (True, ""),
        (7.0, ""),
        (None, ""),
        ("7a", ""),
        ("\u0667", ""),
        ("9" * 19, ""),
        (10**18, ""),
    ],
)
def test_a_key_is_a_whole_number_above_nought(number: object, key: str) -> None:
    assert key_of({"id": number}) == key


# A second reading of the flags, written as the table of docs/figshare.md reads, from the inputs alone.
YES, NO = (True, 1), (False, 0)


def plainly_public(view: Mapping[str, Any]) -> bool:
    def among(name: str, words: tuple[object, ...]) -> bool:
        return any(type(view.get(name)) is type(word) and view.get(name) == word for word in words)

    files_alone = among("is_embargoed", NO) or (among("is_embargoed", YES) and among("embargo_type", ("file",)))
    shown = among("is_public", YES) and among("status", ("public",))
    return shown and files_alone and among("is_confidential", NO)


FLAGS = st.sampled_from([True, False, 0, 1, None, "true", "false", 2, 1.0, 0.0, [], {}])
VIEWS = st.fixed_dictionaries(
    {},
    optional={
        "is_public": FLAGS,
        "status": st.sampled_from(["public", "private", "draft", "Public", "campus", "", None, True, 1, ["public"]]),
        "is_embargoed": FLAGS,
        "embargo_type": st.sampled_from(["file", "article", "File", "", None, True, {}]),
        "is_confidential": FLAGS,
    },
)


@given(VIEWS)
def test_flags_become_the_level_that_a_plain_reading_gives(view: dict[str, Any]) -> None:
    doubts: list[str] = []

    assert (judge(view, doubts) == PUBLIC) == plainly_public(view)
    assert not (doubts and plainly_public(view))


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=40)
    | st.sampled_from(["\ud800", "\x00", "10.5555/figshare.7001.v2", "HasVersion", "DOI", "2026-01-01", "public"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "title", "doi", "handle", "defined_type_name", "categories", "timeline", "published_date", "related_materials",
    "authors", "resource_doi", "is_public", "status", "is_embargoed", "embargo_type", "is_confidential",
)  # fmt: skip


VERSIONS = st.lists(ANYTHING | st.fixed_dictionaries({"version": ANYTHING | st.integers(-1, 12)}), max_size=4)


@given(ANYTHING | st.dictionaries(st.sampled_from(FIELDS), ANYTHING).map(lambda odd: {**OPEN, **odd}), VERSIONS)
def test_whatever_is_told_is_an_item_no_more_open_than_it_says(view: object, versions: list[object]) -> None:
    (found, *asides) = item(ROW, view, versions, "here")
    several(view)

    assert isinstance(found, Item)
    assert found.key == "7001"
    assert all(isinstance(one, Aside) and one.stored for one in asides)
    assert found.visibility == PRIVATE or plainly_public(dict(view))  # type: ignore[call-overload]
    assert set(found.raw) <= {*INPUTS, "public view"}
    json.dumps([*found.raw.values(), found.title, found.type, *authors(view)], ensure_ascii=False).encode()


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_whatever_the_list_says_of_what_nobody_is_shown_is_private(row: dict[str, object]) -> None:
    assert read(None, {**row, "id": 7001}).visibility == PRIVATE
