"""All connections of a process that ask at one place share its turns: their pace, their number, and who came first."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from socket import socket

import pytest
import responses
from http_places import BASE, Clock, Place, answer, connection, silent, speaking

from connectors.errors import TryLater
from connectors.http import Client, client
from connectors.http.clocks import RunTime
from connectors.http.gate import CALM, Gate


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ours(clock: Clock, **more: object) -> Client:
    return client(connection(**more), sleep=clock.sleep, clock=clock)


@responses.activate
def test_connections_to_one_place_share_their_pace_and_the_slowest_counts(clock: Clock) -> None:
    responses.get(f"{BASE}/users")
    responses.get("https://elements.example.edu:8091/other/items")
    quick, slow = ours(clock, pace=0.5), ours(clock, pace=2, url="https://elements.example.edu:8091/other")

    quick.get("/users").close()
    slow.get("/items").close()
    quick.get("/users").close()
    slow.close()
    quick.get("/users").close()

    assert clock.slept == [2, 2, 0.5]


@responses.activate
@pytest.mark.parametrize("url", ["https://elements.example.edu:8092/x", "https://other.example.edu:8091/x"])
def test_another_port_or_host_is_another_place(clock: Clock, url: str) -> None:
    responses.get(f"{BASE}/users")
    responses.get(f"{url}/users")
    here, there = ours(clock, pace=5), ours(clock, pace=5, url=url)

    here.get("/users").close()
    there.get("/users").close()

    assert clock.slept == []


@responses.activate
def test_the_usual_port_is_the_same_place_written_or_not(clock: Clock) -> None:
    responses.get("https://elements.example.edu/a/users")
    responses.get("https://elements.example.edu:443/b/users")
    here, there = (
        ours(clock, pace=5, url=url) for url in ("https://elements.example.edu/a", "https://elements.example.edu:443/b")
    )

    here.get("/users").close()
    there.get("/users").close()

    assert clock.slept == [5]


@responses.activate
def test_a_pace_counts_no_more_when_whoever_had_it_has_gone_but_the_last_request_does(clock: Clock) -> None:
    responses.get(f"{BASE}/users")
    slow = ours(clock, pace=300)
    slow.get("/users").close()
    slow.close()

    ours(clock, pace=0.5).get("/users").close()

    assert clock.slept == [0.5]


def test_whoever_is_forgotten_without_having_left_counts_no_more(clock: Clock) -> None:
    gate, forgotten = Gate(), Clock()
    gate.join(clock, 0.5, 1)
    gate.join(forgotten, 300.0, 1)
    del forgotten

    for _ in range(2):
        with gate.turn(Seen(clock), "GET /"):
            pass

    assert clock.slept == [0.5]


@responses.activate
def test_what_one_connection_was_told_holds_for_all_and_after_it_has_gone(clock: Clock) -> None:
    responses.get(f"{BASE}/users", headers={"RateLimit": '"default";r=0;t=600'})
    first = ours(clock)
    first.get("/users").close()
    first.close()

    with pytest.raises(TryLater, match="left alone for 10 minutes") as caught:
        ours(clock).get("/users")

    assert caught.value.after == 600


@responses.activate
def test_a_place_that_asks_in_its_answers_to_be_left_alone_is(clock: Clock) -> None:
    responses.get(f"{BASE}/users")
    first, second = ours(clock), ours(clock)
    first.rest(99)  # where nothing was asked yet there is nothing to be kept to
    first.get("/users").close()

    first.rest(7)
    second.get("/users").close()
    second.rest(301)

    assert clock.slept == [7]
    with pytest.raises(TryLater, match="left alone"):
        first.get("/users")


@responses.activate
def test_a_refusal_of_one_request_holds_the_others_back_as_well(clock: Clock) -> None:
    responses.patch(f"{BASE}/items/1", status=429, headers={"Retry-After": "20"})
    responses.get(f"{BASE}/users")
    asking = ours(clock)

    with pytest.raises(TryLater):
        asking.change("PATCH", "/items/1", permit=lambda: True)
    asking.get("/users").close()

    assert clock.slept == [20]


class Counting:
    """A server's view of how many requests are under way."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def __call__(self, place: Place, connection: socket) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        place.over.wait(0.02)  # long enough for another to come, were it let
        with self.lock:
            self.now -= 1
        connection.sendall(answer())


def under_way(pool: ThreadPoolExecutor, *asking: Client) -> None:
    for told in [pool.submit(asking[n % len(asking)].get, f"/{n}") for n in range(12)]:
        told.result(30).close()


@pytest.mark.parametrize(("allowed", "most"), [((4,), 4), ((4, 2), 2), ((1,), 1)])
def test_no_more_are_under_way_than_the_most_careful_connection_allows(allowed: tuple[int, ...], most: int) -> None:
    counting = Counting()

    with speaking(counting) as place, ThreadPoolExecutor(8) as pool:
        asking = [client(connection(url=place.url, at_once=count)) for count in allowed]
        for each in asking:  # so that all are known there
            each.get("/0").close()
        under_way(pool, *asking)
        for each in asking:
            each.close()

    assert counting.most == most


