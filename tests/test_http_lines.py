"""What has no end is read line by line: as far as it comes, in bounded memory and time, and from home alone."""

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from socket import socket
from typing import Any

import pytest
from http_places import BASE, Clock, Place, Script, answer, connection, dripping, reset, silent, speaking

from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client, Lines, client

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SHORT = 0.3  # seconds, by the real clock


def chunk(told: bytes) -> bytes:
    return f"{len(told):x}\r\n".encode() + told + b"\r\n"


def then(start: bytes, script: Script) -> Script:
    """Bytes, and then something else on the same connection."""

    def both(place: Place, connection: socket) -> None:
        connection.sendall(start)
        if callable(script):
            script(place, connection)

    return both


def patient(url: str) -> Client:
    clock = Clock()
    return client(connection(url=url), sleep=clock.sleep, clock=clock)


@contextmanager
def lines(*scripts: Script, seconds: float = 30.0, silence: float = 30.0, longest: int = 100) -> Iterator[Lines]:
    limits = {"seconds": seconds, "silence": silence}
    with (
        speaking(*scripts) as place,
        closing(patient(place.url)) as asking,
        asking.lines("/stream", accept="text/plain", longest=longest, **limits) as told,
    ):
        yield told


def test_lines_come_one_by_one_while_more_are_on_their_way() -> None:
    with lines(then(CHUNKED + chunk(b"one\r\ntw") + chunk(b"o\n\nthree\nfo"), silent)) as told:
        found = iter(told)

        assert [next(found) for _ in range(4)] == [b"one", b"two", b"", b"three"]


def test_what_follows_the_last_end_of_a_line_is_none() -> None:
    with lines(CHUNKED + chunk(b"one\ntwo") + b"0\r\n\r\n") as told:
        assert list(told) == [b"one"]
        assert told.cut == ""


def test_a_packed_stream_is_unpacked_as_it_comes() -> None:
    packed = gzip.compress(b"one\ntwo\n")
    head = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"

    with lines(head + chunk(packed) + b"0\r\n\r\n") as told:
        assert list(told) == [b"one", b"two"]


def test_of_a_line_that_is_too_long_the_beginning_is_handed_on_and_the_rest_is_not_kept() -> None:
    def pour(_: Place, connection: socket) -> None:
        connection.sendall(CHUNKED)
        for _ in range(200):
            connection.sendall(chunk(b"x" * 100_000))
        connection.sendall(chunk(b"\nshort\n") + b"0\r\n\r\n")

    tracemalloc.start()
    with lines(pour) as told:
        found = list(told)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [b"x" * 100, b"short"]
    assert peak < 5_000_000


BROKEN: dict[str, tuple[Script, str]] = {
    "cut in a line": (CHUNKED + chunk(b"one\n") + b"ff\r\ntw", "the answer broke off"),
    "cut by a reset": (then(CHUNKED + chunk(b"one\n"), reset), "broke"),
    "no chunk": (CHUNKED + chunk(b"one\n") + b"zz\r\n", "broke off"),
    "silent": (then(CHUNKED + chunk(b"one\n"), silent), "no answer in time"),
    "endless": (dripping(CHUNKED + chunk(b"one\n"), chunk(b"x")), "enough was read"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_however_a_stream_ends_what_was_whole_is_told_and_why_it_ended(how: str) -> None:
    script, why = BROKEN[how]

    with lines(script, seconds=2 * SHORT, silence=SHORT) as told:
        assert list(told) == [b"one"]
        assert why in told.cut


def test_a_stream_that_never_begins_is_asked_for_again_and_then_left_for_later() -> None:
    clock = Clock()
    with speaking(reset) as place:
        asking = client(connection(url=place.url), sleep=clock.sleep, clock=clock)
        with (
            pytest.raises(TryLater, match="6 times"),
            asking.lines("/stream", accept="*/*", seconds=1, silence=1, longest=10),
        ):
            pass
        assert len(place.heads) == 6
        asking.close()


@pytest.mark.parametrize("status", ["429 Too Many Requests", "403 Forbidden", "503 Service Unavailable"])
def test_a_stream_that_is_busy_at_first_is_read_after_the_time_it_asked_for(status: str) -> None:
    clock = Clock()
    busy = answer(b"", "Retry-After: 7", status=status)
    with speaking(busy, CHUNKED + chunk(b"one\n") + b"0\r\n\r\n") as place:
        asking = client(connection(url=place.url), sleep=clock.sleep, clock=clock)
        with asking.lines("/stream", accept="*/*", seconds=5, silence=5, longest=10) as told:
            assert list(told) == [b"one"]
        assert sum(clock.slept) >= 7
        asking.close()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (answer(b"", status="403 Forbidden"), NotAllowed),
        (answer(b"", "Location: https://evil.example.org/", status="302 Found"), NotUnderstood),
    ],
)
def test_a_stream_that_is_refused_or_elsewhere_is_not_read(script: bytes, error: type[Exception]) -> None:
    with pytest.raises(error), lines(script):
        pass


