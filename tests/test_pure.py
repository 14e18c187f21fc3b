"""Runs against the practice Pure, by both of its APIs: changes lead to where a full pull leads, broken ones nowhere."""

import contextlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_source import NOW, PRIVATE, PUBLIC, Copy, assume, pure, since

from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.pure import Pure
from connectors.pure.spool import Spool
from connectors.pure.values import key_of
from connectors.pure.walk import Unproven, walk
from connectors.records import Gone
from sandbox.pure import Contributor, Doi, Output, Person, PracticePure, PureFault, Unit, practice_pure
from sandbox.pure.model import Association, made

APIS = ("current", "legacy")
LISTING = r"^/ws/api(/524)?/research-outputs(\?size=[^1]|/search)"


@pytest.fixture
def server() -> Iterator[PracticePure]:
    """A small institution: two departments, one within the other, three people, twelve outputs."""
    with practice_pure() as server:
        server.held.clock = lambda: NOW - timedelta(days=30)
        server.put(Unit(number=1, name="Faculty"), Unit(number=2, name="Department", parents=(1,)))
        server.put(
            Person(number=1, associations=(Association(unit=2),)),
            Person(number=2, visibility="CAMPUS", associations=(Association(unit=1, end=date(2021, 1, 1)),)),
            Person(number=3, visibility="BACKEND", associations=(Association(unit=1, kind="student"),)),
        )
        for number in range(1, 13):
            server.put(article(number))
        server.held.clock = lambda: NOW
        yield server


def article(number: int, title: str = "", *, hidden: bool = False) -> Output:
    return Output(
        number=number,
        title=title or f"Tide tables {number}",
        dois=(Doi(value=f"10.5555/tides.{number}"),),
        contributors=(Contributor(person=1, association_hidden=hidden), Contributor(person=None)),
    )


def reader(server: PracticePure, api: str, **more: object) -> Pure:
    url = server.url if api == "current" else server.legacy_url
    return pure(url, **{"assume": assume(authorships=PUBLIC), **more})


def later(server: PracticePure, hours: int) -> datetime:
    moment = NOW + timedelta(hours=hours)
    server.held.clock = lambda: moment
    return moment


@pytest.mark.parametrize("api", APIS)
def test_both_apis_tell_the_same_of_people_departments_outputs_and_links(server: PracticePure, api: str) -> None:
    server.put(article(1, hidden=True))
    told = Copy(reader(server, api).pull(since()))

    assert told.incomplete == ""
    assert told.listed == {"person", "group", "item"}
    assert {one.key: one.visibility.word for one in told.people.values()} == {
        made("person", 1): "public",
        made("person", 2): "internal",
        made("person", 3): "private",
    }
    assert [told.people[made("person", n)].current for n in (1, 2, 3)] == [True, False, True]
    assert [told.people[made("person", n)].student for n in (1, 2, 3)] == [None, None, True]
    assert told.members == {
        made("unit", 1): (made("person", 3),),
        made("unit", 2): (made("person", 1),),
    }
    assert told.groups[made("unit", 2)].parents == (made("unit", 1),)
    assert len(told.items) == len(told.links) == 12
    by_item = {link.item: link.visibility for link in told.links.values()}
    assert by_item.pop(made("output", 1)) == PRIVATE
    assert set(by_item.values()) == {PUBLIC}


@pytest.mark.parametrize("api", APIS)
def test_no_name_of_a_contributor_is_told(server: PracticePure, api: str) -> None:
    items = [one for page in reader(server, api).pull(since()) for one in (*page.items, *page.authorships)]

    assert items
    assert "A. Example" not in repr(items)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("seed", range(4))
