"""A badge in a record of a practice InvenioRDM: who writes it, and what is asked of the server for it.

Its tests have their fixtures from here: `server, library = a_server(), a_library()`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from inveniordm_source import FIELD, NOW, connected, several, yes

from connectors.base import Held
from connectors.inveniordm import InvenioRDM
from sandbox.inveniordm import PracticeInvenioRDM, practice_inveniordm
from sandbox.inveniordm.records import id_of

ONE = id_of(1)
BEGIN, SAVE, PUBLISH = "POST /draft 201", "PUT /draft 200", "POST /draft/actions/publish 202"
DISCARD = "DELETE /draft 204"
SOMEBODYS = "a draft of somebody's is open; it was left alone"


def a_server() -> Any:
    """A fixture: an InvenioRDM of two records."""

    @pytest.fixture
    def server() -> Iterator[PracticeInvenioRDM]:
        with practice_inveniordm(several(2)) as server:
            server.clock = lambda: NOW
            yield server

    return server


def a_library() -> Any:
    """A fixture: a connector on it."""

    @pytest.fixture
    def library(server: PracticeInvenioRDM) -> Iterator[InvenioRDM]:
        with connected(server) as library:
            yield library

    return library


def held(library: InvenioRDM) -> Held:
    found = library.read(ONE, FIELD)
    assert found is not None
    return found


def write(library: InvenioRDM, *values: str, permit: Callable[[], bool] = yes) -> None:
    library.write(ONE, FIELD, held(library), values, permit=permit)
