"""Colours of badges: the themes that are built in, those of the settings, and what makes a colour readable."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.contrast import MIDDLE, contrast, luminance
from config.errors import refuse, shown
from config.values import Table, Text

READABLE = 4.5  # of text on its ground (WCAG 2.2, 1.4.3); signs of families are text in the colour of their family
ON_NOTHING = ("paper", "quiet")  # nothing is told by these


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f'{shown(value)} is no colour; write such as "#1c2128"')
    return value.lower()


Colour = Annotated[str, AfterValidator(_colour)]


class Colours(Table):
    """`paper` is the ground, `ink` the score, `quiet` edges and empty tracks; then one for each family of sources."""

    paper: Colour
    ink: Colour
    quiet: Colour
    news: Colour
    blogs: Colour
    policy: Colour
    patents: Colour
    encyclopedia: Colour
    education: Colour
    review: Colour
    social: Colour
    forums: Colour
    podcasts: Colour
    other: Colour

    @model_validator(mode="after")
    def _readable(self) -> Self:
        refuse([(key, _too_faint(colour, self.paper)) for key, colour in self if key not in ON_NOTHING
                and contrast(colour, self.paper) < READABLE])  # fmt: skip
        return self


def _too_faint(colour: str, paper: str) -> str:
    found = int(contrast(colour, paper) * 10) / 10  # never told as more than it is
    mend = "choose a darker one" if luminance(paper) > MIDDLE else "choose a lighter one"
    return f"{colour} has a contrast of {found} to its paper {paper} and needs {READABLE}; {mend}"


class Light(Colours):
    """On light ground; what a theme does not say is as here."""

    paper: Colour = "#ffffff"
    ink: Colour = "#1c2128"
    quiet: Colour = "#d5d9df"
    news: Colour = "#a33b2a"
    blogs: Colour = "#9a5b00"
    policy: Colour = "#5b3f8f"
    patents: Colour = "#5d5a1c"
    encyclopedia: Colour = "#3c4656"
    education: Colour = "#00675a"
    review: Colour = "#93296b"
    social: Colour = "#1d5f9e"
    forums: Colour = "#2f6b2a"
    podcasts: Colour = "#7a3b1d"
    other: Colour = "#5f6368"


class Dark(Colours):
    """On dark ground; what a theme does not say is as here."""

    paper: Colour = "#16181d"
    ink: Colour = "#f2f3f5"
    quiet: Colour = "#3d434d"
    news: Colour = "#f0907c"
    blogs: Colour = "#e8b25c"
    policy: Colour = "#b9a0ec"
    patents: Colour = "#c9c673"
    encyclopedia: Colour = "#b4bfce"
    education: Colour = "#6fcdb9"
    review: Colour = "#ee92c5"
    social: Colour = "#7fbdf2"
    forums: Colour = "#8fce86"
    podcasts: Colour = "#dba583"
    other: Colour = "#a9adb3"


class Theme(Table):
    """The colours of badges. `scheme`: whether they follow the reader's own, or are always light or always dark."""

    scheme: Literal["reader", "light", "dark"] = "reader"
    light: Light = Light()
    dark: Dark = Dark()


INKS = tuple(key for key in Colours.model_fields if key not in ON_NOTHING)
RINGMARK = Theme()
BUILT_IN = {
    "ringmark": RINGMARK,
    "plain": Theme(
        light=Light(**dict.fromkeys(INKS, "#000000"), quiet="#767676"),
        dark=Dark(**dict.fromkeys(INKS, "#ffffff"), quiet="#8c8c8c"),
    ),
    "light": Theme(scheme="light"),
    "dark": Theme(scheme="dark"),
}


def _theme_name(name: str) -> str:
    # A name stands in addresses and, between `__`, in environment variables.
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError("is no name of a theme; use a-z, 0-9 and single _ between them, beginning with a letter")
    if name in BUILT_IN:
        raise ValueError("is built in; choose another name")
    return name


class Badges(Table):
    """How badges look where nobody asks for another theme. `themes` are those beside the built-in ones."""

    theme: Text = "ringmark"
    themes: dict[Annotated[str, AfterValidator(_theme_name)], Theme] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = {**BUILT_IN, **self.themes}
        refuse([("theme", f"{shown(self.theme)} is none of {', '.join(known)}")] if self.theme not in known else [])
        return self

    def by_name(self) -> dict[str, Theme]:
        """Every theme that can be asked for, the one of the settings first."""
        known = {**BUILT_IN, **self.themes}
        return {self.theme: known.pop(self.theme), **known}