def test_a_stream_elsewhere_than_at_home_is_not_asked_for() -> None:
    asking = patient(BASE)
    with (
        pytest.raises(NotUnderstood, match="outside"),
        asking.lines("https://evil.example.org/", accept="*/*", seconds=1, silence=1, longest=1),
    ):
        pass


def test_who_is_told_to_stop_stops_reading() -> None:
    asked = []
    with speaking(dripping(CHUNKED, chunk(b"x\n"))) as place:
        asking = client(connection(url=place.url), stop=lambda: len(asked) > 5)
        with asking.lines("/stream", accept="*/*", seconds=60, silence=60, longest=10) as told:
            for each in told:
                asked.append(each)
        assert 5 < len(asked) < 60
        with pytest.raises(TryLater, match="stopped"):
            asking.get("/more")
        asking.close()


def test_a_line_may_be_asked_about_while_the_stream_is_open_and_the_time_of_each_is_its_own() -> None:
    begin = CHUNKED + chunk(b"one\n")
    with speaking(then(begin, silent)) as place, speaking(answer(b"about one")) as other:
        asking = patient(place.url)
        with asking.lines("/stream", accept="*/*", seconds=30, silence=30, longest=10) as told:
            next(iter(told))
            with asking.elsewhere(other.url).get("/one") as found:
                assert found.body.read() == b"about one"
        asking.close()


# Another place of the same run ---------------------------------------------------------------------------------------


def test_another_place_gets_who_asks_and_no_credentials() -> None:
    with speaking(answer()) as place:
        asking = client(connection(url=BASE), agent="Ringmark/1 (+https://example.edu)")
        asking.elsewhere(place.url).get("/x").close()
        asking.close()

    (head,) = place.heads
    assert b"User-Agent: Ringmark/1 (+https://example.edu)" in head
    assert not [each for each in (b"Authorization", b"Subscription-Key", b"Cookie") if each in head]


def test_another_place_stops_with_the_run() -> None:
    asking = patient(BASE)
    other = asking.elsewhere("https://other.example.org")
    asking.stop()

    with pytest.raises(TryLater, match="stopped"):
        other.get("/x")


def test_another_place_is_as_closed_as_home() -> None:
    with pytest.raises(NotUnderstood, match="outside"):
        patient(BASE).elsewhere("https://other.example.org").get("https://third.example.org/x")


def test_an_answer_that_says_that_it_is_none_is_asked_for_again() -> None:
    clock = Clock()
    busy: Callable[[Any], bool] = lambda headers: headers.get("X-Error") == "lag"  # noqa: E731
    with speaking(answer(b"", "X-Error: lag", "Retry-After: 5"), answer(b"fine")) as place:
        asking = client(connection(url=place.url), sleep=clock.sleep, clock=clock)
        with asking.get("/x", busy=busy) as found:
            assert found.body.read() == b"fine"
        assert sum(clock.slept) >= 5
        asking.close()
