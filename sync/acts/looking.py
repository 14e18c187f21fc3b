"""A page that somebody names: read once, and looked through for what it says of outputs that are known here."""

from collections.abc import Container

from sqlalchemy import Connection as Database

from connectors.abroad import Abroad
from connectors.errors import ConnectorError
from connectors.identifiers import Identifier
from connectors.pages import Seen
from connectors.pages import look as look_at
from sync import store
from sync.acts.office import Office, Refused


def look(office: Office, abroad: Abroad, url: str) -> Seen:
    """Read a page. Raises `Refused` where it cannot be had, or is none."""
    with office.house.read() as db:
        try:
            seen = look_at(abroad, url, _Known(db))
        except ConnectorError as error:
            raise Refused(f"url: {error}") from None
    if seen is None:
        raise Refused("url: there is nothing to be read any more")
    return seen


class _Known(Container[Identifier]):
    """The identifiers that an output has."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __contains__(self, identifier: object) -> bool:
        return isinstance(identifier, Identifier) and store.output_of(self._db, identifier) is not None
