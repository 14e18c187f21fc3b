"""The families of sources that a badge tells apart: data for the ring, the page and the legend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stroke:
    """How an arc is drawn, so that it can be told without colour: `width` and `dashes` (drawn, left out, ...) in units
    of the ring's box; `round` ends; `hollow` is the width of the line left free inside."""

    width: float = 5.6
    dashes: tuple[float, ...] = ()
    round: bool = True
    hollow: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """One of `FAMILIES` and equal to nothing else, so it is found by its place instead of by all that it holds.

    `sign` is its mark beside the arc, as an element has one; the colours keep 3:1 on white and on `#16181d`."""

    name: str
    label: str
    sign: str
    light: str
    dark: str
    stroke: Stroke
    sources: tuple[str, ...] = ()


FAMILIES = (
    Family("news", "News", "Ne", "#a33b2a", "#f0907c", Stroke(), ("news",)),
    Family("blogs", "Blogs", "Bl", "#9a5b00", "#e8b25c", Stroke(dashes=(13, 8.4)), ("blog",)),
    Family("policy", "Policy and guidelines", "Po", "#5b3f8f", "#b9a0ec", Stroke(hollow=2.4), ("policy", "guideline")),
    Family("patents", "Patents", "Pt", "#5d5a1c", "#c9c673", Stroke(dashes=(5, 2.2), round=False), ("patent",)),
    Family("encyclopedia", "Encyclopedia", "En", "#3c4656", "#b4bfce", Stroke(dashes=(0.01, 8.2)), ("wikipedia",)),
    Family("education", "Education", "Ed", "#00675a", "#6fcdb9", Stroke(dashes=(9, 8.2, 0.01, 8.2)), ("syllabus",)),
    Family("review", "Peer review", "Re", "#93296b", "#ee92c5", Stroke(width=2.6), ("peer_review", "f1000")),
    Family(
        "social",
        "Social media",
        "So",
        "#1d5f9e",
        "#7fbdf2",
        Stroke(dashes=(1.7, 1.9), round=False),
        ("x", "bluesky", "mastodon", "weibo", "facebook", "linkedin", "gplus", "pinterest"),
    ),
    Family(
        "forums",
        "Forums and video",
        "Fo",
        "#2f6b2a",
        "#8fce86",
        Stroke(width=3.2, dashes=(0.01, 5.2)),
        ("reddit", "youtube", "qna", "hackernews"),
    ),
    Family("podcasts", "Podcasts", "Pc", "#7a3b1d", "#dba583", Stroke(width=2.6, dashes=(7, 5.4)), ("podcast",)),
    Family("other", "Other", "Ot", "#5f6368", "#a9adb3", Stroke(width=1.4)),
)

_FAMILY_OF = {source: family for family in FAMILIES for source in family.sources}


def family(source: str) -> Family:
    """The family a source belongs to; `other` for one that no family names."""
    return _FAMILY_OF.get(source, FAMILIES[-1])
