"""DSpace 7 to 9: an item is found by what it carries, one field of it is read, and only what is ours is written."""

from collections.abc import Iterator

import pytest
from dspace_source import FIELD, NEWER, OURS, THEIRS, connected, doi, sent, yes

from connectors.base import Held
from connectors.dspace import DSpace
from connectors.errors import NotAllowed, NotUnderstood
from connectors.identifiers import Identifier
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import made

ONE = made(1, dc_identifier_doi="10.5555/Harbour.1", dc_title="T")
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=["7", "7.6", "8", "9"])
def release(request: pytest.FixtureRequest) -> Iterator[PracticeDSpace]:
    with practice_dspace([ONE], version=request.param) as server:
        yield server


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace([ONE]) as server:
        yield server


@pytest.fixture
def library(server: PracticeDSpace) -> Iterator[DSpace]:
    with connected(server) as library:
        yield library


@pytest.mark.parametrize("ways", ["source", "contract"])
def test_a_badge_is_written_replaced_and_taken_back_in_every_release(release: PracticeDSpace, ways: str) -> None:
    release.adds = ways  # type: ignore[assignment]
    with connected(release) as library:
        (address,) = library.find([doi("10.5555/harbour.1")])
        library.write(address, FIELD, Held(), [OURS], permit=yes)
        first = library.read(address, FIELD)
        library.write(address, FIELD, Held(values=(OURS,)), [NEWER], permit=yes)
        second = library.read(address, FIELD)
        library.write(address, FIELD, Held(values=(NEWER,)), [], permit=yes)
        third = library.read(address, FIELD)

    assert (first, second, third) == (Held(values=(OURS,)), Held(values=(NEWER,)), Held())
    assert [status for _, status in sent(release)] == [200, 200, 200]
    assert release.items[ONE.uuid].metadata == ONE.metadata


@pytest.mark.parametrize("ways", ["source", "contract"])
@pytest.mark.parametrize(
    ("before", "values"),
    [
        ((), (OURS, THEIRS)),
        ((THEIRS,), (THEIRS, OURS)),
        ((THEIRS, OURS), (THEIRS, NEWER)),
        ((OURS, THEIRS), (NEWER, THEIRS)),
        ((OURS, THEIRS, NEWER), (THEIRS,)),
        ((THEIRS, OURS, OURS, THEIRS), (THEIRS, NEWER, THEIRS)),
        ((OURS, OURS), (OURS,)),
        ((OURS, NEWER), ()),
        ((OURS,), (NEWER, "c", "d")),
    ],
)
def test_a_field_holds_exactly_what_is_asked(
    server: PracticeDSpace, library: DSpace, ways: str, before: tuple[str, ...], values: tuple[str, ...]
) -> None:
    server.adds = ways  # type: ignore[assignment]
    server.edit(ONE.uuid, FIELD, *before)

    library.write(ONE.uuid, FIELD, Held(values=before), values, permit=yes)

    assert server.texts(ONE.uuid, FIELD) == values
    assert library.read(ONE.uuid, FIELD) == Held(values=values)
    assert len(server.writes) == 1


def test_where_nothing_differs_nothing_is_sent(server: PracticeDSpace, library: DSpace) -> None:
    library.write(ONE.uuid, FIELD, Held(values=(THEIRS, OURS)), [THEIRS, OURS], permit=yes)

    assert server.requests == []


def test_a_value_that_somebody_added_meanwhile_stays(server: PracticeDSpace, library: DSpace) -> None:
    server.edit(ONE.uuid, FIELD, OURS, THEIRS)

    library.write(ONE.uuid, FIELD, Held(values=(OURS,)), [], permit=yes)

    assert server.texts(ONE.uuid, FIELD) == (THEIRS,)


