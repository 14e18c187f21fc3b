"""A page of a stranger is read as it is, asked for without anything of ours, and only while it may be."""

from collections.abc import Iterator

import feedparser
import pytest
from abroad_places import AGENT, HOME, NEWS, OTHER, a_clock, a_reader, lead, read, reader
from http_places import Clock

from connectors.abroad import Abroad, Hop
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web
from sandbox.web.site import MODIFIED, news_site
from sandbox.web.traps import COOKIES

clock, abroad = a_clock(), a_reader(NEWS, OTHER)


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put_all(news_site(web.url("", NEWS)))
        yield web


def test_a_page_comes_with_all_that_is_told_of_it(web: PracticeWeb, abroad: Abroad) -> None:
    told = read(abroad, web.url("/feed.xml", NEWS), accept="application/rss+xml")

    assert (told.status, told.url, told.hops) == (200, web.url("/feed.xml", NEWS), ())
    assert (told.media, told.encoding, told.gone, told.not_modified) == ("application/rss+xml", "utf-8", False, False)
    assert (told.etag, told.modified) == ('"courier-1"', MODIFIED)
    assert set(told.headers) == {"Content-Type", "Date", "ETag", "Last-Modified"}
    assert [each.title for each in feedparser.parse(told.body).entries] == ["Tides turn earlier", "Neues aus Zürich"]


def test_what_is_packed_is_unpacked(web: PracticeWeb, abroad: Abroad) -> None:
    told = read(abroad, web.url("/atom.xml", NEWS))

    assert feedparser.parse(told.body).feed.title == "The Example Courier"
    assert web.requests[-1].headers["Accept-Encoding"] == "gzip"


