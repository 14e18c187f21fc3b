"""Every picture of a badge: seven styles that share colours, rhythms and signs, as SVG.

Every family has its own rhythm of line and its own two-letter sign, so nothing depends on colour. A badge brings its
own ground, since a picture follows the reader's system and not the page it stands on. Nothing is loaded from outside.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, get_args
from xml.sax.saxutils import escape

from badges.bar import BARS, bar
from badges.content import Content, Share, content
from badges.dress import dress
from badges.families import FAMILIES
from badges.language import ENGLISH, LANGUAGES, Language
from badges.pill import HEIGHT, WIDTH, pill
from badges.ring import BOX, ring
from config.themes import RINGMARK, Theme

Style = Literal["ring", "medium", "large", "bar", "medium-bar", "large-bar", "pill"]
STYLES: tuple[Style, ...] = get_args(Style)
SIZES: dict[Style, tuple[int, int]] = {  # CSS pixels
    "ring": (64, 64),
    "medium": (128, 128),
    "large": (240, 240),
    "bar": (104, 20),
    "medium-bar": (140, 28),
    "large-bar": (200, 40),
    "pill": (WIDTH, HEIGHT),
}
PLAIN = LANGUAGES[ENGLISH]


def draw(
    score: int | None,
    breakdown: Sequence[Share],
    *,
    style: Style = "ring",
    basis: str = "mentions",
    theme: Theme = RINGMARK,
    language: Language = PLAIN,
) -> str:
    """The badge of one output as an SVG document that may also stand inside a page.

    `score` None draws the neutral picture for what has no badge. Shares are in proportion to the points, but none is
    shorter than a dot. Equal input gives equal bytes. Raises `ValueError` for an unknown style.
    """
    told = content(score, breakdown, basis, language)
    rules = dress(theme, told.points)
    mark = _mark(style, told, rules)
    return _picture(style, told, mark, "", f"<style>{rules.replace('&', f'#{mark}')}</style>")


def parts(
    score: int | None,
    breakdown: Sequence[Share],
    *,
    style: Style = "ring",
    basis: str = "mentions",
    theme: Theme = RINGMARK,
    language: Language = PLAIN,
) -> tuple[str, str]:
    """The same for the inside of a page, as an SVG without a style, and the style.

    The style is one and the same for every picture of a theme, so that a page takes it in once; it heeds the variables
    `--ringmark-...` of the page. It is apart since a strict policy lets no style stand between the markup."""
    told = content(score, breakdown, basis, language)
    scope, rules = style_of(theme)
    return _picture(style, told, _mark(style, told, scope), f' class="{scope}"', ""), rules


@lru_cache(maxsize=256)
def style_of(theme: Theme) -> tuple[str, str]:
    """The class of all pictures of a theme inside pages, and the style that dresses them."""
    rules = dress(theme, FAMILIES, variables=True)
    scope = f"rm{_digest(rules)}"
    return scope, rules.replace("&", f".{scope}")


def _picture(style: Style, told: Content, mark: str, scope: str, rules: str) -> str:
    width, height = SIZES[style]
    if style in BARS:
        box, drawn = f"{width} {height}", bar(told, BARS[style])
    elif style == "pill":
        box, drawn = f"{width} {height}", pill(told)
    else:
        box, drawn = f"{BOX} {BOX}", ring(told, signs=style != "ring")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{mark}"{scope} width="{width}" height="{height}" '
        f'viewBox="0 0 {box}" role="img" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(told.heading)}</title><desc id="{mark}-d">{escape(told.telling)}</desc>'
        f"{rules}{drawn}</svg>"
    )


def _mark(style: Style, told: Content, dressed: str) -> str:
    """The id of a picture: that of no other picture in the same page."""
    if style not in SIZES:
        raise ValueError(f"no style {style!r}; choose one of {', '.join(STYLES)}")
    return f"rm{_digest(f'{told.heading}|{told.telling}|{style}|{dressed}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
