"""What services say of who spoke, from the question to the line in the ledger; and back, when they say it no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import House

from sandbox.answerers import Act, Name, PracticeAnswerer, ServiceFault, practice_answerer
from sandbox.answerers.practice import SECRETS, SETTINGS
from scoring import rules

DAY = 24 * 3600 * 1_000_000
A, B, HIDDEN = "10.5555/a", "10.5555/b", "10.5555/hidden"
WHEN = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
ROWS = f"output,title,visibility,doi\na,Tides,public,{A}\nb,Quays,public,{B}\nc,Secret,private,{HIDDEN}\n"
LOCAL = '[connections.local]\nkind = "files"\npath = "local"\nfull = "manual"\npeople = false\n'


class Asking:
    """A house with three outputs, one of them private, that asks a service about them."""

    def __init__(self, house: House, service: PracticeAnswerer, more: str = "") -> None:
        self.house, self.service = house, service
        keys = {"kind": service.name, "url": service.url, **SETTINGS.get(service.name, {})}
        lines = [f'{name} = "{told}"' for name, told in keys.items() if name != "sets"]
        lines += ['sets = ["stackoverflow"]'] if service.name == "stackexchange" else []
        if secret := SECRETS.get(service.name):
            (house.folder / "key").write_text(service.known.key)
            (house.folder / "key").chmod(0o600)
            lines.append(f'{secret}_file = "key"')
        house.write(f"{LOCAL}\n[connections.service]\n" + "\n".join([*lines, "pace = 0", more]) + "\n")
        (house.folder / "local").mkdir()
        (house.folder / "local" / "outputs.csv").write_text(ROWS)
        house.ok("pull", "local")

    def say(self, number: int, of: str, **told: Any) -> None:
        self.service.known.acts[number] = Act(number=number, doi=of, **{"at": WHEN, "author": f"n{number}", **told})

    def ask(self, days: int = 0) -> list[str]:
        """What was asked about, so many days from the start, and a score."""
        before, self.house.later = len(self.service.subjects), days * DAY
        self.house.ok("pull", "service")
        self.house.ok("score")
        return sorted(each for asked in self.service.subjects[before:] for each in asked)

    def told(self, doi: str) -> Any:
        return self.house.json("explain", doi)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[PracticeAnswerer]:
    with practice_answerer(request.param) as server:
        yield server


def having_asked(house: House, service: PracticeAnswerer) -> Asking:
    """One that has asked where one output was spoken of twice, and the private one once."""
    asking = Asking(house, service)
    for number, doi in enumerate((A, A, HIDDEN), 1):
        asking.say(number, doi)
    assert asking.ask() == [A, B]
    return asking


def of(*names: Name) -> Any:
    return pytest.mark.parametrize("service", names, indirect=True)


SOURCES = {
    "datacite_events": ("misc", 0),
    "pubpeer": ("peer_review", 1000),
    "stackexchange": ("qna", 500),
    "youtube": ("youtube", 500),
}


@of("datacite_events", "pubpeer", "stackexchange", "youtube")
def test_of_public_outputs_it_is_heard_who_spoke_with_the_evidence_and_of_others_nothing_is_asked(
    house: House, service: PracticeAnswerer
) -> None:
    told = having_asked(house, service).told(A)
    (part,) = told["breakdown"]
    assert (part["source"], part["mentions"], part["millipoints"]) == (
        SOURCES[service.name][0],
        2,
        SOURCES[service.name][1],
    )
    assert {line["evidence"]["level"] for line in told["ledger"] if line["evidence"]} == {"literal"}
    assert HIDDEN not in str([(each.path, each.query, each.body) for each in service.requests])


@of("hackernews")
def test_what_is_edited_or_deleted_is_taken_back_at_the_second_silence_and_by_no_failure(
    house: House, service: PracticeAnswerer
) -> None:
    asking = Asking(house, service)
    asking.say(1, A)
    asking.say(2, A)
    asking.say(3, HIDDEN)
    assert asking.ask() == [A, B]
    assert [line["evidence"]["method"] for line in asking.told(A)["ledger"]] == ["doi-url"] * 2

    asking.say(2, B)  # it was edited
    assert asking.ask(61) == [A, B]
    assert [asking.told(doi)["millipoints"] for doi in (A, B)] == [250, 250]

    service.known.acts.clear()
    service.faults.append(ServiceFault("status", status=500, times=None))
    house.later = 130 * DAY
    assert house.run("pull", "service").code == 1
    service.faults.clear()
    for days, stands in ((130, 2), (200, 0)):
        house.later = days * DAY
        house.ok("pull", "service")
        assert house.stored("SELECT count(*) FROM mention WHERE taken_at = -1") == [(stands,)]
    assert house.stored("SELECT DISTINCT reason FROM mention") == [("untold",)]


@of("hackernews")
def test_an_answer_from_the_future_is_not_understood_and_costs_the_others_nothing(
    house: House, service: PracticeAnswerer
) -> None:
    asking = Asking(house, service)
    asking.say(1, A, at=datetime.now(UTC) + timedelta(days=3))
    asking.say(2, B)
    asking.say(3, B, at=datetime.now(UTC) + timedelta(hours=20))  # a zone that was forgotten

    house.ok("pull", "service")

    assert house.stored("SELECT outcome FROM asked ORDER BY subject_id") == [("error",), ("found",)]
    assert house.stored("SELECT count(*) FROM mention") == [(2,)]


@of("hackernews")
def test_no_more_is_asked_on_a_day_than_is_allowed(house: House, service: PracticeAnswerer) -> None:
    Asking(house, service, "daily = 1")

    for days, asked in ((0, [A]), (0, [A]), (1, [A, B])):
        house.later = days * DAY
        house.ok("pull", "service")
        assert [doi for (doi,) in service.subjects] == asked


@of("mendeley")
def test_readers_are_shown_and_count_in_no_rule_set(house: House, service: PracticeAnswerer) -> None:
    asking = Asking(house, service)
    for number in range(30):
        asking.say(number, A)
    assert asking.ask() == [A, B]

    told = asking.told(A)
    assert (told["score"], told["millipoints"]) == (0, 0)
    assert [(part["source"], part["mentions"], part["millipoints"]) for part in told["breakdown"]] == [
        ("mendeley", 30, 0)
    ]
    for name in rules.names():
        line = rules.load(name).source("mendeley")
        assert (line.counts, line.millipoints, line.repost) == (False, 0, 0)
        assert all(step.milli == 0 for step in rules.load(name).counts["mendeley"])
        assert [row["score"] for row in house.json("score", "--rules", name)["outputs"]] == [0, 0]

    service.known.acts.clear()
    for days in (130, 200):
        house.later = days * DAY
        house.ok("pull", "service")
    assert house.stored("SELECT count(*) FROM tally") == [(0,)]


@of("pubpeer")
def test_without_its_key_a_connection_is_named_with_the_mend_before_anything_is_asked(
    house: House, service: PracticeAnswerer
) -> None:
    Asking(house, service)
    house.write("\n".join(line for line in house.file.read_text().splitlines() if "_file" not in line))

    ran = house.run("check")

    assert ran.code != 0
    assert "connections.service.token: missing; " in ran.err + ran.out
    assert service.requests == []


@of("overton", "altmetric_api", "x")
def test_who_is_said_to_have_spoken_is_in_the_ledger_with_what_the_service_says(
    house: House, service: PracticeAnswerer
) -> None:
    asking = having_asked(house, service)

    told = asking.told(A)
    sources = {part["source"]: part["mentions"] for part in told["breakdown"]}
    assert (
        sources
        == {
            "overton": {"guideline": 1, "policy": 1},
            "altmetric_api": {"mendeley": 7, "news": 1, "x": 1},
            "x": {"x": 2},
        }[service.name]
    )
    seen = {line["evidence"]["level"] for line in told["ledger"] if line["evidence"]}
    assert seen == {"literal" if service.name == "x" else "lookup"}
    assert HIDDEN not in str([(each.path, each.query, each.body) for each in service.requests])
    before = told["millipoints"]
    assert before > 0

    service.known.acts.clear()
    for days in (61, 130):
        asking.ask(days)
    assert asking.told(A)["millipoints"] == 0
