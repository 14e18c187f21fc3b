"""The practice services as the conformance suite drives them. What each gives is described in
`sync.conformance.practice`: all of `Practice`, and beside it `Service`, `say` and `unsay`.

Such a service knows acts, and outputs only as what they speak of: one that nobody speaks of is unknown to it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.answerers import Act, Name, PracticeAnswerer, practice_answerer
from sandbox.answerers.mendeley import APPLICATION
from sandbox.practised import AskedService

NUMBERS = "it tells numbers of readers, and no single act"
SETTINGS: Mapping[Name, Mapping[str, str]] = {
    "mendeley": {"username": APPLICATION},
    "stackexchange": {"sets": "stackoverflow"},
}
SECRETS: Mapping[Name, str] = {
    "mendeley": "password",
    "altmetric_api": "token",
    "overton": "token",
    "pubpeer": "token",
    "stackexchange": "token",
    "x": "token",
    "youtube": "token",
}


def hackernews(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001 - a service needs no files
    """A practice search of Hacker News."""
    return _opened("hackernews")


def mendeley(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice Mendeley."""
    return _opened("mendeley")


def pubpeer(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice PubPeer."""
    return _opened("pubpeer")


def stackexchange(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice Stack Exchange."""
    return _opened("stackexchange")


def youtube(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice YouTube."""
    return _opened("youtube")


def overton(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice Overton."""
    return _opened("overton")


def datacite_events(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice service of DataCite's events."""
    return _opened("datacite_events")


def altmetric_api(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice Altmetric."""
    return _opened("altmetric_api")


def x(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice X."""
    return _opened("x")


@contextmanager
def _opened(name: Name) -> Iterator["Practised"]:
    with practice_answerer(name) as server:
        yield Practised(server)


class Practised(AskedService[PracticeAnswerer]):
    """A running one."""

    def __init__(self, server: PracticeAnswerer) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url, **SETTINGS.get(server.name, {})}
        secret = SECRETS.get(server.name)
        self.secrets: Mapping[str, str] = {secret: server.known.key} if secret else {}
        if server.name == "mendeley":
            self.lacks = {**self.lacks, **dict.fromkeys(("hears", "dated acts", "edits"), NUMBERS)}

    def output(
        self,
        number: int,
        *,
        title: str,  # noqa: ARG002 - a service knows what was said, not of what
        doi: str,
        level: str,  # noqa: ARG002
        authors: Mapping[int, str],  # noqa: ARG002
        dated: bool = True,  # noqa: ARG002
    ) -> None:
        """Remember what it is asked about by."""
        self.dois[number] = doi

    def remove(self, number: int) -> None:
        """Nobody speaks of the output any more."""
        gone = self.dois.pop(number)
        acts = self.server.known.acts
        for act in [act for act in acts.values() if act.doi == gone]:
            del acts[act.number]

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """Somebody speaks of what has this DOI; told again with another, it was edited."""
        self.server.known.acts[number] = Act(number=number, doi=of, at=at, author=f"speaker{number}")

    def unsay(self, number: int) -> None:
        """It is deleted."""
        del self.server.known.acts[number]

    def also(self, number: int) -> str:
        """It knows an output by no other name."""
        return f"doi:{self.dois[number]}"
