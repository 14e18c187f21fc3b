"""The pill: a quiet label with the score and a tiny ring before it, which says only that this is a badge."""

from badges.content import Content

WIDTH, HEIGHT = 88, 24
ARCS = (  # of the tiny ring: where it begins and ends, and its rhythm
    '<path class="mark" d="M15 6.5A5.5 5.5 0 0 1 19.76 14.75"/>'
    '<path class="mark" stroke-dasharray="0.01 2.9" d="M17.2 17.03A5.5 5.5 0 0 1 12 16.62"/>'
    '<path class="mark" d="M9.9 14A5.5 5.5 0 0 1 11.6 7.65"/>'
)
SIZES = (14, 14, 14, 14, 13, 11.5)  # of so many characters


def pill(told: Content) -> str:
    """The picture in a box of its size. Where there are no points the tiny ring is the empty track of the large one."""
    size = SIZES[min(told.places, len(SIZES)) - 1]
    mark = ARCS if told.score else f'<circle class="{_track(told.score)}" cx="15" cy="12" r="5.5"/>'
    return (
        f'<rect class="ground" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="{(HEIGHT - 1) / 2}"/>{mark}'
        f'<text class="score" x="52" y="12" dy=".35em" font-size="{size}">{told.text}</text>'
    )


def _track(score: int | None) -> str:
    return "track none" if score is None else "track"