def test_as_many_are_under_way_at_once_as_is_allowed() -> None:
    """Each answer waits for another request, so one after another would never end."""
    both = threading.Barrier(2, timeout=30)

    def together(_: Place, connection: socket) -> None:
        both.wait()
        connection.sendall(answer())

    with speaking(together) as place, ThreadPoolExecutor(2) as pool:
        asking = client(connection(url=place.url, at_once=2))
        for each in pool.map(asking.get, ("/1", "/2", "/3", "/4")):
            each.close()
        asking.close()


def test_a_source_that_tells_how_many_it_takes_gets_no_more() -> None:
    counting = Counting()

    with speaking(answer(b"", "x-concurrency-limit: 2"), counting) as place, ThreadPoolExecutor(8) as pool:
        asking = client(connection(url=place.url, at_once=8))
        asking.get("/0").close()
        under_way(pool, asking)
        asking.close()

    assert counting.most == 2


def test_a_source_that_was_asked_too_often_gets_half_as_many_for_a_while(clock: Clock) -> None:
    counting, refused = Counting(), answer(status="429 Too Many Requests")

    with speaking(refused, counting) as place, ThreadPoolExecutor(8) as pool:
        asking = ours(clock, url=place.url, at_once=4)
        with pytest.raises(TryLater):
            asking.change("PATCH", "/0", permit=lambda: True)
        under_way(pool, asking)
        halved, counting.most = counting.most, 0
        clock.now += CALM
        under_way(pool, asking)
        asking.close()

    assert (halved, counting.most) == (2, 4)


def test_halves_are_halved_again_and_one_is_always_left(clock: Clock) -> None:
    counting, refused = Counting(), answer(status="429 Too Many Requests")

    with speaking(*[refused] * 40, counting) as place, ThreadPoolExecutor(8) as pool:
        asking = ours(clock, url=place.url, at_once=4)
        for _ in range(40):
            with pytest.raises(TryLater):
                asking.change("PATCH", "/0", permit=lambda: True)
        under_way(pool, asking)
        asking.close()

    assert counting.most == 1


class Seen(RunTime):
    """Tells when it is asked whether to wait for others, which then stand in the queue before."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(3600, clock=clock, sleep=clock.sleep)
        self.waits = threading.Event()

    def check(self, name: str, wait: float = 0.0, *, after: float | None = None) -> None:
        super().check(name, wait, after=after)
        self.waits.set()


def test_whoever_came_first_goes_first_so_that_none_waits_for_ever(clock: Clock) -> None:
    gate, order = Gate(), list[int]()
    gate.join(clock, 1.0, 1)

    def go(number: int, ours: RunTime) -> None:
        with gate.turn(ours, "GET /"):
            order.append(number)

    threads = []
    with gate.turn(Seen(clock), "GET /"):
        for number in range(12):
            seen = Seen(clock)
            threads.append(threading.Thread(target=go, args=(number, seen)))
            threads[-1].start()
            assert seen.waits.wait(30)
    for thread in threads:
        thread.join(30)

    assert order == list(range(12))
    assert clock.slept == [1.0] * 12


def test_whoever_gives_up_in_the_queue_stands_in_nobodys_way(clock: Clock) -> None:
    gate, through = Gate(), list[str]()
    gate.join(clock, 0.0, 1)
    waiting = {name: Seen(clock) for name in ("first", "impatient", "last")}

    def go(name: str) -> None:
        with suppress(TryLater), gate.turn(waiting[name], "GET /"):
            through.append(name)

    threads = {name: threading.Thread(target=go, args=(name,)) for name in waiting}
    with gate.turn(Seen(clock), "GET /"):
        for name, thread in threads.items():
            thread.start()
            assert waiting[name].waits.wait(30)
        waiting["impatient"].stop()
        threads["impatient"].join(30)
    for thread in threads.values():
        thread.join(30)

    assert through == ["first", "last"]


def test_who_is_stopped_waits_for_no_other_connection() -> None:
    with speaking(silent) as place, ThreadPoolExecutor(2) as pool:
        holding, stopped = (client(connection(url=place.url, at_once=1)) for _ in range(2))
        held = pool.submit(holding.get, "/1")
        place.asked(1)
        waiting = pool.submit(stopped.get, "/2")
        stopped.stop()
        with pytest.raises(TryLater, match="stopped"):
            waiting.result(30)
        assert not held.done()
        holding.close()
        stopped.close()
        with pytest.raises(TryLater, match="stopped"):
            held.result(30)

    assert len(place.heads) == 1


def test_a_wait_by_the_real_clock_is_as_long_as_it_says() -> None:
    begun = time.monotonic()

    RunTime(60, clock=time.monotonic, sleep=None).wait(0.45)

    assert time.monotonic() - begun > 0.44


@responses.activate
def test_a_rest_that_ends_after_the_run_is_not_waited_for(clock: Clock) -> None:
    responses.get(f"{BASE}/users", headers={"RateLimit": '"default";r=0;t=200'})
    asking = ours(clock, deadline=timedelta(minutes=3))
    asking.get("/users").close()

    with pytest.raises(TryLater, match="a run may take 3 minutes"):
        asking.get("/users")

    assert clock.slept == []
