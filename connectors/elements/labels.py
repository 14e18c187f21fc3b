"""Labels of publications: a badge is one label in a scheme of our own, beside which all other labels stay as they are.

A label is added and taken away by name (`operation`), so that nothing of anybody else can be overwritten; a record of
our own could not be parted from the publication it was matched with, and would double it where it matched none. The
standard field `altmetric-attention-score` is filled by the vendor's own feed, and is never written.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree

from connectors.base import Held
from connectors.elements.flags import key_of, trimmed
from connectors.elements.items import Rules, item
from connectors.elements.walk import ACCEPT, one
from connectors.elements.xml import API, Missing, Refused
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Answer, Client
from connectors.identifiers import Identifier
from connectors.records import Item
from connectors.xml import Element

SCHEME = re.compile(r"c-[a-z0-9][a-z0-9-]{0,60}")  # what an institution registers itself begins with `c-`
WRITABLE = (5, 0)  # versions before have no update of an object's labels
MOST = 25  # candidates for one DOI; a search that finds more is not searching for it
NAMESPACE = API.strip("{}")
OWN = ("", "object-data")  # the labels of the publication itself; others are those of its records and its journal


class Labelled(NamedTuple):
    """Which publication answered, and the labels it has in one scheme."""

    key: str
    labels: tuple[str, ...]


def carrying(client: Client, identifiers: Sequence[Identifier], rules: Rules) -> tuple[str, ...]:
    """The ids of the publications whose DOI that counts is one of these. The search is only asked for candidates."""
    found = set[str]()
    for wanted in identifiers:
        if wanted.scheme != "doi" or '"' in wanted.value or "\\" in wanted.value:  # no quoting is documented
            continue
        query = {"query": f'doi="{wanted.value}"', "detail": "full", "per-page": str(MOST)}
        told = one(client, "/publications", query, lambda entry, version, place: item(entry, version, place, rules))
        if told.head.next or (told.head.total or 0) > MOST:
            raise NotUnderstood("GET /publications: the search for one DOI finds far more than one can be in")
        found |= {each.key for each in told.records if isinstance(each, Item) and wanted in each.identifiers}
    return tuple(sorted(found))


def labelled(client: Client, key: str, scheme: str) -> Labelled | None:
    """What a publication has in a scheme, with the id that answered: a merged one answers as its survivor. None when
    there is nothing."""
    if not SCHEME.fullmatch(scheme):
        mend = "name a label scheme of your own that begins with c-, such as c-ringmark"
        raise NotAllowed(f"field {scheme!r} is not written to; {mend}")
    try:
        told = one(client, _path(key), {"detail": "full"}, lambda entry, _, __: _labels(entry, scheme))
    except Missing:
        return None
    if len(told.records) != 1:
        raise NotUnderstood(f"GET {_path(key)}: the answer is not one publication")
    return told.records[0]


def relabel(
    client: Client, key: str, scheme: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
) -> None:
    """Take away what is not wanted any more, then add what is; a request for each, none where nothing differs."""
    for operation, texts in (
        ("remove", [text for text in before.values if text not in values]),
        ("add", [text for text in values if text not in before.values]),
    ):
        if texts:
            _send(client, key, _update(scheme, operation, texts), permit)


def _labels(entry: Element, scheme: str) -> Iterator[Labelled]:
    if entry.tag != f"{API}object" or not (key := key_of(entry, "publication")):
        return
    if entry.find(f"{API}records") is None:
        raise NotUnderstood("a publication without its records; may the account see all of it?")
    keywords = (one for each in entry.iterchildren(f"{API}all-labels") for one in each.iter(f"{API}keyword"))
    own = (one for one in keywords if one.get("scheme") == scheme and one.get("origin", "") in OWN)
    yield Labelled(key, tuple(dict.fromkeys(trimmed(one.text) for one in own)))


def _update(scheme: str, operation: str, texts: Sequence[str]) -> bytes:
    root = etree.Element(f"{API}update-object", nsmap={"api": NAMESPACE})
    field = etree.SubElement(etree.SubElement(root, f"{API}fields"), f"{API}field", name="labels", operation=operation)
    keywords = etree.SubElement(field, f"{API}keywords")
    for text in texts:
        etree.SubElement(keywords, f"{API}keyword", scheme=scheme).text = text
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _send(client: Client, key: str, body: bytes, permit: Callable[[], bool]) -> None:
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    with client.change("PATCH", _path(key), permit=permit, body=body, accept=ACCEPT, headers=headers) as answer:
        if answer.status >= 300:
            raise _refused(answer)


def _refused(answer: Answer) -> NotUnderstood:
    mend = _MEANS.get(answer.status, "see the log of Elements")
    return Refused(f"PATCH {answer.path}: status {answer.status}; {mend}")


_MEANS = {
    400: "is the label scheme registered in Elements, and is the API of version 5.5 or newer? docs/elements.md",
    401: "check username and password",
    403: "give the API account the right can-modify-data",
    404: "the publication is gone",
    409: "somebody changes it at this moment; the next push tries again",
    410: "the publication is gone",
}


def _path(key: str) -> str:
    return f"/publications/{quote(key, safe='')}"
