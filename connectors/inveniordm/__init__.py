"""InvenioRDM: records with their access levels; a badge in a custom field of each record.

API:       REST, JSON; /api/records (or the records of communities) in the order of their changes; drafts to write
Auth:      a personal access token as a bearer; without one only what everybody sees is read
Deletions: not reported; a full listing finds them (410 deleted, 404 never there or hidden, 403 not for us any more)
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from config.settings import Connection
from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.documents import Document
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.inveniordm.check import findings
from connectors.inveniordm.edit import Edit, revision_of, values_of
from connectors.inveniordm.items import key_of, records
from connectors.inveniordm.listing import Listing, Unproven, floor
from connectors.inveniordm.mark import Mark, moment
from connectors.inveniordm.rest import Forbidden, Rest, Unseen
from connectors.inveniordm.search import carrying, holding
from connectors.records import Aside, Done, Gone, Kind, Page

KNOWN, ANYBODY = 100, 25  # rows a page that zenodo.org gives at most, with a token and without
DRAFT = "/draft"  # behind the id of a record, the address of its draft
OVERLAP = timedelta(minutes=5)  # the index knows of a change later than its stamp says


class InvenioRDM(Pulls, Pushes):
    """One InvenioRDM, or some of its communities."""

    manifest: ClassVar = Manifest(
        kind="inveniordm",
        incremental=True,
        visibility=frozenset({"outputs"}),
        write_back="public",
        finds_by=("doi",),
        token="Authorization: Bearer {}",  # noqa: S106 - the header that one travels in
        page_limits=(("records", KNOWN), ("records without a token", ANYBODY)),
        pace=0.5,
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._rest = Rest(settings, client)
        self._ids: frozenset[str] | None = None

    def pull(self, since: Since) -> Iterator[Page]:
        """Every version of every record, or from a cursor what changed since; see `Pulls.pull`.

        A listing that cannot be proven to be whole ends the run with `Done.incomplete`."""
        self.client.begin()
        try:
            yield from self._pull(since)
        except Unproven as error:
            yield Page(done=Done(incomplete=str(error)))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one record; gone where it was deleted, or has left our communities, hidden where it is not public any
        more, or not found, which may mean that too, and merged where another id answers."""
        gone, hidden = Gone(kind=kind, key=key), Gone(kind=kind, key=key, hidden=True)
        try:
            record = self._rest.record(key, surely=True)
        except Forbidden:
            self._rest.expect_known()
            return hidden
        except Unseen:
            return hidden
        if record is None or not self._ours(record):
            return gone
        told = next(records(record, "", ()))
        if isinstance(told, Aside):
            raise NotUnderstood("a record answered without an id that can be read")
        if told.key != key:
            return Gone(kind=kind, key=key, into=told.key)
        if isinstance(told, Gone):
            return gone
        return None if told.visibility == Visibility.PUBLIC else hidden

    def check(self) -> Iterator[Finding]:
        """Address, token, communities, and how the flags of the first pages are distributed."""
        self.client.begin()
        try:
            self._refuse_the_world()
            if self.settings.push:
                self._refuse_to_write()
            yield from findings(self.settings, self._rest, self._listings())
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The ids, sorted, of published records whose own DOI is one of them."""
        self._refuse_to_write()
        dois = [each for each in identifiers if each.scheme == "doi"]
        return tuple(sorted({key for doi in dois for key in carrying(self._rest, doi)}))

    def read(self, address: str, field: str) -> Held | None:
        """What a custom field of the published record holds, or of a draft that `copies` told of; its revision is the
        guard."""
        key = address.removesuffix(DRAFT)
        record = self._rest.record(key) if key == address else self._rest.draft(key)
        if record is None:
            return None
        if key_of(record) != key:
            raise NotUnderstood("another record answered than was asked for")
        return Held(values=values_of(record, field), guard=revision_of(record))

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:
        """New versions of a record begin as copies of it. Found once they are published, and the index has them. And
        the record's own draft, where we left one behind: whoever publishes it would publish what it holds."""
        found = {key for key in holding(self._rest, field, text) if key != address}
        try:
            draft = self._rest.draft(address)
        except Forbidden:  # who may not see drafts has made none
            draft = None
        if draft is not None and any(text in told for told in values_of(draft, field)):
            found.add(f"{address}{DRAFT}")
        return tuple(sorted(found))

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Publish the record anew with these values; no request where nothing differs. A draft is thrown away."""
        self._refuse_to_write()
        if before.values == tuple(values):
            return
        key, new = address.removesuffix(DRAFT), tuple(values)
        edit = Edit(rest=self._rest, address=key, field=field, before=before, values=new, permit=permit)
        if key == address:
            edit.carry_out()
        else:
            edit.throw_away()

    def _pull(self, since: Since) -> Iterator[Page]:
        self._refuse_the_world()
        self._rest.expect_known()
        listings = self._listings()
        mark = Mark.read(since.bookmark, [each.path for each in listings])
        start = floor(clock.read(since.cursor) - OVERLAP) if since.cursor else None
        began, told = (mark.began, True) if mark else ("", False)
        if mark:
            listings = listings[[each.path for each in listings].index(mark.listing) :]
        for listing in listings:
            resumed = moment(mark.after) if mark and mark.listing == listing.path else None
            for number, sheet in enumerate(listing.sheets(resumed or start), 1):
                began = began or clock.stamp(clock.began(self.client.heard, since.now)) or ""
                told = told or bool(sheet.rows)
                after = sheet.after.isoformat() if sheet.after else ""
                bookmark = Mark(listing=listing.path, after=after, began=began).text()
                total = sheet.total if number == 1 and len(self.settings.sets) < 2 and not mark else None
                yield self._page(sheet.rows, f"{listing.path}, page {number}", bookmark, total)
        self._rest.expect_known()
        if not told and since.memory is not None and not since.cursor:
            raise Unproven("not one record is listed any more; is the index being rebuilt?")
        yield Page(done=Done(cursor=began or None, listed=frozenset() if since.cursor else frozenset({"item"})))

    def _page(self, rows: Sequence[object], place: str, bookmark: str, total: int | None) -> Page:
        told = (
            each
            for number, row in enumerate(rows, 1)
            for each in records(row, f"{place}, record {number}", self.settings.subjects)
        )
        return Page.of(told, bookmark=bookmark, total=total)

    def _listings(self) -> list[Listing]:
        most = KNOWN if self.settings.token else ANYBODY
        slugs = [quote(slug, safe="") for slug in self.settings.sets]
        paths = [f"/api/communities/{slug}/records" for slug in slugs] or ["/api/records"]
        size = min(self.settings.per_page or most, most)
        return [Listing(rest=self._rest, path=path, size=size) for path in dict.fromkeys(paths)]

    def _ours(self, record: Document) -> bool:
        """Whether a record is in one of the communities that are read; where it does not say, it is."""
        if not self.settings.sets:
            return True
        ids = _ids(record)
        return ids is None or bool(ids & self._communities())

    def _communities(self) -> frozenset[str]:
        if self._ids is None:
            found = [self._rest.community(slug) for slug in self.settings.sets]
            if not all(found):
                raise NotUnderstood("a community of sets is not there any more, so nobody knows what is in it")
            self._ids = frozenset(str(each.get("id")) for each in found if each)
        return self._ids

    def _refuse_the_world(self) -> None:
        if self._rest.shared and not self.settings.sets:
            mend = 'name your communities, such as sets = ["university-of-example"]'
            raise NotAllowed(f"connections.{self.settings.name}.sets: missing; zenodo.org is everybody's; {mend}")

    def _refuse_to_write(self) -> None:
        if self._rest.shared:
            mend = "leave push out, and show badges by the embed script"
            raise NotAllowed(f"connections.{self.settings.name}.push: zenodo.org takes no fields of others; {mend}")


def _ids(record: Document) -> set[str] | None:
    """The communities of a record; None where it does not tell."""
    parent: Any = record.get("parent")
    told = parent.get("communities") if isinstance(parent, dict) else None
    ids = told.get("ids", []) if isinstance(told, dict) else None
    return {each for each in ids if isinstance(each, str)} if isinstance(ids, list) else None
