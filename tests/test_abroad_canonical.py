"""A page has the address it gives itself, where it may be believed."""

import socket
from collections.abc import Iterator

import pytest
from abroad_places import HOME, NEWS, lead, read, reader
from hypothesis import given
from hypothesis import strategies as st

from connectors.abroad import Canonical, canonical
from connectors.abroad.canonical import domain_of
from sandbox.web import PracticeWeb, practice_web
from sandbox.web.site import news_site

HERE = "https://www.example.org/2026/09/tides?utm_source=feed&id=7"
PLAIN = "https://www.example.org/2026/09/tides?id=7"


def link(target: str) -> str:
    return f'<link rel="canonical" href="{target}">'


def og(target: str) -> str:
    return f'<meta property="og:url" content="{target}">'


def page(head: str, body: str = "") -> str:
    return f"<!doctype html><html><head><title>x</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("head", "url", "by"),
    [
        ("", PLAIN, "address"),
        (link("https://example.org/tides"), "https://example.org/tides", "link"),
        (link("/tides?fbclid=1"), "https://www.example.org/tides", "link"),
        (link("//m.example.org/tides#top"), "https://m.example.org/tides", "link"),
        (link("HTTP://WWW.EXAMPLE.ORG:80/tides"), "https://www.example.org/tides", "link"),
        (link(" /tides ") + link("/tides"), "https://www.example.org/tides", "link"),
        ('<LINK REL="Canonical nofollow" HREF="/tides">', "https://www.example.org/tides", "link"),
        ('<base href="/de/">' + link("gezeiten"), "https://www.example.org/de/gezeiten", "link"),
        (og("https://example.org/tides"), "https://example.org/tides", "og"),
        (og("/og") + link("/link"), "https://www.example.org/link", "link"),
        ('<link rel="alternate" href="/other"><link rel="amphtml" href="/amp">', PLAIN, "address"),
        ('<link rel="canonical"><meta property="og:url">', PLAIN, "address"),
    ],
)
def test_the_link_counts_before_og_and_both_before_the_address(head: str, url: str, by: str) -> None:
    assert canonical(page(head), HERE) == Canonical(url, by)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "doubt"),
    [
        (link("https://other.example.net/tides"), "link names another domain"),
        (link("https://www.example.org.evil.example.net/"), "link names another domain"),
        (link("https://www.example.org@evil.example.net/"), "link names another domain"),
        ('<base href="https://evil.example.net/">' + link("/tides"), "link names another domain"),
        (link("javascript:alert(1)"), "link names no address of the web"),
        (link("ftp://www.example.org/tides"), "link names no address of the web"),
        (link("http://["), "link names no address of the web"),
        (link("https://www.example.org/"), "link names the front page"),
        (link("/a") + link("/b"), "link names several addresses"),
        (og("https://other.example.net/tides"), "og names another domain"),
        (og("/") + link("/a") + link("/b"), "link names several addresses; og names the front page"),
    ],
)
def test_what_is_not_believed_leaves_the_address_and_a_doubt(head: str, doubt: str) -> None:
    assert canonical(page(head), HERE) == Canonical(PLAIN, "address", doubt)


def test_where_the_link_is_not_believed_og_may_be() -> None:
    told = canonical(page(link("https://other.example.net/") + og("/tides")), HERE)

    assert told == Canonical("https://www.example.org/tides", "og", "link names another domain")


def test_a_front_page_may_say_that_it_is_one() -> None:
    assert canonical(page(link("https://example.org/")), "https://www.example.org/").by == "link"


def test_what_readers_write_below_an_article_does_not_count() -> None:
    assert canonical(page("", "<p>" + link("/spam") + og("/spam")), HERE).url == PLAIN


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.bbc.co.uk/a", "https://news.bbc.co.uk/b", True),
        ("https://guardian.co.uk/", "https://bbc.co.uk/", False),
        ("https://one.blogspot.com/", "https://two.blogspot.com/", False),
        ("https://one.github.io/", "https://two.github.io/", False),
        ("https://www.ox.ac.uk/", "https://www.cam.ac.uk/", False),
        ("https://a.example.org/", "https://example.org./", True),
        ("https://127.0.0.1/", "https://127.0.0.2/", False),
        ("https://xn--bcher-kva.de/", "https://www.xn--bcher-kva.de/", True),
        ("https://a.no-such-suffix/", "https://b.a.no-such-suffix/", False),
        ("https://blogspot.com/", "https://one.blogspot.com/", False),
    ],
)
def test_a_domain_is_what_somebody_could_register(one: str, other: str, same: bool) -> None:
    assert (domain_of(one) == domain_of(other)) is same


def test_the_list_of_suffixes_is_the_one_that_comes_along(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody was asked")

    from connectors.abroad.canonical import _suffixes

    _suffixes.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert domain_of("https://www.bbc.co.uk/") == "bbc.co.uk"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/tides", "https://www.example.org/a/tides"),
        ("https://cdn.ampproject.org/v/s/www.example.org/amp/?x=1", "https://www.example.org/amp/?x=1"),
        ("https://www.google.com/amp/s/www.example.org/a/tides", "https://www.example.org/a/tides"),
        ("https://www.google.com/amp/www.example.org", "https://www.example.org/"),
        ("https://evil.example.net/c/s/www.example.org/a", "https://evil.example.net/c/s/www.example.org/a"),
        ("https://ampproject.org.example.net/c/s/a.org/", "https://ampproject.org.example.net/c/s/a.org/"),
        ("https://www.google.com/search", "https://www.google.com/search"),
    ],
)
def test_a_page_in_an_amp_cache_is_that_of_its_host(address: str, url: str) -> None:
    assert canonical(page(""), address).url == url


def test_and_what_it_says_is_held_against_that_host() -> None:
    cached = "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/amp/tides"

    assert canonical(page(link("https://www.example.org/tides")), cached).url == "https://www.example.org/tides"
    assert canonical(page(link("https://cdn.ampproject.org/x")), cached).doubt == "link names another domain"


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put_all(news_site(f"https://{NEWS}"))
        yield web


@pytest.mark.parametrize(
    "path", ["/2026/09/tides", "/2026/09/tides?utm_source=feed", "/amp/2026/09/tides", "/print/tides"]
)
def test_all_forms_of_an_article_are_one(path: str, web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: [HOME]})

    with reader(web) as abroad:
        told = read(abroad, web.url(path, NEWS))

    assert canonical(told.text().text, told.url).url.replace(f":{web.port}", "") == f"https://{NEWS}/2026/09/tides"


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_page_is_too_odd_and_no_other_domain_is_ever_believed(head: str, target: str) -> None:
    for html in (head, page(head), page(link(target) + og(target)), page(f'<base href="{target}">' + link(head))):
        told = canonical(html, HERE)
        assert domain_of(told.url) == "example.org"


def test_a_page_of_elements_within_each_other_by_the_thousand_is_read_in_no_time() -> None:
    page = '<link rel="canonical" href="https://news.example/tides">' + "<div>" * 200_000

    assert canonical(page, "https://news.example/tides?from=feed").url == "https://news.example/tides"
