"""A page that somebody names: read once, and looked through for what it says of outputs that are known here."""

from connectors.abroad import Abroad
from connectors.errors import ConnectorError
from connectors.pages import Seen
from connectors.pages import look as look_at
from sync.acts.office import Office, Refused
from sync.acts.rematching import Known


def look(office: Office, abroad: Abroad, url: str) -> Seen:
    """Read a page. Raises `Refused` where it cannot be had, or is none."""
    with office.house.read() as db:
        try:
            seen = look_at(abroad, url, Known(db))
        except ConnectorError as error:
            raise Refused(f"url: {error}") from None
    if seen is None:
        raise Refused("url: there is nothing to be read any more")
    return seen
