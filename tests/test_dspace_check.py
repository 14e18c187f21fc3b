"""What `check --connect` says of a DSpace, each with its mend; and answers that are not what they should be."""

from collections.abc import Iterator

import pytest
import responses
from dspace_source import FIELD, NOW, connected, doi, settings
from pydantic import SecretStr

from connectors.base import Finding, Since
from connectors.dspace import DSpace
from connectors.dspace.items import values
from connectors.errors import NotUnderstood
from connectors.http import client
from connectors.records import Done
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import made

ONE = made(1, dc_identifier_doi="10.5555/harbour.1", dc_title="T")
BASE = "https://repository.example.edu/server"
SEARCH = f"{BASE}/api/discover/search/objects"


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace([ONE]) as server:
        yield server


def said(server: PracticeDSpace, **more: object) -> list[Finding]:
    with connected(server, **more) as library:
        return list(library.check())


def wrong(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(found.what, found.mend) for found in findings if not found.ok]


@pytest.mark.parametrize(
    ("version", "name"), [("7", "DSpace 7.5"), ("7.6", "DSpace 7.6.2"), ("8", "DSpace 8.1"), ("9", "DSpace 9.0")]
)
def test_all_that_is_well_is_said(version: str, name: str) -> None:
    with practice_dspace([ONE], version=version) as server:
        findings = said(server)

    assert wrong(findings) == []
    assert [found.what for found in findings] == [
        f"{name} answers",
        "the login is accepted, with its CSRF token",
        "the account's rights are not told",
        f"{FIELD} is in the metadata registry",
        "DOIs are looked for in dc.identifier.doi, dc.identifier.uri",
        "1 items are listed",
        "the index tells when items were modified",
        "READ policies are told to the account",
        "the first 1 outputs: 1 public",
    ]


def test_of_what_is_only_written_to_nothing_is_said_about_reading(server: PracticeDSpace) -> None:
    findings = said(server, read=False)

    assert findings[-1].what == "DOIs are looked for in dc.identifier.doi, dc.identifier.uri"
    assert not any("discover" in one.path for one in server.requests)


def test_a_server_that_tells_no_time_is_said_to_be_read_whole_by_every_pull(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("no date", times=None))

    assert [what for what, _ in wrong(said(server))] == ["the source does not tell the time"]
    with connected(server) as library:
        assert list(library.pull(Since(now=NOW)))[-1].done == Done(listed=frozenset({"item"}))


def test_nothing_is_written_by_checking(server: PracticeDSpace) -> None:
    said(server)

    assert {one.method for one in server.requests if not one.path.endswith("/login")} == {"GET"}


def test_how_it_is_found_out_who_may_see_an_item_is_said(server: PracticeDSpace) -> None:
    server.reads_policies = False
    closed = said(server)
    server.special_groups = ("Campus",)
    campus = said(server)
    alone = said(server, username=None, password=None, push=None, field=None)

    shown = "the account may not read READ policies, so an item is public where it is shown to anybody"
    assert shown in [found.what for found in closed]
    assert wrong(closed) == []
    assert [what for what, _ in wrong(campus)] == [
        "the account may not read READ policies, and what is shown to us may not be shown to anybody",
        "1 of the first 1 outputs: we may be in a group of this DSpace without a login, so what we may see, "
        "not everybody may",
    ]
    assert wrong(alone)[0][0].startswith("there is no account to read READ policies, and what is shown")


def test_an_index_that_cannot_be_asked_is_named(server: PracticeDSpace) -> None:
    server.dated = False
    undated = said(server)
    server.dated = True
    server.faults.append(DSpaceFault("nothing", address=r"resourceid%3A%5B80000000", times=None))
    uncut = said(server)

    assert [what for what, _ in wrong(undated)] == [
        "the index does not tell when items were modified, and OAI does not either: "
        "its index does not have what changed before the last 2 days"
    ]
    assert ("1 items are listed, and 0 in two halves" in [what for what, _ in wrong(uncut)]) is (ONE.uuid >= "8")


def test_what_a_dspace_cannot_say_of_people_is_said(server: PracticeDSpace) -> None:
    server.put(made(1001, dspace_entity_type="Person", dc_title="Harbourmaster, Ann"))

    findings = said(server, people=True)

    told = "the first 1 people: 1 public; current: 1 not told; academic: 1 not told; student: 1 not told"
    assert told in [found.what for found in findings]
    assert any("without people_map nobody is in a scope that asks for it" in found.what for found in findings)
    assert [what for what, _ in wrong(findings)] == ["a DSpace has no word for how visible authorships are"]


