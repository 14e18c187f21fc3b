"""A practice DSpace of thirty works, which is pulled.

Its tests have their fixture from here: `server = a_server()`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from dspace_source import NOW, work

from config.visibility import Visibility
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import made

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
WORKS = [work(number) for number in range(1, 31)]
ONE, TWO, THREE = WORKS[:3]
ANN = made(1001, dspace_entity_type="Person", person_givenName="Ann", person_familyName="Harbourmaster")


def a_server(*, dated: bool = True) -> Any:
    """A fixture: the server; or one whose search has no dates, and whose OAI index was made just now."""

    @pytest.fixture
    def server() -> Iterator[PracticeDSpace]:
        with practice_dspace(WORKS) as running:
            running.logins.clock = NOW.timestamp
            if not dated:
                running.dated = False
                running.oai_import()
            yield running

    return server
