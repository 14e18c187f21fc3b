"""A badge as a script on another site shows it: its document, what is said of it in a language, and its families."""

from badges.card import NAMES, card
from badges.families import FAMILIES, Family, family
from badges.language import Language, marked
from badges.views import points
from sync.store import Face

TEXTS = {
    "none": marked("No attention score is known"),
    "silent": marked("No mention is known so far"),
    "plain": marked("Attention, see details"),
    "sources": marked("Mentions by source"),
    "see": marked("See details"),
}
_NAMED = {
    "mentions": marked("Attention score %(score)s, see details"),
    "counts": marked("Attention score %(score)s from counts, see details"),
}
_HEADED = {
    "mentions": marked("Attention score %(score)s"),
    "counts": marked("Attention score %(score)s from counts"),
}


def embedded(face: Face, language: Language, *, page: str) -> dict[str, object]:
    """The document of `badges.card`, and with it: `name` of the link, `heading`, all `mentions`, and `families`, those
    with most points first; each has words for its number of mentions."""
    basis = "counts" if face.basis == "counts" and face.score else "mentions"
    score = language.number(face.score)
    return {
        **card(face, page=page),
        "name": language.say(_NAMED[basis], score=score),
        "heading": language.say(_HEADED[basis], score=score),
        "mentions": sum(part.mentions for part in face.breakdown),
        "families": [_told(each, *sums, language) for each, sums in _sums(face)],
    }


def _sums(face: Face) -> list[tuple[Family, tuple[int, int]]]:
    found: dict[Family, tuple[int, int]] = {}
    for part in face.breakdown:
        of = family(NAMES[part.source])
        mentions, milli = found.get(of, (0, 0))
        found[of] = mentions + part.mentions, milli + part.millipoints
    there = ((each, found[each]) for each in FAMILIES if each in found and found[each][0])
    return sorted(there, key=lambda pair: -pair[1][1])


def _told(of: Family, mentions: int, milli: int, language: Language) -> dict[str, object]:
    return {
        "name": of.name,
        "label": language.say(of.label),
        "sign": of.sign,
        "mentions": mentions,
        "number": language.number(mentions),
        "text": language.count("%(n)s mention", "%(n)s mentions", mentions),
        "points": points(milli),
    }
