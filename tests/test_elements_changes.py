"""Pulling from an Elements what changed, and asking it about one thing."""

import pytest
import responses
from elements_source import (
    BEGAN,
    EMPTY,
    LOGIN,
    QUIET,
    UNAPPROVED,
    VERSIONS,
    Source,
    changes,
    elements,
    error,
    every,
    feed,
    link,
    publication,
    user,
)

from connectors.errors import NotUnderstood, TryLater
from connectors.records import Gone

HIDDEN = Gone(kind="item", key="7", hidden=True)
INTERNALLY = "<api:privacy-level>internal</api:privacy-level>"


@responses.activate
@pytest.mark.parametrize(
    ("version", "parameter"), [("v4.6", "modified-since"), ("v5.5", "affected-since"), ("v6.13", "affected-since")]
)
def test_changes_are_asked_for_with_an_overlap_and_an_encoded_offset(version: str, parameter: str) -> None:
    source = Source.recorded(version)

    changes("2026-03-01T01:00:00+01:00")

    users = next(query for query in source.queries("/users") if query.get("detail") == ["full"])
    assert users[parameter] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/publications")[0][parameter] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/relationships")[0]["modified-since"] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/deleted/users")[0]["deleted-since"] == ["2026-02-28T23:55:00+00:00"]
    assert not [asked for asked in source.asked if "T23:55:00+00" in asked]


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_changed_outputs_come_with_all_their_authorships(version: str) -> None:
    Source.recorded(version)

    pages = [page for page in changes() if page.items]

    assert [[one.key for one in page.items] for page in pages] == [["101"], ["102"]]
    assert [[(one.key, one.item, one.person) for one in page.authorships] for page in pages] == [
        [("501", "101", "11"), ("502", "101", "12")],
        [("503", "102", "12")],
    ]


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_changes_list_groups_whole_and_move_the_cursor(version: str) -> None:
    Source.recorded(version)

    pages = changes()

    assert len(every(pages, "groups")) == 2
    assert len(every(pages, "members")) == 2
    assert pages[-1].done is not None
    assert (pages[-1].done.cursor, pages[-1].done.listed) == (BEGAN, {"group"})


@responses.activate
def test_deletions_are_told_and_a_merge_says_more_than_a_deletion() -> None:
    Source.recorded("v4.6")

    gone = every(changes(), "gone")

    assert Gone(kind="person", key="14") in gone
    assert Gone(kind="item", key="103") in gone
    assert [one for one in gone if one.key == "10"] == [Gone(kind="person", key="10", into="11")]
    assert [one for one in gone if one.key == "100"] == [Gone(kind="item", key="100", into="102")]


@responses.activate
def test_the_next_link_of_deleted_relationships_is_followed_on_their_own_path() -> None:
    source = Source.recorded("v4.6")

    gone = every(changes(), "gone")

    assert [one.key for one in gone if one.kind == "authorship"] == ["590", "591"]
    assert len(source.queries("/relationships/deleted")) == 2
    assert source.queries("/relationships/pending/deleted") == []


@responses.activate
def test_a_changed_person_has_all_outputs_read_again() -> None:
    source = Source(
        {
            **QUIET,
            "/users?affected-since=2026-02-28T23%3A55%3A00%2B00%3A00": feed(user(11)),
            "/users/11/relationships": feed(link(501, 101, 11), link(502, 102, 11)),
            "/publications?ids=101%2C102": feed(publication(101), publication(102)),
            "/publications/101/relationships": feed(link(501, 101, 11)),
            "/publications/102/relationships": feed(link(502, 102, 11), link(503, 102, 12)),
        }
    )

    (page,) = [page for page in changes() if page.items]

    assert [one.key for one in page.items] == ["101", "102"]
    assert [one.key for one in page.authorships] == ["501", "502", "503"]
    assert len(source.queries("/publications")) == 2


@responses.activate
@pytest.mark.parametrize("by_ids", [feed(publication(101)), 400], ids=["left out", "not offered"])
def test_what_a_listing_of_ids_leaves_out_is_asked_for_singly(by_ids: str | int) -> None:
    unapproved = publication(103, UNAPPROVED)
    Source(
        {
            **QUIET,
            "/relationships": feed(*(link(500 + n, n, 11) for n in (101, 102, 103, 104))),
            "/publications?ids=101%2C102%2C103%2C104": by_ids,
            "/publications/101": feed(publication(101)),
            "/publications/102": 410,
            "/publications/103": feed(unapproved),
            "/publications/104": feed(publication(105)),
            "/publications/101/relationships": feed(link(601, 101, 11)),
            "/publications/105/relationships": feed(link(604, 105, 11)),
        }
    )

    pages = changes()

    assert [one.key for one in every(pages, "items")] == ["101", "105"]
    assert every(pages, "gone") == [
        Gone(kind="item", key="102"),
        Gone(kind="item", key="103"),
        Gone(kind="item", key="104", into="105"),
    ]


