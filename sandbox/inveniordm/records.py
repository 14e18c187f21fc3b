"""The records of a practice InvenioRDM, made up by number, and how they are written in answers.

The shape is that of InvenioRDM 14.0.5, as its REST API documentation and its source have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

Body = dict[str, Any]

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of addresses (RFC 9562)
COUNTS = ("views", "unique_views", "downloads", "unique_downloads", "data_volume")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One version of a work, or its draft. `access` and `metadata` are told as they stand here; `communities` are
    slugs; `deleted` leaves a tombstone, which everybody is told of where it is `mourned`."""

    id: str
    parent: str
    updated: datetime
    created: datetime
    revision: int = 3
    metadata: Mapping[str, Any] = field(default_factory=dict)
    access: Mapping[str, Any] = field(default_factory=dict)
    pids: Mapping[str, Any] = field(default_factory=dict)
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    concept: str = ""
    communities: tuple[str, ...] = ()
    index: int = 1
    latest: bool = True
    draft: bool = False
    deleted: bool = False
    mourned: bool = True

    @property
    def restricted(self) -> bool:
        """What is not plainly public is restricted to those who may see it."""
        return self.access.get("record") != "public"


def made(number: int, *, doi: str, title: str, moment: datetime, record: str = "public", **more: Any) -> Record:
    """An article, invented but for its number. `record` is its level; empty where it has none."""
    levels = {"record": record} if record else {}
    files = "public" if record in ("", "public") else "restricted"
    return Record(
        id=id_of(number),
        parent=f"par{number // 100_000:02}-{number % 100_000:05}",
        created=moment,
        updated=moment,
        metadata={
            "resource_type": {"id": "publication-article", "title": {"en": "Journal article"}},
            "creators": [
                {
                    "person_or_org": {
                        "type": "personal",
                        "name": "Carberry, Josiah",
                        "given_name": "Josiah",
                        "family_name": "Carberry",
                        "identifiers": [{"identifier": "0000-0002-1825-0097", "scheme": "orcid"}],
                    }
                }
            ],
            "title": title,
            "publisher": "University of Example",
            "publication_date": "2026-01-15",
        },
        access={**levels, "files": files, "embargo": {"active": False, "reason": None}},
        pids={
            **({"doi": {"identifier": doi, "provider": "external"}} if doi else {}),
            "oai": {"identifier": f"oai:example.edu:{id_of(number)}", "provider": "oai"},
        },
        **more,
    )


def id_of(number: int) -> str:
    """The id of a record, which has five letters and digits twice."""
    return f"rec{number // 100_000:02}-{number % 100_000:05}"


def uuid_of(slug: str) -> str:
    """The id of a community."""
    return str(uuid5(SPACE, f"https://example.edu/communities/{slug}"))


def body(record: Record, base: str) -> Body:
    """One record as it is answered."""
    api, page = f"{base}/api/records/{record.id}", f"{base}/records/{record.id}"
    ids = [uuid_of(slug) for slug in record.communities]
    return {
        "id": record.id,
        "created": record.created.isoformat(),
        "updated": record.updated.isoformat(),
        "links": {
            "self": f"{api}/draft" if record.draft else api,
            "self_html": page,
            "latest": f"{api}/versions/latest",
            "versions": f"{api}/versions",
            "draft": f"{api}/draft",
            "communities": f"{api}/communities",
            **({"publish": f"{api}/draft/actions/publish"} if record.draft else {}),
        },
        "revision_id": record.revision,
        "parent": {
            "id": record.parent,
            "access": {"owned_by": {"user": "2"}},
            "communities": {"ids": ids, "default": ids[0]} if ids else {},
            "pids": {"doi": {"identifier": record.concept, "provider": "datacite"}} if record.concept else {},
        },
        "versions": {"is_latest": record.latest, "index": record.index},
        "is_published": True,
        "is_draft": record.draft,
        "pids": dict(record.pids),
        "metadata": dict(record.metadata),
        "custom_fields": dict(record.custom_fields),
        "access": {**record.access, "status": _status(record)},
        "files": _files(record.files),
        "media_files": _files({}),
        "status": "draft" if record.draft else "published",
        "deletion_status": {"is_deleted": record.deleted, "status": "D" if record.deleted else "P"},
        "stats": {name: dict.fromkeys(COUNTS, 0) for name in ("this_version", "all_versions")},
    }


def with_body(draft: Record, told: Mapping[str, Any]) -> Record:
    """A draft as a body would have it: what the body leaves out is empty afterwards."""
    access = {name: value for name, value in _table(told.get("access")).items() if name != "status"}
    return replace(
        draft,
        metadata=_table(told.get("metadata")),
        access=access or {"record": "public", "files": "public", "embargo": {"active": False, "reason": None}},
        pids=_table(told.get("pids")),
        custom_fields=_table(told.get("custom_fields")),
    )


def _table(told: object) -> dict[str, Any]:
    return dict(told) if isinstance(told, dict) else {}


def _status(record: Record) -> str:
    """One word for record and files together, worked out as InvenioRDM does."""
    levels = (record.access.get("record"), record.access.get("files"))
    if record.access.get("embargo", {}).get("active"):
        return "embargoed"
    if levels[0] == "public" and not record.files:
        return "metadata-only"
    return "open" if levels == ("public", "public") else "restricted"


def _files(files: Mapping[str, str]) -> Body:
    return {
        "enabled": bool(files),
        "order": [],
        "count": len(files),
        "total_bytes": 1000 * len(files),
        "entries": {name: {"key": name, "checksum": f"md5:{text}", "size": 1000} for name, text in files.items()},
    }
