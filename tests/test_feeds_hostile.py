"""Whatever stands at the address of a feed: nothing of it breaks a run, costs much, or is taken for what it is not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from abroad_places import HOME, NEWS, OTHER, lead, reader
from feeds_heard import DOI, NOW, OURS, SAID, Listening, article, running_web
from http_places import Clock
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.abroad import Fetched
from connectors.attention import Mention
from connectors.errors import NotUnderstood
from connectors.feeds import article as articles
from connectors.feeds import entries, state
from connectors.feeds.entry import Entry, Told
from connectors.feeds.listed import Feed
from connectors.sightings import Tracked
from sandbox.feeds import ATOM, JSON, RSS, Item, atom, json_feed, rss
from sandbox.web import Page, PracticeWeb, moved
from sandbox.web.traps import TRAPS

REAL = Path(__file__).parents[2] / "shared" / "data" / "attention" / "blogs-feeds"
TRACKED = Tracked(OURS)
running = running_web()


@pytest.fixture
def heard(running: PracticeWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    """Two feeds: what a test puts at `/feed`, and one that is as it should be."""
    lead(monkeypatch, {NEWS: [HOME], OTHER: [HOME], "inside.example.org": ["10.0.0.1"]})
    running.clear()
    running.put_all(TRAPS)
    running.put("/good", Page(rss([Item(link=running.url("/tides", OTHER), published=SAID)]), RSS))
    running.put("/tides", article(DOI))
    clock = Clock()
    with reader(running, clock, seconds=0.5) as abroad:
        listening = Listening(abroad, tmp_path / "feeds.csv", clock)
        listening.lists(f"{running.url('/feed', NEWS)},news,,,,", f"{running.url('/good', OTHER)},news,,,,")
        yield listening


def read(body: bytes, kind: str = RSS) -> Told:
    page = Fetched(status=200, url="https://news.example.org/feed", hops=(), headers={"Content-Type": kind}, body=body)
    return entries.read(page)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FEED = rss([Item(link="https://news.example.org/tides", published=SAID)]).decode()
HTML = b"<!doctype html><html><head><title>We are updating</title></head><body><item><link>https://a.example/</link>"
NO_FEEDS = {
    "html": HTML,
    "html as xml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "nothing": b"",
    "words": b"Service unavailable",
    "zeros": b"\0" * 100_000,
    "picture": bytes(range(256)) * 100,
    "json": b'{"items": [{"url": "https://a.example/"}]}',
    "broken json": b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
    "deep json": b'{"version": ' + b"[" * 100_000,
    "too much markup": b'<rss version="2.0"><channel>' + b"<a>" * 600_000,
}


@pytest.mark.parametrize("name", NO_FEEDS)
def test_what_is_no_feed_is_told_and_nothing_of_it_is_believed(name: str) -> None:
    for kind in (RSS, JSON, "text/html", ""):
        with pytest.raises(NotUnderstood):
            read(NO_FEEDS[name], kind)


@pytest.mark.parametrize(
    "path",
    [
        *("/bomb/gzip", "/bomb/gzip-twice", "/bomb/deflate", "/bomb/br", "/bomb/endless"),
        *("/ring", "/ring/a", "/chain/0", "/nowhere"),
        *("/cut/length", "/cut/chunks", "/cut/gzip", "/slow/body", "/slow/silent"),
    ],
)
def test_traps_cost_little_and_do_not_stop_the_other_feed(running: PracticeWeb, heard: Listening, path: str) -> None:
    heard.lists(f"{running.url(path, NEWS)},news,,,,", f"{running.url('/good', OTHER)},news,,,,")

    told = heard.run()

    assert [each.deleted for each in told] == [False]
    assert state.read(heard.notes[running.url(path, NEWS)]).why


@pytest.mark.parametrize("target", ["http://10.0.0.1/feed", "http://inside.example.org/feed", "file:///etc/passwd"])
def test_no_feed_leads_into_a_private_network(running: PracticeWeb, heard: Listening, target: str) -> None:
    heard.lists(f"{running.url('/feed', NEWS)},news,,,,", f"{running.url('/away', NEWS)},news,,,,")
    running.put("/away", moved(target, 301))
    running.put("/feed", Page(rss([Item(link=target, published=SAID, text=f"doi:{DOI}")]), RSS))

    heard.run()

    assert {each.key for each in heard.asides} >= {running.url("/away", NEWS)}
    assert state.read(heard.notes[running.url("/away", NEWS)]).moved == ""
    assert all(each.url.startswith("http") for each in heard.told.values())


def test_a_feed_of_ten_megabytes_is_read_and_a_larger_one_is_not(running: PracticeWeb, heard: Listening) -> None:
    link = running.url("/tides", NEWS)
    large = rss([Item(link=link, published=SAID, text="<p>" + "word " * 1_900_000)])
    running.put("/feed", Page(large, RSS))
    assert {each.key for each in heard.run()} == {link.replace("http:", "https:"), *heard.told}
    running.put("/feed", Page(large + b" " * 1_000_000, RSS))

    heard.run(later=timedelta(days=1))

    assert "cannot be read as it is" in heard.asides[0].reason


def test_a_feed_that_becomes_a_page_overnight_changes_nothing(running: PracticeWeb, heard: Listening) -> None:
    running.put("/feed", Page(rss([Item(link=running.url("/tides", NEWS), published=SAID)]), RSS))
    heard.run()
    before = dict(heard.told)
    running.put("/feed", Page(HTML))

    assert heard.run(later=timedelta(days=1)) == []

    assert heard.told == before
    assert [(each.key, each.reason) for each in heard.asides] == [
        (running.url("/feed", NEWS), "the feed cannot be read as it is")
    ]
    assert "no feed" in heard.asides[0].evidence


@pytest.mark.parametrize("wrong", ["iso-8859-1", "utf-16", "klingon", "us-ascii"])
def test_a_wrong_charset_costs_letters_and_no_entry(wrong: str) -> None:
    body = FEED.replace("Tides turn", f"Zürich {DOI}").replace('encoding="utf-8"', f'encoding="{wrong}"').encode()

    for kind in (RSS, f"{RSS}; charset=utf-8", "text/xml; charset=us-ascii"):
        (entry,) = read(body, kind).entries
        assert entry.title.endswith(DOI)


@pytest.mark.parametrize("written", [rss, atom])
def test_of_a_feed_that_ends_anywhere_no_half_address_or_text_is_taken(written: Any) -> None:
    items = [
        Item(link=f"https://news.example.org/{number}/tides", guid=f"https://news.example.org/id/{number}/tides",
             text=f"<p>see doi:{DOI}/{number}", published=SAID, related=f"https://doi.org/{DOI}")
        for number in range(2)
    ]  # fmt: skip
    body = written(items)
    whole = read(body).entries

    for end in range(body.index(b"/tides"), len(body), 3):
        for entry in read(body[:end]).entries:
            assert any(set(entry.addresses) <= {*each.addresses} for each in whole)
            assert entry.text in {"", *(each.text for each in whole)}
            assert set(entry.links) <= {link for each in whole for link in each.links}


def test_entities_that_grow_are_not_followed_and_none_leads_to_a_file() -> None:
    names = ("rss", '\nrss SYSTEM "a>b" ', 'rss PUBLIC "x" "y"')
    for declared in (f'<!ENTITY l0 "ha">{LAUGHS}', '<!ENTITY l9 SYSTEM "file:///etc/passwd">'):
        for before in ("", "<!-- <a -->", "<?x <a ?>\n", "<!DOCTYPE a>"):
            for name in names:
                told = f"{before}<!DOCTYPE {name}[{declared}]><rss"
                with pytest.raises(NotUnderstood, match="entities"):
                    read(FEED.replace("<rss", told).replace("Tides turn", "&l9;").encode())


def test_the_document_type_of_old_feeds_does_no_harm() -> None:
    told = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "https://a.example/rss-0.91.dtd"><rss'

    assert len(read(FEED.replace("<rss", told).encode()).entries) == 1


def test_entries_without_an_address_are_counted_and_those_at_one_address_are_one() -> None:
    items = [
        Item(title="nowhere"),
        Item(guid="tag:example.org,2026:1"),
        *(Item(link="/tides#1", text="<p>one"), Item(link="/tides#2", text="<p>two")),
    ]

    told = read(rss(items))

    assert told.odd == 2
    assert [(each.key, each.text) for each in told.entries] == [("https://news.example.org/tides", "<p>one\n<p>two")]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Tue, 01 Sep 2026 08:00:00 +0200", datetime(2026, 9, 1, 6, tzinfo=UTC)),
        ("2026-09-01", datetime(2026, 9, 1, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_one(written: str, at: datetime | None) -> None:
    body = FEED.replace(f"<pubDate>{SAID:%a, %d %b %Y %H:%M:%S} +0000</pubDate>", f"<pubDate>{written}</pubDate>")

    (entry,) = read(body.encode()).entries

    assert entry.published == at


def test_a_json_feed_says_the_same_as_the_others_and_may_have_ended() -> None:
    items = [
        Item(
            link="https://news.example.org/tides",
            guid="1",
            text="<p>x",
            published=SAID,
            updated=NOW,
            related="https://a.example/",
        )
    ]

    told = read(json_feed(items, expired=True), JSON)

    assert told.wait == timedelta(days=30)
    (theirs,) = told.entries
    (ours,) = read(atom(items), ATOM).entries
    assert theirs.links == ("https://a.example/",)
    assert replace(theirs, links=ours.links) == ours


ODD = {"url": 1.5, "title": [], "content_html": {}, "date_published": 7}


@pytest.mark.parametrize("item", ["", {}, [], 1.5, None, ODD])
def test_entries_of_a_json_feed_that_have_changed_their_shape_are_counted_as_odd(item: object) -> None:
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [item, item]}

    told = read(json.dumps(body).encode(), JSON)

    assert (told.entries, told.odd) == ((), 2)


# Whatever it is ----------------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=30) | st.sampled_from(
    [f"doi:{DOI}", f"https://doi.org/{DOI}", "\x00", "\ud800", "//[", "é" * 9]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NAMES = ("id", "url", "external_url", "title", "content_html", "content_text", "date_published", "date_modified")
PIECES = st.sampled_from(
    [
        *(b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"<link>", b"</link>", b"<guid>", b"<title>"),
        *(b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<link href='//['/>", b"<content type='html'>"),
        *(b"<![CDATA[", b"]]>", b"&lt;a href=", b"&#x110000;", b"\xff\xfe", b"<pubDate>", b"9999-99-99", b"http://a/"),
        *(b"<?xml version='1.0' encoding='utf-7'?>", b"<!DOCTYPE x [", b"<ttl>", b"10.5555/one", b"\x00", b"<rdf:RDF>"),
    ]
)


def unharmed(told: Told) -> None:
    """What was read can be looked through, remembered and compared."""
    for entry in told.entries:
        assert entry.addresses
        assert state.mark(entry.key)
        assert articles.digest(entry) == articles.digest(entry)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=20), max_size=30).map(b"".join))
def test_whatever_is_said_to_be_a_feed_is_read_or_not_understood(body: bytes) -> None:
    try:
        unharmed(read(b"<rss version='2.0'><channel>" + body))
        unharmed(read(body))
    except NotUnderstood:
        pass


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6) | VALUES, max_size=4), VALUES)
def test_whatever_a_json_feed_holds_is_read_or_not_understood(items: Any, more: Any) -> None:
    head = {"version": "https://jsonfeed.org/version/1.1", "expired": more, "ttl": more}
    unharmed(read(json.dumps({**head, "items": items}).encode(), JSON))


@settings(max_examples=50, deadline=None)
@given(TEXTS | st.dictionaries(st.sampled_from(["read", "until", "etag", "failing", "seen"]), VALUES).map(json.dumps))
def test_whatever_a_note_holds_is_remembered_or_nothing_is(note: str) -> None:
    told = state.read(note)

    assert told.due(NOW) in (True, False)
    assert state.read(told.written()) == told or "\ud800" in note or len(told.why) > 500


def test_what_is_remembered_of_a_feed_is_bounded_and_the_newest_stays() -> None:
    told = state.State(seen={state.mark(str(number)): "x" * 12 for number in range(10_000)}, etag="e" * 1000)

    written = told.written()

    assert len(written) < 100_000
    assert state.read(written).seen.keys() == {state.mark(str(number)) for number in range(state.REMEMBERED)}


def test_a_mention_of_any_entry_is_one_that_the_house_can_take() -> None:
    class Nowhere:
        def fetch(self, *_: object, **__: object) -> Fetched:
            raise NotUnderstood("not now")

    odd = Entry(
        addresses=("https://a.example/" + "x" * 1900,), title="\ud800 " * 900, text=f"doi:{DOI}", published=SAID
    )

    found = articles.read(odd, Nowhere(), TRACKED, NOW)  # type: ignore[arg-type]

    assert found is not None
    told = articles.mention(found, Feed(url="https://a.example/feed", source="blog", outlet=None))
    assert isinstance(told, Mention)
    assert len(told.title) <= 500
    assert [each.value for each in told.targets] == [DOI]


# Real ones ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["science_seeker.xml", "science_seeker_one.xml"])
def test_recorded_feeds_are_read(name: str) -> None:
    if not REAL.is_dir():
        pytest.skip("shared/data is not there")
    body = (REAL / name).read_bytes()

    told = read(body)

    assert len(told.entries) == body.count(b"</entry>")
    assert all(entry.published or entry.updated for entry in told.entries)
    assert all(articles.digest(entry) for entry in told.entries)


def test_what_an_index_of_blogs_once_answered_is_no_feed() -> None:
    if not REAL.is_dir():
        pytest.skip("shared/data is not there")

    for name in ("researchblogging.xml", "posts.json", "json_feed_item.json"):
        with pytest.raises(NotUnderstood):
            read((REAL / name).read_bytes())
