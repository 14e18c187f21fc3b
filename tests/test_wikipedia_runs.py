"""Runs over the stream of Wikipedia and the lists of wikis: where each goes on, whom it asks, what it reads anew."""

from datetime import UTC, datetime

import pytest
from conftest import House
from mention_house import a_copy, some_works
from wikipedia_house import (
    DAY,
    HOUR,
    a_house,
    a_wikipedia,
    ago,
    api,
    cite,
    later,
    listens,
    running_wikipedia,
    stored,
    told,
)

from config.settings import Connection
from connectors.wikipedia import Wikipedia
from sandbox.wikipedia import PracticeWikipedia, WikiFault

works, plain = some_works(), a_copy()
running, server, house = running_wikipedia(), a_wikipedia(), a_house()


# Where it goes on ----------------------------------------------------------------------------------------------------


def test_a_run_ends_at_the_moment_it_began_and_the_next_one_goes_on_there(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(7, cite("one"), at=ago(5))
    house.ok("pull", "wikipedia")
    first = [each for each in server.requests if each.path.startswith("/v2")]
    server.wikis.edit(8, cite("one"), at=ago(0))
    server.requests.clear()

    house.ok("pull", "wikipedia")

    (begun,) = first
    assert begun.query.startswith("since=")
    assert "Last-Event-ID" not in begun.headers
    assert all("Last-Event-ID" in each.headers for each in server.requests if each.path.startswith("/v2"))
    assert [key for key, *_ in stored(house)] == ["enwiki:7", "enwiki:8"]


def test_a_stream_that_is_cut_in_the_middle_of_a_message_goes_on_from_the_one_before(
    house: House, server: PracticeWikipedia
) -> None:
    server.faults.append(WikiFault("cut", address="/v2"))
    server.wikis.edit(7, cite("one"), at=ago(5))
    server.wikis.edit(8, cite("one"), at=ago(4))

    house.ok("pull", "wikipedia")

    assert [key for key, *_ in stored(house)] == ["enwiki:7", "enwiki:8"]
    assert len([each for each in server.requests if each.path.startswith("/v2")]) == 2


def test_a_stream_without_ids_goes_on_by_the_time(house: House, server: PracticeWikipedia) -> None:
    server.faults.append(WikiFault("no ids", address="/v2", times=None))
    server.wikis.edit(7, cite("one"), at=ago(5))
    house.ok("pull", "wikipedia")
    server.wikis.edit(8, cite("one"), at=ago(0))

    house.ok("pull", "wikipedia")

    assert [key for key, *_ in stored(house)] == ["enwiki:7", "enwiki:8"]


def test_a_replay_of_yesterday_changes_nothing(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(30))
    server.wikis.edit(8, cite("one"), at=ago(29))
    server.wikis.edit(8, "Out again.", at=ago(28))
    house.ok("pull", "wikipedia")
    before = told(house)
    for each in list(server.wikis.events):
        server.wikis.put(each.stream, each.body, ago(0))

    house.ok("pull", "wikipedia")

    assert told(house) == before


def test_after_more_than_a_week_it_says_what_nobody_can_hear_any_more(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(5))
    house.ok("pull", "wikipedia")
    house.later = 10 * 24 * 3600 * 1_000_000
    server.stands_at = datetime.now(UTC) + 10 * DAY
    server.wikis.edit(8, cite("one"), at=server.stands_at - HOUR)

    house.ok("pull", "wikipedia")

    (aside,) = house.json("setaside", "list")["set_aside"]
    assert "keeps 7 days" in aside["reason"]
    assert [key for key, *_ in stored(house)] == ["enwiki:7", "enwiki:8"]


@pytest.mark.parametrize("cursor", ["x", '{"id": "", "at": "2026-13-01"}'])
def test_a_cursor_that_is_none_is_refused(house: House, cursor: str) -> None:
    house.ok("pull", "wikipedia")
    house.stored("UPDATE connection SET cursor = ? WHERE name = 'wikipedia'", cursor)

    ran = house.run("pull", "wikipedia")

    assert "run a full pull" in ran.out + ran.err


# Looking again -------------------------------------------------------------------------------------------------------


def test_what_was_told_is_read_anew_some_day_and_taken_back_where_it_is_gone_without_a_word(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(5)
    server.wikis.edit(7, cite("one"), at=came)
    server.wikis.edit(8, cite("one"), at=came)
    server.wikis.edit(9, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, cite("two"), at=ago(4), told=False)
    server.wikis.edit(8, "Out.", at=ago(4), told=False)
    server.wikis.article(9).deleted = True

    later(house, server, 3)
    house.ok("pull", "wikipedia")

    assert stored(house) == [("enwiki:7", 1, ""), ("enwiki:8", 0, "unlinked"), ("enwiki:9", 0, "gone")]
    (found,) = [each for each in told(house) if each["state"] != "taken back"]
    assert (found["names"], datetime.fromisoformat(found["occurred_at"])) == (["doi:10.5555/two"], came)


# The lists of a full run ---------------------------------------------------------------------------------------------


def test_a_full_run_finds_what_was_cited_before_and_since_when(
    plain: House, house: House, server: PracticeWikipedia
) -> None:
    listens(plain, server, 'sets = ["enwiki"]')
    edit, came = server.wikis.edit, ago(24 * 900)
    for number in range(20):
        edit(7, cite("one") if number >= 6 else f"Text {number}", at=came + (number - 6) * DAY, told=False)
    edit(8, "[http://dx.doi.org/10.5555/two On tides]", at=came, told=False)
    edit(9, cite("stranger"), at=came, told=False)
    server.rows = 3

    house.ok("pull", "wikipedia", "--full")

    found = {each["url"][-1]: datetime.fromisoformat(each["occurred_at"]) for each in told(house)}
    assert found == {"7": came, "8": came}
    lists = [each for each in api(server) if "exturlusage" in each]
    assert {each.partition("euquery=")[2].partition("&")[0] for each in lists} == {"doi.org", "dx.doi.org"}
    assert sum("euprotocol=http&" in each for each in lists) == 2
    assert not any("10.5555" in each for each in api(server))


def test_a_full_run_that_is_broken_off_goes_on_in_the_list_where_it_was(
    plain: House, house: House, server: PracticeWikipedia
) -> None:
    listens(plain, server, 'sets = ["enwiki"]')
    for number in range(1, 8):
        server.wikis.edit(number, cite("one"), at=ago(24 * 900), told=False)
    server.rows = 2
    server.faults.append(WikiFault("status", address="eucontinue=4", times=6))

    failed = house.run("pull", "wikipedia", "--full")
    before = [each for each in api(server) if "exturlusage" in each and "eucontinue=4" not in each]
    server.requests.clear()
    house.ok("pull", "wikipedia")

    assert failed.code == 1
    assert len(before) == 2
    assert "eucontinue=4" in next(each for each in api(server) if "exturlusage" in each)
    assert len(stored(house)) == 7


def test_a_full_run_reads_what_it_told_before_only_where_more_is_cited(
    plain: House, house: House, server: PracticeWikipedia
) -> None:
    listens(plain, server, 'sets = ["enwiki"]')
    came = ago(40)
    server.wikis.edit(7, cite("one"), at=came)
    server.wikis.edit(8, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.events.clear()
    server.wikis.edit(8, cite("one", "two"), at=ago(4), told=False)
    server.requests.clear()

    house.ok("pull", "wikipedia", "--full")

    assert [each for each in api(server) if "pageids" in each] == [each for each in api(server) if "pageids=8&" in each]
    assert {datetime.fromisoformat(each["occurred_at"]) for each in told(house)} == {came}
    assert sorted(told(house)[0]["names"] + told(house)[1]["names"]) == ["doi:10.5555/one"] * 2 + ["doi:10.5555/two"]


def test_without_wikis_named_a_full_run_asks_no_wiki_for_its_links(house: House, server: PracticeWikipedia) -> None:
    house.ok("pull", "wikipedia", "--full")

    assert api(server) == []


# Who is asked, and how -----------------------------------------------------------------------------------------------


def test_who_asks_says_whom_to_write_to_and_asks_with_patience(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))

    house.ok("pull", "wikipedia")

    assert {"mailto:mailbox@example.edu" in each.headers["User-Agent"] for each in server.requests} == {True}
    assert all("maxlag=5" in each for each in api(server))


@pytest.mark.parametrize("name", ["en", "wikidatawiki", "commonswiki", "testwiki", "enwiktionary", "EnWiki"])
def test_what_is_no_wikipedia_is_refused_by_name(name: str) -> None:
    given = Connection(name="w", kind="wikipedia", url="https://stream.wikimedia.org", sets=("dewiki", name))

    ((key, why),) = Wikipedia.refused(given)

    assert key == "sets"
    assert name in why


def test_check_says_whether_the_stream_and_the_wikis_answer(house: House, server: PracticeWikipedia) -> None:
    said = house.ok("check", "--connect")
    server.faults.append(WikiFault("login page", address="/v2", times=None))

    trouble = house.run("check", "--connect")

    assert "the stream tells" in said
    assert "enwiki answers: Wikipedia" in said
    assert "stream.wikimedia.org" in trouble.out + trouble.err
