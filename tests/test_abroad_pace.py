"""A host is asked at its pace, not while it wants to be left alone, and ever less while it fails; others meanwhile."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from abroad_places import HOME, NEWS, OTHER, a_clock, a_reader, lead, read, reader
from http_places import Clock

from connectors.abroad import Abroad
from connectors.abroad.hosts import FAILURES, LONGEST_REST, REST, Hosts
from connectors.errors import TryLater
from connectors.http.clocks import RunTime
from sandbox.web import Page, PracticeWeb, WebFault, practice_web

clock, abroad = a_clock(), a_reader(NEWS, OTHER)


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put("/", Page(b"fine"))
        yield web


def test_a_second_lies_between_two_requests_to_a_host_its_robots_txt_included(
    web: PracticeWeb, abroad: Abroad, clock: Clock
) -> None:
    for _ in range(3):
        read(abroad, web.url("/", NEWS))

    assert (len(web.requests), clock.slept) == (4, [1, 1, 1])


def test_another_host_does_not_wait_for_it(web: PracticeWeb, abroad: Abroad, clock: Clock) -> None:
    read(abroad, web.url("/", NEWS))
    read(abroad, web.url("/", OTHER))

    assert clock.slept == [1, 1]  # each between its robots.txt and its page


def test_to_one_host_there_is_one_request_at_a_time(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: [HOME]})
    web.put("/slow", Page(manner="drip"))
    with reader(web, pace=0) as abroad, ThreadPoolExecutor(2) as pool:
        read(abroad, web.url("/", NEWS))
        slow = pool.submit(read, abroad, web.url("/slow", NEWS))
        until = time.monotonic() + 30
        while not web.visited("/slow") and time.monotonic() < until:
            time.sleep(0.01)
        quick = pool.submit(read, abroad, web.url("/", NEWS))
        time.sleep(0.3)
        assert len(web.visited(f"{NEWS}/")) == 1
        abroad.stop()
        for each in (slow, quick):
            with pytest.raises(TryLater):
                each.result(30)


def test_many_threads_ask_for_robots_txt_once(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: [HOME]})
    begin = threading.Barrier(6)

    def together(abroad: Abroad) -> int:
        begin.wait()
        return read(abroad, web.url("/", NEWS)).status

    with reader(web, pace=0) as abroad, ThreadPoolExecutor(6) as pool:
        assert [each.result(60) for each in [pool.submit(together, abroad) for _ in range(6)]] == [200] * 6

    assert len(web.visited("/robots.txt")) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_who_asks_for_patience_gets_it_and_the_host_is_left_alone_for_all_its_pages(
    status: int, form: str, web: PracticeWeb, abroad: Abroad, clock: Clock
) -> None:
    read(abroad, web.url("/", NEWS))
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    web.faults.append(
        WebFault("status", address="/x", status=status, retry_after="300" if form == "seconds" else until)
    )
    asked = len(web.requests) + 1

    with pytest.raises(TryLater) as caught:
        read(abroad, web.url("/x", NEWS))
    with pytest.raises(TryLater, match="asked to be left alone") as again:
        read(abroad, web.url("/", NEWS))

    assert caught.value.after == pytest.approx(300, abs=3)
    assert again.value.after == pytest.approx(300, abs=3)
    assert len(web.requests) == asked
    assert read(abroad, web.url("/", OTHER)).status == 200
    clock.now += 305
    assert read(abroad, web.url("/", NEWS)).status == 200


def test_a_short_patience_is_simply_had(web: PracticeWeb, abroad: Abroad, clock: Clock) -> None:
    web.faults.append(WebFault("too many requests", address="/$", retry_after="20"))
    with pytest.raises(TryLater):
        read(abroad, web.url("/", NEWS))
    begun = clock.now

    assert read(abroad, web.url("/", NEWS)).status == 200
    assert clock.now - begun == pytest.approx(20)


def test_who_has_few_requests_left_holds_nobody_for_minutes(web: PracticeWeb, abroad: Abroad) -> None:
    left = {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "3600"}
    web.put("/", Page(b"fine", headers=left))
    read(abroad, web.url("/", NEWS))

    with pytest.raises(TryLater, match="asked to be left alone") as caught:
        read(abroad, web.url("/", NEWS))

    assert caught.value.after == pytest.approx(300)


def test_many_hosts_are_asked_at_once_each_on_a_connection_of_its_own(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"host-{number}.example.org" for number in range(40)]
    looked_up = lead(monkeypatch, {name: [HOME] for name in names})

    with reader(web, pace=0) as abroad, ThreadPoolExecutor(40) as pool:
        told = list(pool.map(lambda name: [read(abroad, web.url("/", name)).status for _ in range(3)], names))

    assert told == [[200] * 3] * 40
    assert sorted(looked_up) == sorted(names)  # each host's connection was kept for all it was asked


@pytest.mark.parametrize("retry_after", ["soon", "-5", "99999999999999999999", "Thu, 99 Foo 2026 99:99:99 GMT", "\xff"])
def test_a_patience_that_makes_no_sense_makes_no_trouble(retry_after: str, web: PracticeWeb, abroad: Abroad) -> None:
    web.faults.append(WebFault("too many requests", address="/$", retry_after=retry_after))

    with pytest.raises(TryLater, match="status 429") as caught:
        read(abroad, web.url("/", NEWS))

    assert (caught.value.after or 0) <= 86_400


def failing(abroad: Abroad, web: PracticeWeb) -> TryLater:
    with pytest.raises(TryLater) as caught:
        read(abroad, web.url("/", NEWS))
    return caught.value


def test_a_host_that_fails_rests_longer_and_longer_and_is_forgiven_at_once(
    web: PracticeWeb, abroad: Abroad, clock: Clock
) -> None:
    read(abroad, web.url("/", NEWS))
    web.faults.append(WebFault("status", status=500, times=None))
    for _ in range(FAILURES):
        assert failing(abroad, web).after is None
    asked = len(web.requests)

    resting = failing(abroad, web)

    assert (str(resting), resting.after) == (
        "news.example.org: failed 5 times in a row, and is left alone for 15 minutes",
        pytest.approx(REST),
    )
    assert len(web.requests) == asked
    clock.now += REST
    failing(abroad, web)
    assert failing(abroad, web).after == pytest.approx(2 * REST)
    clock.now += 2 * REST
    web.faults.clear()
    assert read(abroad, web.url("/", NEWS)).status == 200
    web.faults.append(WebFault("status", status=500, times=1))
    failing(abroad, web)
    assert read(abroad, web.url("/", NEWS)).status == 200


def test_who_waits_for_a_turn_does_not_have_it_when_the_host_has_come_to_rest_meanwhile() -> None:
    host = Hosts(RunTime(60.0, clock=time.monotonic, sleep=None)).host("news")

    def second() -> None:
        with host.turn(0.0, "GET /"):
            pytest.fail("it was asked")

    with ThreadPoolExecutor(1) as pool:
        with host.turn(0.0, "GET /"):
            waiting = pool.submit(second)
            time.sleep(0.3)
            for _ in range(FAILURES):
                host.failed()
        with pytest.raises(TryLater, match="left alone"):
            waiting.result(30)


def test_no_rest_is_longer_than_a_day(web: PracticeWeb, abroad: Abroad, clock: Clock) -> None:
    web.faults.append(WebFault("hang up before", times=None))
    for _ in range(FAILURES + 12):
        failing(abroad, web)
        clock.now += LONGEST_REST

    failing(abroad, web)
    assert failing(abroad, web).after == pytest.approx(LONGEST_REST)


def test_a_host_may_be_gone_for_years() -> None:
    host = Hosts(RunTime(60.0, clock=Clock(), sleep=None)).host("news")
    for _ in range(3000):
        host.failed()

    with pytest.raises(TryLater) as caught, host.turn(0.0, "GET /"):
        pytest.fail("it was asked")
    assert caught.value.after == LONGEST_REST


def test_a_host_that_answers_is_none_that_fails_whatever_it_answers(web: PracticeWeb, abroad: Abroad) -> None:
    for _ in range(2 * FAILURES):
        assert read(abroad, web.url("/no-such-page", NEWS)).status == 404


def test_a_name_that_is_not_found_rests_too(abroad: Abroad, web: PracticeWeb) -> None:
    for _ in range(FAILURES):
        with pytest.raises(TryLater, match="not found"):
            read(abroad, web.url("/", "nobody.example.org"))

    with pytest.raises(TryLater, match="left alone"):
        read(abroad, web.url("/", "nobody.example.org"))


def test_only_the_hosts_that_were_asked_lately_are_remembered() -> None:
    hosts = Hosts(RunTime(1.0, clock=Clock(), sleep=None), most=2)
    first, second = hosts.host("a"), hosts.host("b")

    assert hosts.host("a") is first
    hosts.host("c")
    assert hosts.host("a") is first
    assert hosts.host("b") is not second
