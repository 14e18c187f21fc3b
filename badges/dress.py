"""The style of every badge: its colours by theme, on screens, in forced colours and on paper.

Rules begin with `&`, which stands for the picture that they dress: a style inside a page speaks to the whole page.
"""

from collections.abc import Iterable

from badges.families import Family
from config.themes import Colours, Theme

FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif"

ALIKE = (
    "& .part,& .track,& .mark{fill:none}"
    "& .track{stroke-width:1}"
    "& .none{stroke-dasharray:2 3}"
    "& .mark{stroke-width:2;stroke-linecap:round}"
    f"& text{{font-family:{FONT};font-style:normal;font-weight:600;text-transform:none;letter-spacing:0;word-spacing:0;"
    "text-anchor:middle;direction:ltr;unicode-bidi:isolate}"  # whatever the page around says
    "& .score{letter-spacing:-.02em}"
    "& .note{font-weight:400}"
    "@media (max-width:90px){& .sign,& .note{display:none}}"
)
FORCED = (
    "@media (forced-colors:active){"
    "& .ground{fill:Canvas!important;stroke:CanvasText!important}"
    "& .track,& .part,& .mark{stroke:CanvasText!important}"
    "& .inside{stroke:Canvas!important}"
    "& text{fill:CanvasText!important}"
    "}"
)


def dress(theme: Theme, families: Iterable[Family], *, variables: bool = False) -> str:
    """The rules for pictures with these families. With `variables` a page around them may set `--ringmark-paper`,
    `--ringmark-ink`, `--ringmark-quiet` and `--ringmark-FAMILY`, on screens; what it does not set is the theme's."""
    of = tuple(families)
    first = theme.dark if theme.scheme == "dark" else theme.light
    rules = [ALIKE, _colours(first, of, variables=variables)]
    if theme.scheme == "reader":
        dark = _colours(theme.dark, of, variables=variables)
        rules.append(f"@media screen and (prefers-color-scheme:dark){{{dark}}}")
    if theme.scheme == "dark" or variables:  # nobody prints a dark ground
        rules.append(f"@media print{{{_colours(theme.light, of, variables=False)}}}")
    return "".join((*rules, FORCED))


def _colours(colours: Colours, families: Iterable[Family], *, variables: bool) -> str:
    def paint(name: str) -> str:
        told: str = getattr(colours, name)
        return f"var(--ringmark-{name},{told})" if variables else told

    paper, ink, quiet = paint("paper"), paint("ink"), paint("quiet")
    return (
        f"& .ground{{fill:{paper};stroke:{quiet}}}& .track{{stroke:{quiet}}}"
        f"& .score,& .note{{fill:{ink}}}& .mark{{stroke:{ink}}}& .inside{{stroke:{paper}}}"
    ) + "".join(
        f"& .part.{each.name}{{stroke:{colour}}}& .sign.{each.name}{{fill:{colour}}}"
        for each in families
        for colour in (paint(each.name),)
    )
