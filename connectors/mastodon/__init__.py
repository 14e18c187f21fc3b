"""Mastodon: posts of the public timeline of one instance, and of all instances whose posts arrive there.

API:       REST, JSON; `/api/v1/timelines/public?min_id=...&limit=40` forwards, `/api/v1/statuses/{id}` for one post
Auth:      a token of an application with the scope `read:statuses`; some instances answer without
Deletions: not in the timeline; a post is looked at again by its age, and taken back where it is gone
Terms:     those of the instance, which its `/about` states. Only `public` posts are read, and of those of accounts that
           want to be found; kept are the id and address of a post, its time, the account's address, name and followers
Costs:     300 requests in 5 minutes for each token, of 40 posts each
"""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from connectors.attention import Mention
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.documents import document
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer
from connectors.records import Page

GONE = (404, 410)


class Mastodon(Listens):
    """The REST API of one instance. Its streaming API tells the same posts sooner, and what was said while nobody
    listened never."""

    manifest: ClassVar = Manifest(
        kind="mastodon",
        token="Authorization: Bearer {}",  # noqa: S106 - the form of a header
        looks_again=True,
        pace=1.0,
        at_once=1,
    )

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """From the last post that was read to the moment at which the run began."""
        from connectors.mastodon import timeline  # with parsers, which few commands need

        return timeline.pages(self.client, since, ear)

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:  # noqa: ARG002 - found by its id
        """The post as it is now; where the instance itself says that there is none, it is gone."""
        from connectors.mastodon import statuses

        with self.client.get(f"/api/v1/statuses/{quote(key, safe='')}", called="/api/v1/statuses/{id}") as answer:
            if answer.status in GONE:
                return Mention(key=key, deleted=True, reason="gone") if _says_so(answer) else None
            told = document(answer)
        if told.get("id") != key:
            raise NotUnderstood("/api/v1/statuses/{id}: another post than was asked for")
        return statuses.mention(told, ear.tracked) or statuses.taken_back(told)

    def check(self) -> Iterator[Finding]:
        """Whether the public timeline can be read."""
        from connectors.mastodon import timeline

        try:
            found = timeline.ask(self.client, {"limit": "1"})
        except NotAllowed:
            mend = "give a token with the scope read:statuses, or ask who runs it: it may be off there"
            yield Finding(ok=False, what="the instance does not show its public timeline", mend=mend)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error), mend="is url the address of the instance, without a path?")
        else:
            empty = "; there is no post on it" if not found.statuses else ""
            yield Finding(ok=True, what=f"the public timeline can be read{empty}")


def _says_so(answer: Answer) -> bool:
    """Whether it is the API that answers, and not a page before it that finds nothing."""
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"
