"""What Pure's persons and outputs become, beside how open they are."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_source import DIALECTS, TODAY, item_of, links_of, person_of

from connectors.identifiers import Identifier
from connectors.pure.dialect import CURRENT, LEGACY, dialect
from connectors.pure.outputs import output
from connectors.pure.people import group
from connectors.records import Aside, Gone, Group

STAFF_TYPE = "/dk/atira/pure/person/personstafftype/"
TYPE = "/dk/atira/pure/researchoutput/researchoutputtypes/"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def somebody(**more: Any) -> dict[str, Any]:
    return {"uuid": "p1", "visibility": {"key": "FREE"}, "name": {"firstName": "Ann", "lastName": "Example"}, **more}


def during(start: date | None, end: date | None, kind: str = "") -> dict[str, Any]:
    period = {name: day.isoformat() for name, day in (("startDate", start), ("endDate", end)) if day}
    return {"period": period, **({"staffType": {"uri": STAFF_TYPE + kind}} if kind else {})}


def staff(*associations: dict[str, Any]) -> dict[str, Any]:
    return {"staffOrganizationAssociations": list(associations)}


@pytest.mark.parametrize(
    ("start", "end", "current"),
    [
        (date(2020, 1, 1), None, True),
        (date(2020, 1, 1), TOMORROW, True),
        (date(2020, 1, 1), TODAY, True),
        (date(2020, 1, 1), YESTERDAY, False),
        (date(2018, 6, 11), date(2018, 6, 11), False),
        (TOMORROW, None, False),
        (None, TOMORROW, True),
        (None, YESTERDAY, False),
        (None, None, False),
    ],
)
def test_somebody_is_current_from_the_first_day_of_an_association_to_its_last(
    start: date | None, end: date | None, current: bool
) -> None:
    assert person_of(somebody(**staff(during(start, end)))).current is current


def test_ended_associations_stay_in_the_list_and_one_that_lasts_is_enough() -> None:
    ended, open_one = during(date(2010, 1, 1), date(2015, 1, 1)), during(date(2015, 1, 2), None)

    assert person_of(somebody(**staff(ended, open_one, ended))).current is True
    assert person_of(somebody(**staff(ended, ended))).current is False


PERIODS = st.tuples(
    st.one_of(st.none(), st.integers(-9, 9)), st.one_of(st.none(), st.integers(-9, 9)), st.sampled_from("sthv")
)


@given(periods=st.lists(PERIODS, max_size=5), ends=st.one_of(st.none(), st.integers(-3, 3)), day=st.integers(-9, 9))
def test_who_is_current_or_a_student_is_what_a_naive_model_says(
    periods: list[tuple[int | None, int | None, str]], ends: int | None, day: int
) -> None:
    names = {"s": "staff", "t": "student", "h": "honoraryStaff", "v": "visitingScholar"}
    body = somebody()
    for start, end, kind in periods:
        told = during(*(None if each is None else TODAY + timedelta(days=each) for each in (start, end)))
        body.setdefault(f"{names[kind]}OrganizationAssociations", []).append(told)
    if ends is not None:
        body["employeeEndDate"] = (TODAY + timedelta(days=ends)).isoformat()
    found = person_of(body, today=TODAY + timedelta(days=day))

    lasting = ""
    for start, end, kind in periods:
        if (start is None and end is None) or (start is not None and day < start) or (end is not None and day > end):
            continue
        lasting += kind
    had = "".join(kind for _, _, kind in periods)
    current = ("s" in lasting or "t" in lasting) if "s" in had or "t" in had else None
    assert found.current == (False if ends is not None and day > ends else current)
    assert found.student == ("t" in lasting if "t" in had else None)


@pytest.mark.parametrize("name", ["employeeEndDate", "retirementDate"])
def test_who_has_left_or_retired_is_not_current_whatever_associations_last(name: str) -> None:
    open_one = staff(during(date(2020, 1, 1), None))

    assert person_of(somebody(**open_one, **{name: YESTERDAY.isoformat()})).current is False
    assert person_of(somebody(**open_one, **{name: TODAY.isoformat()})).current is True


@pytest.mark.parametrize(
    "spoiled",
    [
        staff({"period": {"startDate": "soon"}}),
        staff({"period": {"startDate": "2020-01-01", "endDate": "2020-13-01"}}),
        staff({"period": {"startDate": 2020}}),
        {"staffOrganizationAssociations": "many"},
        {"staffOrganizationAssociations": [3]},
        {"employeeEndDate": "long ago"},
        {"retirementDate": ["2020-01-01"]},
    ],
)
def test_a_date_or_list_that_cannot_be_read_closes_the_person_and_keeps_nobody_current(spoiled: dict[str, Any]) -> None:
    found = person_of(somebody(**spoiled))

    assert (found.visibility.word, bool(found.doubts), bool(found.current)) == ("private", True, False)


@pytest.mark.parametrize(
    ("associations", "academic"),
    [
        ([during(date(2020, 1, 1), None, "academic")], True),
        ([during(date(2020, 1, 1), None, "nonacademic")], False),
        ([during(date(2020, 1, 1), None)], None),
        ([], None),
        (
            [during(date(2010, 1, 1), date(2015, 1, 1), "academic"), during(date(2015, 1, 1), None, "nonacademic")],
            False,
        ),
        ([during(date(2010, 1, 1), None, "academic"), during(date(2015, 1, 1), None, "nonacademic")], True),
        (
            [
                during(date(2008, 1, 1), date(2013, 1, 1), "academic"),
                during(date(2013, 1, 1), date(2018, 1, 1), "nonacademic"),
            ],
            False,
        ),
    ],
)
def test_academic_is_what_the_open_staff_associations_say_or_those_that_ended_last(
    associations: list[dict[str, Any]], academic: bool | None
) -> None:
    assert person_of(somebody(**staff(*associations))).academic is academic


@pytest.mark.parametrize("kind", ["honoraryStaff", "visitingScholar"])
def test_guests_are_neither_staff_nor_students(kind: str) -> None:
    found = person_of(somebody(**{f"{kind}OrganizationAssociations": [during(date(2020, 1, 1), None)]}))

    assert (found.current, found.academic, found.student) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "orcid"),
    [
        ({"orcid": "0000-0002-1825-0097", "orcidAuthenticated": True}, "0000-0002-1825-0097"),
        ({"orcid": "0000-0002-1825-0097", "orcidAuthenticated": False}, None),
        ({"orcid": "0000-0002-1825-0097"}, None),
        ({"orcid": "0000-0002-1825-0097", "orcidAuthenticated": "true"}, None),
        ({"orcid": "0000-0002-1825-0098", "orcidAuthenticated": True}, None),
        ({"orcid": None, "orcidAuthenticated": True}, None),
    ],
)
def test_an_orcid_joins_people_only_where_the_person_has_confirmed_it(told: dict[str, Any], orcid: str | None) -> None:
    assert person_of(somebody(**told)).orcid == orcid


def test_the_legacy_api_does_not_say_who_confirmed_an_orcid_so_it_gives_none() -> None:
    assert person_of(somebody(orcid="0000-0002-1825-0097"), LEGACY).orcid is None


@pytest.mark.parametrize("api", DIALECTS)
def test_a_known_as_name_comes_before_the_official_one_part_by_part(api: str) -> None:
    names = {"current": "names", "legacy": "nameVariants"}[api]
    known = {"type": {"uri": "/dk/atira/pure/person/names/knownas"}, "name": {"firstName": " Annie\u0000"}}
    former = {"type": {"uri": "/dk/atira/pure/person/names/former"}, "name": {"firstName": "X", "lastName": "Y"}}

    assert person_of(somebody(**{names: [former, known]}), DIALECTS[api]).name == "Annie Example"
    assert person_of(somebody(**{names: [former]}), DIALECTS[api]).name == "Ann Example"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"en_GB": "Harbours"}, "Harbours"),
        ({"en_GB": None, "da_DK": "Havne"}, "Havne"),
        ({"formatted": False, "text": [{"locale": "en_GB", "value": "Harbours"}]}, "Harbours"),
        ({"text": [{"locale": "en_GB"}, {"value": "Havne"}]}, "Havne"),
        (None, ""),
        ([], ""),
    ],
)
def test_a_department_has_the_first_name_that_there_is_in_any_language(name: object, expected: str) -> None:
    found = next(one for one in group({"uuid": "g1", "name": name}, "here") if isinstance(one, Group))

    assert found.name == expected


def work(**more: Any) -> dict[str, Any]:
    return {"uuid": "o1", "visibility": {"key": "FREE"}, "workflow": {"step": "approved"}, **more}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ({"value": "<p>On <em>Larus</em> &amp; H<sub>2</sub>O</p>"}, "On Larus & H2O"),
        ({"value": "<p>One</p><p>two<br/>three</p>"}, "One two three"),
        ({"value": "p < 0.05, x > y"}, "p < 0.05, x > y"),
        ({"value": "a<b and c"}, "a<b and c"),
        ({"value": "Plain\n\u0000 title \ud800"}, "Plain title \ufffd"),
        ({"value": "<b>kept</b>", "formatted": False}, "<b>kept</b>"),
        ({"value": None}, ""),
        ("text", ""),
    ],
)
def test_a_title_is_told_without_its_markup(title: object, expected: str) -> None:
    assert item_of(work(title=title)).title == expected


def test_a_subtitle_follows_its_title() -> None:
    assert item_of(work(title={"value": "Tides"}, subTitle={"value": "A survey"})).title == "Tides: A survey"


def version(doi: object, kind: str = "") -> dict[str, Any]:
    return {"doi": doi, "versionType": {"uri": f"/dk/atira/pure/researchoutput/electronicversion/versiontype/{kind}"}}


def test_of_several_dois_that_of_the_published_version_counts_and_the_others_are_kept() -> None:
    accepted, published = version("10.5555/accepted", "authorsversion"), version("10.5555/a", "publishersversion")
    found = item_of(work(electronicVersions=[accepted, published, version("https://doi.org/10.5555/A")]))

    assert [one for one in found.identifiers if one.scheme == "doi"] == [Identifier("doi", "10.5555/a")]
    assert found.other_dois == (Identifier("doi", "10.5555/accepted"),)


def test_without_a_published_version_the_first_doi_counts() -> None:
    found = item_of(work(electronicVersions=[{"link": "https://x.y/"}, version("10.5555/b"), version("10.5555/c")]))

    assert (found.identifiers[0], found.other_dois) == (
        Identifier("doi", "10.5555/b"),
        (Identifier("doi", "10.5555/c"),),
    )


def test_what_is_told_as_a_doi_and_is_none_is_reported_and_does_no_harm() -> None:
    records = list(
        output(work(electronicVersions=[version("see the web"), version("10.5555/a")]), CURRENT, "here", None)
    )

    assert [(one.reason, one.stored) for one in records if isinstance(one, Aside)] == [
        ("doi is not shaped like one and was left out", True)
    ]


def test_identifiers_come_from_both_ways_of_telling_them() -> None:
    current = work(
        identifiers=[
            {"idSource": "PubMed", "value": "27982610"},
            {"id": "PMC5555", "type": {"uri": "/dk/atira/pure/x/pmc"}},
            {"idSource": "ORCID", "value": "1825"},
            {"idSource": "Scopus", "value": "85002158060"},
        ],
        electronicVersions=[{"link": "https://hdl.handle.net/10148/7"}, {"link": "https://arxiv.org/abs/2001.00001"}],
        portalUrl="https://portal.example.edu/en/publications/o1",
        printISBNs=["978-3-16-148410-0", "none"],
    )
    legacy = work(
        info={
            "additionalExternalIds": [{"idSource": "PubMed", "value": "27982610"}],
            "portalUrl": "https://portal.example.edu/en/publications/o1",
        },
        isbns=["978-3-16-148410-0"],
    )
    shared = {
        Identifier("pmid", "27982610"),
        Identifier("isbn", "9783161484100"),
        Identifier("url", "https://portal.example.edu/en/publications/o1"),
    }

    assert {*item_of(legacy, LEGACY).identifiers} == shared
    assert {*item_of(current).identifiers} == shared | {
        Identifier("pmcid", "PMC5555"),
        Identifier("handle", "10148/7"),
        Identifier("arxiv", "2001.00001"),
    }


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("contributiontojournal/article", "journal-article"),
        ("contributiontojournal/whatever", "journal-article"),
        ("contributiontojournal/conferencearticle", "conference"),
        ("bookanthology/book", "book"),
        ("bookanthology/anthology", "edited-book"),
        ("contributiontobookanthology/chapter", "chapter"),
        ("contributiontobookanthology/conference", "conference"),
        ("contributiontoconference/paper", "conference"),
        ("workingpaper/preprint", "preprint"),
        ("workingpaper/discussionpaper", "report"),
        ("thesis/doc1", "thesis"),
        ("nontextual/software", "software"),
        ("nontextual/database", "dataset"),
        ("nontextual/performance", "other"),
        ("patent/patent", "patent"),
        ("somethingnew/x", "other"),
        ("", "other"),
    ],
)
def test_types_become_the_words_of_the_house(uri: str, expected: str) -> None:
    assert item_of(work(type={"uri": TYPE + uri})).type == expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([{"current": True, "publicationDate": {"year": 2026, "month": 12, "day": 2}}], "2026-12-02"),
        ([{"current": True, "publicationDate": {"year": 2026, "month": 2, "day": 30}}], "2026-02"),
        ([{"current": True, "publicationDate": {"year": 2026, "month": 13}}], "2026"),
        ([{"current": True, "publicationDate": {"year": 2026}}], "2026"),
        ([{"current": True, "publicationDate": {"year": 99}}], ""),
        (
            [
                {"current": False, "publicationDate": {"year": 2024}},
                {"current": True, "publicationDate": {"year": 2026}},
            ],
            "2026",
        ),
        ([{"publicationDate": {"year": 2026}}], ""),
        (None, ""),
    ],
)
def test_the_date_is_that_of_the_status_that_is_the_current_one(statuses: object, expected: str) -> None:
    assert item_of(work(publicationStatuses=statuses)).published == expected


@pytest.mark.parametrize(
    "association",
    [
        {"title": {"pureId": 1, "title": "Journal of Examples"}, "issn": {"issn": "2049-3630"}},
        {"title": {"value": "Journal of Examples"}, "issn": {"value": "20493630"}},
        {"journal": {"name": {"text": [{"value": "Journal of Examples"}]}}, "issn": {"value": "2049-3630"}},
    ],
)
def test_the_journal_is_told_in_each_way_there_is(association: dict[str, Any]) -> None:
    found = item_of(work(journalAssociation=association))

    assert (found.journal, found.issns) == ("Journal of Examples", ("2049-3630",))


def contributors(*told: dict[str, Any]) -> dict[str, Any]:
    return work(contributors=[{"associationHidden": False, **each} for each in told])


def test_only_persons_of_the_institution_are_linked_each_in_its_place() -> None:
    body = contributors(
        {"pureId": 7, "externalPerson": {"uuid": "x"}},
        {"pureId": 8, "person": {"uuid": "p1"}},
        {"pureId": 9, "authorCollaboration": {"uuid": "c"}},
        {"pureId": 10, "person": {"uuid": "p2"}},
    )

    assert [(one.key, one.person, one.position) for one in links_of(body)] == [("o1/8", "p1", 2), ("o1/10", "p2", 4)]


def test_one_person_may_be_linked_twice_and_each_link_has_a_key_of_its_own() -> None:
    same = {"person": {"uuid": "p1"}}

    keys = [one.key for one in links_of(contributors(same, same, {**same, "pureId": 3}, {**same, "pureId": 3}))]
    assert len({*keys}) == 4


def test_a_contributor_of_ours_without_a_uuid_is_set_aside() -> None:
    records = list(output(contributors({"person": {}}, {"person": {"uuid": "p1"}}), CURRENT, "here", None))

    assert [(one.key, one.keyless) for one in records if isinstance(one, Aside)] == [("o1/1", False)]


@pytest.mark.parametrize("where", ["previousUuids", "info"])
def test_what_was_merged_into_an_output_is_told(where: str) -> None:
    told = ["o0", "", "o1", 3, "o-1"]
    body = work(**({where: told} if where == "previousUuids" else {"info": {"previousUuids": told}}))

    assert list(gone(body)) == [Gone(kind="item", key="o0", into="o1"), Gone(kind="item", key="o-1", into="o1")]


def gone(body: dict[str, Any]) -> Iterator[Gone]:
    return (one for one in output(body, CURRENT, "here", None) if isinstance(one, Gone))


def test_what_an_output_is_called_and_when_it_changed_is_no_privacy_input() -> None:
    body = work(modifiedDate="2026-01-01T00:00:00Z", version="v1", portalUrl="https://x.y/")

    assert item_of(body).raw == {"visibility": "FREE", "workflow": "approved"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://pure.example.edu/ws/api", CURRENT),
        ("https://pure.example.edu/ws/api/", CURRENT),
        ("https://pure.example.edu/ws/api/524", LEGACY),
        ("https://pure.example.edu/ws/api/524/", LEGACY),
        ("https://gateway.example.edu/pure/517", LEGACY),
        ("https://gateway.example.edu/pure", CURRENT),
    ],
)
def test_the_address_tells_the_two_apis_apart(url: str, expected: object) -> None:
    assert dialect(url) is expected
