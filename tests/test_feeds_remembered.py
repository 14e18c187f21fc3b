"""What is remembered of articles: each is told once, for as long as it stands, whatever a feed does to its past."""

from datetime import timedelta

import pytest
from abroad_places import NEWS
from feeds_heard import DAY, DOI, HOUR, NOW, SAID, Listening, a_listening, a_web, article, item, key, running_web, tell

from connectors.feeds.state import TRIES
from sandbox.feeds import RSS, rss
from sandbox.web import Page, PracticeWeb, WebFault, moved

running, web, heard = running_web(), a_web(), a_listening()


# A feed that does as it likes with its past --------------------------------------------------------------------------


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


def test_a_run_that_reads_everything_looks_at_all_again_for_outputs_that_are_new_here(
    web: PracticeWeb, heard: Listening
) -> None:
    tell(web, item(web))
    web.put("/tides", article(DOI))
    (first,) = heard.run()
    assert heard.run(later=timedelta(minutes=5)) == []

    heard.cursor = None

    assert heard.run(later=timedelta(minutes=5)) == [first]


# Looking again -------------------------------------------------------------------------------------------------------


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
