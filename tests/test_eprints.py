"""An EPrints is read: OAI-PMH lists, REST tells, and neither is trusted further than it can be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from eprints_source import NOW, PRIVATE, PUBLIC, anonymous, asked, connected, everything, items
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.records import Done, Gone
from sandbox.eprints import PracticeEPrints, practice_eprints
from sandbox.eprints.faults import EPrintsFault
from sandbox.eprints.records import made

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LISTED = frozenset({"item"})
REST_5 = r"/rest/eprint/5\.xml"


@pytest.fixture
def server() -> Iterator[PracticeEPrints]:
    with practice_eprints(
        [made(n, title=f"Tides {n}", id_number=f"10.5555/tides.{n}") for n in range(1, 11)]
    ) as running:
        running.page_size = 4
        running.clock = lambda: BEGAN
        yield running


def done(server: PracticeEPrints, **more: object) -> Done:
    last = everything(server, **more)[-1].done
    assert last is not None
    return last


def delta(server: PracticeEPrints, cursor: datetime) -> list[str]:
    return list(items(everything(server, Since(cursor=cursor.isoformat(), now=NOW))))


def test_everything_is_read_page_by_page_and_the_cursor_is_the_repositorys_own_clock(server: PracticeEPrints) -> None:
    pages = everything(server)

    assert [[one.key for one in page.items] for page in pages] == [
        ["1", "2", "3", "4"],
        ["5", "6", "7", "8"],
        ["9", "10"],
        [],
    ]
    assert pages[-1].done == Done(cursor=BEGAN.isoformat(), listed=LISTED)
    assert {one.visibility for one in items(pages).values()} == {PUBLIC}


def test_a_clock_that_is_ahead_does_not_lose_changes(server: PracticeEPrints) -> None:
    server.clock = lambda: NOW + timedelta(days=400)

    assert done(server).cursor == NOW.isoformat()


def test_records_that_are_served_hidden_are_private(server: PracticeEPrints) -> None:
    server.edit(2, metadata_visibility="hide")
    server.edit(3, metadata_visibility="no_search")
    server.edit(4, metadata_visibility="")
    found = items(everything(server))

    assert [key for key, one in found.items() if one.visibility == PRIVATE] == ["2", "3", "4"]
    assert found["4"].doubts == ("metadata_visibility is not told",)


def test_what_changed_is_asked_for_from_a_little_before_the_cursor(server: PracticeEPrints) -> None:
    server.clock = lambda: BEGAN
    server.edit(4, title="Ebb")
    cursor = BEGAN + timedelta(minutes=4)

    assert delta(server, cursor) == ["4"]
    assert delta(server, cursor + timedelta(minutes=2)) == []
    assert asked(server, lambda each: "from=2026-03-01T08%3A59%3A00Z" in each)


def test_a_delta_says_nothing_of_what_it_does_not_name(server: PracticeEPrints) -> None:
    last = everything(server, Since(cursor=BEGAN.isoformat(), now=NOW))[-1]

    assert last.done == Done(cursor=BEGAN.isoformat())


def test_what_is_hidden_without_a_date_is_found_by_a_full_pull_alone(server: PracticeEPrints) -> None:
    server.edit(4, metadata_visibility="hide")

    assert delta(server, BEGAN) == []
    assert items(everything(server))["4"].visibility == PRIVATE


def test_what_was_retired_is_hidden_in_both(server: PracticeEPrints) -> None:
    server.move(4, "deletion")
    full, changed = everything(server), everything(server, Since(cursor=BEGAN.isoformat(), now=NOW))

    for pages in (full, changed):
        assert [gone for page in pages for gone in page.gone] == [Gone(kind="item", key="4", hidden=True)]
        assert "4" not in items(pages)


@pytest.mark.parametrize("tombstones", [True, False])
def test_what_went_back_to_the_buffer_is_hidden_or_not_listed_and_then_confirmed(
    server: PracticeEPrints, tombstones: bool
) -> None:
    server.tombstones = tombstones
    server.move(4, "buffer")
    pages = everything(server)
    with connected(server) as pubs:
        assert "4" not in items(pages)
        assert pubs.confirm("item", "4") == Gone(kind="item", key="4", hidden=True)


def test_what_was_destroyed_is_told_by_nothing_and_confirmed_when_a_full_listing_does_not_name_it(
    server: PracticeEPrints,
) -> None:
    server.destroy(4)
    pages = everything(server)

    assert not any(page.gone for page in pages)
    assert "4" not in items(pages)
    with connected(server) as pubs:
        assert pubs.confirm("item", "4") == Gone(kind="item", key="4")
        assert pubs.confirm("item", "5") is None


def test_what_is_destroyed_between_the_list_and_its_reading_is_gone(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("change", address=r"/rest/eprint/1\.xml", act=lambda held: held.destroy(3)))

    assert [gone.key for page in everything(server) for gone in page.gone] == ["3"]


def test_what_leaves_the_archive_between_the_list_and_its_reading_is_private(server: PracticeEPrints) -> None:
    server.faults.append(
        EPrintsFault("change", address=r"/rest/eprint/1\.xml", act=lambda held: held.move(3, "buffer"))
    )
    found = items(everything(server))["3"]

    assert (found.visibility, found.raw["eprint_status"], found.doubts) == (PRIVATE, "buffer", ())


@pytest.mark.parametrize("status", ["buffer", "inbox", "deletion", "shelved"])
def test_out_of_the_archive_is_hidden_whether_we_may_look_or_not(server: PracticeEPrints, status: str) -> None:
    server.move(4, status)  # type: ignore[arg-type]
    gone = Gone(kind="item", key="4", hidden=True)
    with connected(server) as pubs:
        assert pubs.confirm("item", "4") == gone
        server.may_rest = False
        assert pubs.confirm("item", "4") == gone
    with anonymous(server) as nobody:
        assert nobody.confirm("item", "4") == gone


def test_a_password_that_is_wrong_confirms_nothing(server: PracticeEPrints) -> None:
    server.move(4, "buffer")
    with connected(server, password="wrong") as pubs, pytest.raises(NotAllowed, match="login was refused"):
        pubs.confirm("item", "4")


@pytest.mark.parametrize("what", ["cut short", "another record"])
def test_a_record_that_cannot_be_read_proves_neither_that_it_is_gone_nor_that_it_is_as_before(
    server: PracticeEPrints, what: str
) -> None:
    if what == "cut short":
        server.faults.append(EPrintsFault("cut short", address=REST_5))
    else:
        server.eprints[5] = server.eprints[6]
    with connected(server) as pubs, pytest.raises(NotUnderstood):
        pubs.confirm("item", "5")


@pytest.mark.parametrize(("shown", "hidden"), [("hide", True), ("nowhere", True), ("no_search", False)])
def test_a_record_that_is_asked_about_is_still_there_only_while_everybody_may_see_it(
    server: PracticeEPrints, shown: str, hidden: bool
) -> None:
    """A version that another one succeeds is gone, and says nothing of the work."""
    with connected(server) as pubs:
        assert pubs.confirm("item", "5") is None
        server.edit(5, metadata_visibility=shown)
        assert pubs.confirm("item", "5") == Gone(kind="item", key="5", hidden=hidden)


def test_anybody_may_read_the_archive(server: PracticeEPrints) -> None:
    with anonymous(server) as nobody:
        assert len(items(list(nobody.pull(Since(now=NOW))))) == 10


def test_a_closed_rest_interface_is_read_by_an_account_with_the_role_and_by_no_other(server: PracticeEPrints) -> None:
    server.rest_is_open = False

    assert len(items(everything(server))) == 10
    with anonymous(server) as nobody, pytest.raises(NotAllowed, match="set username and password"):
        list(nobody.pull(Since(now=NOW)))
    server.may_rest = False
    with pytest.raises(NotAllowed, match="not one of 4 records may be read; give the account the role rest"):
        everything(server)


def test_where_rest_is_switched_off_nothing_seems_to_be_gone(server: PracticeEPrints) -> None:
    server.has_rest = False
    server.edit(4, title="Ebb")
    with pytest.raises(NotUnderstood, match="switched off"):
        everything(server)
    with pytest.raises(NotUnderstood, match="switched off"):
        delta(server, BEGAN)
    with connected(server) as pubs, pytest.raises(NotUnderstood, match="switched off"):
        pubs.confirm("item", "4")


def test_one_record_that_is_refused_is_private_and_the_others_are_read(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("status", status=403, address=REST_5))
    found = items(everything(server))

    assert (found["5"].visibility, found["5"].unread) == (PRIVATE, True)
    assert found["6"].visibility == PUBLIC


def test_one_record_that_breaks_off_is_private_and_the_others_are_read(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("cut short", address=REST_5))
    found = items(everything(server))

    assert (found["5"].visibility, found["5"].unread) == (PRIVATE, True)
    assert "complete XML" in found["5"].doubts[0]
    assert found["6"].visibility == PUBLIC


def test_where_not_one_of_many_can_be_read_they_are_not_to_blame(server: PracticeEPrints) -> None:
    server.page_size = 10
    server.faults.append(EPrintsFault("cut short", address="/rest/eprint/", times=None))
    with pytest.raises(NotUnderstood, match="not one of 10 records can be read"):
        everything(server)


@pytest.mark.parametrize("address", [REST_5, "verb=ListIdentifiers"])
def test_a_login_page_before_the_repository_ends_the_run(server: PracticeEPrints, address: str) -> None:
    server.faults.append(EPrintsFault("login page", address=address, times=None))
    with pytest.raises(NotUnderstood, match="login page"):
        everything(server)


@pytest.mark.parametrize(
    ("status", "error"), [(500, TryLater), (503, TryLater), (401, NotAllowed), (418, NotUnderstood)]
)
def test_an_error_at_one_record_ends_the_run(server: PracticeEPrints, status: int, error: type[Exception]) -> None:
    server.faults.append(EPrintsFault("status", status=status, address=REST_5, times=None))
    with pytest.raises(error):
        everything(server)


def test_a_list_that_is_suddenly_empty_is_not_believed(server: PracticeEPrints) -> None:
    server.eprints.clear()

    assert everything(server)[-1].done == Done(cursor=BEGAN.isoformat(), listed=LISTED)
    again = everything(server, Since(now=NOW, memory=BEGAN.isoformat()))[-1].done
    assert again is not None
    assert (again.incomplete != "", again.cursor, again.listed) == (True, None, frozenset())


def test_a_list_that_goes_round_in_circles_is_incomplete(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("same page", address="verb=ListIdentifiers.*offset", times=None))
    last = everything(server)[-1].done

    assert last is not None
    assert (last.incomplete != "", last.cursor) == (True, None)


def test_a_run_that_broke_off_goes_on_after_the_last_id_and_needs_no_token(server: PracticeEPrints) -> None:
    first = everything(server)[0].bookmark
    server.clock = lambda: BEGAN + timedelta(hours=2)
    server.requests.clear()
    pages = everything(server, Since(now=NOW, bookmark=first))

    assert list(items(pages)) == ["5", "6", "7", "8", "9", "10"]
    assert pages[-1].done == Done(cursor=BEGAN.isoformat(), listed=LISTED)
    assert not asked(server, lambda each: "/rest/eprint/1.xml" in each)


@pytest.mark.parametrize(
    "bookmark", ["", "nonsense", "{}x", '{"after": "1"}', '{"since": 1}', '{"other": 1}', "[" * 5000]
)
def test_a_bookmark_of_another_make_is_dropped(server: PracticeEPrints, bookmark: str) -> None:
    assert len(items(everything(server, Since(now=NOW, bookmark=bookmark)))) == 10


def test_a_bookmark_of_a_full_run_says_nothing_of_what_changed(server: PracticeEPrints) -> None:
    bookmark = everything(server)[1].bookmark
    server.edit(1, title="Ebb")

    assert list(items(everything(server, Since(cursor=BEGAN.isoformat(), bookmark=bookmark, now=NOW)))) == ["1"]


def test_a_list_out_of_order_gives_no_bookmark(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("shuffled", address="verb=ListIdentifiers", times=None))
    pages = everything(server)

    assert len(items(pages)) == 10
    assert not any(page.bookmark for page in pages)


def test_an_identifier_without_a_number_is_set_aside_without_a_key(server: PracticeEPrints) -> None:
    server.oai.host = "pubs:odd"
    asides = [one for page in everything(server) for one in page.asides]

    assert len(asides) == 10
    assert all(one.keyless and "oai:pubs:odd:" in one.evidence for one in asides)


def test_a_cursor_that_is_no_time_asks_for_a_full_pull(server: PracticeEPrints) -> None:
    with pytest.raises(NotUnderstood, match="run a full pull"):
        everything(server, Since(cursor="yesterday", now=NOW))


def test_reading_asks_nothing_to_change_and_names_no_title(server: PracticeEPrints) -> None:
    everything(server)

    assert {one.method for one in server.requests} == {"GET"}


STEPS = st.lists(
    st.tuples(
        st.integers(1, 5), st.sampled_from(["show", "hide", "no_search", "deletion", "buffer", "destroy", "title"])
    ),
    max_size=8,
)


@given(STEPS)
def test_after_any_changes_a_full_pull_tells_what_is_in_the_archive_and_shown(steps: list[tuple[int, str]]) -> None:
    with practice_eprints([made(n, title=f"Tides {n}") for n in range(1, 6)]) as server:
        server.page_size = 2
        for number, step in steps:
            _step(server, number, step)
        found = items(everything(server))

        public = {key for key, one in found.items() if one.visibility == PUBLIC}
        wanted = {
            str(one.id)
            for one in server.eprints.values()
            if one.status == "archive" and one.fields.get("metadata_visibility") == "show"
        }
        assert public == wanted


def _step(server: PracticeEPrints, number: int, step: str) -> None:
    if number not in server.eprints:
        return
    if step == "destroy":
        server.destroy(number)
    elif step in ("deletion", "buffer"):
        server.move(number, step)  # type: ignore[arg-type]
    elif step == "title":
        server.edit(number, title="Ebb")
    else:
        server.edit(number, metadata_visibility=step)
