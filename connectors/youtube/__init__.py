"""YouTube: videos whose title or description names an output.

API:       Data API v3, JSON; `/search?q="{doi}"`, then `/videos` for the whole descriptions of what it finds
Auth:      a key of a project of yours, in the header `X-Goog-Api-Key`
Deletions: what is deleted or private is not told any more, and so is taken back
Terms:     what the API tells may be kept for 30 days, then it is to be fetched anew or deleted. So neither titles nor
           names nor counts are kept: only the ids of video and channel, the day, and the DOI that was seen
Costs:     nothing; 100 searches a day for a project
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document
from connectors.enriching import finding
from connectors.errors import NotUnderstood, TryLater
from connectors.identifiers import Identifier
from connectors.records import Heard
from connectors.youtube.refusals import UsedUp, refusal

LARGEST = 50  # rows of a page
PAGES = 4  # of one output; each costs one of the hundred searches of a day


class YouTube(Asks):
    """The Data API. Its search guesses: it goes on for ever, with ever less to do with the question."""

    manifest: ClassVar = Manifest(
        kind="youtube",
        asks_by="doi",
        at_a_time=1,
        hears=True,
        daily=90,  # of 100; some questions take several
        pace=1.0,
        at_once=1,
        token="X-Goog-Api-Key: {}",  # noqa: S106 - a header without one
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a key nothing is answered."""
        if not settings.token:
            yield "token", "missing; make a key for the YouTube Data API in a project of yours and set token_file"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What names each output. The search has the best first, so it is followed while most of a page names it."""
        from connectors.youtube.videos import ids, mentions, next_page

        for each in about:
            told: dict[str, Mention] = {}
            token = ""
            for _ in range(PAGES):
                page = self._search(each, token, permit)
                some = mentions(self._videos(found, permit), each) if (found := ids(page)) else ()
                told |= {mention.key: mention for mention in some}
                token = next_page(page)
                if 2 * len(some) <= len(found) or not token:
                    break
            else:
                raise NotUnderstood(f"/search: more than {PAGES} pages of videos that name it")
            if told:
                yield Heard(asked=each, mentions=tuple(told.values()))

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the key. This costs no search."""
        mend = "see docs/answerers.md for address and key"
        yield from finding("YouTube answers, and takes the key", lambda: self._videos(["none"], None), mend)

    def _search(self, asked: Identifier, token: str, permit: Callable[[], bool]) -> Document:
        further = {"pageToken": token} if token else {}
        phrase = asked.value.replace('"', " ")
        return self._get(
            "/search", permit, part="id", type="video", q=f'"{phrase}"', maxResults=str(LARGEST), **further
        )

    def _videos(self, ids: Sequence[str], permit: Callable[[], bool] | None) -> Document:
        return self._get("/videos", permit, part="snippet", id=",".join(ids), maxResults=str(LARGEST))

    def _get(self, path: str, permit: Callable[[], bool] | None, **asked: str) -> Document:
        try:
            with self.client.get(path, asked, accept=JSON, permit=permit, refusal=refusal) as answer:
                if answer.status == 400 and (refused := refusal(answer)):
                    raise refused
                return document(answer)
        except UsedUp as used_up:
            raise TryLater(str(used_up)) from None