@pytest.mark.parametrize(
    "told",
    [
        "10.5555/harbour.1",
        "doi:10.5555/Harbour.1",
        "https://doi.org/10.5555/HARBOUR.1",
        " http://dx.doi.org/10.5555/harbour.1",
    ],
)
@pytest.mark.parametrize("field", ["dc_identifier_doi", "dc_identifier_uri"])
def test_an_item_is_found_however_it_tells_its_doi(told: str, field: str) -> None:
    item = made(1, **{field: ("https://hdl.handle.net/20.500.99999/1", told)})

    with practice_dspace([item]) as server, connected(server) as library:
        assert library.find([doi("10.5555/harbour.1")]) == (item.uuid,)


@pytest.mark.parametrize(
    "other", ["10.5555/harbour.1.v2", "10.5555/harbour-1", "10.5555/harbour.1/2", "see 10.5555/harbour.1, p. 3"]
)
def test_what_the_index_only_takes_for_the_doi_is_not_found(other: str) -> None:
    with practice_dspace([made(1, dc_identifier_doi=other)]) as server, connected(server) as library:
        assert library.find([doi("10.5555/harbour.1")]) == ()


@pytest.mark.parametrize(
    "strange",
    ["10.5555/a(b)c:d*e?f", '10.5555/a"b', "10.5555/a\\b", "10.5555/x&&y||z", "10.5555/[a]{b}^2~!", "10.5555/é-ø"],
)
def test_a_doi_of_strange_signs_is_asked_for_as_it_is(strange: str) -> None:
    item = made(2, dc_identifier_doi=strange)

    with practice_dspace([ONE, item]) as server, connected(server) as library:
        assert library.find([doi(strange)]) == (item.uuid,)


def test_two_items_with_one_doi_are_both_told_and_each_once() -> None:
    twins = [made(n, dc_identifier_doi="10.5555/x", dc_identifier_uri="https://doi.org/10.5555/X") for n in (1, 2)]

    with practice_dspace(twins) as server, connected(server) as library:
        found = library.find([doi("10.5555/x"), Identifier("handle", twins[0].handle)])

    assert found == tuple(sorted(twin.uuid for twin in twins))


def test_pages_are_turned_as_the_server_cuts_them() -> None:
    loose = [made(n, dc_identifier_doi=f"10.5555/x.{n}") for n in range(1, 8)]
    wanted = made(99, dc_identifier_doi="10.5555/x")

    with practice_dspace([*loose, wanted]) as server, connected(server) as library:
        server.page_limit = 3
        found = library.find([doi("10.5555/x")])
        turned = [one.query for one in server.requests if one.path.endswith("/objects")]

    assert found == (wanted.uuid,)
    assert [query.partition("page=")[2][0] for query in turned] == ["0", "1", "2"]


@pytest.mark.parametrize("change", [{"withdrawn": True}, {"in_archive": False}])
@pytest.mark.parametrize("wanted", [doi("10.5555/harbour.1"), Identifier("handle", ONE.handle)], ids=str)
def test_only_archived_items_are_found(
    server: PracticeDSpace, library: DSpace, wanted: Identifier, change: dict[str, bool]
) -> None:
    server.change(ONE.uuid, **change)

    assert library.find([wanted]) == ()


def test_an_item_is_found_by_its_handle(library: DSpace) -> None:
    assert library.find([Identifier("handle", ONE.handle)]) == (ONE.uuid,)
    assert library.find([Identifier("handle", "20.500.99999/404")]) == ()


def test_only_what_is_asked_about_leaves_the_house(server: PracticeDSpace, library: DSpace) -> None:
    found = library.find([Identifier("pmid", "12345"), Identifier("isbn", "9783161484100")])

    assert (found, server.requests) == ((), [])


def test_a_handle_that_redirects_to_another_address_names_the_mend() -> None:
    elsewhere = "https://repository.example.org/server"

    with (
        practice_dspace([ONE], configured_base=elsewhere) as server,
        connected(server) as library,
        pytest.raises(NotUnderstood, match=r"redirected to https://repository.example.org:443, .* set url"),
    ):
        library.find([Identifier("handle", ONE.handle)])


@pytest.mark.parametrize("field", ['dc.identifier.doi:"x" OR dc', "dc.identifier.*", "dc", "*:*"])
def test_a_field_of_dois_that_is_none_is_not_searched(server: PracticeDSpace, field: str) -> None:
    with connected(server, doi_fields=(field,)) as library, pytest.raises(NotAllowed, match="no metadata field"):
        library.find([doi("10.5555/x")])

    assert server.requests == []


