"""What is heard of services that know who spoke of outputs, and of which output each of it is."""

from typing import Any

import pytest
from answerers import DOI, KINDS, SPEAK, WHEN, act, all_services, ask, doi, running_services, talking

from sandbox.answerers import Name

running, servers = running_services(), all_services()


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
