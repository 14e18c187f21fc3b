"""What the v1 API keeps and compares: for as long as it is so, and no longer; and the same standing as on the page."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House

from badges.app import Site
from scoring.rules import load
from sync import store

MINUTE = 60 * 1_000_000


class Asked:
    """A site in this process, whose clock is set by hand; the store is read by whoever reads it in `serve`."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = store.now()
        self.store = store.open_store(stores.url(house.folder), key_file=Path("none"), create=False)
        self.site = Site(
            self.store, name="Example", base_url="http://127.0.0.1:8000", rules=load, clock=lambda: self.now
        )

    def close(self) -> None:
        self.site.close()
        self.store.engine.dispose()

    def ask(self, path: str) -> Any:
        """The document of an answer, or its status where it is none."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            raise AssertionError("nobody reads what was sent with a request")

        where, _, query = path.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": where, "raw_path": where.encode(),
            "query_string": query.encode(), "headers": [],
        }  # fmt: skip
        asyncio.run(self.site(scope, receive, send))
        status = sent[0]["status"]
        return json.loads(sent[1]["body"]) if status == 200 else status


@pytest.fixture
def asked(own: House) -> Iterator[Asked]:
    found = Asked(own)
    yield found
    found.close()


@pytest.fixture
def top(asked: Asked) -> dict[str, Any]:
    """The record with the highest score."""
    told = asked.ask("/v1/citations/at?num_results=1&order_by=at_score")["results"][0]
    assert isinstance(told, dict)
    return told


def test_a_record_is_kept_for_some_minutes_while_the_store_stands(asked: Asked, top: dict[str, Any]) -> None:
    path = f"/v1/id/{top['altmetric_id']}"
    first = asked.ask(path)
    asked.house.stored("UPDATE badge SET title = ? WHERE public_id = ?", "Written behind its back", top["altmetric_id"])

    kept = asked.ask(path)
    asked.now += 5 * MINUTE
    anew = asked.ask(path)

    assert kept == first
    assert anew["title"] == "Written behind its back"


@pytest.mark.parametrize("path", ["/v1/id/{output}", "/v1/citations/at?doi_prefix={doi}"])
def test_what_closes_by_the_clock_is_kept_no_longer(asked: Asked, top: dict[str, Any], path: str) -> None:
    path = path.format(output=top["altmetric_id"], doi=top["doi"])
    asked.house.stored("UPDATE badge SET closes_at = ? WHERE public_id = ?", asked.now + MINUTE, top["altmetric_id"])
    assert top["title"] in json.dumps(asked.ask(path), ensure_ascii=False)

    asked.now += MINUTE

    assert top["title"] not in json.dumps(asked.ask(path), ensure_ascii=False)


def test_a_name_that_closes_by_the_clock_is_kept_no_longer(asked: Asked) -> None:
    told = asked.ask("/v1/citations/at?num_results=100")["results"]
    named = next(each for each in told if each.get("authors"))
    asked.house.stored("UPDATE badge_person SET closes_at = ?", asked.now + MINUTE)
    assert asked.ask(f"/v1/id/{named['altmetric_id']}")["authors"] == named["authors"]

    asked.now += MINUTE

    assert "authors" not in asked.ask(f"/v1/id/{named['altmetric_id']}")


def test_a_standing_counts_nobody_who_has_closed(asked: Asked, top: dict[str, Any]) -> None:
    path = f"/v1/id/{top['altmetric_id']}"
    asked.house.stored("UPDATE badge SET closes_at = ? WHERE public_id <> ?", asked.now + MINUTE, top["altmetric_id"])
    asked.house.stored("UPDATE meta SET value = '999999' WHERE name = 'generation'")
    before = asked.ask(path)["context"]["all"]

    asked.now += MINUTE

    assert before["count"] > 80
    assert asked.ask(path)["context"]["all"]["count"] == 1


def test_what_is_hidden_is_gone_with_the_next_request(asked: Asked, top: dict[str, Any]) -> None:
    path = f"/v1/id/{top['altmetric_id']}"
    assert asked.ask(path)["doi"] == top["doi"]

    asked.house.ok("hide", top["doi"], "--why", "a test")

    assert asked.ask(path) == 404
    assert top["doi"] not in json.dumps(asked.ask("/v1/citations/at?num_results=100"))


def test_every_standing_is_the_one_that_the_page_and_explain_tell(scored: House) -> None:
    house = store.open_store(stores.url(scored.folder), key_file=Path("none"), create=False)
    now = store.now()
    compared = 0
    with house.read() as db:
        everyone = store.everyone(db, now=now)
        badges = list(store.walk(db, "public", now=now))
        for shown in badges:
            ours, theirs = store.crowds(db, everyone, shown, now=now), store.context(db, shown, now=now)
            for name in ("all", "journal", "similar_age", "similar_age_journal"):
                crowd, place = getattr(ours, name), getattr(theirs, name)
                assert (crowd is None) == (place is None)
                if crowd is not None:
                    assert (crowd.count, 1 + crowd.higher) == (place.count, place.rank)
                    compared += 1
            same = [each.millipoints for each in badges if each.journal_id == shown.journal_id]
            if ours.journal:
                lower = sum(points < shown.millipoints for points in same)
                assert (ours.journal.millipoints, ours.journal.lower) == (sum(same), lower)
            lower = sum(each.millipoints < shown.millipoints for each in badges)
            assert (ours.all.millipoints, ours.all.lower) == (sum(each.millipoints for each in badges), lower)
    house.engine.dispose()
    assert compared > 200


def test_many_badges_are_found_as_each_by_itself(scored: House) -> None:
    house = store.open_store(stores.url(scored.folder), key_file=Path("none"), create=False)
    now = store.now()
    with house.read() as db:
        badges = list(store.walk(db, "public", now=now))
        wanted = [each.output for each in badges] + [one for each in badges for one in each.identifiers] + [1]
        found = store.several(db, "public", wanted, now=now)
        assert found == {each: one for each in wanted if (one := store.find(db, "public", each, now=now))}
    house.engine.dispose()
    assert 1 not in found
    assert len(found) > 150