def test_changes_lead_to_where_a_full_pull_leads(server: PracticePure, api: str, seed: int) -> None:
    luck = random.Random(seed)
    house = Copy(reader(server, api).pull(since()))
    for hours in (5, 30, 60, 100):
        now = later(server, hours)
        for number in luck.sample(range(1, 16), 4):
            server.put(article(number, f"Tides at {hours}", hidden=luck.random() < 0.5))
        server.put(Person(number=luck.randint(1, 4), first_name=f"At {hours}"))
        house.apply(reader(server, api).pull(since(house.cursor, now=now)))
        assert house.incomplete == ""
    whole = Copy(reader(server, api).pull(since(now=now)))

    assert house.same(whole)


@pytest.mark.parametrize("api", APIS)
def test_a_pull_of_changes_does_not_read_all_outputs_again(server: PracticePure, api: str) -> None:
    cursor = Copy(reader(server, api).pull(since())).cursor
    server.held.journal.clear()
    now = later(server, 60)
    server.put(article(3, "Tides, again"))
    pages = list(reader(server, api).pull(since(cursor, now=now)))

    told = [one.key for page in pages for one in page.items]
    assert made("output", 3) in told
    assert len(told) <= 4


def test_an_output_that_somebody_deleted_is_gone_by_the_feed_of_the_legacy_api(server: PracticePure) -> None:
    house = Copy(reader(server, "legacy").pull(since()))
    now = later(server, 30)
    server.held.remove(server.held.outputs[made("output", 3)])
    server.held.remove(server.held.persons[made("person", 3)])
    house.apply(reader(server, "legacy").pull(since(house.cursor, now=now)))

    assert house.gone == {made("output", 3): None, made("person", 3): None}


def test_the_current_api_tells_no_deletion_and_a_full_listing_leaves_it_out(server: PracticePure) -> None:
    house = Copy(reader(server, "current").pull(since()))
    server.held.remove(server.held.outputs[made("output", 3)])
    house.apply(reader(server, "current").pull(since(house.cursor, now=later(server, 5))))
    whole = Copy(reader(server, "current").pull(since()))

    assert made("output", 3) in house.items
    assert made("output", 3) not in whole.items
    assert "item" in whole.listed
    assert reader(server, "current").confirm("item", made("output", 3)) == Gone(kind="item", key=made("output", 3))


@pytest.mark.parametrize("api", APIS)
def test_what_was_merged_leads_to_what_is_left(server: PracticePure, api: str) -> None:
    old, left = made("output", 3), made("output", 4)
    house = Copy(reader(server, api).pull(since()))
    now = later(server, 30)
    server.held.merge(server.held.outputs[old], server.held.outputs[left])
    house.apply(reader(server, api).pull(since(house.cursor, now=now)))

    assert house.gone == {old: left}
    assert reader(server, api).confirm("item", old) == Gone(kind="item", key=old, into=left)
    assert reader(server, api).confirm("item", left) is None


@pytest.mark.parametrize("api", APIS)
def test_confirm_asks_about_each_kind_where_it_is(server: PracticePure, api: str) -> None:
    connector = reader(server, api)

    assert connector.confirm("person", made("person", 1)) is None
    assert connector.confirm("group", made("unit", 1)) is None
    assert connector.confirm("person", made("person", 9)) == Gone(kind="person", key=made("person", 9))
    assert connector.confirm("group", made("unit", 9)) == Gone(kind="group", key=made("unit", 9))


def test_the_feed_of_changes_ends_by_its_own_word_and_not_by_an_empty_page(server: PracticePure) -> None:
    house = Copy(reader(server, "legacy").pull(since()))
    now = later(server, 30)
    for number in range(100, 120):
        server.put(replace(article(number), visibility="CONFIDENTIAL"))
    server.put(article(5, "Behind four empty pages"))
    house.apply(reader(server, "legacy").pull(since(house.cursor, now=now)))

    empty = [each for each in server.requests if "/changes/ey" in each.path]
    assert len(empty) >= 4
    assert house.items[made("output", 5)].title == "Behind four empty pages"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"moreChanges": (true|false)', '"moreChanges": "perhaps"'),
        ('"items": \\[', '"items": [3, '),
        ('"items": \\[', '"items": {}, "others": ['),
        ('"moreChanges": (true|false), ', ""),
        ('"resumptionToken": "[^"]*"', '"resumptionToken": ""'),
    ],
)
def test_a_feed_that_does_not_say_how_it_goes_on_ends_the_run(server: PracticePure, old: str, new: str) -> None:
    for number in range(100, 120):
        server.put(article(number))
    server.faults.append(PureFault("rewrite", address="/changes/", old=old, new=new, times=None))

    with pytest.raises(NotUnderstood):
        list(reader(server, "legacy").pull(since("2026-06-01T10:00:00+00:00")))