def test_whoever_pushes_needs_an_account(server: PracticeDSpace) -> None:
    assert ("there is no account", "set username and password; only accounts may write") in wrong(
        said(server, username=None, password=None)
    )


def test_a_field_that_is_not_registered_is_named(server: PracticeDSpace) -> None:
    server.fields -= {FIELD, "dc.identifier.doi"}

    findings = said(server)

    assert wrong(findings) == [(f"{FIELD} is not in the metadata registry", "register it; docs/dspace.md says how")]
    assert "DOIs are looked for in dc.identifier.uri" in [found.what for found in findings]


def test_a_field_without_qualifier_is_told_from_its_longer_sisters(server: PracticeDSpace) -> None:
    server.fields |= {"local.attention.score", "local.other"}

    assert wrong(said(server, field="local.attention")) != []
    assert wrong(said(server, field="local.other")) == []


def test_where_no_doi_can_be_found_that_is_named(server: PracticeDSpace) -> None:
    assert wrong(said(server, doi_fields=("dc.nothing",))) == [
        ("DOIs are looked for in no field", "set doi_fields to where this repository keeps DOIs")
    ]


@pytest.mark.parametrize("field", ["local", "a.b.c.d"])
def test_a_field_that_is_none_is_named_before_anything_is_asked(server: PracticeDSpace, field: str) -> None:
    assert said(server, field=field) == [
        Finding(
            ok=False,
            what=f'"{field}" is no metadata field; write schema.element or schema.element.qualifier',
        )
    ]
    assert server.requests == []


def test_a_wrong_password_is_named(server: PracticeDSpace) -> None:
    findings = said(server, password=SecretStr("guess"))

    assert [found.ok for found in findings] == [True, False]
    assert "the login was refused; check username and password" in findings[1].what


def test_an_address_that_is_none_of_a_dspace_is_named(server: PracticeDSpace) -> None:
    findings = said(server, url=f"{server.url}/api")

    assert "no DSpace answers here; set url to the address of the REST API" in findings[0].what
    assert len(findings) == 1


def test_a_login_page_before_it_is_named(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("login page"))

    assert "no JSON; is url the address of the API" in said(server)[0].what


def test_an_address_of_its_own_that_differs_is_named() -> None:
    with practice_dspace([ONE], configured_base="https://repository.example.org/server") as server:
        findings = said(server)

    assert [what for what, _ in wrong(findings)] == ["DSpace calls its own address https://repository.example.org:443"]


@responses.activate
@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("DSpace 6.3", "DSpace 6.3 answers"),
        ("DSpace 10.0-SNAPSHOT", "DSpace 10.0 answers"),
        (7, "DSpace 7 answers"),
        (None, "DSpace of an unknown version answers"),
    ],
)
def test_a_version_this_was_not_written_for_is_named(server: PracticeDSpace, told: object, what: str) -> None:
    _speaking()
    responses.get(f"{BASE}/api", json={"dspaceVersion": told})
    responses.get(f"{BASE}/api/core/sites", status=404)
    responses.get(SEARCH, status=422)
    responses.get(f"{BASE}/api/core/metadatafields/search/byFieldName", json={})

    assert _said(server)[0].what == what


@responses.activate
@pytest.mark.parametrize(
    ("rights", "ok", "what"),
    [
        ([{"type": "authorization"}], True, "the account is an administrator"),
        ([], False, "the account is no administrator"),
    ],
)
def test_the_rights_of_the_account_are_said_where_they_are_told(
    server: PracticeDSpace, rights: list[object], ok: bool, what: str
) -> None:
    _speaking()
    responses.get(f"{BASE}/api", json={"dspaceVersion": "DSpace 8.1"})
    site = {"_links": {"self": {"href": f"{BASE}/api/core/sites/s"}}}
    responses.get(f"{BASE}/api/core/sites", json={"_embedded": {"sites": [site]}})
    asked = {"uri": f"{BASE}/api/core/sites/s", "eperson": "e", "feature": "administratorOf"}
    responses.get(
        f"{BASE}/api/authz/authorizations/search/object",
        json={"_embedded": {"authorizations": rights}},
        match=[responses.matchers.query_param_matcher(asked)],
    )
    responses.get(f"{BASE}/api/core/metadatafields/search/byFieldName", json={})
    responses.get(SEARCH, status=422)

    found = _said(server)[2]

    assert (found.ok, found.what) == (ok, what)


@responses.activate
@pytest.mark.parametrize("told", [[], "x", {"authenticated": "true"}, {"authenticated": False}, {}])
def test_who_is_not_known_after_a_login_is_told_so(server: PracticeDSpace, told: object) -> None:
    responses.get(f"{BASE}/api", json={"dspaceVersion": "DSpace 8.1"})
    _speaking(status=told)

    assert not _said(server)[-1].ok


