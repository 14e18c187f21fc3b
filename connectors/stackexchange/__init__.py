"""Stack Exchange: questions and answers that name an output, on the sites that you choose.

API:       2.3, JSON; `/search/excerpts` once for each site and output, `/posts/{ids}` for the whole of what it finds
Auth:      none, or a key of an application that you register (`key` in the query; no log or message has it)
Deletions: what is deleted is not found any more, and so is taken back
Terms:     posts are CC BY-SA: shown are title, author and address, as that asks. Kept are these and the day; not the
           text. `backoff` and `quota_remaining` are kept to
Costs:     nothing; 300 requests a day for an address, 10,000 with a key
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import Document
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.records import Heard
from connectors.stackexchange.api import Api

SITES = ("stackoverflow", "stats", "academia", "biology", "physics", "skeptics")
QUOTA, WITH_KEY = 300, 10_000  # requests a day
SPARE = 10  # one of so many requests is left for what has several pages, and for posts
LARGEST = 100  # rows of a page
PAGES = 10  # of one site and output: more than a thousand posts name no single article
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?")


class StackExchange(Asks):
    """The API of Stack Exchange; `sets` are the sites, by the names that it gives them."""

    manifest: ClassVar = Manifest(
        kind="stackexchange",
        asks_by="doi",
        at_a_time=1,
        hears=True,
        daily=(QUOTA - QUOTA // SPARE) // len(SITES),
        pace=0.5,
        at_once=1,
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._sites = tuple(dict.fromkeys(settings.sets)) or SITES
        self._api = Api(settings, client)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Sites that cannot be."""
        if not all(_SITE.fullmatch(site) for site in settings.sets):
            yield "sets", 'has what is no name of a site; write such as ["stackoverflow", "stats"]'

    @property
    def daily(self) -> int:
        """As many questions as the day's requests last for: each site is asked."""
        quota = WITH_KEY if self.settings.token else QUOTA
        return self.settings.daily or max((quota - quota // SPARE) // len(self._sites), 1)

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What names each output, on any of the sites. Posts are read whole, since excerpts are cut."""
        from connectors.stackexchange.posts import mentions

        for each in about:
            told = [
                mention
                for site in self._sites
                for mention in mentions(site, *self._posts(site, each, permit), asked=each)
            ]
            if told:
                yield Heard(asked=each, mentions=tuple(told))

    def check(self) -> Iterator[Finding]:
        """Whether it answers, takes the key where there is one, and knows the sites."""
        for site in self._sites:
            try:
                told = self._api.get("/info", None, site=site)
                left = told.get("quota_remaining")
                yield Finding(ok=True, what=f"Stack Exchange answers for {site}; {left} requests are left today")
            except ConnectorError as error:
                mend = "is url right, is the site one of those of its /sites, and is token its key?"
                yield Finding(ok=False, what=str(error), mend=mend)
                return

    def _posts(
        self, site: str, asked: Identifier, permit: Callable[[], bool]
    ) -> tuple[dict[int, Document], list[Document]]:
        """What the search finds, by the number of the post; and these posts, whole."""
        from connectors.stackexchange.posts import found, rows

        excerpts: dict[int, Document] = {}
        for page in range(1, PAGES + 1):
            question = {"body": asked.value, "sort": "creation", "pagesize": str(LARGEST), "page": str(page)}
            told = self._api.get("/search/excerpts", permit, site=site, **question)
            excerpts |= found(told)
            if told.get("has_more") is not True:
                break
        else:
            raise NotUnderstood(f"/search/excerpts: more than {PAGES} pages")
        posts: list[Document] = []
        numbers = sorted(excerpts)
        for start in range(0, len(numbers), LARGEST):
            ids = ";".join(map(str, numbers[start : start + LARGEST]))
            posts += rows(
                self._api.get(
                    f"/posts/{ids}", permit, called="/posts", site=site, filter="withbody", pagesize=str(LARGEST)
                )
            )
        return excerpts, posts
