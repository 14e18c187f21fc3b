"""The history of a score: what an audience saw of it and no more, why it changed; and no change leaves no trace."""

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import stores
from conftest import House
from small_source import World, keys, registered

from config.visibility import Visibility
from connectors.records import Gone
from scoring.rules import SOURCES, load
from scoring.words import CHANGED
from sync import store
from sync.store import changes

ONE, TWO = keys(1, 2)
DAY = 86_400_000_000
SCORES = '[score]\nrules = "{}"\n'
NEWS = {"source": "news", "outlet": {"id": "gazette", "name": "Gazette", "tier": 4}}
POST = {"source": "x", "author": {"id": "a", "followers": 10}}


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    world = registered(monkeypatch, house).add(ONE, TWO)
    house.ok("sync")
    return world


@pytest.fixture
def tell(house: House) -> Callable[..., None]:
    """Told of an output: policy sources by name, or a mention in full; all is scored, a day after what was before."""

    def told(key: str, *mentions: str | dict[str, Any], **more: object) -> None:
        lines = [{"source": "policy", "policy_source": each} if isinstance(each, str) else each for each in mentions]
        house.later += DAY
        (house.folder / "told.jsonl").write_text(
            "".join(json.dumps({**mention(key, each), **each, **more}) + "\n" for each in lines)
        )
        house.ok("import", str(house.folder / "told.jsonl"))
        house.ok("score")

    return told


def mention(key: str, told: dict[str, Any]) -> dict[str, Any]:
    """What a mention of an output has whatever it tells; of one source and speaker there is one."""
    name = f"{key}/{told['source']}/{told.get('policy_source', '')}"
    return {
        "id": name,
        "url": f"https://told.example.org/{name}",
        "output": [f"doi:10.5555/{key}"],
        "occurred_at": "2026-01-01",
    }


def pull(house: House, world: World, *gone: Gone) -> None:
    world.gone = gone
    for each in gone:
        world.items.pop(each.key, None)
    house.later += DAY
    house.ok("pull", "--full")
    house.ok("score")


