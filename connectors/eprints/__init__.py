"""EPrints 3.4: records with their status and whether they are shown, read; a badge in one field of each, written.

API:       OAI-PMH lists what changed (/cgi/oai2); REST tells each record as XML, and takes one field (/rest/eprint/N)
Auth:      HTTP basic; records of the archive are open to anybody by default, a field is written by the role `rest`
Deletions: deleted headers of what was retired; what was destroyed is told by nothing, and found by a full listing
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from config.settings import Connection
from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.eprints.check import findings
from connectors.eprints.flags import succeeded
from connectors.eprints.index import Index
from connectors.eprints.items import dois, item
from connectors.eprints.rest import FIELD, Forbidden, Rest, joined, lines, path_of
from connectors.eprints.run import OAI, Run
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.oai_pmh.provider import Provider, RepeatedPage
from connectors.records import Done, Gone, Kind, Page


class EPrints(Pulls, Pushes):
    """One EPrints, read, and written to by an account of its own."""

    manifest: ClassVar = Manifest(
        kind="eprints",
        incremental=True,
        deletions="reported",
        visibility=frozenset({"outputs"}),
        write_back="public",
        finds_by=("doi",),
        pace=0.1,
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._rest = Rest(settings, client)
        self._provider = Provider(client, OAI)
        self._index = Index(self._provider)

    def __exit__(self, *raised: object) -> None:
        self._index.close()
        super().__exit__(*raised)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Badges are written by an account alone, into a field whose name goes into an address."""
        if settings.push and not settings.username:
            yield "username", "missing; badges are written by an account that may write over REST (docs/eprints.md)"
        if settings.field is not None and not FIELD.fullmatch(settings.field):
            yield "field", "is no field of an EPrints; write such as attention_badge"

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`.

        A list that goes round in circles ends the run with `Done.incomplete`: what came is true, but not all."""
        self.client.begin()
        self._provider.known()  # whatever it says, the clock is heard before the list begins
        run = self._run()
        run = replace(run, began=clock.began(run.began, since.now))
        try:
            yield from run.pages(since.cursor, since.bookmark, again=since.memory is not None)
        except RepeatedPage as error:
            yield Page(done=Done(incomplete=str(error)))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one record; gone when there is none, hidden when it is not public any more, or may not be read any
        more, which is all that is told of one out of the archive."""
        hidden = Gone(kind=kind, key=key, hidden=True)
        try:
            eprint = self._rest.record(key)
        except Forbidden:
            return hidden
        except NotAllowed:
            if self.settings.username:
                raise
            return hidden
        if eprint is None:
            return Gone(kind=kind, key=key)
        told = item(key, eprint, ())
        if told.unread:
            raise NotUnderstood(f"GET {path_of(key)}: {'; '.join(told.doubts)}")
        if told.visibility == Visibility.PUBLIC:
            return None
        return Gone(kind=kind, key=key) if succeeded(told.raw) else hidden

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The numbers of the records that everybody may see and that carry one of the DOIs."""
        wanted = {one for one in identifiers if one.scheme == "doi"}
        keys = dict.fromkeys(key for doi in sorted(wanted) for key in self._index.keys(doi.value))
        return tuple(key for key in keys if self._carries(key, wanted))

    def read(self, address: str, field: str) -> Held | None:
        """What a field holds, line by line. That nothing is there is believed only of a field that there is."""
        text = self._rest.text(address, field)
        if text is not None:
            return Held(values=lines(text))
        if self._rest.record(address) is None:
            return None
        raise NotUnderstood(f"{field} is no field of one text; add it as docs/eprints.md says, and run epadmin update")

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Put the lines of a field, where they are other than before.

        An EPrints has no guard against somebody else's change since `before`: only reading tells what is there now."""
        if tuple(values) != before.values:
            self._rest.put(address, field, joined(values), permit)

    def check(self) -> Iterator[Finding]:
        """Address and version, login, how the flags of some records are spread, and whether the field is there."""
        self.client.begin()
        try:
            yield from findings(self.settings, self.client, self._rest, self._run())
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _run(self) -> Run:
        return Run(
            provider=self._provider,
            rest=self._rest,
            doi_fields=self.settings.doi_fields,
            began=self.client.heard,
        )

    def _carries(self, key: str, wanted: set[Identifier]) -> bool:
        eprint = self._rest.record(key)
        if eprint is None or item(key, eprint, ()).visibility != Visibility.PUBLIC:
            return False
        return not wanted.isdisjoint(dois(eprint, self.settings.doi_fields))
