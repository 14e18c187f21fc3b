"""A Jetstream over the wire: from where on it is read, to where, over how many lines; and what goes wrong."""

import json
import logging
import re
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import pytest
from abroad_places import Clock
from bluesky_source import ANN, BOB, LINK, NOW, Memory, ago, connector, message, pages, record, run, uri
from websockets.sync.server import serve

from connectors.base import Since
from connectors.bluesky import listening
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from sandbox.bluesky import POST, BlueskyFault, PracticeBluesky, practice_bluesky

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def running() -> Iterator[PracticeBluesky]:
    with practice_bluesky() as server:
        yield server


@pytest.fixture
def server(running: PracticeBluesky) -> PracticeBluesky:
    """As if it had just begun, its clock at `NOW`."""
    for each in (running.log, running.raw, running.faults, running.requests):
        each.clear()  # type: ignore[attr-defined]
    running.stands = NOW
    return running


@pytest.fixture
def memory() -> Memory:
    return Memory()


def asked(server: PracticeBluesky) -> list[dict[str, list[str]]]:
    return [parse_qs(each.query) for each in server.requests]


def micros(**time: float) -> int:
    return listening._micros(ago(**time))


def many(server: PracticeBluesky, number: int, **time: float) -> None:
    """Posts that name an output, some seconds apart."""
    for each in range(number):
        server.post(ANN, f"3k{each}", LINK, at=ago(**time) + timedelta(seconds=each))


def names(number: int) -> set[str]:
    return {f"3k{each}" for each in range(number)}


# From where to where ------------------------------------------------------------------------------------------------


def test_without_a_cursor_it_begins_as_early_as_is_told_and_ends_with_the_moment_at_which_it_began(
    server: PracticeBluesky, memory: Memory
) -> None:
    for rkey, hours in (("3old", 37), ("3k1", 35), ("3k2", 0)):
        server.post(ANN, rkey, LINK, at=ago(hours=hours))
    server.post(ANN, "3later", LINK, at=NOW + timedelta(seconds=1))

    told = run(server, memory)

    assert set(memory.names) == {"3k1", "3k2"}
    assert [each.done is not None for each in told] == [False, True]
    assert told[-1].done
    assert told[-1].done.cursor == str(micros())
    (first,) = asked(server)
    assert first["wantedCollections"] == ["app.bsky.feed.post", "app.bsky.feed.repost"]
    assert int(first["cursor"][0]) <= micros(hours=36)
    assert server.requests[0].headers["User-Agent"].startswith("Ringmark/")


def test_the_next_run_goes_on_a_little_before_the_cursor_and_what_is_told_twice_is_the_same(
    server: PracticeBluesky, memory: Memory
) -> None:
    server.post(ANN, "3k1", LINK, at=ago(seconds=5))
    cursor = run(server, memory)[-1].done.cursor  # type: ignore[union-attr]
    before = dict(memory.here)
    server.stands = NOW + timedelta(hours=1)
    server.post(ANN, "3k2", LINK, at=ago(seconds=1))  # which came late
    server.post(ANN, "3k3", LINK, at=NOW + timedelta(minutes=1))

    run(server, memory, cursor=cursor)

    assert int(asked(server)[1]["cursor"][0]) == micros(seconds=10)
    assert set(memory.names) == {"3k1", "3k2", "3k3"}
    assert {key: told for key, told in memory.here.items() if key in before} == before


def test_a_run_that_was_broken_off_goes_on_from_its_bookmark(server: PracticeBluesky, memory: Memory) -> None:
    many(server, 900, hours=1)
    first, second, *_ = run(server, Memory())

    run(server, memory, bookmark=first.bookmark)

    assert first.bookmark and second.bookmark  # noqa: PT018
    assert int(first.bookmark) < int(second.bookmark)
    assert names(900) - set(memory.names) == names(489)  # ten seconds before it are read again
    assert all(len(each.mentions) <= 500 for each in (first, second))


def test_a_cursor_that_is_older_than_the_stream_goes_back_is_told_as_a_gap(
    server: PracticeBluesky, memory: Memory
) -> None:
    told = run(server, memory, cursor=str(micros(days=3)))

    (gap,) = [aside for page in told for aside in page.asides]
    assert "nobody listened for longer" in gap.reason
    assert (gap.stored, gap.keyless, gap.place) == (True, False, "from 2026-07-01T15:00:00+00:00 on")


def test_a_cursor_that_is_none_is_refused(server: PracticeBluesky, memory: Memory) -> None:
    with pytest.raises(NotUnderstood, match="full pull"):
        run(server, memory, cursor="yesterday")


def test_where_nobody_speaks_any_more_the_run_ends_and_the_cursor_stays_with_the_last_word(
    server: PracticeBluesky, memory: Memory
) -> None:
    server.post(ANN, "3k1", LINK, at=ago(minutes=3))
    server.faults.append(BlueskyFault("silent"))
    ticks = count(0, 8)

    told = run(server, memory, clock=lambda: float(next(ticks)))

    assert set(memory.names) == {"3k1"}
    assert told[-1].done
    assert told[-1].done.cursor == str(micros(minutes=3))


