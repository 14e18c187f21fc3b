"""Bluesky: posts, quotes and reposts that name outputs, from the stream of all that is said there.

API:       Jetstream over a websocket, `/subscribe` with `wantedCollections` (posts, reposts) and `cursor` (`time_us`)
Auth:      none
Deletions: told in the stream, as are edits, and accounts that are deleted, taken down, suspended or deactivated; what
           was deleted while nobody listened for longer than the stream looks back (36 hours) is not told
Terms:     what its author deletes is to be removed: the mention is taken back and its excerpt with it. Kept of a post
           are its address, when it was said, the id (DID) of its account, and an excerpt with the identifier; no text,
           handle or name
Costs:     nothing; a day of posts and reposts is several GB to be read
"""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import ClassVar

from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.errors import ConnectorError
from connectors.records import Page

LOOKS = 25  # at five a second: what a check waits for a first message


class Bluesky(Listens):
    """One Jetstream, which is read whole: it learns nothing of what is looked for."""

    manifest: ClassVar = Manifest(kind="bluesky", deletions="reported", socket=True)

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """From a little before the cursor to the moment at which the run began; without one as early as is told."""
        from connectors.bluesky.listening import listen  # with parsers, which few commands need

        return listen(self.client, self.settings, since, ear)

    def check(self) -> Iterator[Finding]:
        """Whether something comes, and whether that is what a Jetstream sends."""
        from connectors.bluesky.events import event
        from connectors.bluesky.listening import address
        from connectors.websocket import messages

        mend = "is url that of a Jetstream, without /subscribe?"
        try:
            with closing(messages(self.client, self.settings, lambda: address(self.settings))) as told:
                first = next(filter(None, islice(told, LOOKS)), None)
            if first is None:
                yield Finding(ok=False, what="it can be reached, and says nothing", mend=mend)
            else:
                event(first)
                yield Finding(ok=True, what="it can be reached, and tells what is said")
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error), mend=mend)
