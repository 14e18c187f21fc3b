"""X: posts and reposts that link to an output at doi.org. Every post that is read is paid for.

API:       v2, JSON; `/2/tweets/search/all?query=url:"doi.org/{doi}"`, one request for an output. Not `search/recent`:
           that has seven days, so that all that is older would be taken back
Auth:      the bearer token of an app of yours (`token`)
Deletions: what is deleted is not found any more, and so is taken back when the output is asked about again
Terms:     of X: what is deleted there is to be deleted here, and only ids may be published. Kept are the ids of post
           and account, the day, and the address of the DOI; no text, no name, no number of followers
Costs:     about 0.005 US dollars for each post that is read, also again. `daily` questions of at most `per_page` posts
           (20 of 100, when the settings are silent: 10 dollars) are the most that a day can cost; `check` says how much
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document, within
from connectors.enriching import finding
from connectors.errors import NotUnderstood, TryLater
from connectors.identifiers import Identifier
from connectors.records import Heard

PATH = "/2/tweets/search/all"
NOBODY = Identifier("doi", "10.5555/12345678")  # which Crossref has for tests
LEAST, POSTS, LARGEST = 10, 100, 500  # posts of one question: what X gives at least, ours, and what it gives at most
POST_MILLS = 5  # thousandths of a dollar
USED_UP = 402


class X(Asks):
    """The search in the archive of X."""

    manifest: ClassVar = Manifest(
        kind="x",
        asks_by="doi",
        at_a_time=1,
        hears=True,
        daily=20,
        pace=1.0,
        at_once=1,
        page_limits=(("posts", LARGEST),),
        token="Authorization: Bearer {}",  # noqa: S106 - a header without one
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a token nothing is answered."""
        if not settings.token:
            yield (
                "token",
                "missing; take the bearer token of an app of yours with access to the archive; set token_file",
            )
        if settings.per_page is not None and not LEAST <= settings.per_page <= LARGEST:
            yield "per_page", f"X gives {LEAST} to {LARGEST} posts for a question"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """Who links to each. One page and no more, since each costs; where there are more, nothing is half told."""
        from connectors.x.posts import mentions

        for each in about:
            page = self._page(each, permit)
            if within(page, "meta", "next_token"):
                mend = "raise per_page, and with it what a day may cost, or leave it at that"
                raise NotUnderstood(f"{PATH}: more than {self._most} posts name one output; {mend}")
            if told := mentions(page, each):
                yield Heard(asked=each, mentions=told)

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the token, asked about an article that nobody wrote; and what a day costs."""
        from connectors.x.posts import mentions

        mend = "see docs/answerers.md for address and token"
        for found in finding(
            "X answers, and takes the token", lambda: mentions(self._page(NOBODY, None), NOBODY), mend
        ):
            yield found
            if found.ok:
                dollars = self.daily * self._most * POST_MILLS / 1000
                bounds = f"{self.daily} questions of at most {self._most} posts, {POST_MILLS / 1000} dollars each"
                yield Finding(ok=True, what=f"a day costs at most {dollars:.2f} US dollars: {bounds}")

    @property
    def _most(self) -> int:
        return self.settings.per_page or POSTS

    def _page(self, asked: Identifier, permit: Callable[[], bool] | None) -> Document:
        phrase = asked.value.replace('"', " ")  # to the search both are what parts words
        question = {
            "query": f'url:"doi.org/{phrase}"',
            "max_results": str(self._most),
            "tweet.fields": "author_id,created_at,entities,referenced_tweets",
        }
        with self.client.get(PATH, question, accept=JSON, permit=permit) as answer:
            if answer.status == USED_UP:
                raise TryLater(f"{PATH}: the credit is used up; it goes on when there is some again")
            return document(answer)