def test_by_a_clock_there_that_is_behind_the_run_ends_all_the_same(server: PracticeBluesky, memory: Memory) -> None:
    server.post(ANN, "3k1", LINK, at=ago(hours=1))
    with connector(server.url) as heard:
        told = list(heard.listen(Since(cursor=None, now=NOW + timedelta(hours=2)), memory.ear()))

    assert told[-1].done
    assert told[-1].done.cursor == str(micros())


# What goes wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["cut", "mid frame"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_line_that_is_cut_is_connected_anew_and_nothing_is_lost(
    server: PracticeBluesky, memory: Memory, what: str, times: int
) -> None:
    many(server, 60, minutes=5)
    server.faults.append(BlueskyFault(what, behind=20, times=times))
    clock = Clock()

    run(server, memory, clock=clock)

    assert set(memory.names) == names(60)
    assert len(server.requests) == times + 1
    cursors = [int(each["cursor"][0]) for each in asked(server)]
    assert cursors[1] == micros(minutes=5) + 19 * 1_000_000 - 10_000_000
    assert cursors == sorted(cursors)


def test_a_line_that_is_cut_each_time_at_once_is_given_up_until_the_next_run(
    server: PracticeBluesky, memory: Memory
) -> None:
    server.faults.append(BlueskyFault("cut", times=None))

    with pytest.raises(TryLater, match="the line was cut"):
        run(server, memory)

    assert len(server.requests) == 6


def test_half_a_document_is_set_aside_and_the_rest_goes_on(server: PracticeBluesky, memory: Memory) -> None:
    many(server, 5, minutes=5)
    server.faults.append(BlueskyFault("half", behind=2))

    told = run(server, memory)

    (aside,) = [aside for page in told for aside in page.asides]
    assert (aside.reason, aside.keyless, aside.stored) == ("a message that is no JSON", False, False)
    assert set(memory.names) == names(5) - {"3k2"}
    assert told[0].total == 6


def test_what_is_told_twice_is_told_once_and_what_is_told_of_yesterday_again_is_the_same(
    server: PracticeBluesky, memory: Memory
) -> None:
    server.post(ANN, "3k1", LINK, at=ago(hours=20))
    server.delete(ANN, "3k1", at=ago(hours=19))
    server.post(ANN, "3k2", LINK, at=ago(hours=18))
    server.repost(BOB, "3r1", uri(ANN, "3k2"), at=ago(hours=17))
    run(server, memory)
    before = dict(memory.here)
    server.faults += [BlueskyFault("twice"), BlueskyFault("old")]

    told = run(server, memory, cursor=str(micros(minutes=1)))

    assert before == memory.here
    assert set(memory.names) == {"3k2", "3r1"}
    assert told[-1].done
    assert told[-1].done.cursor == str(micros())  # and not yesterday


def test_a_clock_that_is_years_ahead_is_set_aside_and_ends_nothing(server: PracticeBluesky, memory: Memory) -> None:
    server.raw.append(message(record(LINK), time_us=micros(days=-900)))
    many(server, 2, minutes=5)

    told = run(server, memory)

    (aside,) = [aside for page in told for aside in page.asides]
    assert "from the future" in aside.reason
    assert set(memory.names) == names(2)


def test_a_message_of_the_next_hour_ends_the_run_and_skips_nothing(server: PracticeBluesky, memory: Memory) -> None:
    server.raw.append(message(record(LINK), time_us=micros(minutes=-40)))
    many(server, 2, minutes=5)

    told = run(server, memory, cursor=str(micros(minutes=10)))

    assert told[-1].done
    assert told[-1].done.cursor == str(micros(minutes=10))


def test_ten_megabytes_at_once_are_set_aside_unread(server: PracticeBluesky, memory: Memory) -> None:
    server.faults.append(BlueskyFault("huge", size=10_000_000))
    many(server, 2, minutes=5)

    told = run(server, memory)

    (aside,) = [aside for page in told for aside in page.asides]
    assert "larger than 1 MB" in aside.reason
    assert len(aside.evidence) <= 300
    assert set(memory.names) == names(2)


def test_more_than_that_ends_the_run(server: PracticeBluesky, memory: Memory) -> None:
    server.faults.append(BlueskyFault("huge", size=17_000_000))

    with pytest.raises(NotUnderstood, match="larger than 16 MB"):
        run(server, memory)


def test_what_is_larger_than_a_record_can_be_is_not_even_asked_for(server: PracticeBluesky, memory: Memory) -> None:
    server.post(ANN, "3k1", f"{LINK} {'x' * 2_000_000}", at=ago(minutes=1))

    told = run(server, memory)

    assert [each.asides for each in told] == [(), ()]
    assert memory.names == {}


def test_a_stream_of_another_shape_is_set_aside_whole(server: PracticeBluesky, memory: Memory) -> None:
    event = {"$type": "message", "payload": {"seq": 1, "did": ANN, "collection": POST}}
    server.raw += [json.dumps(event).encode()] * 30

    told = run(server, memory)

    assert sum(len(each.asides) for each in told) == 30
    assert memory.told == []


