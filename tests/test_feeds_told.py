"""News and blogs are heard by their feeds: what is told of an article, by its entry and by its page."""

from datetime import UTC, datetime

import pytest
from abroad_places import NEWS
from feeds_heard import DAY, DOI, HOUR, NOW, SAID, Listening, a_listening, a_web, article, item, key, running_web, tell

from connectors.feeds.state import TRIES
from connectors.identifiers import Identifier
from sandbox.feeds import ATOM, JSON, RSS, Item, atom, json_feed, rss
from sandbox.web import Page, PracticeWeb, robots

running, web, heard = running_web(), a_web(), a_listening()


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
