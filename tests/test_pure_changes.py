"""Changes of a Pure lead to where a full pull leads, by its feed or an order by change; broken ones nowhere."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from pure_institution import APIS, a_server, article, later, reader
from pure_source import NOW, PRIVATE, Copy, since

from connectors.errors import NotUnderstood
from connectors.records import Gone
from sandbox.pure import Person, PracticePure, PureFault
from sandbox.pure.model import made

server = a_server()


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


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("status", [404, 410])
def test_an_output_that_is_not_found_is_hidden_and_one_that_pure_says_is_no_more_is_gone(
    server: PracticePure, api: str, status: int
) -> None:
    server.faults.append(PureFault("status", status=status, address=made("output", 3)))
    hidden = status == 404  # so it answers of what is confidential, and not for us

    found = reader(server, api).confirm("item", made("output", 3))
    assert found == Gone(kind="item", key=made("output", 3), hidden=hidden)


@pytest.mark.parametrize("status", [404, 410])
def test_so_it_is_with_what_the_feed_names_and_nothing_lists(server: PracticePure, status: int) -> None:
    house = Copy(reader(server, "legacy").pull(since()))
    now = later(server, 30)
    key = made("output", 3)
    server.held.remove(server.held.outputs[key])
    server.faults.append(PureFault("status", status=status, address=f"research-outputs/{key}"))
    pages = list(reader(server, "legacy").pull(since(house.cursor, now=now)))

    assert [each for page in pages for each in page.gone] == [Gone(kind="item", key=key, hidden=status == 404)]


def test_one_output_that_the_key_may_not_see_is_private_and_the_other_changes_are_read(server: PracticePure) -> None:
    house = Copy(reader(server, "legacy").pull(since()))
    now = later(server, 30)
    server.put(article(3), article(4, "Tides, again"))
    server.held.withheld = {made("output", 3)}
    house.apply(reader(server, "legacy").pull(since(house.cursor, now=now)))

    kept = house.items[made("output", 3)]
    assert (kept.visibility, kept.unread, kept.doubts) == (PRIVATE, True, ("the key may not see the output",))
    assert house.items[made("output", 4)].title == "Tides, again"
    assert house.cursor == now.isoformat()


@pytest.mark.parametrize("api", APIS)
def test_an_output_that_is_not_for_us_any_more_is_hidden(server: PracticePure, api: str) -> None:
    server.held.withheld = {made("output", 3)}
    hidden = Gone(kind="item", key=made("output", 3), hidden=True)

    assert reader(server, api).confirm("item", made("output", 3)) == hidden


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


def test_our_own_write_comes_back_as_the_same_record(server: PracticePure) -> None:
    house = Copy(reader(server, "current").pull(since()))
    known = server.held.outputs[made("output", 1)]
    server.put(known)
    again = Copy(reader(server, "current").pull(since(house.cursor, now=later(server, 5))))

    assert again.items[known.uuid] == house.items[known.uuid]
