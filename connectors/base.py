"""What every connector is: a manifest, `pull`, and where it can, `push`, `confirm` and `check`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Self

from config.settings import Connection
from connectors.http import Client
from connectors.records import Gone, Kind, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a kind of source can tell and take, so that settings can be refused before a request is made.

    `deletions`: `none` (only a full listing finds them), `transient` (told for a while), `reported` (a feed of them).
    `visibility`: the kinds whose level the source itself tells; for the others `[connections.X.assume]` speaks.
    `write_back`: where a badge is written, and the least open audience that sees that place; None when nowhere.
    `page_limits`: the largest page per kind of listing. `pace`: seconds between requests when settings are silent.
    """

    kind: str
    incremental: bool = False
    deletions: Literal["none", "transient", "reported"] = "none"
    people: bool = False
    person_status: bool = False
    visibility: frozenset[str] = frozenset()
    write_back: str | None = None
    page_limits: tuple[tuple[str, int], ...] = ()
    pace: float = 0.5
    needs_url: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Where a pull begins: everything when `cursor` is None. `bookmark` continues an unfinished run; `memory` is the
    cursor of the last complete run, also when a full listing was asked for."""

    cursor: str | None = None
    bookmark: str | None = None
    memory: str | None = None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What `push` is given: one output's badge for the audience of the connection."""

    output: int
    identifiers: tuple[str, ...]
    url: str
    score: int
    scored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of one badge: `written`, `equal`, `withdrawn`, `not found`, `edited by somebody else`, `unknown`."""

    output: int
    outcome: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `ringmark check --connect`: `ok` or not, what was found, and the mend where there is one."""

    ok: bool
    what: str
    mend: str = ""


class Connector(ABC):
    """One configured system. The class attribute is the manifest; `name`, file and entry point are the kind."""

    manifest: ClassVar[Manifest]

    def __init__(self, settings: Connection, client: Client) -> None:
        self.settings = settings
        self.client = client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @abstractmethod
    def pull(self, since: Since) -> Iterator[Page]:
        """Yield pages, people and groups first, and at the end one with `done`.

        Raises `TryLater`, `NotAllowed` or `NotUnderstood`; a run that raises has no `done` and moves no cursor."""

    def push(self, badges: Iterable[Badge]) -> Iterator[Pushed]:  # noqa: ARG002 - for those that take them
        """Write badges; a connector whose manifest has no `write_back` is never asked."""
        raise TypeError(f"{self.manifest.kind} takes no badges")

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask the source about one thing that a full listing did not name; None when it is still there.

        Sources that cannot be asked answer that it is gone: then the listing alone decides."""
        return Gone(kind=kind, key=key)

    def check(self) -> Iterator[Finding]:
        """Ask whether address, credentials and rights will do, and how the flags are distributed."""
        return iter(())
