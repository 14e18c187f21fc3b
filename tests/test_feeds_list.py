"""From the list of feeds to the score: what is wrong in it is named, and what it leads to counts."""

from datetime import UTC, datetime

import pytest
from abroad_places import AGENT, HOME, NEWS
from conftest import House
from feeds_heard import DAY, SAID, Listening, a_listening, a_web, article, item, running_web, tell
from http_places import Clock
from mention_house import a_copy, some_works

from config.load import load
from connectors.abroad import Abroad
from connectors.feeds import Feeds
from sandbox.feeds import RSS, Item, rss
from sandbox.web import Page, PracticeWeb
from sync import steps, store

running, web, heard = running_web(), a_web(), a_listening()
works, house = some_works(), a_copy()


# The list ------------------------------------------------------------------------------------------------------------


def test_wrong_lines_are_left_out_and_named_and_the_others_are_read(web: PracticeWeb, heard: Listening) -> None:
    feed = web.url("/feed", NEWS)
    heard.lists(
        f"{feed},news,,,,",
        f"{feed},blog,,,,",
        "ftp://a.example/feed,news,,,,",
        f"{feed}/2,podcast,,,,",
        f"{feed}/3,news,,,XX,",
        f"{feed}/4,news,,,,5",
        f"{feed}/5,news",
        ",news,,,,",
    )
    tell(web)

    heard.run()

    assert [each.place for each in heard.asides] == [f"feeds.csv:{line}" for line in range(3, 10)]
    assert len(web.visited("/feed")) == 1
    findings = list(heard.connector.check())
    assert findings[0].ok
    assert findings[0].what == "the list has 1 feeds: 1 of news, 0 of blogs"
    assert [each.what.partition(": ")[0] for each in findings if not each.ok] == [
        f"feeds.csv:{line}" for line in range(3, 10)
    ]


@pytest.mark.parametrize("text", [None, "", "url,kind\nhttps://a.example/feed,news\n", 'feed,source\n"'])
def test_check_says_what_is_wrong_with_the_whole_list(heard: Listening, text: str | None) -> None:
    heard.path.unlink() if text is None else heard.path.write_text(text)

    assert not next(iter(heard.connector.check())).ok


def test_check_says_which_feeds_have_failed_for_a_week_and_which_hold_nothing(
    web: PracticeWeb, heard: Listening
) -> None:
    heard.lists(*(f"{web.url(path, NEWS)},news,,,," for path in ("/busy", "/feed", "/full")))
    web.put("/busy", Page(b"", status=503))
    web.put("/full", Page(rss([item(web)]), RSS))
    tell(web)
    heard.run()
    before = list(heard.connector.remembered(heard.ear.noted, heard.now))
    heard.run(later=8 * DAY)

    after = list(heard.connector.remembered(heard.ear.noted, heard.now))

    assert [(each.ok, each.what) for each in before] == [(True, f"line 3 of the list ({NEWS}): the feed holds nothing")]
    assert [each.ok for each in after] == [False, True]
    assert after[0].what.startswith(f"line 2 of the list ({NEWS}): not read since 2026-09-10: GET ")


def test_without_a_list_the_settings_are_refused(house: House) -> None:
    house.write('[connections.feeds]\nkind = "feeds"\n')

    run = house.run("pull", "feeds")

    assert run.code != 0
    assert "connections.feeds.path: missing" in run.out + run.err


# In a house ----------------------------------------------------------------------------------------------------------


def test_from_a_list_of_feeds_to_a_score_that_says_why(web: PracticeWeb, house: House) -> None:
    local = web.url("/feed")
    web.put("/feed", Page(rss([Item(link=web.url("/tides"), published=SAID)]), RSS))
    web.put("/tides", article("10.5555/one"))
    web.put("/empty", Page(rss([]), RSS))
    (house.folder / "feeds.csv").write_text(
        f"feed,source,outlet,name,tier\n{local},news,courier,The Courier,1\n{web.url('/empty')},blog,,,\n"
    )
    house.write(
        f'[institution]\ncontact = "library@example.edu"\n[abroad]\nat_home = ["127.0.0.1:{web.port}"]\n'
        '[connections.told]\nkind = "files"\npath = "told"\nrequire_author = false\n'
        '[connections.feeds]\nkind = "feeds"\npath = "feeds.csv"\n'
    )

    assert "the list has 2 feeds" in house.ok("check", "--connect")
    house.ok("pull", "feeds")
    house.ok("score")

    told = house.json("explain", "10.5555/one")
    assert told["score"] == 8
    (found,) = house.json("mention", "list", "--output", "doi:10.5555/one")["mentions"]
    assert found["url"] == web.url("/tides").replace("http:", "https:")
    assert "line 3 of the list (127.0.0.1): the feed holds nothing" in house.ok("check", "--connect")


def test_a_house_remembers_what_was_read_and_takes_back_what_is_gone(web: PracticeWeb, house: House) -> None:
    said = datetime.now(UTC) - DAY
    web.put("/feed", Page(rss([item(web, published=said)]), RSS))
    web.put("/tides", article("10.5555/one"))
    (house.folder / "feeds.csv").write_text(f"feed,source,outlet\n{web.url('/feed', NEWS)},news,courier\n")
    house.write(
        '[connections.told]\nkind = "files"\npath = "told"\nrequire_author = false\n'
        '[connections.feeds]\nkind = "feeds"\npath = "feeds.csv"\n'
    )
    loaded = load(house.file)
    home = steps.open_house(loaded)
    states = []

    def pull(days: int) -> str:
        clock = Clock()
        with steps.connect(loaded, loaded.connections["feeds"]) as connector:
            assert isinstance(connector, Feeds)
            pulled = steps.pull_one(
                home,
                connector,
                full=False,
                clock=lambda: store.now() + days * 24 * 3600 * 1_000_000,
                progress=lambda *_: None,
                way=lambda: Abroad(AGENT, at_home=[(HOME, web.port)], sleep=clock.sleep, clock=clock),
            )
        states.append(house.stored("SELECT reason, taken_at < 0 FROM mention"))
        return pulled.outcome

    outcomes = [pull(0), pull(0)]
    web.put("/tides", Page(b"", status=410))
    outcomes += [pull(2)]
    web.put("/tides", article("10.5555/one"))
    outcomes += [pull(100)]
    home.engine.dispose()

    assert outcomes == ["done"] * 4
    assert states == [[("", 1)], [("", 1)], [("gone", 0)], [("", 1)]]
    assert [len(web.visited(path)) for path in ("/feed", "/tides")] == [3, 3]