def test_a_feed_that_repeats_its_token_is_not_taken_for_complete(server: PracticePure) -> None:
    for number in range(100, 120):
        server.put(article(number))
    old, new = '"resumptionToken": "[^"]*"', '"resumptionToken": "eyJzZXF1ZW5jZU51bWJlciI6NX0="'
    server.faults.append(PureFault("rewrite", address="/changes/", old=old, new=new, times=None))
    told = Copy(reader(server, "legacy").pull(since("2026-06-01T10:00:00+00:00")))

    assert "same token" in told.incomplete
    assert told.cursor is None


def test_changes_of_families_that_are_not_ours_have_no_uuid_and_do_no_harm(server: PracticePure) -> None:
    family = '"changeType": "UPDATE", "family": "dk.atira.pure.api.shared.model.system.User", "version": 0'
    server.put(article(1, "Changed"))
    rest = rf'"items": [{{{family}}}, '
    server.faults.append(PureFault("rewrite", address="/changes/", old=r'"items": \[', new=rest, times=None))
    told = Copy(reader(server, "legacy").pull(since("2026-06-01T10:00:00+00:00")))

    assert (told.incomplete, told.asides) == ("", [])
    assert told.items[made("output", 1)].title == "Changed"


def test_a_change_of_an_output_without_a_uuid_is_set_aside(server: PracticePure) -> None:
    server.put(article(1, "Changed"))
    server.faults.append(PureFault("rewrite", address="/changes/", old='"uuid": "[^"]*", ', new="", times=None))
    told = Copy(reader(server, "legacy").pull(since("2026-06-01T10:00:00+00:00")))

    assert set(told.asides) == {"no uuid that can be read"}


@pytest.mark.parametrize("orderings", [("created", "publicationYear"), ()])
def test_where_no_order_by_change_is_offered_all_is_read_and_listed(
    server: PracticePure, orderings: tuple[str, ...]
) -> None:
    server.answers.orderings = orderings
    server.held.remove(server.held.outputs[made("output", 3)])
    told = Copy(reader(server, "current").pull(since("2026-06-02T09:00:00+00:00")))

    assert len(told.items) == 11
    assert "item" in told.listed


def test_rows_that_do_not_come_in_the_order_that_was_asked_for_are_all_read(server: PracticePure) -> None:
    cursor = Copy(reader(server, "current").pull(since())).cursor
    server.put(article(1, "Changed"))
    server.faults.append(PureFault("shuffled", address="/search", times=None))
    old, new = '"modifiedDate": "2026-05-0[^"]*"', '"modifiedDate": "2026-05-01T00:00:00Z"'
    server.faults.append(PureFault("rewrite", address="/search", old=old, new=new, times=None))
    told = Copy(reader(server, "current").pull(since(cursor, now=later(server, 5))))

    assert told.items[made("output", 1)].title == "Changed"


