"""A thousand clients at once, and requests that would lead readers elsewhere."""

import asyncio
import resource
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import House
from served import Served, serving

SHOWN = "10.5555/example.50040"
CLIENTS = 1000
BADGES = (f"/badge/doi/{SHOWN}.json", f"/badge/doi/{SHOWN}.svg", "/badge/doi/10.5555/nowhere.svg")
ELSEWHERE = (
    "//evil.example.net",
    "//evil.example.net/%2e%2e",
    "/\\evil.example.net",
    "///evil.example.net/",
    "/lookup?id=https://evil.example.net/",
    "/lookup?id=//evil.example.net",
    "/lookup?id=10.5555/x&next=https://evil.example.net/&url=//evil.example.net&lang=//evil.example.net",
    "/https://evil.example.net/",
    "/url/https://evil.example.net/",
    "/outputs//evil.example.net",
    "/badge.svg?id=https://evil.example.net/",
    "http://evil.example.net/outputs/1/",
)


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * CLIENTS)), hard))
    with serving(scored.folder) as found:
        yield found


def test_a_thousand_clients_at_once_are_all_answered(served: Served) -> None:
    """Badges, all of them; pages as many as can be read, and the others are told to come back."""
    targets = [BADGES[n % len(BADGES)] if n % 4 else f"/doi/{SHOWN}" for n in range(CLIENTS)]

    answers = asyncio.run(_all_at_once(served.public, targets))

    badges = Counter(status for target, status, _ in answers if target in BADGES)
    pages = Counter((status, later) for target, status, later in answers if target not in BADGES)
    assert badges == {200: 500, 404: 250}
    assert set(pages) <= {(200, False), (503, True)}
    assert pages[200, False] >= 64
    assert served.get("/ready").status == 200


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("host", ["", "evil.example.net"])
def test_no_request_leads_a_reader_elsewhere(served: Served, target: str, host: str) -> None:
    reply = served.get(target, **({"host": host} if host else {}))

    assert reply.status < 500
    assert urlsplit(reply.header("location")).netloc in ("", urlsplit(served.public).netloc)
    assert not reply.header("location").startswith(("//", "/\\"))
    assert b'href="//evil' not in reply.body
    assert b'href="https://evil' not in reply.body


async def _all_at_once(address: str, targets: list[str]) -> list[tuple[str, int, bool]]:
    """(target, status, whether it is told when to come back) of each; all have connected before the first one asks."""
    place = urlsplit(address)
    lines = [await asyncio.open_connection(place.hostname, place.port) for _ in targets]
    for (_, writer), target in zip(lines, targets, strict=True):
        writer.write(f"GET {target} HTTP/1.1\r\nhost: {place.netloc}\r\nconnection: close\r\n\r\n".encode())
    whole = await asyncio.gather(*(reader.read() for reader, _ in lines))
    for _, writer in lines:
        writer.close()
    return [
        (target, int(answer.split(b" ", 2)[1]), b"retry-after" in answer.partition(b"\r\n\r\n")[0].lower())
        for target, answer in zip(targets, whole, strict=True)
    ]
