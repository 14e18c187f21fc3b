"""A house that listens to a practice Wikipedia, and what the tests of it share.

Its tests have their fixtures from here:
`works, plain, running, server, house = some_works(), a_copy(), running_wikipedia(), a_wikipedia(), a_house()`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import House
from mention_house import SETTINGS

from sandbox.wikipedia import PracticeWikipedia, practice_wikipedia
from sandbox.wikipedia.encyclopedia import Encyclopedia

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def running_wikipedia() -> Any:
    """A fixture: a practice Wikipedia, once for a module."""

    @pytest.fixture(scope="module")
    def running() -> Iterator[PracticeWikipedia]:
        with practice_wikipedia() as server:
            yield server

    return running


def a_wikipedia() -> Any:
    """A fixture: the same for one test, which has the world's encyclopedias to itself."""

    @pytest.fixture
    def server(running: PracticeWikipedia) -> PracticeWikipedia:
        running.wikis, running.rows, running.stands_at = Encyclopedia(), 500, None
        running.faults.clear()
        running.requests.clear()
        return running

    return server


def a_house() -> Any:
    """A fixture: `plain`, which listens to that server."""

    @pytest.fixture
    def house(plain: House, server: PracticeWikipedia) -> House:
        return listens(plain, server)

    return house


def listens(house: House, server: PracticeWikipedia, more: str = "", *, contact: str = "mailbox@example.edu") -> House:
    """With settings to listen there; `more` are lines of the connection."""
    return house.write(f'''
[institution]
contact = "{contact}"
{SETTINGS.format(name="told")}
[connections.wikipedia]
kind = "wikipedia"
url = "{server.url}"
pace = 0
{more}
''')


def later(house: House, server: PracticeWikipedia, days: int) -> None:
    """So many days have passed, for the house and for the stream."""
    house.later = days * 24 * 3600 * 1_000_000
    server.stands_at = datetime.now(UTC) + days * DAY


def ago(hours: float) -> datetime:
    return (datetime.now(UTC) - hours * HOUR).replace(microsecond=0)


def cite(*works: str) -> str:
    """An article that cites these."""
    refs = "".join(f"<ref>{{{{cite journal |title=On tides |doi=10.5555/{each} |year=2020}}}}</ref>" for each in works)
    return f"'''Tides''' rise and fall.{refs}\n== References ==\n<references />"


def told(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.json("mention", "list")["mentions"]
    return found


def stored(house: House) -> list[tuple[Any, ...]]:
    """Key, whether it counts, and why it does not."""
    return house.stored("SELECT key, taken_at = -1, reason FROM mention ORDER BY key")


def api(server: PracticeWikipedia) -> list[str]:
    """Which pages were asked for."""
    return [each.query for each in server.requests if each.path.endswith("api.php")]
