"""Wikipedia over HTTP, from the stream to the score: what is cited counts from the day the link came, once, and as long
as the article says it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import House
from mention_house import SETTINGS, a_copy, ledger, some_works

from config.settings import Connection
from connectors.wikipedia import Wikipedia
from sandbox.wikipedia import PracticeWikipedia, WikiFault, practice_wikipedia
from sandbox.wikipedia.encyclopedia import Encyclopedia

works, plain = some_works(), a_copy()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def running() -> Iterator[PracticeWikipedia]:
    with practice_wikipedia() as server:
        yield server


@pytest.fixture
def server(running: PracticeWikipedia) -> PracticeWikipedia:
    """Each test has the world's encyclopedias to itself."""
    running.wikis, running.rows, running.stands_at = Encyclopedia(), 500, None
    running.faults.clear()
    running.requests.clear()
    return running


@pytest.fixture
def house(plain: House, server: PracticeWikipedia) -> House:
    return settings(plain, server)


def settings(house: House, server: PracticeWikipedia, more: str = "") -> House:
    return house.write(f'''
[institution]
contact = "mailbox@example.edu"
{SETTINGS.format(name="told")}
[connections.wikipedia]
kind = "wikipedia"
url = "{server.url}"
pace = 0
{more}
''')


def ago(hours: float) -> datetime:
    return (datetime.now(UTC) - hours * HOUR).replace(microsecond=0)


def cite(*works: str) -> str:
    refs = "".join(f"<ref>{{{{cite journal |title=On tides |doi=10.5555/{each} |year=2020}}}}</ref>" for each in works)
    return f"'''Tides''' rise and fall.{refs}\n== References ==\n<references />"


