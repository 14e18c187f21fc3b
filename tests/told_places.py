"""A house whose badges go to places that are told of them: a webhook, an inbox, a folder, an SFTP server."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stores
from conftest import House
from push_library import FIRST, Library, first_told

from sandbox.coar_notify import PracticeInbox, practice_inbox
from sandbox.webhook import PracticeWebhook, practice_webhook

KEY = "a-key-that-stands-nowhere-else"
TARGET = """
[connections.library]
kind = "{kind}"
push = "public"
pace = 0
"""


class Place(Library):
    """The house of `push_library`, whose connection `library` is told of badges."""

    kind = ""
    keys = ""

    def settings(self, target: str = "", more: str = "") -> None:
        """The settings; `more` are lines of the place's table."""
        super().settings(target or TARGET.replace("{kind}", self.kind) + self.keys, more)


class Hook(Place):
    """One that is told by webhook."""

    kind, keys = "webhook", 'url = "{url}"\ntoken_file = "token"\n'

    @property
    def hook(self) -> PracticeWebhook:
        return self.server  # type: ignore[return-value]

    def shown(self) -> dict[str, int]:
        """The score by work that a page made of the notices shows."""
        return {each["identifiers"][0].removeprefix("doi:10.5555/"): each["score"] for each in self.hook.shows.values()}


class Inbox(Place):
    """One with an inbox for COAR Notify."""

    kind, keys = "coar_notify", 'url = "{url}"\ntoken_file = "token"\n'

    @property
    def inbox(self) -> PracticeInbox:
        return self.server  # type: ignore[return-value]

    def shown(self) -> set[str]:
        """The works that are announced."""
        return {name.removeprefix("https://doi.org/10.5555/") for name in self.inbox.announced}


class Drop(Place):
    """A folder."""

    kind, keys = "file_drop", 'path = "drop"\n'
    elsewhere: Path | None = None

    @property
    def folder(self) -> Path:
        return self.elsewhere or self.house.folder / "drop"

    def move(self, folder: Path) -> None:
        """The folder is outside of the house, so that a copy of the house has the same."""
        folder.mkdir()
        self.elsewhere = folder
        self.house.write(self.house.file.read_text().replace('path = "drop"', f'path = "{folder}"'))

    def lines(self, name: str = "badges.csv") -> list[dict[str, str]]:
        """What somebody reads in the file."""
        file = self.folder / name
        if not file.exists():
            return []
        with file.open(newline="", encoding="utf-8") as opened:
            return list(csv.DictReader(opened))

    def shown(self) -> dict[str, int]:
        """The scores in the file."""
        return {row["doi"].removeprefix("10.5555/"): int(row["score"]) for row in self.lines()}


class Nowhere:
    """A folder has no server."""

    url = ""


@contextmanager
def hooked(folder: Path) -> Iterator[Hook]:
    """Two public works and a private one, and a receiver that was told of nothing yet."""
    with practice_webhook(KEY) as server:
        yield _opened(Hook, folder, server)


@contextmanager
def with_inbox(folder: Path) -> Iterator[Inbox]:
    """The same with an inbox."""
    with practice_inbox(KEY) as server:
        yield _opened(Inbox, folder, server)


@contextmanager
def with_folder(folder: Path) -> Iterator[Drop]:
    """The same with a folder."""
    place = _opened(Drop, folder, Nowhere())
    place.folder.mkdir()
    yield place


def _opened(kind: type[Any], folder: Path, server: Any) -> Any:
    stores.copy(first_told(), folder)
    secret(folder, "token", KEY)
    place = kind(House(folder), server, dict(FIRST))
    place.settings()
    return place


def secret(folder: Path, name: str, text: str) -> None:
    """A file that only its owner reads."""
    (folder / name).write_text(text)
    (folder / name).chmod(0o600)
