"""Elsevier Pure: outputs with their visibility, people with their employment, links that people hide; badges go back.

API:       REST, JSON; the current one (/ws/api), and to read the legacy one (/ws/api/524), told by the address
Auth:      an API key in a header
Deletions: the legacy API has a feed of changes with deletions; the current one tells none, so a full listing finds them
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from connectors import clock
from connectors.base import Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.documents import text
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.identifiers import Identifier
from connectors.people_map import PeopleMap
from connectors.pure.check import findings, read_only
from connectors.pure.dialect import OUTPUTS, PERSONS, dialect
from connectors.pure.find import carrying
from connectors.pure.people import ACADEMIC, Reading
from connectors.pure.rest import Forbidden, Rest, Unseen
from connectors.pure.run import SIZE, Run, is_public
from connectors.pure.values import key_of
from connectors.pure.walk import Unproven
from connectors.pure.write import changed, checked, values
from connectors.records import Done, Gone, Kind, Page

LEAST, MOST = 2, 1000  # records a page; one is read again with the next


class Pure(Pulls, Pushes):
    """One Pure, read by either of its APIs, and written to by the current one."""

    manifest: ClassVar = Manifest(
        kind="pure",
        incremental=True,
        people=True,
        person_status=True,
        visibility=frozenset({"people", "outputs", "authorships", "groups"}),
        write_back="public",
        finds_by=("doi",),
        token="api-key: {}",  # noqa: S106 - the name of the header
        page_limits=(("all", MOST),),
        pace=0.5,
    )

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`.

        A listing that is not proven whole ends the run with `Done.incomplete`: what came before is true, if not all."""
        self.client.begin()
        try:
            run = self._run(since)
            if since.cursor:
                yield from run.changes(since.cursor)
            else:
                yield from run.everything(since.bookmark)
        except Unproven as error:
            yield Page(done=Done(incomplete=str(error)))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one thing; hidden where it is not public any more, not for us, or not found, which may mean that too;
        merged when another id answers."""
        gone, hidden = Gone(kind=kind, key=key), Gone(kind=kind, key=key, hidden=kind in ("item", "person"))
        rest = self._rest()
        places: dict[Kind, str] = {"person": PERSONS, "group": rest.dialect.organizations, "item": OUTPUTS}
        if kind not in places:
            return gone
        try:
            told = rest.one(places[kind], key, surely=True)
        except (Forbidden, Unseen):
            return hidden
        if told is None:
            return gone
        other = key_of(told)
        if not other:
            raise NotUnderstood(f"{places[kind]}/{key}: no uuid that can be read in the answer")
        if other != key:
            return Gone(kind=kind, key=key, into=other)
        return None if is_public(kind, told, rest.dialect) else hidden

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The uuids, sorted, of the outputs of which an electronic version has one of the DOIs."""
        return carrying(self._writable(), identifiers)

    def read(self, address: str, field: str) -> Held | None:
        """What a field holds, with the version of the output. One that was merged into another is gone; of one that is
        not found nobody knows, for what is confidential now may be seen again, with its badge."""
        told = self._writable().one(OUTPUTS, address, surely=True)
        if told is None or key_of(told) != address:
            return None
        return Held(values=values(told, checked(field)), guard=text(told.get("version")))

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:
        """The survivor of a merge, which may have taken the badge along."""
        told = self._writable().one(OUTPUTS, address)
        other = key_of(told)
        if told is None or other in ("", address):
            return ()
        return (other,) if text in " ".join(values(told, checked(field))) else ()

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Send the output as it is now with our field changed, if it still has the version that it had before."""
        rest = self._writable()
        if before.values == tuple(values):
            return
        told = rest.one(OUTPUTS, address)
        if told is None or key_of(told) != address:
            raise NotUnderstood(f"{OUTPUTS}/{address}: the output is gone, or was merged into another")
        if not before.guard:
            raise NotUnderstood(f"{OUTPUTS}/{address}: it has no version, so nobody's changes would be safe")
        if text(told.get("version")) != before.guard:
            raise NotUnderstood(f"{OUTPUTS}/{address}: {_MEANS[409]}")
        status = rest.update(address, changed(told, field, values), permit)
        if status == 401:
            raise NotAllowed(f"PUT {OUTPUTS}/{address}: status 401; check token, which is an API key of Pure")
        if status >= 300:
            raise NotUnderstood(f"PUT {OUTPUTS}/{address}: {_MEANS.get(status, f'status {status}')}")

    def check(self) -> Iterator[Finding]:
        """Address and version, what the key may see, how flags are spread, and the place that badges go to."""
        self.client.begin()
        try:
            yield from findings(self.settings, self._run(None))
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _run(self, since: Since | None) -> Run:
        """Ask who is there. Who is current goes by our day; a check, which is told none, takes the server's."""
        rest = self._rest()
        began = rest.hello()
        now = since.now if since else began or datetime.now(UTC)
        settings = self.settings
        return Run(
            rest=rest,
            source=settings.name,
            began=clock.began(began, now),
            reading=Reading(
                today=now.date(),
                academic=settings.academic or ACADEMIC,
                people_map=PeopleMap.read(settings.people_map),
            ),
            assumed=settings.assume.authorships,
            size=max(LEAST, min(settings.per_page or SIZE, MOST)),
        )

    def _rest(self) -> Rest:
        return Rest(self.client, dialect(self.client.base))

    def _writable(self) -> Rest:
        rest = self._rest()
        if not rest.dialect.writes:
            raise NotAllowed(read_only())
        return rest


_MEANS = {
    400: "status 400; is the field there, and may the key set it? docs/pure.md says how",
    403: "status 403; let the key write research outputs (docs/pure.md)",
    404: "the output is gone",
    409: "somebody changed the output meanwhile; it is tried again with the next push",
}
