"""What is asked of services that know who spoke of outputs, and what becomes of their answers: all
that is said of an output, proven, or nothing."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from answerers import DOI, KINDS, SPEAK, WHEN, act, answerer, ask, connection, doi, talking

from connectors import NotAllowed, NotUnderstood, Recalled, TryLater
from sandbox.answerers import Name, PracticeAnswerer, ServiceFault, practice_answerer
from sandbox.answerers.practice import SECRETS
from sandbox.server import serving

KEYED: tuple[Name, ...] = ("altmetric_api", "mendeley", "overton", "pubpeer", "stackexchange", "x", "youtube")


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, PracticeAnswerer]]:
    servers = {name: PracticeAnswerer(name) for name in KINDS}
    entered = [serving(server) for server in servers.values()]
    for each in entered:
        each.__enter__()
    yield servers
    for each in entered:
        each.__exit__(None, None, None)


@pytest.fixture
def servers(running: dict[str, PracticeAnswerer]) -> dict[str, PracticeAnswerer]:
    """Running services that know nothing yet, and fail in nothing."""
    for name, server in running.items():
        server.known = type(server.known)()
        server.faults.clear()
        server.refused.clear()
        server.requests.clear()
        server.spoil = lambda body: body
        assert server.name == name
    return running


# What is heard -----------------------------------------------------------------------------------------------------


def test_a_page_at_pubpeer_is_one_mention_without_anybodys_name(servers: Any) -> None:
    servers["pubpeer"].known.acts = {1: act(), 2: act(2, doi("10.5555/other"))}
    with talking(servers["pubpeer"]) as (connector, _):
        (told,) = ask(connector, DOI, doi("10.5555/none"))

    (mention,) = told.mentions
    assert told.asked == DOI
    assert (mention.key, mention.source, mention.account) == (f"{1:032X}", "peer_review", None)
    assert mention.url == f"https://pubpeer.com/publications/{1:032X}"
    assert mention.occurred_at == WHEN
    (shown,) = mention.evidence
    assert (shown.identifier, shown.level, shown.method, shown.excerpt) == (DOI, "literal", "plain-doi", DOI.value)


def test_a_story_and_a_comment_of_hacker_news_are_mentions_of_their_authors(servers: Any) -> None:
    servers["hackernews"].known.acts = {1: act(author="ann"), 2: act(2, author="ben")}
    with talking(servers["hackernews"]) as (connector, _):
        (told,) = ask(connector, DOI)

    comment, story = told.mentions
    assert (story.key, story.url) == ("40000001", "https://news.ycombinator.com/item?id=40000001")
    assert (story.title, story.account.key, story.account.followers) == ("A good read on tides", "ann", None)  # type: ignore[union-attr]
    assert (comment.title, comment.account.key) == ("Ask HN: What are you reading?", "ben")  # type: ignore[union-attr]
    assert {each.level for mention in told.mentions for each in mention.evidence} == {"literal"}
    assert {mention.occurred_at for mention in told.mentions} == {WHEN}


def test_a_question_and_an_answer_of_stack_exchange_are_mentions_of_their_owners(servers: Any) -> None:
    servers["stackexchange"].known.acts = {1: act(author="Ann & Co"), 2: act(2)}
    with talking(servers["stackexchange"]) as (connector, _):
        (told,) = ask(connector, DOI)

    question, answer = sorted(told.mentions, key=lambda mention: mention.key)
    assert (question.key, question.url) == ("stackoverflow:70000001", "https://stackoverflow.com/q/70000001")
    assert (answer.key, answer.url) == ("stackoverflow:70000002", "https://stackoverflow.com/a/70000002")
    assert question.title == 'Why do "tides" turn? & A good read on tides'
    assert (question.account.name, question.account.followers) == ("Ann & Co", None)  # type: ignore[union-attr]
    assert question.account.key.startswith("90")  # type: ignore[union-attr] # that of all sites
    assert (question.source, question.evidence[0].method) == ("qna", "doi-url")


def test_of_a_video_nothing_is_kept_but_ids_the_day_and_the_doi(servers: Any) -> None:
    servers["youtube"].known.acts = {1: act(author="Tide Channel")}
    with talking(servers["youtube"]) as (connector, _):
        (told,) = ask(connector, DOI)

    (mention,) = told.mentions
    assert (mention.key, mention.title) == ("vid-0000001", "")
    assert mention.url == "https://www.youtube.com/watch?v=vid-0000001"
    assert (mention.account.key[:2], mention.account.name) == ("UC", "")  # type: ignore[union-attr]
    assert mention.evidence[0].excerpt == f"https://doi.org/{DOI.value}"


def test_readers_of_mendeley_are_a_number_and_no_mention(servers: Any) -> None:
    servers["mendeley"].known.acts = {n: act(n) for n in range(5)}
    with talking(servers["mendeley"]) as (connector, _):
        (told,) = ask(connector, DOI, doi("10.5555/none"))

    assert (told.asked, told.mentions, dict(told.units)) == (DOI, (), {"mendeley": 5})


@pytest.mark.parametrize("name", SPEAK)
def test_what_names_another_output_that_the_search_finds_as_well_is_not_believed(servers: Any, name: Name) -> None:
    server = servers[name]
    server.known.acts = {1: act(of=doi("10.5555/tides.12")), 2: act(2, doi("10.5555/tides.1x"))}
    with talking(server) as (connector, _):
        assert ask(connector, DOI) == []
        (told,) = ask(connector, doi("10.5555/tides.12"))

    assert len(told.mentions) == 1


@pytest.mark.parametrize("name", SPEAK)
def test_what_nobody_sees_any_more_is_not_told(servers: Any, name: Name) -> None:
    servers[name].known.acts = {1: act(hidden=True), 2: act(2, hidden=True)}
    with talking(servers[name]) as (connector, _):
        assert ask(connector, DOI) == []


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "value", ["10.5555/(sici)1097(1999)75:1<47::aid-a>3.0.co;2-i", '10.5555/a"b', "10.5555/a&b=c", "10.5555/a+b"]
)
def test_a_doi_with_the_signs_of_a_query_in_it_is_asked_about_as_it_is(servers: Any, name: Name, value: str) -> None:
    servers[name].known.acts = {2: act(2, of=doi(value)), 4: act(4, doi("10.5555/a"))}
    with talking(servers[name]) as (connector, _):
        told = ask(connector, doi(value))

    phrase = value.replace('"', " ") if name in ("hackernews", "x", "youtube") else value
    assert {each for asked in servers[name].subjects for each in asked} == {phrase}
    if name != "youtube" or '"' not in value:  # whose practice service knows nothing but phrases
        assert [each.asked.value for each in told] == [value]


# All of it ---------------------------------------------------------------------------------------------------------


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
    server = servers["hackernews"]
    server.known.most = 4
    server.known.acts = {n: act(n) for n in range(1, 7)}
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="one second"):
        ask(connector, DOI)


def test_more_than_is_believed_is_not_understood(servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.hackernews.MOST", 5)
    server = servers["hackernews"]
    server.known.most = 4
    server.known.acts = {n: act(n, at=WHEN + timedelta(seconds=n)) for n in range(1, 20)}
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 5 hits"):
        ask(connector, DOI)


def test_excerpts_are_read_to_their_last_page_and_posts_by_the_hundred(servers: Any) -> None:
    server = servers["stackexchange"]
    server.known.most = 50
    server.known.acts = {n: act(n) for n in range(1, 131)}
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)

    assert len({mention.key for mention in told.mentions}) == 130
    assert [each.path.count(";") + 1 for each in server.requests if "/posts/" in each.path] == [100, 30]
    server.known.most = 5
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 10 pages"):
        ask(connector, DOI)


def test_a_search_that_never_ends_is_followed_while_it_has_what_was_asked_about(servers: Any) -> None:
    server = servers["youtube"]
    server.known.most = 10
    server.known.acts = {n: act(n) for n in range(1, 26)}
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)

    assert len({mention.key for mention in told.mentions}) == 25
    assert sum("/search" in each.path for each in server.requests) == 4  # of the last most are others
    server.known.most = 5
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 4 pages"):
        ask(connector, DOI)


def test_of_several_entries_of_one_doi_the_largest_number_of_readers_counts(servers: Any) -> None:
    server = servers["mendeley"]
    server.known.acts = {n: act(n) for n in range(3)}
    server.spoil = lambda body: (
        [*body, {**body[0], "reader_count": 2}, {**body[0], "identifiers": {"doi": "10.5555/other"}, "reader_count": 9}]
        if isinstance(body, list)
        else body
    )
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)

    assert told.units == {"mendeley": 3}


# Keys and limits ---------------------------------------------------------------------------------------------------


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


# Trouble -----------------------------------------------------------------------------------------------------------


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
