"""COAR Notify: an inbox is told that there is a page about a resource, by the patterns of the protocol, and of its end.

What is sent is read and validated by `coarnotify`, the library of those who made the protocol."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import urlsplit

import pytest
from coarnotify.core.notify import NotifyPattern
from coarnotify.factory import COARNotifyFactory
from coarnotify.patterns import AnnounceRelationship, UndoOffer
from coarnotify.server import COARNotifyReceipt, COARNotifyServer, COARNotifyServiceBinding
from hypothesis import given
from hypothesis import strategies as st
from push_library import BASE
from told_places import KEY, Inbox, with_inbox

from connectors.base import Notice
from connectors.coar_notify.inbox import found
from connectors.coar_notify.payload import announced, body_of, undone
from connectors.errors import NotUnderstood
from connectors.http import Answer
from connectors.identifiers import Identifier, normalise
from sandbox.coar_notify import InboxFault
from sync.store import moment

LDP = "http://www.w3.org/ns/ldp#inbox"
TRIPLE = ("as:subject", "as:relationship", "as:object")
INBOX = "https://repository.example.org/ldn/inbox"
ID, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Inbox]:
    """Two public works, not announced yet; one private."""
    with with_inbox(tmp_path) as place:
        yield place


@pytest.fixture
def told(place: Inbox) -> Inbox:
    """The same, announced."""
    assert place.push()["written"] == 2
    return place


class Received(COARNotifyServiceBinding):
    """What the library's own server hands on."""

    def __init__(self) -> None:
        self.notices: list[NotifyPattern] = []

    def notification_received(self, notification: NotifyPattern) -> COARNotifyReceipt:
        self.notices.append(notification)
        return COARNotifyReceipt(COARNotifyReceipt.CREATED, "https://repository.example.org/ldn/inbox/1")


def received(*bodies: bytes) -> list[NotifyPattern]:
    """What a server made with the library takes in, after it has validated it."""
    binding = Received()
    server = COARNotifyServer(binding)
    for body in bodies:
        server.receive(body.decode(), validate=True)
    return binding.notices


def posts(place: Inbox) -> list[bytes]:
    return [each.body for each in place.inbox.requests if each.method == "POST"]


def notice(*identifiers: Identifier, score: int | None = 3) -> Notice:
    return Notice(
        id=ID if score is not None else OTHER,
        at=moment(0),
        origin=BASE,
        output=7,
        identifiers=identifiers,
        score=score,
        revokes="" if score is not None else ID,
    )


def test_each_page_is_announced_as_a_relationship_that_the_librarys_server_takes(told: Inbox) -> None:
    notices = received(*posts(told))

    assert [type(each) for each in notices] == [AnnounceRelationship] * 2
    for each in notices:
        page, about, resource = (each.to_jsonld()["object"][name] for name in TRIPLE)
        shown = told.house.json("explain", resource.removeprefix("https://doi.org/"))
        assert page == f"{BASE}/outputs/{shown['output']}"
        assert about == "http://schema.org/about"
        assert each.context.id == each.context.cite_as == resource
        assert (each.origin.id, each.actor.id) == (BASE, BASE)
        assert each.target.inbox == told.inbox.inbox
        assert told.inbox.url.startswith(each.target.id)


def test_what_is_sent_is_json_ld_and_has_no_score_no_title_and_nothing_private(told: Inbox) -> None:
    for each in told.inbox.requests:
        if each.method == "POST":
            assert each.headers["Content-Type"].startswith("application/ld+json")
            assert each.headers["Authorization"] == f"Bearer {KEY}"
    everything = b" ".join(posts(told)).decode()
    assert "10.5555/three" not in everything
    assert "Canary" not in everything
    assert "score" not in everything


def test_the_end_is_an_undo_that_holds_the_whole_announcement(told: Inbox) -> None:
    (before,) = [each for each in told.inbox.taken if each["context"]["id"].endswith("/one")]
    told.tell(one="private")
    assert told.push()["withdrawn"] == 1

    (undo,) = received(posts(told)[-1])
    (sent,) = [each for each in told.inbox.taken if each["type"] == "Undo"]

    assert type(undo) is UndoOffer  # the one pattern with that type
    assert sent["inReplyTo"] == before["id"]
    assert {"@context": sent["@context"], **sent["object"]} == before
    assert sent["id"] != before["id"]
    assert told.shown() == {"two"}


def test_after_our_own_address_has_changed_the_end_is_that_of_what_was_announced(told: Inbox) -> None:
    (before,) = [each for each in told.inbox.taken if each["context"]["id"].endswith("/one")]
    told.house.write(told.house.file.read_text().replace(BASE, "https://attention.example.edu"))
    told.tell(one="private")
    told.push()

    (sent,) = [each for each in told.inbox.taken if each["type"] == "Undo" and each["inReplyTo"] == before["id"]]
    assert {"@context": sent["@context"], **sent["object"]} == before
    assert sent["actor"] == before["actor"]


def test_a_new_score_is_no_news_for_an_inbox(told: Inbox) -> None:
    told.mention(one=5)
    told.days(30)
    told.push()

    assert len(posts(told)) == 2


