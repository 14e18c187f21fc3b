"""A page that is named by hand is looked at where somebody asks for it, and ties to what it names."""

from collections.abc import Iterator

import pytest
from abroad_places import HOME, NEWS, lead, reader
from conftest import House
from mention_house import a_copy, some_works

from config.load import load
from connectors.abroad import Abroad
from connectors.pages import MOST_BYTES
from sandbox.web import Page, PracticeWeb, practice_web
from sync import steps, store
from sync.acts import Office, Refused, by_hand, looking
from sync.acts.by_hand import Told
from sync.store.sought import Seen

works, house = some_works(), a_copy()

HEAD = """<head><title>Tides turn | The Example Courier</title><link rel="canonical" href="/2026/tides">
<meta property="og:title" content="Tides turn"><meta property="article:published_time" content="2026-02-03T04:05:06Z">
</head>"""
BODY = """<p>In <a href="https://doi.org/10.5555/ONE">the study</a> (doi: 10.5555/one) and in 10.5555/two. Not in
<a href="https://doi.org/10.5555/nobody-knows-it">another</a>.</p>"""


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put("/t", Page(f"<!doctype html><html>{HEAD}<body>{BODY}</body></html>".encode()))
        web.put("/robots.txt", Page(b"", "text/plain", status=404))
        yield web


@pytest.fixture
def abroad(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> Iterator[Abroad]:
    lead(monkeypatch, {NEWS: [HOME]})
    with reader(web) as abroad:
        yield abroad


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    settings = load(house.file)
    home = steps.open_house(settings)
    yield Office(home, settings, by="ada", clock=store.now)
    home.engine.dispose()


def added(office: Office, abroad: Abroad, url: str, **told: object) -> Seen:
    return by_hand.add(office, Told(url=url, **told), page=looking.look(office, abroad, url))  # type: ignore[arg-type]


def test_it_ties_to_the_outputs_that_it_names_and_keeps_why(web: PracticeWeb, abroad: Abroad, office: Office) -> None:
    seen = added(office, abroad, web.url("/t", NEWS))

    assert (seen.url, seen.title) == (web.url("/2026/tides", NEWS).replace("http:", "https:"), "Tides turn")
    assert store.stamp(seen.occurred_at) == "2026-02-03T04:05:06Z"
    assert {each.doi for each in seen.outputs} == {"10.5555/one", "10.5555/two"}
    assert [(str(tie.identifier), tie.method, tie.level, tie.excerpt) for tie in seen.ties] == [
        ("doi:10.5555/one", "doi-url", "literal", "https://doi.org/10.5555/ONE"),
        ("doi:10.5555/two", "plain-doi", "literal", "10.5555/two"),
    ]


def test_of_outputs_that_somebody_names_it_ties_to_no_other(web: PracticeWeb, abroad: Abroad, office: Office) -> None:
    seen = added(office, abroad, web.url("/t", NEWS), outputs=["10.5555/two", "10.5555/three"])

    assert {str(tie.identifier): tie.method for tie in seen.ties} == {
        "doi:10.5555/two": "plain-doi",
        "doi:10.5555/three": "",
    }


def test_what_showed_one_output_stays_when_it_is_added_for_another(
    web: PracticeWeb, abroad: Abroad, office: Office
) -> None:
    added(office, abroad, web.url("/t", NEWS), outputs=["10.5555/two"])
    added(office, abroad, web.url("/t", NEWS), outputs=["10.5555/one"])
    seen = by_hand.add(office, Told(url=web.url("/2026/tides", NEWS), outputs=["10.5555/three"]))

    assert [(tie.method, tie.excerpt) for tie in seen.ties] == [
        ("doi-url", "https://doi.org/10.5555/ONE"),
        ("", ""),
        ("plain-doi", "10.5555/two"),
    ]


@pytest.mark.parametrize(
    ("tags", "at"),
    [
        ('<meta name="citation_publication_date" content="2019/12/31">', "2019-12-31T00:00:00Z"),
        ('<meta name="dc.date" content="2019-12">', "2019-12-01T00:00:00Z"),
        ('<meta name="date" content="lately"><meta name="dc.date" content="2019">', "2019-01-01T00:00:00Z"),
    ],
)
def test_a_date_is_read_as_pages_write_it(tags: str, at: str, web: PracticeWeb, abroad: Abroad, office: Office) -> None:
    web.put("/dated", Page(f"<head>{tags}</head><body>10.5555/one</body>".encode()))

    assert store.stamp(added(office, abroad, web.url("/dated", NEWS)).occurred_at) == at


def test_what_somebody_says_of_it_goes_before_what_it_says(web: PracticeWeb, abroad: Abroad, office: Office) -> None:
    seen = added(office, abroad, web.url("/t", NEWS), title="Of tides", at="2026-01-01")

    assert (seen.title, store.stamp(seen.occurred_at)) == ("Of tides", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(b"<p>Nothing of ours, but 10.5555/nobody-knows-it"), "output: the address is that of no output"),
        (Page(b"gone", status=404), "url: there is nothing to be read any more"),
        (Page(b"%PDF-1.7", "application/pdf"), "url: what stands there is application/pdf"),
        (Page(b"x" * (MOST_BYTES + 1)), "url: GET"),
    ],
)
def test_a_page_that_names_nothing_or_is_none_is_refused(
    page: Page, words: str, web: PracticeWeb, abroad: Abroad, office: Office
) -> None:
    web.put("/odd", page)

    with pytest.raises(Refused) as refused:
        added(office, abroad, web.url("/odd", NEWS))

    assert str(refused.value).startswith(words)


def test_a_page_in_plain_text_is_looked_through_too(web: PracticeWeb, abroad: Abroad, office: Office) -> None:
    web.put("/plain", Page(b"See doi:10.5555/three.", "text/plain"))

    seen = added(office, abroad, web.url("/plain", NEWS))

    assert [(str(tie.identifier), tie.method) for tie in seen.ties] == [("doi:10.5555/three", "prefixed")]


def test_the_verb_reads_no_page_of_our_own_network_and_none_where_nobody_can_be_written_to(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = house.run("mention", "add", "http://127.0.0.1/", "--look")
    monkeypatch.setenv("RINGMARK_INSTITUTION__CONTACT", "library@example.edu")
    inside = house.run("mention", "add", "http://127.0.0.1/", "--look")

    assert (silent.code, silent.err.startswith("set institution.contact")) == (2, True)
    assert (inside.code, inside.err) == (1, "url: GET http://127.0.0.1/: it names an address where a name belongs\n")
    assert house.stored("SELECT count(*) FROM mention") == [(0,)]
