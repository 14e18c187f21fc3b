"""The records of attention that cross the border: who spoke of what and where, and what shows it. All are checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.checked import check, check_numbers, check_time
from connectors.identifiers import Identifier
from connectors.texts import LONGEST_EXCERPT, one_line

# How sure it is that a mention speaks of what an identifier names, the surest first: an administrator has looked; the
# identifier itself stands in what was seen; it follows from a list of what belongs together, such as the known
# addresses of an output; a page of a host that is known as a publisher's or repository's says so of itself. No title is
# among them, since a title alone ties nothing, and none of the steps for which each DOI would have to be resolved.
CONFIRMED = "confirmed by hand"
LEVELS = (CONFIRMED, "literal", "lookup", "recognised domain")

# Why a mention was taken back, and what that is in words.
REASONS = {
    "deleted": "its author or its source has deleted it",
    "gone": "what stood at its address is gone",
    "unlinked": "it is still there, and names the output no more",
    "untold": "its source does not tell of it any more",
}

UNKNOWN_TIER = 0
MOST_FOLLOWERS = 10**9 - 1  # nobody has a thousand million on any of the services; who is said to is not counted right
MOST_POSTS = 10**7  # a month: four a second
MOST_REACH = 2
MOST_UNITS = 10**9  # more than there are accounts that could speak of one output
_METHOD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_VERSION = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who spoke, where it was an account. Numbers are None when not told; shares and rates are thousandths."""

    key: str
    name: str = ""
    followers: int | None = None
    posts_per_month_milli: int | None = None
    domain_share_milli: int | None = None

    def __post_init__(self) -> None:
        check(self, key=self.key)
        most = {"posts_per_month_milli": 1000 * MOST_POSTS, "domain_share_milli": 1000}
        check_numbers(self, followers=MOST_FOLLOWERS, **most)


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
        check(self, key=self.key)
        check_numbers(self, tier=4, reach_milli=1000 * MOST_REACH)


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
        check(self, excerpt=self.excerpt, extractor=self.extractor)
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
    seen of them, of each at most once; `deleted` takes an earlier mention of the same key back, for a `reason` (one of
    `REASONS`), and then nothing else matters but `key`."""

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
    reason: str = ""
    method: str = "told by the source"
    evidence: tuple[Evidence, ...] = ()
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check(self, key=self.key)
        check_time(self, "occurred_at", self.occurred_at)
        if self.reason and not (self.deleted and self.reason in REASONS):
            raise ValueError(f"Mention.reason is for what is deleted: one of {', '.join(REASONS)}")
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