def test_a_stream_without_a_single_post_is_not_believed(
    server: PracticeBluesky, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.bluesky.POST", "app.bsky.feed.posting")
    server.raw += [message(record(LINK), kind="record")] * 1000
    monkeypatch.setattr(
        "sandbox.bluesky._chatter", lambda now, _: json.loads(message(record(), kind="record", time_us=now))
    )

    with pytest.raises(NotUnderstood, match="changed its shape"):
        run(server, memory)


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (BlueskyFault("status", status=403), NotAllowed, "refused with status 403"),
        (BlueskyFault("status", status=404), NotUnderstood, "set url to the real address"),
        (BlueskyFault("redirect"), NotUnderstood, "redirected, which is not followed"),
        (BlueskyFault("no websocket"), NotUnderstood, "set url to the real address"),
        (BlueskyFault("status", status=503, times=None), TryLater, "status 503"),
        (BlueskyFault("too many requests", retry_after="3600"), TryLater, "status 429"),
    ],
    ids=lambda each: each.what if isinstance(each, BlueskyFault) else "",
)
def test_a_refused_connection_says_what_to_do(
    server: PracticeBluesky, memory: Memory, fault: BlueskyFault, error: type[ConnectorError], words: str
) -> None:
    server.faults.append(
        BlueskyFault(fault.what, status=fault.status, retry_after=fault.retry_after, times=fault.times)
    )

    with pytest.raises(error, match=words) as raised:
        run(server, memory)

    assert "cursor" not in str(raised.value)
    assert len(server.requests) == (6 if fault.times is None else 1)


def test_a_429_is_waited_for_as_long_as_it_asks(server: PracticeBluesky, memory: Memory) -> None:
    server.faults.append(BlueskyFault("too many requests", retry_after="7"))
    clock = Clock()
    began = clock()

    run(server, memory, clock=clock)

    assert clock() - began >= 7


def test_nobody_there_is_said(memory: Memory) -> None:
    server = PracticeBluesky(port=9, stands=NOW)

    with pytest.raises(TryLater, match="no connection"):
        run(server, memory)


def test_a_server_whose_certificate_is_not_trusted_is_not_read(memory: Memory, request: pytest.FixtureRequest) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(request.path.parent / "recorded" / "loopback.pem")
    with serve(lambda _: None, "127.0.0.1", 0, ssl=context) as place:
        thread = threading.Thread(target=place.serve_forever, daemon=True)
        thread.start()
        url = f"wss://127.0.0.1:{place.socket.getsockname()[1]}"
        with connector(url) as heard, pytest.raises(NotUnderstood, match="the certificate of wss:"):
            list(heard.listen(Since(now=NOW), memory.ear()))
        place.shutdown()
        thread.join()


def test_a_run_that_is_stopped_ends_and_a_backlog_that_nobody_reads_does_not_hold_it_up(
    server: PracticeBluesky, memory: Memory
) -> None:
    many(server, 5000, hours=20)

    with connector(server.url) as heard:
        stream = heard.listen(Since(now=NOW), memory.ear())
        next(stream)
        heard.client.stop()
        with pytest.raises(TryLater, match="stopped"):
            list(stream)


def test_memory_holds_no_more_than_a_page(server: PracticeBluesky, memory: Memory) -> None:
    many(server, 600, hours=1)

    for page in pages(server, memory):
        assert len(page.mentions) <= 500


def test_no_message_stands_in_a_log(server: PracticeBluesky, memory: Memory, caplog: pytest.LogCaptureFixture) -> None:
    many(server, 3, minutes=5)
    server.faults.append(BlueskyFault("mid frame", behind=2))
    with caplog.at_level(logging.DEBUG, logger="root"):
        run(server, memory)

    assert not re.search("10.5555|cursor|did:plc", caplog.text)


# Check --------------------------------------------------------------------------------------------------------------


def found(url: str, **more: Any) -> list[tuple[bool, str, bool]]:
    with connector(url, **more) as heard:
        return [(each.ok, each.what, bool(each.mend)) for each in heard.check()]


def test_a_check_says_that_it_speaks(server: PracticeBluesky) -> None:
    assert found(server.url) == [(True, "it can be reached, and tells what is said", False)]
    assert "cursor" not in asked(server)[0]


@pytest.mark.parametrize(
    ("path", "fault", "words"),
    [
        ("/wrong", "", "status 404"),
        ("", "silent", "says nothing"),
        ("", "half", "no JSON"),
        ("", "status", "status 503"),
    ],
)
def test_a_check_says_what_is_wrong_and_how_to_mend_it(
    server: PracticeBluesky, monkeypatch: pytest.MonkeyPatch, path: str, fault: str, words: str
) -> None:
    monkeypatch.setattr("connectors.bluesky.LOOKS", 1)
    if fault == "silent":
        monkeypatch.setattr("sandbox.bluesky._chatter", lambda *_: server.closing.wait(1) or {})
    elif fault:
        server.faults.append(BlueskyFault(fault, times=None))

    ((ok, what, mend),) = found(f"{server.url}{path}")

    assert (ok, mend) == (False, True)
    assert words in what
