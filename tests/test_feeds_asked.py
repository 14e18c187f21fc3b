"""How feeds are asked: no oftener than they want, many in a run, and whatever becomes of one, the others are heard."""

from datetime import timedelta
from typing import Any

import pytest
from abroad_places import NEWS, OTHER
from feeds_heard import DAY, DOI, HOUR, Listening, a_listening, a_web, article, item, key, running_web, tell

from connectors.errors import TryLater
from connectors.feeds import article as articles
from connectors.feeds.entry import Entry
from sandbox.feeds import RSS, rss
from sandbox.web import Page, PracticeWeb, WebFault, moved

running, web, heard = running_web(), a_web(), a_listening()


# Politely ------------------------------------------------------------------------------------------------------------


def test_a_feed_is_read_at_most_once_an_hour_and_an_article_once(web: PracticeWeb, heard: Listening) -> None:
    tell(web, item(web))
    web.put("/tides", article(DOI))
    heard.run()

    heard.run(later=HOUR / 2)
    assert len(web.visited("/feed")) == 1
    heard.run(later=HOUR)

    assert len(web.visited("/feed")) == 2
    assert len(web.visited("/tides")) == 1


def test_what_a_feed_told_of_its_version_is_sent_along_until_it_has_another(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(rss([item(web)]), RSS, etag='"1"', modified="Tue, 01 Sep 2026 08:00:00 GMT"))
    web.put("/tides", article(DOI))

    for _ in range(2):
        heard.run(later=HOUR)

    asked = [each for each in web.requests if each.path == "/feed"]
    assert [each.status for each in asked] == [200, 304]
    assert asked[1].headers["If-None-Match"] == '"1"'
    assert asked[1].headers["If-Modified-Since"] == "Tue, 01 Sep 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("channel", "hours"),
    [
        ("<ttl>180</ttl>", 3),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6),
        ("<ttl>999999</ttl>", 24),
        ("<ttl>soon</ttl>", 1),
        ("<ttl>0</ttl>", 1),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 24),
    ],
)
def test_a_feed_is_left_alone_for_as_long_as_it_asks_a_day_at_most(
    web: PracticeWeb, heard: Listening, channel: str, hours: int
) -> None:
    tell(web, channel=channel)
    heard.run()

    heard.run(later=hours * HOUR - timedelta(minutes=1))
    assert len(web.visited("/feed")) == 1
    heard.run(later=timedelta(minutes=1))

    assert len(web.visited("/feed")) == 2


def test_a_clock_that_was_put_back_makes_no_feed_wait(web: PracticeWeb, heard: Listening) -> None:
    tell(web)
    heard.run()

    heard.run(later=-400 * DAY)

    assert len(web.visited("/feed")) == 2