GOOD = {
    "uuid": ONE.uuid,
    "inArchive": True,
    "withdrawn": False,
    "metadata": {"dc.identifier.uri": [{"value": "10.5555/x"}]},
}
PAGE = {"number": 0, "size": 100, "totalPages": 1, "totalElements": 1}


def _result(page: object = PAGE, **item: object) -> dict[str, object]:
    hit = {"_embedded": {"indexableObject": {**GOOD, **item}}}
    return {"_embedded": {"searchResult": {"page": page, "_embedded": {"objects": [hit]}}}}


@responses.activate
@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"_embedded": {"searchResult": {}}},
        {"_embedded": {"searchResult": {"page": PAGE}}},
        {"_embedded": {"searchResult": {"page": PAGE, "_embedded": {"objects": ["x"]}}}},
        _result(page={**PAGE, "number": 1}),
        _result(page={**PAGE, "number": "0"}),
        _result(page={**PAGE, "totalElements": 1001}),
        _result(page={**PAGE, "totalPages": -1}),
        _result(uuid="../../authn/logout"),
        _result(uuid=None),
        _result(metadata=None),
        _result(metadata={"dc.identifier.uri": "10.5555/x"}),
        _result(metadata={"dc.identifier.uri": [{"value": 5}]}),
        _result(metadata={"dc.identifier.uri": [None]}),
    ],
    ids=str,
)
def test_a_search_that_answers_otherwise_than_it_should_finds_nothing(server: PracticeDSpace, told: object) -> None:
    _speaking()
    responses.get(SEARCH, json=told)
    found = settings(server, url=BASE)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotUnderstood):
        library.find([doi("10.5555/x")])


@responses.activate
@pytest.mark.parametrize("flags", [{"inArchive": "true"}, {"withdrawn": None}, {"withdrawn": 0}, {"inArchive": 1}])
def test_a_flag_that_is_none_is_no_flag(server: PracticeDSpace, flags: dict[str, object]) -> None:
    _speaking()
    responses.get(SEARCH, json=_result(**flags))
    found = settings(server, url=BASE)

    with DSpace(found, client(found, basic=False)) as library:
        assert library.find([doi("10.5555/x")]) == ()


@responses.activate
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"withdrawn": true, "withdrawn": false}',
        b"[]",
        b"null",
        b'{"uuid": 1}',
        b'{"uuid": "',
        b"\xff\xfe",
        b'{"a": ' + b"9" * 5000 + b"}",
        b"",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_document_that_is_none_proves_nothing(server: PracticeDSpace, body: bytes) -> None:
    _speaking()
    responses.get(f"{BASE}/api/core/items/{ONE.uuid}", body=body, content_type="application/json")
    found = settings(server, url=BASE)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotUnderstood):
        library.read(ONE.uuid, FIELD)


@responses.activate
@pytest.mark.parametrize(
    "other", [{"uuid": made(2).uuid}, {"metadata": None}, {"metadata": {FIELD: "x"}}, {"metadata": {}}]
)
def test_an_item_that_is_not_the_one_or_shows_nothing_proves_nothing(
    server: PracticeDSpace, other: dict[str, object]
) -> None:
    _speaking()
    responses.get(f"{BASE}/api/core/items/{ONE.uuid}", json={**GOOD, **other})
    found = settings(server, url=BASE)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotUnderstood):
        library.read(ONE.uuid, FIELD)


def test_values_are_in_the_order_of_their_place() -> None:
    told = [{"value": "c", "place": 2}, {"value": "a", "place": 0}, {"value": "b\ud800", "place": 1}]

    assert values({FIELD: told}, FIELD) == ("a", "b?", "c")
    assert values({FIELD: [{"value": "a"}, {"value": "b"}]}, FIELD) == ("a", "b")


def _speaking(status: object = None) -> None:
    """A DSpace that lets us in."""
    known = {"authenticated": True, "_links": {"eperson": {"href": f"{BASE}/api/eperson/epersons/e"}}}
    responses.get(f"{BASE}/api/security/csrf", status=204, headers={"DSPACE-XSRF-TOKEN": "x"})
    responses.post(f"{BASE}/api/authn/login", headers={"Authorization": "Bearer abc"})
    responses.get(f"{BASE}/api/authn/status", json=known if status is None else status)


def _said(server: PracticeDSpace) -> list[Finding]:
    found = settings(server, url=BASE)
    with DSpace(found, client(found, basic=False)) as library:
        return list(library.check())
