"""No host fills our memory, holds us for long, or leads us in circles; and what is cut short is not taken for whole."""

import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from abroad_places import HOME, NEWS, a_clock, a_reader, lead, read, reader
from http_places import Clock

from connectors.abroad import Abroad, visits
from connectors.errors import NotUnderstood, TryLater
from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web
from sandbox.web.traps import BOMBS, CUT, MEGABYTE, RINGS, SLOW, TRAPS

SHORT = 0.5  # seconds, by the real clock
clock, abroad, hasty = a_clock(), a_reader(pace=0), a_reader(pace=0, seconds=SHORT)


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put_all(TRAPS)
        web.put("/fine", Page(b"fine"))
        yield web


@pytest.mark.parametrize("path", BOMBS)
def test_no_body_is_larger_than_it_may_be_however_small_it_was_packed(path: str, web: PracticeWeb) -> None:
    with reader(web) as abroad:
        read(abroad, web.url("/fine"))
        tracemalloc.start()
        try:
            with pytest.raises(NotUnderstood, match=r"larger than 1 MB|encoded in a way that was not asked for"):
                read(abroad, web.url(path), most_bytes=MEGABYTE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak < 6 * MEGABYTE


def test_what_is_as_large_as_it_may_be_is_read(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/large", Page(b"x" * MEGABYTE, coding="gzip"))

    assert len(read(abroad, web.url("/large"), most_bytes=MEGABYTE).body) == MEGABYTE


@pytest.mark.parametrize("path", SLOW)
def test_no_answer_takes_longer_than_it_may(path: str, web: PracticeWeb, hasty: Abroad) -> None:
    begun = time.monotonic()

    with pytest.raises(TryLater, match=r"no complete answer within 0\.5 seconds"):
        read(hasty, web.url(path))

    assert time.monotonic() - begun < 20 * SHORT


def test_nor_do_all_answers_of_a_chain_together(web: PracticeWeb, hasty: Abroad) -> None:
    """Each of them would be in time."""
    for step in range(5):
        web.put(f"/slow/{step}", moved(f"/slow/{step + 1}", wait=SHORT / 2))
    web.put("/slow/5", Page(b"late"))

    with pytest.raises(TryLater, match="no complete answer"):
        read(hasty, web.url("/slow/0"))


def test_silence_ends_before_the_time_does(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "SILENCE_SECONDS", 0.2)

    with reader(web) as abroad, pytest.raises(TryLater, match="no answer in time"):
        read(abroad, web.url("/slow/silent"))


def test_a_robots_txt_that_drips_holds_nobody_either(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.abroad.ROBOTS_SECONDS", 0.2)
    web.put("/robots.txt", Page(manner="drip"))

    with reader(web) as abroad, pytest.raises(TryLater, match=r"not before its robots\.txt is read"):
        read(abroad, web.url("/fine"))


def test_who_is_stopped_waits_for_no_answer(web: PracticeWeb) -> None:
    with reader(web) as abroad, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(read, abroad, web.url("/slow/body"))
        until = time.monotonic() + 30
        while "127.0.0.1/slow/body" not in web.visited() and time.monotonic() < until:
            time.sleep(0.01)
        abroad.stop()
        with pytest.raises(TryLater, match="stopped"):
            asked.result(30)


def test_who_is_asked_whether_to_stop_ends_it_too(web: PracticeWeb) -> None:
    over = threading.Event()
    with reader(web, stop=over.is_set) as abroad, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(read, abroad, web.url("/slow/silent"))
        over.set()
        with pytest.raises(TryLater, match="stopped"):
            asked.result(30)


@pytest.mark.parametrize("path", CUT)
def test_what_breaks_off_is_not_taken_for_whole(path: str, web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(TryLater, match="broke off"):
        read(abroad, web.url(path))


@pytest.mark.parametrize("what", ["hang up before", "hang up midway"])
def test_who_hangs_up_is_asked_later(what: str, web: PracticeWeb, abroad: Abroad) -> None:
    web.faults.append(WebFault(what, address="/fine"))  # type: ignore[arg-type]

    with pytest.raises(TryLater, match="broke"):
        read(abroad, web.url("/fine"))


@pytest.mark.parametrize("path", ["/ring", "/ring/a"])
def test_a_ring_of_redirects_ends_as_soon_as_it_closes(path: str, web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(NotUnderstood, match=rf"GET http://127.0.0.1:\d+{path}: redirected in a ring"):
        read(abroad, web.url(path))

    assert len(web.requests) <= 3


def test_a_chain_of_redirects_ends_too(web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(NotUnderstood, match="redirected more than 5 times"):
        read(abroad, web.url("/chain/0"))

    assert web.visited()[-1] == "127.0.0.1/chain/5"
    assert len(RINGS) > 6


def test_five_redirects_are_followed(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/chain/5", Page(b"here"))

    assert [hop.url for hop in read(abroad, web.url("/chain/0")).hops] == [web.url(f"/chain/{n}") for n in range(5)]


def test_a_redirect_that_leads_nowhere_is_none(web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(NotUnderstood, match="leads nowhere"):
        read(abroad, web.url("/nowhere"))


def test_where_a_drop_comes_now_and_then_others_are_asked_meanwhile(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME], "slow.example.org": [HOME]})
    clock = Clock()
    with reader(web, clock, pace=0) as abroad, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read, abroad, web.url("/slow/body", "slow.example.org"))
        assert read(abroad, web.url("/fine", NEWS)).body == b"fine"
        assert not slow.done()
        abroad.stop()
        with pytest.raises(TryLater):
            slow.result(30)
