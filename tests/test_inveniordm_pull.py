"""What an InvenioRDM is asked for from run to run: since when, whose records, as whom; and what became of one."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import responses
from http_places import Clock
from inveniordm_source import NOW, TOKEN, connected, everything, items, settings, several

from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import client
from connectors.inveniordm import InvenioRDM
from connectors.records import Gone, Item
from sandbox.inveniordm import PracticeInvenioRDM, practice_inveniordm
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import id_of, made

OURS, OTHERS = "university-of-example", "elsewhere"
HIDDEN = Gone(kind="item", key=id_of(1), hidden=True)


def queries(server: PracticeInvenioRDM, path: str = "/api/records") -> list[str]:
    return [parse_qs(each.query).get("q", [""])[0] for each in server.requests if each.path == path]


def test_the_cursor_is_the_servers_own_clock_and_a_few_minutes_are_read_again() -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        server.clock = lambda: NOW
        done = everything(repository)[-1].done
        assert done is not None
        assert done.cursor == NOW.isoformat()
        (first, second) = everything(repository, cursor=done.cursor)

    assert queries(server)[-1] == "updated:[2026-06-02T09:55:00.000 TO *]"
    assert first.items == ()
    assert second.done is not None
    assert (second.done.cursor, second.done.listed) == (NOW.isoformat(), frozenset())


def test_a_server_whose_clock_is_ahead_loses_no_changes() -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        server.clock = lambda: NOW + timedelta(days=3)
        done = everything(repository, now=NOW)[-1].done

    assert done is not None
    assert done.cursor == NOW.isoformat()


def test_a_cursor_that_is_no_time_asks_for_a_full_pull() -> None:
    with (
        practice_inveniordm(several(1)) as server,
        connected(server) as repository,
        pytest.raises(NotUnderstood, match="run a full pull"),
    ):
        everything(repository, cursor="yesterday")


def test_a_run_goes_on_from_each_of_its_bookmarks_and_ends_with_the_cursor_of_its_beginning() -> None:
    with practice_inveniordm(several(13)) as server, connected(server, per_page=4) as repository:
        server.clock = lambda: NOW
        pages = everything(repository)
        server.clock = lambda: NOW + timedelta(hours=1)
        for at, page in enumerate(pages[:-1]):
            rest = everything(repository, bookmark=page.bookmark)
            assert items(pages[: at + 1]).keys() | items(rest).keys() == items(pages).keys()
            assert rest[-1].done == pages[-1].done


@pytest.mark.parametrize(
    "bookmark",
    [
        "",
        "{}",
        "[]",
        '{"listing": "/api/records", "after": "soon"}',
        '{"listing": "/x"}',
        '{"listing": ["/api/records"]}',
    ],
)
def test_a_bookmark_of_another_make_begins_again(bookmark: str) -> None:
    with practice_inveniordm(several(3)) as server, connected(server) as repository:
        found = items(everything(repository, bookmark=bookmark))

    assert len(found) == 3


def test_a_full_listing_that_is_suddenly_empty_is_not_believed() -> None:
    with practice_inveniordm() as server, connected(server) as repository:
        done = everything(repository, memory=NOW.isoformat())[-1].done

    assert done is not None
    assert (done.incomplete, done.listed) == (
        "not one record is listed any more; is the index being rebuilt?",
        frozenset(),
    )


def test_only_records_of_the_communities_in_sets_are_read_each_once_or_twice() -> None:
    records = [
        made(1, doi="10.5555/a", title="T", moment=NOW, communities=(OURS,)),
        made(2, doi="10.5555/b", title="T", moment=NOW, communities=(OTHERS,)),
        made(3, doi="10.5555/c", title="T", moment=NOW, communities=(OURS, "library")),
        made(4, doi="10.5555/d", title="T", moment=NOW),
    ]
    with practice_inveniordm(records) as server, connected(server, sets=[OURS, "library"]) as repository:
        pages = everything(repository)

    assert items(pages).keys() == {id_of(1), id_of(3)}
    assert queries(server) == []
    assert pages[-1].done is not None
    assert pages[-1].done.listed == {"item"}


def test_a_community_that_is_not_there_is_named_and_nothing_is_taken_for_gone() -> None:
    with (
        practice_inveniordm(several(1)) as server,
        connected(server, sets=["nowhere"]) as repository,
        pytest.raises(NotUnderstood, match=r"/api/communities/nowhere/records: no such listing; .*community"),
    ):
        everything(repository)


@pytest.mark.parametrize("url", ["https://zenodo.org", "https://www.zenodo.org/", "https://sandbox.zenodo.org"])
@responses.activate
def test_zenodo_is_not_read_whole(url: str) -> None:
    found = settings(url)
    with InvenioRDM(found, client(found)) as repository:
        with pytest.raises(NotAllowed, match=r'sets: missing; .*; name your communities, such as sets = \["'):
            everything(repository)
        (finding,) = repository.check()

    assert not finding.ok
    assert len(responses.calls) == 0


@responses.activate
def test_an_address_that_only_ends_like_zenodos_is_not_zenodo() -> None:
    responses.get("https://notzenodo.org/api/records", json={"hits": {"hits": [], "total": 0}})
    found = settings("https://notzenodo.org")
    with InvenioRDM(found, client(found)) as repository:
        assert everything(repository)[-1].done is not None


def test_without_a_token_only_what_everybody_sees_is_read() -> None:
    with practice_inveniordm(several(2)) as server, connected(server, known=False) as repository:
        server.change(id_of(2), access={"record": "restricted", "files": "restricted"})
        found = items(everything(repository))

    assert found.keys() == {id_of(1)}
    assert not any("Authorization" in each.headers for each in server.requests)


def test_a_token_that_is_not_accepted_ends_the_run_before_anything_is_told() -> None:
    with practice_inveniordm(several(2)) as server, connected(server) as repository:
        server.token = "another"
        with pytest.raises(
            NotAllowed, match=r"connections.repository.token: not accepted, or not any more; make a new"
        ):
            everything(repository)


def test_a_token_that_is_revoked_meanwhile_never_makes_a_listing_whole() -> None:
    with practice_inveniordm(several(12)) as server, connected(server, per_page=4) as repository:
        server.faults.append(InvenioFault("anybody", address="#middle"))
        with pytest.raises(NotAllowed, match="answered as to anybody"):
            everything(repository)


def test_it_is_noticed_too_where_answers_do_not_name_the_account() -> None:
    def revoke(server: PracticeInvenioRDM) -> None:
        server.token = "another"

    with practice_inveniordm(several(3)) as server, connected(server) as repository:
        server.faults.append(InvenioFault("change after", address="#first", act=revoke))
        repository._rest._named = False
        with pytest.raises(NotAllowed):
            everything(repository)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda _: None, None),
        (lambda server: server.remove(id_of(1)), Gone(kind="item", key=id_of(1))),
        (lambda server: server.remove(id_of(1), mourned=False), HIDDEN),  # 404, as of what never was
        (lambda server: server.records.clear(), HIDDEN),
        (lambda server: server.change(id_of(1), access={"record": "restricted"}), HIDDEN),
    ],
)
def test_what_became_of_one_record_is_told_apart(change, answer) -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        change(server)
        assert repository.confirm("item", id_of(1)) == answer


def test_a_record_that_is_not_for_us_any_more_is_hidden_at_once_and_without_a_wait() -> None:
    clock = Clock()
    with practice_inveniordm(several(1)) as server, connected(server, clock) as repository:
        server.sees = False
        server.change(id_of(1), access={"record": "restricted"})
        found = repository.confirm("item", id_of(1))

    assert found == HIDDEN
    assert sum(clock.slept) < 1  # though every answer says Retry-After


def test_a_refusal_says_nothing_of_a_record_once_the_token_is_not_accepted() -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        server.change(id_of(1), access={"record": "restricted"})
        server.token = "another"
        with pytest.raises(NotAllowed):
            repository.confirm("item", id_of(1))


def test_a_500_may_stand_for_anything_and_proves_nothing() -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        server.faults.append(InvenioFault("status", status=500, times=None))
        with pytest.raises(TryLater):
            repository.confirm("item", id_of(1))


@responses.activate
def test_a_404_of_something_else_at_that_address_proves_nothing() -> None:
    found = settings("https://rdm.example.edu")
    responses.get("https://rdm.example.edu/api/records/x", status=404, body="<html>Not here</html>")
    with InvenioRDM(found, client(found)) as repository, pytest.raises(NotUnderstood, match="not in InvenioRDM's own"):
        repository.confirm("item", "x")


@responses.activate
def test_a_record_that_was_merged_into_another_says_into_which() -> None:
    found = settings("https://rdm.example.edu")
    there = {"Location": "https://rdm.example.edu/api/records/new"}
    responses.get("https://rdm.example.edu/api/records/old", status=301, headers=there, json={"status": 301})
    responses.get("https://rdm.example.edu/api/records/new", json={"id": "new"})
    with InvenioRDM(found, client(found)) as repository:
        assert repository.confirm("item", "old") == Gone(kind="item", key="old", into="new")


@responses.activate
@pytest.mark.parametrize(
    ("more", "hidden"),
    [
        ({}, True),
        ({"access": {"record": "open to all"}}, True),
        ({"access": {"record": "public"}, "deletion_status": {"is_deleted": True, "status": "D"}}, False),
        ({"access": {"record": "restricted"}, "deletion_status": {"is_deleted": True, "status": "D"}}, False),
    ],
)
def test_a_record_that_answers_and_that_nobody_knows_to_be_public_is_not_there_as_before(
    more: dict[str, object], hidden: bool
) -> None:
    found = settings("https://rdm.example.edu")
    open_ = {"id": "x", "metadata": {}, "is_published": True, "is_draft": False, "access": {"record": "public"}}
    closed = {name: told for name, told in open_.items() if name != "access"} | more
    responses.get("https://rdm.example.edu/api/records/x", json=open_)
    responses.get("https://rdm.example.edu/api/records/x", json=closed)
    responses.get("https://rdm.example.edu/api/records/x", json={"metadata": {}})
    with InvenioRDM(found, client(found)) as repository:
        assert repository.confirm("item", "x") is None
        assert repository.confirm("item", "x") == Gone(kind="item", key="x", hidden=hidden)
        with pytest.raises(NotUnderstood, match="without an id"):
            repository.confirm("item", "x")


@pytest.mark.parametrize("left", [(), (OTHERS,)])
def test_a_record_that_has_left_our_communities_is_ours_no_more(left: tuple[str, ...]) -> None:
    record = made(1, doi="10.5555/a", title="T", moment=NOW, communities=(OURS,))
    with practice_inveniordm([record]) as server, connected(server, sets=[OURS]) as repository:
        assert repository.confirm("item", record.id) is None
        server.change(record.id, communities=left)
        assert repository.confirm("item", record.id) == Gone(kind="item", key=record.id)


def test_where_a_community_is_not_there_any_more_nothing_is_taken_for_gone() -> None:
    record = made(1, doi="10.5555/a", title="T", moment=NOW, communities=(OURS,))
    with practice_inveniordm([record]) as server, connected(server, sets=[OURS]) as repository:
        server.communities.clear()
        with pytest.raises(NotUnderstood, match="a community of sets is not there any more"):
            repository.confirm("item", record.id)


def test_an_administrators_listing_tells_of_deleted_records_as_gone() -> None:
    with practice_inveniordm(several(1)) as server, connected(server) as repository:
        server.faults.append(
            InvenioFault("rewrite", address="#first", old='"is_deleted": false', new='"is_deleted": true')
        )
        (page, _) = everything(repository)

    assert page.gone == (Gone(kind="item", key=id_of(1)),)
    assert page.items == ()


def test_nobody_is_asked_for_more_than_records() -> None:
    with practice_inveniordm(several(2)) as server, connected(server) as repository:
        pages = list(repository.pull(Since(now=NOW)))

    assert {type(each) for page in pages for each in page.items} == {Item}
    assert not any(page.people or page.groups or page.authorships for page in pages)
    assert {each.path for each in server.requests} == {"/api/user/records", "/api/records"}
    assert TOKEN.partition(":")[0] == "Authorization"
