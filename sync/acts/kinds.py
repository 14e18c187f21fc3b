"""The kinds of system that can be connected, and what each needs to be told."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.settings import NEEDED
from connectors.base import Asks, Pulls, Pushes, Takes
from connectors.files.table import TABLES
from sync import registry

LEVELS = ("people", "outputs", "authorships", "groups")
PLAIN = {
    "url": "Up to the path",
    "field": "Which field of a record; the page of the system in the documentation says how",
}
HINTS: Mapping[str, Mapping[str, str]] = {
    "dspace": {
        "url": "Of its REST API, as https://repository.example.edu/server",
        "field": "In its metadata registry, as local.attention.score",
    },
    "elements": {
        "url": "Up to the version of the API, as https://elements.example.edu:8091/secure-api/v6.13",
        "field": "A label scheme of your own, as c-ringmark",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`reads`: it tells what there is; `writes`: it takes badges; `asks`: it is asked about what there is. `assumes`:
    the things of which its format, or an old version of it, cannot say who may see them. `where` it is: an address, or
    a folder with `columns` by file. `token`: it takes one, and no account; `wants_field`: the settings must name the
    field that badges are written to."""

    name: str
    what: str
    reads: bool
    writes: bool
    asks: bool
    where: str
    assumes: tuple[str, ...]
    token: bool = False
    wants_field: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[tuple[str, str], ...] = ()


def kinds() -> dict[str, Kind]:
    """Every installed kind by its name: those that are read first."""
    found = [_kind(name) for name in registry.kinds()]
    return {
        each.name: each for each in sorted(found, key=lambda each: (not each.reads, each.name == "files", each.name))
    }


def _kind(name: str) -> Kind:
    connector = registry.kinds()[name]
    manifest, reads = connector.manifest, issubclass(connector, Pulls)
    where = NEEDED.get(name, "url" if manifest.needs_url else "path")
    told = manifest.visibility if where == "path" else frozenset()  # what travels has versions that tell less
    return Kind(
        name=name,
        what=(sys.modules[connector.__module__].__doc__ or name).strip().splitlines()[0],
        reads=reads,
        writes=issubclass(connector, Takes),
        asks=issubclass(connector, Asks),
        where=where,
        token=bool(manifest.token) or manifest.signs,
        wants_field=issubclass(connector, Pushes) and not manifest.field,
        hints={**PLAIN, **HINTS.get(name, {})},
        assumes=tuple(level for level in LEVELS if level not in told) if reads else (),
        columns=tuple((each.file, ", ".join((*each.keys, *each.columns))) for each in TABLES)
        if name == "files"
        else (),
    )
