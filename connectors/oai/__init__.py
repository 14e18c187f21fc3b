"""OAI-PMH: outputs of any repository that can be harvested, in the richest metadata format that it offers.

API:       OAI-PMH 2.0; ListRecords in windows of dates; RIOXX 3 and 2, OpenAIRE 4, MODS, Dublin Core, UKETD, CERIF
Auth:      none is needed for what is public; otherwise HTTP basic, a bearer token, or headers
Deletions: as far as the provider keeps deleted records; a full listing finds the others, and asks for each
"""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from config.settings import Connection
from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Manifest, Pulls, Since
from connectors.errors import ConnectorError, NotUnderstood
from connectors.oai.check import findings, is_eprints
from connectors.oai.formats import chosen
from connectors.oai.items import item
from connectors.oai_pmh.harvest import Harvest
from connectors.oai_pmh.mark import Mark
from connectors.oai_pmh.provider import Provider, RepeatedPage
from connectors.oai_pmh.xml import NO_FORMAT, NO_SUCH_ID, Record, Refused, moment
from connectors.records import Aside, Done, Gone, Item, Kind, Page

Told = Item | Gone | Aside


class Oai(Pulls):
    """One data provider."""

    manifest: ClassVar = Manifest(
        kind="oai",
        incremental=True,
        deletions="transient",
        token="Authorization: Bearer {}",  # noqa: S106 - where the token goes
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Who harvests with credentials may be told what is restricted, and an EPrints tells anybody what it hides: not
        all of that can be assumed public."""
        if settings.assume.outputs != Visibility.PUBLIC:
            return
        if settings.username or settings.token or settings.headers:
            why = "a harvest with credentials may hold restricted records; harvest without, or assume less"
            yield "assume.outputs", why
        if is_eprints(settings.url or ""):
            yield "assume.outputs", 'an EPrints tells over OAI-PMH of records that it hides; write kind = "eprints"'

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`.

        A cursor of another format than that of now is none: everything is read again."""
        self.client.begin()
        provider = Provider(self.client)
        repository = provider.known()
        now = clock.began(self.client.heard, since.now) or since.now
        stamp, _, of = (since.cursor or "").partition(" ")
        start = moment(stamp) if of == self._prefix else None
        what = f"{self._prefix} {start.isoformat() if start else ''}"
        mark = Mark.read(since.bookmark, what) or Mark(what=what, began=now.isoformat())
        harvest = Harvest(
            provider,
            repository,
            prefix=self._prefix,
            sets=self.settings.sets,
            reading=self._item,
            now=now,
            source=self.settings.name,
        )
        try:
            for part in harvest.parts(start, mark):
                yield Page.of(part.records, bookmark=part.bookmark)
        except RepeatedPage as error:
            yield Page(done=Done(incomplete=str(error)))
            return
        whole = start is None and harvest.proven
        listed = frozenset[Kind]({"item"} if whole else ())
        yield Page(done=Done(cursor=f"{mark.began} {self._prefix}", listed=listed))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one record: gone when it does not exist, is deleted, or is in none of the sets that are harvested."""
        try:
            record = Provider(self.client).record(key, self._prefix)
        except Refused as refused:
            if refused.codes & {NO_SUCH_ID, NO_FORMAT}:
                return Gone(kind=kind, key=key)
            raise
        if record is None or record.identifier != key:
            raise NotUnderstood("GetRecord: the answer is about another record; is a cache in between?")
        if record.deleted or not self._within(record):
            return Gone(kind=kind, key=key, hidden=record.deleted)
        return None

    def check(self) -> Iterator[Finding]:
        """Address, version, formats, sets and promises of the provider, and how the first records read."""
        self.client.begin()
        try:
            yield from findings(Provider(self.client), self.settings, self._item)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _item(self, record: Record) -> Iterator[Told]:
        return item(record, self.settings.assume.outputs)

    def _within(self, record: Record) -> bool:
        """Whether a record is in one of the sets; a set holds its subsets (2.6)."""
        wanted = self.settings.sets
        return not wanted or any(told == spec or told.startswith(f"{spec}:") for told in record.sets for spec in wanted)

    @cached_property
    def _prefix(self) -> str:
        return chosen(Provider(self.client), self.settings)
