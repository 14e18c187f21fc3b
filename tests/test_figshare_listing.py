"""The list of articles, read while others edit: nothing that was left alone is lost; what is cut short is noticed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from figshare_source import NOW, TIDES, asked, connected, end, items, pulled
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Since
from connectors.figshare.listing import Broken, Place, Sheet, stamp, time_of, walk
from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ARRIVED, Article

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SIZE = 3
FOUR = {"per_page": 4, "people": False}


@dataclass
class Shelf:
    """A list that is a dictionary of seconds by key. `edits` happen one by one, each before a page is told."""

    seconds: dict[int, int]
    edits: Iterator[tuple[str, int]] = field(default_factory=lambda: iter(()))
    now: int = 1000
    touched: set[int] = field(default_factory=set)

    def ask(self, since: str, page: int) -> list[dict[str, object]]:
        self.edit()
        after = -1 if not since else int((datetime.fromisoformat(since) - FIRST).total_seconds())
        rows = sorted((second, key) for key, second in self.seconds.items() if second > after)
        cut = rows[(page - 1) * SIZE : page * SIZE]
        return [{"id": key, "modified_date": stamp(FIRST + timedelta(seconds=second))} for second, key in cut]

    def edit(self) -> None:
        what, key = next(self.edits, ("", 0))
        if not what:
            return
        self.touched.add(key)
        self.now += 1
        if what == "save":
            self.seconds[key] = self.now
        else:
            self.seconds.pop(key, None)


def told(sheets: Iterator[Sheet]) -> list[int]:
    return [int(key) for sheet in sheets for key in sheet.rows]


def spread(numbers: list[int]) -> dict[int, int]:
    """Seconds by key; fewer in one second than a page has."""
    return {key: second for key, second in enumerate(numbers, 1) if numbers[:key].count(second) < SIZE}


EDITS = st.lists(st.tuples(st.sampled_from(["save", "delete"]), st.integers(1, 14)), max_size=12)


@given(st.lists(st.integers(0, 12), max_size=14).map(spread), EDITS)
def test_what_nobody_touched_is_told_whatever_else_is_saved_or_deleted_meanwhile(
    seconds: dict[int, int], edits: list[tuple[str, int]]
) -> None:
    shelf = Shelf(dict(seconds), iter(edits))
    found: set[int] = set()
    try:
        for sheet in walk(shelf.ask, Place(), ""):
            found |= set(map(int, sheet.rows))
    except Broken:
        return  # it was noticed

    assert set(seconds) - shelf.touched <= found


@given(st.lists(st.integers(0, 4), max_size=20))
def test_a_list_that_nobody_touches_is_told_once_and_in_order_however_many_share_a_second(numbers: list[int]) -> None:
    seconds = dict(enumerate(numbers, 1))

    found = told(walk(Shelf(seconds).ask, Place(), ""))

    assert found == [key for _, key in sorted((second, key) for key, second in seconds.items())]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20), st.integers(0, 8))
def test_a_list_may_be_gone_on_with_after_any_page(numbers: list[int], pages: int) -> None:
    shelf = Shelf(dict(enumerate(numbers, 1)))
    before = [sheet for sheet, _ in zip(walk(shelf.ask, Place(), ""), range(pages), strict=False)]
    place = before[-1].next if before else Place()

    rest = told(walk(shelf.ask, place, ""))

    assert {*told(iter(before)), *rest} == set(shelf.seconds)


def test_a_list_that_ignores_since_is_noticed() -> None:
    shelf = Shelf({key: key for key in range(1, 9)})

    with pytest.raises(Broken, match="does not go on"):
        told(walk(lambda _, page: shelf.ask("", page) if page == 1 else shelf.ask("", 1), Place(), ""))


def test_a_list_that_loses_what_it_just_told_is_noticed() -> None:
    shelf = Shelf({key: key for key in range(1, 9)})

    with pytest.raises(Broken, match="no longer has"):
        told(
            walk(
                lambda since, page: [] if since > stamp(FIRST + timedelta(seconds=3)) else shelf.ask(since, page),
                Place(),
                "",
            )
        )


@pytest.mark.parametrize("day", [None, 7, "", "soon", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_rows_whose_date_cannot_be_read_are_read_by_number(day: object) -> None:
    rows = [{"id": key, "modified_date": day} for key in range(1, 8)]

    assert told(walk(lambda _, page: rows[(page - 1) * SIZE : page * SIZE], Place(), "")) == list(range(1, 8))


def test_a_time_without_a_zone_is_utc() -> None:
    assert time_of("2026-01-05T08:00:00") == time_of("2026-01-05T08:00:00Z") == ARRIVED
    assert time_of("2026-01-05T09:00:00+01:00") == ARRIVED


@pytest.fixture
def server() -> Iterator[PracticeFigshare]:
    with practice_figshare() as running:
        running.holdings.clock = lambda: NOW
        yield running


def stock(server: PracticeFigshare, count: int, moment: Callable[[int], datetime]) -> set[str]:
    server.holdings.keep(*(replace(TIDES, id=key, doi="", modified=moment(key)) for key in range(1, count + 1)))
    return {str(key) for key in range(1, count + 1)}


def minutes(key: int) -> datetime:
    return ARRIVED + timedelta(minutes=key)


def test_no_cap_on_pages_cuts_a_list_that_is_longer(server: PracticeFigshare) -> None:
    keys = stock(server, 30, minutes)
    server.answers.cap = 8

    pages = pulled(server, **FOUR)

    assert items(pages).keys() == keys
    assert end(pages).listed == {"item"}


def test_more_articles_of_one_second_than_a_page_has_are_read_by_number(server: PracticeFigshare) -> None:
    keys = stock(server, 30, lambda _: ARRIVED)

    pages = pulled(server, **FOUR)

    assert items(pages).keys() == keys
    assert end(pages).listed == {"item"}


def test_a_cap_within_one_second_leaves_the_run_incomplete(server: PracticeFigshare) -> None:
    stock(server, 30, lambda _: ARRIVED)
    server.answers.cap = 8

    pages = pulled(server, **FOUR)

    assert len(items(pages)) == 8
    assert (end(pages).cursor, end(pages).listed) == (None, frozenset())
    assert "page 3 is refused with status 422" in end(pages).incomplete


def test_a_page_size_that_is_cut_in_silence_cuts_nothing(server: PracticeFigshare) -> None:
    keys = stock(server, 11, minutes)

    pages = pulled(server, per_page=2, people=False)

    assert items(pages).keys() == keys


def test_a_list_in_another_order_than_asked_for_is_read_whole(server: PracticeFigshare) -> None:
    keys = stock(server, 11, minutes)
    server.faults.append(FigshareFault("shuffled", address=r"/institution/articles\?", times=None))

    pages = pulled(server, **FOUR)

    assert items(pages).keys() == keys
    assert end(pages).listed == {"item"}


def test_a_page_that_comes_again_leaves_the_run_incomplete(server: PracticeFigshare) -> None:
    stock(server, 11, lambda _: ARRIVED)
    server.faults.append(FigshareFault("page again", address=r"/institution/articles\?page=3&", times=None))

    done = end(pulled(server, **FOUR))

    assert (done.cursor, done.listed) == (None, frozenset())
    assert "does not go on from the one before" in done.incomplete


def test_a_list_that_is_suddenly_empty_is_not_believed(server: PracticeFigshare) -> None:
    again = Since(now=NOW, memory="2026-06-01T00:00:00+00:00")

    assert "not one article" in end(pulled(server, again, people=False)).incomplete
    assert end(pulled(server, people=False)).listed == {"item"}


def test_articles_that_are_saved_while_we_read_push_nothing_out_of_the_list(server: PracticeFigshare) -> None:
    keys = stock(server, 30, minutes)
    saved = iter(range(1, 6))  # each time a page is asked for, somebody saves one that was told
    act = lambda server: server.holdings.change(next(saved))  # noqa: E731
    server.faults.append(FigshareFault("change", address=r"/institution/articles\?.*since", times=5, act=act))

    pages = pulled(server, **FOUR)

    assert {key for key, each in server.holdings.articles.items() if each.modified == NOW} == {1, 2, 3, 4, 5}
    assert items(pages).keys() == keys
    assert end(pages).listed == {"item"}


def test_an_interrupted_list_goes_on_where_it_was(server: PracticeFigshare) -> None:
    keys = stock(server, 12, minutes)
    with connected(server, **FOUR) as source:
        first = next(page for page in source.pull(Since(now=NOW)) if page.bookmark)
    before = len(server.requests)

    pages = pulled(server, Since(now=NOW, bookmark=first.bookmark), **FOUR)

    assert {*items([first]), *items(pages)} == keys
    assert end(pages).cursor == NOW.isoformat()
    assert not any(path == "/articles/1" for path in asked(server)[before:])


@pytest.mark.parametrize(
    "bookmark", ["", "{", "[]", '{"began": 1, "place": {}}', '{"began": null, "place": {"page": "x"}}']
)
def test_a_bookmark_of_another_make_is_dropped(server: PracticeFigshare, bookmark: str) -> None:
    keys = stock(server, 3, minutes)

    assert items(pulled(server, Since(now=NOW, bookmark=bookmark), **FOUR)).keys() == keys


def test_a_bookmark_that_is_refused_is_dropped(server: PracticeFigshare) -> None:
    keys = stock(server, 3, minutes)
    bookmark = '{"began": null, "place": {"since": "", "page": 5001, "counted": true}}'

    pages = pulled(server, Since(now=NOW, bookmark=bookmark), **FOUR)

    assert items(pages).keys() == keys


def test_rows_without_an_id_are_set_aside_and_then_nothing_is_deleted(server: PracticeFigshare) -> None:
    stock(server, 2, minutes)
    server.holdings.keep(Article(id=3, title="Pilot books", draft={"id": None}, modified=minutes(3)))

    pages = pulled(server, **FOUR)

    (aside,) = [aside for page in pages for aside in page.asides]
    assert (aside.kind, aside.keyless) == ("item", True)
    assert items(pages).keys() == {"1", "2"}