def test_an_order_that_goes_the_other_way_is_seen_though_all_dates_are_the_same(server: PracticePure) -> None:
    cursor = Copy(reader(server, "current").pull(since())).cursor
    server.answers.turns = False
    server.put(article(1, "Changed"))
    told = Copy(reader(server, "current").pull(since(cursor, now=later(server, 5))))

    assert told.items[made("output", 1)].title == "Changed"
    assert len(told.items) == 12


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("what", ["no rows", "page again"])
def test_a_page_that_brings_nothing_new_before_the_end_leaves_the_run_incomplete(
    server: PracticePure, api: str, what: str
) -> None:
    server.faults.append(PureFault(what, address=rf"{LISTING}.*offset=[1-9]", times=None))  # type: ignore[arg-type]
    told = Copy(reader(server, api).pull(since()))

    assert "and then no more" in told.incomplete
    assert (told.cursor, told.listed) == (None, frozenset())


@pytest.mark.parametrize("api", APIS)
def test_a_listing_that_counts_more_than_it_has_is_not_proven_whole(server: PracticePure, api: str) -> None:
    server.faults.append(PureFault("rewrite", address=LISTING, old='"count": 12', new='"count": 13', times=None))
    told = Copy(reader(server, api).pull(since()))

    assert "12 of 13 records came" in told.incomplete


def test_what_is_deleted_while_pages_are_read_hides_no_other_output(server: PracticePure) -> None:
    def delete(held: PracticePure) -> None:
        for number in (1, 2, 3):  # of the page before
            held.held.remove(held.held.outputs[made("output", number)])

    server.faults.append(PureFault("change", address=rf"{LISTING}.*offset=[1-9]", act=delete))
    told = Copy(reader(server, "current").pull(since()))

    assert told.incomplete == ""
    assert {made("output", number) for number in range(4, 13)} <= told.items.keys()


@pytest.mark.parametrize("per_page", [1, 2, 3, 4, 7, 100, 5000])
@pytest.mark.parametrize("api", APIS)
def test_pages_of_any_size_have_everything_once(server: PracticePure, api: str, per_page: int) -> None:
    told = [
        one.key for page in reader(server, api, per_page=per_page).pull(since()) for one in (*page.items, *page.people)
    ]

    assert sorted(told) == sorted({*told})
    assert len(told) == 15


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("after", range(1, 4))
def test_a_run_that_broke_off_goes_on_where_it_was_and_ends_where_a_whole_one_does(
    server: PracticePure, api: str, after: int
) -> None:
    whole = Copy(reader(server, api).pull(since()))
    house, bookmark, outputs = Copy(), None, 0
    for page in reader(server, api).pull(since()):
        house.apply([page])
        bookmark = page.bookmark or bookmark
        outputs += bool(page.items)
        if outputs == after:
            break
    before = len(server.requests)
    house.apply(reader(server, api).pull(since(bookmark=bookmark)))

    assert house.same(whole)
    assert house.incomplete == ""
    assert house.listed == whole.listed
    assert not [each for each in server.requests[before:] if "/persons" in each.path]


def test_a_bookmark_that_the_listing_has_moved_past_begins_again(server: PracticePure) -> None:
    pages = [page for page in reader(server, "current").pull(since()) if page.bookmark]
    for number in range(1, 8):
        server.held.remove(server.held.outputs[made("output", number)])
    told = Copy(reader(server, "current").pull(since(bookmark=pages[1].bookmark)))

    assert told.incomplete == ""
    assert {made("output", number) for number in range(8, 13)} == told.items.keys()


@pytest.mark.parametrize(
    "bookmark", ["", "{}", "[]", "nonsense", '{"mark": 3}', '{"began": "", "groups": true, "mark": {"offset": "x"}}']
)
def test_a_bookmark_of_another_make_begins_again(server: PracticePure, bookmark: str) -> None:
    assert len(Copy(reader(server, "current").pull(since(bookmark=bookmark))).items) == 12


def test_the_cursor_is_the_time_of_the_server_unless_that_is_ahead(server: PracticePure) -> None:
    server.held.clock = lambda: NOW - timedelta(hours=1)
    assert Copy(reader(server, "current").pull(since())).cursor == "2026-06-02T09:00:00+00:00"
    server.held.clock = lambda: NOW + timedelta(hours=1)
    assert Copy(reader(server, "current").pull(since())).cursor == "2026-06-02T10:00:00+00:00"


