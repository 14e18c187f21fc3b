"""What a badge says, before it is drawn: its number, its points by family, and the same in words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from badges.families import FAMILIES, Family, family
from badges.language import Language

Share = tuple[str, int]  # source, millipoints


class Content(NamedTuple):
    """`text` is the number as it is drawn, `score` None where there is none; `points` are millipoints, most first;
    `note` is empty or says that the score is from counts; `heading` and `telling` are for those who do not see."""

    score: int | None
    text: str
    points: Mapping[Family, int]
    note: str
    heading: str
    telling: str

    @property
    def places(self) -> int:
        """How many figures wide the number is, at most; the M of millions takes the room of two."""
        return len(self.text) + self.text.count("M")


def content(score: int | None, breakdown: Sequence[Share], basis: str, language: Language) -> Content:
    """What the badge of a score says. A score from counts has a tilde before it, since colour alone tells nobody."""
    points = _points(breakdown) if score else {}
    if score is None:
        return Content(None, "\u2013", points, "", *_nothing(language))
    counts = basis == "counts" and score > 0
    number = language.number(score)
    return Content(
        score,
        f"~{short(score)}" if counts else short(score),
        points,
        language.say("from counts") if counts else "",
        language.say("Attention score: %(score)s (from counts)", score=number)
        if counts
        else language.say("Attention score: %(score)s", score=number),
        _telling(score, points, language),
    )


def short(score: int) -> str:
    """The score in at most five characters, never more than it is: 9999, 12.3k, 456k, 1.2M; 999M for all above."""
    if score <= 9999:
        return str(score)
    score = min(score, 999_999_999)
    unit, sign = (1_000_000, "M") if score >= 1_000_000 else (1000, "k")
    tenths = score * 10 // unit
    return f"{tenths // 10}{sign}" if tenths >= 1000 else f"{tenths // 10}.{tenths % 10}{sign}"


def _points(breakdown: Sequence[Share]) -> dict[Family, int]:
    """Millipoints per family, most first; families of equal points stand as in the table."""
    sums = dict.fromkeys(FAMILIES, 0)
    for source, millipoints in breakdown:
        sums[family(source)] += millipoints
    return dict(sorted(((f, points) for f, points in sums.items() if points > 0), key=lambda pair: -pair[1]))


def _nothing(language: Language) -> tuple[str, str]:
    return language.say("Attention score: none"), language.say("No score is known here.")


def _telling(score: int, points: Mapping[Family, int], language: Language) -> str:
    if not points and score:
        return language.say("Which sources gave the points is not known.")
    if not points:
        return language.say("No mention counts so far.")
    shares = (
        language.say("%(family)s %(points)s", family=language.say(each.label), points=language.number(milli / 1000))
        for each, milli in points.items()
    )
    return language.say("Points: %(families)s.", families=", ".join(shares))
