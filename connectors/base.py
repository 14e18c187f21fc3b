"""What every connector is: a manifest and `check`; and `Pulls` where it is read, `Listens` where it is read for who
speaks of outputs, `Asks` where it is asked about single outputs. Where badges are brought to, it is one that `Pushes`
into items, `Tells` of each badge, or `Drops` a file with all of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from config.settings import Connection
from connectors.attention import Mention
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.records import Gone, Heard, Kind, Learned, Page

if TYPE_CHECKING:  # parsers, which few commands need
    from connectors.abroad import Abroad
    from connectors.sightings import Tracked


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a kind of source can tell and take, so that settings can be refused before a request is made.

    `deletions`: `none` (only a full listing finds them), `transient` (told for a while), `reported` (a feed of them).
    `visibility`: the kinds whose level the source itself tells; for the others `[connections.X.assume]` speaks.
    `write_back`: the audience that sees the place where a badge is written; None when it takes none.
    `field`: where badges are written when the settings are silent; empty where they must say. For one that `Drops` it
    is the name of the file.
    `finds_by`: the schemes of identifiers by which an item is found there, in the order in which they are asked.
    `asks_by`: what one that `Asks` is asked by, `doi` or `orcid`; `at_a_time`: how many of them one request may name.
    `hears`: it is asked who spoke of outputs, and so again the sooner the younger an output is; `daily`: how many
    questions a day when the settings are silent, 0 for any number.
    `looks_again`: one that `Listens` can be asked about a single mention (`again`).
    `own_login`: user name and password go to the system's own login, and not with every request. `token`: the header
    that carries the token of the settings, such as `Authorization: Bearer {}`; empty where the system takes none.
    `signs`: what is sent is signed by the token, which stays here.
    `socket`: it is read over a websocket, so that its address begins with `wss://`.
    `page_limits`: the largest page per kind of listing. When settings are silent: `pace` seconds between requests, and
    `at_once` of them under way.
    """

    kind: str
    incremental: bool = False
    deletions: Literal["none", "transient", "reported"] = "none"
    people: bool = False
    person_status: bool = False
    visibility: frozenset[str] = frozenset()
    write_back: Literal["public", "internal"] | None = None
    field: str = ""
    finds_by: tuple[str, ...] = ()
    asks_by: Literal["doi", "orcid"] = "doi"
    at_a_time: int = 1
    hears: bool = False
    daily: int = 0
    looks_again: bool = False
    own_login: bool = False
    token: str = ""
    signs: bool = False
    socket: bool = False
    page_limits: tuple[tuple[str, int], ...] = ()
    pace: float = 0.5
    at_once: int = 2
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
class Held:
    """What our field holds at one address now: its `values` in their order. `guard` is the version that a write must
    name where the system has one (If-Match and the like), else empty."""

    values: tuple[str, ...] = ()
    guard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `ringmark check --connect`: `ok` or not, what was found, and the mend where there is one."""

    ok: bool
    what: str
    mend: str = ""


class Connector(ABC):
    """One configured system. The class attribute is the manifest; `name`, file and entry point are the kind.

    A kind is one that `Pulls`, one that `Takes` badges, or both; or one that `Listens`; or one that `Asks`."""

    manifest: ClassVar[Manifest]

    def __init__(self, settings: Connection, client: Client) -> None:
        self.settings = settings
        self.client = client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:  # noqa: ARG003 - for those that refuse any
        """What this kind cannot take of settings that are good otherwise, as (key, what is wrong and how to mend it):
        they are refused before a request is made."""
        return iter(())

    def check(self) -> Iterator[Finding]:
        """Ask whether address, credentials and rights will do, and how the flags are distributed."""
        return iter(())


class Pulls(Connector):
    """A system that is read."""

    @abstractmethod
    def pull(self, since: Since) -> Iterator[Page]:
        """Yield pages, people and groups first, and at the end one with `done`.

        Raises `TryLater`, `NotAllowed` or `NotUnderstood`; a run that raises has no `done` and moves no cursor."""

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask the source about one thing that a full listing did not name; None when it is still there, and everybody
        may see it: what is stored then stays as it is, so None must never stand for one that is less open by now:
        that is `hidden`.

        Sources that cannot be asked answer that it is gone: then the listing alone decides. Raises as `pull` does where
        the answer proves neither."""
        return Gone(kind=kind, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """What one that listens is given beside its own client. Nothing of it may leave this machine.

    `tracked`: everything that is looked for. `abroad`: the way to pages of hosts that nobody configured. `noted`: what
    an earlier page of this connection has noted under a name (`Page.notes`), empty for nothing. `told`: which of some
    keys are mentions that this connection has told and not taken back, and what each names. `told_by`: the keys of all
    that it has told, and not taken back, of some accounts of a source, by their keys."""

    tracked: "Tracked"
    abroad: "Abroad"
    noted: Callable[[str], str]
    told: Callable[[Collection[str]], Mapping[str, tuple[Identifier, ...]]]
    told_by: Callable[[str, Collection[str]], Collection[str]]


class Listens(Connector):
    """A source of attention that is read whole, and so is not told what is looked for: no request names any of it.
    Where an article or a post has to be read to be understood, its host sees that it is read, as of any reader; what
    was told is looked at again only where it speaks of something that may be known there (`ask_about`).

    Of what it tells, only mentions are taken in, and of these only what names something that is `tracked`; a mention
    that names nothing of the kind (any more) is taken back where it was told before."""

    @abstractmethod
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """Yield pages of mentions, each with a bookmark, up to what there is now; at the end one with `done`, whose
        cursor is where the next run begins. Without a cursor it begins as early as the source still tells.

        What is told twice must be told under the same key. Each mention has evidence of all that it names. Raises
        `TryLater`, `NotAllowed` or `NotUnderstood`; a run that raises goes on from its last bookmark."""

    def remembered(self, noted: Callable[[str], str], now: datetime) -> Iterator[Finding]:  # noqa: ARG002
        """What earlier runs have noted (`Ear.noted`) that somebody should know of who checks the connection."""
        return iter(())

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:  # noqa: ARG002 - for those that look again
        """Look at a mention that was told, by its key and address: as it is now, or as `deleted` with the reason. None
        where that cannot be told at present: it stays as it is."""
        return None


class Takes(Connector):
    """A system that badges are brought to: one that `Pushes`, `Tells` or `Drops`."""


class Pushes(Takes):
    """A system that badges are written to. It finds, reads and writes one field of one item, and decides nothing: what
    may be written, what is ours and what was edited by somebody else is decided by who calls it.

    Each method raises `TryLater`, `NotAllowed` or `NotUnderstood`. After any of these from `write` nobody knows
    whether the value was stored, so the caller counts it as stored until `read` has told."""

    @abstractmethod
    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The addresses of all items that carry one of the identifiers; the system's own ids, stable over time."""

    @abstractmethod
    def read(self, address: str, field: str) -> Held | None:
        """What a field holds; None when the item is gone. Raises `NotUnderstood` where the item is there but its
        fields cannot be seen, for an empty answer would then prove nothing."""

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:  # noqa: ARG002 - for those that make them
        """The addresses of other items whose field holds a text: some systems begin the next version of an item as a
        copy of it. Asked for what is withdrawn, so `text` is our own and tells nothing of the output."""
        return ()

    @abstractmethod
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Make a field hold exactly `values` (none: nothing is left of it), as of `before`.

        `permit` is asked after everything that takes time (login, tokens), immediately before each request that
        changes something; where it says no, `Recalled` is raised and nothing is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a place is told of one output: its badge with a score, or with None that it has none any more.

    `id` is the same each time that the same notice is sent, and `at` is when it is sent. `output` is the public id, and
    `origin` our own address. `identifiers` begin with the one that the output is known by there, which is all
    that a notice without a score has, and `revokes` is the id of the one that it takes back."""

    id: str
    at: datetime
    origin: str
    output: int
    identifiers: tuple[Identifier, ...]
    score: int | None
    revokes: str = ""

    @property
    def badge(self) -> str:
        """The stable address of the badge."""
        return f"{self.origin}/badge/output/{self.output}.svg"

    @property
    def page(self) -> str:
        """The page that explains the score."""
        return f"{self.origin}/outputs/{self.output}"


class Tells(Takes):
    """A place that is told of badges, one notice for each output, and cannot be asked what it made of it. What may be
    told, and which notice is sent again, is decided by who calls it. Each notice arrives at least once.

    `scores` False: it is told that there is a badge, and not of each new score."""

    scores: ClassVar[bool] = True

    @abstractmethod
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        """Send one notice; to return is to know that it has arrived.

        `permit` is asked immediately before the request that tells; where it says no, `Recalled` is raised and nothing
        is sent. Raises `TryLater`, `NotAllowed` or `NotUnderstood`; then it counts as told, and is sent again."""


class Drops(Takes):
    """A place where one file holds all badges: it is read and replaced as a whole."""

    @abstractmethod
    def held(self, name: str) -> str | None:
        """The SHA-256 of the file of that name, in hexadecimal; None where there is none."""

    @abstractmethod
    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        """Put a file in the place of the one of that name, in one step, so that nobody ever finds half of it; None
        takes it away. `permit` is asked immediately before that step; where it says no, `Recalled` is raised and what
        was there stays. Raises `TryLater`, `NotAllowed` or `NotUnderstood`."""


class Asks(Connector):
    """A service that is asked about outputs that we have, or about people with an ORCID, and tells more of them, or who
    spoke of them.

    It decides nothing: whom and what it may be asked about, when again, and what becomes of the answer is decided by
    who calls it. What it tells opens nothing, names nobody, and is no record of its own."""

    @property
    def daily(self) -> int:
        """How many questions a day at most, 0 for any number: what the settings say, else what the service allows."""
        return self.settings.daily or self.manifest.daily

    @abstractmethod
    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Learned | Heard]:
        """Ask about at most `at_a_time` things, in as few requests as the service allows; what it does not know is not
        told, and of what it hears nobody speak there is no `Heard`.

        `permit` goes to `self.client.get(..., permit=permit)`, which asks it as each request leaves, again when one is
        repeated; where it says no, `Recalled` is raised and nothing is sent. Raises `TryLater`, `NotAllowed`, or
        `NotUnderstood` for an answer that is not believed as a whole."""