def told(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.json("mention", "list")["mentions"]
    return found


def stored(house: House) -> list[tuple[Any, ...]]:
    """Key, whether it counts, and why it does not."""
    return house.stored("SELECT key, taken_at = -1, reason FROM mention ORDER BY key")


def api(server: PracticeWikipedia) -> list[str]:
    """Which pages were asked for."""
    return [each.query for each in server.requests if each.path.endswith("api.php")]


def test_an_article_that_cites_a_work_counts_since_the_link_came_and_explains_itself(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(5)
    server.wikis.edit(7, cite("one"), at=came)

    house.ok("pull", "wikipedia")
    house.ok("score")

    (line,) = house.json("explain", "10.5555/one")["ledger"]
    assert (line["source"], line["millipoints"], line["url"]) == (
        "wikipedia",
        3000,
        "https://en.wikipedia.org/wiki/Tide_7",
    )
    assert datetime.fromisoformat(line["occurred_at"]) == came
    (found,) = told(house)
    (seen,) = found["evidence"]
    assert (seen["method"], seen["excerpt"]) == ("template", "doi=10.5555/one")


def test_articles_of_all_languages_count_once_and_the_first_one_counts(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(5))
    server.wikis.edit(7, cite("one", "two"), at=ago(4), domain="de.wikipedia.org")

    house.ok("pull", "wikipedia")
    house.ok("score")

    assert sorted(ledger(house).values()) == [0, 3000]
    assert ledger(house)["https://en.wikipedia.org/wiki/Tide_7"] == 3000
    assert ledger(house, "two") == {"https://de.wikipedia.org/wiki/Tide_7": 3000}


def test_only_articles_of_wikipedias_are_read_and_only_those_that_a_link_of_ours_came_to(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(1, cite("one"), at=ago(5), namespace=2)
    server.wikis.edit(2, cite("one"), at=ago(5), domain="commons.wikimedia.org")
    server.wikis.edit(3, cite("stranger"), at=ago(5))

    house.ok("pull", "wikipedia")

    assert (stored(house), api(server)) == ([], [])


def test_only_the_wikis_of_sets_are_read_where_it_names_any(
    plain: House, house: House, server: PracticeWikipedia
) -> None:
    settings(plain, server, 'sets = ["dewiki"]')
    server.wikis.edit(1, cite("one"), at=ago(5))
    server.wikis.edit(2, cite("one"), at=ago(5), domain="de.wikipedia.org")

    house.ok("pull", "wikipedia")

    assert [key for key, *_ in stored(house)] == ["dewiki:2"]


def test_an_edit_keeps_the_day_on_which_the_link_came_and_tells_what_is_cited_now(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(50)
    server.wikis.edit(7, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, cite("one", "two") + " More.", at=ago(2))

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert datetime.fromisoformat(found["occurred_at"]) == came
    assert sorted(found["names"]) == ["doi:10.5555/one", "doi:10.5555/two"]


def test_a_link_that_is_removed_is_taken_back_and_counts_again_when_it_is_put_back(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(50)
    server.wikis.edit(7, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, "A vandal was here.", at=ago(3))
    house.ok("pull", "wikipedia")
    house.ok("score")
    taken = stored(house), ledger(house)

    server.wikis.edit(7, cite("one"), at=ago(2))
    house.ok("pull", "wikipedia")
    house.ok("score")

    assert taken == ([("enwiki:7", 0, "unlinked")], {})
    assert stored(house) == [("enwiki:7", 1, "")]
    assert datetime.fromisoformat(told(house)[0]["occurred_at"]) == came
    assert ledger(house) == {"https://en.wikipedia.org/wiki/Tide_7": 3000}


def test_a_link_that_comes_long_after_another_was_removed_is_news(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, "Nothing of ours.", at=ago(3))
    house.ok("pull", "wikipedia")
    later(house, server, 30)
    assert server.stands_at is not None
    came = (server.stands_at - HOUR).replace(microsecond=0)
    server.wikis.edit(7, cite("two"), at=came)

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert (found["names"], datetime.fromisoformat(found["occurred_at"])) == (["doi:10.5555/two"], came)


def test_an_article_that_is_deleted_is_taken_back_and_counts_again_when_it_is_restored(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.delete(7, at=ago(3))
    house.ok("pull", "wikipedia")
    assert stored(house) == [("enwiki:7", 0, "deleted")]

    server.wikis.edit(7, cite("one"), at=ago(2))
    house.ok("pull", "wikipedia")

    assert stored(house) == [("enwiki:7", 1, "")]


def test_an_article_that_is_renamed_is_the_same_one_and_one_that_becomes_a_draft_is_none(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.move(7, "Ebb & flow?", 0, at=ago(4))
    house.ok("pull", "wikipedia")
    renamed = [(each["url"], each["title"]) for each in told(house)]

    server.wikis.move(7, "Draft:Ebb", 118, at=ago(3))
    house.ok("pull", "wikipedia")

    assert renamed == [("https://en.wikipedia.org/wiki/Ebb_%26_flow%3F", "Ebb & flow?")]
    assert stored(house) == [("enwiki:7", 0, "gone")]


def test_a_draft_that_becomes_an_article_cites_from_then_on(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50), namespace=118)
    server.wikis.edit(8, cite("stranger"), at=ago(50), namespace=118)
    came = ago(3)
    server.wikis.move(7, "Tide", 0, at=came)
    server.wikis.move(8, "Other", 0, at=came)

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert (found["url"], datetime.fromisoformat(found["occurred_at"])) == ("https://en.wikipedia.org/wiki/Tide", came)


def test_a_link_that_the_text_does_not_show_is_told_by_the_links_of_the_page(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.article(7).more = ("//dx.doi.org/10.5555%2Fone", *(f"https://example.org/{each}" for each in range(9)))
    server.rows = 3
    server.wikis.edit(7, "{{Cite Q|Q42}}", at=ago(3))

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert [each["method"] for each in found["evidence"]] == ["doi-url"]


def test_a_link_that_is_gone_again_when_the_article_is_read_was_none(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))
    server.wikis.edit(7, f"Undone. <!-- {cite('one')} -->", at=ago(2))

    house.ok("pull", "wikipedia")

    assert stored(house) == []
    assert len(api(server)) == 1


def test_nobody_who_has_edited_is_kept_anywhere(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))
    server.wikis.put("page-links-change", {"performer": {"user_text": "Ada Editor"}, "page_id": "x"}, ago(2))
    house.ok("pull", "wikipedia")

    files = [each for each in house.folder.rglob("*") if each.is_file()]

    assert b"enwiki:7" in b"".join(each.read_bytes() for each in files)
    assert not [each.name for each in files if b"Ada Editor" in each.read_bytes()]


def test_who_asks_says_whom_to_write_to_and_asks_with_patience(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))

    house.ok("pull", "wikipedia")

    assert {"mailto:mailbox@example.edu" in each.headers["User-Agent"] for each in server.requests} == {True}
    assert all("maxlag=5" in each for each in api(server))


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


def later(house: House, server: PracticeWikipedia, days: int) -> None:
    house.later = days * 24 * 3600 * 1_000_000
    server.stands_at = datetime.now(UTC) + days * DAY


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
    settings(plain, server, 'sets = ["enwiki"]')
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
    settings(plain, server, 'sets = ["enwiki"]')
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
    settings(plain, server, 'sets = ["enwiki"]')
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
