"""The legend: every family with its sign, its rhythm and its sources, and every style in every state."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.draw import SIZES, STYLES, parts, style_of
from badges.families import FAMILIES, Family
from badges.language import LANGUAGES, Language, chosen, marked
from badges.paper import Paper
from badges.strokes import ends, line, number
from badges.views import source_name
from config.themes import Theme

ROUND, LONG = STYLES[:3], STYLES[3:]
WIDTH, HEIGHT = 88, 20  # of a sample
INVENTED = (("news", 24_000), ("blog", 15_000), ("x", 9_000), ("policy", 6_000), ("wikipedia", 3_000))
STATES = (  # score, its points, from what, and the words for it
    (57, INVENTED, "mentions", marked("An invented score of 57, with points from five families.")),
    (
        57,
        INVENTED,
        "counts",
        marked(
            "The same from counts: only the numbers of mentions are known, not each mention. A tilde stands before the "
            "score, and badges with room for it say so in words."
        ),
    ),
    (0, (), "none", marked("No mention counts so far: the score is 0, and there is an empty line for the sources.")),
    (None, (), "none", marked("Unknown: a dash, and a dotted line. There is no score that could be shown.")),
)


class Entry(NamedTuple):
    """A family as a legend tells it; `sample` is its stroke as an SVG, `sources` is empty for what no family names."""

    sign: str
    label: str
    sample: str
    sources: tuple[str, ...]


def legend(families: Iterable[Family], *, theme: Theme, language: Language) -> list[Entry]:
    """The lines of a legend, for `legend_part.html`; their page takes in `legend_style`."""
    return [
        Entry(each.sign, language.say(each.label), _sample(each, theme), tuple(map(source_name, each.sources)))
        for each in families
    ]


def legend_style(theme: Theme) -> str:
    """The style that a page needs which shows a legend, or pictures as `parts` gives them."""
    return f"<style>{style_of(theme)[1]}</style>"


class LegendPage:
    """The page with the whole legend; the same for everybody, so it is written once for each language."""

    def __init__(self, paper: Paper, theme: Theme) -> None:
        self._pages = {language: _page(paper, theme, language) for language in LANGUAGES.values()}
        self.routes = (Route("/legend", self.legend, name="legend"),)

    async def legend(self, request: Request) -> Answer:
        """How to read a badge."""
        return self._pages[chosen(request.scope)]


def _page(paper: Paper, theme: Theme, language: Language) -> Answer:
    states = [
        {
            "said": language.say(words),
            "rows": [
                [parts(score, points, style=style, basis=basis, theme=theme, language=language)[0] for style in row]
                for row in (ROUND, LONG)
            ],
        }
        for score, points, basis, words in STATES
    ]
    style = legend_style(theme)
    sizes = [(style, *SIZES[style]) for style in STYLES]
    entries = legend(FAMILIES, theme=theme, language=language)
    return paper.page(
        language, "legend.html", pictures=(style,), style=style, legend=entries, states=states, sizes=sizes
    )


def _sample(each: Family, theme: Theme) -> str:
    first, last = ends(each.stroke, 10, WIDTH - 10)
    middle = number(HEIGHT / 2)
    drawn = line(each, each.stroke, f"M{number(first)} {middle}H{number(last)}", last - first)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{style_of(theme)[0]}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true"><rect class="ground" x=".5" y=".5" width="{WIDTH - 1}" '
        f'height="{HEIGHT - 1}" rx="5"/>{drawn}</svg>'
    )