def past(house: House, key: str, audience: str = "public") -> list[tuple[int, int, str]]:
    """(before, after, reason) of every change that an audience is told of."""
    told = house.json("explain", f"10.5555/{key}", "--audience", audience)["history"]
    assert [line["at"] for line in told] == sorted(line["at"] for line in told)
    return [(line["before"] // 1000, line["millipoints"] // 1000, line["reason"]) for line in told]


def test_a_score_that_comes_out_the_same_writes_nothing(own: House) -> None:
    before = stores.dump(own.folder)
    own.later += DAY

    told = own.json("score", "--full")

    assert (told["outputs"] > 0, told["changed"]) == (True, 0)
    assert stores.dump(own.folder) == before


def test_what_was_scored_again_without_a_change_does_not_wait_any_more(own: House) -> None:
    own.later += DAY
    outputs = own.folder / "import" / "outputs.csv"
    outputs.write_text(outputs.read_text().replace("Glacier", "Ice"))
    own.ok("pull")
    before = own.stored("SELECT output_id, millipoints, scored_at FROM score ORDER BY output_id")
    own.ok("score")
    outputs.write_text(outputs.read_text().replace("Ice", "Snow"))
    own.later += 20 * DAY
    own.ok("pull")

    alarms = [row["name"] for row in own.json("status")["alarm_rows"]]

    assert own.stored("SELECT output_id, millipoints, scored_at FROM score ORDER BY output_id") == before
    assert own.json("status")["outputs"]["waiting_for_score"] > 0
    assert "scores-wait" not in alarms  # what waits was pulled just now


@pytest.mark.usefixtures("world")
def test_every_change_is_told_with_its_reason(house: House, tell: Callable[..., None]) -> None:
    tell(ONE, "who")
    tell(ONE, "who", "oecd")
    tell(ONE, NEWS)
    tell(ONE, NEWS | {"outlet": {"id": "gazette", "tier": 2}})
    tell(ONE, POST)
    tell(ONE, POST | {"author": {"id": "a", "followers": 200_000}})
    house.write(SCORES.format("published-2020") + house.file.read_text())
    house.ok("score")
    tell(ONE, "who", deleted=True)

    told = house.json("explain", f"10.5555/{ONE}")["history"]

    assert [(line["before"], line["millipoints"], line["reason"]) for line in told] == [
        (0, 3000, "mentions"),
        (3000, 6000, "mentions"),
        (6000, 7000, "mentions"),
        (7000, 13_000, "outlets"),
        (13_000, 13_250, "mentions"),
        (13_250, 14_000, "accounts"),
        (14_000, 14_000, "rules"),
        (14_000, 11_000, "mentions"),
    ]
    assert [line["rules"]["name"] for line in told[-3:]] == ["ringmark-2026", "published-2020", "published-2020"]
    assert "as many mentions as before, by accounts that weigh differently now" in house.ok("explain", f"10.5555/{ONE}")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"x": (2, 2, 500)}, {"x": (2, 2, 900)}, "accounts"),
        ({"news": (2, 1, 1000)}, {"news": (2, 1, 8000)}, "outlets"),
        ({"blog": (1, 1, 5000)}, {"blog": (1, 1, 6000)}, "outlets"),
        ({"x": (1, 1, 250), "news": (1, 1, 1000)}, {"x": (1, 1, 900), "news": (1, 1, 8000)}, "accounts and outlets"),
        ({"x": (1, 1, 250)}, {"x": (1, 1, 900), "policy": (1, 1, 3000)}, "mentions"),
        ({"x": (1, 1, 250)}, {"x": (2, 1, 900)}, "mentions"),
        ({"x": (1, 1, 250)}, {}, "mentions"),
        ({"x": (1, 1, 250), "reddit": (1, 1, 250)}, {"x": (1, 1, 900), "reddit": (1, 1, 100)}, "mentions"),
        ({}, {"news": (4, 4, 32_000, 1)}, "counts"),
        ({"news": (4, 4, 32_000, 1)}, {"news": (5, 5, 40_000, 1)}, "counts"),
        ({"news": (4, 4, 32_000, 1)}, {"news": (1, 1, 8000)}, "mentions"),
        ({"news": (4, 4, 32_000, 1)}, {"news": (5, 5, 40_000, 1), "blog": (1, 1, 5000)}, "mentions"),
        ({"news": (4, 4, 32_000, 1), "x": (1, 1, 250)}, {"x": (1, 1, 900)}, "counts"),
    ],
)
def test_the_reason_of_a_change_is_one_that_readers_have_words_for(
    before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]], reason: str
) -> None:
    rules = load("ringmark-2026")
    names = ("mentions", "units", "millipoints", "tallied")
    old, new = (
        [{"source": SOURCES[source], **dict(zip(names, (*told, 0), strict=False))} for source, told in each.items()]
        for each in (before, after)
    )
    stored = SimpleNamespace(rules=rules.name, version=rules.version, millipoints=sum(p["millipoints"] for p in old))
    row = {"points": sum(part["millipoints"] for part in new), "rules": rules.name, "version": rules.version}

    line = changes.change(rules, row, stored, old, new)

    assert line is not None
    assert line["reason"] == reason
    assert reason in CHANGED


@pytest.mark.usefixtures("world")
def test_an_output_that_nobody_mentioned_has_no_history(house: House) -> None:
    house.write(SCORES.format("published-2020") + house.file.read_text())
    house.ok("score")

    assert past(house, ONE) == []
    assert "Changes of the score" not in house.ok("explain", f"10.5555/{ONE}")


def test_what_changed_while_an_output_was_hidden_is_told_to_nobody_who_did_not_see_it(
    house: House, world: World, tell: Callable[..., None]
) -> None:
    world.add(ONE, level=Visibility.INTERNAL)
    pull(house, world)
    tell(ONE, "who")
    tell(ONE, "who", "oecd")
    assert past(house, ONE, "internal") == [(0, 3, "mentions"), (3, 6, "mentions")]

    world.add(ONE)
    pull(house, world)
    seen = past(house, ONE)
    house.ok("hide", f"10.5555/{ONE}", "--why", "for a while")
    tell(ONE, "who", "oecd", "fao")
    tell(ONE, NEWS | {"outlet": {"id": "gazette", "tier": 1}})
    house.ok("unhide", f"10.5555/{ONE}")
    pull(house, world)

    assert seen == [(0, 6, "mentions")]
    assert past(house, ONE) == [(0, 6, "mentions"), (6, 17, "mentions")]
    assert past(house, ONE, "internal") == [(0, 3, "mentions"), (3, 6, "mentions"), (6, 17, "mentions")]
    whole = house.json("why", f"10.5555/{ONE}")["history"]  # which is for administrators
    assert [line["millipoints"] for line in whole] == [3000, 6000, 9000, 17_000]


def test_a_hidden_time_without_a_difference_leaves_no_line(
    house: House, world: World, tell: Callable[..., None]
) -> None:
    tell(ONE, "who")
    house.ok("hide", f"10.5555/{ONE}", "--why", "for a while")
    tell(ONE, "oecd")
    tell(ONE, "oecd", deleted=True)
    house.ok("unhide", f"10.5555/{ONE}")
    pull(house, world)

    assert past(house, ONE) == [(0, 3, "mentions")]


