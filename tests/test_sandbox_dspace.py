"""The practice DSpace against the public contract, by raw requests: who may ask, items, search, identifiers, fields."""

import base64
import json
from collections.abc import Iterator

import pytest
import requests
from dspace_visitor import Visitor

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import STAFF, Policy, items_of, made
from sandbox.institution import example

VERSIONS = ("7", "7.6", "8", "9")
ITEM = made(
    1,
    dc_title="Tides & <quays>",
    dc_contributor_author=("Quill, Ada", "Moss, Ben"),
    dc_identifier_doi="10.5555/example.1",
    dc_identifier_uri=("https://hdl.handle.net/20.500.99999/1", "doi:10.5555/example.1"),
)
NEAR = made(2, dc_identifier_doi="10.5555/EXAMPLE-1.v2")
OTHER = made(3, dc_title="Moss and tides", dc_identifier_uri="https://doi.org/10.5555/example.3")


@pytest.fixture(params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Iterator[PracticeDSpace]:
    with practice_dspace([ITEM, NEAR, OTHER], request.param) as running:
        yield running


@pytest.fixture
def visitor(server: PracticeDSpace) -> Iterator[Visitor]:
    with Visitor(server) as someone:
        yield someone


@pytest.mark.parametrize(
    ("version", "root", "endpoint"), [("7", True, 404), ("7.6", True, 204), ("8", False, 204), ("9", False, 204)]
)
def test_where_a_token_comes_from_depends_on_the_release(version: str, root: bool, endpoint: int) -> None:
    with practice_dspace([ITEM], version) as server, Visitor(server) as one, Visitor(server) as other:
        first, second = one.get(""), other.get("security/csrf")

        assert ("DSPACE-XSRF-TOKEN" in first.headers, bool(first.cookies)) == (root, root)
        assert second.status_code == endpoint
        assert other.token == second.cookies["DSPACE-XSRF-COOKIE"]


def test_a_token_that_was_given_is_not_given_again(visitor: Visitor) -> None:
    visitor.get("security/csrf")

    assert "DSPACE-XSRF-TOKEN" not in visitor.get("security/csrf").headers
    assert "DSPACE-XSRF-TOKEN" not in visitor.get("").headers


def test_a_changing_request_needs_header_and_cookie_and_a_refusal_brings_new_ones(visitor: Visitor) -> None:
    visitor.get("security/csrf")
    token = visitor.token

    alone = visitor.ask("POST", "authn/login", headers={"X-XSRF-TOKEN": "another"})
    visitor.session.cookies.clear()
    without = visitor.ask("POST", "authn/login")
    empty = requests.post(f"{visitor.server.url}/api/authn/login", headers={"X-XSRF-TOKEN": ""}, timeout=10)

    for answer in (alone, without, empty):
        assert (answer.status_code, answer.json()["message"]) == (403, "Access is denied. Invalid CSRF token.")
    assert len({token, alone.headers["DSPACE-XSRF-TOKEN"], without.headers["DSPACE-XSRF-TOKEN"]}) == 3
    assert visitor.enter().status_code == 200


def test_a_login_gives_a_bearer_that_expires_and_another_token(visitor: Visitor) -> None:
    visitor.get("security/csrf")
    token = visitor.token

    answer = visitor.enter()

    assert (answer.status_code, answer.content) == (200, b"")
    assert visitor.token != token
    claims = json.loads(base64.urlsafe_b64decode(visitor.bearer.split(".")[1] + "=="))
    assert {"eid", "sg", "exp"} <= claims.keys()
    assert visitor.get("authn/status").json()["authenticated"] is True
    now = visitor.server.logins.clock() + visitor.server.token_seconds + 1
    visitor.server.logins.clock = lambda: now
    assert visitor.get("authn/status").json()["authenticated"] is False


def test_a_wrong_password_is_refused_and_told_how_to_log_in(visitor: Visitor) -> None:
    answer = visitor.enter("wrong")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("password realm=")
    assert "Authorization" not in answer.headers


def test_a_password_in_the_address_is_none(visitor: Visitor) -> None:
    visitor.get("security/csrf")
    told = {"user": visitor.server.username, "password": visitor.server.password}

    assert visitor.ask("POST", "authn/login", params=told).status_code == 401


def test_a_bearer_is_renewed_while_it_is_good(visitor: Visitor) -> None:
    visitor.enter()
    renewed = visitor.ask("POST", "authn/login")
    visitor.server.expire_tokens()

    assert renewed.headers["Authorization"].startswith("Bearer ")
    assert visitor.ask("POST", "authn/login").status_code == 401


def test_a_logout_ends_every_login_of_the_account(server: PracticeDSpace, visitor: Visitor) -> None:
    with Visitor(server) as elsewhere:
        elsewhere.enter()
        visitor.enter()

        assert visitor.ask("POST", "authn/logout").status_code == 204
        assert elsewhere.get("authn/status").json()["authenticated"] is False


@pytest.mark.parametrize("bearer", ["Bearer a.b.c", "Bearer ", "Basic YTpi", "Bearer ä.ö.ü"])
def test_a_bad_bearer_counts_as_nobody(visitor: Visitor, bearer: str) -> None:
    visitor.enter()
    visitor.bearer = bearer.encode().decode("latin-1")

    assert visitor.get(f"core/items/{ITEM.uuid}").status_code == 200
    assert visitor.get("core/items").status_code == 401


def test_the_root_tells_the_release_and_absolute_links(visitor: Visitor) -> None:
    document = visitor.get("").json()

    assert document["dspaceVersion"].startswith(f"DSpace {visitor.server.release.name.split()[1]}")
    assert document["_links"]["self"]["href"] == f"{visitor.server.url}/api"


def test_an_item_is_told_as_dspace_tells_it(visitor: Visitor) -> None:
    document = visitor.get(f"core/items/{ITEM.uuid}").json()

    assert document["metadata"]["dc.contributor.author"][1] == {
        "value": "Moss, Ben", "language": None, "authority": None, "confidence": -1, "place": 1,
    }  # fmt: skip
    assert (document["uuid"], document["handle"], document["name"]) == (ITEM.uuid, ITEM.handle, "Tides & <quays>")
    assert (document["inArchive"], document["withdrawn"], document["discoverable"]) == (True, False, True)
    assert document["lastModified"] == "2026-01-05T08:00:00.000+00:00"
    assert document["_links"]["self"]["href"] == f"{visitor.server.url}/api/core/items/{ITEM.uuid}"


def test_errors_have_one_form(visitor: Visitor) -> None:
    answer = visitor.get("core/items/00000000-0000-0000-0000-000000000000")

    assert answer.status_code == 404
    assert answer.json().keys() == {"timestamp", "status", "error", "message", "path"}
    assert answer.json()["path"].startswith("/server/api/core/items/0000")


def test_a_withdrawn_item_is_empty_to_all_but_administrators(visitor: Visitor) -> None:
    visitor.server.change(ITEM.uuid, withdrawn=True, in_archive=False)
    anonymous = visitor.get(f"core/items/{ITEM.uuid}")
    visitor.enter()
    admin = visitor.get(f"core/items/{ITEM.uuid}")
    visitor.server.sees_withdrawn = False
    editor = visitor.get(f"core/items/{ITEM.uuid}")

    assert [answer.status_code for answer in (anonymous, admin, editor)] == [200, 200, 200]
    assert [bool(answer.json()["metadata"]) for answer in (anonymous, admin, editor)] == [False, True, False]


def test_a_restricted_item_needs_a_login_and_is_found_with_one_only(visitor: Visitor) -> None:
    visitor.server.change(OTHER.uuid, policies=(STAFF,))

    assert visitor.get(f"core/items/{OTHER.uuid}").status_code == 401
    assert visitor.found("quays OR moss") == [ITEM.handle]
    visitor.enter()
    assert visitor.get(f"core/items/{OTHER.uuid}").status_code == 200
    assert set(visitor.found("quays OR moss")) == {ITEM.handle, OTHER.handle}


def test_the_list_of_all_items_is_for_administrators(visitor: Visitor) -> None:
    visitor.server.change(NEAR.uuid, withdrawn=True, in_archive=False)
    visitor.enter()

    listed = visitor.get("core/items").json()
    visitor.server.sees_withdrawn = False

    assert [item["handle"] for item in listed["_embedded"]["items"]] == [ITEM.handle, OTHER.handle]
    assert visitor.get("core/items").status_code == 403


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ('dc.identifier.doi:"10.5555/example.1"', {1, 2}),  # analysed: who looks for a DOI must look at what is found
        ('dc.identifier.doi:"10.5555/example.1" OR dc.identifier.uri:"doi.org/10.5555/example.3"', {1, 2, 3}),
        ('dc.identifier.uri:"10.5555/example.1"', {1}),
        ('handle:"20.500.99999/1"', {1}),
        ("handle:20.500.99999\\/1", {1}),
        ('dc.title:("moss" OR "quays")', {1, 3}),
        ("tides moss", {1, 3}),
        ("dc.title:tides AND dc.title:moss", {3}),
        ("https\\:\\/\\/doi.org\\/10.5555\\/example.3", {3}),
        ("*:*", {1, 2, 3}),
        ("", {1, 2, 3}),
        ("nowhere", set()),
    ],
)
def test_a_search_understands_a_little_solr(visitor: Visitor, query: str, numbers: set[int]) -> None:
    assert set(visitor.found(query)) == {f"20.500.99999/{number}" for number in numbers}


