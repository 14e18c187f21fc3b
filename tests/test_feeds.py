"""News and blogs are heard by their feeds: what they say is told once, whatever a feed does to its past."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from abroad_places import AGENT, HOME, NEWS, OTHER, lead, reader
from conftest import House
from feeds_heard import DOI, NOW, SAID, Listening, article
from http_places import Clock
from mention_house import a_copy, some_works

from config.load import load
from connectors.abroad import Abroad
from connectors.errors import TryLater
from connectors.feeds import Feeds
from connectors.feeds import article as articles
from connectors.feeds.entry import Entry
from connectors.feeds.state import TRIES
from connectors.identifiers import Identifier
from sandbox.feeds import ATOM, JSON, RSS, Item, atom, json_feed, rss
from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web, robots
from sync import steps, store

works, house = some_works(), a_copy()

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLOG = "blog.example.org"


@pytest.fixture(scope="module")
def running() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        yield web


@pytest.fixture
def web(running: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> PracticeWeb:
    """As empty as at the beginning, and all names lead there."""
    lead(monkeypatch, {NEWS: [HOME], OTHER: [HOME], BLOG: [HOME], HOME: [HOME]})
    running.clear()
    return running


@pytest.fixture
def heard(web: PracticeWeb, tmp_path: Path) -> Iterator[Listening]:
    clock = Clock()
    with reader(web, clock) as abroad:
        listening = Listening(abroad, tmp_path / "feeds.csv", clock)
        listening.lists(f"{web.url('/feed', NEWS)},news,courier,The Courier,GB,2")
        yield listening


def tell(web: PracticeWeb, *items: Item, **more: str) -> None:
    web.put("/feed", Page(rss(items, **more), RSS))


def item(web: PracticeWeb, path: str = "/tides", **told: object) -> Item:
    return Item(**{"link": web.url(path, NEWS), "published": SAID, **told})  # type: ignore[arg-type]


def key(web: PracticeWeb, path: str = "/tides") -> str:
    return web.url(path, NEWS).replace("http:", "https:")


# What is told ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "kind"), [(rss, RSS), (atom, ATOM), (json_feed, JSON), (json_feed, "text/html")])
def test_an_article_that_names_an_output_is_told_with_its_outlet_time_and_evidence(
    web: PracticeWeb, heard: Listening, written, kind: str
) -> None:
    web.put("/feed", Page(written([item(web), item(web, "/other")]), kind))
    web.put("/tides", article(DOI, "10.5555/stranger"))
    web.put("/other", article())

    (told,) = heard.run()

    assert (told.key, told.url) == (key(web), key(web))
    assert (told.source, told.title, told.occurred_at) == ("news", "Tides turn", SAID)
    assert told.outlet is not None
    assert (told.outlet.key, told.outlet.name, told.outlet.country, told.outlet.tier) == (
        *("courier", "The Courier"),
        *("GB", 2),
    )
    (seen,) = told.evidence
    assert (seen.identifier, seen.method, seen.level) == (Identifier("doi", DOI), "doi-url", "literal")


def test_what_the_entry_itself_names_is_told_under_the_address_of_the_article(
    web: PracticeWeb, heard: Listening
) -> None:
    tell(web, item(web, "/tides?utm_source=feed", text=f'<a href="https://doi.org/{DOI}">study</a>'))
    web.put("/tides?utm_source=feed", article(head='<link rel="canonical" href="/2026/tides">'))

    told = heard.run()

    assert [each.key for each in told if not each.deleted] == [key(web, "/2026/tides")]


def test_what_the_entry_names_is_told_also_where_the_article_may_not_be_read(
    web: PracticeWeb, heard: Listening
) -> None:
    tell(web, item(web, text=f"doi:{DOI}"))
    web.put("/robots.txt", robots("Disallow: /tides"))

    (told,) = heard.run()

    assert told.key == key(web)
    assert "127.0.0.1/tides" not in web.visited()


def test_an_entry_that_leads_to_an_output_itself_is_no_mention_of_it(web: PracticeWeb, heard: Listening) -> None:
    entries = [
        item(web, "/paper", text=f"doi:{DOI}"),
        Item(link=f"https://doi.org/{DOI}", published=SAID),
        Item(link="https://repo.example.org/7", published=SAID),
    ]
    tell(web, *entries)
    web.put("/paper", article(DOI, head=f'<meta name="citation_doi" content="{DOI}">'))

    assert heard.run() == []


def test_a_blog_of_links_is_heard_where_its_entries_have_an_address_of_their_own(
    web: PracticeWeb, heard: Listening
) -> None:
    own = web.url("/notes/1", NEWS)
    tell(web, Item(link=f"https://doi.org/{DOI}", guid=own, published=SAID, text="Worth reading."))
    web.put("/notes/1", article(DOI))

    assert [each.key for each in heard.run()] == [key(web, "/notes/1")]


def test_where_the_list_says_nothing_of_an_outlet_news_tell_none_and_blogs_their_domain(
    web: PracticeWeb, heard: Listening
) -> None:
    heard.lists(f"{web.url('/feed', NEWS)},news", f"{web.url('/blog', 'blog.example.org')},blog", head="feed,source")
    tell(web, item(web))
    web.put("/blog", Page(atom([item(web, "/post")]), ATOM))
    web.put_all({"/tides": article(DOI), "/post": article(DOI)})

    outlets = {each.source: each.outlet for each in heard.run()}

    assert outlets["news"] is None
    assert outlets["blog"] is not None
    assert outlets["blog"].key == "example.org"


def test_dates_come_from_the_entry_else_from_the_page_and_never_from_our_clock(
    web: PracticeWeb, heard: Listening
) -> None:
    tell(web, *(item(web, f"/{name}", published=None) for name in ("dated", "day", "undated")))
    head = '<meta property="article:published_time" content="{}">'
    web.put("/dated", article(DOI, head=head.format("2026-08-01T10:00:00+02:00")))
    web.put("/day", article(DOI, head=head.format("2026-08-02")))
    web.put("/undated", article(DOI))

    told = {each.key: each.occurred_at for each in heard.run()}

    assert told == {
        key(web, "/dated"): datetime(2026, 8, 1, 8, tzinfo=UTC),
        key(web, "/day"): datetime(2026, 8, 2, tzinfo=UTC),
    }
    assert [(each.reason, each.place, each.keyless) for each in heard.asides] == [
        ("says nowhere when it was published", NEWS, False)
    ]


def test_a_date_in_the_future_is_not_believed_where_the_page_has_another(web: PracticeWeb, heard: Listening) -> None:
    tell(web, item(web, "/a", published=NOW + 300 * DAY), item(web, "/b", published=NOW + 300 * DAY))
    web.put("/a", article(DOI, head='<meta name="date" content="2026-08-01">'))
    web.put("/b", article(DOI))

    first = {each.key: each.occurred_at for each in heard.run()}
    for _ in range(TRIES + 1):
        heard.run(later=HOUR)
    second = {each.key: each.occurred_at for each in heard.run(later=299 * DAY + 12 * HOUR)}
    third = heard.run(later=DAY)

    assert first[key(web, "/a")] == datetime(2026, 8, 1, tzinfo=UTC)
    assert first[key(web, "/b")] == NOW + 300 * DAY  # which the house sets aside
    assert second == {key(web, "/b"): NOW + 300 * DAY}  # and takes in once its time has come
    assert third == []


# Once, and politely ------------------------------------------------------------------------------------------------


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


# A feed that does as it likes with its past ------------------------------------------------------------------------


def test_all_new_ids_overnight_are_no_second_mention_and_no_second_visit(web: PracticeWeb, heard: Listening) -> None:
    web.put("/tides", article(DOI))
    tell(web, item(web, guid="1"), item(web, guid="2"))
    heard.run()
    tell(web, item(web, guid="uuid:1"), item(web, "/tides?utm_medium=rss", guid="uuid:2"))

    assert heard.run(later=DAY) == []
    assert len(web.visited("/tides")) == 1


def test_new_addresses_of_one_article_are_no_second_mention(web: PracticeWeb, heard: Listening) -> None:
    head = '<link rel="canonical" href="/tides">'
    web.put_all({"/tides": article(DOI, head=head), "/amp/tides": article(DOI, head=head)})
    tell(web, item(web))
    heard.run()
    tell(web, item(web, "/amp/tides"))

    heard.run(later=DAY)

    assert list(heard.told) == [key(web)]


def test_what_a_feed_repeats_after_it_was_forgotten_is_the_same_mention(web: PracticeWeb, heard: Listening) -> None:
    web.put("/tides", article(DOI))
    tell(web, item(web))
    heard.run()
    heard.notes.clear()

    (told,) = heard.run(later=DAY)

    assert list(heard.told) == [told.key] == [key(web)]


@pytest.mark.parametrize("edit", [{"title": "Tides turn back"}, {"updated": NOW}, {"text": "doi:10.5555/two"}])
def test_an_entry_that_was_edited_is_looked_at_again(
    web: PracticeWeb, heard: Listening, edit: dict[str, object]
) -> None:
    web.put("/tides", article(DOI))
    tell(web, item(web, updated=SAID))
    heard.run()
    web.put("/tides", article("10.5555/two"))
    tell(web, item(web, **{"updated": SAID, **edit}))

    heard.run(later=DAY)

    assert [each.value for each in heard.told[key(web)].targets] == ["10.5555/two"]


def test_one_that_was_edited_and_names_nothing_any_more_is_taken_back(web: PracticeWeb, heard: Listening) -> None:
    web.put("/tides", article(DOI))
    tell(web, item(web))
    heard.run()
    web.put("/tides", article())
    tell(web, item(web, title="Corrected"))

    (told,) = heard.run(later=DAY)

    assert (told.key, told.deleted, told.reason) == (key(web), True, "unlinked")


def test_a_count_of_comments_is_no_edit(web: PracticeWeb, heard: Listening) -> None:
    web.put("/tides", article(DOI))
    for count in range(3):
        tell(web, item(web, text=f"<p>{count} comments"))
        heard.run(later=HOUR)

    assert len(web.visited("/tides")) == 1


def test_what_leaves_the_feed_stays_told(web: PracticeWeb, heard: Listening) -> None:
    web.put("/tides", article(DOI))
    tell(web, item(web))
    heard.run()
    tell(web)

    assert heard.run(later=DAY) == []
    assert list(heard.told) == [key(web)]


def test_an_article_that_cannot_be_read_is_tried_so_many_times(web: PracticeWeb, heard: Listening) -> None:
    tell(web, item(web))
    for _ in range(TRIES + 2):
        heard.run(later=HOUR)

    assert len(web.visited("/tides")) == TRIES


def test_an_article_that_appears_after_its_entry_is_heard(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(rss([item(web)]), RSS, etag='"1"'))
    heard.run()
    web.put("/tides", article(DOI))

    heard.run(later=HOUR)

    assert list(heard.told) == [key(web)]


def test_one_told_by_the_feed_alone_moves_to_the_address_that_its_page_has(web: PracticeWeb, heard: Listening) -> None:
    tell(web, item(web, "/go", text=f"doi:{DOI}"))
    web.faults.append(WebFault("status", address="/go", status=503))
    heard.run()
    assert list(heard.told) == [key(web, "/go")]
    web.put("/go", moved("/tides"))
    web.put("/tides", article())

    heard.run(later=HOUR)

    assert list(heard.told) == [key(web)]


# Looking again -----------------------------------------------------------------------------------------------------


@pytest.fixture
def once(web: PracticeWeb, heard: Listening) -> Listening:
    web.put("/tides", article(DOI))
    tell(web, item(web))
    heard.run()
    return heard


@pytest.mark.parametrize("status", [404, 410])
def test_an_article_that_is_gone_is_taken_back(web: PracticeWeb, once: Listening, status: int) -> None:
    web.put("/tides", Page(b"", status=status))

    told = once.again(key(web))

    assert told is not None
    assert (told.key, told.deleted, told.reason) == (key(web), True, "gone")


def test_one_that_names_nothing_any_more_is_taken_back_and_one_that_names_another_is_told_so(
    web: PracticeWeb, once: Listening
) -> None:
    web.put("/tides", article())
    nothing = once.again(key(web))
    web.put("/tides", article("10.5555/two", title="Corrected"))
    other = once.again(key(web))

    assert nothing is not None
    assert other is not None
    assert (nothing.deleted, nothing.reason) == (True, "unlinked")
    assert ([each.value for each in other.targets], other.title) == (["10.5555/two"], "Corrected")
    assert (other.occurred_at, other.outlet) == (SAID, once.told[key(web)].outlet)


def test_one_that_has_moved_keeps_its_key_and_has_its_new_address(web: PracticeWeb, once: Listening) -> None:
    web.put("/tides", moved("/archive/tides", 301))
    web.put("/archive/tides", article(DOI))

    told = once.again(key(web))

    assert told is not None
    assert (told.key, told.url) == (key(web), key(web, "/archive/tides"))


def test_what_the_feed_has_named_is_not_taken_back_because_the_page_does_not_show_it(
    web: PracticeWeb, heard: Listening
) -> None:
    web.put("/tides", article())
    tell(web, item(web, text=f"doi:{DOI}"))
    heard.run()

    assert list(heard.told) == [key(web)]
    assert heard.again(key(web)) is None


def test_one_of_a_feed_that_is_no_longer_listed_stays_as_it_is(web: PracticeWeb, once: Listening) -> None:
    once.lists(f"{web.url('/other', NEWS)},news,,,,")

    assert once.again(key(web)) is None


# Feeds that fail ---------------------------------------------------------------------------------------------------


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


def test_many_feeds_are_read_at_once_and_told_in_the_order_of_the_list(web: PracticeWeb, heard: Listening) -> None:
    heard.at_once = 4
    feeds = [web.url(f"/{number}", host) for number in range(3) for host in (NEWS, OTHER)]
    heard.lists(*(f"{each},news,,,," for each in feeds))
    web.put_all({f"/{number}": Page(rss([]), RSS) for number in range(3)})

    assert [page.bookmark for page in heard.pages() if page.bookmark] == feeds


def test_a_run_that_could_read_none_of_the_feeds_has_failed(web: PracticeWeb, heard: Listening) -> None:
    web.put("/feed", Page(b"", status=503))

    pages = heard.pages()
    assert [next(pages).bookmark for _ in range(2)] == [None, web.url("/feed", NEWS)]
    with pytest.raises(TryLater, match="none of the feeds"):
        next(pages)


# The list ----------------------------------------------------------------------------------------------------------


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


def test_a_run_that_reads_everything_looks_at_all_again_for_outputs_that_are_new_here(
    web: PracticeWeb, heard: Listening
) -> None:
    tell(web, item(web))
    web.put("/tides", article(DOI))
    (first,) = heard.run()
    assert heard.run(later=timedelta(minutes=5)) == []

    heard.cursor = None

    assert heard.run(later=timedelta(minutes=5)) == [first]


# In a house --------------------------------------------------------------------------------------------------------


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


def test_without_a_list_the_settings_are_refused(house: House) -> None:
    house.write('[connections.feeds]\nkind = "feeds"\n')

    run = house.run("pull", "feeds")

    assert run.code != 0
    assert "connections.feeds.path: missing" in run.out + run.err


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
