"""Badges where items are copied, and where the identifiers that led to them are corrected."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from push_library import FIELD, THEIRS, Library, opened

from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import values

COPY = str(UUID(int=7))


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Library]:
    """Two badges are out, and the item of the first has a second version."""
    with opened(tmp_path) as library:
        library.first_push()
        with library.server.lock:
            first = library.server.items[library.uuid("one")]
            library.server.items[COPY] = replace(first, uuid=COPY, handle=f"{first.handle}.2")
        yield library


def test_a_copy_is_cleared_with_the_item_it_was_made_of(copied: Library) -> None:
    copied.tell(one="private")

    report = copied.push()

    assert report["withdrawn"] == 1
    assert copied.texts("one") == copied.server.texts(COPY, FIELD) == ()
    assert copied.scores() == {"two": "6"}


def test_what_else_stands_in_a_copy_stays(copied: Library) -> None:
    copied.server.edit(COPY, FIELD, THEIRS, *copied.server.texts(COPY, FIELD))
    copied.tell(one="private")

    copied.push()

    assert copied.server.texts(COPY, FIELD) == (THEIRS,)


def test_a_copy_that_cannot_be_cleared_is_tried_again(copied: Library) -> None:
    copied.server.faults.append(DSpaceFault("status", status=500, method="PATCH", address=COPY))
    copied.tell(one="private")

    assert copied.push(code=3)["failed"] == 1
    assert copied.server.texts(COPY, FIELD) != ()
    assert copied.push()["withdrawn"] == 1

    assert copied.server.texts(COPY, FIELD) == ()


def test_looking_for_copies_names_nothing_of_the_output(copied: Library) -> None:
    asked = len(copied.server.requests)
    copied.tell(one="private")

    copied.push()

    told = " ".join(f"{each.path} {each.query} {each.body!r}" for each in copied.server.requests[asked:])
    assert "10.5555" not in told
    assert "Canary" not in told


def test_an_index_without_the_field_keeps_no_withdrawal(copied: Library) -> None:
    copied.server.faults.append(DSpaceFault("status", status=422, address="query=local"))
    copied.tell(one="private")

    assert copied.push()["withdrawn"] == 1

    assert copied.texts("one") == ()


def test_an_item_that_only_looks_alike_is_left_alone(copied: Library) -> None:
    with copied.server.lock:
        other = replace(copied.server.items[COPY], metadata={"dc.title": values("Another"), FIELD: values(THEIRS)})
        copied.server.items[COPY] = other
    copied.tell(one="private")

    copied.push()

    assert copied.server.texts(COPY, FIELD) == (THEIRS,)


def test_a_corrected_doi_leaves_a_badge_where_the_handle_still_leads(copied: Library) -> None:
    """Nothing is written, and an edit in the same field is not swept away with it."""
    handle = copied.server.items[copied.uuid("one")].handle
    copied.columns["one"] = f"10.5555/one,{handle}"
    copied.tell()
    written = len(copied.server.writes)
    copied.columns["one"] = f"10.5555/corrected,{handle}"
    copied.tell()

    report = copied.push()

    assert (report["withdrawn"], report["written"], len(copied.server.writes)) == (0, 0, written)
    assert copied.scores() == {"one": "3", "two": "6"}
    copied.tell(one="private")
    assert copied.push()["withdrawn"] == 1


def test_a_corrected_doi_takes_a_badge_along_when_nothing_else_leads_there(copied: Library) -> None:
    copied.columns["one"] = "10.5555/five,"
    copied.tell()

    report = copied.push()

    assert report["withdrawn"] == 1
    assert copied.texts("one") == ()
    assert copied.texts("five")[0].split(" ")[1] == "0"  # its mentions named the other DOI


def test_nothing_is_written_to_an_item_that_has_become_anothers(copied: Library) -> None:
    copied.server.edit(copied.uuid("two"), FIELD)
    copied.server.edit(copied.uuid("two"), "dc.identifier.doi", "10.5555/elsewhere")
    copied.mention(two=1)
    copied.days(8)

    report = copied.push()

    assert (report["written"], report["not_found"]) == (0, 1)
    assert copied.texts("two") == ()
