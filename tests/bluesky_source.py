"""A practice Jetstream, a connector over it without a store, and messages as they come."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from abroad_places import Clock

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.bluesky import Bluesky
from connectors.http import client
from connectors.identifiers import Identifier
from connectors.records import Page
from connectors.sightings import Tracked
from sandbox.bluesky import POST, REPOST, PracticeBluesky

NOW = datetime(2026, 7, 4, 15, tzinfo=UTC)
ANN, BOB, EVE = "did:plc:ann", "did:plc:bob", "did:web:eve.example"
ONE, TWO = (Identifier("doi", f"10.5555/{word}") for word in ("one", "two"))
LINK = "https://doi.org/10.5555/one"
MINE = f"{ANN}/{POST}/3k1"
Names = Mapping[str, tuple[Identifier, ...]]


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def uri(did: str = ANN, rkey: str = "3k1", collection: str = POST) -> str:
    return f"at://{did}/{collection}/{rkey}"


def message(
    record: Any = None,
    *,
    did: Any = ANN,
    operation: Any = "create",
    rkey: Any = "3k1",
    collection: Any = POST,
    **more: Any,
) -> bytes:
    """One message: somebody says something, unless told otherwise."""
    commit = {"rev": "3k", "operation": operation, "collection": collection, "rkey": rkey}
    commit |= {} if record is None else {"record": record, "cid": "bafy"}
    at = (ago(hours=1) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return json.dumps({"did": did, "time_us": at, "kind": "commit", "commit": commit} | more).encode()


def record(text: Any = "the tide", **more: Any) -> dict[str, Any]:
    return {"$type": POST, "createdAt": "2026-07-04T13:59:58.240Z", "langs": ["en"], "text": text, **more}


def facet(*links: Any) -> dict[str, Any]:
    features = [{"$type": "app.bsky.richtext.facet#link", "uri": each} for each in links]
    return {"features": features, "index": {"byteStart": 0, "byteEnd": 5}}


def card(address: Any) -> dict[str, Any]:
    external = {"uri": address, "title": "doi:10.5555/two", "description": "doi:10.5555/two"}
    return {"$type": "app.bsky.embed.external", "external": external}


def quoting(address: Any, media: Any = None) -> dict[str, Any]:
    told = {"$type": "app.bsky.embed.record", "record": {"cid": "bafy", "uri": address}}
    return told if media is None else {"$type": "app.bsky.embed.recordWithMedia", "record": told, "media": media}


def repeating(address: Any = "") -> dict[str, Any]:
    return {"$type": REPOST, "createdAt": "2026-07-04T13:59:59Z", "subject": {"cid": "bafy", "uri": address or uri()}}


class Memory:
    """What was told so far, as the house keeps it: `here` by key; `told` is all in its order."""

    def __init__(self) -> None:
        self.here: dict[str, Mention] = {}
        self.told: list[Mention] = []

    def take(self, page: Page) -> None:
        for mention in page.mentions:
            self.told.append(mention)
            self.here.pop(mention.key, None)
            if not mention.deleted:
                self.here[mention.key] = mention

    @property
    def names(self) -> dict[str, list[str]]:
        """What everything that is there names, by the last words of its key."""
        return {key.rpartition("/")[2]: [each.value for each in told.targets] for key, told in self.here.items()}

    def ear(self, *tracked: Identifier) -> Ear:
        return Ear(
            tracked=Tracked(tracked or (ONE, TWO)),
            abroad=cast(Any, None),
            noted=lambda _: "",
            told=lambda keys: {key: self.here[key].targets for key in keys if key in self.here},
            told_by=self._by,
        )

    def _by(self, source: str, accounts: Collection[str]) -> list[str]:
        assert source == "bluesky"
        return [key for key, told in self.here.items() if told.account and told.account.key in accounts]


def connector(url: str, *, clock: Callable[[], float] | None = None, **more: Any) -> Bluesky:
    settings = Connection(name="bluesky", kind="bluesky", url=url, **more)
    time = clock or Clock()
    sleep = time.sleep if isinstance(time, Clock) else lambda _: None
    return Bluesky(
        settings, client(settings, agent="Ringmark/0 (+https://ringmark.example.edu)", sleep=sleep, clock=time)
    )


def pages(
    server: PracticeBluesky, memory: Memory, *, cursor: str | None = None, bookmark: str | None = None, **more: Any
) -> Iterator[Page]:
    """One run; each page is taken in before the next is asked for."""
    server.stands = server.stands or NOW
    with connector(server.url, **more) as heard:
        for page in heard.listen(Since(cursor=cursor, bookmark=bookmark, now=server.stands), memory.ear()):
            memory.take(page)
            yield page


def run(server: PracticeBluesky, memory: Memory, **more: Any) -> list[Page]:
    return list(pages(server, memory, **more))
