"""Keys go where a service wants them and nowhere else, and no service is asked more than it allows."""

import logging
from typing import Any

import pytest
from answerers import DOI, KINDS, act, all_services, ask, connection, doi, running_services, talking

from connectors import NotAllowed, NotUnderstood, TryLater
from sandbox.answerers import Name, ServiceFault
from sandbox.answerers.practice import SECRETS

running, servers = running_services(), all_services()
KEYED: tuple[Name, ...] = ("altmetric_api", "mendeley", "overton", "pubpeer", "stackexchange", "x", "youtube")


# Keys and settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["altmetric_api", "mendeley", "overton", "pubpeer", "x", "youtube"])
def test_without_its_key_a_service_is_refused_with_the_mend(servers: Any, name: Name) -> None:
    settings = connection(servers[name])
    keyless = settings.model_copy(update={"token": None, "password": None, "username": None})

    assert list(KINDS[name].refused(settings)) == []
    ((_, wrong),) = KINDS[name].refused(keyless)
    assert wrong.startswith("missing; ")
    assert "_file" in wrong


@pytest.mark.parametrize("name", KEYED)
def test_a_wrong_key_is_not_allowed_and_stands_in_no_message_and_no_log(
    servers: Any, name: Name, caplog: pytest.LogCaptureFixture
) -> None:
    wrong, server = "no-such-key-4711", servers[name]
    server.known.acts = {1: act()}
    with caplog.at_level(logging.DEBUG), talking(server, **{SECRETS[name]: wrong}) as (connector, _):
        with pytest.raises(NotAllowed) as refused:
            ask(connector, DOI)
        found = list(connector.check())
        server.faults.append(ServiceFault("status", status=503, times=1))
        with pytest.raises((NotAllowed, TryLater)):
            ask(connector, DOI)

    assert [each.ok for each in found] == [False]
    told = f"{refused.value} {refused.value.__context__} {found} {caplog.text} {[r.__dict__ for r in caplog.records]}"
    assert wrong not in told
    assert DOI.value not in told


@pytest.mark.parametrize("name", KEYED)
def test_a_key_goes_where_the_service_wants_it_and_nowhere_else(servers: Any, name: Name) -> None:
    server = servers[name]
    server.known.acts = {1: act()}
    with talking(server) as (connector, _):
        assert len(ask(connector, DOI)) == 1
        asked = server.requests[-1]

    key, in_query = server.known.key, name in ("altmetric_api", "overton", "pubpeer", "stackexchange")
    assert (key in asked.query) == in_query
    assert (key in str(asked.headers)) == (name in ("x", "youtube"))
    assert key not in asked.path + asked.body.decode()


@pytest.mark.parametrize("name", KINDS)
def test_right_settings_are_said_to_be_good_and_the_question_is_about_nothing_of_ours(servers: Any, name: Name) -> None:
    with talking(servers[name]) as (connector, _):
        found = list(connector.check())

    assert found
    assert all(each.ok for each in found)
    assert servers[name].subjects == []


def test_a_question_that_pubpeer_refuses_is_told_from_a_key_that_it_refuses(servers: Any) -> None:
    server = servers["pubpeer"]
    server.faults.append(ServiceFault("status", status=422))
    with talking(server) as (connector, _):
        with pytest.raises(NotUnderstood, match="422"):
            ask(connector, DOI)
        server.faults.append(ServiceFault("status", status=422, times=2))
        with pytest.raises(NotAllowed, match="key of your own"):
            ask(connector, DOI)


def test_a_site_that_stack_exchange_does_not_know_is_named_by_check(servers: Any) -> None:
    with talking(servers["stackexchange"], sets=("stats", "nowhere", "stackoverflow")) as (connector, _):
        found = [each.ok for each in connector.check()]

    assert found == [True, False]
    settings = connection(servers["stackexchange"])
    for wrong in (("Stack Overflow",), ("a;b",), ("stats", "x/y")):
        told = list(KINDS["stackexchange"].refused(settings.model_copy(update={"sets": wrong})))
        assert [key for key, _ in told] == ["sets"]


def test_a_token_of_mendeley_is_asked_for_once_an_hour_and_again_when_it_ends_early(servers: Any) -> None:
    server = servers["mendeley"]
    with talking(server) as (connector, clock):
        ask(connector, DOI, doi("10.5555/b"))
        server.known.ended = True
        ask(connector, DOI)
        clock.now += 3600
        ask(connector, DOI)

    logins = [number for number, each in enumerate(server.requests) if each.path == "/oauth/token"]
    assert logins == [0, 4, 6]


# Limits --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "sites", "daily", "questions"),
    [
        (None, ("stats",), None, 270),
        (None, ("stats", "stackoverflow", "stats"), None, 135),
        ("key", ("stats", "stackoverflow"), None, 4500),
        (None, tuple(f"site{n}" for n in range(400)), None, 1),
        (None, (), None, 45),
        ("key", ("stats",), 7, 7),
    ],
)
def test_the_quota_of_stack_exchange_lasts_for_the_questions_of_a_day(
    servers: Any, token: Any, sites: Any, daily: Any, questions: int
) -> None:
    with talking(servers["stackexchange"], token=token, sets=sites, daily=daily) as (connector, _):
        assert connector.daily == questions


def test_other_services_state_how_many_questions_a_day(servers: Any) -> None:
    told = {}
    for name in KINDS:
        with talking(servers[name]) as (connector, _):
            told[name] = connector.daily

    assert told == {
        "altmetric_api": 5000, "datacite_events": 5000, "hackernews": 10_000, "mendeley": 5000, "overton": 5000,
        "pubpeer": 5000, "stackexchange": 9000, "x": 20, "youtube": 90,
    }  # fmt: skip


def test_a_backoff_in_the_answer_is_waited_for(servers: Any) -> None:
    server = servers["stackexchange"]
    server.known.backoff = 9
    with talking(server) as (connector, clock):
        ask(connector, DOI, doi("10.5555/b"), doi("10.5555/c"))

    assert clock.slept == [9, 9]


def test_a_quota_that_is_used_up_ends_the_run_without_a_further_request(servers: Any) -> None:
    server = servers["stackexchange"]
    server.known.left = 2
    with talking(server) as (connector, _), pytest.raises(TryLater, match="used up"):
        ask(connector, *(doi(f"10.5555/{n}") for n in range(5)))

    assert len(server.requests) == 2


def test_an_error_that_says_that_there_were_too_many_requests_says_when_again(servers: Any) -> None:
    server = servers["stackexchange"]
    server.known.left = 0
    with talking(server) as (connector, _), pytest.raises(TryLater, match="too often") as told:
        ask(connector, DOI)

    assert told.value.after == 3600


def test_searches_that_are_used_up_end_the_run_and_are_no_wrong_key(servers: Any) -> None:
    server = servers["youtube"]
    server.known.left = 1
    with talking(server) as (connector, _), pytest.raises(TryLater, match="tomorrow"):
        ask(connector, DOI, doi("10.5555/b"), doi("10.5555/c"))

    assert sum("/search" in each.path for each in server.requests) == 2
