"""What `ringmark check --connect` says of an InvenioRDM: address, token, communities, the spread of its flags."""

from collections.abc import Iterator
from itertools import islice

from config.settings import Connection
from connectors import clock
from connectors.base import Finding
from connectors.inveniordm.items import records
from connectors.inveniordm.listing import Listing
from connectors.inveniordm.rest import Rest
from connectors.records import Item
from connectors.spread import spread

PAGES = 4  # of each listing: enough to see how the flags are spread


def findings(settings: Connection, rest: Rest, listings: list[Listing]) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    rest.page("/api/records", {"size": "1"})
    yield Finding(ok=True, what="the API of an InvenioRDM answers")
    rest.expect_known()
    who = "the token is accepted" if settings.token else "there is no token: only what everybody sees is read"
    yield Finding(ok=True, what=who)
    yield from clock.findings(rest.client.heard)
    for slug in settings.sets:
        there = rest.community(slug) is not None
        mend = "" if there else "write in sets what stands behind /communities/ in its address"
        yield Finding(ok=there, what=f"the community {slug} is {'' if there else 'not '}there", mend=mend)
    sheets = (sheet for listing in listings for sheet in islice(listing.sheets(None), PAGES))
    told = (one for sheet in sheets for row in sheet.rows for one in records(row, "", settings.subjects))
    yield from spread("outputs", [one for one in told if isinstance(one, Item)], who="whoever keeps the repository")
    if settings.push:
        yield Finding(ok=True, what=f"whether {settings.field} is declared, only the first write can tell")
