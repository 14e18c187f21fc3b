"""DSpace 7, 8 and 9: items and who may see them, people, a badge in one metadata field of each item.

API:       REST, JSON; items are listed and found by the discover search, found by handle (pid), written by JSON Patch;
           what changed is told by the search, or by OAI-PMH
Auth:      login by form for a JWT bearer, renewed before it ends; CSRF token and cookie with all that changes
           something; without an account what anybody sees is read
Deletions: not reported; a full listing finds them. A withdrawn item is told to administrators, and empty to others
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from config.settings import Connection
from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.dspace.access import Judge
from connectors.dspace.check import findings
from connectors.dspace.items import carrying, holding, metadata, parts, path_of, values
from connectors.dspace.mark import Cursor
from connectors.dspace.oai import Oai
from connectors.dspace.patch import operations
from connectors.dspace.ranges import LARGEST, Listing
from connectors.dspace.records import Rules, is_output, is_person
from connectors.dspace.rest import Refused, Rest
from connectors.dspace.run import NO_PEOPLE, Run
from connectors.dspace.search import UUID
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.origins import origin
from connectors.records import Gone, Kind, Page


class DSpace(Pulls, Pushes):
    """One DSpace, read and written to by an account of its own."""

    manifest: ClassVar = Manifest(
        kind="dspace",
        incremental=True,
        people=True,
        visibility=frozenset({"people", "outputs"}),
        write_back="public",
        finds_by=("doi", "handle"),
        own_login=True,
        page_limits=(("items", LARGEST),),
        pace=0.5,
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._rest = Rest(settings, client)
        self._judge = Judge(self._rest)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Requests stay at one place."""
        if settings.oai and settings.url and origin(settings.oai) != origin(settings.url):
            yield "oai", "is at another place than url; a DSpace answers harvesters where it answers us"

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`. What was read without people, or with
        them, or what changed by another address of OAI, is read whole when the settings say otherwise now."""
        self.client.begin()
        run = self._run()
        run = replace(run, began=clock.began(run.began, since.now))
        cursor = Cursor.read(since.cursor)
        if cursor and (cursor.people == NO_PEOPLE) is (run.people == NO_PEOPLE) and cursor.oai in ("", run.oai.address):
            yield from run.changes(cursor, since.bookmark)
        else:
            yield from run.everything(since.bookmark, again=since.memory is not None)

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one item; it stays only where it is still of that kind and everybody may still see it, as an older
        version of an item, which no listing names. Hidden where it is less open now, not for us, or shows nothing."""
        gone = Gone(kind=kind, key=key)
        fits = {"person": is_person, "item": is_output}.get(kind)
        if not fits or not UUID.fullmatch(key):
            return gone
        hidden = replace(gone, hidden=True)
        try:
            item = self._judge.told(key)
        except Refused:
            return hidden
        if item is None:
            return gone
        if not item.get("metadata"):  # withdrawn, and told to administrators alone: what it is nobody knows
            return hidden
        if not fits(item):
            return gone
        return None if self._judge.access(item, key).visibility == Visibility.PUBLIC else hidden

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The UUIDs, sorted, of archived items that carry one of the DOIs in `doi_fields`, or one of the handles."""
        return carrying(self._rest, identifiers, self.settings.doi_fields)

    def read(self, address: str, field: str) -> Held | None:
        """What a field holds, in its order. That nothing is there is believed only while our login is known to hold."""
        parts(field)
        fields = self._fields(address)
        if not (fields and fields.get(field)) and not self._rest.known():
            fields = self._fields(address)
        if fields is None:
            return None
        if not fields:
            raise NotUnderstood(f"{path_of(address)}: withdrawn, and its fields are shown to administrators alone")
        return Held(values=values(fields, field))

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:
        """New versions of an item begin as copies of it. Found as soon as the index has them."""
        return tuple(uuid for uuid in holding(self._rest, field, text) if uuid != address)

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Change what differs, in one patch; no request where nothing does. Values that stay are not touched.

        A DSpace has no guard against somebody else's change since `before`: only reading tells what is there now."""
        parts(field)
        path = path_of(address)
        patch = operations(field, before.values, values)
        if not patch:
            return
        status = self._rest.patch(path, patch, permit)
        if status in (401, 403):
            mend = "give the account the right to edit this item; docs/dspace.md says which"
            raise NotUnderstood(f"PATCH {path}: refused with status {status}; {mend}")
        if status >= 300:
            raise NotUnderstood(f"PATCH {path}: {_MEANS.get(status, '').format(field=field) or f'status {status}'}")

    def check(self) -> Iterator[Finding]:
        """Address and version, login and rights, and whether the field is in the registry."""
        try:
            self.client.begin()
            yield from findings(self.settings, self.client, self._rest, self._run)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _run(self) -> Run:
        """Ask who is there, and what time it is."""
        self._rest.meet()
        return Run(
            listing=Listing(self._rest, self.settings.per_page),
            oai=Oai(self.client, self.settings.oai),
            judge=self._judge,
            rules=Rules.of(self.settings),
            source=self.settings.name,
            began=self._rest.clock,
        )

    def _fields(self, address: str) -> Mapping[str, object] | None:
        item = self._rest.get(path_of(address))
        return None if item is None else metadata(item, address)


_MEANS = {
    404: "the item is gone",
    422: "status 422; register {field} in the metadata registry (docs/dspace.md), unless somebody changed it just now",
}
