"""Pulling everything from an Elements: recorded bodies of three wire formats, bookmarks, broken runs."""

import json
import logging
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest
import responses
from elements_source import (
    BASE,
    BEGAN,
    INTERNAL,
    NOW,
    PRIVATE,
    PUBLIC,
    QUIET,
    VERSIONS,
    Source,
    changes,
    elements,
    error,
    every,
    everything,
    feed,
)

from config.visibility import Visibility
from connectors.base import Since
from connectors.errors import NotUnderstood, TryLater
from connectors.records import Gone, Page


@responses.activate
@pytest.mark.parametrize(
    ("version", "people"),
    [("v4.6", [PRIVATE] * 3), ("v5.5", [PUBLIC, INTERNAL, INTERNAL]), ("v6.13", [PUBLIC, INTERNAL, INTERNAL])],
)
def test_people_come_first_with_their_names_status_and_visibility(version: str, people: list[Visibility]) -> None:
    Source.recorded(version)

    first = everything()[0]

    assert [one.name for one in first.people] == ["Addie Quill", "Bram Østergaard", "Cleo Marsh"]
    assert [one.visibility for one in first.people] == people
    assert [(one.current, one.academic) for one in first.people] == [(True, True), (True, False), (False, True)]
    assert first.gone == (Gone(kind="person", key="10", into="11"),)


@responses.activate
@pytest.mark.parametrize(
    ("version", "orcid", "student"),
    [("v4.6", None, None), ("v5.5", "0000-0002-1825-0097", None), ("v6.13", "0000-0002-1825-0097", True)],
)
def test_what_only_newer_formats_tell_is_absent_in_older_ones(version: str, orcid: str | None, student: bool) -> None:
    Source.recorded(version)

    people = everything()[0].people

    assert (people[0].orcid, people[1].student, people[0].student) == (orcid, student, None)


@responses.activate
@pytest.mark.parametrize(
    ("version", "levels"),
    [("v4.6", [INTERNAL, INTERNAL]), ("v5.5", [INTERNAL, INTERNAL]), ("v6.13", [PUBLIC, INTERNAL])],
)
def test_groups_come_with_their_parents_and_direct_members(version: str, levels: list[Visibility]) -> None:
    source = Source.recorded(version)

    pages = everything()

    assert [(one.key, one.name, one.parents) for one in every(pages, "groups")] == [
        ("1", "University of Example", ()),
        ("2", "Department of Tides", ("1",)),
    ]
    assert [one.visibility for one in every(pages, "groups")] == levels
    assert [(one.group, one.people) for one in every(pages, "members")] == [("1", ()), ("2", ("11", "12"))]
    assert {query["group-membership"][0] for query in source.queries("/users") if "groups" in query} == {"explicit"}


@responses.activate
@pytest.mark.parametrize(
    ("version", "first", "second"),
    [("v4.6", PRIVATE, PRIVATE), ("v5.5", PUBLIC, PRIVATE), ("v6.13", PUBLIC, INTERNAL)],
)
def test_each_output_comes_with_all_its_authorships_in_the_same_page(version, first, second) -> None:
    Source.recorded(version)

    pages = [page for page in everything() if page.items]

    assert [[(one.key, one.visibility) for one in page.items] for page in pages] == [
        [("101", first)],
        [("102", second)],
    ]
    assert [[one.key for one in page.authorships] for page in pages] == [["501", "502"], ["503"]]
    assert pages[1].gone == (Gone(kind="item", key="100", into="102"),)


@responses.activate
@pytest.mark.parametrize(
    ("version", "levels"),
    [("v4.6", [PUBLIC, PRIVATE, PUBLIC, PUBLIC]), ("v5.5", [PUBLIC, PRIVATE, PUBLIC, PUBLIC]),
     ("v6.13", [PUBLIC, INTERNAL, INTERNAL, PUBLIC])],
)  # fmt: skip
def test_authorships_have_the_visibility_of_the_link(version: str, levels: list[Visibility]) -> None:
    Source.recorded(version)

    links = every(everything(), "authorships")

    assert [(one.key, one.item, one.person) for one in links] == [
        ("501", "101", "11"),
        ("502", "101", "12"),
        ("503", "102", "12"),
        ("505", "999", "11"),
    ]
    assert [one.visibility for one in links] == levels


