"""Pictures, remembered by what they are made of and nothing else, so they hold whatever happens to the store."""

from functools import lru_cache

from badges.png import png
from badges.ring import Share, Style, ring

Shares = tuple[Share, ...]


@lru_cache(maxsize=4096)
def drawn(score: int | None, shares: Shares, style: Style, basis: str) -> bytes:
    """The SVG of a badge."""
    return ring(score, shares, style=style, basis=basis).encode()


@lru_cache(maxsize=1024)
def painted(score: int | None, shares: Shares, style: Style, basis: str) -> bytes:
    """The PNG of a badge; takes some milliseconds."""
    return png(drawn(score, shares, style, basis).decode())
