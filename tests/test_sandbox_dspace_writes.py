"""The practice DSpace when it is written to, by raw requests: JSON Patch in both ways, refusals, and every fault."""

from collections.abc import Iterator
from time import sleep

import pytest
import requests
from dspace_visitor import FIELD, Visitor, add

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault, What
from sandbox.dspace.items import made
from sandbox.dspace.patch import Ways

ITEM = made(1, dc_title="Tides", dc_contributor_author=("Quill, Ada", "Moss, Ben", "Fenn, Cy"))
AUTHORS = "/metadata/dc.contributor.author"
PATH = f"/metadata/{FIELD}"


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace([ITEM], "9") as running:
        yield running


@pytest.fixture
def visitor(server: PracticeDSpace) -> Iterator[Visitor]:
    with Visitor(server) as someone:
        someone.enter()
        yield someone


def held(server: PracticeDSpace, field: str = FIELD) -> tuple[str, ...]:
    return server.texts(ITEM.uuid, field)


@pytest.mark.parametrize("kind", ["application/json-patch+json", "application/json;charset=UTF-8"])
def test_a_patch_is_stored_answered_with_the_new_state_and_listed(visitor: Visitor, kind: str) -> None:
    answer = visitor.patch(ITEM.uuid, add("42"), kind=kind)

    (write,) = visitor.server.writes
    assert answer.status_code == 200
    assert answer.json()["metadata"][FIELD] == [
        {"value": "42", "language": None, "authority": None, "confidence": -1, "place": 0}
    ]
    assert (write.uuid, write.before.texts(FIELD), write.after.texts(FIELD)) == (ITEM.uuid, (), ("42",))
    assert write.after.last_modified > write.before.last_modified
    assert visitor.server.requests[-1].body.startswith(b"[")


@pytest.mark.parametrize(
    ("ways", "operations", "left"),
    [
        # the released source: `add` to a field puts the first value in front and replaces nothing
        ("source", [add("new", "newer")], ("new", "a", "b")),
        ("source", [add("new", at="/1")], ("new", "a", "b")),
        ("source", [{"op": "replace", "path": PATH, "value": [{"value": "new"}, {"value": "newer"}]}], ("new",)),
        # the contract, which is RFC 6902
        ("contract", [add("new", "newer")], ("new", "newer")),
        ("contract", [add("new", at="/1")], ("a", "new", "b")),
        ("contract", [{"op": "replace", "path": PATH, "value": [{"value": "n"}, {"value": "m"}]}], ("n", "m")),
    ],
)
def test_a_whole_field_is_written_in_two_ways(
    visitor: Visitor, ways: Ways, operations: list[object], left: tuple[str, ...]
) -> None:
    visitor.server.edit(ITEM.uuid, FIELD, "a", "b")
    visitor.server.adds = ways

    assert visitor.patch(ITEM.uuid, *operations).status_code == 200
    assert held(visitor.server) == left


@pytest.mark.parametrize("ways", ["source", "contract"])
@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([{"op": "remove", "path": PATH}], ()),
        ([{"op": "remove", "path": f"{PATH}/0"}], ("b",)),
        ([{"op": "remove", "path": PATH}, add("x"), add("y", at="/-")], ("x", "y")),
        ([add("x", at="/-")], ("a", "b", "x")),
        ([{"op": "replace", "path": f"{PATH}/1", "value": {"value": "x"}}], ("a", "x")),
        ([{"op": "replace", "path": f"{PATH}/1/value", "value": "x"}], ("a", "x")),
        ([{"op": "move", "from": f"{PATH}/1", "path": f"{PATH}/0"}], ("b", "a")),
        ([{"op": "copy", "from": f"{PATH}/0", "path": f"{PATH}/0"}], ("a", "b", "a")),
        ([], ("a", "b")),
    ],
)
def test_most_operations_mean_the_same_in_both(
    visitor: Visitor, ways: Ways, operations: list[object], left: tuple[str, ...]
) -> None:
    visitor.server.edit(ITEM.uuid, FIELD, "a", "b")
    visitor.server.adds = ways

    assert visitor.patch(ITEM.uuid, *operations).status_code == 200
    assert held(visitor.server) == left


