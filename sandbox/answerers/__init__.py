"""Practice services that are asked who spoke of an output, on loopback: PubPeer, Hacker News, Stack Exchange, YouTube,
Mendeley, Overton, DataCite with its events, Altmetric and X.

    with practice_answerer("hackernews") as server:
        server.known.acts[1] = Act(number=1, doi="10.5555/example.1", at=datetime(2026, 5, 1, tzinfo=UTC))

`server.subjects` is what each request was about; append to `server.faults` what shall go wrong, and let `server.spoil`
make something else of what it answers.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Literal, cast

from sandbox.answerers import (
    altmetric_api,
    datacite_events,
    hackernews,
    mendeley,
    overton,
    pubpeer,
    stackexchange,
    x,
    youtube,
)
from sandbox.answerers.acts import Act, Known
from sandbox.asked import AskedServer, Call, Reply, ServiceFault
from sandbox.server import serving

__all__ = ["SERVICES", "Act", "Known", "PracticeAnswerer", "ServiceFault", "practice_answerer"]

Name = Literal[
    "altmetric_api", "datacite_events", "hackernews", "mendeley", "overton", "pubpeer", "stackexchange", "x", "youtube"
]
SERVICES: dict[Name, ModuleType] = {
    "altmetric_api": altmetric_api,
    "datacite_events": datacite_events,
    "hackernews": hackernews,
    "mendeley": mendeley,
    "overton": overton,
    "pubpeer": pubpeer,
    "stackexchange": stackexchange,
    "x": x,
    "youtube": youtube,
}
BASES: dict[Name, str] = {"hackernews": "/api/v1", "stackexchange": "/2.3", "youtube": "/youtube/v3"}


@contextmanager
def practice_answerer(name: Name) -> Iterator["PracticeAnswerer"]:
    """Serve until the block ends."""
    with serving(PracticeAnswerer(name)) as server:
        yield server


class PracticeAnswerer(AskedServer):
    """The running server."""

    def __init__(self, name: Name) -> None:
        super().__init__(SERVICES[name], BASES.get(name, ""))
        self.name, self.known = name, Known()

    def answered(self, call: Call, *, silent: bool) -> Reply:
        """Of the acts that there are."""
        return cast(Reply, self.service.answer(replace(self.known, acts={}) if silent else self.known, call))

    def dress(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """Stack Exchange packs all that it says, whatever the client accepts."""
        packed = self.name == "stackexchange"
        return (gzip.compress(body), {"Content-Encoding": "gzip"}) if packed else (body, {})
