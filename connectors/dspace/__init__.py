"""DSpace 7, 8 and 9: a badge in one metadata field of each item, where the repository and its harvesters show it.

API:       REST, JSON; items are found by DOI (discover search) or handle (pid), written by JSON Patch
Auth:      login by form for a JWT bearer, renewed before it ends; CSRF token and cookie with all that changes something
Deletions: 404 when an item is deleted; a withdrawn one shows its metadata to administrators alone
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Finding, Held, Manifest, Pushes
from connectors.dspace.check import findings
from connectors.dspace.items import carrying, holding, metadata, parts, path_of, values
from connectors.dspace.patch import operations
from connectors.dspace.rest import Rest
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier


class DSpace(Pushes):
    """One DSpace, written to by an account of its own."""

    manifest: ClassVar = Manifest(
        kind="dspace",
        write_back="public",
        finds_by=("doi", "handle"),
        own_login=True,
        pace=0.5,
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._rest = Rest(settings, client)

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
            yield from findings(self.settings, self.client, self._rest)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _fields(self, address: str) -> Mapping[str, object] | None:
        item = self._rest.get(path_of(address))
        return None if item is None else metadata(item, address)


_MEANS = {
    404: "the item is gone",
    422: "status 422; register {field} in the metadata registry (docs/dspace.md), unless somebody changed it just now",
}
