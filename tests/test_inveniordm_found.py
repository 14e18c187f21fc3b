"""Which records of an InvenioRDM are found, by a DOI or by the badge in them, and what their field holds."""

from pathlib import Path
from typing import Any

import pytest
from inveniordm_badge import ONE, a_library, a_server, held
from inveniordm_source import FIELD, OURS, THEIRS, doi, recorded

from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.inveniordm import InvenioRDM
from connectors.inveniordm.edit import revision_of, values_of
from sandbox.inveniordm import PracticeInvenioRDM
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import id_of

server, library = a_server(), a_library()


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


def test_a_real_record_holds_what_was_written_into_it(shared_data: Path) -> None:
    record = recorded(shared_data, "recorded-here/record_public.txt")

    assert values_of(record, "attn:score") == ("42.5",)
    assert values_of(record, FIELD) == ()
    assert revision_of(record) == "5"
