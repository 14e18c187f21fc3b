"""What becomes of answers: all that is said of an output, on however many pages and whatever fails; or nothing."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from answerers import DOI, KINDS, WHEN, act, all_services, answerer, ask, doi, running_services, talking

from connectors import NotUnderstood, Recalled
from sandbox.answerers import Name, PracticeAnswerer, ServiceFault, practice_answerer

running, servers = running_services(), all_services()


def heard_of(server: PracticeAnswerer, spoken: int, *, most: int) -> int:
    """How many are heard where so many spoke, of whom so many are shown at once."""
    server.known.most = most
    server.known.acts = {n: act(n) for n in range(1, spoken + 1)}
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)
    return len({mention.key for mention in told.mentions})


# All of it -----------------------------------------------------------------------------------------------------------


def test_all_of_a_batch_are_asked_about_in_one_request(servers: Any) -> None:
    server = servers["pubpeer"]
    wanted = [doi(f"10.5555/{n}") for n in range(60)]
    server.known.acts = {n: act(n, each) for n, each in enumerate(wanted)}
    with talking(server) as (connector, _):
        assert [each.asked for each in ask(connector, *wanted)] != []

    assert [len(each) for each in server.subjects] == [50, 10]
    assert [each.method for each in server.requests] == ["POST", "POST"]


def test_more_stories_than_are_shown_at_once_are_all_heard_also_of_one_second(servers: Any) -> None:
    server = servers["hackernews"]
    server.known.most = 4
    server.known.acts = {n: act(n, at=WHEN + timedelta(seconds=n // 3)) for n in range(1, 20)}
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)

    assert len({mention.key for mention in told.mentions}) == len(told.mentions) == 19


def test_more_in_one_second_than_are_shown_is_not_understood_and_never_half_told(servers: Any) -> None:
    with pytest.raises(NotUnderstood, match="one second"):
        heard_of(servers["hackernews"], 6, most=4)


def test_more_than_is_believed_is_not_understood(servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.hackernews.MOST", 5)
    server = servers["hackernews"]
    server.known.most = 4
    server.known.acts = {n: act(n, at=WHEN + timedelta(seconds=n)) for n in range(1, 20)}
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 5 hits"):
        ask(connector, DOI)


def test_excerpts_are_read_to_their_last_page_and_posts_by_the_hundred(servers: Any) -> None:
    server = servers["stackexchange"]

    assert heard_of(server, 130, most=50) == 130
    assert [each.path.count(";") + 1 for each in server.requests if "/posts/" in each.path] == [100, 30]


def test_a_search_that_never_ends_is_followed_while_it_has_what_was_asked_about(servers: Any) -> None:
    server = servers["youtube"]

    assert heard_of(server, 25, most=10) == 25
    assert sum("/search" in each.path for each in server.requests) == 4  # of the last most are others


@pytest.mark.parametrize(("name", "spoken", "pages"), [("stackexchange", 130, 10), ("youtube", 25, 4)])
def test_more_pages_than_are_believed_are_not_understood(servers: Any, name: Name, spoken: int, pages: int) -> None:
    with pytest.raises(NotUnderstood, match=f"more than {pages} pages"):
        heard_of(servers[name], spoken, most=5)


# Trouble -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_nothing_leaves_that_is_not_permitted_nor_is_it_asked_again(servers: Any, name: Name) -> None:
    server = servers[name]
    answers = iter([True, False])
    with talking(server) as (connector, _):
        with pytest.raises(Recalled):
            list(connector.ask([DOI], permit=lambda: False))
        assert server.subjects == []

        server.faults.append(
            ServiceFault("status", status=503, times=None, address="publications|search|catalog|generate|events|fetch")
        )
        with pytest.raises(Recalled):
            list(connector.ask([DOI], permit=lambda: next(answers)))
        assert len(server.subjects) == 1


@pytest.mark.parametrize("name", KINDS)
def test_a_question_is_asked_again_after_a_passing_failure(servers: Any, name: Name) -> None:
    server = servers[name]
    server.known.acts = {1: act()}
    failures = ("status", "hang up before", "truncated", "too many requests")
    server.faults += [
        ServiceFault(what, at=server.asked + place, status=503)  # type: ignore[arg-type]
        for place, what in enumerate(failures, 1)
    ]
    with talking(server) as (connector, _):
        assert len(ask(connector, DOI)) == 1


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("what", ["login page", "not json", "cut short"])
def test_an_answer_that_is_none_is_not_understood(servers: Any, name: Name, what: Any) -> None:
    servers[name].known.acts = {1: act()}
    servers[name].faults.append(ServiceFault(what, times=None))
    with talking(servers[name]) as (connector, _), pytest.raises(NotUnderstood):
        ask(connector, DOI)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("body", [[], {}, None, "x", {"items": 7, "hits": 7, "feedbacks": 7, "error": 7}, [[]]])
def test_a_shape_that_changed_overnight_is_not_understood_and_takes_nothing_back(
    servers: Any, name: Name, body: Any
) -> None:
    server = servers[name]
    server.known.acts = {1: act()}
    with talking(server) as (connector, _):
        assert len(ask(connector, DOI)) == 1
        server.spoil = lambda _: body
        if name == "mendeley" and body == []:
            assert ask(connector, DOI) == []  # as it says of what it does not have
        else:
            with pytest.raises(NotUnderstood):
                ask(connector, DOI)


def test_a_fault_of_one_request_does_not_leak_into_the_next() -> None:
    with answerer("hackernews", act()) as (connector, server):
        server.faults.append(ServiceFault("too many requests", retry_after="7"))
        assert len(ask(connector, DOI)) == 1
        assert len(ask(connector, DOI)) == 1


def test_stack_exchange_zips_whatever_is_asked_for() -> None:
    with practice_answerer("stackexchange") as server, talking(server, headers={}) as (connector, _):
        assert ask(connector, DOI) == []
        assert parse_qs(server.requests[0].query)["body"] == [DOI.value]
