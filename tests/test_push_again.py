"""Badges that were pushed where outputs are joined into others, and where items become those of other outputs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from push_library import BASE, FIELD, Library, lost, opened

from sandbox.dspace.faults import DSpaceFault
from sync.store import pushing

MONTH = 31


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two public works, not pushed yet; one private."""
    with opened(tmp_path) as library:
        yield library


@pytest.fixture
def joined(library: Library) -> Library:
    """Of two works one is found by its handle, the other nowhere; then a DOI shows that both are one output, the
    second. Its score is nine."""
    library.columns["one"] = f",{library.server.items[library.uuid('one')].handle}"
    del library.server.items[library.uuid("two")]
    library.tell()
    assert library.push()["written"] == 1
    library.columns["one"] = f"10.5555/two{library.columns['one']}"
    library.tell()
    return library


def badge(library: Library, work: str) -> str:
    """The address of the badge of a work."""
    (row,) = [row for row in library.house.rows() if row["doi"] == f"10.5555/{work}"]
    return f"{BASE}/badge/output/{row['output']}.svg"


def test_a_badge_goes_along_with_its_output_in_one_write(joined: Library) -> None:
    (before,) = joined.texts("one")
    assert before.split(" ")[0] != badge(joined, "two")
    writes = len(joined.server.writes)

    report = joined.push()

    (after,) = joined.texts("one")
    assert (report["written"], report["withdrawn"], len(joined.server.writes)) == (1, 0, writes + 1)
    assert after.split(" ")[:2] == [badge(joined, "two"), "6"]
    assert joined.push()["written"] == 0
    assert joined.stands()["pushed"]["badges"] == 1


def test_a_badge_that_may_have_been_written_goes_along_as_well(library: Library) -> None:
    handle = library.server.items[library.uuid("one")].handle
    library.columns["one"] = f",{handle}"
    del library.server.items[library.uuid("two")]
    library.tell()
    lost(library.server)
    library.house.run("push")
    library.server.faults.clear()
    library.columns["one"] = f"10.5555/two,{handle}"
    library.tell()
    library.days(1)

    assert library.push()["written"] == 1

    assert library.texts("one")[0].startswith(badge(library, "two"))


def test_a_badge_does_not_go_along_where_the_output_may_not_show(joined: Library) -> None:
    joined.tell(two="private")

    report = joined.push()

    assert (report["withdrawn"], report["written"], joined.texts("one")) == (1, 0, ())
    assert joined.stands()["pushed"]["badges"] == 0


def test_a_hidden_output_is_not_named_by_its_own_address_when_its_former_badge_is_withdrawn(joined: Library) -> None:
    address = badge(joined, "two")
    joined.tell(two="private")
    asked = len(joined.server.requests)

    joined.push()

    told = " ".join(f"{each.path} {each.query} {each.body!r}" for each in joined.server.requests[asked:])
    assert address.rpartition("/")[2].removesuffix(".svg") not in told


def test_a_badge_does_not_go_along_where_nothing_that_leads_there_is_left(joined: Library) -> None:
    joined.columns["one"] = "10.5555/two,"
    joined.tell()

    report = joined.push()

    assert (report["withdrawn"], joined.texts("one")) == (1, ())


def test_a_badge_that_somebody_changed_is_still_ours_after_it_went_along(joined: Library) -> None:
    (before,) = joined.texts("one")
    joined.server.edit(joined.uuid("one"), FIELD, f"see {before.split(' ')[0]} (library)")
    joined.push()
    joined.tell(two="private")
    joined.days(1)

    joined.push()

    assert joined.texts("one") == ()


def test_a_copy_with_the_former_badge_is_cleared_before_the_ledger_forgets_it(joined: Library) -> None:
    copy = "00000000-0000-4000-8000-000000000007"
    with joined.server.lock:
        first = joined.server.items[joined.uuid("one")]
        joined.server.items[copy] = replace(first, uuid=copy, handle=f"{first.handle}.2")

    assert joined.push()["written"] == 1

    assert joined.server.texts(copy, FIELD) == ()


def test_where_both_had_a_badge_one_stays_and_the_other_is_withdrawn(library: Library) -> None:
    library.columns["one"] = f",{library.server.items[library.uuid('one')].handle}"
    library.tell()
    library.push()
    library.columns["one"] = f"10.5555/two{library.columns['one']}"
    library.tell()

    report = library.push()

    assert (report["withdrawn"], library.texts("one")) == (1, ())
    assert library.texts("two")[0].startswith(badge(library, "two"))


@pytest.fixture
def pushed(library: Library) -> Library:
    """Two public works whose badges were pushed a month ago."""
    library.first_push().days(MONTH)
    return library


