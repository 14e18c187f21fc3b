"""Single elements of Elements in few words, and the records they become."""

import re

from lxml import etree

from config.visibility import Visibility
from connectors.elements.items import Rules, item
from connectors.elements.records import authorship, group, person
from connectors.elements.xml import Version
from connectors.records import Authorship, Group, Item, Person
from connectors.xml import Element

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC


V46, V49, V55, V613 = (4, 6), (4, 9), (5, 5), (6, 13)


TYPES = frozenset({"publication-user-authorship", "8"})


def element(text: str) -> Element:
    return etree.fromstring(re.sub(r"^<(\w+)", r'<\1 xmlns="http://www.symplectic.co.uk/publications/api"', text))


def told_person(content: str, version: Version = V613, assume: Visibility | None = None) -> Person:
    (found,) = person(element(f'<object category="user" id="11">{content}</object>'), version, "/users", assume)
    assert isinstance(found, Person)
    return found


def told_item(content: str, version: Version = V613, **rules: object) -> Item:
    text = f'<object category="publication" id="101" type="journal-article">{content}</object>'
    told = item(element(text), version, "/publications", Rules(**rules))
    found = next(one for one in told if isinstance(one, Item))
    assert isinstance(found, Item)
    return found


def told_authorship(content: str) -> Authorship:
    ends = '<related category="publication" id="101"/><related category="user" id="11"/>'
    (found,) = authorship(element(f'<relationship id="501" type-id="8">{content}{ends}</relationship>'), "/", TYPES)
    assert isinstance(found, Authorship)
    return found


def told_group(content: str, version: Version = V613, assume: Visibility | None = None) -> Group:
    (found,) = group(element(f'<object category="group" id="2">{content}</object>'), version, "/groups", assume)
    assert isinstance(found, Group)
    return found


def level(word: str) -> str:
    return f"<privacy-level>{word}</privacy-level>"


def effective(word: str) -> str:
    return f"<effective-privacy-level>{word}</effective-privacy-level>"


def is_public(word: str) -> str:
    return f"<is-public>{word}</is-public>"


def is_visible(word: str) -> str:
    return f"<is-visible>{word}</is-visible>"


def record(fields: str, source: str = "manual", at: str = "m-1", *, preferred: bool = False) -> str:
    mark = ' is-preferred-record="true"' if preferred else ""
    return f'<record source-name="{source}" id-at-source="{at}"{mark}><native>{fields}</native></record>'


def text(name: str, value: str) -> str:
    return (
        f'<field name="{name}"><text>{value}</text><links><link type="{name}" href="x">no value</link></links></field>'
    )


def date(**parts: object) -> str:
    told = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return f'<field name="publication-date"><date>{told}</date></field>'


def told_records(*records: str, **rules: object) -> Item:
    return told_item(f"<records>{''.join(records)}</records>", **rules)
