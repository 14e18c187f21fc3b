"""Figshare's articles as items: what everybody is told of one, or, where that is nothing, what the list says of it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from config.visibility import Visibility
from connectors.documents import listed, text
from connectors.figshare.flags import INPUTS, as_told, judge
from connectors.identifiers import Identifier, complaint, normalise
from connectors.published import written
from connectors.records import EVIDENCE, Aside, Authorship, Item, Version
from connectors.texts import one_line

# The relations of DataCite that say that two things are versions of one work; all others lead to other works.
RELATIONS = {
    "HasVersion": "has_version",
    "IsVersionOf": "is_version_of",
    "IsNewVersionOf": "is_new_version_of",
    "IsPreviousVersionOf": "is_previous_version_of",
}
SCHEMES = {"doi": "doi", "arxiv": "arxiv", "handle": "handle", "pmid": "pmid", "isbn": "isbn", "bibcode": "ads"}
MOST_VERSIONS = 9999
LARGEST_ID = 10**18 - 1
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
LONGEST = 20_000  # characters of a text; a description may have as many, a title 1000

Row = Mapping[str, object]


def key_of(told: object) -> str:
    """The id of an article, account or author; empty where it cannot be read."""
    return number_of(told.get("id")) if isinstance(told, Mapping) else ""


def number_of(number: object) -> str:
    """An id as a key; empty where it is none."""
    if isinstance(number, str) and NUMBER.fullmatch(number):
        number = int(number)
    return str(number) if type(number) is int and 0 < number <= LARGEST_ID else ""


def keyless(kind: str, told: object, place: str) -> Aside:
    """What becomes of a row whose id cannot be read."""
    return Aside(kind=kind, reason="no id that can be read", place=place, evidence=one_line(repr(told)[:EVIDENCE]))


def item(row: Row, view: object, versions: Iterable[object], place: str) -> Iterator[Item | Aside]:
    """An article of the list, with its public view, which is None where nobody is shown it: then it is private.
    `versions` are those that everybody is shown, where there are several."""
    key = key_of(row)
    doubts: list[str] = []
    told: Row
    if view is None:
        told, level, raw = row, Visibility.PRIVATE, {"public view": "none"}
    elif isinstance(view, Mapping) and key_of(view) == key:
        told, level, raw = view, judge(view, doubts), as_told(view, INPUTS)
    else:
        yield unread(key, "what everybody is told of it is no article, or another one")
        return
    doi, of_itself = _dois(told.get("doi"), key, versions)
    handle, related = _normal("handle", told.get("handle")), listed(told.get("related_materials"))
    yield Item(
        key=key,
        title=_line(told.get("title")),
        type=_line(told.get("defined_type_name")),
        visibility=level,
        subjects=tuple(dict.fromkeys(filter(None, map(_title, listed(told.get("categories")))))),
        published=_published(told),
        identifiers=tuple(filter(None, (doi, handle))),
        versions=tuple(dict.fromkeys((*of_itself, *filter(None, map(_version, related))))),
        raw=raw,
        doubts=tuple(doubts),
    )
    whole = of_itself[0].identifier if of_itself else doi
    wrong = complaint(given, whole) if isinstance(given := told.get("doi"), str) and given.strip() else ""
    if wrong:
        yield Aside(kind="item", key=key, reason=wrong, place=place, keyless=False, stored=True)


def unread(key: str, why: str) -> Item:
    """An article of which nothing but its id can be read."""
    return Item(key=key, title="", type="", visibility=Visibility.PRIVATE, doubts=(why,), unread=True)


def several(view: object) -> bool:
    """Whether an article says that it has had versions before."""
    return isinstance(view, Mapping) and (_whole(view.get("version")) or 0) > 1


def authors(view: object) -> list[str]:
    """The ids of the authors, as users, in their order. No name is read: names come from profiles alone."""
    told = listed(view.get("authors")) if isinstance(view, Mapping) else []
    return [author for author in dict.fromkeys(map(key_of, told)) if author]


def authorship(article: str, account: str, position: int, level: Visibility) -> Authorship:
    """The link of one account to an article. Figshare has no word for how visible that is."""
    return Authorship(key=f"{article}:{account}", item=article, person=account, visibility=level, position=position)


def _dois(told: object, key: str, versions: Iterable[object]) -> tuple[Identifier | None, tuple[Version, ...]]:
    """The DOI that stands for all versions, which a new version leaves as it is, and those of the versions: that which
    is told first.

    Only a DOI that Figshare made itself, which holds the article's id, is taken apart."""
    found = _normal("doi", told)
    made = re.fullmatch(rf"(.+[./]{key})\.v[1-9]\d{{0,3}}", found.value, re.ASCII) if found else None
    if found is None or made is None:
        return found, ()
    others = (Identifier("doi", f"{made[1]}.v{number}") for number in filter(None, map(_version_number, versions)))
    return Identifier("doi", made[1]), tuple(Version("has_version", one) for one in dict.fromkeys((found, *others)))


def _version_number(told: object) -> int | None:
    return _whole(told.get("version")) if isinstance(told, Mapping) else None


def _whole(number: object) -> int | None:
    return number if type(number) is int and 0 < number <= MOST_VERSIONS else None


def _version(material: object) -> Version | None:
    if not isinstance(material, Mapping):
        return None
    relation, scheme = material.get("relation"), material.get("identifier_type")
    if not isinstance(relation, str) or not isinstance(scheme, str) or relation not in RELATIONS:
        return None
    found = _normal(SCHEMES.get(scheme.casefold(), ""), material.get("identifier"))
    return Version(RELATIONS[relation], found) if found else None


def _normal(scheme: str, told: object) -> Identifier | None:
    return normalise(scheme, told) if isinstance(told, str) else None


def _title(category: object) -> str:
    return _line(category.get("title")) if isinstance(category, Mapping) else ""


def _published(told: Row) -> str:
    """The day on which it was first published."""
    timeline = told.get("timeline")
    posted = timeline.get("firstOnline") if isinstance(timeline, Mapping) else None
    return written(_line(told.get("published_date"))) or written(_line(posted))


def _line(told: object) -> str:
    return text(told, most=LONGEST)
