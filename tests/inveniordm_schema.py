"""The contract of InvenioRDM's REST API as JSON Schema: what its documentation and release 14 say of a record and a
page of them, written down apart from what reads or practises it. Older releases have no `deletion_status`."""

from typing import Any

PID = {
    "type": "object",
    "required": ["identifier", "provider"],
    "properties": {"identifier": {"type": "string"}, "provider": {"type": "string"}, "client": {"type": "string"}},
}
STAMP = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$"}
KEY = {"type": "string", "pattern": "^[a-z0-9]{5}-[a-z0-9]{5}$"}
LEVEL = {"enum": ["public", "restricted"]}
VOCABULARY = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
FILES = {
    "type": "object",
    "required": ["enabled"],
    "properties": {"enabled": {"type": "boolean"}, "entries": {"type": "object"}, "count": {"type": "integer"}},
}
ACCESS = {
    "type": "object",
    "required": ["record", "files", "embargo", "status"],
    "additionalProperties": False,
    "properties": {
        "record": LEVEL,
        "files": LEVEL,
        "embargo": {
            "type": "object",
            "required": ["active"],
            "additionalProperties": False,
            "properties": {
                "active": {"type": "boolean"},
                "until": {"type": "string"},
                "reason": {"type": ["string", "null"]},
            },
        },
        "status": {"enum": ["open", "embargoed", "restricted", "metadata-only"]},
    },
}
METADATA = {
    "type": "object",
    "required": ["resource_type", "creators", "title", "publication_date"],
    "properties": {
        "resource_type": VOCABULARY,
        "creators": {"type": "array", "items": {"type": "object", "required": ["person_or_org"]}},
        "title": {"type": "string"},
        "publication_date": {"type": "string"},
        "identifiers": {"type": "array", "items": {"type": "object", "required": ["identifier", "scheme"]}},
        "related_identifiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["identifier", "relation_type"],
                "properties": {"relation_type": VOCABULARY},
            },
        },
    },
}
RECORD: dict[str, Any] = {
    "type": "object",
    "required": [
        "id", "created", "updated", "links", "revision_id", "parent", "versions", "is_published", "is_draft", "pids",
        "metadata", "custom_fields", "access", "files", "status",
    ],
    "properties": {
        "id": KEY,
        "created": STAMP,
        "updated": STAMP,
        "links": {"type": "object", "required": ["self", "self_html", "draft"]},
        "revision_id": {"type": "integer"},
        "parent": {"type": "object", "required": ["id", "communities"], "properties": {"id": KEY}},
        "versions": {
            "type": "object",
            "required": ["is_latest", "index"],
            "properties": {"is_latest": {"type": "boolean"}, "index": {"type": "integer"}},
        },
        "is_published": {"type": "boolean"},
        "is_draft": {"type": "boolean"},
        "pids": {"type": "object", "additionalProperties": PID},
        "metadata": METADATA,
        "custom_fields": {"type": "object"},
        "access": ACCESS,
        "files": FILES,
        "media_files": FILES,
        "status": {"type": "string"},
        "deletion_status": {
            "type": "object",
            "required": ["is_deleted", "status"],
            "properties": {"is_deleted": {"type": "boolean"}, "status": {"enum": ["P", "D", "X"]}},
        },
    },
}  # fmt: skip
PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["hits", "aggregations", "sortBy", "links"],
    "properties": {
        "hits": {
            "type": "object",
            "required": ["hits", "total"],
            "properties": {"hits": {"type": "array", "items": RECORD}, "total": {"type": "integer", "minimum": 0}},
        },
        "sortBy": {"type": "string"},
        "links": {"type": "object", "required": ["self"]},
    },
}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["status", "message"],
    "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
}
