"""The families of sources that a badge tells apart: data for the pictures, the page and the legend.

Their colours stand in `config.themes`, under the same names."""

from dataclasses import dataclass

from badges.language import marked


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a share is drawn, so that it can be told without colour: `width` and `dashes` (drawn, left out, ...) in units
    of the ring's box; `round` ends; `hollow` is the width of the line left free inside."""

    width: float = 5.6
    dashes: tuple[float, ...] = ()
    round: bool = True
    hollow: float = 0.0

    def scaled(self, by: float) -> "Stroke":
        """The same at another size."""
        return Stroke(self.width * by, tuple(each * by for each in self.dashes), self.round, self.hollow * by)


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """One of `FAMILIES` and equal to nothing else, so it is found by its place instead of by all that it holds.

    `sign` is its mark beside its share, as an element has one."""

    name: str
    label: str
    sign: str
    stroke: Stroke
    sources: tuple[str, ...] = ()


FAMILIES = (
    Family("news", marked("News"), "Ne", Stroke(), ("news",)),
    Family("blogs", marked("Blogs"), "Bl", Stroke(dashes=(13, 8.4)), ("blog",)),
    Family("policy", marked("Policy and guidelines"), "Po", Stroke(hollow=2.4), ("policy", "guideline")),
    Family("patents", marked("Patents"), "Pt", Stroke(dashes=(5, 2.2), round=False), ("patent",)),
    Family("encyclopedia", marked("Encyclopedia"), "En", Stroke(dashes=(0.01, 8.2)), ("wikipedia",)),
    Family("education", marked("Education"), "Ed", Stroke(dashes=(9, 8.2, 0.01, 8.2)), ("syllabus",)),
    Family("review", marked("Peer review"), "Re", Stroke(width=2.6), ("peer_review", "f1000")),
    Family(
        "social",
        marked("Social media"),
        "So",
        Stroke(dashes=(1.7, 1.9), round=False),
        ("x", "bluesky", "mastodon", "weibo", "facebook", "linkedin", "gplus", "pinterest"),
    ),
    Family(
        "forums",
        marked("Forums and video"),
        "Fo",
        Stroke(width=3.2, dashes=(0.01, 5.2)),
        ("reddit", "youtube", "qna", "hackernews"),
    ),
    Family("podcasts", marked("Podcasts"), "Pc", Stroke(width=2.6, dashes=(7, 5.4)), ("podcast",)),
    Family("other", marked("Other"), "Ot", Stroke(width=1.4)),
)

_FAMILY_OF = {source: family for family in FAMILIES for source in family.sources}


def family(source: str) -> Family:
    """The family a source belongs to; `other` for one that no family names."""
    return _FAMILY_OF.get(source, FAMILIES[-1])
