"""The practice feeds are what others take for feeds, and whoever listens to the practice blog hears what it says."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from abroad_places import HOME, lead, reader
from feeds_heard import DOI, NOW, SAID, Listening
from http_places import Clock

from sandbox.feeds import Item, atom, json_feed, rss
from sandbox.feeds.practice import Practised, opened
from sync.conformance.practice import FAULTS, NEEDS

ITEM = Item(
    link="https://news.example.org/tides?a=1&b=2",
    guid="1",
    title="Tides & winds",
    text="<p>It turned.",
    published=SAID,
    updated=NOW,
    related="https://doi.org/10.5555/x",
)


@pytest.mark.parametrize(("written", "version"), [(rss, "rss20"), (atom, "atom10")])
def test_a_strict_parser_takes_them_for_feeds(written, version: str) -> None:
    told = feedparser.parse(io.BytesIO(written([ITEM, Item(link="https://news.example.org/2")])))

    assert (told.version, told.bozo, len(told.entries)) == (version, False, 2)
    assert (told.entries[0].link, told.entries[0].title) == (ITEM.link, "Tides & winds")
    assert told.entries[0].published_parsed[:4] == (2026, 9, 1, 8)


def test_a_json_feed_has_what_its_specification_requires() -> None:
    told = json.loads(json_feed([ITEM]))

    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(told["title"], str)
    (item,) = told["items"]
    assert isinstance(item["id"], str)
    assert {"content_html", "url", "date_published"} < item.keys()


# The practice blog -------------------------------------------------------------------------------------------------


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Practised]:
    with opened(tmp_path) as practised:
        yield practised


@pytest.fixture
def heard(blog: Practised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    lead(monkeypatch, {HOME: [HOME]})
    clock = Clock()
    with reader(blog.server, clock) as abroad:
        yield Listening(abroad, tmp_path / "feeds.csv", clock)


def test_what_it_says_is_heard_and_said_again_it_was_edited(blog: Practised, heard: Listening) -> None:
    blog.say(1, of=DOI, at=SAID)
    heard.run()
    blog.say(1, of="10.5555/two", at=NOW)
    heard.run(later=timedelta(hours=1))

    (told,) = heard.told.values()
    assert ([each.value for each in told.targets], told.occurred_at) == (["10.5555/two"], SAID)


def test_what_it_takes_back_is_gone_when_it_is_looked_at_again(blog: Practised, heard: Listening) -> None:
    blog.say(1, of=DOI, at=SAID)
    heard.run()
    blog.unsay(1)

    assert heard.run(later=timedelta(hours=1)) == []
    gone = heard.again(next(iter(heard.told)))

    assert gone is not None
    assert (gone.deleted, gone.reason) == (True, "gone")


def test_its_faults_strike_until_mended_and_it_says_of_all_others_why_it_has_them_not(
    blog: Practised, heard: Listening
) -> None:
    blog.say(1, of=DOI, at=SAID)
    for fault in ("server error", "cut short"):
        blog.fault(fault)
        heard.run(later=timedelta(hours=1))
        assert heard.told == {}
        blog.mend()
    heard.run(later=timedelta(hours=1))

    assert len(heard.told) == 1
    has = {"server error", "cut short", "hears", "listens", "edits", "dated acts", "requests"}
    assert (set(blog.lacks) | has, set(blog.lacks) & has) == ({*FAULTS, *NEEDS}, set())
    assert blog.changes() == 0