@pytest.mark.parametrize("query", ["https://doi.org/10.5555/1", 'dc.title:"open', "a:", "(a", "a OR", "a)", "[a TO b]"])
def test_a_query_that_cannot_be_read_is_refused(visitor: Visitor, query: str) -> None:
    assert visitor.get("discover/search/objects", query=query).status_code == 422


@pytest.mark.parametrize(
    "bad", [{"size": 0}, {"size": -1}, {"page": -1}, {"sort": "lastModified,asc"}, {"dsoType": "x"}]
)
def test_bad_parameters_of_a_search_are_refused(visitor: Visitor, bad: dict[str, object]) -> None:
    assert visitor.get("discover/search/objects", **bad).status_code == 400


@pytest.mark.parametrize("hidden", [{"withdrawn": True}, {"in_archive": False}, {"discoverable": False}])
def test_what_is_not_to_be_found_is_not_found(visitor: Visitor, hidden: dict[str, object]) -> None:
    visitor.server.change(OTHER.uuid, **hidden)
    visitor.enter()

    assert OTHER.handle not in visitor.found("*:*")


def test_a_page_too_large_is_cut_without_a_word_and_pages_lead_to_the_next() -> None:
    with practice_dspace([made(n, dc_title="T") for n in range(250)]) as server, Visitor(server) as visitor:
        document = visitor.get("discover/search/objects", query="t", size=1000).json()
        seen = []
        while document:
            result = document["_embedded"]["searchResult"]
            seen += [thing["_embedded"]["indexableObject"]["uuid"] for thing in result["_embedded"]["objects"]]
            link = result["_links"].get("next")
            document = visitor.session.get(link["href"], timeout=10).json() if link else None

        assert result["page"] == {"number": 2, "size": 100, "totalPages": 3, "totalElements": 250}
        assert len(set(seen)) == 250


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("20.500.99999/1", 302), ("hdl:20.500.99999/1", 302), ("https://hdl.handle.net/20.500.99999/1", 302),
        ("doi:10.5555/MINTED.1", 302), ("10.5555/minted.1", 302), ("20.500.99999/99", 404),
        ("doi:10.5555/example.1", 404),  # a DOI that somebody else registered is not resolved
    ],
)  # fmt: skip
def test_handles_and_own_dois_lead_to_their_item(visitor: Visitor, asked: str, status: int) -> None:
    visitor.server.change(ITEM.uuid, minted="10.5555/minted.1")

    answer = visitor.get("pid/find", id=asked)

    where = f"{visitor.server.url}/api/core/items/{ITEM.uuid}" if status == 302 else None
    assert (answer.status_code, answer.headers.get("Location")) == (status, where)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"schema": "local", "element": "attention", "qualifier": "score"}, ["score"]),
        ({"schema": "local", "element": "attention"}, ["badge", "score"]),
        ({"exactName": "local.attention.score"}, ["score"]),
        ({"exactName": "dc.title"}, [None]),
        ({"exactName": "local.attention"}, []),
        ({"schema": "nowhere"}, []),
    ],
)
def test_the_registry_tells_its_fields(visitor: Visitor, asked: dict[str, str], names: list[str | None]) -> None:
    document = visitor.get("core/metadatafields/search/byFieldName", **asked).json()

    assert [field["qualifier"] for field in document["_embedded"]["metadatafields"]] == names
    assert document["page"]["totalElements"] == len(names)