def test_without_a_clock_no_cursor_is_given(server: PracticePure) -> None:
    server.faults.append(PureFault("no date", times=None))

    assert Copy(reader(server, "current").pull(since())).cursor is None


def test_a_cursor_that_is_no_time_is_refused(server: PracticePure) -> None:
    with pytest.raises(NotUnderstood, match="full pull"):
        list(reader(server, "current").pull(since("yesterday")))


def test_who_is_current_changes_by_the_calendar_without_any_change_in_pure(server: PracticePure) -> None:
    server.put(Person(number=1, associations=(Association(end=date(2026, 6, 30)),)))
    house = Copy(reader(server, "current").pull(since()))
    assert house.people[made("person", 1)].current is True

    house.apply(reader(server, "current").pull(since(house.cursor, now=datetime(2026, 7, 1, 1, tzinfo=UTC))))

    assert house.people[made("person", 1)].current is False
    assert house.members[made("unit", 1)] == (made("person", 3),)


def test_a_people_map_says_of_those_of_whom_pure_does_not(server: PracticePure, tmp_path: Path) -> None:
    server.put(Person(number=1, associations=(Association(kind="honoraryStaff", email="ANN@example.edu"),)))
    file = tmp_path / "people.csv"
    file.write_text(f"email,id,current\nann@example.edu,,true\n,{made('person', 2)},true\n")
    told = Copy(reader(server, "current", people_map=file).pull(since()))

    assert told.people[made("person", 1)].current is True
    assert told.people[made("person", 2)].current is False  # that Pure says


def test_academic_is_what_the_settings_say(server: PracticePure) -> None:
    kind = "/dk/atira/pure/person/personstafftype/lecturer"
    server.put(Person(number=1, associations=(Association(staff_type=kind),)))

    def flag(**more: object) -> object:
        return Copy(reader(server, "current", **more).pull(since())).people[made("person", 1)].academic

    assert flag() is False
    assert flag(academic=("lecturer",)) is True
    assert flag(academic=(kind,)) is True
    assert flag(academic=("Lecturer",)) is False
    assert flag(academic=("lect",)) is False


@pytest.mark.parametrize("api", APIS)
def test_a_key_that_may_not_read_departments_has_no_groups_and_all_the_rest(server: PracticePure, api: str) -> None:
    server.answers.forbidden = {"organizations", "organisational-units"}
    told = Copy(reader(server, api).pull(since()))

    assert (len(told.items), told.groups, told.members) == (12, {}, {})
    assert told.listed == {"person", "item"}


@pytest.mark.parametrize("place", ["persons", "research-outputs"])
def test_a_key_that_may_not_read_people_or_outputs_is_refused(server: PracticePure, place: str) -> None:
    server.answers.forbidden = {place}

    with pytest.raises(NotAllowed, match="key"):
        list(reader(server, "current").pull(since()))


def test_a_wrong_key_is_refused_and_not_shown(server: PracticePure) -> None:
    with pytest.raises(NotAllowed, match="token") as refused:
        list(pure(server.url, key="some-other-key").pull(since()))

    assert "some-other-key" not in str(refused.value)


@pytest.mark.parametrize(
    "fault",
    [
        PureFault("login page", times=None),
        PureFault("not json", times=None),
        PureFault("cut short", times=None),
        PureFault("rewrite", old=r"^\{.*\}$", new="[]", times=None),
        PureFault("rewrite", old='"count": \\d+', new='"count": "many"', times=None),
        PureFault("rewrite", old='"count": \\d+', new='"count": -1', times=None),
        PureFault("rewrite", old='"items": \\[', new='"items": {}, "x": [', times=None),
        PureFault("rewrite", old='"key": "FREE"', new='"key": "BACKEND", "key": "FREE"', times=None),
    ],
    ids=lambda fault: f"{fault.what} {fault.new}",
)
@pytest.mark.parametrize("api", APIS)
def test_a_page_that_is_not_as_it_should_be_ends_the_run(server: PracticePure, api: str, fault: PureFault) -> None:
    server.faults.append(replace(fault, address="offset=[1-9]|524/research-outputs"))

    with pytest.raises(NotUnderstood):
        list(reader(server, api).pull(since()))


