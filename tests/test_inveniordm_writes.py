"""A badge in a custom field of a published record: its draft is somebody's unless it is plainly ours."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import responses
from inveniordm_source import (
    FIELD,
    NEWER,
    NOW,
    OURS,
    THEIRS,
    Permits,
    changes,
    connected,
    doi,
    recorded,
    settings,
    several,
    yes,
)

from connectors.base import Held
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http import client
from connectors.identifiers import Identifier
from connectors.inveniordm import InvenioRDM
from connectors.inveniordm.edit import revision_of, values_of
from sandbox.inveniordm import PracticeInvenioRDM, practice_inveniordm
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import id_of

ONE = id_of(1)
BEGIN, SAVE, PUBLISH = "POST /draft 201", "PUT /draft 200", "POST /draft/actions/publish 202"
DISCARD = "DELETE /draft 204"
SOMEBODYS = "a draft of somebody's is open; it was left alone"
Act = Callable[[PracticeInvenioRDM], None]


@pytest.fixture
def server() -> Iterator[PracticeInvenioRDM]:
    with practice_inveniordm(several(2)) as server:
        server.clock = lambda: NOW
        yield server


@pytest.fixture
def library(server: PracticeInvenioRDM) -> Iterator[InvenioRDM]:
    with connected(server) as library:
        yield library


def held(library: InvenioRDM) -> Held:
    found = library.read(ONE, FIELD)
    assert found is not None
    return found


def write(library: InvenioRDM, *values: str, permit: Callable[[], bool] = yes) -> None:
    library.write(ONE, FIELD, held(library), values, permit=permit)


def test_a_badge_is_written_replaced_and_taken_back_in_the_same_version(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    before = server.records[ONE]
    seen = []
    for values in ((OURS,), (NEWER,), (THEIRS, OURS), ()):
        write(library, *values)
        seen.append(held(library).values)

    after = server.records[ONE]
    assert seen == [(OURS,), (NEWER,), (THEIRS, OURS), ()]
    assert changes(server) == [BEGIN, SAVE, PUBLISH] * 4
    assert replace(after, updated=before.updated, revision=before.revision) == before
    assert FIELD not in after.custom_fields
    assert server.drafts == {}


def test_everything_else_in_a_record_is_sent_along_since_what_is_left_out_is_gone(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    metadata = {**server.records[ONE].metadata, "description": "<p>Tides</p>", "subjects": [{"subject": "sea"}]}
    files = {"tides.pdf": "5d41402abc4b2a76b9719d911017c592"}
    fields = {"journal:journal": {"title": "Journal of Harbours"}}
    server.change(ONE, metadata=metadata, files=files, custom_fields=fields, communities=("library",))

    write(library, OURS)

    after = server.records[ONE]
    assert (after.metadata, after.files, after.communities) == (metadata, files, ("library",))
    assert after.custom_fields == {**fields, FIELD: [OURS]}


def test_where_nothing_differs_nothing_is_asked(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    server.edit(ONE, FIELD, OURS)
    write(library, OURS)

    assert changes(server) == []


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


def test_what_others_published_in_the_field_meanwhile_stays(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    before = held(library)
    server.edit(ONE, FIELD, THEIRS)
    with pytest.raises(NotUnderstood, match="the record was changed since it was read"):
        library.write(ONE, FIELD, before, [OURS], permit=yes)
    assert changes(server) == []

    server.edit(ONE, FIELD)
    server.faults.append(InvenioFault("change", method="POST", act=lambda s: s.edit(ONE, FIELD, THEIRS)))
    with pytest.raises(NotUnderstood, match="the record was changed since it was read"):
        write(library, OURS)

    assert changes(server) == [BEGIN, DISCARD]
    assert (server.texts(ONE, FIELD), server.drafts) == ((THEIRS,), {})


def test_a_record_that_was_published_anew_is_read_again_first(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    before = held(library)
    server.change(ONE, metadata={**server.records[ONE].metadata, "description": "new"})
    with pytest.raises(NotUnderstood, match="the record was changed since it was read"):
        library.write(ONE, FIELD, before, [OURS], permit=yes)

    assert changes(server) == []


def test_a_field_that_is_not_declared_is_said_to_be_so_and_our_draft_is_taken_back(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.fields.discard(FIELD)
    with pytest.raises(NotUnderstood, match=f"{FIELD} was not taken; declare it in RDM_CUSTOM_FIELDS as a list"):
        write(library, OURS)

    assert changes(server) == [BEGIN, SAVE, DISCARD]
    assert server.drafts == {}


def test_a_record_that_is_not_valid_any_more_is_left_to_who_can_mend_it(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    metadata = {name: told for name, told in server.records[ONE].metadata.items() if name != "publication_date"}
    server.change(ONE, metadata=metadata)
    with pytest.raises(NotUnderstood, match=r"status 400; .* not valid any more, and somebody must mend it first"):
        write(library, OURS)

    assert changes(server) == [BEGIN, SAVE, "POST /draft/actions/publish 400", DISCARD]
    assert server.drafts == {}


def test_advice_beside_a_draft_that_is_not_about_our_field_hinders_nothing(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    advice = '{"errors": [{"field": "metadata.rights", "messages": ["Think of a licence."], "severity": "info"}], "id"'
    server.faults.append(InvenioFault("rewrite", method="PUT", old='^{"id"', new=advice))
    write(library, OURS)

    assert server.texts(ONE, FIELD) == (OURS,)


def test_a_draft_that_is_saved_as_something_else_is_not_published(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.faults.append(InvenioFault("rewrite", method="PUT", old='"title": "T1"', new='"title": "T"'))
    with pytest.raises(NotUnderstood, match="the draft is not what was sent"):
        write(library, OURS)

    assert changes(server) == [BEGIN, SAVE, DISCARD]


@pytest.mark.parametrize("left", [0, 1, 2])
def test_permission_is_asked_before_each_request_and_where_it_ends_our_draft_goes(
    server: PracticeInvenioRDM, library: InvenioRDM, left: int
) -> None:
    permit = Permits(left)
    with pytest.raises(Recalled):
        write(library, OURS, permit=permit)

    assert permit.asked == left + 1
    assert changes(server) == [BEGIN, SAVE][:left] + [DISCARD] * (left > 0)
    assert (server.texts(ONE, FIELD), server.drafts) == ((), {})


@pytest.mark.parametrize(
    ("lost", "after"),
    [("draft$", timedelta(days=1)), ("publish$", timedelta(0))],
)
@pytest.mark.parametrize("what", ["hang up after", "status after", "truncated", "status", "hang up before"])
def test_a_write_that_broke_off_is_made_good_by_the_next(
    server: PracticeInvenioRDM, library: InvenioRDM, lost: str, after: timedelta, what: str
) -> None:
    server.faults.append(InvenioFault(what, method="POST", address=lost))  # type: ignore[arg-type]
    with pytest.raises(TryLater, match="whether it was done, only reading can tell"):
        write(library, OURS)

    server.clock = lambda: NOW + after
    write(library, NEWER)

    assert held(library).values == (NEWER,)
    assert server.drafts == {}


@pytest.mark.parametrize("what", ["hang up after", "status after", "hang up before"])
def test_a_save_that_broke_off_is_gone_on_with(server: PracticeInvenioRDM, library: InvenioRDM, what: str) -> None:
    server.faults.append(InvenioFault(what, method="PUT"))  # type: ignore[arg-type]
    with pytest.raises(TryLater):
        write(library, OURS)
    assert ONE in server.drafts

    server.clock = lambda: NOW + timedelta(days=1)
    write(library, NEWER)

    assert (server.texts(ONE, FIELD), server.drafts) == ((NEWER,), {})


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


def test_an_account_that_may_not_edit_is_told_which_right_it_lacks(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.may_edit = False
    with pytest.raises(NotUnderstood, match=r"status 403; give the account the right to edit this record"):
        write(library, OURS)

    assert changes(server) == ["POST /draft 403"]


def test_a_record_that_is_gone_holds_nothing_and_one_that_is_not_for_us_proves_nothing(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.remove(id_of(2))
    assert library.read(id_of(2), FIELD) is None
    assert library.read("nobody-knows", FIELD) is None

    server.sees = False
    server.change(ONE, access={"record": "restricted"})
    with pytest.raises(NotUnderstood, match="refused with status 403"):
        library.read(ONE, FIELD)


def test_a_record_that_went_before_the_write_is_said_to_be_gone(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    before = held(library)
    server.remove(ONE)
    with pytest.raises(NotUnderstood, match="the record is gone"):
        library.write(ONE, FIELD, before, [OURS], permit=yes)


@pytest.mark.parametrize(
    ("told", "values"),
    [(None, ()), ([], ()), ([OURS, THEIRS], (OURS, THEIRS)), (OURS, (OURS,)), (["\ud800"], ("?",))],
)
def test_a_field_is_read_as_it_is_declared(
    server: PracticeInvenioRDM, library: InvenioRDM, told: Any, values: tuple[str, ...]
) -> None:
    server.change(ONE, custom_fields={FIELD: told})

    assert held(library).values == values


@pytest.mark.parametrize("told", [[1], {"x": "y"}, 42, [None]])
def test_a_field_that_holds_no_texts_is_not_read_as_empty(
    server: PracticeInvenioRDM, library: InvenioRDM, told: Any
) -> None:
    server.change(ONE, custom_fields={FIELD: told})
    with pytest.raises(NotUnderstood, match="is no text"):
        library.read(ONE, FIELD)


def test_a_record_is_found_by_its_own_doi_and_no_other(server: PracticeInvenioRDM, library: InvenioRDM) -> None:
    near = {"doi": {"identifier": "10.5555/Harbour.1.2", "provider": "external"}}
    other = [{"scheme": "doi", "identifier": "10.5555/harbour.1"}]
    server.change(id_of(2), pids=near)
    assert library.find([doi("10.5555/harbour.1")]) == (ONE,)
    assert library.find([doi("10.5555/HARBOUR.1.2")]) == (id_of(2),)

    server.change(id_of(2), metadata={**server.records[id_of(2)].metadata, "identifiers": other})
    assert library.find([doi("10.5555/harbour.1")]) == (ONE,)
    server.change(id_of(2), pids={})
    assert library.find([doi("10.5555/harbour.1")]) == (ONE, id_of(2))
    assert library.find([Identifier("pmid", "1"), doi("10.5555/nobody")]) == ()


def test_what_is_deleted_or_not_for_us_is_not_found_though_the_index_has_it(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    def deleted(server: PracticeInvenioRDM) -> None:
        server.remove(ONE)

    server.faults.append(InvenioFault("change after", address="/api/records\\?q", act=deleted))

    assert library.find([doi("10.5555/harbour.1")]) == ()


@pytest.mark.parametrize("text", ['10.5555/a"b', "10.5555/a\\b", "10.1002/(sici)1096:1<1::aid-x>3.0.co;2-#"])
def test_a_doi_with_signs_that_mean_something_to_a_search_is_looked_for_as_it_is(
    server: PracticeInvenioRDM, library: InvenioRDM, text: str
) -> None:
    server.change(ONE, pids={"doi": {"identifier": text, "provider": "external"}})

    assert library.find([Identifier("doi", text)]) == (ONE,)


def test_copies_in_next_versions_are_found_by_the_badge_that_they_carry(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.edit(ONE, FIELD, OURS)
    server.edit(id_of(2), FIELD, THEIRS, OURS)
    server.change(ONE, latest=False)
    badge = OURS.partition(" ")[0]

    assert library.copies(ONE, FIELD, badge) == (id_of(2),)
    assert library.copies(id_of(2), FIELD, badge) == (ONE,)
    assert library.copies(ONE, FIELD, badge.replace("11", "12")) == ()


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


@responses.activate
def test_zenodo_takes_no_fields_of_others_and_is_asked_for_nothing() -> None:
    found = settings("https://zenodo.org", "secret-token", sets=["university-of-example"], push="public", field=FIELD)
    with InvenioRDM(found, client(found)) as library:
        for ask in (
            lambda: library.find([doi("10.5555/x")]),
            lambda: library.write("1", FIELD, Held(), [OURS], permit=yes),
        ):
            with pytest.raises(NotAllowed, match=r"push: zenodo\.org takes no fields of others; leave push out"):
                ask()
        (finding,) = library.check()

    assert not finding.ok
    assert len(responses.calls) == 0


def test_a_real_record_holds_what_was_written_into_it(shared_data: Path) -> None:
    record = recorded(shared_data, "recorded-here/record_public.txt")

    assert values_of(record, "attn:score") == ("42.5",)
    assert values_of(record, FIELD) == ()
    assert revision_of(record) == "5"