def test_an_item_that_was_deleted_is_none(library: DSpace) -> None:
    assert library.read(NOBODY, FIELD) is None


def test_values_come_by_their_place(server: PracticeDSpace, library: DSpace) -> None:
    server.edit(ONE.uuid, FIELD, "a", "b", "c")

    assert library.read(ONE.uuid, FIELD) == Held(values=("a", "b", "c"))


def test_a_withdrawn_item_is_read_by_an_administrator_and_proves_nothing_to_others(
    server: PracticeDSpace, library: DSpace
) -> None:
    server.edit(ONE.uuid, FIELD, OURS)
    server.change(ONE.uuid, withdrawn=True)
    as_administrator = library.read(ONE.uuid, FIELD)
    server.sees_withdrawn = False

    assert as_administrator == Held(values=(OURS,))
    with pytest.raises(NotUnderstood, match=f"/api/core/items/{ONE.uuid}: withdrawn"):
        library.read(ONE.uuid, FIELD)


def test_what_anybody_would_be_told_is_not_taken_for_an_answer_to_us(server: PracticeDSpace, library: DSpace) -> None:
    server.edit(ONE.uuid, FIELD, OURS)
    server.change(ONE.uuid, withdrawn=True)
    library.read(ONE.uuid, FIELD)
    server.expire_tokens()

    assert library.read(ONE.uuid, FIELD) == Held(values=(OURS,))


def test_a_write_to_a_deleted_item_says_so(library: DSpace) -> None:
    with pytest.raises(NotUnderstood, match=f"PATCH /api/core/items/{NOBODY}: the item is gone"):
        library.write(NOBODY, FIELD, Held(), [OURS], permit=yes)


def test_a_field_that_is_not_registered_names_the_mend(server: PracticeDSpace, library: DSpace) -> None:
    server.fields.discard(FIELD)

    with pytest.raises(NotUnderstood, match=rf"422; register {FIELD} in the metadata registry \(docs/dspace.md\)"):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)


def test_an_account_without_rights_names_the_mend_and_is_not_asked_twice(
    server: PracticeDSpace, library: DSpace
) -> None:
    server.may_write = False

    with pytest.raises(NotUnderstood, match="status 403; give the account the right to edit this item"):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert len(sent(server)) == 1


@pytest.mark.parametrize(
    "address", ["", "1", "../../authn/logout", f"{NOBODY}/../x", NOBODY.replace("4", "g"), f"{NOBODY}\n"]
)
def test_an_address_that_is_no_uuid_goes_into_no_path(server: PracticeDSpace, library: DSpace, address: str) -> None:
    with pytest.raises(NotUnderstood, match="no UUID"):
        library.read(address, FIELD)
    with pytest.raises(NotUnderstood, match="no UUID"):
        library.write(address, FIELD, Held(), [OURS], permit=yes)

    assert server.requests == []


@pytest.mark.parametrize("field", ["local", "local.a.b.c", "local..x", "local.a/b", "", "local.a~1b", " dc.title"])
def test_a_field_that_is_none_is_neither_read_nor_written(server: PracticeDSpace, library: DSpace, field: str) -> None:
    with pytest.raises(NotAllowed, match=r"is no metadata field; write schema\.element"):
        library.read(ONE.uuid, field)
    with pytest.raises(NotAllowed, match="is no metadata field"):
        library.write(ONE.uuid, field, Held(), [OURS], permit=yes)

    assert server.requests == []


@pytest.mark.parametrize("what", ["login page", "not json"])
def test_what_is_no_document_proves_nothing(server: PracticeDSpace, library: DSpace, what: str) -> None:
    library.read(ONE.uuid, FIELD)
    server.faults.append(DSpaceFault(what, address="/items/"))

    with pytest.raises(NotUnderstood, match="JSON"):
        library.read(ONE.uuid, FIELD)
