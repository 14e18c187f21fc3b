"""What sites do: neither an odd sitemap nor a document that cannot be read stops anything, or leads elsewhere."""

from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from abroad_places import lead
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_site import CITES, DATED, DAY, NOW, Listening, a_listening, a_site, mentions, set_aside

from connectors import NotUnderstood
from connectors.abroad import Fetched
from connectors.policy import listing, sitemap
from sandbox.policy import PolicySite
from sandbox.web import Page, WebFault, moved, robots

site, listening = a_site(), a_listening()


# Sitemaps ------------------------------------------------------------------------------------------------------------


def test_one_site_that_fails_never_stops_the_others(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    site.web.put("/broken.xml", Page(b"<urlset><url>", "application/xml"))
    site.web.put("/login.xml", Page(b"<!doctype html><html>", "text/html"))
    site.web.put("/evil.xml", Page(b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "application/xml"))
    site.web.put("/bomb.xml.gz", Page(b"\x1f\x8bnothing", "application/gzip"))
    bad = ("/broken.xml", "/login.xml", "/evil.xml", "/bomb.xml.gz", "/missing.xml")
    rows = [f"S{number},policy,{site.web.url(path)}," for number, path in enumerate(bad)]
    listening.write(*rows, "Private,policy,http://10.0.0.1/sitemap.xml,", f"Good,policy,{site.sitemap},")

    pages = listening.listen()

    assert [each.policy_source for each in mentions(pages)] == ["Good"]
    assert set_aside(pages) == ["its sitemap was not read"] * 6


def test_what_a_sitemap_lists_of_other_sites_is_not_read(site: PolicySite, listening: Listening) -> None:
    urls = "".join(
        f"<url><loc>{each}</loc></url>" for each in ("http://elsewhere.example/a", "file:///etc/passwd", "x")
    )
    site.web.put("/sitemap.xml", Page(f"<urlset>{urls}</urlset>".encode(), "application/xml"))

    assert mentions(listening.listen()) == []
    assert {each.partition("/")[2] for each in site.web.visited()} == {"robots.txt", "sitemap.xml"}


def test_an_index_that_names_itself_ends(site: PolicySite, listening: Listening) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.sitemap}</loc></sitemap></sitemapindex>"
    site.web.put("/sitemap.xml", Page(index.encode(), "application/xml"))

    assert mentions(listening.listen()) == []
    assert listening.read("/sitemap.xml") == 1


def test_a_sitemap_of_an_index_that_is_broken_is_told_and_the_others_are_read(
    site: PolicySite, listening: Listening
) -> None:
    for number in range(4):
        site.page(f"/reports/{number}", CITES, at=DATED)
    site.web.put("/sitemap-1.xml.gz", Page(b"gone wrong"), host=site.host)

    pages = listening.listen()

    assert len(mentions(pages)) == 3
    assert set_aside(pages) == ["a sitemap that its index names was not read"]


def test_an_index_of_too_many_sitemaps_is_not_read_in_part(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST_SITEMAPS", 2)
    for number in range(7):
        site.page(f"/reports/{number}", CITES, at=DATED)

    pages = listening.listen()

    assert (mentions(pages), set_aside(pages)) == ([], ["its sitemap was not read"])


@pytest.mark.parametrize(
    ("told", "modified"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03-04T01:00:00+02:00", datetime(2026, 3, 3, 23, tzinfo=UTC)),
        ("2027-01-01", None),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_when_a_document_was_changed_is_read_as_the_protocol_has_it(
    site: PolicySite, listening: Listening, told: str, modified: datetime | None
) -> None:
    entry = f"<url><loc>{site.web.url('/a')}</loc><lastmod> {told} </lastmod></url>"
    site.web.put("/sitemap.xml", Page(f"<urlset>{entry}</urlset>".encode(), "application/xml"))
    (row,), _ = listing.read(listening.file)

    with listening.ear() as ear:
        found = sitemap.documents(ear.abroad, row, NOW)

    assert [each.modified for each in found.entries] == [modified]


@settings(max_examples=40)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_whatever_stands_where_a_sitemap_should_is_read_or_not_understood(body: bytes) -> None:
    whole = b"<urlset><url><loc>http://a.example/b</loc>" + body + b"</url></urlset>"
    for each in (body, whole, b"\x1f\x8b" + body):
        fetched = Fetched(status=200, url="http://a.example/s", hops=(), headers={}, body=each)
        abroad = cast(Any, SimpleNamespace(fetch=lambda *_, each=fetched, **__: each))
        with suppress(NotUnderstood):
            list(sitemap._entries(abroad, "http://a.example/s", NOW))


def test_a_packed_sitemap_that_becomes_too_large_is_refused(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gzip

    monkeypatch.setattr(sitemap, "MOST_BYTES", 100_000)
    body = gzip.compress(b"<urlset>" + b" " * 1_000_000 + b"</urlset>")
    site.web.put("/sitemap.xml", Page(body, "application/gzip"))

    assert set_aside(listening.listen()) == ["its sitemap was not read"]


# Documents -----------------------------------------------------------------------------------------------------------


def test_a_document_that_robots_txt_forbids_is_not_read(site: PolicySite, listening: Listening) -> None:
    site.web.put("/robots.txt", robots("Disallow: /reports/"))
    site.page("/reports/1", CITES, at=DATED)

    assert mentions(listening.listen()) == []
    assert listening.read("/reports/1") == 0


def test_a_host_that_asks_for_patience_is_read_on_in_the_next_round(site: PolicySite, listening: Listening) -> None:
    for number in range(4):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)
    site.web.faults.append(WebFault("too many requests", address="/reports/1", retry_after="4000"))

    first, second = listening.listen(), listening.listen()

    assert [each.key[-1] for each in mentions(first)] == ["3", "2"]
    assert set_aside(first) == ["it is read on in the next round"]
    assert [each.key[-1] for each in mentions(second)] == ["1", "0"]


def test_one_document_that_always_fails_holds_up_nothing_and_is_tried_another_day(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)
    site.web.put("/reports/2", moved("http://no-such-host.example/x"), host=site.host)

    lead(monkeypatch, {site.host: [site.host]})

    told = mentions(listening.listen())
    for day in range(1, 9):
        listening.now = NOW + day * DAY
        listening.listen()

    assert [each.key[-1] for each in told] == ["3", "1", "0"]
    assert listening.read("/reports/2") == 2


def test_documents_that_are_none_are_counted_in_one_line_and_not_read_again(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {name: ["127.0.0.1"] for name in (site.host, "elsewhere.example")})
    site.web.put("/d", Page(CITES.encode()), host="elsewhere.example")
    site.file("/a.pdf", b"%PDF-1.4\nand nothing more", at=DATED)
    site.web.put("/b.docx", Page(b"PK", "application/msword"))
    site.web.put("/c", Page(b"<p>" + b"x" * 6_000_000, "text/html"))
    site.web.put("/d", moved(site.web.url("/d", "elsewhere.example")))
    for path in ("/b.docx", "/c", "/d"):
        site.listed[path] = DATED
    site.page("/reports/1", CITES, at=DATED - DAY)

    pages = listening.listen()
    listening.now += DAY
    again = listening.listen()

    assert len(mentions(pages)) == 1
    assert [(each.evidence, each.keyless) for page in pages for each in page.asides] == [("4", False)]
    assert (mentions(again), set_aside(again)) == ([], [])
