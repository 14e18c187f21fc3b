"""A list of a data provider, in windows and by tokens, is read whole while it changes, and gone on with."""

import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oai_source import ALL, MIDDLE, NOW, OPEN, asked, connected, end, filled, gone, made, name, pulled, told

from connectors.base import Since
from sandbox.oai import Repository, Ways, practice_oai
from sandbox.oai.metadata import dublin_core


@pytest.mark.parametrize(
    "ways",
    [
        Ways(),
        Ways(per_page=4),
        Ways(per_page=4, empty_last=False),
        Ways(per_page=4, sizes=False),
        Ways(per_page=4, tokens="offset"),
        Ways(per_page=4, tokens="offset", empty_last=False, sizes=False, by_date=True),
        Ways(per_page=4, seconds=False),
        Ways(per_page=4, until_excluded=True),
        Ways(per_page=4, until_excluded=True, seconds=False),
        Ways(per_page=4, identify_status=500),
        Ways(per_page=4, error_status=422, two_errors=True),
        Ways(per_page=4, error_status=500),
        Ways(per_page=4, error_status=503),
        Ways(per_page=4, earliest="0001-01-01T00:00:00Z"),
        Ways(per_page=4, earliest="2026-05-30T00:00:00Z"),  # which is not true
        Ways(per_page=4, earliest="long ago"),
        Ways(per_page=4, size_off=7),
        Ways(per_page=4, size_off=-20),
    ],
    ids=str,
)
def test_every_record_is_read_however_the_provider_speaks(ways: Ways) -> None:
    with practice_oai(filled(25, apart=timedelta(days=40)), ways) as server:
        pages = pulled(server, **OPEN)

    assert sorted(told(pages)) == ALL
    assert end(pages).incomplete == ""
    assert end(pages).listed == {"item"}


def test_a_list_that_stays_shorter_than_it_is_told_to_be_proves_nothing_and_is_not_asked_for_ever() -> None:
    with practice_oai(filled(25, apart=timedelta(0)), Ways(per_page=10, size_off=7)) as server:
        pages = pulled(server, **OPEN)
        begun = [query for query in asked(server, "ListRecords") if "resumptionToken" not in query]

    assert sorted(told(pages)) == ALL
    assert (end(pages).listed, end(pages).incomplete) == (frozenset(), "")
    assert len(begun) < 12


def test_the_first_window_has_no_beginning_and_the_last_no_end_and_they_touch() -> None:
    with practice_oai(filled(25, apart=timedelta(days=40)), Ways(per_page=4)) as server:
        pulled(server, **OPEN)
        windows = [parse_qs(query) for query in asked(server, "ListRecords") if "resumptionToken" not in query]

    assert "from" not in windows[0]
    assert "until" not in windows[-1]
    assert [one["from"] for one in windows[1:]] == [one["until"] for one in windows[:-1]]
    assert len(windows) < 15


def test_what_is_dated_before_the_repository_or_into_the_future_is_read() -> None:
    repository = filled(3)
    repository.put(made(4, NOW.replace(year=1970)))
    repository.put(made(5, NOW.replace(year=2099)))
    with practice_oai(repository, Ways(earliest="2026-01-01T00:00:00Z")) as server:
        pages = pulled(server, **OPEN)

    assert sorted(told(pages)) == [name(number) for number in range(1, 6)]


def test_a_window_of_a_provider_that_dates_by_days_has_days_alone() -> None:
    with practice_oai(filled(3, apart=timedelta(days=300)), Ways(seconds=False)) as server:
        pages = pulled(server, **OPEN)
        again = pulled(server, end(pages).cursor, **OPEN)
        bounds = [value for query in asked(server, "ListRecords") for value in bounds_of(query)]

    assert {len(bound) for bound in bounds} == {10}
    assert end(again).cursor


def bounds_of(query: str) -> list[str]:
    return [value for key in ("from", "until") for value in parse_qs(query).get(key, [])]


def test_a_token_is_sent_back_as_it_was_told() -> None:
    with practice_oai(filled(9), Ways(per_page=4, tokens="offset")) as server:
        pulled(server, **OPEN)
        tokens = [parse_qs(query)["resumptionToken"][0] for query in asked(server, MIDDLE)]

    assert tokens
    assert all("%26offset%3D" in token for token in tokens)


def test_a_token_that_expires_has_its_window_read_anew_and_shorter() -> None:
    late = iter([0, 0, 0, 120, 120, 120, 120, *[120] * 500])
    repository = filled(9)

    def slow(query: str) -> None:
        moved = NOW + timedelta(seconds=next(late)) if MIDDLE in query else repository.clock()
        repository.clock = lambda: moved

    with practice_oai(repository, Ways(per_page=2, token_life=60)) as server:
        server.before = slow
        pages = pulled(server, **OPEN)

    assert sorted(told(pages)) == ALL[:9]
    assert end(pages).listed == {"item"}


@pytest.mark.parametrize("by_date", [False, True])
def test_a_list_that_shifts_while_it_is_read_passes_nothing_over(by_date: bool) -> None:
    repository = filled(25)
    ways = Ways(per_page=5, tokens="offset", sizes=False, by_date=by_date)
    moved = iter([name(2), name(3)])
    clock = [NOW]
    repository.clock = lambda: clock[0]

    def change(query: str) -> None:
        clock[0] += timedelta(seconds=1)
        if MIDDLE in query and (identifier := next(moved, "")):
            repository.touch(identifier)

    with practice_oai(repository, ways) as server:
        server.before = change
        pages = pulled(server, **OPEN)

    assert sorted(told(pages)) == ALL
    assert end(pages).listed == {"item"}


