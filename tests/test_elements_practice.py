"""Runs against the practice Elements: changes lead to where a full pull leads, broken runs to where whole ones do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from config.settings import Connection
from connectors.base import Since
from connectors.elements import Elements
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from connectors.http import client
from connectors.records import Page
from sandbox.elements import PracticeElements, practice_elements
from sandbox.faults import Fault, What
from sandbox.institution import Institution, example

NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Copy:
    """What a house would hold after some pages, by the rules that `Page` states."""

    def __init__(self) -> None:
        self.people: dict[str, object] = {}
        self.groups: dict[str, object] = {}
        self.members: dict[str, object] = {}
        self.items: dict[str, object] = {}
        self.links: dict[str, tuple[str, object]] = {}
        self.bookmark: str | None = None
        self.cursor: str | None = None

    def apply(self, page: Page) -> None:
        named = {one.key for one in page.items}
        self.links = {key: told for key, told in self.links.items() if told[0] not in named}
        self.people |= {one.key: one for one in page.people}
        self.groups |= {one.key: one for one in page.groups}
        self.members |= {one.group: one for one in page.members}
        self.items |= {one.key: one for one in page.items}
        self.links |= {one.key: (one.item, one) for one in page.authorships}
        for gone in page.gone:
            places = {"person": self.people, "item": self.items, "authorship": self.links, "group": self.groups}
            places[gone.kind].pop(gone.key, None)
        self.bookmark = page.bookmark or self.bookmark
        if page.done:
            assert page.done.incomplete == ""
            self.cursor, self.bookmark = page.done.cursor, None

    def state(self) -> tuple[object, ...]:
        links = {key: told for key, told in self.links.items() if told[0] in self.items}
        return self.people, self.groups, self.members, self.items, links


def elements(server: PracticeElements) -> Elements:
    settings = Connection(
        name="elements",
        kind="elements",
        url=server.url,
        username=server.username,
        password=SecretStr(server.password),
        pace=0.0,
    )
    return Elements(settings, client(settings, sleep=lambda _: None))


def pulled(server: PracticeElements, copy: Copy | None = None, cursor: str | None = None) -> Copy:
    copy = copy or Copy()
    ours = elements(server)
    try:
        for page in ours.pull(Since(now=NOW, cursor=cursor, bookmark=copy.bookmark)):
            copy.apply(page)
    finally:
        ours.client.close()
    return copy


@pytest.fixture(params=["4.6", "5.5", "6.13"])
def server(request: pytest.FixtureRequest) -> Iterator[PracticeElements]:
    with practice_elements(example(outputs=120, people=25, mentions=0), request.param) as running:
        yield running


def change_much(institution: Institution) -> None:
    outputs, people, links = list(institution.outputs), list(institution.people), list(institution.authorships)
    institution.change_person(people[0], privacy="internal", current=False)
    institution.change_person(people[1], known_as="Robin")
    institution.change_output(outputs[10], privacy="private")
    institution.change_authorship(links[7], privacy="private")
    institution.delete_authorship(links[9])
    institution.delete_output(outputs[20])
    institution.delete_person(people[5])
    institution.merge_outputs(outputs[30], outputs[31])
    institution.merge_people(people[6], people[7])
    institution.change_group(next(iter(institution.groups)), name="University of Examples")


def test_changes_lead_to_where_a_full_pull_leads(server: PracticeElements) -> None:
    copy = pulled(server)
    institution, later = server.institution, datetime.now(UTC) + timedelta(hours=1)
    institution.clock = lambda: later
    change_much(institution)
    institution.clock = lambda: later + timedelta(hours=1)

    pulled(server, copy, cursor=(later - timedelta(minutes=1)).isoformat())

    assert copy.state() == pulled(server).state()
    assert copy.cursor == (later + timedelta(hours=1)).replace(microsecond=0).isoformat()


@pytest.mark.parametrize("at", [2, 4, 12, 19, 21, 23])
def test_a_run_that_broke_anywhere_goes_on_to_the_same_end(server: PracticeElements, at: int) -> None:
    whole = pulled(server)
    server.asked = 0
    server.faults.append(Fault("error in body", at=at))
    broken = Copy()

    with pytest.raises(ConnectorError):
        pulled(server, broken)
    pulled(server, broken)

    assert broken.state() == whole.state()


@pytest.mark.parametrize("what", ["truncated", "hang up before", "hang up midway", "too many requests", "status"])
def test_a_passing_fault_changes_nothing(server: PracticeElements, what: What) -> None:
    whole = pulled(server)
    server.faults.append(Fault(what, address="/publications", times=2, status=504))

    assert pulled(server).state() == whole.state()


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("login page", NotUnderstood),
        ("doctype", NotUnderstood),
        ("wrong charset", NotUnderstood),
        ("not xml", NotUnderstood),
        ("error in body", TryLater),
    ],
)
def test_a_lasting_fault_has_its_own_error(server: PracticeElements, what: What, kind: type[Exception]) -> None:
    server.faults.append(Fault(what, address="/publications", times=None))

    with pytest.raises(kind, match="publications"):
        pulled(server)


def test_wrong_credentials_and_missing_rights_are_refusals(server: PracticeElements) -> None:
    server.password = "changed"
    ours = elements(server)
    server.password = "practice"

    with pytest.raises(NotAllowed):
        next(ours.pull(Since(now=NOW)))
    ours.client.close()
    server.allowed = False
    with pytest.raises(NotAllowed):
        pulled(server)


def test_answers_of_a_differently_configured_address_are_followed_on_ours(server: PracticeElements) -> None:
    whole = pulled(server)
    server.configured_base = "https://elements.internal.example.edu:8091/other-api/v1"

    assert pulled(server).state() == whole.state()


def test_a_gateway_takes_its_header_instead_of_a_password() -> None:
    institution = example(outputs=10, people=5, mentions=0)
    with practice_elements(institution, "6.13", gateway_header=("Subscription-Key", "key-4711")) as server:
        settings = Connection(
            name="elements", kind="elements", url=server.url, headers={"Subscription-Key": "key-4711"}, pace=0.0
        )
        ours = Elements(settings, client(settings))

        pages = list(ours.pull(Since(now=NOW)))
        ours.client.close()

    assert pages[-1].done is not None
    assert len(institution.people) == sum(len(page.people) for page in pages)
