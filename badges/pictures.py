"""Pictures, remembered by what they are made of and nothing else, so they hold whatever happens to the store."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from badges.content import Share
from badges.draw import Style, draw
from badges.language import ENGLISH, LANGUAGES
from badges.png import png
from config.themes import Theme

Shares = tuple[Share, ...]


class Look(NamedTuple):
    """How a picture looks, in words: its style, and the names of its theme and of its language."""

    style: Style
    theme: str
    language: str


class Pictures:
    """The pictures in the themes of one installation."""

    def __init__(self, themes: Mapping[str, Theme]) -> None:
        self._themes = themes
        self.drawn = lru_cache(maxsize=4096)(self._drawn)
        self.painted = lru_cache(maxsize=1024)(self._painted)

    def _drawn(self, score: int | None, shares: Shares, basis: str, look: Look) -> bytes:
        """The SVG of a badge."""
        theme, language = self._themes[look.theme], LANGUAGES[look.language]
        return draw(score, shares, style=look.style, basis=basis, theme=theme, language=language).encode()

    def _painted(self, score: int | None, shares: Shares, basis: str, look: Look) -> bytes:
        """The PNG of a badge; takes some milliseconds. Nobody reads titles in it, and it has no letters but English."""
        return png(self.drawn(score, shares, basis, look._replace(language=ENGLISH)).decode())
