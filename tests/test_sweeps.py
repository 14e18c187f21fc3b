"""After a complete listing: what it does not name is confirmed, deleted, or held back, and nothing that was answered is
lost, however the asking ends."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import House
from small_source import SETTINGS, World, keys, registered

from config.visibility import Visibility
from connectors.errors import ConnectorError, NotAllowed, TryLater
from connectors.records import Aside, Gone, Person
from sync import store
from sync.store import missing

DAY = 24 * 3600 * 1_000_000
ALL = keys(*range(10))


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    """Ten public outputs, pulled and scored. Pages of the sweep are small."""
    monkeypatch.setattr(missing, "PAGE", 2)
    monkeypatch.setattr(missing, "ASKED", 3)
    world = registered(monkeypatch, house).add(*ALL)
    house.ok("sync")
    return world


def lose(world: World, *gone: str) -> None:
    """Items vanish, and no feed tells of it."""
    for key in gone:
        del world.items[key]


def pull(house: House, code: int = 0) -> dict[str, Any]:
    """A pull of everything that ends with an exit code; what it says of itself."""
    ran = house.run("pull", "--full", "--json")
    assert ran.code == code, ran
    return dict(ran.document["connections"][0])


def items(house: House) -> int:
    """How many items the source has here."""
    return int(house.json("connection", "list")["connections"][0]["items"])


def shown(house: House) -> list[str]:
    """The keys of the outputs that the public gets to see."""
    return sorted(doi.removeprefix("10.5555/") for doi in house.dois())


def waits(house: House) -> list[int]:
    """The runs that wait for a decision."""
    found: list[int] = house.json("status")["waits_for_accept"]
    return found


def raising(error: BaseException, *at: str) -> Callable[[str], None]:
    """An error instead of an answer about some keys."""

    def asking(key: str) -> None:
        if key in at:
            raise error

    return asking


@pytest.mark.parametrize(("lost", "held"), [(3, False), (4, True)])
def test_of_items_thirty_percent_may_vanish(house: House, world: World, lost: int, held: bool) -> None:
    lose(world, *ALL[:lost])

    told = pull(house, code=4 if held else 0)

    assert told["held"] == ({"item": lost} if held else {})
    assert (told["deleted"], items(house), shown(house)) == ((0, 10, ALL) if held else (lost, 10 - lost, ALL[lost:]))


@pytest.mark.parametrize(("lost", "held"), [(2, False), (3, True)])
def test_of_people_twenty_percent_may_vanish(house: House, world: World, lost: int, held: bool) -> None:
    house.write(f"{SETTINGS}people = true\n")
    world.people = {key: Person(key=key, name="", visibility=Visibility.PUBLIC) for key in ALL}
    house.ok("pull", "--full")
    for key in ALL[:lost]:
        del world.people[key]

    told = pull(house, code=4 if held else 0)

    assert (told["held"], told["deleted"]) == (({"person": lost}, 0) if held else ({}, lost))


def test_a_second_complete_listing_that_misses_the_same_agrees(house: House, world: World) -> None:
    lose(world, *ALL[:5])
    first = pull(house, code=4)
    assert (waits(house), world.asked) == ([first["run"]], [])

    second = pull(house)

    assert (second["deleted"], world.asked, shown(house), waits(house)) == (5, ALL[:5], ALL[5:], [])


@pytest.mark.parametrize("between", ["incomplete", "failed", "a record without a key"])
def test_a_listing_that_is_not_complete_agrees_to_nothing(house: House, world: World, between: str) -> None:
    lose(world, *ALL[:5])
    first = pull(house, code=4)
    if between == "incomplete":
        world.incomplete = "a repeated next link"
    elif between == "failed":
        world.before = lambda page: None if page < 2 else (_ for _ in ()).throw(TryLater("busy"))
    else:
        world.asides = (Aside(kind="item", reason="no key", place="1"),)

    assert house.run("pull", "--full").code in (0, 1, 3)

    assert (items(house), waits(house), world.asked) == (10, [first["run"]], [])
    world.incomplete, world.asides, world.before = "", (), lambda _: None
    assert pull(house)["deleted"] == 5


def test_what_is_seen_in_between_is_held_no_more(house: House, world: World) -> None:
    lose(world, *ALL[:5])
    pull(house, code=4)
    world.delta = (world.add(ALL[0]).items[ALL[0]],)
    house.ok("pull")
    lose(world, ALL[0])

    second = pull(house, code=4)

    assert (second["held"], second["deleted"]) == ({"item": 1}, 4)  # it was missed by one listing only
    assert pull(house)["deleted"] == 1


def test_what_is_there_when_it_is_asked_for_is_held_no_more(house: House, world: World) -> None:
    lose(world, *ALL[:5])
    world.still = set(ALL)
    pull(house, code=4)

    assert pull(house)["deleted"] == 0

    house.later = 2 * DAY
    assert (items(house), shown(house), waits(house)) == (10, ALL, [])


def test_what_goes_on_from_a_bookmark_is_the_same_listing_and_agrees_to_nothing(house: House, world: World) -> None:
    lose(world, *ALL[:4])
    pull(house, code=4)
    lose(world, *ALL[4:7])
    world.asking = raising(KeyboardInterrupt(), ALL[0])  # the process ends, when three more are held
    house.run("pull", "--full")
    world.asking = lambda _: None

    told = pull(house, code=4)

    assert (told["held"], told["deleted"], waits(house)) == ({"item": 3}, 4, [told["run"]])
    assert shown(house) == ALL[4:]
    assert house.json("accept", str(told["run"]))["deleted"] == 3


@pytest.mark.parametrize(
    ("error", "asked"), [(TryLater("ask again", after=600), 1), (NotAllowed("the login has ended"), 3)]
)
def test_what_was_confirmed_before_the_source_gave_up_is_not_lost(
    house: House, world: World, error: ConnectorError, asked: int
) -> None:
    world.add(*keys(*range(100))).size = 50
    house.ok("pull", "--full")
    gone, there = keys(20, 21, 22, 30, 31, 32, 33), "k0023"
    lose(world, *gone, there)
    world.still = {there}
    world.asking = raising(error, *gone[3:])

    failed = pull(house, code=1)
    left, gave_up = items(house), world.asked[-1]
    world.asking = lambda _: None
    done = pull(house)

    assert (failed["outcome"], failed["deleted"], left, gave_up) == ("failed", 3, 97, gone[2 + asked])
    assert (done["deleted"], items(house)) == (4, 93)
    assert world.asked.count(there) == world.asked.count(gone[0]) == 1
    assert house.json("connection", "list")["connections"][0]["cursor"] == "c1"


@pytest.mark.parametrize("error", [TryLater("status 500"), NotAllowed("status 403")])
def test_one_record_that_cannot_be_asked_about_stops_nothing_and_is_held(
    house: House, world: World, error: ConnectorError
) -> None:
    lose(world, *ALL[:3])
    world.asking = raising(error, ALL[0])

    told = pull(house, code=4)

    assert (told["outcome"], told["deleted"]) == ("held", 2)
    assert str(error) in told["why"]
    assert (shown(house), waits(house)) == ([ALL[0], *ALL[3:]], [told["run"]])
    house.later = 25 * 3600 * 1_000_000
    assert shown(house) == ALL[3:]
    world.asking = lambda _: None
    assert pull(house)["deleted"] == 1


def test_a_source_that_answers_nothing_any_more_fails_once_and_then_it_is_about_the_record(
    house: House, world: World
) -> None:
    lose(world, ALL[0])
    world.asking = raising(TryLater("status 500"), ALL[0])

    assert pull(house, code=1)["outcome"] == "failed"
    assert pull(house, code=4)["outcome"] == "held"


def test_confirming_that_is_killed_goes_on_where_it_was(house: House, world: World) -> None:
    lose(world, *ALL[:3])
    world.asking = raising(KeyboardInterrupt(), ALL[2])
    house.run("pull", "--full")
    assert (items(house), world.asked) == (8, ALL[:3])
    world.asking = lambda _: None

    pull(house)

    assert (items(house), world.asked) == (7, [*ALL[:3], ALL[2]])


def test_a_record_without_a_key_in_the_first_part_of_a_listing_counts_for_all_of_it(house: House, world: World) -> None:
    lose(world, ALL[0])
    world.asides = (Aside(kind="item", reason="no key", place="1"),)
    world.before = lambda page: None if page < 2 else (_ for _ in ()).throw(TryLater("busy"))
    pull(house, code=1)
    world.before = lambda _: None

    told = pull(house)

    assert (told["keyless"], told["deleted"], items(house)) == (1, 0, 10)
    assert house.json("status")["set_aside"]["open"] == 1
    world.asides = ()
    assert pull(house)["deleted"] == 1
    assert house.json("status")["set_aside"]["open"] == 0


def test_deletions_that_the_source_states_apply_at_once_at_any_volume(house: House, world: World) -> None:
    lose(world, *ALL[:9])
    world.gone = tuple(Gone(kind="item", key=key) for key in ALL[:9])

    told = pull(house)

    assert (told["deleted"], told["held"], shown(house)) == (9, {}, ALL[9:])


def test_a_listing_that_was_agreed_to_though_incomplete_is_under_the_brake_the_next_time(
    house: House, world: World
) -> None:
    lose(world, *ALL)
    world.incomplete = "users.csv was there and is not"
    run = pull(house, code=3)["run"]

    assert house.json("accept", str(run))["deleted"] == 0

    world.incomplete = ""
    assert (pull(house, code=4)["held"], shown(house)) == ({"item": 10}, ALL)


def test_what_a_clock_that_was_ahead_held_is_held_since_the_next_run(house: House, world: World) -> None:
    lose(world, *ALL[:5])
    house.later = 365 * DAY
    pull(house, code=4)
    house.later = 0
    house.ok("pull")

    house.later = DAY - 3600 * 1_000_000
    assert shown(house) == ALL
    house.later = DAY + 3600 * 1_000_000
    assert shown(house) == ALL[5:]


def test_a_source_of_which_nothing_can_be_read_is_given_up_soon(house: House, world: World) -> None:
    """Also where it tells of very many records; those that were known stay."""
    world.asides = tuple(Aside(kind="item", reason="no key", place=str(number)) for number in range(51))

    assert "set_aside_max" in pull(house, code=1)["why"]

    assert items(house) == 10


def test_what_nobody_reads_in_full_is_an_alarm(house: House, world: World) -> None:
    house.write(SETTINGS + 'full = "manual"\n')
    assert not alarms(house)
    house.later = 31 * DAY
    house.ok("pull")
    assert alarms(house) == [
        f'small: last read in full {store.stamp(store.now())[:10]}, and full = "manual": visibility that changed '
        "without a date is not seen; run `ringmark pull small --full`"
    ]

    house.ok("pull", "--full")

    assert not alarms(house)
    assert len(world.since) == 3


def alarms(house: House) -> list[str]:
    """The alarms about what is not read."""
    return [line for line in house.json("status")["alarms"] if "in full" in line]
