"""What the practice Elements lets an account change: the labels of a publication, each by its name."""

import re
from collections.abc import Collection

from lxml import etree

from sandbox.elements.queries import ElementsError, fault
from sandbox.elements.wire import Wire
from sandbox.institution import Institution

API = "{http://www.symplectic.co.uk/publications/api}"
VENDORS = frozenset({"for", "mesh", "science-metrix", "arxiv-category"})
LONGEST = 250
Labels = tuple[tuple[str, str], ...]


def update(institution: Institution, wire: Wire, path: str, body: bytes, schemes: Collection[str]) -> int:
    """Carry out an `update-object` of a publication, in whole or not at all; which one it was. `schemes` are those
    that the institution has registered beside the vendor's.

    Raises `ElementsError` for everything that is answered with an `api:error`."""
    found = re.fullmatch(r"/publications/(\d{1,9})", path)
    output = institution.outputs.get(int(found[1])) if found else None
    if output is None:
        raise ElementsError(404, "resource not found", "The requested resource does not exist.")
    if wire.version == "4.6":
        raise fault("This version of the API does not update objects.")
    labels = output.labels
    for field in _fields(body):
        labels = _changed(labels, field, {*VENDORS, *schemes})
    if labels != output.labels:
        institution.change_output(output.id, labels=labels)
    return output.id


def _fields(body: bytes) -> list["etree._Element"]:
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise fault("The body is not well-formed XML.") from None
    if root.tag != f"{API}update-object":
        raise fault("The body must be an update-object.")
    return list(root.iterfind(f"{API}fields/{API}field"))


def _changed(labels: Labels, field: "etree._Element", schemes: Collection[str]) -> Labels:
    if field.get("name") != "labels":
        raise fault("The field does not exist, or may not be updated.")
    told = [(one.get("scheme", ""), (one.text or "").strip()) for one in field.iterfind(f"{API}keywords/{API}keyword")]
    for scheme, word in told:
        if scheme and scheme not in schemes:
            raise fault(f"There is no label scheme '{scheme}'.")
        if not 0 < len(word) <= LONGEST:
            raise fault("A label must have between 1 and 250 characters.")
    match field.get("operation"):
        case "add":
            return tuple(dict.fromkeys((*labels, *told)))
        case "remove":
            return tuple(each for each in labels if each not in told)
        case "clear":
            return ()
        case other:
            raise fault(f"The operation '{other}' is none of add, remove, clear.")
