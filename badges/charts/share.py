"""Shares and counts of several sides over time as columns, told apart by pattern and letter; colour only helps.

A picture is as wide as its place, without stretching what is in it: across it measures in percent, upwards in pixels.
Its colours are those of the style sheet. What it shows is in the table beside it, so it is there for the eye alone.
"""

from collections.abc import Iterator, Sequence
from html import escape

Parts = Sequence[float]  # of the whole height, for each side

LETTERS = "ABCDEF"
FEWEST = 8  # columns for which there is room in any case, so that two are not as broad as the page
CLOSE = 40  # columns from which on they stand closer
LETTERED = 12  # columns that have letters, at most
ROOM = 15  # pixels that a letter needs
AXIS = 20  # pixels under the columns
TICKS, SHORT = 3, 4  # labels under the columns; one more where they are as short as a year

_CUTS = (  # what is left out of the fill of each side, in a tile of 8 by 8
    "",
    '<path d="M-2 2L2 -2M-2 10L10 -2M6 10L10 6"/>',
    '<circle cx="2" cy="2" r="1.1"/><circle cx="6" cy="6" r="1.1"/>',
    '<path d="M0 2H8M0 6H8"/>',
    '<path d="M-2 6L2 10M-2 -2L10 10M6 -2L10 2M-2 2L2 -2M-2 10L10 -2M6 10L10 6"/>',
    '<path d="M2 0V8M6 0V8"/>',
)


def patterns() -> str:
    """What every side is filled with; once on a page, before the pictures."""
    tiles = "".join(
        f'<pattern id="side-{place}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect class="side-{place}" width="8" height="8"/><g class="cut">{cut}</g></pattern>'
        for place, cut in enumerate(_CUTS)
    )
    return f'<svg class="share-patterns" width="0" height="0" aria-hidden="true"><defs>{tiles}</defs></svg>'


def swatch(place: int) -> str:
    """The pattern of one side with its letter, for a list or the head of a table."""
    return (
        f'<svg class="share-swatch" width="28" height="20" aria-hidden="true"><rect class="part" {_filled(place)} '
        f'width="28" height="20" rx="2"/><text x="14" y="15">{LETTERS[place]}</text></svg>'
    )


def columns(told: Sequence[Parts | None], *, height: int, running: bool, letters: bool) -> str:
    """One column for each period, the first side on top; an open frame for None. `running`: the last is not over."""
    drawn = "".join(_column(told, place, height, letters=letters) for place in range(len(told)))
    if running:
        across, width = _slot(len(told), len(told) - 1)
        drawn += f'<rect class="running" x="{across}%" width="{width}%" y="1" height="{height - 1}"/>'
    lines = "".join(f'<line x2="100%" y1="{y}" y2="{y}"/>' for y in (0.5, height / 2, height - 0.5))
    kind = "share-columns close" if len(told) > CLOSE else "share-columns"
    return (
        f'<svg class="{kind}" width="100%" height="{height}" aria-hidden="true">'
        f'<g class="grid">{lines}</g>{drawn}</svg>'
    )


def axis(labels: Sequence[str]) -> str:
    """Some of the periods under their columns, the last always."""
    count, ticks = len(labels), TICKS + (max(map(len, labels)) <= SHORT)
    step = -(-count // ticks)
    texts = []
    for place in range(count - 1, -1, -step):
        across, width = _slot(count, place)
        anchor, at = ("end", across + width) if place == count - 1 >= FEWEST - 1 else ("middle", across + width / 2)
        if at < 50 / ticks:  # not to begin before the picture
            anchor, at = "start", across
        texts.append(f'<text class="{anchor}" x="{at:.2f}%" y="14">{escape(labels[place])}</text>')
    return f'<svg class="share-axis" width="100%" height="{AXIS}" aria-hidden="true">{"".join(reversed(texts))}</svg>'


def _column(told: Sequence[Parts | None], place: int, height: int, *, letters: bool) -> str:
    across, width = _slot(len(told), place)
    parts = told[place]
    if parts is None and len(told) > CLOSE:
        return ""
    if parts is None:
        return f'<rect class="few" x="{across}%" width="{width}%" y="1" height="{height - 2}"/>'
    lettered = letters and (len(told) - 1 - place) % -(-len(told) // LETTERED) == 0
    return "".join(_pieces(parts, across, width, height, lettered=lettered))


def _pieces(parts: Parts, across: float, width: float, height: int, *, lettered: bool) -> Iterator[str]:
    top = height * (1 - sum(parts))
    for side, part in enumerate(parts):
        tall = height * part
        if tall > 0:
            yield (
                f'<rect class="part" {_filled(side)} x="{across}%" width="{width}%" y="{top:.1f}" height="{tall:.1f}"/>'
            )
        if lettered and tall >= ROOM:
            yield f'<text x="{across + width / 2:.2f}%" y="{top + tall / 2 + 4.5:.1f}">{LETTERS[side]}</text>'
        top += tall


def _filled(side: int) -> str:
    return f'fill="url(#side-{side})"'


def _slot(count: int, place: int) -> tuple[float, float]:
    """Where a column begins and how wide it is, in percent."""
    room = 100 / max(count, FEWEST)
    gap = room * (0.1 if count > CLOSE else 0.2)
    return round(room * place + gap / 2, 3), round(room - gap, 3)
