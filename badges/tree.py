"""Pictures as trees, which a script on another site builds node by node, since it may not read markup there."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from badges.draw import parts, style_of
from badges.language import LANGUAGES
from badges.pictures import Look, Shares
from config.themes import Theme

_SPOKEN = {"title", "desc"}  # the link around the picture says it
_WIRING = {"role", "aria-labelledby"}


class Trees:
    """The pictures in the themes of one installation: `["svg", {attributes}, children...]`, where a text is a child."""

    def __init__(self, themes: Mapping[str, Theme]) -> None:
        self._themes = themes
        self.grown = lru_cache(maxsize=4096)(self._grown)
        self.css = lru_cache(maxsize=len(themes))(self._css)

    def _grown(self, score: int | None, shares: Shares, basis: str, look: Look) -> list[Any]:
        """The tree of a badge, without what those would hear who do not see it. It is shared: do not change it."""
        theme, language = self._themes[look.theme], LANGUAGES[look.language]
        markup, _ = parts(score, shares, style=look.style, basis=basis, theme=theme, language=language)
        return _branch(etree.fromstring(markup))

    def _css(self, theme: str) -> str:
        """The style of all of them, and `--paper`, `--ink`, `--quiet` and `--FAMILY` for what stands in a `.box`."""
        told = self._themes[theme]
        first = told.dark if told.scheme == "dark" else told.light
        dark = f"@media (prefers-color-scheme:dark){{{_box(told.dark)}}}" if told.scheme == "reader" else ""
        return style_of(told)[1] + _box(first) + dark


def _branch(element: Any) -> list[Any]:
    attributes = {name: value for name, value in element.attrib.items() if name not in _WIRING}
    children = (_branch(child) for child in element if _name(child) not in _SPOKEN)
    return [_name(element), attributes, *([element.text] if element.text else ()), *children]


def _name(element: Any) -> str:
    return etree.QName(element).localname


def _box(colours: Iterable[tuple[str, str]]) -> str:
    """What the site around may set, else the theme's own."""
    return ".box{" + ";".join(f"--{name}:var(--ringmark-{name},{colour})" for name, colour in colours) + "}"