def test_addresses_may_begin_with_what_is_configured() -> None:
    base = "https://repository.example.edu/server"
    with practice_dspace([ITEM], configured_base=base) as server, Visitor(server) as visitor:
        where = visitor.get("pid/find", id=ITEM.handle).headers["Location"]

    assert where == f"{base}/api/core/items/{ITEM.uuid}"


def test_the_institution_tells_its_dois_in_every_way_a_repository_does() -> None:
    institution = example(outputs=160, people=10, mentions=0)
    items = {int(item.handle.rpartition("/")[2]): item for item in items_of(institution)}

    ways = {
        n % 8: (i.texts("dc.identifier.doi"), i.texts("dc.identifier.uri")[1:]) for n, i in items.items() if n > 50150
    }
    assert institution.outputs.keys() - items.keys() == {n for n in institution.outputs if n % 8 == 7}
    assert ways[3][0][0].startswith("https://doi.org/10.5555/EXAMPLE.")
    assert ways[4][1][0].startswith("https://doi.org/10.5555/")
    assert ways[5][1][0].startswith("doi:10.5555/")
    assert ways[6] == ((), ())


POLICIES = "authz/resourcepolicies/search/resource"


def test_policies_are_told_to_those_who_may_ask_with_their_group_where_asked(visitor: Visitor) -> None:
    visitor.server.change(ITEM.uuid, policies=(STAFF, Policy(start="2027-01-01", end="2028-01-01"), Policy(group=None)))
    anonymous = visitor.get(POLICIES, uuid=ITEM.uuid)
    visitor.enter()
    told = visitor.get(POLICIES, uuid=ITEM.uuid, action="READ", embed="group").json()
    bare = visitor.get(POLICIES, uuid=ITEM.uuid).json()
    unknown = visitor.get(POLICIES, uuid="00000000-0000-4000-8000-000000000000")
    visitor.server.reads_policies = False
    refused = visitor.get(POLICIES, uuid=ITEM.uuid)

    assert [one.status_code for one in (anonymous, unknown, refused)] == [401, 422, 403]
    listed = told["_embedded"]["resourcepolicies"]
    assert [(one["action"], one["startDate"], one["endDate"]) for one in listed] == [
        ("READ", None, None),
        ("READ", "2027-01-01", "2028-01-01"),
        ("READ", None, None),
    ]
    groups = [one["_embedded"]["group"] for one in listed]
    assert [group and (group["name"], group["permanent"]) for group in groups] == [
        ("Staff", False),
        ("Anonymous", True),
        None,
    ]
    assert told["page"]["totalElements"] == 3
    assert not any("_embedded" in one for one in bare["_embedded"]["resourcepolicies"])


