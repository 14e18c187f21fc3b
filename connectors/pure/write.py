"""Where a badge stands in an output of Pure: a link of one type, or a custom field that the administrator has declared.

An update replaces lists as a whole, so what is sent is the output as it was just read, with our part of it changed, and
with its version: if somebody else was quicker, Pure refuses it (409).
"""

from collections import Counter
from collections.abc import Sequence

from connectors.documents import Document, objects, within
from connectors.errors import NotAllowed, NotUnderstood
from connectors.pure.values import uri

LINK = "link:"
TEXT = "String"


def link_type(field: str) -> str:
    """The URI of the type of link that a field names; empty where it names a custom field."""
    return field.removeprefix(LINK) if field.startswith(LINK) else ""


def checked(field: str) -> str:
    """The field, if it can be one. Raises `NotAllowed`."""
    if field.startswith(LINK) and not link_type(field).startswith("/"):
        mend = "write link: and the URI of a type of link, such as link:/dk/atira/pure/links/researchoutput/attention"
        raise NotAllowed(f'"{field}" names no type of link; {mend}')
    return field


def values(told: Document, field: str) -> tuple[str, ...]:
    """What the field holds. A link is its address, and behind a blank what is shown for it."""
    kind = link_type(checked(field))
    if kind:
        return tuple(_said(each) for each in _links(told) if uri(each.get("linkType")) == kind)
    custom = _custom(told).get(field)
    if custom is None:
        return ()
    value = within(custom, "value")
    if within(custom, "typeDiscriminator") != TEXT or not isinstance(value, str | None):
        raise NotUnderstood(f"the custom field {field} is no text; declare it as one (docs/pure.md)")
    return (value,) if value else ()


def changed(told: Document, field: str, wanted: Sequence[str]) -> Document:
    """The output with other values in the field; links that stay are as they were, those of other types too."""
    kind = link_type(checked(field))
    if not kind:
        if len(wanted) > 1:
            raise NotUnderstood(f"the custom field {field} holds one value, so nothing was written beside it")
        others = {name: each for name, each in _custom(told).items() if name != field}
        ours = {"typeDiscriminator": TEXT, "value": wanted[0]} if wanted else None
        return {**told, "customDefinedFields": {**others, field: ours}}
    left = Counter(wanted)
    links = list[object]()
    for each in _links(told):
        said = _said(each) if uri(each.get("linkType")) == kind else None
        if said is None or left[said] > 0:
            links.append(each)
        if said is not None:
            left[said] -= 1
    for value in wanted:
        if left[value] > 0:
            left[value] -= 1
            address, _, alias = value.partition(" ")
            links.append({"url": address, **({"alias": alias} if alias else {}), "linkType": {"uri": kind}})
    return {**told, "links": links}


def _custom(told: Document) -> Document:
    fields = told.get("customDefinedFields")
    if not isinstance(fields, dict | None):
        raise NotUnderstood("an output whose custom fields cannot be read")
    return fields or {}


def _links(told: Document) -> list[Document]:
    links = told.get("links")
    found = objects(links)
    if links is not None and (not isinstance(links, list) or len(found) < len(links)):
        raise NotUnderstood("an output whose links cannot be read")
    return found


def _said(link: Document) -> str:
    address, alias = link.get("url"), link.get("alias")
    if not isinstance(address, str) or not isinstance(alias, str | None):
        raise NotUnderstood("a link of an output that is no text")
    return f"{address} {alias}" if alias else address
