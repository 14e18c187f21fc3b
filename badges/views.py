"""What the page of one output shows, in the words and links that its template needs."""

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from badges.draw import draw
from badges.families import family
from badges.language import Language
from badges.ledger import past
from badges.plot import plot
from config.themes import Theme
from connectors.identifiers import Identifier
from scoring.context import Context, Place
from scoring.words import VERSIONS
from sync.store import Change, Shown, ShownVersion

RESOLVERS = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "arxiv": "https://arxiv.org/abs/",
    "handle": "https://hdl.handle.net/",
    "nct": "https://clinicaltrials.gov/study/",
    "ssrn": "https://ssrn.com/abstract=",
    "ads": "https://ui.adsabs.harvard.edu/abs/",
}
SCHEMES = {
    "doi": "DOI",
    "pmid": "PubMed",
    "pmcid": "PubMed Central",
    "arxiv": "arXiv",
    "handle": "Handle",
    "isbn": "ISBN",
    "urn": "URN",
    "nct": "ClinicalTrials.gov",
    "ssrn": "SSRN",
    "repec": "RePEc",
    "ads": "ADS",
    "url": "Web page",
}
NAMES = {
    "qna": "questions and answers",
    "gplus": "Google+",
    "x": "X",
    "f1000": "F1000",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "hackernews": "Hacker News",
    "citeulike": "CiteULike",
    "peer_review": "peer review",
}  # other sources are called by their own names
OWN_NAMES = {"wikipedia", "bluesky", "mastodon", "weibo", "reddit", "facebook", "pinterest", "mendeley"}
EMBED = """<a href="{address}/outputs/{output}"><img src="{address}/badge/output/{output}.svg"
  alt="Attention score, explained on the linked page" width="64" height="64"></a>"""
SHORT = 60  # characters of a link's text


class Link(NamedTuple):
    """`address` is empty where there is nowhere to go."""

    label: str
    text: str
    address: str


def view(
    shown: Shown,
    told: dict[str, Any],
    place: Context,
    changes: Sequence[Change],
    *,
    address: str,
    theme: Theme,
    language: Language,
) -> dict[str, Any]:
    """Everything the template of an output is given; `told` is the ledger in words, `changes` the history of the score,
    `address` where we are reached, `theme` that of the badge."""
    parts = [(part["source"], part["millipoints"]) for part in told["breakdown"]]
    return {
        "output": shown.output,
        "title": shown.title,
        "heading": plain(shown.title) or "Untitled",
        "type": shown.type.replace("-", " ").capitalize(),
        "journal": shown.journal,
        "published": shown.published,
        "identifiers": [_identifier(each) for each in shown.identifiers],
        "versions": [_version(each) for each in shown.versions],
        "people": [name for _, name in shown.people],
        "groups": [name for _, name in shown.groups],
        "score": told["score"],
        "points": points(told["millipoints"]),
        "basis": told["basis"],
        "from_counts": [source_name(part["source"]) for part in told["breakdown"] if _counted(part)],
        "rules": told["rules"],
        "ring": draw(told["score"], parts, style="large", basis=told["basis"], theme=theme, language=language),
        "embed": EMBED.format(address=address, output=shown.output),
        "standing": _standing(place) if told["millipoints"] else (),
        "breakdown": sorted((_part(part) for part in told["breakdown"]), key=lambda part: -part["millipoints"]),
        "ledger": [
            {
                **line,
                "source": source_name(line["source"]),
                "points": points(line["millipoints"]),
                "link": _mention(line["url"]),
                "of_version": line["under"] if line["under"] not in told["identifiers"] else None,
            }
            for line in told["ledger"]
        ],
        "plot": plot(changes),
        "history": [
            {**line, "before": points(line["before"]), "points": points(line["millipoints"])} for line in past(changes)
        ],
    }


def _counted(part: dict[str, Any]) -> bool:
    return bool(part["basis"] == "counts" and part["millipoints"])


def points(milli: int) -> str:
    """Thousandths as people write them."""
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


def source_name(source: str) -> str:
    """What a source is called."""
    name = NAMES.get(source, source)
    return name.capitalize() if source in OWN_NAMES else name[:1].upper() + name[1:]


def plain(title: str) -> str:
    """A title for where no markup can hold it: without control characters and marks of direction."""
    return " ".join("".join(" " if unicodedata.category(each)[0] == "C" else each for each in title).split())


def _part(part: dict[str, Any]) -> dict[str, Any]:
    return {
        **part,
        "name": source_name(part["source"]),
        "family": family(part["source"]).label,
        "sign": family(part["source"]).sign,
        "points": points(part["millipoints"]),
    }


def _standing(place: Context) -> tuple[str, ...]:
    """Where it stands, always with the size of what it was compared with."""
    told = [
        (place.all, "", "public outputs of this installation"),
        (place.journal, "the ", "among them in the same journal"),
        (place.similar_age, "the ", "among them published within six weeks of it"),
        (place.similar_age_journal, "the ", "among them in the same journal and within six weeks of it"),
        (place.type, "the ", "among them of the same type"),
        *((each.place, "the ", f"among them of {plain(each.name)}") for each in place.groups),
        *((each.place, "the ", f"among them in {plain(each.name)} and of {each.year}") for each in place.subjects),
    ]
    ranks = (
        _rank(each, f"{article}{each.count:,} {rest}")
        for each, article, rest in told
        if each is not None and each.count > 1
    )
    return (*ranks, *_normalised(place))


def _normalised(place: Context) -> tuple[str, ...]:
    """One number for an output of several fields, where it says more than the one field does."""
    if place.field_percentile is None or len(place.subjects) < 2:
        return ()
    return (f"Over its fields and its year, its score is at or above that of {place.field_percentile:g} % of them.",)


def _rank(place: Place, among: str) -> str:
    words = f"Rank {place.rank:,} of {among}"
    if place.percentile is None:
        return f"{words}."
    return f"{words}; its score is at or above that of {place.percentile:g} % of them."


def _identifier(each: Identifier) -> Link:
    label = SCHEMES.get(each.scheme, each.scheme)
    if each.scheme == "url":
        return Link(label, shortened(each.value), _web(each.value))
    start = RESOLVERS.get(each.scheme)
    return Link(label, each.value, start + quote(each.value, safe="/:().-_~") if start else "")


def _version(each: ShownVersion) -> Link:
    """A version by what it is, and where it is found: here, where it has a page of its own."""
    there = _identifier(each.identifier)
    here = f"/outputs/{each.output}" if each.output else there.address
    return Link(VERSIONS[each.relation], there.text, here)


def _mention(url: str) -> Link:
    return Link("", shortened(url.removeprefix("https://").removeprefix("http://")), _web(url))


def _web(url: str) -> str:
    """The address itself where it is one that a reader's browser may follow from here."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def shortened(text: str) -> str:
    """Text of a link: begins like the address, and ends where it grows long."""
    clean = plain(text)
    return clean if len(clean) <= SHORT else clean[: SHORT - 1] + "\u2026"
