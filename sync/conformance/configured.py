"""The settings of one examination, written down as an administrator would, and read as any others are."""

import json
from collections.abc import Mapping
from pathlib import Path

from config.load import load
from config.settings import Settings
from connectors.base import Asks, Connector, Manifest, Takes
from sync.conformance.practice import Practice

TESTED, LOCAL = "tested", "local"
BASE = "https://ringmark.example.edu"
CONTACT = "library@example.edu"
SETTINGS = """
[store]
url = "{store}"
[institution]
base_url = "{base}"
contact = "{contact}"
[abroad]
at_home = {homes}
[scope]
status = "{status}"
[score]
rules = "published-2020"
[connections.tested]
kind = "{kind}"
pace = 0
{keys}
[connections.tested.assume]
{assume}
[connections.local]
kind = "files"
path = "local"
people = {people}
"""


def configured(
    folder: Path, store: str, kind: str, connector: type[Connector], practice: Practice, wrong: Mapping[str, str]
) -> Settings:
    """Writes settings, with the address of a store, and files of secrets into a folder; `wrong` are keys that are other
    than they should be."""
    keys: dict[str, str | int | bool] = {**practice.settings, **wrong}
    if connector.manifest.people:
        keys["people"] = True
    if issubclass(connector, Takes):
        keys["push"] = "public"
    for name, secret in practice.secrets.items():
        keys.pop(name, None)
        keys[f"{name}_file"] = f"{TESTED}.{name}"
        file = folder / f"{TESTED}.{name}"
        file.touch(mode=0o600)
        file.write_text(wrong.get(name, secret), encoding="utf-8")
    told = SETTINGS.format(
        store=store,
        base=BASE,
        contact=CONTACT,
        homes=json.dumps(list(getattr(practice, "homes", ()))),
        status="current" if connector.manifest.person_status else "all",
        kind=kind,
        people=json.dumps(by_people(connector)),
        keys="\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items()),
        assume="\n".join(f'{each} = "public"' for each in sorted(untold(connector.manifest))),
    )
    file = folder / "ringmark.toml"
    file.write_text(told, encoding="utf-8")
    return load(file, {})


def by_people(connector: type[Connector]) -> bool:
    """Whether the system is asked by people, so that the suite's own folder must tell of some."""
    return issubclass(connector, Asks) and connector.manifest.asks_by == "orcid"


def untold(manifest: Manifest) -> frozenset[str]:
    """The kinds of record whose level the system does not tell, so that the suite assumes them to be public."""
    return frozenset({"people", "outputs", "authorships"}) - manifest.visibility
