"""A client of other people's making, dspace-rest-client, logs in to the practice DSpace, finds, reads and writes."""

import importlib
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from dspace_source import connected
from dspace_visitor import FIELD

from connectors.base import Since
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import STAFF, Policy, made

ITEMS = [made(n, dc_title=f"Tides {n}", dc_identifier_doi=f"10.5555/tides.{n}") for n in range(45)]
VERSIONS = ("7", "7.6", "8", "9")


@pytest.fixture(params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Iterator[PracticeDSpace]:
    with practice_dspace(ITEMS, request.param) as running:
        yield running


@pytest.fixture
def client(server: PracticeDSpace) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the client imports warns of the Python that it runs on
        module = importlib.import_module("dspace_rest_client.client")
    made_by_others = module.DSpaceClient(
        api_endpoint=f"{server.url}/api", username=server.username, password=server.password
    )
    yield made_by_others
    made_by_others.session.close()
    made_by_others.solr.get_session().close()


def test_it_logs_in(client: Any) -> None:
    assert client.authenticate() is True


def test_it_is_told_of_a_wrong_password(client: Any) -> None:
    client.PASSWORD = "wrong"

    assert client.authenticate() is False


def test_it_reads_finds_and_lists(client: Any) -> None:
    client.authenticate()

    item = client.get_item(ITEMS[3].uuid).json()
    one = client.search_objects(query='dc.identifier.doi:"10.5555/tides.7"', dso_type="item")
    every = list(client.search_objects_iter(query="tides", dso_type="item"))

    assert item["metadata"]["dc.title"][0]["value"] == "Tides 3"
    assert [found.handle for found in one] == [ITEMS[7].handle]
    assert {found.uuid for found in every} == {item.uuid for item in ITEMS}
    assert len(list(client.get_items_iter())) == len(ITEMS)
    assert client.resolve_identifier_to_dso(ITEMS[5].handle).uuid == ITEMS[5].uuid


def test_it_pages_through_the_listing_and_reads_the_same_items_as_ours(server: PracticeDSpace, client: Any) -> None:
    client.authenticate()
    server.page_limit = 7

    theirs = [found.uuid for found in client.search_objects_iter(query="*:*", dso_type="item", sort="dc.title,asc")]
    names = {uuid: client.get_item(uuid).json()["metadata"]["dc.title"][0]["value"] for uuid in theirs}
    with connected(server) as library:
        pages = list(library.pull(Since(now=datetime.now(UTC))))

    assert len(theirs) == len(ITEMS)
    assert {one.key: one.title for page in pages for one in page.items} == names


def test_it_is_told_who_may_read_an_item(server: PracticeDSpace, client: Any) -> None:
    client.authenticate()
    server.change(ITEMS[0].uuid, policies=(Policy(start="2027-01-01"), STAFF))

    told = list(client.get_resource_policies_iter(parent=ITEMS[0].uuid, action="READ", embeds=["group"]))

    assert [one.startDate for one in told] == ["2027-01-01", None]
    url = f"{server.url}/api/authz/resourcepolicies/search/resource"
    document = client.api_get(url, params={"uuid": ITEMS[0].uuid, "embed": "group"}).json()
    listed = document["_embedded"]["resourcepolicies"]
    assert [one["_embedded"]["group"]["name"] for one in listed] == ["Anonymous", "Staff"]


def test_it_writes_by_patch(server: PracticeDSpace, client: Any) -> None:
    client.authenticate()
    (found,) = client.search_objects(query='dc.identifier.doi:"10.5555/tides.7"', dso_type="item")

    client.add_metadata(found, FIELD, "41")
    url = f"{server.url}/api/core/items/{ITEMS[7].uuid}"
    replaced = client.api_patch(url, "replace", f"/metadata/{FIELD}/0", {"value": "42"})
    refused = client.api_patch(url, "add", "/metadata/local.attention.unknown", [{"value": "42"}])

    assert (replaced.status_code, refused.status_code) == (200, 422)
    assert [write.after.texts(FIELD) for write in server.writes] == [("41",), ("42",)]


def test_it_logs_in_again_when_its_login_has_ended(server: PracticeDSpace, client: Any) -> None:
    client.authenticate()
    server.expire_tokens()

    answer = client.api_patch(f"{server.url}/api/core/items/{ITEMS[0].uuid}", "add", f"/metadata/{FIELD}", "42")

    assert answer.status_code == 200
    assert server.texts(ITEMS[0].uuid, FIELD) == ("42",)
