"""Real answers of a real DSpace-CRIS, read; what is expected is looked up in them by hand, not by our reading."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import responses
from oai_source import cassette, tags

from config.settings import Connection
from config.visibility import Visibility
from connectors.dspace.access import FLAGS, Access
from connectors.dspace.oai import Changed, Oai
from connectors.dspace.records import Rules, is_output, output
from connectors.dspace.search import Row, sheet
from connectors.http import client
from connectors.people_map import PeopleMap
from connectors.records import Authorship, Item

BASE = "https://repository.example.edu/server"
OPEN = Access(visibility=Visibility.PUBLIC, raw={})
RULES = Rules(doi_fields=("dc.identifier.doi",), people=True, links=Visibility.PUBLIC, people_map=PeopleMap({}))


@pytest.fixture(params=["dspace_ex_fetch_item.json", "dspace_ex_fetch_item_with_embeds.json"])
def body(shared_data: Path, request: pytest.FixtureRequest) -> Any:
    return json.loads((shared_data / "repositories" / "dspace7" / request.param).read_bytes())


def test_a_real_item_is_read(body: Any) -> None:
    told = list(output(Row(key=body["uuid"], item=body, told=body), OPEN, RULES))

    (item,) = [one for one in told if isinstance(one, Item)]
    fields = body["metadata"]
    assert item.title == fields["dc.title"][0]["value"]
    assert item.published == fields["dc.date.issued"][0]["value"]
    assert [str(one) for one in item.identifiers] == [
        f"doi:{fields['dc.identifier.doi'][0]['value']}",
        f"handle:{body['handle']}",
    ]
    linked = {each["authority"] for each in fields["dc.contributor.author"] if each["confidence"] == 600}
    assert {one.person for one in told if isinstance(one, Authorship)} == linked
    assert all(body[name] is told for name, told in FLAGS.items())


def test_a_real_page_of_a_search_is_read(shared_data: Path) -> None:
    told = json.loads((shared_data / "repositories" / "dspace7" / "dspace_ex_search_objects.json").read_bytes())

    found = sheet(told)

    assert (found.number, found.size, found.total, len(found.rows)) == (0, 1, 209_334, 1)
    inner = told["_embedded"]["searchResult"]["_embedded"]["objects"][0]["_embedded"]["indexableObject"]
    assert (found.rows[0].key, found.rows[0].item) == (inner["uuid"], inner)
    assert is_output(inner)


@responses.activate
def test_a_real_list_of_what_changed_gives_every_handle_once(shared_data: Path) -> None:
    told = cassette(shared_data / "repositories" / "oai-pmh" / "mit_get-identifiers.yaml")
    identify = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>'
        "</Identify></OAI-PMH>"
    )
    responses.get(f"{BASE}/oai/request", identify, content_type="text/xml")
    for _, status, text in told:
        responses.get(f"{BASE}/oai/request", text, status=status, content_type="text/xml")
    settings = Connection(name="library", kind="dspace", url=BASE, pace=0.0)

    with closing(client(settings, basic=False)) as web, Changed() as changed:
        count = Oai(web, None).keep(changed, datetime(2022, 1, 1, tzinfo=UTC))
        handles = changed.after("", 1000)

    listed = [name for _, _, text in told for name in tags(text, "identifier")]
    assert count == len(handles) == 171
    assert handles == sorted({name.removeprefix("oai:dspace.mit.edu:") for name in listed})