def test_of_a_long_feed_so_many_articles_are_read_in_a_run_and_the_others_in_the_next(
    web: PracticeWeb, heard: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.feeds import reading

    monkeypatch.setattr(reading, "MOST_ARTICLES", 2)
    web.put("/feed", Page(rss([item(web, f"/{number}") for number in range(5)]), RSS, etag='"1"'))
    web.put_all({f"/{number}": article(DOI) for number in range(5)})

    told = [len(heard.run(later=HOUR)) for _ in range(4)]

    assert told == [2, 2, 1, 0]
    assert web.requests[-1].status == 304


# Many in a run -------------------------------------------------------------------------------------------------------


def test_many_feeds_are_read_at_once_and_told_in_the_order_of_the_list(web: PracticeWeb, heard: Listening) -> None:
    heard.at_once = 4
    feeds = [web.url(f"/{number}", host) for number in range(3) for host in (NEWS, OTHER)]
    heard.lists(*(f"{each},news,,,," for each in feeds))
    web.put_all({f"/{number}": Page(rss([]), RSS) for number in range(3)})

    assert [page.bookmark for page in heard.pages() if page.bookmark] == feeds


def test_a_run_that_was_killed_goes_on_behind_the_feed_of_its_bookmark(web: PracticeWeb, heard: Listening) -> None:
    names = [f"/{number}" for number in range(4)]
    heard.lists(*(f"{web.url(name, NEWS)},news,,,," for name in names))
    web.put_all({name: Page(rss([]), RSS) for name in names})

    pages = heard.pages()
    marks = [next(pages).bookmark for _ in range(3)]
    pages.close()
    rest = [page.bookmark for page in heard.pages(bookmark=marks[-1])]

    assert marks == [None, web.url("/0", NEWS), web.url("/1", NEWS)]
    assert [each for each in rest if each] == [web.url(name, NEWS) for name in ("/2", "/3")]


# Feeds that fail -----------------------------------------------------------------------------------------------------


def test_a_feed_that_fails_does_not_stop_the_others_and_is_told_when_nobody_else_can_mend_it(
    web: PracticeWeb, heard: Listening
) -> None:
    addresses = [web.url(path, NEWS) for path in ("/shut", "/none", "/feed", "/busy")]
    heard.lists(*(f"{each},news,,,," for each in addresses))
    web.put("/shut", Page(b"", status=403))
    web.put("/busy", Page(b"", status=503))
    web.put("/tides", article(DOI))
    tell(web, item(web))

    heard.run()

    assert list(heard.told) == [key(web)]
    assert [(each.place, each.key, each.keyless, each.stored) for each in heard.asides] == [
        (NEWS, addresses[0], False, True)
    ]
    heard.run(later=8 * DAY)
    assert {each.key for each in heard.asides} == {addresses[0], addresses[1], addresses[3]}
    assert any("for a week" in each.reason for each in heard.asides)


def test_a_feed_that_asks_for_patience_gets_it(web: PracticeWeb, heard: Listening) -> None:
    tell(web)
    web.faults.append(WebFault("too many requests", address="/feed", retry_after="18000"))
    heard.run()

    heard.run(later=4 * HOUR)
    assert len(web.visited("/feed")) == 1


def test_patience_that_was_asked_for_once_is_not_had_for_ever(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(rss([]), RSS, etag='"1"'))
    heard.run()
    web.faults.append(WebFault("too many requests", address="/feed", retry_after="18000"))
    heard.run(later=HOUR)
    web.faults.clear()

    for _ in range(2):
        heard.run(later=5 * HOUR)
    heard.run(later=HOUR)

    assert [each.status for each in web.requests if each.path == "/feed"] == [200, 429, 304, 304, 304]


def test_a_feed_that_brings_a_mistake_of_ours_to_light_does_not_stop_the_others(
    web: PracticeWeb, heard: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.lists(*(f"{web.url(path, NEWS)},news,,,," for path in ("/odd", "/feed")))
    web.put("/odd", Page(rss([item(web, "/mistake")]), RSS))
    web.put_all({"/tides": article(DOI), "/mistake": article(DOI)})
    tell(web, item(web))
    read = articles.read

    def broken(entry: Entry, *more: Any) -> Any:
        return read(entry, *more) if "mistake" not in entry.key else {}["no title of it"]

    monkeypatch.setattr(articles, "read", broken)

    heard.run()

    assert list(heard.told) == [key(web)]
    assert [each.evidence for each in heard.asides] == ["the connector broke on it (KeyError); please report it"]


def test_a_feed_that_is_gone_for_good_is_left_alone_for_a_month(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(b"", status=410))
    heard.run()

    heard.run(later=29 * DAY)
    assert len(web.visited("/feed")) == 1
    heard.run(later=2 * DAY)
    assert len(web.visited("/feed")) == 2


def test_a_feed_that_has_moved_for_good_is_asked_there_and_one_that_has_not_is_not(
    web: PracticeWeb, heard: Listening
) -> None:
    web.put("/feed", moved("/feeds/new", 301))
    web.put("/feeds/new", moved("/feeds/today", 302))
    web.put("/feeds/today", Page(rss([]), RSS))
    heard.run()
    web.requests.clear()

    heard.run(later=HOUR)

    assert web.visited() == [f"{NEWS}/feeds/new", f"{NEWS}/feeds/today"]


def test_one_that_has_moved_to_what_is_no_feed_is_asked_at_its_old_address_again(
    web: PracticeWeb, heard: Listening
) -> None:
    web.put("/feed", moved("/parked", 301))
    web.put("/parked", Page(b"<html><body>This domain is for sale"))
    heard.run()
    web.put("/tides", article(DOI))
    tell(web, item(web))

    heard.run(later=2 * DAY)

    assert list(heard.told) == [key(web)]


def test_a_run_that_could_read_none_of_the_feeds_has_failed(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(b"", status=503))

    pages = heard.pages()
    assert [next(pages).bookmark for _ in range(2)] == [None, web.url("/feed", NEWS)]
    with pytest.raises(TryLater, match="none of the feeds"):
        next(pages)
