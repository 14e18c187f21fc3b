"""Policy documents of a curated list of sites: read once, told where they name an output, and looked at again."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from abroad_places import lead, reader
from conftest import House
from http_places import Clock
from hypothesis import given, settings
from hypothesis import strategies as st
from mention_house import a_copy, some_works
from policy_site import CITES, DATED, NOW, ONE, TWO, Listening, mentions, set_aside

from connectors import Mention, NotUnderstood, TryLater
from connectors.abroad import Fetched
from connectors.policy import listing, sitemap
from connectors.policy.memory import Look, Memory
from connectors.records import LONGEST_NOTE
from sandbox.policy import PolicySite, pdf
from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web, robots
from sync import steps

works, house = some_works(), a_copy()
DAY = timedelta(days=1)


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        yield web


@pytest.fixture
def site(web: PracticeWeb) -> PolicySite:
    return PolicySite(web)


@pytest.fixture
def listening(site: PolicySite, tmp_path: Path) -> Listening:
    return Listening(site, tmp_path)


def test_a_page_that_cites_an_output_is_told_with_its_source_address_title_and_date(
    site: PolicySite, listening: Listening
) -> None:
    head = '<meta name="dcterms.title" content="x"><meta property="article:published_time" content="2026-01-02">'
    site.page("/reports/1", CITES, head=head, at=DATED)

    (told,) = mentions(listening.listen())

    address = site.web.url("/reports/1")
    assert (told.key, told.source, told.policy_source) == (
        f"policy Example Ministry {address}",
        "policy",
        "Example Ministry",
    )
    assert (told.url, told.title) == (address.replace("http:", "https:"), "A report")
    assert told.occurred_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert [(each.identifier, each.method, each.level) for each in told.evidence] == [(ONE, "doi-url", "literal")]


def test_a_guideline_is_one(site: PolicySite, listening: Listening) -> None:
    listening.write(f"Example Institute,guideline,{site.sitemap},")
    site.page("/guidance/1", CITES, at=DATED)

    assert [(each.source, each.policy_source) for each in mentions(listening.listen())] == [
        ("guideline", "Example Institute")
    ]


def test_a_pdf_is_read_page_by_page_and_says_on_which_it_was(site: PolicySite, listening: Listening) -> None:
    listening.tracked = (ONE, TWO)
    body = pdf([["A report"], ["See 10.5555/one."]], links={2: ["https://doi.org/10.5555/two"]})
    site.file("/reports/1.pdf", body, at=DATED)

    (told,) = mentions(listening.listen())

    assert {each.identifier: each.excerpt for each in told.evidence} == {
        ONE: "p. 2: 10.5555/one",
        TWO: "p. 2: https://doi.org/10.5555/two",
    }
    assert told.occurred_at == datetime(2026, 3, 4, tzinfo=UTC)


def test_the_files_of_a_page_are_read_with_it_and_are_no_documents_of_their_own(
    site: PolicySite, listening: Listening
) -> None:
    site.file("/files/report.pdf", pdf([["See 10.5555/one"]]), listed=False)
    site.page("/reports/1", '<p><a href="/files/report.pdf">The report</a> <a href="/about">About</a></p>', at=DATED)

    (told,) = mentions(listening.listen())

    assert told.key.endswith("/reports/1")
    assert [each.excerpt for each in told.evidence] == ["p. 1: 10.5555/one"]
    assert listening.read("/about") == 0


# What is no citation ----------------------------------------------------------------------------------------------

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><prism:doi>10.5555/one</prism:doi>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="citation_doi" content="10.5555/one">',
        '<meta name="DC.identifier" content="https://doi.org/10.5555/ONE">',
        '<link rel="cite-as" href="https://doi.org/10.5555/one">',
        '<script type="application/ld+json">{"@type": "Report", "identifier": "10.5555/one"}</script>',
    ],
)
def test_what_a_page_says_that_it_is_itself_is_no_citation_of_it(
    site: PolicySite, listening: Listening, head: str
) -> None:
    listening.tracked = (ONE, TWO)
    site.page("/reports/1", f"{CITES}<p>Cite as doi:10.5555/one. See 10.5555/two</p>", head=head, at=DATED)

    (told,) = mentions(listening.listen())

    assert told.targets == (TWO,)


@pytest.mark.parametrize("body", [{"info": {"Subject": "doi:10.5555/one"}}, {"xmp": XMP}])
def test_what_a_pdf_says_that_it_is_itself_is_none_either(
    site: PolicySite, listening: Listening, body: dict[str, Any]
) -> None:
    site.file("/reports/1.pdf", pdf([["Cite as 10.5555/one"]], **body), at=DATED)

    assert mentions(listening.listen()) == []


def test_nor_is_the_address_at_which_a_document_stands(site: PolicySite, listening: Listening) -> None:
    site.page("/doi/10.5555/one", CITES, at=DATED)

    assert mentions(listening.listen()) == []


def test_a_title_ties_nothing(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", "<p>Work one, Journal of Tides, 2026</p>", at=DATED)

    assert mentions(listening.listen()) == []


# When it was said -------------------------------------------------------------------------------------------------


def test_the_first_date_of_a_sitemap_stays_however_often_it_changes(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (first,) = mentions(listening.listen())
    site.page("/reports/1", CITES + "<p>more</p>", at=DATED + 100 * DAY)
    listening.now += 30 * DAY

    (second,) = mentions(listening.listen())

    assert (second.key, second.occurred_at) == (first.key, first.occurred_at)
    assert first.occurred_at == datetime(2026, 3, 4, tzinfo=UTC)
    found = listening.again(first.key)
    assert found is not None
    assert found.occurred_at == first.occurred_at


@pytest.mark.parametrize("at", [None, NOW + 400 * DAY])
def test_a_document_that_says_nowhere_when_it_was_published_is_not_told(
    site: PolicySite, listening: Listening, at: datetime | None
) -> None:
    site.page("/reports/1", CITES)
    site.listed["/reports/1"] = at
    site._sitemaps()

    pages = listening.listen()

    assert mentions(pages) == []
    assert set_aside(pages) == ["documents that could not be read, or that say nowhere when they were published"]


def test_what_a_pdf_says_of_its_own_date_is_not_believed(site: PolicySite, listening: Listening) -> None:
    site.file("/reports/1.pdf", pdf([["10.5555/one"]], info={"CreationDate": "D:20010101000000Z"}), at=DATED)

    assert [each.occurred_at for each in mentions(listening.listen())] == [datetime(2026, 3, 4, tzinfo=UTC)]


# In runs ----------------------------------------------------------------------------------------------------------


def test_a_document_is_read_once_and_again_when_the_sitemap_says_that_it_has_changed(
    site: PolicySite, listening: Listening
) -> None:
    for number in range(8):
        site.page(f"/reports/{number}", CITES, at=DATED)
    assert len(mentions(listening.listen())) == 8

    listening.now += DAY
    assert mentions(listening.listen()) == []
    site.page("/reports/3", CITES, at=DATED + DAY)
    listening.now += 8 * DAY
    assert [each.key[-10:] for each in mentions(listening.listen())] == ["/reports/3"]

    assert [listening.read(f"/reports/{number}") for number in range(8)] == [1, 1, 1, 2, 1, 1, 1, 1]


def test_a_sitemap_by_which_everything_is_from_today_has_nothing_read_every_day(
    site: PolicySite, listening: Listening
) -> None:
    for day in range(15):
        listening.now = NOW + day * DAY
        site.page("/reports/1", CITES, at=listening.now)
        listening.listen()

    assert listening.read("/reports/1") == 3


def test_where_the_sitemap_does_not_say_a_document_is_read_again_once_a_month(
    site: PolicySite, listening: Listening
) -> None:
    site.page("/reports/1", CITES)
    for day in range(0, 61, 5):
        listening.now = NOW + day * DAY
        listening.listen()

    assert listening.read("/reports/1") == 3


def test_a_sitemap_is_read_once_an_hour_however_often_the_round_is_made(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    for minutes in range(0, 125, 5):
        listening.now = NOW + timedelta(minutes=minutes)
        listening.listen()

    assert listening.read("/sitemap.xml") == 3


def test_a_round_that_was_cut_goes_on_with_the_source_and_the_documents_that_are_left(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.policy.rounds.BATCH", 2)
    listening.write(f"A,policy,{site.web.url('/none.xml')},", f"B,policy,{site.sitemap},")
    for number in range(5):
        site.page(f"/reports/{number}", CITES, at=DATED)
    with listening.ear() as ear:
        from connectors import Since

        run = listening.connector().listen(Since(now=NOW), ear)
        next(run)
        page = next(run)
        listening.notes |= page.notes

    told = mentions(listening.listen(bookmark=page.bookmark))

    assert len(page.mentions) + len(told) == 5
    assert {each.key for each in told}.isdisjoint(each.key for each in page.mentions)
    assert listening.read("/none.xml") == 1


def test_of_more_documents_than_are_looked_at_in_one_round_the_others_come_in_the_next(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.policy.rounds.LOOKS", 3)
    for number in range(5):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)

    first, second = mentions(listening.listen()), mentions(listening.listen())

    assert [each.key[-1] for each in first] == ["4", "3", "2"]
    assert [each.key[-1] for each in second] == ["1", "0"]


def test_beyond_what_can_be_remembered_the_newest_are_looked_at_and_the_list_is_told_so(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 2)
    for number in range(4):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)

    pages = listening.listen()

    assert [each.key[-1] for each in mentions(pages)] == ["3", "2"]
    assert any("set only" in each for each in set_aside(pages))


# What was told before ---------------------------------------------------------------------------------------------


def test_what_no_longer_names_it_and_what_is_gone_is_taken_back(site: PolicySite, listening: Listening) -> None:
    for number in (1, 2):
        site.page(f"/reports/{number}", CITES, at=DATED)
    first, second = (each.key for each in mentions(listening.listen()))
    site.page("/reports/1", "<p>Revised</p>", at=DATED + DAY)
    listening.now += 8 * DAY
    edited = mentions(listening.listen())
    site.remove("/reports/2")

    assert edited == [Mention(key=first, deleted=True, reason="unlinked")]
    assert listening.again(first) == Mention(key=first, deleted=True, reason="unlinked")
    assert listening.again(second) == Mention(key=second, deleted=True, reason="gone")


def test_what_is_no_longer_in_the_list_stays_as_it_is(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (told,) = mentions(listening.listen())
    listening.write(f"Example Ministry,policy,{site.sitemap},/other")

    assert listening.again(told.key) is None


# The list ---------------------------------------------------------------------------------------------------------


def test_only_what_stands_below_a_path_is_read(site: PolicySite, listening: Listening) -> None:
    listening.write(f"Example Ministry,policy,{site.sitemap},/reports/")
    site.page("/reports/1", CITES, at=DATED)
    site.page("/news/1", CITES, at=DATED)

    assert [each.key[-10:] for each in mentions(listening.listen())] == ["/reports/1"]
    assert listening.read("/news/1") == 0


def test_a_row_that_says_nothing_useful_is_set_aside_by_its_line_and_the_others_go_on(
    site: PolicySite, listening: Listening
) -> None:
    site.page("/reports/1", CITES, at=DATED)
    good = f"B,policy,{site.sitemap},"
    address = "https://a.example/s"
    wrong = (
        f",policy,{address},",
        f"A,paper,{address},",
        "A,policy,ftp://a,",
        f"A,policy,{address},reports",
        "A,policy",
    )
    listening.write(*wrong, good, good)

    pages = listening.listen()

    assert [each.place for each in pages[0].asides] == [f"policy.csv:{line}" for line in (2, 3, 4, 5, 6, 8)]
    assert len(mentions(pages)) == 1
    assert [each.ok for each in listening.connector().check()] == [False] * 6 + [True]


@pytest.mark.parametrize(
    "body", [b"", b"source,type\n", b"source,type,sitemap,colour\n", b"\xff\xfe", b'source,type,sitemap\n"a']
)
def test_a_file_that_is_no_list_is_not_understood(listening: Listening, body: bytes) -> None:
    listening.file.write_bytes(body)

    with pytest.raises(NotUnderstood):
        listening.listen()
    assert [each.ok for each in listening.connector().check()] == [False]


def test_without_a_list_the_settings_are_refused(house: House) -> None:
    house.file.write_text(house.file.read_text() + '[connections.policy]\nkind = "policy"\n')

    ran = house.run("check")

    assert ran.code != 0
    assert "path" in ran.out + ran.err


# What sites do ----------------------------------------------------------------------------------------------------


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


def test_what_is_remembered_of_a_source_has_an_end() -> None:
    row = listing.Row(source="A", type="policy", sitemap="https://a.example/s")
    memory = Memory(row, lambda _: "")
    for number in range(40_000):
        memory.keep(f"https://a.example/{number}", Look("01234567", 739_000 + number // 100, 739_000))

    notes = memory.changed()

    assert all(len(text) <= LONGEST_NOTE for text in notes.values())
    again = Memory(row, lambda name: notes.get(name, ""))
    assert again.find("https://a.example/39999") == Look("01234567", 739_399, 739_000)
    assert again.find("https://a.example/0") is None


def test_a_packed_sitemap_that_becomes_too_large_is_refused(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gzip

    monkeypatch.setattr(sitemap, "MOST_BYTES", 100_000)
    body = gzip.compress(b"<urlset>" + b" " * 1_000_000 + b"</urlset>")
    site.web.put("/sitemap.xml", Page(body, "application/gzip"))

    assert set_aside(listening.listen()) == ["its sitemap was not read"]


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


def test_a_page_of_which_a_file_cannot_be_read_is_told_by_what_it_says_itself(
    site: PolicySite, listening: Listening
) -> None:
    site.file("/files/a.pdf", b"%PDF-1.4 broken", listed=False)
    site.page("/reports/1", f'{CITES}<a href="/files/a.pdf">a</a><a href="/files/none.pdf">b</a>', at=DATED)

    assert [each.targets for each in mentions(listening.listen())] == [(ONE,)]


def test_a_document_that_cannot_be_looked_at_again_stays(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (told,) = mentions(listening.listen())
    site.web.faults.append(WebFault("status", status=503, times=None))

    with pytest.raises(TryLater):
        listening.again(told.key)


# In a house -------------------------------------------------------------------------------------------------------


def test_what_a_ministry_cites_counts_three_points_until_it_is_taken_down(
    house: House, site: PolicySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = Listening(site, tmp_path)
    more = f'[connections.policy]\nkind = "policy"\npath = "{listening.file}"\n'
    house.file.write_text(house.file.read_text() + more)
    site.page("/reports/1", CITES, at=DATED)
    site.file("/reports/2.pdf", pdf([["10.5555/one"]]), at=DATED)
    with reader(site.web, Clock()) as abroad:
        monkeypatch.setattr(abroad, "close", lambda: None)
        monkeypatch.setattr(steps, "_abroad", lambda *_: abroad)
        house.ok("pull", "policy")
        house.ok("score")
        told = house.json("explain", "10.5555/one")
        for path in ("/reports/1", "/reports/2.pdf"):
            site.remove(path)
        house.later = 200 * 24 * 3600 * 1_000_000
        house.ok("pull", "policy")
        house.ok("score")

    assert told["score"] == 3
    assert sorted((each["source"], each["counted"]) for each in told["ledger"]) == [("policy", False), ("policy", True)]
    assert house.json("explain", "10.5555/one")["score"] == 0
    assert house.stored("SELECT DISTINCT reason FROM mention") == [("gone",)]
