"""The practice Figshare as the conformance suite drives it: numbers in, an institution of a few articles out.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ABSENT, Account, Article
from sandbox.practised import OnServer

PER_PAGE = 4
ACCOUNTS, USERS, ARTICLES = 1000, 2_000_000, 50_000
LISTING, MIDDLE = r"/institution/articles\?", r"/institution/articles\?page=2&"

WRITING = ("writes", "forgets", "answer lost", "edited meanwhile")
READ_ONLY = "a Figshare takes no badge without publishing on its owner's behalf"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a Figshare needs no files
    """One practice Figshare until the block ends."""
    with practice_figshare() as server:
        yield Practised(server)


class Practised(OnServer[PracticeFigshare]):
    """A running one."""

    levels = ("private", "public")

    def __init__(self, server: PracticeFigshare) -> None:
        super().__init__(server)
        self.holdings = server.holdings
        self.settings: Mapping[str, str | int | bool] = {"url": server.url, "per_page": PER_PAGE}
        self.secrets: Mapping[str, str] = {"token": server.token}
        self.lacks: Mapping[str, str] = dict.fromkeys(WRITING, READ_ONLY)

    def at(self, moment: datetime) -> None:
        """The clock by which everything is stamped."""
        self.holdings.clock = lambda: moment

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """An account, with a profile that is public or not."""
        first, _, last = name.partition(" ")
        self.holdings.keep(
            Account(
                id=ACCOUNTS + number,
                user=USERS + number,
                first_name=first,
                last_name=last,
                active=current,
                public=level == "public",
                profile=_profile(level),
            )
        )

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """An article by accounts of the institution; what is not public was never published."""
        key = ARTICLES + number
        known = self.holdings.articles.get(key)
        self.holdings.keep(
            Article(
                id=key,
                title=title,
                doi=doi,
                authors=tuple(USERS + author for author in authors),
                published=level not in ("private", "internal"),
                told=_flags(level),
                modified=known.modified if known and not dated else self.holdings.clock(),
            )
        )

    def remove(self, number: int) -> None:
        """An article is deleted, which nothing tells."""
        self.holdings.delete(ARTICLES + number)

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(self._fault(name))

    def _fault(self, name: str) -> FigshareFault:
        match name:
            case "truncated" | "cut short":
                return FigshareFault(name, address=MIDDLE, times=None)
            case "last page empty":
                last = (len(self.holdings.articles) - 1) // PER_PAGE + 1
                return FigshareFault("empty list", address=rf"{LISTING}page={last}&", times=None)
            case "page again":
                return FigshareFault("page again", address=rf"{LISTING}page=3&", times=None)
            case "empty list" | "shuffled" | "repeated":
                return FigshareFault(name, address=LISTING, times=None)
            case "server error":
                return FigshareFault("status", address=MIDDLE, status=500, times=None)
            case "server error once":
                return FigshareFault("status", address=MIDDLE, status=500)
            case "too many requests":
                return FigshareFault("status", address=MIDDLE, status=429, retry_after="7")
            case "login ended":
                return FigshareFault("status", address=MIDDLE, status=401)
        raise KeyError(name)


def _flags(level: str) -> Mapping[str, Any]:
    """A word that is no level is told as it stands, and none is not told at all."""
    if level in ("public", "internal", "private"):
        return {}
    return {"status": level or ABSENT, "is_public": True if level else ABSENT}


def _profile(level: str) -> Mapping[str, Any]:
    return {} if level in ("public", "internal", "private") else {"is_public": level or ABSENT}
