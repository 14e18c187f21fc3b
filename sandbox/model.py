"""What the example institution is made of: frozen facts, replaced when they change.

Privacy words are lower case here; each wire format writes them its own way. Times are aware UTC. `modified` moves when
the thing itself changes, `affected` also when a neighbour or a relationship of it does.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Privacy = Literal["private", "internal", "public"]
Category = Literal["publication", "user"]
Part = Literal["publication", "user", "relationship"]
PartialDate = tuple[int, int | None, int | None]
"""Year, month, day as a source typed them: partial, and possibly not in any calendar."""

OPENNESS: dict[Privacy, int] = {"private": 0, "internal": 1, "public": 2}


def least_open(*levels: Privacy) -> Privacy:
    """The most restrictive of several levels; a word that is no level, which tests may put there, counts as private."""
    return min(levels, key=lambda level: OPENNESS.get(level, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """When something was made, changed, and last touched by a change next to it."""

    created: datetime
    modified: datetime
    affected: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One object that was merged into another; `into` may itself have been merged later."""

    merged: int
    into: int
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department. `privacy` None means that nobody ever set one."""

    id: int
    name: str
    description: str
    parents: tuple[int, ...]
    privacy: Privacy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A profile. `orcid_status` is the word of the identifier association (`verified`, `unverified` or `pending`)."""

    id: int
    proprietary_id: str
    username: str
    title: str
    first_name: str
    last_name: str
    known_as: str
    orcid: str
    orcid_status: str
    privacy: Privacy
    current: bool
    academic: bool
    student: bool
    arrived: date
    left: date | None
    groups: tuple[int, ...]
    stamps: Stamps
    merges: tuple[Merge, ...] = ()

    @property
    def initials(self) -> str:
        """The first letters of all first names."""
        return "".join(part[0] for part in self.first_name.split())

    @property
    def email(self) -> str:
        """An address nobody reads."""
        return f"{self.username}@example.edu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One line of a byline; `person` where the author was resolved to a profile."""

    last: str
    first: str
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """An invented journal; its ISSN lies above every number given out so far."""

    name: str
    issn: str
    eissn: str
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one data source says of an output. Empty text means that the source has no such field."""

    source: str
    id_at_source: str
    title: str = ""
    doi: str = ""
    published: PartialDate | None = None
    journal: Journal | None = None
    volume: str = ""
    abstract: str = ""
    pmid: str = ""
    pmcid: str = ""
    arxiv: str = ""
    isbn: str = ""
    handle: str = ""
    citations: int | None = None
    confidential: bool | None = None
    preferred: bool = False
    authors: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A research output: a bundle of records, one or more for each data source that knows it. `labels` are its own,
    each a scheme and a word."""

    id: int
    type: str
    privacy: Privacy
    ever_approved: bool
    records: tuple[Record, ...]
    stamps: Stamps
    merges: tuple[Merge, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The link from an output to a person; `type` is the name of the relationship type."""

    id: int
    output: int
    person: int
    type: str
    privacy: Privacy
    position: int
    stamps: Stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What a feed of deletions tells: the id, and for a user the names by which others may know them."""

    part: Part
    id: int
    when: datetime
    proprietary_id: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who posts. Numbers are None when nobody told them."""

    id: str
    name: str
    followers: int | None = None
    posts_per_month: float | None = None
    domain_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A newspaper, blog or show. `tier` and `reach` are None when nobody told them."""

    id: str
    name: str
    tier: int | None = None
    country: str = ""
    reach: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One line of `mentions.jsonl`. `occurred_at` is text, since sources tell bare dates too."""

    id: str
    source: str = ""
    targets: tuple[str, ...] = ()
    url: str = ""
    title: str = ""
    occurred_at: str = ""
    account: Account | None = None
    outlet: Outlet | None = None
    policy_source: str = ""
    jurisdiction: str = ""
    repost: bool = False
    deleted: bool = False
