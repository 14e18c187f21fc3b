"""The records that cross the border: what a connector may tell the house.

All are frozen and check themselves, since table classes do not. Keys are the source's own ids, unique per kind
within a connection. `raw` holds the privacy inputs exactly as the source told them, for `ringmark why`; `doubts`
says in plain words what was not understood in a record that was therefore voted private.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Self

from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.texts import one_line

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

# How sure it is that a mention speaks of what an identifier names, the surest first: an administrator has looked; the
# identifier itself stands in what was seen; it follows from a list of what belongs together, such as the known
# addresses of an output; a page of a host that is known as a publisher's or repository's says so of itself. No title is
# among them, since a title alone ties nothing, and none of the steps for which each DOI would have to be resolved.
CONFIRMED = "confirmed by hand"
LEVELS = (CONFIRMED, "literal", "lookup", "recognised domain")

LONGEST_EXCERPT = 300  # characters
UNKNOWN_TIER = 0
MOST_FOLLOWERS = 10**9 - 1  # nobody has a thousand million on any of the services; who is said to is not counted right
MOST_POSTS = 10**7  # a month: four a second
MOST_REACH = 2
MOST_UNITS = 10**9  # more than there are accounts that could speak of one output
_METHOD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_VERSION = 100
TEXTS = ("name", "title", "type", "journal", "published", "url", "source", "policy_source", "jurisdiction", "country")


def _check(record: object, **texts: str | None) -> None:
    for name, value in texts.items():
        if not isinstance(value, str) or not value or "\x00" in value:
            raise ValueError(f"{type(record).__name__}.{name} must be a non-empty string without NUL")
    for name in TEXTS:
        if not isinstance(getattr(record, name, ""), str):
            raise TypeError(f"{type(record).__name__}.{name} must be a string")
    visibility = getattr(record, "visibility", Visibility.PRIVATE)
    if not isinstance(visibility, Visibility):
        raise TypeError(f"{type(record).__name__}.visibility must be a Visibility")


def _check_numbers(record: object, **most: int) -> None:
    """Each is a whole number from 0 to its most, or None."""
    for name, limit in most.items():
        value = getattr(record, name)
        if value is not None and (type(value) is not int or not 0 <= value <= limit):
            raise ValueError(f"{type(record).__name__}.{name} must be a whole number from 0 to {limit}, or None")


def _check_time(record: object, name: str, value: datetime | None) -> None:
    if value is not None and value.utcoffset() != UTC.utcoffset(None):
        raise ValueError(f"{type(record).__name__}.{name} must be an aware time in UTC")


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
        _check(self, key=self.key)
        _check_time(self, "closes_at", self.closes_at)


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
        _check(self, key=self.key)
        _check_time(self, "closes_at", self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """All direct members of one group (person keys); replaces what was told of that group before."""

    group: str
    people: tuple[str, ...]

    def __post_init__(self) -> None:
        _check(self, group=self.group)


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
        _check(self, key=self.key)
        _check_time(self, "closes_at", self.closes_at)
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
        _check(self, key=self.key, item=self.item, person=self.person)
        _check_time(self, "closes_at", self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who spoke, where it was an account. Numbers are None when not told; shares and rates are thousandths."""

    key: str
    name: str = ""
    followers: int | None = None
    posts_per_month_milli: int | None = None
    domain_share_milli: int | None = None

    def __post_init__(self) -> None:
        _check(self, key=self.key)
        most = {"posts_per_month_milli": 1000 * MOST_POSTS, "domain_share_milli": 1000}
        _check_numbers(self, followers=MOST_FOLLOWERS, **most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who spoke, where it was an outlet, blog or show. `tier` is 1 to 4, or `UNKNOWN_TIER` where it was told and is
    none of these; `reach_milli` is 0 to 2000; None: not told."""

    key: str
    name: str = ""
    tier: int | None = None
    country: str = ""
    reach_milli: int | None = None

    def __post_init__(self) -> None:
        _check(self, key=self.key)
        _check_numbers(self, tier=4, reach_milli=1000 * MOST_REACH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a mention is said to speak of what `identifier` names.

    `method` is the extractor's word for how it was found, `excerpt` the smallest sufficient piece of what was seen, on
    one line and cut by whoever found it. `digest` is the SHA-256 of the whole text or page that the excerpt was taken
    from, so that a later look can tell whether it has changed; `extractor` the version of what found it."""

    identifier: Identifier
    method: str
    level: str
    excerpt: str
    digest: str
    extractor: str

    def __post_init__(self) -> None:
        _check(self, excerpt=self.excerpt, extractor=self.extractor)
        if not _METHOD.fullmatch(self.method):
            raise ValueError("Evidence.method must be a word: small letters, digits, and hyphens between them")
        if self.method.startswith("title"):
            raise ValueError("Evidence.method: a title alone ties nothing")
        if self.level not in LEVELS or self.level == CONFIRMED:
            raise ValueError(f"Evidence.level must be one of {', '.join(LEVELS[1:])}; an administrator alone confirms")
        for name, most in (("excerpt", LONGEST_EXCERPT), ("extractor", _LONGEST_VERSION)):
            told = getattr(self, name)
            if len(told) > most or told != one_line(told):
                raise ValueError(f"Evidence.{name} must be one line of at most {most} characters")
        if not _SHA256.fullmatch(self.digest):
            raise ValueError("Evidence.digest must be a SHA-256 in 64 small hexadecimal digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One act of attention. `url` is canonical; `targets` are the outputs' identifiers it names; `evidence` is what was
    seen of them, of each at most once; `deleted` takes an earlier mention of the same key back, and then only `key`
    matters."""

    key: str
    source: str = ""
    targets: tuple[Identifier, ...] = ()
    url: str = ""
    title: str = ""
    occurred_at: datetime | None = None
    account: Account | None = None
    outlet: Outlet | None = None
    policy_source: str = ""
    jurisdiction: str = ""
    repost: bool = False
    deleted: bool = False
    method: str = "told by the source"
    evidence: tuple[Evidence, ...] = ()
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check(self, key=self.key)
        _check_time(self, "occurred_at", self.occurred_at)
        seen = [each.identifier for each in self.evidence]
        if len(set(seen)) < len(seen) or not set(seen) <= set(self.targets):
            raise ValueError("Mention.evidence must be of its targets, at most one of each")
        if not self.deleted and (not self.source or self.occurred_at is None):
            raise ValueError("Mention.source and Mention.occurred_at are required unless it is deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many units (outlets, accounts, policy sources) of each source speak of what `targets` name, where none of
    them is told. It replaces what was told under the same identifiers, source by source; 0 takes it back."""

    targets: tuple[Identifier, ...]
    units: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.targets:
            raise ValueError("Tally.targets must name what is spoken of")
        if not all(0 <= units <= MOST_UNITS for units in self.units.values()):
            raise ValueError(f"Tally.units must be within 0 and {MOST_UNITS}")


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
        _check(self, key=self.key)
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
    not in the page are added. `bookmark` is where inside an unfinished run to go on. `total` is the source's own
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
    total: int | None = None
    done: Done | None = None

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