@responses.activate
@pytest.mark.parametrize(
    ("version", "doi", "other", "title"),
    [
        ("v4.6", "doi:10.5555/other", "doi:10.5555/tides.1", "Tides elsewhere"),
        ("v5.5", "doi:10.5555/tides.1", "doi:10.5555/other", "A title over two lines"),
        ("v6.13", "doi:10.5555/other", "doi:10.5555/tides.1", "Tides elsewhere"),
    ],
)
def test_the_precedence_of_the_sources_or_the_preferred_record_decides(version, doi, other, title) -> None:
    Source.recorded(version)

    item = every(everything(), "items")[0]

    assert (str(item.identifiers[0]), [str(one) for one in item.other_dois], item.title) == (doi, [other], title)
    assert (item.type, item.journal) == ("journal-article", "Annals of Tides")


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_the_end_tells_the_cursor_and_what_was_listed_in_whole(version: str) -> None:
    Source.recorded(version)

    done = everything()[-1].done

    assert done is not None
    assert (done.cursor, done.incomplete) == (BEGAN, "")
    assert done.listed == {"person", "group", "item", "authorship"}


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_page_limits_and_parameters_are_those_of_the_api(version: str) -> None:
    source = Source.recorded(version)

    everything()

    assert source.queries("/relationships") == [{"types": ["8,9"], "per-page": ["1000"]}]
    assert source.queries("/publications")[0]["per-page"] == ["25"]
    assert {query["ever-approved"][0] for query in source.queries("/publications")[:1]} == {"true"}
    assert ("order-by" in source.queries("/publications")[0]) is (version == "v4.6")


@responses.activate
def test_next_links_are_followed_on_the_configured_address_whatever_host_and_path_they_name() -> None:
    source = Source.recorded("v6.13")

    everything()

    assert source.queries("/publications")[1] == {"detail": ["full"], "per-page": ["25"], "after-id": ["101"]}
    assert all(call.request.url.startswith(BASE) for call in responses.calls)


@responses.activate
def test_settings_may_lower_a_page_but_not_raise_it() -> None:
    source = Source(QUIET)

    everything(per_page=10)
    everything(per_page=500)

    assert [query["per-page"] for query in source.queries("/publications")] == [["10"], ["25"]]
    assert [query["per-page"] for query in source.queries("/relationships")] == [["10"], ["500"]]


@responses.activate
def test_relationship_types_are_asked_for_by_name_where_the_source_tells_no_ids() -> None:
    source = Source(QUIET)

    everything(relationships=("publication-user-authorship",))

    assert source.queries("/relationships")[0]["types"] == ["publication-user-authorship"]


@responses.activate
def test_relationship_types_that_the_source_does_not_know_are_named() -> None:
    Source.recorded("v5.5")

    with pytest.raises(NotUnderstood, match=r"relationships: the source knows only publication-user-authorship, "):
        everything(relationships=("authored",))


@responses.activate
def test_a_source_without_groups_is_read_without_them() -> None:
    Source({**QUIET, "/groups": 404})

    pages = everything()
    resumed = everything(bookmark=pages[-2].bookmark)

    assert "group" not in pages[-1].done.listed
    assert "group" not in resumed[-1].done.listed


@responses.activate
@pytest.mark.parametrize("answer", [400, 403, 404])
def test_a_source_that_tells_no_precedence_and_no_types_is_read_without_them(answer: int) -> None:
    Source.recorded("v5.5", **{"/publication/sources": answer, "/relationship/types": answer})

    assert [one.key for one in every(everything(), "items")] == ["101", "102"]


@responses.activate
def test_a_source_that_tells_no_time_gives_the_time_of_its_feed_as_cursor() -> None:
    Source({**QUIET, "/users": feed(head="<updated>2026-03-01T09:00:00.1234567+01:00</updated>")}, date="")

    done = everything()[-1].done

    assert done is not None
    assert done.cursor == "2026-03-01T08:00:00.123456+00:00"