def test_a_list_that_never_stands_still_is_no_proof_of_what_is_gone() -> None:
    repository = filled(25, apart=timedelta(0))
    clock = [NOW]
    repository.clock = lambda: clock[0]

    def change(query: str) -> None:
        clock[0] += timedelta(seconds=1)
        if MIDDLE in query:
            repository.touch(name(25))

    with practice_oai(repository, Ways(per_page=5, tokens="offset", sizes=False)) as server:
        server.before = change
        pages = pulled(server, **OPEN)

    assert (end(pages).listed, end(pages).incomplete) == (frozenset(), "")
    assert end(pages).cursor


def test_an_empty_repository_is_a_complete_listing_of_nothing() -> None:
    with practice_oai(Repository(clock=lambda: NOW)) as server:
        pages = pulled(server, **OPEN)

    assert (told(pages), end(pages).listed) == ([], {"item"})


def test_a_run_goes_on_at_the_window_of_its_bookmark_and_keeps_the_time_at_which_it_began() -> None:
    with practice_oai(filled(25, apart=timedelta(days=40)), Ways(per_page=4)) as server:
        with connected(server, **OPEN) as connector:
            run = connector.pull(Since(now=NOW))
            first = [next(run) for _ in range(4)]
        mark = json.loads(first[-1].bookmark or "")
        server.repository.clock = lambda: NOW + timedelta(hours=1)
        server.requests.clear()
        rest = pulled(server, None, first[-1].bookmark, **OPEN)
        begins = parse_qs(asked(server, "ListRecords")[0])["from"][0]

    assert begins == mark["start"][:19] + "Z"
    assert sorted({*told(first), *told(rest)}) == ALL
    assert (end(rest).cursor or "").startswith(NOW.isoformat())


@pytest.mark.parametrize(
    "spoilt",
    [
        "", "x", "[]", "{}", '{"what": "x", "began": "y"}', '{"start": "long ago"}', '{"seconds": 1e99}',
        '{"place": -1}', '{"place": "1"}', '{"began": null}', '{"proven": 3, "more": 1}', '{"seconds": true}',
    ],
)  # fmt: skip
def test_a_bookmark_that_is_none_begins_again(spoilt: str) -> None:
    with practice_oai(filled(5)) as server:
        whole = json.loads(pulled(server, **OPEN)[0].bookmark or "")
        try:
            broken = json.loads(spoilt)
            text = json.dumps({**whole, **broken}) if isinstance(broken, dict) and broken else spoilt
        except ValueError:
            text = spoilt
        pages = pulled(server, None, text, **OPEN)

    assert sorted(told(pages)) == ALL[:5]


def test_memory_stays_flat_however_long_the_list() -> None:
    def peak(count: int) -> int:
        repository = filled(count, apart=timedelta(0))
        large = {"oai_dc": dublin_core(("title", "x"), ("description", "long " * 2000))}
        for record in list(repository.records.values()):
            repository.put(replace(record, formats=large))
        with practice_oai(repository, Ways(per_page=50)) as server, connected(server) as connector:
            tracemalloc.start()
            for _ in connector.pull(Since(now=NOW)):
                server.requests.clear()
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    assert peak(1200) < 1.5 * peak(300)


@settings(max_examples=40)
@given(
    ages=st.one_of(st.lists(st.integers(0, most), min_size=8, max_size=30) for most in (100, 1000, 9000)),
    ways=st.builds(
        Ways,
        per_page=st.integers(2, 5),
        tokens=st.sampled_from(["opaque", "offset"]),
        seconds=st.booleans(),
        by_date=st.booleans(),
        sizes=st.booleans(),
        empty_last=st.booleans(),
        until_excluded=st.booleans(),
        error_status=st.sampled_from([200, 422]),
        earliest=st.sampled_from([None, "0001-01-01T00:00:00Z", "2020-01-01"]),
    ),
    touched=st.lists(st.integers(0, 12), max_size=6),
    deleted=st.sets(st.integers(0, 30), max_size=3),
)
def test_whatever_changes_while_it_is_harvested_every_record_is_told_as_it_is(
    ages: list[int], ways: Ways, touched: list[int], deleted: set[int]
) -> None:
    """Two pulls, the second after changes during the first: what is live is told, what is deleted is gone."""
    repository, clock = Repository(), [NOW]
    repository.clock = lambda: clock[0]
    for number, age in enumerate(ages):
        repository.put(made(number, NOW - timedelta(days=3, hours=age)))
    for number in deleted & {*range(len(ages))}:
        repository.delete(name(number))
    changes = iter(touched)

    def change(query: str) -> None:
        clock[0] += timedelta(seconds=1)
        if MIDDLE in query and (number := next(changes, len(ages))) < len(ages) and number not in deleted:
            repository.touch(name(number))

    with practice_oai(repository, ways) as server:
        server.before = change
        first = pulled(server, **OPEN)
        second = pulled(server, end(first).cursor, **OPEN)

    live = {name(number) for number in range(len(ages)) if number not in deleted}
    dead = {name(number) for number in deleted & {*range(len(ages))}}
    assert {*told(first), *told(second)} <= live
    assert {*gone(first)} <= dead
    if ways.seconds or ways.tokens == "opaque":  # a provider that dates by days cannot be seen to shift
        assert {*told(first), *told(second)} == live
        assert {*gone(first)} == dead
