"""Of a source that is read whole, only what names something of ours is kept; it goes on from where it was, and what it
told is looked at again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import stores
from conftest import House
from evidence_house import doi, evidence, mention
from listening import Stream, listen, pages
from mention_house import a_copy, some_works

from config.visibility import Visibility
from connectors.attention import REASONS, Account, Mention
from connectors.base import Ear, Since
from connectors.errors import TryLater
from connectors.identifiers import Identifier
from connectors.records import Aside, Done, Gone, Item, Page
from sync import store

DAY = 24 * 3600 * 1_000_000
works, house = some_works(), a_copy()


def told(house: House, key: str = "a") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.json("mention", "list", "--url", f"https://news.example/{key}")["mentions"]
    return found


def names(house: House, key: str = "a") -> list[str]:
    return [name for each in told(house, key) for name in each["names"]]


def test_what_names_nothing_of_ours_is_not_kept_and_what_else_a_mention_names_is_not_either(house: House) -> None:
    stranger, both = mention("b", works=("stranger",)), mention(works=("one", "stranger"))

    listen(house, Stream(pages(Page(mentions=(stranger, both)), Page(done=Done(cursor="1")))))

    assert told(house, "b") == []
    assert names(house) == ["doi:10.5555/one"]
    assert house.stored("SELECT count(*) FROM identifier WHERE value = '10.5555/stranger'") == [(0,)]


def test_what_names_a_hidden_work_is_kept_and_shown_to_nobody(house: House) -> None:
    listen(house, Stream(pages(Page(mentions=(mention(works=("hidden",)),)), Page(done=Done(cursor="1")))))
    house.ok("score")

    assert names(house) == ["doi:10.5555/hidden"]
    assert house.run("explain", "10.5555/hidden").code == 1


def test_what_is_named_without_anything_seen_of_it_ties_to_nothing(house: House) -> None:
    bare = mention(evidence=(), targets=(doi("one"), doi("two")))
    half = mention("b", targets=(doi("one"), doi("two")), evidence=(evidence("one"),))

    listen(house, Stream(pages(Page(mentions=(bare, half)), Page(done=Done(cursor="1")))))

    assert told(house) == []
    assert names(house, "b") == ["doi:10.5555/one"]


def test_a_mention_that_names_nothing_of_ours_any_more_is_taken_back(house: House) -> None:
    listen(house, Stream(pages(Page(mentions=(mention(),)), Page(done=Done(cursor="1")))))
    listen(house, Stream(pages(Page(mentions=(mention(works=("stranger",)),)), Page(done=Done(cursor="2")))))

    (found,) = told(house)
    assert found["state"] == "taken back"
    assert found["taken_back_because"] == REASONS["unlinked"]
    assert house.stored("SELECT reason FROM mention") == [("unlinked",)]


def test_a_listener_that_tells_of_anything_but_attention_is_not_believed(house: House) -> None:
    item = Item(key="i", title="Forged", type="book", visibility=Visibility.PUBLIC)

    run = listen(house, Stream(pages(Page(items=(item,)), Page(done=Done(cursor="1")))))

    assert run.outcome == "failed"
    assert house.stored("SELECT count(*) FROM item WHERE title = 'Forged'") == [(0,)]


def test_what_says_that_it_is_from_the_future_is_set_aside_and_the_rest_goes_on(house: House) -> None:
    tomorrow, later = (mention("b", occurred_at=datetime.now(UTC) + timedelta(hours=each)) for each in (20, 30))

    run = listen(house, Stream(pages(Page(mentions=(later, mention())), Page(done=Done(cursor="1")))))
    listen(house, Stream(pages(Page(mentions=(replace(tomorrow, key="c"),)), Page(done=Done(cursor="2")))))

    assert (run.outcome, run.counted.aside) == ("done", 1)
    assert [each["reason"] for each in house.json("setaside", "list")["set_aside"]] == [
        "says that it is from the future"
    ]
    assert house.stored("SELECT key FROM mention ORDER BY key") == [("a",), ("c",)]


def test_what_was_odd_in_a_stream_is_open_for_thirty_days(house: House) -> None:
    odd = Aside(kind="mention", reason="no shape that is known", place="behind noon", evidence="x", keyless=False)
    run = Stream(pages(Page(asides=(odd,)), Page(done=Done(cursor="1"))))
    quiet = Stream(pages(Page(done=Done(cursor="2"))))

    listen(house, run)
    listen(house, quiet, later=29 * DAY)
    assert len(house.json("setaside", "list")["set_aside"]) == 1
    listen(house, quiet, later=31 * DAY)

    assert house.json("setaside", "list")["set_aside"] == []


def test_a_run_that_fails_goes_on_from_its_bookmark_and_the_next_one_from_its_cursor(house: House) -> None:
    begun: list[tuple[str | None, str | None]] = []

    def run(since: Since, _: Ear) -> Iterator[Page]:
        begun.append((since.cursor, since.bookmark))
        yield Page(mentions=(mention(),), bookmark="half")
        if len(begun) == 1:
            raise TryLater("the line is cut")
        yield Page(done=Done(cursor="whole"))

    runs = [listen(house, Stream(run)).outcome for _ in range(3)]

    assert runs == ["failed", "done", "done"]
    assert [bookmark for _, bookmark in begun] == [None, "half", None]
    assert begun[2][0] == "whole"


def test_what_a_listener_notes_it_finds_again_until_it_is_forgotten_with_its_page_or_not_at_all(house: House) -> None:
    found: list[str] = []

    def noting(text: str, *, cut: bool = False) -> Stream:
        def run(_: Since, ear: Ear) -> Iterator[Page]:
            found.append(ear.noted("feed 1"))
            yield Page(notes={"feed 1": text}) if not cut else Page(notes={"feed 2": text})
            yield Page(done=Done(cursor="1"))

        return Stream(run)

    for each in ("etag", "", "last"):
        listen(house, noting(each))
    listen(house, noting("x", cut=True))
    house.ok("connection", "forget", "told", "--why", "x")
    assert house.stored("SELECT count(*) FROM note") == [(0,)]

    assert found == ["", "etag", "", "last"]


@pytest.mark.parametrize("notes", [{"": "x"}, {"a\x00": "x"}, {"a": "x\x00"}, {"a": "x" * 100_001}, {"a" * 2001: "x"}])
def test_a_note_is_short_text_under_a_name(notes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="notes"):
        Page(notes=notes)


def test_a_listener_knows_what_it_told_and_did_not_take_back(house: House) -> None:
    first = Page(mentions=(mention(works=("one", "two")), mention("b")))
    listen(house, Stream(pages(first, Page(mentions=(Mention(key="b", deleted=True),), done=Done(cursor="1")))))
    found: dict[str, tuple[Identifier, ...]] = {}

    def run(_: Since, ear: Ear) -> Iterator[Page]:
        found.update(ear.told(["a", "b", "c"]))
        yield Page(done=Done(cursor="2"))

    listen(house, Stream(run))

    assert found == {"a": (doi("one"), doi("two"))}


def test_a_listener_knows_all_that_an_account_has_said_and_nothing_of_others(house: House) -> None:
    ann, bob = Account(key="ann"), Account(key="bob")
    said = [
        mention("a", source="bluesky", account=ann, outlet=None),
        mention("b", source="bluesky", account=ann, outlet=None),
        mention("c", source="bluesky", account=bob, outlet=None),
        mention("d", source="mastodon", account=ann, outlet=None),
    ]
    back = Mention(key="b", deleted=True)
    listen(house, Stream(pages(Page(mentions=tuple(said)), Page(mentions=(back,), done=Done(cursor="1")))))
    found: list[set[str]] = []

    def run(_: Since, ear: Ear) -> Iterator[Page]:
        found.append(set(ear.told_by("bluesky", ["ann", "eve"])))
        found.append(set(ear.told_by("mastodon", ["ann"])))
        found.append(set(ear.told_by("bluesky", [])))
        yield Page(done=Done(cursor="2"))

    listen(house, Stream(run))

    assert found == [{"a"}, {"d"}, set()]


# Looking again -----------------------------------------------------------------------------------------------------


def heard_once(house: House, *mentions: Mention) -> Stream:
    stream = Stream(pages(Page(mentions=mentions), Page(done=Done(cursor="1"))))
    listen(house, stream)
    stream.run = pages(Page(done=Done(cursor="1")))
    return stream


def test_what_was_told_is_looked_at_again_the_sooner_the_younger_it_is(house: House) -> None:
    stream = heard_once(house, mention(occurred_at=datetime.now(UTC)))
    days: list[int] = []

    for day in range(2, 60):
        before = len(stream.looks)
        listen(house, stream, later=day * DAY)
        days += [day] * (len(stream.looks) - before)

    waits = [later - earlier for earlier, later in pairwise(days)]
    assert waits[:2] == [1, 1]
    assert waits == sorted(waits)
    assert 9 <= waits[-1] <= 12


def test_one_that_is_gone_is_taken_back_with_its_reason_and_comes_back_when_it_is_there_again(house: House) -> None:
    stream = heard_once(house, mention())
    house.ok("score")
    before = house.json("explain", "10.5555/one")["score"]
    stream.now = {"a": Mention(key="a", deleted=True, reason="gone")}

    listen(house, stream, later=2 * DAY)
    house.ok("score")

    assert (before, house.json("explain", "10.5555/one")["score"]) == (8, 0)
    assert house.stored("SELECT reason FROM mention") == [("gone",)]
    stream.now = {"a": mention()}

    listen(house, stream, later=200 * DAY)
    house.ok("score")

    assert house.json("explain", "10.5555/one")["score"] == 8
    assert house.stored("SELECT reason FROM mention") == [("",)]


@pytest.mark.parametrize("answer", [None, TryLater("busy")])
def test_one_that_cannot_be_looked_at_stays_as_it_is_and_is_tried_another_day(house: House, answer: Any) -> None:
    stream = heard_once(house, mention())
    stream.now = {"a": answer}

    runs = [listen(house, stream, later=later).outcome for later in (2 * DAY, 2 * DAY, 200 * DAY)]

    assert runs == ["done"] * 3
    assert stream.looks == ["a", "a"]
    assert house.stored("SELECT taken_at FROM mention") == [(-1,)]


def test_what_speaks_of_a_hidden_work_alone_is_not_looked_at_for_whoever_is_asked_would_learn_of_it(
    house: House,
) -> None:
    stream = heard_once(house, mention("h", works=("hidden",)), mention(works=("one", "hidden")))

    listen(house, stream, later=2 * DAY)

    assert stream.looks == ["a"]


def test_a_mention_keeps_what_it_names_while_that_is_away_from_its_source(house: House) -> None:
    stream = heard_once(house, mention(works=("one", "two")))
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    source = store.begin(home, "told", step="pull", full=False, now=store.now()).source
    store.apply(home, source, Page(gone=(Gone(kind="item", key="one"),)), now=store.now())
    home.engine.dispose()

    def again(_: str, __: str, ear: Ear) -> Mention | None:
        return mention(works=tuple(work for work in ("one", "two") if doi(work) in ear.tracked))

    stream.now = {"a": again}
    listen(house, stream, later=2 * DAY)

    assert stream.looks == ["a"]
    assert names(house) == ["doi:10.5555/one", "doi:10.5555/two"]


def test_a_stop_and_an_outage_leave_the_rest_to_another_run(house: House) -> None:
    stream = heard_once(house, *(mention(str(number)) for number in range(20)))
    stream.now = {str(number): TryLater("down") for number in range(20)}

    listen(house, stream, later=2 * DAY)
    looked = len(stream.looks)
    listen(house, stream, later=2 * DAY, stop=lambda: len(stream.looks) > looked + 1)

    assert (looked, len(stream.looks)) == (5, 7)
    assert house.stored(f"SELECT count(*) FROM mention WHERE due_at > {store.now() + 4 * DAY}") == [(0,)]


def test_what_is_from_the_future_is_set_aside_without_a_word_of_who_said_it(house: House) -> None:
    later = mention("did:plc:ann/2", occurred_at=datetime.now(UTC) + timedelta(days=3))

    listen(house, Stream(pages(Page(mentions=(later,)), Page(done=Done(cursor="1")))))

    assert "ann" not in str(house.stored("SELECT * FROM set_aside"))


def test_what_its_author_deleted_is_not_looked_at_again(house: House) -> None:
    stream = heard_once(house, mention())
    stream.now = {"a": Mention(key="a", deleted=True, reason="deleted")}
    listen(house, stream, later=2 * DAY)

    listen(house, stream, later=400 * DAY)

    assert stream.looks == ["a"]


def test_a_reason_is_one_of_those_that_are_shown_and_stands_with_what_is_deleted_alone() -> None:
    for reason in REASONS:
        assert Mention(key="a", deleted=True, reason=reason).reason == reason
    for wrong in ({"deleted": True, "reason": "because"}, {"reason": "gone"}):
        with pytest.raises(ValueError, match="reason"):
            mention(**wrong) if "deleted" not in wrong else Mention(key="a", **wrong)
