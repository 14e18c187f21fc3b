"""What the page of a search shows: its list, and every way on from there, each of them an address."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from badges.card import NAMES
from badges.families import family
from badges.language import Language, marked
from badges.names import type_name
from badges.views import plain, source_name
from sync.store import FACETS, SORTS, Facet, Facets, List, Search, Shown

TITLES: dict[Facet, str] = {
    "type": marked("Type"),
    "journal": marked("Journal"),
    "group": marked("Group"),
    "source": marked("Mentioned in"),
    "year": marked("Year"),
}
SORTED = {"score": marked("Highest score"), "newest": marked("Newest"), "title": marked("Title")}
FORMS = {"csv": "CSV", "json": "JSON", "atom": "Atom"}
FEW = 8  # choices of a facet that are seen at once


class Place(Protocol):
    """Where a list stands."""

    @property
    def group(self) -> int: ...

    @property
    def journal(self) -> int: ...

    def address(self, search: Search, ending: str = "") -> str:
        """Where a search is found there."""


class Way(NamedTuple):
    """A link: what it says, where it leads, whether it is where we are, and how many outputs are there."""

    label: str
    address: str
    chosen: bool = False
    outputs: int = 0


def view(
    place: Place, search: Search, count: int, facets: Facets, part: List, language: Language, *, name: str
) -> dict[str, Any]:
    """Everything the template is given; `name` is that of the group or journal."""
    here = replace(search, after=())
    hidden = [FACETS[2]] if place.group else [FACETS[1]] if place.journal else []
    return {
        "title": title(search, name, language),
        "kind": "group" if place.group else "journal" if place.journal else "search",
        "search": search,
        "kept": list(_kept(here, place)),
        "count": count,
        "chosen": [Way(label, place.address(rest)) for label, rest in _chosen(here, place, facets, language)],
        "facets": [
            (each, language.say(TITLES[each]), list(_choices(place, here, each, facets, language)))
            for each in FACETS
            if each not in hidden and facets[each]
        ],
        "few": FEW,
        "sorts": [
            Way(language.say(SORTED[each]), place.address(replace(here, sort=each)), each == search.sort)
            for each in SORTS
        ],
        "lines": [_line(each, language) for each in part.outputs],
        "following": place.address(replace(search, after=part.after)) if part.after else "",
        "beginning": place.address(here) if search.after else "",
        "forms": [Way(label, place.address(here, f".{form}")) for form, label in FORMS.items()],
        "path": place.address(search),
        "whole": place.address(Search()),
        "plainly": here == replace(Search(), group=place.group, journal=place.journal),
    }


def title(search: Search, name: str, language: Language) -> str:
    """What a list is called."""
    if search.text:
        return language.say("%(text)s in %(name)s", text=search.text, name=plain(name)) if name else search.text
    if name:
        return plain(name)
    return (
        language.say("All outputs")
        if search == Search(sort=search.sort, after=search.after)
        else language.say("Outputs")
    )


def _line(shown: Shown, language: Language) -> dict[str, Any]:
    mentions: dict[str, int] = {}
    for part in shown.breakdown:
        label = family(NAMES[part.source]).label
        mentions[label] = mentions.get(label, 0) + part.mentions
    return {
        "output": shown.output,
        "heading": plain(shown.title) or language.say("Untitled"),
        "type": language.say(type_name(shown.type)) if shown.type else "",
        "journal": plain(shown.journal),
        "journal_id": shown.journal_id,
        "published": shown.published,
        "score": shown.score,
        "basis": shown.basis,
        "groups": [(id_, plain(name)) for id_, name in shown.groups],
        "mentions": [(language.say(label), n) for label, n in sorted(mentions.items(), key=lambda each: -each[1]) if n],
    }


def _choices(place: Place, search: Search, facet: Facet, facets: Facets, language: Language) -> Iterator[Way]:
    for each in facets[facet]:
        chosen, other = _toggled(search, facet, each.value if facet != "source" else each.label)
        yield Way(_label(facet, each.label, language), place.address(other), chosen, each.count)


def _toggled(search: Search, facet: Facet, value: str) -> tuple[bool, Search]:
    """Whether a choice is made, and the search where it is the other way."""
    if facet in ("type", "source"):
        have = search.types if facet == "type" else search.sources
        chosen = value in have
        values = tuple(sorted({*have} - {value} if chosen else {*have, value}))
        return chosen, replace(search, types=values) if facet == "type" else replace(search, sources=values)
    if facet == "year":
        chosen = search.since == search.until == value
        return chosen, replace(search, since="" if chosen else value, until="" if chosen else value)
    chosen = value == str(search.journal if facet == "journal" else search.group)
    number = 0 if chosen else int(value)
    return chosen, replace(search, journal=number) if facet == "journal" else replace(search, group=number)


def _label(facet: Facet, label: str, language: Language) -> str:
    if facet == "type":
        return language.say(type_name(label))
    if facet == "source":
        return language.say(source_name(label))
    return plain(label) or language.say("Unnamed")


def _chosen(search: Search, place: Place, facets: Facets, language: Language) -> Iterator[tuple[str, Search]]:
    """What a search was narrowed by, and the search without it."""
    if search.identifier:
        yield language.say("Identifier: %(what)s", what=search.identifier), replace(search, identifier=None)
    for each in search.types:
        yield language.say("Type: %(what)s", what=language.say(type_name(each))), _toggled(search, "type", each)[1]
    for facet, number, text in (
        ("journal", 0 if place.journal else search.journal, marked("Journal: %(what)s")),
        ("group", 0 if place.group else search.group, marked("Group: %(what)s")),
    ):
        if number:
            label = next((c.label for c in facets[facet] if c.value == str(number)), str(number))  # type: ignore[index]
            yield language.say(text, what=plain(label)), replace(search, **{facet: 0})  # type: ignore[arg-type]
    for each in search.sources:
        what = language.say(source_name(each))
        yield language.say("Mentioned in: %(what)s", what=what), _toggled(search, "source", each)[1]
    if search.since and search.since == search.until:
        yield language.say("Published: %(when)s", when=language.date(search.since)), replace(search, since="", until="")
    else:
        if search.since:
            yield language.say("Published from %(when)s", when=language.date(search.since)), replace(search, since="")
        if search.until:
            yield language.say("Published until %(when)s", when=language.date(search.until)), replace(search, until="")
    if search.mentioned:
        yield language.say("Mentioned at all"), replace(search, mentioned=False)
    if search.least:
        least = language.number(search.least)
        yield language.say("Score %(score)s or more", score=least), replace(search, least=0)


def _kept(search: Search, place: Place) -> Iterable[tuple[str, str]]:
    """What the form keeps of a search beside what is typed into it."""
    yield from (("type", each) for each in search.types)
    yield from (("source", each) for each in search.sources)
    if search.identifier:
        yield "id", str(search.identifier)
    if search.journal and not place.journal:
        yield "journal", str(search.journal)
    if search.group and not place.group:
        yield "group", str(search.group)
    if search.sort != SORTS[0]:
        yield "sort", search.sort
