"""No server holds the one client: not by silence, not by a byte now and then, and not after it was told to stop."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from http_places import CERTIFICATE, Clock, Script, answer, connection, dripping, silent, speaking

from connectors import http
from connectors.elements.walk import walk
from connectors.errors import TryLater
from connectors.http import client

HEAD = b"HTTP/1.1 200 OK\r\n"
SHORT = 0.2  # seconds, by the real clock

SLOW: dict[str, Script] = {
    "in its body": dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
    "in a body without an end": dripping(HEAD + b"\r\n", b"x"),
    "in its first line": dripping(b"HTTP/1.1 200 ", b"O"),
    "in its headers": dripping(HEAD + b"X-More: ", b"x"),
    "between its headers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "in its chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "in the length of a chunk": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "in what follows the last chunk": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "in a packed body": dripping(HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"name"),
}


@pytest.mark.parametrize(
    ("slow", "tls"), [*((slow, False) for slow in SLOW), ("in its body", True), ("in its headers", True)]
)
def test_an_answer_that_never_ends_is_cut_and_asked_for_again(slow: str, tls: bool) -> None:
    clock = Clock()
    with speaking(SLOW[slow], answer(b"whole"), tls=tls) as place:
        asking = client(
            connection(url=place.url, ca_file=CERTIFICATE), answer_seconds=SHORT, sleep=clock.sleep, clock=clock
        )
        with asking.get("/users") as told:
            assert told.body.read() == b"whole"
        asking.close()

    assert len(place.heads) >= 2


def test_it_is_left_for_later_when_it_stays_so_and_says_how_long_it_was_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 2)
    clock = Clock()

    with speaking(SLOW["in its body"]) as place, pytest.raises(TryLater, match=r"within 0.2 seconds, 2 times"):
        client(connection(url=place.url), answer_seconds=SHORT, sleep=clock.sleep, clock=clock).get("/users")


def test_silence_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SILENCE_SECONDS", SHORT)
    clock = Clock()

    with speaking(silent, dripping(HEAD + b"\r\n", b""), answer()) as place:
        client(connection(url=place.url), sleep=clock.sleep, clock=clock).get("/users").close()

    assert len(place.heads) >= 3


@pytest.mark.parametrize(
    ("scheme", "slow", "asked"),
    [
        ("http", "in its body", b"GET http://elements.example.org/api/users HTTP/1.1"),
        ("https", "in its headers", b"CONNECT elements.example.org:443 HTTP/1."),
        ("https", "in its first line", b"CONNECT elements.example.org:443 HTTP/1."),
    ],
)
def test_no_proxy_holds_us_either(scheme: str, slow: str, asked: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    clock = Clock()

    with speaking(SLOW[slow]) as place:
        monkeypatch.setenv(f"{scheme}_proxy", place.url.removesuffix("/api"))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        settings = connection(url=f"{scheme}://elements.example.org/api", username=None, password=None, headers={})
        asking = client(settings, answer_seconds=SHORT, sleep=clock.sleep, clock=clock)
        with pytest.raises(TryLater, match=r"no complete answer within 0.2 seconds"):
            asking.get("/users")
        asking.close()

    assert place.heads[0].startswith(asked)


@pytest.mark.parametrize("slow", [SLOW["in its body"], silent], ids=["drips", "silent"])
def test_a_request_is_cut_where_the_run_must_be_over(slow: Script) -> None:
    with speaking(slow) as place:
        asking = client(connection(url=place.url, deadline=timedelta(seconds=SHORT)))
        with pytest.raises(TryLater, match=r"no complete answer within .* seconds: a run may take 0.2 seconds"):
            asking.get("/users")
        asking.close()

    assert len(place.heads) == 1


def test_a_change_is_cut_too_and_says_that_its_outcome_is_open() -> None:
    with speaking(SLOW["in its body"]) as place:
        asking = client(connection(url=place.url, deadline=timedelta(seconds=SHORT)))
        with pytest.raises(TryLater, match=r"no complete answer within .* only reading can tell"):
            asking.change("PATCH", "/items/1", permit=lambda: True)
        asking.close()


def test_a_wait_that_ends_after_the_run_is_not_begun() -> None:
    clock = Clock()

    with speaking(answer(b"", "Retry-After: 61", status="503 Busy")) as place:
        asking = client(connection(url=place.url, deadline=timedelta(minutes=1)), sleep=clock.sleep, clock=clock)
        with pytest.raises(TryLater, match="status 503: a run may take 60 seconds; the next one") as caught:
            asking.get("/users")

    assert (caught.value.after, clock.slept) == (61, [])


@contextmanager
def other_thread(ask: Callable[[], object]) -> Iterator[Future[object]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(ask)


STOPPED = "stopped; the next run goes on from here"


@pytest.mark.parametrize("slow", [silent, SLOW["in its body"], SLOW["in its headers"]], ids=["silent", "body", "head"])
@pytest.mark.parametrize("tls", [False, True], ids=["", "over TLS"])
def test_who_is_stopped_waits_for_no_answer(slow: Script, tls: bool) -> None:
    with speaking(slow, tls=tls) as place:
        asking = client(connection(url=place.url, ca_file=CERTIFICATE))
        with other_thread(lambda: asking.get("/users")) as asked:
            place.asked(1)
            asking.stop()
            with pytest.raises(TryLater, match=STOPPED):
                asked.result(30)
        with pytest.raises(TryLater, match=STOPPED):
            asking.get("/users")
        asking.close()

    assert len(place.heads) == 1


@pytest.mark.parametrize("wait", ["pace", "attempt"])
def test_who_is_stopped_waits_for_no_turn_and_no_attempt(wait: str) -> None:
    first = answer() if wait == "pace" else answer(b"", "Retry-After: 200", status="503 Busy")

    with speaking(first) as place:
        asking = client(connection(url=place.url, pace=1000.0))
        if wait == "pace":
            asking.get("/users").close()
        with other_thread(lambda: asking.get("/users")) as asked:
            place.asked(1)
            asking.stop()
            with pytest.raises(TryLater, match=STOPPED):
                asked.result(30)
        asking.close()

    assert len(place.heads) == 1


def test_who_is_stopped_waits_for_nobody_else_and_sends_nothing_any_more() -> None:
    with speaking(silent) as place:
        asking = client(connection(url=place.url, at_once=1))
        with other_thread(lambda: asking.get("/users")) as asked:
            place.asked(1)
            permitted = threading.Event()
            with other_thread(lambda: asking.change("PATCH", "/1", permit=lambda: not permitted.set())) as second:
                asking.stop()
                with pytest.raises(TryLater, match=STOPPED):
                    second.result(30)
            with pytest.raises(TryLater, match=STOPPED):
                asked.result(30)
        asking.close()

    assert (len(place.heads), permitted.is_set()) == (1, False)


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_whoever_interrupts_a_listing_waits_for_no_page_that_is_fetched_ahead(ending: type[BaseException]) -> None:
    page = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:api="http://www.symplectic.co.uk/publications/api">'
        b'<api:schema-version>5.5</api:schema-version><api:pagination results-count="2"><api:page position="next" '
        b'href="https://elements.example.edu/users?page=2"/></api:pagination>'
        + b'<entry><api:object category="user" id="1"/></entry>' * 2
        + b"</feed>"
    )
    with speaking(answer(page), silent) as place:
        asking = client(connection(url=place.url))

        def interrupted(*_: object) -> list[str]:
            place.asked(2)
            raise ending

        with pytest.raises(ending):
            list(walk(asking, "/users", {}, interrupted))
        asking.close()

    assert [each.name for each in threading.enumerate() if each.name.startswith("elements-ahead")] == []


@pytest.mark.parametrize("wait", ["answer", "turn", "attempt", "other"])
def test_who_is_asked_whether_to_stop_ends_all_that_waits(wait: str) -> None:
    busy = answer(b"", "Retry-After: 200", status="503 Busy")
    over = threading.Event()

    with speaking({"attempt": busy, "turn": answer()}.get(wait, silent)) as place:
        asking = client(connection(url=place.url, pace=1000.0 * (wait == "turn"), at_once=1), stop=over.is_set)
        if wait == "turn":
            asking.get("/users").close()
        with ThreadPoolExecutor(2) as pool:
            asked = [pool.submit(asking.get, "/users") for _ in range(1 + (wait == "other"))]
            place.asked(1)
            over.set()
            for each in asked:
                with pytest.raises(TryLater, match=STOPPED):
                    each.result(30)
        asking.close()

    assert len(place.heads) == 1


def test_closing_ends_what_is_under_way() -> None:
    with speaking(silent) as place:
        asking = client(connection(url=place.url))
        with other_thread(lambda: asking.get("/users")) as asked:
            place.asked(1)
            asking.close()
            with pytest.raises(TryLater, match=STOPPED):
                asked.result(30)