@responses.activate
def test_an_output_whose_relationships_are_gone_is_gone() -> None:
    Source(
        {**QUIET, "/publications": feed(publication(101)), "/publications/101/relationships": error("resource deleted")}
    )

    pages = changes()

    assert (every(pages, "items"), every(pages, "gone")) == ([], [Gone(kind="item", key="101")])


@responses.activate
def test_an_output_without_relationships_is_still_there_when_its_own_address_says_so() -> None:
    there = {"/publications": feed(publication(101)), "/publications/101": feed(publication(101))}
    Source({**QUIET, **there, "/publications/101/relationships": 404})

    pages = changes()

    assert ([one.key for one in every(pages, "items")], every(pages, "gone")) == (["101"], [])


@responses.activate
@pytest.mark.parametrize("entry", [publication(101), '<api:deleted-object category="user" id="101"/>'])
def test_only_what_says_that_it_was_deleted_is_believed_to_be(entry: str) -> None:
    Source({**QUIET, "/deleted/publications": feed(entry)})

    pages = changes()

    assert (every(pages, "gone"), [one.keyless for one in every(pages, "asides")]) == ([], [True])


@responses.activate
def test_where_very_many_outputs_may_have_moved_only_their_links_are_told() -> None:
    links = feed(*(link(number, number, 11) for number in range(1, 1003)))
    changed = {"/publications": feed(publication(1)), "/publications/1/relationships": feed(link(1, 1, 11))}
    source = Source({**QUIET, **changed, "/users": feed(user(11)), "/users/11/relationships": links})

    pages = changes()

    assert [one.key for one in every(pages, "items")] == ["1"]
    assert len(every(pages, "authorships")) == 1002
    assert len(source.queries("/publications")) == 1


@responses.activate
def test_a_person_who_goes_during_the_run_does_not_stop_it() -> None:
    Source({**QUIET, "/users": feed(user(11)), "/users/11/relationships": 404})

    assert changes()[-1].done is not None


@responses.activate
def test_a_cursor_that_is_no_time_asks_for_a_full_pull() -> None:
    Source(QUIET)

    with pytest.raises(NotUnderstood, match="run a full pull"):
        changes("yesterday")


@responses.activate
@pytest.mark.parametrize(
    ("kind", "route", "answer", "expected"),
    [
        ("item", "/publications/7", feed(publication(7)), None),
        ("item", "/publications/7", feed(publication(7, INTERNALLY)), HIDDEN),
        ("item", "/publications/7", feed(publication(7).replace("true", "false")), HIDDEN),
        ("item", "/publications/7", feed(publication(7).replace("true", "perhaps")), HIDDEN),
        ("item", "/publications/7", 404, Gone(kind="item", key="7")),
        ("item", "/publications/7", 410, Gone(kind="item", key="7")),
        ("item", "/publications/7", error("resource deleted"), Gone(kind="item", key="7")),
        ("item", "/publications/7", feed(publication(8)), Gone(kind="item", key="7", into="8")),
        ("item", "/publications/7", feed(publication(7, UNAPPROVED)), Gone(kind="item", key="7")),
        ("person", "/users/7", feed(user(7)), None),
        ("person", "/users/7", feed(user(7).replace("true", "false")), Gone(kind="person", key="7", hidden=True)),
        ("person", "/users/7", error("resource not found"), Gone(kind="person", key="7")),
        ("group", "/groups/7", 404, Gone(kind="group", key="7")),
        ("authorship", "/relationships/7", feed(link(7, 1, 2)), Gone(kind="authorship", key="7")),
    ],
)  # fmt: skip
def test_the_source_is_asked_about_one_thing(kind, route, answer, expected) -> None:
    Source({route: answer})

    assert elements().confirm(kind, "7") == expected


@responses.activate
@pytest.mark.parametrize("answer", [400, error("database timeout"), LOGIN, EMPTY])
def test_an_answer_that_says_neither_is_no_deletion(answer: int | str) -> None:
    Source({"/publications/7": answer})

    with pytest.raises((NotUnderstood, TryLater)):
        elements().confirm("item", "7")


@responses.activate
def test_keys_are_encoded_in_addresses() -> None:
    source = Source({})

    elements().confirm("item", "../users?x=1")

    assert source.asked == ["/publications/..%2Fusers%3Fx%3D1?"]
