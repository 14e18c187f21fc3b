"""What is found to be wrong, by histories that real pulls have made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stores
from alarm_ways import FILES, ROW, pulled, works
from conftest import House
from push_library import Library, opened

from config.load import load
from sync import steps, store

HOUR = 3_600_000_000
DAY = 24 * HOUR


@pytest.fixture
def found(house: House) -> House:
    """A house with one source, pulled and scored once."""
    return pulled(house)


def names(house: House) -> list[str]:
    """The names of the alarms that stand."""
    return [row["name"] for row in house.json("status")["alarm_rows"]]


def sources(house: House) -> list[str]:
    """Those of them that are about a source."""
    return [name for name in names(house) if ":" in name]


def words(house: House, name: str) -> str:
    """What an alarm says."""
    (row,) = [row for row in house.json("status")["alarm_rows"] if row["name"] == name]
    return str(row["words"])


def rows(count: int, bad: int = 0) -> list[str]:
    """So many works, and so many that nobody understands."""
    good = [f"{n},Work {n},private," for n in range(1, count + 1)]
    return good + [f",Bad {n},private," for n in range(bad)]


# Silence -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pull", "quiet", "silent"),
    [("3h", 9.9, 10.1), ("2d", 144.9, 145.1), ("30m", 2.4, 2.6)],
)
def test_a_source_is_silent_after_three_of_its_intervals_and_an_hour(
    found: House, pull: str, quiet: float, silent: float
) -> None:
    found.write(FILES + f'pull = "{pull}"\n')
    found.ok("pull")
    found.later = int(quiet * HOUR)
    before = names(found)
    found.later = int(silent * HOUR)

    assert (before, names(found)) == ([], ["source-silent:local"])
    assert f'pull = "{pull}"' in words(found, "source-silent:local")
    found.ok("pull")
    assert names(found) == []


def test_a_source_that_is_pulled_by_hand_or_paused_is_never_silent(found: House) -> None:
    found.later = 400 * DAY
    assert names(found) == ["source-silent:local"]

    found.ok("connection", "pause", "local")
    paused = names(found)
    found.ok("connection", "resume", "local")
    found.write(FILES + 'pull = "manual"\n')

    assert (paused, names(found)) == ([], [])


@pytest.mark.parametrize("schedule", ["", 'pull = "manual"\nfull = "manual"\n'])
def test_a_source_that_was_read_and_is_no_longer_is_an_alarm_until_it_is_forgotten(found: House, schedule: str) -> None:
    found.write(FILES + schedule)
    assert names(found) == []

    found.write(FILES + schedule + "read = false\n")
    found.later = 400 * DAY

    assert names(found) == ["source-unread:local"]
    told = words(found, "source-unread:local")
    assert told == (
        "local: is not read any more, and what it told still shows as it was; set read = true, "
        "or run `ringmark connection forget local`"
    )
    if not stores.POSTGRESQL:  # into which `check` does not look
        assert found.json("check")["not_read"] == [told]
        assert told in " ".join(found.ok("check").split())

    found.ok("connection", "forget", "local")
    assert names(found) == []
    assert found.json("check")["not_read"] == []


def test_a_source_that_is_usually_pulled_more_rarely_than_its_schedule_says_is_given_that_time(found: House) -> None:
    for _ in range(4):
        found.later += DAY
        found.ok("pull")
    found.later += 2 * DAY
    before = names(found)
    found.later += 2 * HOUR

    assert (before, names(found)) == ([], ["source-silent:local"])
    assert "usually every 24 hours" in words(found, "source-silent:local")


def test_one_long_gap_among_many_does_not_make_a_habit(found: House) -> None:
    for number in range(12):
        found.later += 20 * DAY if number == 6 else 3 * HOUR
        found.ok("pull")
    found.later += 11 * HOUR

    assert names(found) == ["source-silent:local"]


def test_a_crontab_line_is_held_to_the_times_it_names(found: House) -> None:
    found.write(FILES + 'pull = "0 3 1 * *"\n')  # once a month
    found.ok("pull")
    found.later = 60 * DAY
    before = names(found)
    found.later = 95 * DAY

    assert (before, names(found)) == ([], ["source-silent:local"])


def test_pulls_that_fail_do_not_break_a_silence(found: House) -> None:
    (found.folder / "import" / "outputs.csv").unlink()
    for _ in range(5):
        found.later += 3 * HOUR
        assert found.run("pull").code == 3

    assert names(found) == ["source-failing:local", "source-silent:local"]


def test_a_pull_that_is_under_way_has_the_time_that_one_may_take(found: House) -> None:
    settings = load(found.file)
    home = steps.open_house(settings)
    now = store.now() + 9 * HOUR
    with store.turn(home, "local"):
        store.begin(home, "local", step="pull", full=True, now=now)
        found.later = 20 * HOUR
        under_way = names(found)
        found.later = 9 * HOUR + 12 * HOUR + 11 * HOUR
        hung = names(found)
    home.engine.dispose()

    assert (under_way, hung) == ([], ["source-silent:local"])


def test_a_source_that_tells_nothing_new_for_much_longer_than_ever_is_named(found: House) -> None:
    for number in range(7):
        found.later += 3 * DAY
        works(found, *rows(number + 1))
        found.ok("pull")
    said = []
    for _ in range(6):
        found.later += 3 * DAY
        found.ok("pull")
        said.append(sources(found))
    alarm = words(found, "source-unchanged:local")
    works(found, *rows(20))
    found.ok("pull")

    assert said == [[]] * 5 + [["source-unchanged:local"]]
    assert "nothing new for 18 days, where the longest was 3 days" in alarm
    assert sources(found) == []


def test_a_source_whose_habits_are_not_known_yet_is_not_held_to_them(found: House) -> None:
    for number in range(7):  # all on one day
        works(found, *rows(number + 1))
        found.ok("pull")
    found.later += 60 * DAY
    found.ok("pull")

    assert sources(found) == []


# Fewer records, and more that nobody understands --------------------------------------------------------------------


def test_a_source_that_lists_fewer_and_fewer_records_is_named_below_the_brake(found: House) -> None:
    said, alarm = [], []
    for count in (200, 192, 184, 176, 181):
        found.later += DAY
        works(found, *rows(count))
        found.ok("pull")
        found.ok("alarms", "look")
        said.append(sources(found))
        alarm += [row["words"] for row in found.json("status")["alarm_rows"] if ":" in row["name"]]

    assert said == [[], [], [], ["source-shrinking:local"], []]
    assert "176 items, where it had 200 within 90 days" in alarm[0]


def test_what_has_shrunk_long_ago_is_what_there_is(found: House) -> None:
    for count, days in ((200, 1), (150, 1), (150, 89), (150, 2)):
        found.later += days * DAY
        works(found, *rows(count))
        found.ok("pull")
        found.ok("alarms", "look")

    assert sources(found) == []


def test_records_set_aside_that_grow_within_a_week_are_an_alarm(found: House) -> None:
    found.write(FILES + 'set_aside_max = "100%"\n')
    said = []
    for bad, days in ((15, 1), (15, 4), (34, 4), (36, 1), (60, 0), (34, 1)):
        found.later += days * DAY
        works(found, *rows(200, bad))
        found.ok("pull")
        found.ok("alarms", "look")
        said.append("set-aside-growing:local" in names(found))

    assert said == [False, False, False, True, True, False]


# What waits ---------------------------------------------------------------------------------------------------------


def test_what_the_brake_holds_is_an_alarm_until_it_is_decided(found: House) -> None:
    works(found, *rows(100))
    found.ok("pull")
    works(found, *rows(10))
    assert found.run("pull").code == 4
    held = words(found, "decision:local")
    run = found.json("status")["waits_for_accept"][0]
    found.ok("accept", str(run))

    assert f"run {run} waits for a decision" in held
    assert names(found) == []


def test_outputs_that_wait_for_their_score_are_an_alarm_after_a_day(found: House) -> None:
    found.write(FILES + 'pull = "1d"\n')
    works(found, ROW, "2,Another,public,10.5555/another")
    found.ok("pull")
    found.later = 23 * HOUR
    before = names(found)
    found.ok("pull")  # that it was pulled again since does not make it wait any less
    found.later = 25 * HOUR
    after = names(found)
    found.ok("score")

    assert (before, after, names(found)) == ([], ["scores-wait"], [])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as library:
        yield library.first_push()


def test_badges_that_nobody_takes_back_are_an_alarm(library: Library) -> None:
    library.days(1.5)
    library.tell(one="private")
    alarm = words(library.house, "withdrawals-wait:library")
    library.push()

    assert alarm.startswith("library: 1 badges are to be taken back, and nothing was pushed for 36 hours")
    assert names(library.house) == []


def test_a_daemon_that_ended_without_a_word_is_an_alarm_and_one_that_said_so_is_none(found: House) -> None:
    home = steps.open_house(load(found.file))
    lease = store.leases.take(
        home, "daemon", holder="host:4711", now=store.now(), for_=HOUR // 60, gone=lambda _: False
    )
    alive = names(found)
    found.later = HOUR
    dead = words(found, "daemon")
    store.leases.give_back(home, lease)
    home.engine.dispose()

    assert (alive, names(found)) == ([], [])
    assert "host:4711" in dead


@pytest.mark.parametrize(("free", "low"), [("1MB", False), ("100%", True), ("999999TB", True)])
def test_a_disk_with_less_room_than_wanted_is_an_alarm(found: House, free: str, low: bool) -> None:
    found.write(FILES + f'[alarms]\ndisk_free = "{free}"\n')

    assert any(name.startswith("disk") for name in names(found)) is low  # no store of ours lies on it on PostgreSQL
    assert str(found.folder) not in found.ok("status").partition("Alarms")[2]
