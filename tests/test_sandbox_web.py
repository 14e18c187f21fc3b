"""The practice web behaves as the web does, by an outside client."""

import zlib
from collections.abc import Iterator
from contextlib import closing

import feedparser
import pytest
import requests

from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web, robots
from sandbox.web.site import MODIFIED, news_site
from sandbox.web.traps import MEGABYTE, TRAPS


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put_all(news_site("https://news.example.org"))
        web.put_all(TRAPS)
        yield web


def ask(web: PracticeWeb, path: str, **headers: str) -> requests.Response:
    return requests.get(web.url(path), headers=headers, allow_redirects=False, timeout=10)


@pytest.mark.parametrize(("path", "version"), [("/feed.xml", "rss20"), ("/atom.xml", "atom10")])
def test_its_feeds_are_feeds_whose_articles_are_there(path: str, version: str, web: PracticeWeb) -> None:
    feed = feedparser.parse(ask(web, path).content)

    assert (feed.version, feed.bozo, len(feed.entries)) == (version, False, 2)
    for entry in feed.entries:
        told = ask(web, entry.link.removeprefix("https://news.example.org"))
        assert entry.title in told.text


def test_what_is_known_is_not_sent_again(web: PracticeWeb) -> None:
    assert ask(web, "/feed.xml", **{"If-None-Match": '"courier-1"'}).status_code == 304
    assert ask(web, "/feed.xml", **{"If-None-Match": '"older"', "If-Modified-Since": MODIFIED}).status_code == 200
    assert ask(web, "/atom.xml", **{"If-Modified-Since": MODIFIED}).status_code == 304


def test_hosts_are_told_apart_and_share_what_is_at_none(web: PracticeWeb) -> None:
    web.put("/robots.txt", robots("Disallow: /"), host="shut.example.org")

    assert "Disallow: /\n" not in ask(web, "/robots.txt").text
    assert ask(web, "/robots.txt", Host="shut.example.org").text == "User-agent: *\nDisallow: /"
    assert ask(web, "/", Host="shut.example.org").status_code == 200
    assert web.visited("/robots.txt") == ["127.0.0.1/robots.txt", "shut.example.org/robots.txt"]


def test_bombs_are_small_and_become_large(web: PracticeWeb) -> None:
    told = ask(web, "/bomb/gzip")

    assert int(told.headers["Content-Length"]) < MEGABYTE / 10
    assert len(told.content) == 20 * MEGABYTE
    with closing(requests.get(web.url("/bomb/deflate"), stream=True, timeout=10)) as packed:
        assert len(zlib.decompress(packed.raw.read())) == 20 * MEGABYTE


@pytest.mark.parametrize("path", ["/bomb/endless", "/slow/body"])
def test_some_never_end(path: str, web: PracticeWeb) -> None:
    with closing(requests.get(web.url(path), stream=True, timeout=10)) as told:
        assert len(told.raw.read(3)) == 3


@pytest.mark.parametrize("path", ["/slow/silent", "/slow/headers"])
def test_some_never_begin(path: str, web: PracticeWeb) -> None:
    with pytest.raises(requests.RequestException):
        requests.get(web.url(path), timeout=0.3 if path.endswith("silent") else 10)


@pytest.mark.parametrize("path", ["/cut/length", "/cut/chunks", "/cut/gzip"])
def test_some_break_off(path: str, web: PracticeWeb) -> None:
    with pytest.raises(requests.RequestException):
        ask(web, path)


def test_redirects_lead_where_they_say(web: PracticeWeb) -> None:
    web.put("/old", moved("/new", 301))

    told = ask(web, "/old")

    assert (told.status_code, told.headers["Location"]) == (301, "/new")
    assert requests.Session().get(web.url("/chain/15"), timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (WebFault("status", status=502), 502),
        (WebFault("too many requests", retry_after="30"), 429),
        (WebFault("hang up before"), 0),
        (WebFault("hang up midway"), 200),
    ],
)
def test_faults_strike_once(fault: WebFault, status: int, web: PracticeWeb) -> None:
    web.faults.append(fault)

    if fault.what.startswith("hang"):
        with pytest.raises(requests.RequestException):
            ask(web, "/")
    else:
        assert ask(web, "/").headers.get("Retry-After", "") == fault.retry_after

    assert web.requests[-1].status == status
    assert ask(web, "/").status_code == 200


def test_there_is_no_page_of_nothing(web: PracticeWeb) -> None:
    web.put("/odd", Page(status=418))

    assert (ask(web, "/none").status_code, ask(web, "/odd").status_code) == (404, 418)
