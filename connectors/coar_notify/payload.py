"""What is sent: JSON-LD by the patterns of COAR Notify 1.0.1.

All of an announcement follows from its id, its page, its resource and the inbox, so that it can be undone word by word.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from connectors.base import Notice
from connectors.errors import NotUnderstood

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://coar-notify.net"]
ABOUT = "http://schema.org/about"  # the page is about the resource
RESOLVERS = {"doi": "https://doi.org/", "handle": "https://hdl.handle.net/"}

Payload = dict[str, Any]


def announced(notice: Notice, inbox: str) -> Payload:
    """The page of an output is about the resource that it was found by."""
    return {"@context": CONTEXT, **_announcement(notice, notice.id, inbox)}


def undone(notice: Notice, inbox: str) -> Payload:
    """The announcement is taken back. It stands in there whole, as the offer does in COAR's own `Undo`."""
    return {
        "@context": CONTEXT,
        "id": _urn(notice.id),
        "type": "Undo",
        "inReplyTo": _urn(notice.revokes),
        "object": _announcement(notice, notice.revokes, inbox),
        **_parties(notice, inbox),
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    """As it travels."""
    return json.dumps(payload, ensure_ascii=False).encode()


def _announcement(notice: Notice, id_: str, inbox: str) -> Payload:
    resource = _resource(notice)
    relationship = {
        "id": f"{_urn(id_)}#relationship",
        "type": "Relationship",
        "as:subject": notice.page,
        "as:relationship": ABOUT,
        "as:object": resource,
    }
    return {
        "id": _urn(id_),
        "type": ["Announce", "coar-notify:RelationshipAction"],
        "object": relationship,
        "context": {"id": resource, "type": ["Page", "sorg:AboutPage"], "ietf:cite-as": resource},
        **_parties(notice, inbox),
    }


def _parties(notice: Notice, inbox: str) -> Payload:
    """Who says so, from where, to whom. We have no inbox, so none is named."""
    parts = urlsplit(inbox)
    return {
        "actor": {"id": notice.origin, "name": "Ringmark", "type": "Service"},
        "origin": {"id": notice.origin, "type": "Service"},
        "target": {"id": f"{parts.scheme}://{parts.netloc}", "inbox": inbox, "type": "Service"},
    }


def _resource(notice: Notice) -> str:
    """The address of the resource, by what it is known by."""
    known = notice.identifiers[0]
    if known.scheme == "url":
        return known.value
    if known.scheme not in RESOLVERS:
        raise NotUnderstood(f"what is known by {known.scheme} has no address, and cannot be announced")
    return RESOLVERS[known.scheme] + quote(known.value, safe="/:;()._-")


def _urn(id_: str) -> str:
    return f"urn:uuid:{id_}"
