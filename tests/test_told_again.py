"""What was deleted and is told again, what was merged into another, and the echo of what we wrote ourselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from conftest import House
from small_source import SETTINGS, Small, World, keys, registered

from config.visibility import Visibility
from connectors import Identifier, Manifest, Since
from connectors.base import Held, Pushes
from connectors.errors import Recalled
from connectors.records import Done, Gone, Kind, Page

BASE = "https://ringmark.example.edu"
PUSHED = f'''[institution]
base_url = "{BASE}"
{SETTINGS}url = "http://127.0.0.1:1"
push = "public"
field = "attention"
'''
ONE, TWO = keys(1, 2)


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    world = registered(monkeypatch, house).add(ONE, TWO)
    house.ok("sync")
    return world


def mention(house: House, doi: str) -> None:
    """One mention, of three points."""
    (house.folder / "mentions.jsonl").write_text(
        f'{{"id": "m", "source": "policy", "output": ["doi:{doi}"], "policy_source": "who",'
        f' "url": "https://policy.example.org/m", "occurred_at": "2026-01-01T00:00:00Z"}}\n'
    )
    house.ok("import", str(house.folder / "mentions.jsonl"))
    house.ok("score")


def pull(house: House, world: World, *gone: Gone) -> None:
    """Read all of it, with what it states to be gone, and score it."""
    world.gone = gone
    for each in gone:
        world.items.pop(each.key, None)
    house.ok("pull", "--full")
    house.ok("score")


def row(house: House, key: str) -> dict[str, Any]:
    """What the public gets to see of an output."""
    (found,) = [each for each in house.rows() if each["doi"] == f"10.5555/{key}"]
    return found


def history(house: House) -> list[Any]:
    """The outputs whose score ever changed, by public id, and to what."""
    sql = "SELECT o.public_id, c.after FROM score_change c JOIN output o ON o.id = c.output_id ORDER BY c.id"
    return house.stored(sql)


def test_what_was_deleted_and_is_told_again_lives_again_by_its_own_vote(house: House, world: World) -> None:
    mention(house, f"10.5555/{ONE}")
    before, past = row(house, ONE), history(house)
    world.add(ONE, level=Visibility.INTERNAL)
    pull(house, world)
    pull(house, world, Gone(kind="item", key=ONE))
    assert house.dois("internal") == {f"10.5555/{TWO}"}

    world.add(ONE)
    pull(house, world)

    assert row(house, ONE) == before
    assert history(house) == [*past, (past[0][0], 0), past[0]]  # while it was gone nothing was tied to it


def test_what_was_deleted_and_is_told_again_joins_what_another_record_kept(house: House, world: World) -> None:
    told = world.items[ONE]
    world.items["another"] = replace(told, key="another", title="")
    mention(house, f"10.5555/{ONE}")
    pull(house, world)
    before, past = row(house, ONE), history(house)
    pull(house, world, Gone(kind="item", key=ONE))
    assert row(house, ONE) == {**before, "title": ""}

    world.items[ONE] = told
    pull(house, world)

    assert (row(house, ONE), history(house)) == (before, past)


def test_a_new_output_has_no_past_of_one_that_is_gone(house: House, world: World) -> None:
    mention(house, f"10.5555/{TWO}")
    assert [after for _, after in history(house)] == [3000]
    pull(house, world, Gone(kind="item", key=TWO))

    world.add("k0003")
    pull(house, world)

    assert history(house) == []


def test_what_was_merged_takes_history_and_score_along_and_may_come_back(house: House, world: World) -> None:
    mention(house, f"10.5555/{ONE}")
    before, past = row(house, ONE), history(house)
    one, two = world.items[ONE], world.items[TWO]
    world.items[TWO] = replace(two, identifiers=one.identifiers, other_dois=two.identifiers)
    pull(house, world, Gone(kind="item", key=ONE, into=TWO))

    assert house.dois() == {f"10.5555/{ONE}"}
    assert (row(house, ONE), history(house)) == ({**before, "title": two.title}, past)

    world.items = {ONE: one, TWO: two}
    pull(house, world)

    assert house.dois() == {f"10.5555/{ONE}", f"10.5555/{TWO}"}
    assert (row(house, ONE)["score"], row(house, TWO)["score"]) == (3, 0)


class Both(Small, Pushes):
    """A repository that is read and written to. What is written to an item makes it one that changed."""

    manifest: ClassVar[Manifest] = replace(Small.manifest, write_back="public", finds_by=("doi",))
    fields: ClassVar[dict[str, tuple[str, ...]]]
    changed: ClassVar[dict[str, int]]

    def pull(self, since: Since) -> Iterator[Page]:
        """What changed since a tick, by which each write is a later one."""
        self.world.since.append(since)
        told = [each for key, each in self.world.items.items() if self.changed[key] > int(since.cursor or -1)]
        listed: frozenset[Kind] = frozenset() if since.cursor else frozenset({"item"})
        cursor = str(max(self.changed.values()))
        yield Page(items=tuple(told), done=Done(cursor=cursor, listed=listed))

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """By DOI."""
        return tuple(key for key, each in self.world.items.items() if {*each.identifiers} & {*identifiers})

    def read(self, address: str, field: str) -> Held | None:  # noqa: ARG002 - there is one
        """What stands there."""
        return Held(values=self.fields.get(address, ())) if address in self.world.items else None

    def write(
        self,
        address: str,
        field: str,  # noqa: ARG002 - there is one
        before: Held,  # noqa: ARG002 - nobody else writes
        values: Sequence[str],
        *,
        permit: Callable[[], bool],
    ) -> None:
        """And the modified date moves."""
        if not permit():
            raise Recalled
        self.fields[address] = tuple(values)
        self.changed[address] = max(self.changed.values()) + 1


@pytest.fixture
def repository(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    """A repository that told two outputs, and got their badges."""
    world = registered(monkeypatch, house, Both).add(ONE, TWO)
    monkeypatch.setattr(Both, "fields", {}, raising=False)
    monkeypatch.setattr(Both, "changed", {ONE: 1, TWO: 2}, raising=False)
    house.write(PUSHED)
    house.ok("sync")
    return world


def test_the_echo_of_what_we_wrote_changes_nothing(house: House, repository: World) -> None:
    assert len(Both.fields) == 2
    shown, before = house.rows(), Both.changed.copy()

    told = house.json("pull")["connections"][0]

    assert (told["seen"], told["changed"], repository.since[-1].cursor) == (2, 0, "2")
    assert house.rows() == shown
    assert house.json("status")["outputs"]["waiting_for_score"] == 0
    assert house.json("push")["connections"][0]["written"] == 0
    assert Both.changed == before
