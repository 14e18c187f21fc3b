"""A small institution in a practice Pure, read by both of its APIs.

Its tests have their fixture from here: `server = a_server()`.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pure_source import NOW, PUBLIC, assume, pure

from connectors.pure import Pure
from sandbox.pure import Contributor, Doi, Output, Person, PracticePure, Unit, practice_pure
from sandbox.pure.model import Association

APIS = ("current", "legacy")


def a_server() -> Any:
    """A fixture: two departments, one within the other, three people, twelve outputs."""

    @pytest.fixture
    def server() -> Iterator[PracticePure]:
        with practice_pure() as server:
            server.held.clock = lambda: NOW - timedelta(days=30)
            server.put(Unit(number=1, name="Faculty"), Unit(number=2, name="Department", parents=(1,)))
            server.put(
                Person(number=1, associations=(Association(unit=2),)),
                Person(number=2, visibility="CAMPUS", associations=(Association(unit=1, end=date(2021, 1, 1)),)),
                Person(number=3, visibility="BACKEND", associations=(Association(unit=1, kind="student"),)),
            )
            for number in range(1, 13):
                server.put(article(number))
            server.held.clock = lambda: NOW
            yield server

    return server


def article(number: int, title: str = "", *, hidden: bool = False) -> Output:
    return Output(
        number=number,
        title=title or f"Tide tables {number}",
        dois=(Doi(value=f"10.5555/tides.{number}"),),
        contributors=(Contributor(person=1, association_hidden=hidden), Contributor(person=None)),
    )


def reader(server: PracticePure, api: str, **more: object) -> Pure:
    url = server.url if api == "current" else server.legacy_url
    return pure(url, **{"assume": assume(authorships=PUBLIC), **more})


def later(server: PracticePure, hours: int) -> datetime:
    moment = NOW + timedelta(hours=hours)
    server.held.clock = lambda: moment
    return moment
