"""A DSpace is read whole and by what changed: nothing is missed while it moves, and nothing is more open than it is."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dspace_source import NOW, PEOPLE, connected, end, items, later, levels, pulled, work

from config.visibility import Visibility
from connectors.base import Since
from connectors.dspace.ranges import SPACE
from connectors.errors import NotUnderstood, TryLater
from connectors.records import Gone
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, Policy, made
from sandbox.dspace.items import Item as Held

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE


WORKS = [work(number) for number in range(1, 31)]
ONE, TWO, THREE = WORKS[:3]
ANN = made(1001, dspace_entity_type="Person", person_givenName="Ann", person_familyName="Harbourmaster")


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace(WORKS) as running:
        running.logins.clock = NOW.timestamp
        yield running


@pytest.mark.parametrize("version", ["7", "7.6", "8", "9"])
@pytest.mark.parametrize("per_page", [4, None])
def test_every_item_comes_once_in_every_release(version: str, per_page: int | None) -> None:
    with practice_dspace(WORKS, version) as server:
        pages = pulled(server, per_page=per_page)

    assert [one.key for page in pages for one in page.items] == sorted(one.uuid for one in WORKS)
    assert set(levels(pages).values()) == {PUBLIC}
    assert end(pages).listed == {"item"}
    assert end(pages).cursor is not None


def test_a_smaller_limit_of_the_server_is_kept_to(server: PracticeDSpace) -> None:
    server.page_limit = 7

    pages = pulled(server)

    assert len(items(pages)) == 30
    assert max(len(page.items) for page in pages) <= 7


@pytest.mark.parametrize("seed", range(5))
def test_no_item_is_missed_while_others_come_and_go_between_any_two_answers(server: PracticeDSpace, seed: int) -> None:
    chance = random.Random(seed)
    steady = {one.uuid for one in WORKS if chance.random() < 0.5}
    restless = [one for one in WORKS if one.uuid not in steady]

    def move(at: PracticeDSpace) -> None:
        for one in restless:
            if one.uuid in at.items and chance.random() < 0.2:
                at.remove(one.uuid)
            elif chance.random() < 0.2:
                at.put(one)

    server.faults.append(DSpaceFault("change", address="search/objects", times=None, act=move))

    assert steady <= items(pulled(server, per_page=4)).keys()


FLAGS: dict[str, tuple[dict[str, Any], Visibility]] = {
    "open": ({}, PUBLIC),
    "withdrawn": ({"withdrawn": True}, PRIVATE),
    "not discoverable": ({"discoverable": False}, PRIVATE),
    "for staff": ({"policies": (STAFF,)}, PRIVATE),
    "for one person": ({"policies": (Policy(group=None),)}, PRIVATE),
    "for nobody": ({"policies": ()}, PRIVATE),
    "under embargo": ({"policies": (Policy(start="2027-01-01"), STAFF)}, PRIVATE),
    "after an embargo": ({"policies": (Policy(start="2026-01-01"),)}, PUBLIC),
    "until some day": ({"policies": (Policy(end="2027-01-01"),)}, PUBLIC),
    "no longer": ({"policies": (Policy(end="2026-01-01"),)}, PRIVATE),
}


@pytest.mark.parametrize("how", FLAGS)
def test_an_item_is_as_open_as_its_flags_and_policies_say(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))

    told = items(pulled(server))[ONE.uuid]

    assert (told.visibility, told.doubts) == (level, ())
    assert told.closes_at == (datetime(2026, 12, 31, 10, tzinfo=UTC) if how == "until some day" else None)


@pytest.mark.parametrize("how", FLAGS)
def test_without_an_account_it_is_as_open_or_not_listed(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))

    found = levels(pulled(server, username=None, password=None, push=None))

    assert found.get(ONE.uuid, PRIVATE) == level
    assert len(found) >= 29


@pytest.mark.parametrize("how", FLAGS)
def test_an_account_that_may_not_read_policies_asks_what_anybody_sees(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))
    server.reads_policies = False

    told = items(pulled(server))[ONE.uuid]

    assert told.visibility == level
    assert "policies" not in told.raw


@pytest.mark.parametrize("groups", [("Campus",), None])
def test_what_our_own_address_is_shown_is_no_proof_where_it_belongs_to_a_group(
    server: PracticeDSpace, groups: tuple[str, ...] | None
) -> None:
    server.special_groups = groups
    server.put(work(1, policies=(Policy(group="Campus"),)))

    alone = pulled(server, username=None, password=None, push=None)
    policies = pulled(server)
    server.reads_policies = False
    anybody = pulled(server)

    assert set(levels(alone).values()) == set(levels(anybody).values()) == {PRIVATE}
    assert all(one.doubts for one in items(alone).values())
    assert levels(policies)[ONE.uuid] == PRIVATE
    assert levels(policies)[TWO.uuid] == PUBLIC


@pytest.mark.parametrize("flag", ["inArchive", "withdrawn", "discoverable"])
@pytest.mark.parametrize("told", [None, "true", "false", 0, 1, [], "campus"])
def test_a_flag_that_is_absent_or_no_flag_is_private_and_a_doubt(
    server: PracticeDSpace, flag: str, told: object
) -> None:
    server.put(work(1, odd={flag: told}))

    one = items(pulled(server))[ONE.uuid]

    assert (one.visibility, len(one.doubts)) == (PRIVATE, 1)


def test_raw_holds_what_was_told_of_openness_and_no_dates_of_the_record(server: PracticeDSpace) -> None:
    server.put(work(1, policies=(Policy(start="2027-01-01"), STAFF)))
    before = items(pulled(server))[ONE.uuid]
    server.edit(ONE.uuid, "local.attention.score", "https://ringmark.example.edu/badge/output/1.svg 3 2026-06-02")

    after = items(pulled(server))[ONE.uuid]

    assert dict(after.raw) == {
        "inArchive": "true",
        "withdrawn": "false",
        "discoverable": "true",
        "accessStatus": "open.access",
        "policies": "Anonymous from 2027-01-01; Staff",
    }
    assert after == before


@pytest.mark.parametrize("way", ["listed", "named by OAI"])
def test_the_status_of_files_is_told_however_an_item_is_read_and_hides_none(server: PracticeDSpace, way: str) -> None:
    server.dated = way == "listed"
    server.oai_import()
    cursor = end(pulled(server)).cursor
    later(server, hours=9)
    server.put(work(1, files={"status": "embargo", "embargoDate": "2027-01-01"}))
    server.oai_import()

    one = items(pulled(server, cursor))[ONE.uuid]

    assert (one.raw["accessStatus"], one.visibility) == ("embargo until 2027-01-01", PUBLIC)
    assert one.closes_at is None


def test_a_release_that_tells_nothing_of_files_is_read_as_well(server: PracticeDSpace) -> None:
    server.put(work(1, odd={"_embedded": None}))

    one = items(pulled(server))[ONE.uuid]

    assert (one.raw.get("accessStatus"), one.visibility) == (None, PUBLIC)


def test_changes_are_read_from_before_the_cursor_on_and_no_others(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    later(server, hours=2)
    server.change(ONE.uuid, withdrawn=True)
    server.put(work(2, policies=(STAFF,)))
    server.put(work(3, policies=(STAFF,)), dated=False)

    pages = pulled(server, cursor)

    assert levels(pages) == {ONE.uuid: PRIVATE, TWO.uuid: PRIVATE}
    assert levels(pulled(server))[THREE.uuid] == PRIVATE
    assert end(pages).listed == frozenset()
    assert (end(pages).cursor or "").startswith("2026-06-02T12:00:00+00:00")


def test_what_the_index_learns_late_is_still_found(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    server.lag()
    later(server, minutes=5)
    server.change(ONE.uuid, withdrawn=True)
    later(server, minutes=20)
    second = pulled(server, cursor)
    server.catch_up()
    later(server, minutes=20)

    third = pulled(server, end(second).cursor)

    assert levels(second) == {}
    assert levels(third) == {ONE.uuid: PRIVATE}


def test_an_index_without_dates_makes_every_pull_a_full_one(server: PracticeDSpace) -> None:
    server.dated = False

    assert (end(pulled(server)).cursor, end(pulled(server)).listed) == (None, {"item"})


def test_an_index_that_refuses_to_be_asked_for_dates_does_too(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("status", status=422, address="lastModified", times=None))

    assert end(pulled(server)).cursor is None


def test_an_index_that_has_lost_its_dates_is_not_believed_that_nothing_changed(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    later(server, hours=2)
    server.change(ONE.uuid, withdrawn=True)
    server.dated = False

    pages = pulled(server, cursor)

    assert levels(pages)[ONE.uuid] == PRIVATE
    assert (end(pages).cursor, end(pages).listed) == (None, {"item"})


def test_the_clock_is_that_of_the_server_unless_it_is_ahead(server: PracticeDSpace) -> None:
    behind = end(pulled(server)).cursor
    later(server, days=9)
    ahead = end(pulled(server)).cursor

    assert behind == f"{NOW.isoformat()} none"
    assert ahead == f"{(NOW + timedelta(days=1)).isoformat()} none"


@pytest.mark.parametrize("cursor", ["", "yesterday", "2026-06-02T10:00:00", "{}", "\x00"])
def test_a_cursor_of_another_make_reads_everything(server: PracticeDSpace, cursor: str) -> None:
    assert end(pulled(server, cursor)).listed == {"item"}


def test_a_run_that_broke_anywhere_goes_on_to_the_same_end(server: PracticeDSpace) -> None:
    server.put(ANN)
    whole = pulled(server, per_page=4, **PEOPLE)
    bookmarks = [page.bookmark for page in whole if page.bookmark]

    for bookmark in bookmarks:
        rest = pulled(server, per_page=4, bookmark=bookmark, **PEOPLE)
        assert end(rest) == end(whole)
    assert len(bookmarks) > 7


@pytest.mark.parametrize("bookmark", ["", "x", "[]", "{}", '{"start": -1}', "null", "1"])
def test_a_bookmark_of_another_make_begins_anew(server: PracticeDSpace, bookmark: str) -> None:
    assert len(items(pulled(server, bookmark=bookmark))) == 30


def test_a_bookmark_of_a_run_of_everything_is_none_of_a_run_of_changes(server: PracticeDSpace) -> None:
    pages = pulled(server, per_page=4)
    mark = json.loads(pages[3].bookmark or "")
    assert 0 < mark["start"] < SPACE

    assert len(items(pulled(server, end(pages).cursor, bookmark=pages[3].bookmark))) == 0
    server.change(ONE.uuid, withdrawn=True)
    assert levels(pulled(server, end(pages).cursor, bookmark=pages[3].bookmark)) == {ONE.uuid: PRIVATE}


def test_a_range_that_is_suddenly_empty_is_not_all(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("nothing", address="resourceid%3A%5B(?!00000000)"))

    assert "fewer items than it told of" in end(pulled(server, per_page=4)).incomplete


def test_a_search_that_finds_nothing_any_more_is_not_believed(server: PracticeDSpace) -> None:
    server.items.clear()

    assert "finds no item any more" in end(pulled(server, memory="x")).incomplete
    assert end(pulled(server)).listed == {"item"}


def test_rows_beside_the_range_are_refused(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("rows again", address="resourceid%3A%5B(?!00000000)", times=None))

    with pytest.raises(NotUnderstood, match="not in the range that was asked for"):
        pulled(server, per_page=4)


def test_a_login_that_ends_in_the_middle_is_made_again_and_hides_nothing(server: PracticeDSpace) -> None:
    for one in WORKS:
        server.change(one.uuid, policies=(STAFF,))
    for start in "0248ace":
        at = f"resourceid%3A%5B{start}"
        server.faults.append(DSpaceFault("change", address=at, act=lambda server: server.expire_tokens()))

    pages = pulled(server, per_page=4)

    assert len(items(pages)) == 30
    assert end(pages).listed == {"item"}


def test_a_login_that_never_lasts_ends_the_run(server: PracticeDSpace) -> None:
    ends = DSpaceFault("change", address="search/objects", times=None, act=lambda at: at.expire_tokens())
    server.faults.append(ends)

    with pytest.raises(TryLater, match="did not last as long as one answer"):
        pulled(server)


def test_rows_without_a_key_are_set_aside_and_those_with_one_are_private(server: PracticeDSpace) -> None:
    server.put(work(1, odd={"uuid": 5, "_links": None}))
    server.put(work(2, odd={"uuid": 5}))

    pages = pulled(server)

    assert [aside.keyless for page in pages for aside in page.asides] == [True]
    assert ONE.uuid not in items(pages)
    assert (levels(pages)[TWO.uuid], items(pages)[TWO.uuid].unread) == (PRIVATE, True)


def test_what_became_something_else_is_gone_as_an_output(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    server.edit(ONE.uuid, "dspace.entity.type", "Person")

    pages = pulled(server, cursor)

    assert [one for page in pages for one in page.gone] == [Gone(kind="item", key=ONE.uuid)]
    assert levels(pages) == {}


def related(number: int, *people: Held) -> Held:
    links = tuple(one.uuid for one in people)
    return made(number, dc_title=f"Tides {number}", relation_isAuthorOfPublication=links)


def test_people_are_told_where_the_settings_say_so_and_never_as_outputs(server: PracticeDSpace) -> None:
    server.put(ANN)
    server.put(related(1, ANN))

    told, silent = pulled(server, **PEOPLE), pulled(server)

    people = [one for page in told for one in page.people]
    links = [one for page in told for one in page.authorships]
    assert [(one.key, one.name, one.visibility) for one in people] == [(ANN.uuid, "Ann Harbourmaster", PUBLIC)]
    assert [(one.item, one.person, one.visibility) for one in links] == [(ONE.uuid, ANN.uuid, PUBLIC)]
    assert end(told).listed == {"item", "person"}
    assert not any(page.people or page.authorships for page in silent)
    assert ANN.uuid not in items(told) | items(silent)


def test_a_profile_that_was_hidden_is_private(server: PracticeDSpace) -> None:
    server.put(replace(ANN, policies=()))

    (told,) = [one for page in pulled(server, **PEOPLE) for one in page.people]

    assert told.visibility == PRIVATE


def test_another_map_of_people_reads_all_people_again(server: PracticeDSpace, tmp_path: Path) -> None:
    server.put(ANN)
    later(server, hours=2)
    chart = tmp_path / "people.csv"
    chart.write_text(f"id,current\n{ANN.uuid},true\n")
    cursor = end(pulled(server, people_map=chart, **PEOPLE)).cursor
    later(server, days=1)

    def current(cursor: str | None) -> list[bool | None]:
        return [one.current for page in pulled(server, cursor, people_map=chart, **PEOPLE) for one in page.people]

    assert current(cursor) == []
    chart.write_text(f"id,current\n{ANN.uuid},false\n")
    assert current(cursor) == [False]


def test_a_run_that_goes_on_with_another_map_of_people_reads_them_again(server: PracticeDSpace, tmp_path: Path) -> None:
    server.put(ANN)
    chart = tmp_path / "people.csv"
    chart.write_text(f"id,current\n{ANN.uuid},true\n")
    pages = pulled(server, people_map=chart, per_page=4, **PEOPLE)
    among_items = next(page.bookmark for page in pages if page.items)
    chart.write_text(f"id,current\n{ANN.uuid},false\n")

    pages = pulled(server, bookmark=among_items, people_map=chart, **PEOPLE)

    assert [one.current for page in pages for one in page.people] == [False]
    assert len(items(pages)) == 30


def test_where_people_are_wanted_from_now_on_everything_is_read(server: PracticeDSpace) -> None:
    server.put(ANN)
    cursor = end(pulled(server)).cursor

    assert end(pulled(server, cursor, **PEOPLE)).listed == {"item", "person"}


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({}, True),
        ({"withdrawn": True}, False),
        ({"discoverable": False}, False),
        ({"policies": (STAFF,)}, False),
        ({"policies": (Policy(start="2027-01-01"),)}, False),
        ({"odd": {"withdrawn": None}}, False),
        (None, False),
    ],
)
@pytest.mark.parametrize("account", [{}, {"username": None, "password": None, "push": None}])
def test_what_no_listing_names_stays_only_where_everybody_may_see_it(
    server: PracticeDSpace, change: dict[str, Any] | None, stays: bool, account: dict[str, Any]
) -> None:
    if change is None:
        server.remove(ONE.uuid)
    else:
        server.put(work(1, **change))

    with connected(server, **account) as library:
        found = library.confirm("item", ONE.uuid)

    assert found == (None if stays else Gone(kind="item", key=ONE.uuid))


def test_an_item_is_no_person_and_what_is_no_key_is_not_asked_for(server: PracticeDSpace) -> None:
    with connected(server) as library:
        assert library.confirm("person", ONE.uuid) == Gone(kind="person", key=ONE.uuid)
        assert library.confirm("item", "../authn/logout") == Gone(kind="item", key="../authn/logout")
        assert library.confirm("authorship", ONE.uuid) == Gone(kind="authorship", key=ONE.uuid)
    assert not any("logout" in one.path for one in server.requests)


def test_a_login_that_was_ended_elsewhere_does_not_look_like_a_deletion(server: PracticeDSpace) -> None:
    server.reads_policies = False
    with connected(server) as library:
        assert library.confirm("item", ONE.uuid) is None
        server.expire_tokens()
        assert library.confirm("item", TWO.uuid) is None


def test_memory_does_not_grow_with_the_listing(server: PracticeDSpace) -> None:
    """A page is yielded before the next range is asked for."""
    with connected(server, per_page=4) as library:
        pages = library.pull(Since(now=NOW))
        next(pages)
        asked = len(server.requests)
        next(pages)
        assert len(server.requests) > asked
        pages.close()  # type: ignore[attr-defined]  # a generator
