"""The practice Jetstream sends what the real one does: held against a recording of it, read by another client."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import reconnect

from sandbox.bluesky import POST, REPOST, PracticeBluesky, practice_bluesky

NOW = datetime(2026, 7, 4, 15, tzinfo=UTC)
ANN, BOB = "did:plc:ann", "did:plc:bob"
MICROS = int(NOW.timestamp()) * 1_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeBluesky]:
    with practice_bluesky() as server:
        server.stands = NOW
        card = {
            "$type": "app.bsky.embed.external",
            "external": {"uri": "https://a.example/", "title": "A", "description": "B", "thumb": {}},
        }
        server.post(ANN, "3old", "too old", at=NOW - timedelta(hours=37))
        server.post(ANN, "3k1", "a.example/...", at=NOW - timedelta(hours=3), links=["https://a.example/"], embed=card)
        server.repost(BOB, "3r1", f"at://{ANN}/{POST}/3k1", at=NOW - timedelta(hours=2))
        server.delete(ANN, "3k1", at=NOW - timedelta(hours=1))
        server.account(ANN, at=NOW - timedelta(minutes=9), active=True)
        server.commit(
            BOB, "app.bsky.feed.like", "3l1", at=NOW - timedelta(minutes=8), operation="create", record={"subject": {}}
        )
        yield server


def told(server: PracticeBluesky, query: str, number: int) -> list[dict[str, Any]]:
    with reconnect(f"{server.url}/subscribe?{query}") as line:
        return [json.loads(line.recv(timeout=20)) for _ in range(number)]


def shape(told: Any) -> Any:
    """Which names stand where, and of what kind each value is."""
    if isinstance(told, dict):
        return {name: shape(each) for name, each in told.items()}
    return [shape(each) for each in told] if isinstance(told, list) else type(told).__name__


def test_it_has_the_shapes_of_the_real_one(server: PracticeBluesky, shared_data: Path) -> None:
    lines = (shared_data / "attention" / "bluesky" / "expected_v1.jsonl").read_text().splitlines()
    wanted = f"wantedCollections={POST}&wantedCollections={REPOST}&cursor={MICROS - 86_400_000_000}"

    def by_kind(events: list[dict[str, Any]]) -> dict[tuple[str, ...], list[Any]]:
        found: dict[tuple[str, ...], list[Any]] = {}
        for each in events:
            commit = each.get("commit", {})
            key = (each["kind"], commit.get("collection", ""), commit.get("operation", ""))
            found.setdefault(key, []).append(shape(each))
        return found

    real, ours = by_kind([json.loads(line) for line in lines]), by_kind(told(server, wanted, 5))

    assert len(ours) == 4
    for kind, shapes in ours.items():
        for each in shapes[:1]:  # the talk of strangers behind it is plainer
            assert any(_within(each, one) for one in real[kind]), kind


def _within(ours: Any, real: Any) -> bool:
    """Whether all that we send stands in the same place there, but for a picture."""
    if isinstance(ours, dict) and isinstance(real, dict):
        return all(name == "thumb" or (name in real and _within(each, real[name])) for name, each in ours.items())
    if isinstance(ours, list) and isinstance(real, list):
        return all(_within(each, real[0]) for each in ours) if real else not ours
    return bool(ours == real)


@pytest.mark.parametrize(
    ("query", "rkeys"),
    [
        (f"wantedCollections={POST}&cursor={MICROS - 10_800_000_000}", ["3k1", "3k1", None]),  # and an account, unasked
        (f"wantedCollections={REPOST}&cursor=1000000000000000", ["3r1", None]),  # 36 hours at most, and nothing is said
        ("wantedCollections=app.bsky.feed.post", ["3k0"]),  # what is said now
        (f"wantedCollections={POST}&cursor={MICROS + 86_400_000_000}", ["3k0"]),
        (f"wantedCollections={POST}&cursor={MICROS - 10_800_000_000}&maxMessageSizeBytes=400", ["3k1", None]),
    ],
)
def test_it_begins_at_the_cursor_and_tells_what_is_wanted(
    server: PracticeBluesky, query: str, rkeys: list[str]
) -> None:
    assert [each.get("commit", {}).get("rkey") for each in told(server, query, len(rkeys))] == rkeys