@pytest.mark.parametrize("api", APIS)
def test_a_page_that_breaks_off_is_tried_again_and_then_later(server: PracticePure, api: str) -> None:
    server.faults.append(PureFault("truncated", address="offset=[1-9]", times=None))

    with pytest.raises(TryLater):
        list(reader(server, api).pull(since()))


@pytest.mark.parametrize(
    "url",
    ["/nothing", "/ws/api/524/nothing", "/ws", "", "/ws/api/61"],
)
def test_an_address_that_is_none_of_the_apis_is_told_with_the_right_one(server: PracticePure, url: str) -> None:
    with pytest.raises(NotUnderstood, match="ends with /ws/api"):
        list(pure(server.origin + url).pull(since()))


def test_entries_without_a_readable_uuid_are_set_aside_and_the_rest_is_read(server: PracticePure) -> None:
    old, new = made("output", 3), r"\\u0000"
    wrong = PureFault("rewrite", address=LISTING, old=f'"uuid": "{old}"', new=f'"uuid": "{new}"', times=None)
    server.faults.append(wrong)
    told = Copy(reader(server, "current").pull(since()))

    assert set(told.asides) == {"no uuid that can be read"}
    assert len(told.items) == 11


def test_our_own_write_comes_back_as_the_same_record(server: PracticePure) -> None:
    house = Copy(reader(server, "current").pull(since()))
    known = server.held.outputs[made("output", 1)]
    server.put(known)
    again = Copy(reader(server, "current").pull(since(house.cursor, now=later(server, 5))))

    assert again.items[known.uuid] == house.items[known.uuid]


OPERATION = st.tuples(st.sampled_from(["delete", "append", "touch"]), st.integers(0, 40))


@given(
    count=st.integers(0, 30),
    size=st.integers(2, 12),
    meanwhile=st.lists(st.lists(OPERATION, max_size=6), max_size=20),
    latest_first=st.booleans(),
)
def test_whatever_others_do_meanwhile_what_was_there_all_along_is_read_or_the_listing_not_believed(
    count: int, size: int, meanwhile: list[list[tuple[str, int]]], latest_first: bool
) -> None:
    held = [f"k{number}" for number in range(count)]
    stayed, moments = {*held}, iter(meanwhile)

    def ask(offset: int, asked: int) -> dict[str, object]:
        for what, number in next(moments, []):
            if what == "append":
                held.insert(0 if latest_first else len(held), f"new{len(held)}-{number}-{offset}")
            elif held:
                key = held.pop(number % len(held))
                stayed.discard(key)
                if what == "touch" and latest_first:
                    held.insert(0, key)
        return {"count": len(held), "items": [{"uuid": key} for key in held[offset : offset + asked]]}

    told = []
    with Spool() as spool, contextlib.suppress(Unproven):
        for sheet in walk(ask, "/x", size, spool):
            told += [key_of(row) for _, row in sheet.rows]
        assert stayed <= {*told}
    assert len(told) == len({*told})


def test_a_listing_that_moves_faster_than_it_is_read_is_not_believed() -> None:
    fresh = (str(number) for number in itertools.count())

    def ask(_: int, size: int) -> dict[str, object]:
        return {"count": 99, "items": [{"uuid": next(fresh)} for _ in range(size)]}

    with Spool() as spool, pytest.raises(Unproven, match="moves faster"):
        list(walk(ask, "/x", 4, spool))