def test_each_address_is_looked_for_anew_once_in_a_month(pushed: Library) -> None:
    def searches() -> int:
        return sum("discover" in each.path for each in pushed.server.requests)

    writes, before = len(pushed.server.writes), searches()

    pushed.push()

    assert searches() == before + 2
    pushed.push()
    assert (searches(), len(pushed.server.writes)) == (before + 2, writes)


def test_only_a_share_is_looked_for_anew_in_one_push(pushed: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "LEAST", 1)
    seen = len(pushed.server.requests)

    pushed.push()

    assert sum("discover" in each.path for each in pushed.server.requests[seen:]) == 1


def test_an_item_that_was_deleted_and_deposited_anew_gets_its_badge_again(pushed: Library) -> None:
    with pushed.server.lock:
        old = pushed.server.items.pop(pushed.uuid("one"))
        new = replace(
            old, uuid="00000000-0000-4000-8000-000000000008", handle="123456789/8", metadata=dict(old.metadata)
        )
        new.metadata.pop(FIELD)
        pushed.server.items[new.uuid] = new

    report = pushed.push()

    assert report["written"] == 1
    assert pushed.server.texts(new.uuid, FIELD)[0].startswith(badge(pushed, "one"))


def test_a_badge_follows_its_doi_to_another_item(pushed: Library) -> None:
    pushed.server.edit(pushed.uuid("one"), "dc.identifier.doi", "10.5555/elsewhere")
    pushed.server.edit(pushed.uuid("five"), "dc.identifier.doi", "10.5555/one")

    report = pushed.push()

    assert (report["withdrawn"], report["written"]) == (1, 1)
    assert (pushed.texts("one"), pushed.texts("five")[0].split(" ")[0]) == ((), badge(pushed, "one"))


def test_an_identifier_that_leads_nowhere_is_asked_for_twice_before_a_badge_is_taken_back(pushed: Library) -> None:
    """The index may only be late."""
    pushed.server.edit(pushed.uuid("one"), "dc.identifier.doi", "10.5555/elsewhere")

    first = pushed.push()
    at_once = pushed.push()
    there = pushed.scores()
    pushed.days(1.1)
    second = pushed.push()

    assert (first["withdrawn"], at_once["withdrawn"], there) == (0, 0, {"one": "3", "two": "6"})
    assert (second["withdrawn"], second["not_found"], pushed.scores()) == (1, 1, {"two": "6"})


def test_an_index_that_was_late_costs_no_badge(pushed: Library) -> None:
    pushed.server.edit(pushed.uuid("one"), "dc.identifier.doi", "10.5555/elsewhere")
    pushed.push()
    pushed.server.edit(pushed.uuid("one"), "dc.identifier.doi", "10.5555/one")
    pushed.days(1.1)

    assert pushed.push()["withdrawn"] == 0

    assert pushed.stands()["pushed"]["failed_or_edited"] == 0
    pushed.server.edit(pushed.uuid("one"), "dc.identifier.doi", "10.5555/elsewhere")
    pushed.days(MONTH)
    assert pushed.push()["withdrawn"] == 0  # it begins to doubt anew


def test_a_search_that_fails_costs_no_badge_and_is_asked_again_in_a_day(pushed: Library) -> None:
    pushed.server.faults.append(DSpaceFault("status", status=422, address="discover/search", times=None))
    assert pushed.push(code=3)["failed"] == 2
    assert pushed.scores() == {"one": "3", "two": "6"}

    assert pushed.push()["failed"] == 0
    pushed.server.faults.clear()
    pushed.days(1.1)

    assert pushed.push()["outcome"] == "done"


def test_what_a_system_asks_for_when_it_refuses_a_write_is_kept(library: Library) -> None:
    """And nothing else is sent to it by this push."""
    fault = DSpaceFault("status", status=429, method="PATCH", retry_after="7200", times=None)
    library.server.faults.append(fault)

    report = library.push(code=1)

    assert (report["failed"], len([each for each in library.server.requests if each.method == "PATCH"])) == (1, 1)
    library.server.faults.clear()
    library.days(1.9 / 24)
    assert library.push()["written"] == 1
    library.days(0.2 / 24)
    assert library.push()["written"] == 1


def test_a_system_that_asks_for_patience_is_asked_nothing_more_by_that_push(pushed: Library) -> None:
    pushed.tell(one="private", four="public")
    pushed.server.faults.append(DSpaceFault("status", status=429, method="PATCH", retry_after="7200"))

    report = pushed.push(code=1)

    assert (report["failed"], pushed.server.requests[-1].method) == (1, "PATCH")
    pushed.days(1)
    report = pushed.push()
    assert (report["withdrawn"], report["written"]) == (1, 1)