def test_nothing_but_who_asks_and_for_what_is_sent(web: PracticeWeb, abroad: Abroad) -> None:
    read(abroad, web.url("/2026/09/tides", NEWS), accept="text/html")

    for asked in web.requests:
        assert set(asked.headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection"}
        assert asked.headers["User-Agent"] == AGENT


def test_no_netrc_no_proxy_and_no_other_authority_of_the_environment_counts(
    web: PracticeWeb, abroad: Abroad, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {NEWS} login ringmark password s3cret\ndefault login x password s3cret\n")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))

    assert read(abroad, web.url("/", NEWS)).status == 200
    assert "Authorization" not in web.requests[-1].headers


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml"])
def test_what_has_not_changed_is_not_sent_again(path: str, web: PracticeWeb, abroad: Abroad) -> None:
    first = read(abroad, web.url(path, NEWS))

    again = read(abroad, web.url(path, NEWS), etag=first.etag, modified=first.modified)

    assert (again.status, again.not_modified, again.body) == (304, True, b"")


def test_what_has_changed_is(web: PracticeWeb, abroad: Abroad) -> None:
    told = read(abroad, web.url("/feed.xml", NEWS), etag='"courier-0"', modified=MODIFIED)

    assert (told.status, bool(told.body)) == (200, True)


def test_not_modified_means_nothing_where_nothing_was_asked(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/odd", Page(status=304))

    with pytest.raises(NotUnderstood, match="status 304, which leads nowhere"):
        read(abroad, web.url("/odd", NEWS))


@pytest.mark.parametrize("status", [404, 410, 418, 451])
def test_what_is_not_there_comes_back(status: int, web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/gone", Page(b"sorry", status=status))

    told = read(abroad, web.url("/gone", NEWS))

    assert (told.status, told.gone) == (status, status in (404, 410))


@pytest.mark.parametrize("status", [401, 403])
def test_what_is_not_for_everybody_is_final(status: int, web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/members", Page(b"log in", status=status))

    with pytest.raises(NotAllowed, match=rf"GET http://{NEWS}:\d+/members: refused with status {status}"):
        read(abroad, web.url("/members", NEWS))


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 520, 599])
def test_what_may_pass_is_asked_later(status: int, web: PracticeWeb, abroad: Abroad) -> None:
    web.faults.append(WebFault("status", address="/tides", status=status))

    with pytest.raises(TryLater, match=f"status {status}"):
        read(abroad, web.url("/2026/09/tides", NEWS))

    assert read(abroad, web.url("/2026/09/tides", NEWS)).status == 200


def test_redirects_are_followed_and_told_in_order(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/old", moved("/older/../newer?x=1#part", 301))
    web.put("/newer?x=1", moved(web.url("/there", "other.example.org"), 308))
    web.put("/there", Page(b"here"), host="other.example.org")

    told = read(abroad, web.url("/old", NEWS))

    assert told.hops == (Hop(web.url("/old", NEWS), 301), Hop(web.url("/newer?x=1", NEWS), 308))
    assert (told.url, told.body) == (web.url("/there", "other.example.org"), b"here")


def test_a_redirect_that_is_written_in_utf_8_is_followed(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/kurz", moved("/2026/09/zürich".encode().decode("latin-1")))

    assert read(abroad, web.url("/kurz", NEWS)).url == web.url("/2026/09/z%C3%BCrich", NEWS)


def test_an_address_is_asked_as_browsers_write_it(web: PracticeWeb, abroad: Abroad) -> None:
    told = read(abroad, f" HTTP://{NEWS.upper()}.:{web.port}/2026/./09/zürich#comments ")

    assert (told.status, told.url) == (200, web.url("/2026/09/z%C3%BCrich", NEWS))


def test_cookies_are_neither_kept_nor_sent(web: PracticeWeb, abroad: Abroad) -> None:
    web.put_all(COOKIES)

    read(abroad, web.url("/cookie/set", NEWS))
    read(abroad, web.url("/cookie/look", NEWS))

    assert "Cookie" not in web.requests[-1].headers
    with pytest.raises(NotUnderstood, match="in a ring; it may want a cookie"):
        read(abroad, web.url("/cookie", NEWS))


def test_what_may_no_longer_be_asked_is_not_even_by_its_robots_txt(web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(Recalled, match="nothing was sent"):
        read(abroad, web.url("/", NEWS), permit=lambda: False)

    assert web.requests == []


def test_permission_is_asked_before_each_request_after_the_wait_for_our_turn(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME]})
    clock = Clock()
    web.put("/old", moved("/"))
    with reader(web, clock) as abroad:
        read(abroad, web.url("/", NEWS))
        with pytest.raises(Recalled):
            read(abroad, web.url("/old", NEWS), permit=lambda: clock.now < 1003)

    assert web.visited() == [f"{NEWS}/robots.txt", f"{NEWS}/"]


def test_no_message_holds_a_query_or_the_words_of_a_page(web: PracticeWeb, abroad: Abroad) -> None:
    said = []
    for page in (
        Page(b"w0rds", status=403),
        Page(b"w0rds", status=500),
        Page(b"w0rds" * 9999),
        moved("ftp://w0rds?w0rds"),
    ):
        web.put("/page?key=w0rds", page)
        with pytest.raises((NotAllowed, NotUnderstood, TryLater)) as caught:
            read(abroad, web.url("/page?key=w0rds", NEWS), most_bytes=2000)
        said.append(f"{caught.value} {caught.value.__cause__} {vars(caught.value)}")

    assert [each for each in said if "w0rds" in each] == []
    assert all(f"GET http://{NEWS}:{web.port}/page" in each for each in said)


@pytest.mark.parametrize(
    "url",
    ["", "news.example.org", "ftp://news.example.org/", "file:///etc/passwd", "javascript:alert(1)", "http://", "http:///x",
     "http://news.example.org\\@evil.example.net/", "http://news.example.org/\r\nX: y",
     "http://news.example.org/\ud800", "http://[", "http://news.example.org:99999/", "http://news.example.org:0x50/",
     "http://-.example.org:x/", "http://news.example.org/" + "a" * 3000, "gopher://127.0.0.1:70/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_asked(url: str, web: PracticeWeb, abroad: Abroad) -> None:
    with pytest.raises(NotUnderstood, match="none of the web"):
        read(abroad, url)

    assert web.requests == []


def test_who_is_stopped_asks_nobody_any_more(web: PracticeWeb, abroad: Abroad) -> None:
    abroad.stop()

    with pytest.raises(TryLater, match="stopped"):
        read(abroad, web.url("/", NEWS))

    assert web.requests == []
