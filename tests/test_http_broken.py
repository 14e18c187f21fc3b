"""What breaks on the way is noticed, tried again, and named when it stays: each of it done by a real server."""

import gc
import gzip
import io
import socket
import ssl
import time
import tracemalloc
import zlib
from functools import partial
from pathlib import Path

import pytest
import requests
from http_places import CERTIFICATE, Clock, Place, Script, answer, connection, dripping, reset, speaking
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPResponse

from connectors import http
from connectors.errors import NotUnderstood, TryLater
from connectors.http import Client, client
from connectors.http import body as http_body
from connectors.http.answer import Trouble

PACKED = gzip.compress(b"<feed>" + b"x" * 5000 + b"</feed>")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
ZIPPED = "Content-Encoding: gzip"


def half_a_chunk(data: bytes) -> bytes:
    return b"%x\r\n" % (len(data) * 2) + data


def hang_up(_: Place, __: socket.socket) -> None:
    pass


def close_after(data: bytes) -> Script:
    def speak(_: Place, connected: socket.socket) -> None:
        connected.sendall(data)
        reset(_, connected)

    return speak


def ours(place: Place, clock: Clock, **more: object) -> Client:
    return client(connection(url=place.url, **more), sleep=clock.sleep, clock=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


BROKEN: dict[str, tuple[Script, str]] = {
    "reset before a word": (reset, "the connection broke"),
    "hung up before a word": (hang_up, "the connection broke"),
    "reset in the head": (close_after(b"HTTP/1.1 200 O"), "the connection broke"),
    "reset in the body": (close_after(answer(b"x" * 200_000)[:100_000]), "the connection broke|the answer broke off"),
    "body shorter than told": (answer(b"<feed></feed>")[:-3], "the answer broke off"),
    "no body where one is told": (answer(b"<feed></feed>")[:-13], "the answer broke off"),
    "chunk that breaks off": (CHUNKED + b"\r\n" + half_a_chunk(b"<feed>"), "the answer broke off"),
    "chunks without an end": (CHUNKED + b"\r\n6\r\n<feed>\r\n", "the answer broke off"),
    "chunk of a negative length": (CHUNKED + b"\r\n-6\r\n<feed>\r\n0\r\n\r\n", "the answer is no HTTP"),
    "gzip cut short, in a whole body": (answer(PACKED[:-20], ZIPPED), "the answer broke off"),
    "gzip without its checksum": (answer(PACKED[:-8], ZIPPED), "the answer broke off"),
    "gzip cut short, to the end of the connection": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + PACKED[:-1],
        "the answer broke off",
    ),
    "gzip cut short, in whole chunks": (
        CHUNKED + b"Content-Encoding: gzip\r\n\r\n%x\r\n" % 30 + PACKED[:30] + b"\r\n0\r\n\r\n",
        "the answer broke off",
    ),
    "gzip with another checksum": (answer(PACKED[:-8] + b"01234567", ZIPPED), "the answer was damaged"),
    "no gzip": (answer(b"<feed></feed>", ZIPPED), "the answer was damaged"),
    "no HTTP": (b"220 mail.example.edu ESMTP\r\n\r\n", "the answer is no HTTP"),
    "two lengths": (answer(b"fine", "Content-Length: 7"), "the answer is no HTTP"),
    "a line of a megabyte": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000, "the answer is no HTTP|connection broke"),
    "headers without an end": (dripping(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 20), "the answer is no HTTP"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_breaks_is_asked_for_again(broken: str, clock: Clock) -> None:
    with speaking(BROKEN[broken][0], answer(b"whole")) as place, ours(place, clock).get("/users") as told:
        assert told.body.read() == b"whole"

    assert len(place.heads) == 2
    assert len(clock.slept) == 1


@pytest.mark.parametrize("broken", BROKEN)
def test_what_stays_broken_is_named_and_nothing_of_it_is_believed(
    broken: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 2)
    script, what = BROKEN[broken]

    with speaking(script) as place, pytest.raises(TryLater, match=f"^GET /api/users: ({what}), 2 times"):
        ours(place, clock).get("/users")

    assert len(place.heads) == 2


def test_what_breaks_leaves_no_connection_open_until_somebody_tidies_up(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    fds = Path("/dev/fd")
    before = len(list(fds.iterdir()))
    gc.disable()
    try:
        for script, _ in BROKEN.values():
            with speaking(script) as place:
                asking = ours(place, clock)
                with pytest.raises(TryLater):
                    asking.get("/users")
                asking.close()
        until = time.monotonic() + 30
        while len(list(fds.iterdir())) > before:
            assert time.monotonic() < until, "connections are open still"
            time.sleep(0.01)
    finally:
        gc.enable()


def test_nobody_who_listens_is_asked_again_and_named(clock: Clock) -> None:
    with speaking(b"") as place:
        pass

    with pytest.raises(TryLater, match="no connection, 6 times"):
        ours(place, clock).get("/users")


def test_a_host_whose_name_is_not_found_is_asked_again_and_named(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(TryLater, match="the name of its host is not found, 6 times"):
        client(connection(), sleep=clock.sleep, clock=clock).get("/users")


@pytest.mark.parametrize("script", [b"HTTP/1.0 400 Bad Request\r\n\r\n", reset], ids=["no TLS", "reset"])
def test_a_secure_connection_that_breaks_is_asked_again_and_named(
    script: Script, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that speaks no TLS gets the beginning of a handshake, which holds no empty line."""

    monkeypatch.setattr(http, "ATTEMPTS", 2)

    def speak(place: Place, connected: socket.socket) -> None:
        connected.sendall(script) if isinstance(script, bytes) else script(place, connected)

    class Deaf(Place):
        def finish_request(self, request: socket.socket, _: object) -> None:
            request.recv(65536)
            self.heads.append(b"")
            speak(self, request)

    with speaking(speak, kind=Deaf) as place, pytest.raises(TryLater, match="connection broke, 2 times"):
        client(connection(url=place.url.replace("http:", "https:")), sleep=clock.sleep, clock=clock).get("/users")

    assert len(place.heads) == 2


def test_a_secure_connection_that_ends_within_a_body_is_noticed(clock: Clock) -> None:
    def cut(place: Place, connected: socket.socket) -> None:
        connected.sendall(answer(b"x" * 1000)[:-500])
        assert isinstance(connected, ssl.SSLSocket)
        reset(place, connected)

    with speaking(cut, answer(b"whole"), tls=True) as place:
        asking = ours(place, clock, ca_file=CERTIFICATE)
        with asking.get("/users") as told:
            assert told.body.read() == b"whole"
        asking.close()

    assert len(place.heads) == 2


def test_a_certificate_of_nobody_we_trust_is_named_at_once(clock: Clock) -> None:
    with speaking(answer(), tls=True) as place, pytest.raises(NotUnderstood, match=r"127.0.0.1:\d+ is not trusted"):
        ours(place, clock).get("/users")

    assert (place.heads, clock.slept) == ([], [])


def test_what_follows_a_whole_answer_is_not_taken_for_the_next_one(clock: Clock) -> None:
    more = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse"

    with speaking(answer(b"fine").replace(b"Connection: close\r\n", b"") + more, answer(b"next")) as place:
        asking = ours(place, clock)
        with asking.get("/1") as first, asking.get("/2") as second:
            assert (first.body.read(), second.body.read()) == (b"fine", b"next")
        asking.close()


@pytest.mark.parametrize(
    "body",
    [
        PACKED,
        gzip.compress(b"<feed>" + b"x" * 2000) + gzip.compress(b"x" * 3000 + b"</feed>"),
        PACKED + b"\0" * 500,
        gzip.compress(b"") + PACKED + gzip.compress(b""),
    ],
    ids=["one member", "two members", "padding", "empty members"],
)
def test_a_whole_gzip_is_unpacked_whole(body: bytes, clock: Clock) -> None:
    with speaking(answer(body, ZIPPED)) as place, ours(place, clock).get("/users") as told:
        assert told.body.read() == zlib.decompress(PACKED, http_body.GZIP)

    assert b"\r\nAccept-Encoding: gzip\r\n" in place.heads[0]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.integers(0, 2000), st.integers(1, 50))
def test_a_gzip_comes_whole_or_not_at_all_wherever_it_is_cut(parts: list[bytes], cut: int, step: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts)
    ends = {sum(len(gzip.compress(part)) for part in parts[:count]): count for count in range(len(parts) + 1)}
    told = requests.Response()
    told.headers["Content-Encoding"] = "gzip"
    told.raw = HTTPResponse(Slowly(packed[:cut], step), preload_content=False)

    if min(cut, len(packed)) in ends:  # between members nobody can tell
        with http_body.spooled("GET /", told, 10_000) as body:
            assert body.read() == b"".join(parts[: ends[min(cut, len(packed))]])
    else:
        with pytest.raises(Trouble, match="the answer broke off"):
            http_body.spooled("GET /", told, 10_000)


class Slowly(io.BytesIO):
    """A file of which a few bytes come at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read(self, _: int | None = None) -> bytes:
        return super().read(self.step)


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
def test_an_empty_body_that_is_called_gzip_is_empty(status: str, clock: Clock) -> None:
    with speaking(answer(b"", ZIPPED, status=status)) as place, ours(place, clock).get("/users") as told:
        assert told.body.read() == b""


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x" * 100])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str, clock: Clock) -> None:
    with (
        speaking(answer(b"x", f"Content-Encoding: {encoding}")) as place,
        pytest.raises(NotUnderstood, match="encoded in a way that was not asked for"),
    ):
        ours(place, clock).get("/users")

    assert len(place.heads) == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_unfolds_a_thousand_times_costs_no_memory(chunked: bool, clock: Clock) -> None:
    size = 64 * 1024 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, http_body.GZIP)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(64)) + packer.flush()
    assert size / len(packed) > 900
    framed = CHUNKED + f"{ZIPPED}\r\n\r\n{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"

    with speaking(framed if chunked else answer(packed, ZIPPED)) as place:
        tracemalloc.start()
        with ours(place, clock).get("/users") as told:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert sum(map(len, iter(partial(told.body.read, 1024 * 1024), b""))) == size

    assert peak < 4 * http_body.IN_MEMORY


def endless(part: bytes, head: bytes) -> Script:
    def speak(place: Place, connected: socket.socket) -> None:
        connected.sendall(head)
        while not place.over.is_set():
            connected.sendall(part)

    return speak


ENDLESS: dict[str, Script] = {
    "of bytes": endless(b"x" * 65536, b"HTTP/1.1 200 OK\r\n\r\n"),
    "of chunks": endless(b"1\r\nx\r\n" * 10_000, CHUNKED + b"\r\n"),
    "of nothing, packed": endless(gzip.compress(b"") * 1000, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
    "of a chunk of less than nothing": endless(b"x" * 65536, CHUNKED + b"\r\n-1\r\n"),
    "of one chunk": endless(b"x" * 65536, CHUNKED + b"\r\nffffffffffff\r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_body_without_an_end_is_refused_at_the_limit(
    kind: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LIMIT", 300_000)

    with speaking(ENDLESS[kind]) as place, pytest.raises(NotUnderstood, match="larger than"):
        ours(place, clock).get("/users")

    assert len(place.heads) == 1
