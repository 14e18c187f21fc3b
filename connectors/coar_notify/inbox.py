"""Where the inbox of a resource is, as W3C Linked Data Notifications say: a Link header, or the resource itself."""

import json
from typing import Any

from requests.utils import parse_header_links

from connectors.errors import NotUnderstood
from connectors.http import Answer, Client
from connectors.origins import origin, shown, target_of

INBOX = "http://www.w3.org/ns/ldp#inbox"
ACCEPT = "application/ld+json, application/json;q=0.8, */*;q=0.1"
LARGEST = 1024 * 1024  # bytes of a description
READ_BY_FEW = 405  # an inbox that takes notices and lists none


def found(client: Client) -> str:
    """The inbox that the address of the settings names, or that address where it names none.

    Raises what the client raises, and `NotUnderstood` where nothing is there, or the inbox is elsewhere."""
    with client.get(client.base, accept=ACCEPT) as answer:
        if answer.status not in (200, READ_BY_FEW):
            raise NotUnderstood(f"{answer.path}: status {answer.status}; set url to an inbox, or to what names one")
        named = _by_header(answer) or _by_body(answer)
        inbox = target_of(answer.url, named) if named else client.base
    if origin(inbox) != origin(client.base):
        raise NotUnderstood(f"the inbox is at {shown(inbox)}; set url to its own address, if that is to be trusted")
    return inbox


def _by_header(answer: Answer) -> str:
    links = parse_header_links(answer.headers.get("Link", ""))
    return next((link["url"] for link in links if INBOX in link.get("rel", "").split()), "")


def _by_body(answer: Answer) -> str:
    text = answer.body.read(LARGEST + 1)
    try:
        told: Any = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        return ""
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, dict):
            for name in ("inbox", "ldp:inbox", INBOX):
                if found := _address(each.get(name)):
                    return found
    return ""


def _address(told: object) -> str:
    """An address, written as JSON-LD may: by itself, as an object with an id, or in a list."""
    if isinstance(told, list):
        return next(filter(None, map(_address, told)), "")
    if isinstance(told, dict):
        return _address(told.get("@id") or told.get("id"))
    return told if isinstance(told, str) else ""
