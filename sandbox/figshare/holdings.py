"""What a practice Figshare holds: accounts of one institution, and articles, public or not."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

INSTITUTION = 411
"""The id of the University of Example."""

ARRIVED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""When everything was deposited that says nothing else."""

OPEN: Mapping[str, Any] = {
    "is_public": True,
    "status": "public",
    "is_embargoed": False,
    "embargo_type": "file",
    "is_confidential": False,
}
"""What an article says of itself that everybody may see; the type of an embargo is told where there is none, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody of the institution. `told` is merged into the row of the list, `profile` into the user."""

    id: int
    user: int
    first_name: str
    last_name: str
    active: bool = True
    public: bool = True
    orcid: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Nobody's."""
        return f"{self.id}@example.edu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. `published`: everybody is shown a version of it. `draft` is what its owner has changed since, which
    the institution's list tells at once. `told` is merged into what everybody sees; what is `ABSENT` is left out.
    `authors` are users, with or without an account here; `lost` versions are shown no more, as after an article was
    unpublished and published again."""

    id: int
    title: str
    doi: str = ""
    version: int = 1
    lost: tuple[int, ...] = ()
    authors: tuple[int, ...] = ()
    published: bool = True
    type: str = "dataset"
    draft: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    modified: datetime = ARRIVED
    first_published: datetime = ARRIVED

    @property
    def versioned_doi(self) -> str:
        """As a published version tells it."""
        return f"{self.doi}.v{self.version}" if self.doi.endswith(f".{self.id}") else self.doi


ABSENT = object()
"""Stands for something that is not told at all."""


class Holdings:
    """Everything that is served. Each change holds `lock` and is stamped by `clock`."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.articles: dict[int, Article] = {}
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.RLock()

    def keep(self, *things: Account | Article) -> None:
        """New, or as they are now; with the dates that they bring."""
        with self.lock:
            for each in things:
                if isinstance(each, Account):
                    self.accounts[each.id] = each
                else:
                    self.articles[each.id] = each

    def change(self, article: int, **changes: Any) -> None:
        """Somebody changes an article, which the date tells."""
        with self.lock:
            self.articles[article] = replace(self.articles[article], modified=self.clock(), **changes)

    def delete(self, article: int) -> None:
        """Nothing is left of it."""
        with self.lock:
            del self.articles[article]

    def name_of(self, user: int) -> tuple[str, str]:
        """First and last name of an author; somebody from elsewhere has one, too."""
        known = next((each for each in self.accounts.values() if each.user == user), None)
        return (known.first_name, known.last_name) if known else ("Visiting", f"Author {user}")
