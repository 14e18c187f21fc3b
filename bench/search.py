"""Pages of the explorer over a store of 100,000 outputs: the time of the server from the request to the whole answer.

The application is asked in this process, without a socket, so that only its own work is timed. Every page is asked for
several times in turn, and its median counts.
"""

import asyncio
from functools import partial
from typing import Any

from badges.app import Site
from bench import scope, world
from bench.results import Result, at_most, both, medians
from scoring.rules import load as rules

ROUNDS = 5
MOST = 0.15  # seconds
SEARCHES = (
    ("everything", "/search"),
    ("a word that is in every title", "/search?q=tides"),
    ("the beginning of a word", "/search?q=basin+12"),
    ("two words that are in few", "/search?q=person+p12"),
    ("a phrase", "/search?q=%22basin+1234%22"),
    ("a word that is nowhere", "/search?q=nowhere"),
    ("a type that all have", "/search?type=journal-article"),
    ("a year and a source", "/search?from=2020&to=2020&source=news"),
    ("a source, a type, half of the years", "/search?source=x&type=journal-article&from=2013"),
    ("a word, a source, by title", "/search?q=study&source=news&sort=title"),
    ("everything, by title", "/search?sort=title"),
    ("deep in the list", "/search?after=0~12000~9000000000000000"),
    ("all groups", "/groups"),
    ("all journals", "/journals"),
)


def measure(*, small: bool) -> list[Result]:
    """One line for each page."""
    size = world.SMALL if small else world.FULL
    with world.opened(scope.published(size)) as house:
        site = Site(house, name="", base_url="http://ringmark.example", rules=partial(rules), clock=lambda: world.NOW)
        results = [page(site, what, path, size) for what, path in SEARCHES]
        site.close()
    return results


def page(site: Site, what: str, path: str, size: world.Size) -> Result:
    """The median of one page."""
    asked = partial(_ask, site, path)
    asked()
    wall, processor = medians([both(asked) for _ in range(ROUNDS)])
    beside = f"{processor * 1000:.0f} ms of processor"
    return at_most(f"search {size.outputs:,} outputs: {what}", "-", wall, MOST, "s", beside)


def _ask(site: Site, path: str) -> None:
    asyncio.run(_answer(site, path))


async def _answer(site: Site, path: str) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    where, _, query = path.partition("?")
    asked = {"type": "http", "method": "GET", "path": where, "raw_path": where.encode(), "headers": [],
             "scheme": "http", "query_string": query.encode(), "root_path": "", "server": None,
             "client": None}  # fmt: skip
    await site(asked, receive, send)
    assert sent[0]["status"] == 200, sent[0]