def merge(house: House, world: World, old: str, into: str) -> None:
    one, two = world.items[old], world.items[into]
    world.items[into] = replace(two, identifiers=one.identifiers, other_dois=two.identifiers)
    pull(house, world, Gone(kind="item", key=old, into=into))


def test_what_was_merged_takes_its_past_along(house: House, world: World, tell: Callable[..., None]) -> None:
    tell(ONE, "who")
    tell(ONE, "who", "oecd")
    before = past(house, ONE)

    merge(house, world, ONE, TWO)

    assert past(house, ONE) == before
    assert house.json("explain", f"10.5555/{ONE}")["output"]


def test_two_pasts_become_one_in_which_nothing_tells_of_two(
    house: House, world: World, tell: Callable[..., None]
) -> None:
    tell(ONE, "who")
    tell(TWO, "fao", "ilo", "imf")
    tell(ONE, "who", "oecd")

    pull(house, world, Gone(kind="item", key=ONE, into=TWO))

    assert past(house, TWO) == [(0, 3, "mentions"), (3, 6, "mentions"), (6, 9, "mentions")]  # 9 was another's once
    assert house.stored("SELECT count(*) FROM score_change") == [(4,)]


def test_the_past_of_what_the_public_never_saw_goes_along_unseen(
    house: House, world: World, tell: Callable[..., None]
) -> None:
    world.add(ONE, level=Visibility.INTERNAL)
    pull(house, world)
    tell(ONE, "who")
    tell(ONE, "who", "oecd")
    merge(house, world, ONE, TWO)  # its vote stays, so what both are now is internal
    assert f"10.5555/{ONE}" not in house.dois()

    house.ok("connection", "list")

    assert house.run("explain", f"10.5555/{ONE}").err == "unknown output\n"
    assert past(house, ONE, "internal") == [(0, 3, "mentions"), (3, 6, "mentions")]
    assert house.stored("SELECT count(*) FROM badge_change WHERE audience = 'public'") == [(0,)]


def test_what_parts_begins_a_past_of_its_own(house: House, world: World, tell: Callable[..., None]) -> None:
    both = world.items[ONE]
    world.items[TWO] = replace(world.items[TWO], identifiers=both.identifiers)
    pull(house, world)
    tell(ONE, "who")
    tell(ONE, "who", "oecd")

    world.add(TWO)
    pull(house, world)
    tell(TWO, "fao")

    assert past(house, ONE) == [(0, 3, "mentions"), (3, 6, "mentions")]
    assert past(house, TWO) == [(0, 3, "mentions")]


@pytest.mark.usefixtures("world")
def test_what_is_gone_for_good_leaves_no_past(house: House, tell: Callable[..., None]) -> None:
    tell(ONE, "who")
    house.ok("connection", "forget", "small")

    assert house.stored("SELECT count(*) FROM badge_change") == [(0,)]


def test_the_last_line_of_every_history_is_what_the_badge_shows(scored: House) -> None:
    home = store.open_store(stores.url(scored.folder), key_file=scored.folder / "ringmark.key", create=False)
    with home.read() as db:
        for audience in store.AUDIENCES:
            for shown in store.walk(db, audience, now=store.now()):
                told = store.history(db, audience, shown)
                assert (told[-1].after if told else 0) == shown.millipoints
    home.engine.dispose()


@pytest.mark.usefixtures("world")
def test_changes_lists_what_differs_since_a_day(house: House, tell: Callable[..., None]) -> None:
    tell(ONE, "who")
    tell(ONE, "who", "oecd")
    since = house.json("explain", f"10.5555/{ONE}")["history"][1]["at"]
    tell(ONE, NEWS)
    tell(TWO, "fao")
    tell(TWO, "fao", deleted=True)

    told = house.json("changes", "--since", since)
    all_of_it = house.json("changes", "--since", "2000-01-01")

    assert told["audience"] == "public"
    (row,) = told["outputs"]
    assert (row["doi"], row["reasons"]) == (f"10.5555/{ONE}", ["mentions"])
    assert row["before"] == {"score": 3, "millipoints": 3000}
    assert row["after"] == {"score": 7, "millipoints": 7000}
    assert [each["doi"] for each in all_of_it["outputs"]] == [f"10.5555/{ONE}"]
    assert "1 outputs have another score" in house.ok("changes", "--since", "2000-01-01")
    assert house.json("changes", "--since", "2100-01-01")["outputs"] == []
