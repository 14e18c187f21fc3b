"""The records that cross the border: what a connector may tell the house.

All are frozen and check themselves, since table classes do not. Keys are the source's own ids, unique per kind
within a connection. `raw` holds the privacy inputs exactly as the source told them, for `ringmark why`; `doubts`
says in plain words what was not understood in a record that was therefore voted private.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from config.visibility import Visibility
from connectors.attention import Mention, Tally
from connectors.checked import check, check_time
from connectors.identifiers import Identifier

Kind = Literal["person", "group", "item", "authorship"]

# What a record may say of another identifier, and whether that is a version of the record (its attention counts here
# too) or the other way round: the relation types of DataCite 4.6 and Crossref's has-preprint. `all_versions` is the
# identifier that stands for all versions of a record, such as a concept DOI; `is_identical_to` the same work under a
# name in another scheme.
RELATIONS = {
    "has_preprint": True,
    "has_version": True,
    "has_translation": True,
    "is_new_version_of": True,
    "all_versions": True,
    "is_identical_to": True,
    "is_preprint_of": False,
    "is_version_of": False,
    "is_translation_of": False,
    "is_previous_version_of": False,
}

EVIDENCE = 4000  # characters of what is set aside
LONGEST_NAME, LONGEST_NOTE = 2000, 100_000  # characters of what a connector remembers, and under what


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A profile. `name` is known-as or first name, then last name. `orcid` is bare, and given only when the source
    itself confirms it, since it joins people of several sources. A flag the source does not state is None. `unread`:
    all but the key was not readable; what was told before stays, and votes private."""

    key: str
    name: str
    visibility: Visibility
    orcid: str | None = None
    current: bool | None = None
    academic: bool | None = None
    student: bool | None = None
    closes_at: datetime | None = None
    raw: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    unread: bool = False

    def __post_init__(self) -> None:
        check(self, key=self.key)
        check_time(self, "closes_at", self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department. `parents` are group keys of the same source: a directed graph, cycles tolerated."""

    key: str
    name: str
    visibility: Visibility
    parents: tuple[str, ...] = ()
    closes_at: datetime | None = None
    raw: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self, key=self.key)
        check_time(self, "closes_at", self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """All direct members of one group (person keys); replaces what was told of that group before."""

    group: str
    people: tuple[str, ...]

    def __post_init__(self) -> None:
        check(self, group=self.group)


@dataclass(frozen=True, slots=True)
class Version:
    """What a record says of another version of the same work: one of `RELATIONS`, and what it names."""

    relation: str
    identifier: Identifier

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise ValueError(f"Version.relation must be one of {', '.join(RELATIONS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record of an output as one source tells it.

    `identifiers` join and match mentions; of several DOIs only the one that counts is among them (at most one), the
    rest are in `other_dois`, kept for an administrator to confirm. `versions` are what the record states of others, and
    join nothing. `subjects` are the fields it is classified under, in words. `published` is an ISO date
    `YYYY[-MM[-DD]]`.
    `unread`: all but the key was not readable; what was told before stays, its identifiers too, and votes private.
    """

    key: str
    title: str
    type: str
    visibility: Visibility
    journal: str = ""
    issns: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    published: str = ""
    identifiers: tuple[Identifier, ...] = ()
    other_dois: tuple[Identifier, ...] = ()
    versions: tuple[Version, ...] = ()
    closes_at: datetime | None = None
    raw: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    unread: bool = False

    def __post_init__(self) -> None:
        check(self, key=self.key)
        check_time(self, "closes_at", self.closes_at)
        if not all(isinstance(subject, str) and subject.strip() and "\n" not in subject for subject in self.subjects):
            raise ValueError("Item.subjects must be words, each on one line")
        if self.unread and self.visibility != Visibility.PRIVATE:
            raise ValueError("Item.unread must be private")
        if sum(i.scheme == "doi" for i in self.identifiers) > 1:
            raise ValueError("Item.identifiers must hold at most one DOI; the others belong in other_dois")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a service that was asked about `asked` says of one output, by its DOI.

    It is no record of the output: it has no level and no people. `versions` are other versions and, as
    `is_identical_to`, the names that the output has in other schemes; journal and subjects are used where no source
    has any. `raw` holds what is shown to administrators alone, such as a licence."""

    asked: Identifier
    doi: Identifier
    versions: tuple[Version, ...] = ()
    journal: str = ""
    issns: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.doi.scheme != "doi":
            raise ValueError("Learned.doi must be a DOI")
        for name, value in (("journal", self.journal), *(("issns", issn) for issn in self.issns)):
            if not isinstance(value, str) or "\x00" in value:
                raise ValueError(f"Learned.{name} must be text without NUL")
        if not all(isinstance(subject, str) and subject.strip() and "\n" not in subject for subject in self.subjects):
            raise ValueError("Learned.subjects must be words, each on one line")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who spoke of the output that a service was asked about by `asked`, as it says: all of them, so that a mention of
    its that is not among them is taken back, and its tallies are replaced. Each mention names `asked`."""

    asked: Identifier
    mentions: tuple[Mention, ...] = ()
    units: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(self.asked not in mention.targets or mention.deleted for mention in self.mentions):
            raise ValueError("Heard.mentions must name what was asked about, and none is deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The link between a person and an item of one source. Several may exist for one pair; they vote together. `place`
    is where it stood (file and line), for whoever looks for the person or item it names in vain."""

    key: str
    item: str
    person: str
    visibility: Visibility
    position: int = 0
    closes_at: datetime | None = None
    raw: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check(self, key=self.key, item=self.item, person=self.person)
        check_time(self, "closes_at", self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The source states that something is no more; `into` is the key it was merged into, where it was. `hidden`: it
    states that an item or a person may not be seen any more, which is not to say that there is none: a private vote
    stays."""

    kind: Kind
    key: str
    into: str | None = None
    hidden: bool = False

    def __post_init__(self) -> None:
        check(self, key=self.key)
        if self.hidden and self.kind not in ("item", "person"):
            raise ValueError("Gone.hidden is for items and people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A record without a readable key, or one that refers to nothing: kept with its evidence for an operator.

    `place` says where it stood (file and line, or page and entry), `evidence` is the record itself, cut to
    `EVIDENCE`. `keyless` marks the former: then nothing is deleted in this run. `stored` marks a record that was
    stored all the same, without the part that the reason names; it does not count towards `set_aside_max`."""

    kind: str
    reason: str
    place: str
    evidence: str = ""
    key: str = ""
    keyless: bool = True
    stored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The end of a pull. `cursor`: where the next delta may begin. `listed`: the kinds that were listed in whole, so
    that what was not seen may be gone. `incomplete` says why the listing cannot be trusted; then no cursor moves."""

    cursor: str | None = None
    listed: frozenset[Kind] = frozenset()
    incomplete: str = ""


Record = Person | Group | Members | Item | Authorship | Gone | Aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is stored in one transaction: people and groups, then items with all their authorships, then mentions and
    tallies.

    The authorships of an item in the page replace what was told of that item before; authorships of items that are
    not in the page are added. `bookmark` is where inside an unfinished run to go on. `notes` are what the connector
    wants to remember itself, by name, for any later run of it; an empty one is forgotten. `total` is the source's own
    estimate of all records of the run, for the progress bar."""

    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    members: tuple[Members, ...] = ()
    items: tuple[Item, ...] = ()
    authorships: tuple[Authorship, ...] = ()
    mentions: tuple[Mention, ...] = ()
    tallies: tuple[Tally, ...] = ()
    gone: tuple[Gone, ...] = ()
    asides: tuple[Aside, ...] = ()
    bookmark: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    done: Done | None = None

    def __post_init__(self) -> None:
        for name, text in self.notes.items():
            check(self, notes=f"{name}{text}")
            if not name or len(name) > LONGEST_NAME or len(text) > LONGEST_NOTE:
                raise ValueError(f"Page.notes: at most {LONGEST_NOTE} characters under a name of {LONGEST_NAME}")

    @classmethod
    def of(cls, records: Iterable[Record], *, bookmark: str | None = None, total: int | None = None) -> Self:
        """A page of records of any kinds, each in its place."""
        kept = list(records)
        return cls(
            people=tuple(each for each in kept if isinstance(each, Person)),
            groups=tuple(each for each in kept if isinstance(each, Group)),
            members=tuple(each for each in kept if isinstance(each, Members)),
            items=tuple(each for each in kept if isinstance(each, Item)),
            authorships=tuple(each for each in kept if isinstance(each, Authorship)),
            gone=tuple(dict.fromkeys(each for each in kept if isinstance(each, Gone))),
            asides=tuple(each for each in kept if isinstance(each, Aside)),
            bookmark=bookmark,
            total=total or None,
        )
