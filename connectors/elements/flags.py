"""How open Elements says something is: one table for users, publications, relationships and groups of all formats.

A privacy level counts as it stands; without one the old flag; a false flag beside a level never leaves it public. What
is absent or unknown is private and doubted. What the administrator assumes speaks only where a wire format has no
element for it at all: users and publications of v4, groups before v6. A group whose level nobody set is internal.
"""

from collections.abc import Mapping

from lxml import etree

from config.visibility import Visibility
from connectors.elements.xml import API, Version
from connectors.records import Aside
from connectors.xml import Element, evidence

LEVELS = ("privacy-level", "effective-privacy-level")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}  # xs:boolean


def told(element: Element, names: tuple[str, ...]) -> dict[str, str]:
    """The texts of the named children. One that comes twice and differs, or has something inside, fits no word."""
    texts: dict[str, str] = {}
    for child in element.iterchildren(*(API + name for name in names)):
        name, text = etree.QName(child).localname, evidence(child) if len(child) else trimmed(child.text)
        texts[name] = text if texts.get(name, text) == text else f"{texts[name]} | {text}"
    return texts


def boolean(texts: Mapping[str, str], name: str, doubts: list[str]) -> bool | None:
    """A flag; None when it is absent, and with a doubt when it cannot be read."""
    value = BOOLEANS.get(texts.get(name, "").lower())
    if name in texts and value is None:
        doubts.append(f"{name} is neither true nor false")
    return value


def assumed(given: Visibility | None, version: Version, *, since: Version) -> Visibility | None:
    """What silence means; None from the version on that has the element, since then it should be there."""
    return None if version >= since else given or Visibility.PRIVATE


def judge(
    texts: Mapping[str, str],
    flag: str,
    closed: Visibility,
    silent: Visibility | None,
    doubts: list[str],
    *,
    both: bool = False,
) -> Visibility:
    """The vote of what was told: private as soon as there is a doubt, here or before.

    `closed` is what a false `flag` alone means. `silent` is what nothing told means, None where something should have
    been. `both` asks for the own and the effective level where there is either."""
    levels = [name for name in LEVELS if name in texts]
    votes = [level for name in levels if (level := Visibility.read(texts[name])) is not None]
    doubts += [f"{name} is no level that we know" for name in levels if Visibility.read(texts[name]) is None]
    if both and len(levels) == 1:
        doubts.append(f"only {levels[0]} is told, not how it works out")
    shown = boolean(texts, flag, doubts)
    if shown is not None:
        hidden = Visibility.INTERNAL if levels else closed
        votes.append(Visibility.PUBLIC if shown else hidden)
    if silent is not None:
        votes = votes or [silent]
    elif not levels and flag not in texts:
        doubts.append("nothing tells how visible it is")
    return Visibility.PRIVATE if doubts else min(votes)


def key_of(element: Element, category: str) -> str:
    """The id of an object; empty when it cannot be read, or when the object says that it is of another category."""
    return trimmed(element.get("id")) if element.get("category", category) == category else ""


def keyless(kind: str, element: Element, place: str) -> Aside:
    """What becomes of an entry whose key cannot be read."""
    reason = "no id that can be read, or an entry of another kind"
    return Aside(kind=kind, reason=reason, place=place, evidence=evidence(element))


def trimmed(text: str | None) -> str:
    """Without blanks around it; absent is empty."""
    return (text or "").strip()


def plain(text: str) -> str:
    """With each run of white space as one blank."""
    return " ".join(text.split())
