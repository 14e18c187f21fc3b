"""Mentions with evidence, told to the store of a house as a connector would; its own files cannot tell any."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import stores
from conftest import House

from connectors.attention import Evidence, Mention, Outlet
from connectors.identifiers import Identifier
from connectors.records import Page
from sync import store

WORDS = "see Saltmarsh, doi:10.5555/one, on tides"


def doi(work: str) -> Identifier:
    return Identifier("doi", f"10.5555/{work}")


def evidence(work: str = "one", **told: Any) -> Evidence:
    """That a page has the DOI of a work in it, unless told otherwise."""
    named = {"identifier": doi(work), "method": "plain-doi", "level": "literal", "excerpt": WORDS, "extractor": "3"}
    return Evidence(**(named | {"digest": sha256(b"the whole page").hexdigest()} | told))


def mention(key: str = "a", works: Iterable[str] = ("one",), **told: Any) -> Mention:
    """A news article of which each work was seen, unless told otherwise."""
    named: dict[str, Any] = {
        "source": "news",
        "targets": tuple(map(doi, works)),
        "url": f"https://news.example/{key}",
        "occurred_at": datetime(2026, 1, 1, tzinfo=UTC),
        "outlet": Outlet(key=key, tier=1),
        "evidence": tuple(evidence(work) for work in works),
    }
    return Mention(key=key, **(named | told))


def hear(house: House, *mentions: Mention, name: str = "told") -> int:
    """One pull of a connection that hears mentions; how many of them were news."""
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    source = store.begin(home, name, step="pull", full=False, now=store.now()).source
    done = store.apply(home, source, Page(mentions=mentions), now=store.now())
    store.end(home, source, "done", "", now=store.now(), cursor="c")
    home.engine.dispose()
    return done.changed
