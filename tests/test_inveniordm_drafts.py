"""A draft in an InvenioRDM is somebody's unless it is plainly ours: theirs is left alone, ours is thrown away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from inveniordm_badge import BEGIN, DISCARD, ONE, PUBLISH, SAVE, SOMEBODYS, a_library, a_server, write
from inveniordm_source import FIELD, NEWER, NOW, OURS, THEIRS, changes, yes

from connectors.errors import NotUnderstood, Recalled
from connectors.inveniordm import InvenioRDM
from sandbox.inveniordm import PracticeInvenioRDM
from sandbox.inveniordm.faults import InvenioFault

server, library = a_server(), a_library()


def with_words(server: PracticeInvenioRDM, words: str = "being rewritten") -> None:
    """Somebody has begun to edit the record."""
    draft = server.begin(ONE)
    server.save(replace(draft, metadata={**draft.metadata, "description": words}))


def test_a_draft_of_somebodys_is_neither_saved_nor_published_nor_thrown_away(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    with_words(server)
    draft = server.drafts[ONE]
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, OURS)

    assert (changes(server), server.drafts[ONE]) == ([], draft)


def test_a_draft_in_which_nothing_was_changed_yet_is_somebodys_for_a_day(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.begin(ONE)
    server.clock = lambda: NOW + timedelta(hours=23)
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, OURS)
    assert changes(server) == []

    server.clock = lambda: NOW + timedelta(hours=25)
    write(library, OURS)

    assert changes(server) == [SAVE, PUBLISH]
    assert server.texts(ONE, FIELD) == (OURS,)


def test_somebody_who_begins_to_edit_between_our_look_and_our_draft_is_not_published(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.faults.append(InvenioFault("change", method="POST", address="draft$", act=with_words))
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, OURS)

    assert changes(server) == [BEGIN]
    assert server.drafts[ONE].metadata["description"] == "being rewritten"
    assert "description" not in server.records[ONE].metadata


def test_somebody_who_saves_our_draft_before_we_do_keeps_it(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    server.faults.append(InvenioFault("change", method="PUT", act=with_words))
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, OURS)

    assert changes(server) == [BEGIN, "PUT /draft 412"]
    assert server.drafts[ONE].metadata["description"] == "being rewritten"


def test_somebody_who_saves_our_draft_after_we_did_is_not_published(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.faults.append(InvenioFault("change after", method="PUT", act=with_words))
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, OURS)

    assert changes(server) == [BEGIN, SAVE]
    assert server.drafts[ONE].metadata["description"] == "being rewritten"
    assert server.texts(ONE, FIELD) == ()


def test_a_badge_in_our_field_of_a_draft_is_ours_at_once_and_anything_else_there_is_somebodys(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.save(replace(server.begin(ONE), custom_fields={FIELD: [THEIRS]}))
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, NEWER)
    assert changes(server) == []

    server.save(replace(server.begin(ONE), custom_fields={FIELD: [OURS]}))
    write(library, NEWER)

    assert server.texts(ONE, FIELD) == (NEWER,)


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"title": "T1"}},
        {"access": {"record": "restricted", "files": "restricted", "embargo": {"active": False, "reason": None}}},
        {"custom_fields": {FIELD: [OURS], "journal:journal": {"title": "J"}}},
        {"pids": {}},
        {"files": {"a.pdf": "0"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_somebody_changed_in_a_draft_that_holds_our_badge_makes_it_theirs(
    server: PracticeInvenioRDM, library: InvenioRDM, change: dict[str, Any]
) -> None:
    draft = replace(server.begin(ONE), custom_fields={FIELD: [OURS]})
    server.save(replace(draft, **change))
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        write(library, NEWER)

    assert changes(server) == []


def test_a_draft_that_we_left_behind_is_told_of_and_thrown_away_when_its_badge_is_taken_back(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.save(replace(server.begin(ONE), custom_fields={FIELD: [OURS]}))
    (copy,) = library.copies(ONE, FIELD, OURS.partition(" ")[0])
    found = library.read(copy, FIELD)
    assert found is not None
    assert found.values == (OURS,)

    with pytest.raises(Recalled):
        library.write(copy, FIELD, found, (), permit=lambda: False)
    library.write(copy, FIELD, found, (), permit=yes)

    assert (changes(server), server.drafts) == ([DISCARD], {})
    assert library.read(copy, FIELD) is None
    assert library.copies(ONE, FIELD, OURS) == ()


@pytest.mark.parametrize("texts", [[OURS, THEIRS], [OURS]])
def test_a_draft_with_our_badge_and_somebodys_work_is_not_thrown_away(
    server: PracticeInvenioRDM, library: InvenioRDM, texts: list[str]
) -> None:
    words = {} if THEIRS in texts else {"description": "being rewritten"}
    draft = server.begin(ONE)
    server.save(replace(draft, metadata={**draft.metadata, **words}, custom_fields={FIELD: texts}))
    (copy,) = library.copies(ONE, FIELD, OURS)
    found = library.read(copy, FIELD)
    assert found is not None
    with pytest.raises(NotUnderstood, match=SOMEBODYS):
        library.write(copy, FIELD, found, texts[1:], permit=yes)

    assert changes(server) == []


def test_who_may_not_see_drafts_has_left_none(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    server.save(replace(server.begin(ONE), custom_fields={FIELD: [OURS]}))
    server.may_edit = False

    assert library.copies(ONE, FIELD, OURS) == ()
