"""What the page of one output shows, in the words and links that its template needs, in a language."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from badges.charts.steps import plot
from badges.draw import draw
from badges.families import family
from badges.language import Language
from badges.ledger import Sums
from badges.ledger_page import Part, shown_part
from badges.linked_data import described
from badges.names import SCHEMES, type_name
from badges.standing import standing
from badges.views import plain, resolved, shortened, source_name, web
from config.themes import Theme
from connectors.identifiers import Identifier
from scoring.context import Context
from scoring.rules import RuleSet
from scoring.words import CHANGED, VERSIONS
from sync import store
from sync.store import Change, Shown, ShownVersion

PICTURE = """<a href="{address}/outputs/{output}"><img src="{address}/badge/output/{output}.svg"
  alt="{alt}" width="64" height="64"></a>"""
SCRIPT = """<div class="ringmark-embed" {identifier} data-badge-popover="right"></div>
<script async src="{address}/embed.js"></script>"""
NAMED, MOST = 5, 3  # sources that a sentence names all of; where there are more, those that brought most
ATTRIBUTES = {  # by which the script knows an output, the one first that most know
    "doi": "data-doi",
    "pmid": "data-pmid",
    "arxiv": "data-arxiv-id",
    "handle": "data-handle",
    "isbn": "data-isbn",
    "url": "data-uri",
}


class Link(NamedTuple):
    """`address` is empty where there is nowhere to go."""

    label: str
    text: str
    address: str


def heading(shown: Shown, sums: Sums, language: Language) -> dict[str, Any]:
    """What every page about an output begins with."""
    return {
        "output": shown.output,
        "heading": plain(shown.title) or language.say("Untitled"),
        "score": sums.score,
        "rules": {"name": shown.rules, "version": shown.version},
    }


def ledger(
    shown: Shown, parts: Sequence[Part], rules: RuleSet, language: Language, *, prefix: str
) -> list[dict[str, Any]]:
    """The parts of the ledger, whose mentions have been told of."""
    own = {str(each) for each in shown.identifiers}
    page = f"{prefix}/outputs/{shown.output}"
    return [shown_part(part, rules, language, own=own, page=page) for part in parts]


def view(
    shown: Shown,
    sums: Sums,
    rules: RuleSet,
    place: Context,
    changes: Sequence[Change],
    language: Language,
    *,
    address: str,
    theme: Theme,
) -> dict[str, Any]:
    """Everything else that the page is given; `changes` are the score's history, `address` is where we are reached."""
    shares = [(part["source"], part["millipoints"]) for part in sums.breakdown]
    return {
        **heading(shown, sums, language),
        "type": language.say(type_name(shown.type)),
        "journal": plain(shown.journal),
        "published": shown.published,
        "identifiers": [_identifier(each, language) for each in shown.identifiers],
        "versions": [_version(each, language) for each in shown.versions],
        "people": [plain(name) for _, name in shown.people],
        "groups": [plain(name) for _, name in shown.groups],
        **_in_words(sums, rules, language),
        "ring": draw(sums.score, shares, style="large", basis=sums.basis, theme=theme, language=language),
        "embed": _embed(shown, language, address),
        "standing": standing(place, language) if sums.millipoints else (),
        "breakdown": sorted((_part(part, language) for part in sums.breakdown), key=lambda part: -part["millipoints"]),
        "plot": plot(changes),
        "history": [_change(each, language) for each in changes],
        "linked_data": described(
            shown, page=f"{address}/outputs/{shown.output}", site=f"{address}/", language=language.code
        ),
    }


def _in_words(sums: Sums, rules: RuleSet, language: Language) -> dict[str, Any]:
    """What the paragraph about the score is made of: the sources that count, and those that only show."""
    ordered = sorted(sums.breakdown, key=lambda part: -part["millipoints"])
    counting = [part for part in ordered if rules.source(part["source"]).counts]
    others = [part for part in ordered if part not in counting]
    counted = [part for part in counting if part["basis"] == "counts" and part["millipoints"]]

    def names(parts: Sequence[Mapping[str, Any]]) -> str:
        return language.listed([language.say(source_name(part["source"])) for part in parts])

    return {
        "millipoints": sums.millipoints,
        "points": language.number(sums.millipoints / 1000),
        "basis": sums.basis,
        "mentions": sum(part["mentions"] for part in counting),
        "voices": sum(1 if rules.source(part["source"]).static else part["units"] for part in counting),
        "counting": names(counting if len(counting) <= NAMED else counting[:MOST]),
        "more_sources": len(counting) if len(counting) > NAMED else 0,
        "others": names(others),
        "others_mentions": sum(part["mentions"] for part in others),
        "from_counts": names(counted),
    }


def _part(part: Mapping[str, Any], language: Language) -> dict[str, Any]:
    kind = family(part["source"])
    return {
        **part,
        "name": language.say(source_name(part["source"])),
        "family": language.say(kind.label),
        "sign": kind.sign,
        "points": language.number(part["millipoints"] / 1000),
    }


def _change(each: Change, language: Language) -> dict[str, Any]:
    why = language.say(CHANGED[each.reason])
    if each.reason == "rules":
        why = language.say(
            "counted by another rule set or version: %(rules)s, version %(version)s",
            rules=each.rules,
            version=each.version,
        )
    points = {"before": each.before, "points": each.after}
    return {
        "at": store.stamp(each.at),
        "why": why,
        **{name: language.number(milli / 1000) for name, milli in points.items()},
    }


def _identifier(each: Identifier, language: Language) -> Link:
    label = language.say(SCHEMES[each.scheme])
    if each.scheme == "url":
        return Link(label, shortened(each.value), web(each.value))
    return Link(label, plain(each.value), resolved(each))


def _version(each: ShownVersion, language: Language) -> Link:
    """A version by what it is, and where it is found: here, where it has a page of its own."""
    there = _identifier(each.identifier, language)
    here = f"/outputs/{each.output}" if each.output else there.address
    return Link(language.say(VERSIONS[each.relation]), there.text, here)


def _embed(shown: Shown, language: Language, address: str) -> dict[str, str]:
    """The badge as markup to be copied: as a picture, and with the script. The words for the picture tell no number,
    since the number changes and the copy does not."""
    alt = language.say("Attention score of this work; the linked page explains it, mention by mention")
    named = {each.scheme: each.value for each in reversed(shown.identifiers)}
    known = next((scheme for scheme in ATTRIBUTES if scheme in named), "")
    identifier = f'{ATTRIBUTES[known]}="{escape(named[known])}"' if known else ""
    return {
        "picture": PICTURE.format(address=address, output=shown.output, alt=escape(alt)),
        "script": SCRIPT.format(address=address, identifier=identifier) if known else "",
    }