def test_a_page_is_announced_anew_with_another_id_when_it_may_show_again(told: Inbox) -> None:
    told.tell(one="private")
    told.push()
    told.tell(one="public")
    told.push()

    assert told.shown() == {"one", "two"}
    assert len({each["id"] for each in told.inbox.taken}) == 4


def test_an_announcement_keeps_its_id_until_it_has_arrived(place: Inbox) -> None:
    place.inbox.faults.append(InboxFault("hang up after", method="POST"))
    place.push(code=1)
    place.mention(one=4)
    place.days(2)
    place.push()

    ids = [each["id"] for each in place.inbox.taken if each["context"]["id"].endswith("/one")]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert place.shown() == {"one", "two"}


@pytest.mark.parametrize("names", ["header", "body", "nowhere"])
def test_the_inbox_is_found_by_what_the_resource_says_or_is_the_address_itself(place: Inbox, names: str) -> None:
    place.inbox.names = names
    if names == "nowhere":
        place.settings(more="")
        place.house.write(place.house.file.read_text().replace(place.inbox.url, place.inbox.inbox))
    place.push()

    assert place.shown() == {"one", "two"}


def test_an_inbox_that_cannot_be_read_is_written_to_all_the_same(place: Inbox) -> None:
    place.inbox.readable = False
    place.house.write(place.house.file.read_text().replace(place.inbox.url, place.inbox.inbox))
    place.push()

    assert place.shown() == {"one", "two"}


def test_an_inbox_elsewhere_is_not_believed_and_named_without_its_path(place: Inbox) -> None:
    place.inbox.inbox = "https://elsewhere.example.org/secret/inbox"
    report = place.push(code=3)

    assert "the inbox is at https://elsewhere.example.org:443" in report["why"]
    assert "secret" not in report["why"]
    assert posts(place) == []


def test_a_wrong_token_ends_the_push(place: Inbox) -> None:
    place.inbox.token = "another"
    report = place.push(code=1)

    assert "status 401" in report["why"]
    assert KEY not in report["why"]
    assert len(posts(place)) == 1


def test_check_looks_for_the_inbox_and_sends_nothing(place: Inbox) -> None:
    ran = place.house.run("check", "--connect")

    assert (ran.code, "url names its inbox" in ran.out) == (0, True)
    assert posts(place) == []
    place.inbox.names = "nowhere"
    place.house.write(place.house.file.read_text().replace(place.inbox.url, place.inbox.url + "/nothing"))
    assert place.house.run("check", "--connect").code != 0


def test_forgetting_undoes_everything(told: Inbox) -> None:
    told.house.ok("connection", "forget", "library", "--withdraw")

    assert told.shown() == set()


@pytest.mark.parametrize(
    ("identifier", "resource"),
    [
        (Identifier("doi", "10.5555/a b<c>"), "https://doi.org/10.5555/a%20b%3Cc%3E"),
        (Identifier("handle", "20.500.12345/77"), "https://hdl.handle.net/20.500.12345/77"),
        (Identifier("url", "https://repository.example.org/7?x=1"), "https://repository.example.org/7?x=1"),
    ],
)
def test_a_resource_has_an_address_of_the_web(identifier: Identifier, resource: str) -> None:
    (found,) = received(body_of(announced(notice(identifier, Identifier("pmid", "1")), INBOX)))

    assert found.to_jsonld()["object"]["as:object"] == resource


def test_what_has_no_address_cannot_be_announced() -> None:
    with pytest.raises(NotUnderstood):
        announced(notice(Identifier("pmid", "1")), INBOX)


class Says:
    """A client to whom a resource says one thing."""

    base = "https://repository.example.org/home"

    def __init__(self, link: str, body: bytes) -> None:
        self.link, self.body = link, body

    def get(self, url: str, **_: Any) -> Answer:
        file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile()  # noqa: SIM115 - an answer closes it
        file.write(self.body)
        file.seek(0)
        return Answer(status=200, headers={"Link": self.link}, url=url, path="/home", body=file, date=None)


JSONS = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from(["https://elsewhere.example.org/", "http://[", "/inbox"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["inbox", "ldp:inbox", LDP, "@id", "id"]), inner, max_size=3)
    ),
)
LINKS = st.text() | st.sampled_from([f'<{each}>; rel="{LDP}"' for each in ("http://[", "//", "", "../x", "\ud800")])


@given(LINKS, JSONS.map(json.dumps).map(str.encode) | st.binary())
def test_whatever_a_resource_says_nothing_is_sent_to_another_place(link: str, body: bytes) -> None:
    try:
        inbox = found(Says(link, body))  # type: ignore[arg-type]
    except NotUnderstood as error:
        assert "the inbox is at" in str(error)  # noqa: PT017 - it is one of two good ends
    else:
        assert urlsplit(inbox)[:2] == ("https", "repository.example.org")


@given(st.text(min_size=1))
def test_whatever_stands_in_a_doi_both_notices_are_valid(rest: str) -> None:
    doi = normalise("doi", f"10.5555/{rest}")
    if doi is None:
        return
    first, last = announced(notice(doi), INBOX), undone(notice(doi, score=None), INBOX)

    assert len(received(body_of(first), body_of(last))) == 2
    assert COARNotifyFactory.get_by_object(json.loads(body_of(first))).validate()
    told: Any = json.loads(body_of(last))
    assert {"@context": told["@context"], **told["object"]} == json.loads(body_of(first))
