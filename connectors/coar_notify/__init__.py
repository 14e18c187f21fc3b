"""COAR Notify: tells the inbox of a repository that there is a page about the attention one of its resources gets.

API:       COAR Notify 1.0.1 on W3C Linked Data Notifications: "Announce Relationship" as JSON-LD, one for each output
Auth:      a bearer token, where the inbox asks for one
Deletions: told as an Activity Streams `Undo` of the announcement
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

from config.settings import Connection
from connectors.base import Finding, Manifest, Notice, Tells
from connectors.coar_notify.inbox import found
from connectors.coar_notify.payload import announced, body_of, undone
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Client

TYPE = 'application/ld+json;profile="https://www.w3.org/ns/activitystreams"'


class CoarNotify(Tells):
    """One inbox."""

    manifest: ClassVar = Manifest(
        kind="coar_notify",
        write_back="public",
        finds_by=("doi", "handle", "url"),
        token="Authorization: Bearer {}",  # noqa: S106 - the form of a header
        pace=0.5,
    )
    scores: ClassVar = False  # the page is announced, and shows the score of now

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._known = ""

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        """Announce a page, or undo that. Any answer from 200 to 299 means that it has arrived."""
        inbox = self._inbox()
        told = undone(notice, inbox) if notice.score is None else announced(notice, inbox)
        headers = {"Content-Type": TYPE}
        with self.client.change("POST", inbox, permit=permit, body=body_of(told), headers=headers) as answer:
            where = f"POST {answer.path}: status {answer.status}"
            if answer.status == 401:
                raise NotAllowed(f"{where}; is this installation known to the inbox, and its token right?")
            if answer.status == 403:  # it may be about this one notice
                raise NotUnderstood(f"{where}; may this installation tell the inbox of it?")
            if not 200 <= answer.status < 300:
                raise NotUnderstood(f"{where}; is this the inbox, and does it take announcements of relationships?")

    def check(self) -> Iterator[Finding]:
        """Look for the inbox. Nothing is sent, for what is announced cannot be a test."""
        try:
            inbox = found(self.client)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
        else:
            own = "url is the inbox itself" if inbox == self.client.base else "url names its inbox"
            yield Finding(ok=True, what=f"{own}; whether it takes our notices, only the first will tell")

    def _inbox(self) -> str:
        """Where notices go; one that may not be read may still be written to."""
        if not self._known:
            try:
                self._known = found(self.client)
            except NotAllowed:
                self._known = self.client.base
        return self._known