def test_a_property_of_a_value_can_be_replaced_and_the_others_stay(visitor: Visitor) -> None:
    visitor.patch(ITEM.uuid, {"op": "replace", "path": f"{AUTHORS}/1/language", "value": "cy"})
    visitor.patch(ITEM.uuid, {"op": "replace", "path": f"{AUTHORS}/1/confidence", "value": "600"})

    value = visitor.server.items[ITEM.uuid].metadata["dc.contributor.author"][1]
    assert (value.value, value.language, value.confidence) == ("Moss, Ben", "cy", 600)


def test_an_item_can_be_withdrawn_and_hidden_by_patch(visitor: Visitor) -> None:
    visitor.patch(ITEM.uuid, {"op": "replace", "path": "/withdrawn", "value": True})
    document = visitor.patch(ITEM.uuid, {"op": "replace", "path": "/discoverable", "value": False}).json()

    assert (document["withdrawn"], document["inArchive"], document["discoverable"]) == (True, False, False)


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "add", "path": "/metadata/local.attention.unknown", "value": [{"value": "x"}]}, 422),
        ({"op": "remove", "path": "/metadata/local.attention.unknown"}, 422),
        ({"op": "remove", "path": f"{AUTHORS}/3"}, 422),
        ({"op": "remove", "path": f"{AUTHORS}/-"}, 400),
        ({"op": "remove", "path": f"{AUTHORS}/one"}, 400),
        ({"op": "replace", "path": f"{AUTHORS}/3", "value": {"value": "x"}}, 422),
        ({"op": "replace", "path": f"{AUTHORS}/0/colour", "value": "x"}, 422),
        ({"op": "replace", "path": f"{AUTHORS}/0/confidence", "value": "high"}, 400),
        ({"op": "move", "from": f"{AUTHORS}/0", "path": f"{AUTHORS}/3"}, 422),
        ({"op": "move", "path": f"{AUTHORS}/0"}, 400),
        ({"op": "test", "path": f"{AUTHORS}/0", "value": "x"}, 422),
        ({"op": "add", "path": PATH, "value": []}, 400),
        ({"op": "add", "path": PATH, "value": [{"value": 42}]}, 400),
        ({"op": "add", "path": PATH, "value": [{"value": "x", "text": "y"}]}, 400),
        ({"op": "add", "path": PATH}, 400),
        ({"op": "add", "path": "/name", "value": "x"}, 422),
        ({"op": "replace", "path": "/metadata", "value": {}}, 422),
        ({"path": PATH, "value": "x"}, 400),
        ("remove", 400),
    ],
)
def test_a_bad_operation_is_refused_and_those_before_it_are_undone(
    visitor: Visitor, operation: object, status: int
) -> None:
    answer = visitor.patch(ITEM.uuid, add("42"), operation)

    assert answer.status_code == status
    assert held(visitor.server) == ()
    assert visitor.server.writes == []
    assert visitor.server.items[ITEM.uuid].last_modified == ITEM.last_modified


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": PATH},
        add("x", at="/-"),
        add("x", at="/1"),
        {"op": "replace", "path": PATH, "value": [{"value": "x"}]},
    ],
)
def test_the_contract_minds_what_is_not_there_and_the_source_does_not(
    visitor: Visitor, operation: dict[str, object]
) -> None:
    visitor.server.adds = "contract"
    by_contract = visitor.patch(ITEM.uuid, operation)
    visitor.server.adds = "source"
    by_source = visitor.patch(ITEM.uuid, operation)

    assert (by_contract.status_code, by_source.status_code) == (422, 200)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"op": "add"}', "application/json", 400),
        (b"[{", "application/json", 400),
        (b"[NaN]", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "text/plain", 415),
        (b"[]", "", 415),
    ],
)
def test_what_is_no_patch_is_refused(visitor: Visitor, body: bytes, kind: str, status: int) -> None:
    answer = visitor.ask("PATCH", f"core/items/{ITEM.uuid}", data=body, headers={"Content-Type": kind})

    assert answer.status_code == status


def test_who_may_not_write_is_refused(visitor: Visitor) -> None:
    visitor.server.may_write = False
    without_rights = visitor.patch(ITEM.uuid, add("42"))
    visitor.server.expire_tokens()
    without_login = visitor.patch(ITEM.uuid, add("42"))
    visitor.token = "forged"
    forged = visitor.patch(ITEM.uuid, add("42"))

    assert [answer.status_code for answer in (without_rights, without_login, forged)] == [403, 401, 403]
    assert "CSRF" not in without_rights.json()["message"]
    assert "CSRF" in forged.json()["message"]
    assert visitor.server.writes == []