def test_an_item_is_shown_to_anybody_while_a_policy_for_anonymous_is_in_force(visitor: Visitor) -> None:
    shown = {}
    for name, policy in {
        "from": Policy(start="2999-01-01"),
        "until": Policy(end="2000-01-01"),
        "now": Policy(),
    }.items():
        visitor.server.change(ITEM.uuid, policies=(policy,))
        shown[name] = (visitor.get(f"core/items/{ITEM.uuid}").status_code, ITEM.handle in visitor.found("*:*"))

    assert shown == {"from": (401, False), "until": (401, False), "now": (200, True)}


def test_groups_by_address_are_told_to_anybody_and_open_what_is_theirs(visitor: Visitor) -> None:
    visitor.server.change(ITEM.uuid, policies=(Policy(group="Campus"),))
    none = visitor.get("authn/status/specialGroups").json()
    closed = visitor.get(f"core/items/{ITEM.uuid}").status_code
    visitor.server.special_groups = ("Campus",)

    one = visitor.get("authn/status/specialGroups").json()

    assert (none["page"]["totalElements"], closed) == (0, 401)
    assert [group["name"] for group in one["_embedded"]["specialGroups"]] == ["Campus"]
    assert visitor.get(f"core/items/{ITEM.uuid}").status_code == 200


def test_only_the_search_of_administrators_finds_what_is_withdrawn_or_hidden(visitor: Visitor) -> None:
    visitor.server.change(ITEM.uuid, withdrawn=True)
    visitor.server.change(NEAR.uuid, discoverable=False)
    view = {"configuration": "administrativeView"}

    anybody = visitor.found("*:*", **view)
    visitor.enter()

    assert anybody == visitor.found("*:*") == [OTHER.handle]
    assert sorted(visitor.found("*:*", **view)) == [ITEM.handle, NEAR.handle, OTHER.handle]


def test_ranges_of_uuids_and_dates_are_searched_with_both_ends(visitor: Visitor) -> None:
    uuids = sorted(one.uuid for one in (ITEM, NEAR, OTHER))
    handles = {one.uuid: one.handle for one in (ITEM, NEAR, OTHER)}

    assert visitor.found(f"(*:*) AND search.resourceid:[{uuids[0]} TO {uuids[1]}]") == [
        handles[uuids[0]],
        handles[uuids[1]],
    ]
    assert visitor.found(f"search.resourceid:[{uuids[2][:8]} TO *]") == [handles[uuids[2]]]
    assert len(visitor.found("lastModified:[2026-01-05T08:00:00Z TO *]")) == 3
    assert visitor.found("lastModified:[2026-01-05T08:00:01Z TO *]") == []
    assert visitor.get("discover/search/objects", query="dc.title:[a TO b]").status_code == 422


def test_an_index_that_lags_finds_what_was_and_shows_what_is(visitor: Visitor) -> None:
    visitor.server.lag()
    visitor.server.edit(ITEM.uuid, "dc.title", "Harbours")
    visitor.server.remove(OTHER.uuid)

    assert visitor.found("dc.title:quays") == [ITEM.handle]
    assert visitor.found("dc.title:harbours") == []
    assert len(visitor.found("*:*")) == 2
    visitor.server.catch_up()
    assert visitor.found("dc.title:harbours") == [ITEM.handle]
