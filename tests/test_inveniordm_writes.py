"""A badge is written into a custom field of a published record, replaced and taken back, and nothing else changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
import responses
from inveniordm_badge import BEGIN, DISCARD, ONE, PUBLISH, SAVE, a_library, a_server, held, write
from inveniordm_source import FIELD, NEWER, NOW, OURS, THEIRS, Permits, changes, doi, settings, yes

from connectors.base import Held
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http import client
from connectors.inveniordm import InvenioRDM
from sandbox.inveniordm import PracticeInvenioRDM
from sandbox.inveniordm.faults import InvenioFault

server, library = a_server(), a_library()


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


def test_an_account_that_may_not_edit_is_told_which_right_it_lacks(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    server.may_edit = False
    with pytest.raises(NotUnderstood, match=r"status 403; give the account the right to edit this record"):
        write(library, OURS)

    assert changes(server) == ["POST /draft 403"]


def test_a_record_that_went_before_the_write_is_said_to_be_gone(
    server: PracticeInvenioRDM, library: InvenioRDM
) -> None:
    before = held(library)
    server.remove(ONE)
    with pytest.raises(NotUnderstood, match="the record is gone"):
        library.write(ONE, FIELD, before, [OURS], permit=yes)


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