def test_a_field_that_leaves_the_registry_is_refused(visitor: Visitor) -> None:
    visitor.server.fields.remove(FIELD)

    assert visitor.patch(ITEM.uuid, add("42")).status_code == 422


def test_an_item_that_is_gone_is_not_there(visitor: Visitor) -> None:
    visitor.server.remove(ITEM.uuid)

    assert visitor.patch(ITEM.uuid, add("42")).status_code == 404
    assert visitor.get(f"core/items/{ITEM.uuid}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_other_changes_of_an_item_are_not_practised(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, f"core/items/{ITEM.uuid}", json={}).status_code == 405


@pytest.mark.parametrize(
    ("what", "stored"),
    [("hang up before", ()), ("hang up after", ("42",)), ("hang up midway", ("42",)), ("truncated", ("42",))],
)
def test_an_answer_may_be_lost_before_and_after_storing(visitor: Visitor, what: What, stored: tuple[str, ...]) -> None:
    visitor.server.faults.append(DSpaceFault(what, method="PATCH"))

    with pytest.raises(requests.RequestException):
        visitor.patch(ITEM.uuid, add("42"))

    assert held(visitor.server) == stored
    assert visitor.get(f"core/items/{ITEM.uuid}").status_code == 200


@pytest.mark.parametrize(
    ("what", "status", "stored"),
    [
        ("status", 503, ()), ("status after", 500, ("42",)), ("forget", 200, ()), ("login page", 200, ()),
        ("not json", 200, ("42",)),
    ],
)  # fmt: skip
def test_an_answer_may_say_other_than_what_was_done(
    visitor: Visitor, what: What, status: int, stored: tuple[str, ...]
) -> None:
    visitor.server.faults.append(DSpaceFault(what, method="PATCH", status=status))

    answer = visitor.patch(ITEM.uuid, add("42"))

    assert (answer.status_code, held(visitor.server)) == (status, stored)
    assert [bool(write) for write in visitor.server.writes] == [True] * len(stored)


def test_what_is_forgotten_is_answered_as_if_it_were_stored(visitor: Visitor) -> None:
    visitor.server.faults.append(DSpaceFault("forget"))

    assert FIELD in visitor.patch(ITEM.uuid, add("42")).json()["metadata"]
    assert FIELD not in visitor.get(f"core/items/{ITEM.uuid}").json()["metadata"]


def test_patience_can_be_asked_for(visitor: Visitor) -> None:
    visitor.server.faults.append(DSpaceFault("status", status=429, retry_after="7"))

    answer = visitor.get("core/items")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_tokens_may_change_with_every_answer(visitor: Visitor) -> None:
    visitor.server.faults.append(DSpaceFault("rotate", times=None))

    tokens = [visitor.get(path).headers["DSPACE-XSRF-TOKEN"] for path in ("", "authn/status")]

    assert len({*tokens, visitor.token}) == 2
    assert visitor.patch(ITEM.uuid, add("42")).status_code == 200


def test_somebody_else_may_edit_at_the_worst_moment(visitor: Visitor) -> None:
    visitor.server.edit(ITEM.uuid, FIELD, "ours")
    visitor.server.faults.append(
        DSpaceFault("change", method="PATCH", act=lambda server: server.edit(ITEM.uuid, FIELD, "theirs", "ours"))
    )

    visitor.patch(ITEM.uuid, {"op": "remove", "path": f"{PATH}/0"})

    assert held(visitor.server) == ("ours",)


def test_a_slow_write_may_be_stored_after_its_client_has_gone(visitor: Visitor) -> None:
    visitor.server.faults.append(DSpaceFault("slow", method="PATCH", seconds=60))

    with pytest.raises(requests.Timeout):
        visitor.ask("PATCH", f"core/items/{ITEM.uuid}", json=[add("42")], timeout=0.2)

    assert held(visitor.server) == ()
    visitor.server.closing.set()  # ends the waiting
    while not visitor.server.writes:
        sleep(0.01)
    assert held(visitor.server) == ("42",)


def test_a_fault_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no fault"):
        DSpaceFault("explode")
