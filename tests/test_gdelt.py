"""GDELT is read file by file, and an article that links to an output is a mention of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from gdelt_source import LINK, NOW, ONE, OUTLET, PAGE, TWO, Listening, story

from connectors.attention import Mention
from connectors.base import Ear
from connectors.errors import NotUnderstood, TryLater
from connectors.gdelt import reading
from connectors.gdelt.file import NAVIGATION
from connectors.gdelt.reading import LATE
from connectors.gdelt.reading import PAGE as AT_ONCE
from connectors.identifiers import Identifier
from sandbox.gdelt import QUARTER, GdeltFault, PracticeGdelt, practice_gdelt
from sandbox.web import practice_web

TWOS = "https://doi.org/10.5555/two"


@pytest.fixture(scope="module")
def mirror() -> Iterator[PracticeGdelt]:
    with practice_gdelt(NOW) as server:
        yield server


@pytest.fixture
def server(mirror: PracticeGdelt) -> PracticeGdelt:
    mirror.forget(NOW)
    return mirror


@pytest.fixture
def listening(server: PracticeGdelt) -> Listening:
    return Listening(server).caught_up()


# What an article is -------------------------------------------------------------------------------------------------


def test_an_article_that_links_to_an_output_is_a_mention_of_it(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1, f"{OUTLET}/", "https://doi.org/10.5555/ONE", title="Tides &amp; waves &#x2019;round"))

    (told,) = listening.run()

    assert (told.key, told.url, told.source) == (f"{OUTLET}/story/1", f"{OUTLET}/story/1", "news")
    assert (told.title, told.occurred_at) == ("Tides & waves \u2019round", NOW)
    assert told.targets == (ONE,)
    assert (told.outlet, told.account) == (None, None)
    (why,) = told.evidence
    assert (why.method, why.level, why.excerpt) == ("doi-url", "literal", "https://doi.org/10.5555/ONE")


def test_one_that_links_to_nothing_that_is_looked_for_is_not_told(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1, "https://doi.org/10.5555/stranger", f"{OUTLET}/about"), story(2))

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/2"]
    assert listening.asides == []


def test_known_addresses_of_outputs_tie_and_say_that_they_were_looked_up(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(story(1, "https://www.repository.example.edu/handle/7/?utm_source=news"))

    (told,) = listening.run()

    assert told.targets == (PAGE,)
    assert (told.evidence[0].method, told.evidence[0].level) == ("landing-page", "lookup")


def test_an_address_with_a_semicolon_in_it_is_one_address(server: PracticeGdelt, listening: Listening) -> None:
    sici = "10.5555/0000(1999)1:1<1:aaa>2.0.co;2-i"
    listening.tracked = (ONE, Identifier("doi", sici))
    server.put(
        story(1, "https://a.example/x;jsessionid=1", f"https://doi.org/{sici}", "https://b.example/?a=1&amp;b=2;c")
    )

    (told,) = listening.run()

    assert told.targets == (Identifier("doi", sici),)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3)),
        (NOW + timedelta(minutes=1), NOW),  # nobody sees what is yet to be published
        (NOW - timedelta(days=700), NOW),  # the templates of some sites say the day on which they were made
        ("20260231000000", NOW),
        ("yesterday", NOW),
    ],
)
def test_it_was_said_when_the_page_says_so_else_when_gdelt_saw_it(
    server: PracticeGdelt, listening: Listening, said: object, told: object
) -> None:
    server.put(story(1, published=said))

    (mention,) = listening.run()

    assert mention.occurred_at == told


def test_the_page_of_an_output_is_no_news_of_it(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1, url="https://publisher.example/doi/full/10.5555/one"), story(2, url=PAGE.value))

    assert listening.run() == []


def test_broadcasts_are_passed_over_and_lines_of_latin_1_are_read(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story("radio", collection=2), story(2, latin=True, title="Zürich, naïve"))

    (told,) = listening.run()

    assert told.title == "Zürich, naïve"
    assert listening.asides == []


def test_tracking_and_fragments_make_no_other_article(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1, url=f"{OUTLET}/story/1?utm_source=x#top"), story(1), story(1, "https://doi.org/10.5555/two"))

    assert [(each.key, each.targets) for each in listening.run()] == [(f"{OUTLET}/story/1", (ONE,))]


# Menus --------------------------------------------------------------------------------------------------------------


def test_a_link_on_many_articles_of_one_outlet_is_its_navigation(server: PracticeGdelt, listening: Listening) -> None:
    menu = [story(n, LINK, outlet=f"https://{n}.example.org") for n in range(NAVIGATION)]
    server.put(
        *menu, story("x", LINK, TWOS, outlet="https://example.org"), story(1, LINK, outlet="https://other.example")
    )

    told = listening.run()

    assert {each.key: each.targets for each in told} == {
        "https://example.org/story/x": (TWO,),
        "https://other.example/story/1": (ONE,),
    }
    (aside,) = listening.asides
    assert (aside.kind, aside.place, aside.key, aside.stored) == ("link", "example.org", "doi:10.5555/one", True)


def test_one_that_several_articles_of_an_outlet_have_is_not(server: PracticeGdelt, listening: Listening) -> None:
    server.put(*(story(n) for n in range(NAVIGATION)))

    assert len(listening.run()) == NAVIGATION


# Again --------------------------------------------------------------------------------------------------------------


def test_the_same_article_in_both_streams_is_told_once_as_it_was_seen_first(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(story(1))
    server.put(story(1), translated=True)
    listening.run()
    server.newest += QUARTER
    server.put(story(1))

    assert listening.run() == []
    assert [each.occurred_at for each in listening.mentions.values()] == [NOW]


def test_one_that_is_seen_again_with_another_link_is_told_again(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    listening.run()
    server.newest += QUARTER
    server.put(story(1, "https://doi.org/10.5555/two"))

    assert [each.targets for each in listening.run()] == [(TWO,)]


def test_one_that_is_seen_again_with_other_links_alone_is_taken_back(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(story(1), story(2, LINK, TWOS))
    listening.run()
    server.newest += QUARTER
    server.put(story(1, f"{OUTLET}/about"), story(2, TWOS), story(3, f"{OUTLET}/about"))

    told = {each.key: (each.targets, each.deleted, each.reason) for each in listening.run()}

    assert told == {f"{OUTLET}/story/1": ((), True, "unlinked"), f"{OUTLET}/story/2": ((TWO,), False, "")}


def test_one_that_is_seen_again_without_any_links_stays(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    listening.run()
    server.newest += QUARTER
    server.put(replace(story(1), links=()))

    assert listening.run() == []


# Which files --------------------------------------------------------------------------------------------------------


BACK = timedelta(hours=3)


@pytest.fixture
def a_short_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BACK", BACK)


@pytest.mark.usefixtures("a_short_past")
def test_a_new_house_reads_the_last_days_and_the_next_run_only_what_is_new(server: PracticeGdelt) -> None:
    listening = Listening(server)
    server.put(story("first"), at=NOW - BACK + QUARTER)
    server.put(story("before"), at=NOW - BACK)

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/first"]
    assert len(listening.asked()) == 2 * (BACK // QUARTER)
    server.requests.clear()
    server.newest += QUARTER
    listening.run()

    assert listening.asked() == ["20260301121500.gkg.csv.zip", "20260301121500.translation.gkg.csv.zip"]
    server.requests.clear()
    listening.run()
    assert listening.asked() == []


@pytest.mark.usefixtures("a_short_past")
def test_to_read_everything_is_to_read_the_last_days_again_and_whatever_was_missed_before(
    server: PracticeGdelt,
) -> None:
    listening = Listening(server)
    long_ago = NOW - BACK - 2 * QUARTER

    listening.run(memory=f'{{"English": "{long_ago:%Y%m%d%H%M%S}"}}')

    assert len(listening.asked()) == 2 * (BACK // QUARTER) + 2


def test_files_are_read_in_the_order_in_which_they_came_with_bookmarks(server: PracticeGdelt) -> None:
    listening = Listening(server).caught_up()
    server.newest += 4 * QUARTER
    server.put(story(1), at=NOW)

    listening.run()

    assert listening.asked()[:4] == [
        "20260301120000.gkg.csv.zip", "20260301120000.translation.gkg.csv.zip",
        "20260301121500.gkg.csv.zip", "20260301121500.translation.gkg.csv.zip",
    ]  # fmt: skip
    marks = [page.bookmark for page in listening.pages if page.bookmark]
    assert len(set(marks)) == 2  # behind what has something of ours, and behind some that have nothing
    assert listening.pages[-1].done is not None
    assert listening.pages[-1].done.cursor != marks[-1]


def test_a_run_that_was_cut_goes_on_behind_the_last_file_with_something_of_ours(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(story(1))
    server.newest += QUARTER
    server.put(story(2))
    server.faults.append(GdeltFault("status", address="20260301121500.gkg", times=6))

    with pytest.raises(TryLater):
        listening.run()
    server.requests.clear()
    told = listening.run()

    assert [each.key for each in told] == [f"{OUTLET}/story/2"]
    assert "20260301120000.gkg.csv.zip" not in listening.asked()


def test_many_mentions_come_in_pages_of_some_hundred(server: PracticeGdelt, listening: Listening) -> None:
    server.put(*(story(n, outlet=f"https://outlet{n}.example") for n in range(AT_ONCE + 1)))

    assert len(listening.run()) == AT_ONCE + 1
    assert [len(page.mentions) for page in listening.pages if page.mentions] == [AT_ONCE, 1]
    assert listening.pages[-1].total is None
    assert [page.total for page in listening.pages[:2]] == [AT_ONCE + 5] * 2


def test_what_is_looked_for_is_in_no_request(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    listening.run()

    assert all("one" not in f"{each.path}{each.query}{each.headers}{each.body!r}" for each in server.requests)
    assert all(each.headers["User-Agent"] for each in server.requests)


@pytest.mark.parametrize("what", ["missing", "not for you"])
def test_a_quarter_without_a_file_is_told_and_the_rest_goes_on(server: PracticeGdelt, what: str) -> None:
    server.newest += LATE + QUARTER
    listening = Listening(server, cursor='{"English": "20260301114500", "translated": "20260301114500"}')
    server.put(story(1))
    server.faults.append(GdeltFault(what, address="20260301120000.gkg", times=None))  # type: ignore[arg-type]

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/1"]
    (aside,) = listening.asides
    assert (aside.kind, aside.place, aside.keyless) == ("file", "20260301120000.gkg.csv.zip", False)


def test_a_late_file_is_waited_for_while_the_other_stream_goes_on(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    server.put(story(2), translated=True)
    server.faults.append(GdeltFault("missing", address=r"0\.gkg", times=1))

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/2"]
    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/1"]
    assert listening.asides == []


def test_an_announcement_of_the_past_reads_nothing_twice(server: PracticeGdelt, listening: Listening) -> None:
    listening.run()
    server.requests.clear()
    server.newest -= 10 * QUARTER

    assert listening.run() == []
    assert listening.asked() == []


def test_a_file_from_the_future_is_not_believed(listening: Listening) -> None:
    with pytest.raises(NotUnderstood, match="from the future"):
        listening.run(now=NOW - timedelta(days=2))

    assert listening.asked() == []


@pytest.mark.parametrize("cursor", ["[]", "{", '{"English": 5}', '{"English": "20261301000000"}', '"2026"'])
def test_a_cursor_of_somebody_else_is_not_understood(server: PracticeGdelt, cursor: str) -> None:
    with pytest.raises(NotUnderstood, match="cursor"):
        Listening(server, cursor=cursor).run()


def test_the_check_tells_of_when_the_newest_files_are(server: PracticeGdelt, listening: Listening) -> None:
    with listening.connector() as connector:
        found = list(connector.check())
    server.faults.append(GdeltFault("login page"))
    with listening.connector() as connector:
        wrong = list(connector.check())

    assert [each.ok for each in found] == [True, True]
    assert "2026-03-01 12:00" in found[0].what
    assert [each.ok for each in wrong] == [False, True]


# Looking again ------------------------------------------------------------------------------------------------------

HEAD = '<meta property="article:published_time" content="2026-02-03T04:05:06Z"><title>Tides turned</title>'
BODY = f'<a href="{LINK}">study</a> <a href="https://doi.org/10.5555/two">another</a>'


def look(page: bytes | None, told: tuple[Identifier, ...] | None = (ONE,)) -> Mention | None:
    from abroad_places import reader

    from sandbox.web import Page

    with practice_web() as web, practice_gdelt(NOW) as server:
        web.put("/robots.txt", Page(b"", "text/plain", status=404))
        if page is not None:
            web.put("/story/1", Page(page))
        key = f"{OUTLET}/story/1"
        listening = Listening(server)
        with reader(web) as abroad, listening.connector() as connector:
            ear = Ear(
                tracked=listening.ear().tracked,
                abroad=abroad,
                noted=lambda _: "",
                told=lambda _: {} if told is None else {key: told},
                told_by=lambda *_: (),
            )
            return connector.again(key, web.url("/story/1"), ear)


def test_an_article_that_is_gone_is_taken_back() -> None:
    told = look(None)

    assert told is not None
    assert (told.key, told.deleted, told.reason) == (f"{OUTLET}/story/1", True, "gone")


def test_one_that_was_edited_is_told_as_it_is_and_names_only_what_it_was_told_for() -> None:
    told = look(f"<html><head>{HEAD}</head><body>{BODY}</body></html>".encode())

    assert told is not None
    assert (told.title, f"{told.occurred_at:%Y-%m-%d %H:%M:%S}") == ("Tides turned", "2026-02-03 04:05:06")
    assert told.targets == (ONE,)


def test_one_that_was_gone_and_is_there_again_names_what_is_seen() -> None:
    told = look(f"<html><head>{HEAD}</head><body>{BODY}</body></html>".encode(), told=None)

    assert told is not None
    assert set(told.targets) == {ONE, TWO}


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Accept our cookies</title></head><body>Yes</body></html>",
        f"<html><head><title>No date</title></head><body>{BODY}</body></html>",
    ],
)
def test_a_wall_before_an_article_takes_nothing_back(page: str) -> None:
    assert look(page.encode()) is None


def test_the_connector_needs_an_address_and_tells_its_terms() -> None:
    from connectors import gdelt

    assert gdelt.Gdelt.manifest.needs_url
    assert all(f"\n{line}:" in (gdelt.__doc__ or "") for line in ("API", "Auth", "Deletions", "Terms", "Costs"))