@responses.activate
def test_every_page_of_a_full_run_says_where_to_go_on() -> None:
    Source.recorded("v5.5")
    pages = everything()

    marks = [page.bookmark for page in pages if page.items]
    responses.reset()
    source = Source.recorded("v5.5")
    resumed = everything(bookmark=marks[0])

    assert [one.key for one in every(resumed, "items")] == ["102"]
    assert every(resumed, "people") == []
    assert source.queries("/relationships") == [{"types": ["8,9"], "per-page": ["1000"]}]
    assert {one.key for one in every(resumed, "authorships")} == {"501", "502", "503", "505"}


@responses.activate
def test_a_resumed_run_keeps_the_time_at_which_it_first_began() -> None:
    Source.recorded("v5.5")
    bookmark = json.dumps({"stage": "items", "query": "", "began": "2026-02-01T00:00:00+00:00"})

    done = everything(bookmark=bookmark)[-1].done

    assert done is not None
    assert done.cursor == "2026-02-01T00:00:00+00:00"


@responses.activate
@pytest.mark.parametrize("answer", [400, 404, error("argument fault")])
def test_a_refused_bookmark_begins_the_listing_again(answer: int | str) -> None:
    Source.recorded("v5.5", **{"/publications?after-id=77": answer})
    bookmark = json.dumps({"stage": "items", "query": "per-page=25&after-id=77", "began": None})

    assert [one.key for one in every(everything(bookmark=bookmark), "items")] == ["101", "102"]


@responses.activate
@pytest.mark.parametrize("bookmark", ["", "{", "[]", "7", '{"stage": "elsewhere"}', '{"query": 5}', '{"token": "x"}'])
def test_a_bookmark_of_another_make_begins_everything_again(bookmark: str) -> None:
    Source.recorded("v5.5")

    assert len(every(everything(bookmark=bookmark), "people")) == 3


@responses.activate
def test_one_page_is_fetched_ahead_and_a_closed_pull_leaves_no_thread() -> None:
    source = Source.recorded("v5.5")
    pull = elements().pull(Since(now=NOW))

    with closing(pull):
        page = next(page for page in pull if page.items)
        second_was_asked = source.wait_for("after-id=101")

    assert [one.key for one in page.items] == ["101"]
    assert second_was_asked
    assert [one.name for one in threading.enumerate() if one.name.startswith("elements-ahead")] == []


@responses.activate
def test_trouble_with_the_page_fetched_ahead_comes_after_the_page_before_it() -> None:
    Source.recorded("v5.5", **{"/publications?after-id=101": 400})
    pages: list[Page] = []

    with pytest.raises(NotUnderstood, match="status 400"):
        pages.extend(elements().pull(Since(now=NOW)))

    assert [one.key for one in every(pages, "items")] == ["101"]
    assert [page for page in pages if page.done] == []


@responses.activate
def test_a_run_that_breaks_moves_no_cursor() -> None:
    Source({**QUIET, "/relationships": error("database timeout")})
    pages: list[Page] = []

    with pytest.raises(TryLater, match="database timeout"):
        pages.extend(elements().pull(Since(now=NOW)))

    assert pages
    assert [page for page in pages if page.done] == []


@responses.activate
def test_no_log_line_holds_a_name_a_title_a_query_or_a_credential(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Source.recorded("v4.6", **{"/publication/sources": 404, "/deleted/users": 404, "/groups": 404})

    everything()
    changes()

    said = caplog.text + str([vars(record) for record in caplog.records])
    assert caplog.records
    assert [word for word in ("Quill", "Tides", "s3cret", "modified-since", "Basic ") if word in said] == []


@responses.activate
def test_a_clock_of_the_source_that_is_ahead_gives_no_cursor_in_the_future() -> None:
    Source.recorded("v6.13")
    early = datetime(2020, 1, 1, tzinfo=UTC)

    pages = list(elements().pull(Since(now=early)))

    assert pages[-1].done is not None
    assert pages[-1].done.cursor == early.isoformat()
