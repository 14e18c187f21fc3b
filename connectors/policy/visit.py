"""One page of a site, asked for once more where the site has only asked for a moment."""

from connectors.abroad import Abroad, Fetched
from connectors.errors import TryLater


def fetch(abroad: Abroad, address: str, *, accept: str, most_bytes: int) -> Fetched:
    """As `Abroad.fetch`, which waits for its turn at a host as long as that has asked for, or says at once that it will
    not."""
    try:
        return abroad.fetch(address, accept=accept, most_bytes=most_bytes)
    except TryLater as later:
        if not later.after:
            raise
        return abroad.fetch(address, accept=accept, most_bytes=most_bytes)
