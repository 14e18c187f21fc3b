"""What a Figshare tells from run to run: its articles with their links, what changed, and what is gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from figshare_source import CURSOR, NOW, PRIVATE, PUBLIC, TIDES, a_server, asked, connected, end, items, pulled

from connectors.base import Since
from connectors.errors import NotUnderstood
from connectors.figshare import Figshare
from connectors.records import Gone, Kind, Page
from sandbox.figshare import PracticeFigshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ABSENT, Article

HIDDEN_AWAY = Gone(kind="item", key="7001", hidden=True)

server = a_server()


def test_people_come_first_and_then_the_articles_with_their_links(server: PracticeFigshare) -> None:
    first, second, last = pulled(server)

    assert [one.key for one in first.people] == ["11", "12"]
    assert [one.key for one in second.items] == ["7001", "7002"]
    (link,) = second.authorships
    assert (link.key, link.item, link.person, link.position) == ("7001:11", "7001", "11", 1)
    assert last == Page(done=end([last]))
    assert end([last]).listed == {"person", "item", "authorship"}


def test_a_public_article_is_public_and_one_that_nobody_published_is_private(server: PracticeFigshare) -> None:
    found = items(pulled(server))

    assert (found["7001"].visibility, found["7001"].title) == (PUBLIC, "Tide tables")
    assert (found["7002"].visibility, found["7002"].doubts) == (PRIVATE, ())


def test_what_an_owner_has_not_published_yet_is_not_told(server: PracticeFigshare) -> None:
    server.holdings.change(7001, draft={"title": "Withdrawn: do not cite", "doi": "10.5555/other"})

    found = items(pulled(server))["7001"]

    assert (found.title, found.identifiers[0].value) == ("Tide tables", "10.5555/figshare.7001")


def test_what_is_unpublished_is_private_with_the_next_pull_that_sees_it_and_vetoes_by_its_doi(
    server: PracticeFigshare,
) -> None:
    server.holdings.change(7001, published=False)

    found = items(pulled(server, Since(now=NOW, cursor=CURSOR)))["7001"]

    assert found.visibility == PRIVATE
    assert [one.value for one in found.identifiers] == ["10.5555/figshare.7001"]


def test_an_embargo_that_no_date_tells_is_found_by_a_full_pull(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(TIDES, told={"is_embargoed": True, "embargo_type": "article"}))

    assert "7001" not in items(pulled(server, Since(now=NOW, cursor=CURSOR)))
    assert items(pulled(server))["7001"].visibility == PRIVATE


def test_the_versions_of_an_article_are_asked_for_where_it_has_had_some(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(TIDES, version=4, lost=(2,)), replace(TIDES, id=7003, version=1))

    found = items(pulled(server))["7001"]

    assert {one.identifier.value.rpartition(".")[2] for one in found.versions} == {"v4", "v3", "v1"}
    assert [path for path in asked(server) if "versions" in path] == ["/articles/7001/versions"]


def test_links_have_no_level_and_are_private_where_nothing_is_assumed(server: PracticeFigshare) -> None:
    def levels(**more: object) -> set[object]:
        return {link.visibility for page in pulled(server, **more) for link in page.authorships}

    assert (levels(), levels(assume={})) == ({PUBLIC}, {PRIVATE})


def test_what_changed_is_asked_for_from_a_little_before_the_last_run(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(TIDES, id=7003, modified=NOW - timedelta(minutes=4)))

    pages = pulled(server, Since(now=NOW, cursor=NOW.isoformat(), memory=NOW.isoformat()))

    assert items(pages).keys() == {"7003"}
    assert end(pages).listed == {"person"}


def test_the_cursor_is_the_clock_of_the_source_but_never_ahead_of_ours(server: PracticeFigshare) -> None:
    server.holdings.clock = lambda: NOW - timedelta(hours=1)
    assert end(pulled(server)).cursor == (NOW - timedelta(hours=1)).isoformat()

    server.holdings.clock = lambda: NOW + timedelta(hours=1)
    assert end(pulled(server)).cursor == NOW.isoformat()


def test_without_a_clock_there_is_no_cursor(server: PracticeFigshare) -> None:
    server.faults.append(FigshareFault("no clock", times=None))

    assert end(pulled(server)).cursor is None


def test_a_cursor_that_is_no_time_asks_for_a_full_pull(server: PracticeFigshare) -> None:
    with pytest.raises(NotUnderstood, match="run a full pull"):
        pulled(server, Since(now=NOW, cursor="yesterday"))


def test_a_run_that_is_gone_on_with_does_not_ask_for_the_profiles_again(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(TIDES, id=7003, modified=NOW))
    with connected(server, per_page=2) as source:
        first = next(page for page in source.pull(Since(now=NOW)) if page.items)
    before = len(server.requests)

    pages = pulled(server, Since(now=NOW, bookmark=first.bookmark), per_page=2)

    assert not any("/users/" in path for path in asked(server)[before:])
    assert "7003:11" in {link.key for page in pages for link in page.authorships}
    assert end(pages).listed == {"person", "item", "authorship"}


def test_every_request_brings_the_token_as_figshare_wants_it(server: PracticeFigshare) -> None:
    pulled(server)

    assert {one.headers["Authorization"] for one in server.requests} == {f"token {server.token}"}
    assert {one.method for one in server.requests} == {"GET"}


@pytest.mark.parametrize(
    ("article", "answer"),
    [
        (TIDES, None),
        (replace(TIDES, told={"is_embargoed": True, "embargo_type": "file"}), None),
        (replace(TIDES, told={"is_embargoed": True, "embargo_type": "article"}), HIDDEN_AWAY),
        (replace(TIDES, told={"status": ABSENT}), HIDDEN_AWAY),
        (replace(TIDES, published=False), HIDDEN_AWAY),
        (None, HIDDEN_AWAY),  # which is told as of one that is unpublished
    ],
)
def test_an_article_that_is_listed_no_more_is_hidden_unless_everybody_is_shown_it(
    server: PracticeFigshare, article: Article | None, answer: Gone | None
) -> None:
    server.holdings.delete(7001)
    if article:
        server.holdings.keep(article)

    with connected(server) as source:
        assert source.confirm("item", "7001") == answer


@pytest.mark.parametrize(("kind", "key"), [("item", "7001"), ("person", "11")])
def test_what_is_refused_when_it_is_asked_for_is_hidden(server: PracticeFigshare, kind: Kind, key: str) -> None:
    server.faults.append(FigshareFault("status", status=403))

    with connected(server) as source:
        assert source.confirm(kind, key) == Gone(kind=kind, key=key, hidden=True)


def test_an_account_that_is_listed_no_more_is_asked_for_and_a_link_is_not(server: PracticeFigshare) -> None:
    with connected(server) as source:
        assert source.confirm("person", "11") is None
        assert source.confirm("person", "99") == Gone(kind="person", key="99")
        assert source.confirm("authorship", "7001:11") == Gone(kind="authorship", key="7001:11")

    paths = [f"/account/institution/{each}" for each in ("accounts/11", "users/11", "accounts/99")]
    assert asked(server) == paths


def test_another_article_says_nothing_of_the_one_that_was_asked_about(server: PracticeFigshare) -> None:
    server.faults.append(FigshareFault("rewrite", old='"id": 7001', new='"id": 7003'))

    with connected(server) as source, pytest.raises(NotUnderstood, match="another one"):
        source.confirm("item", "7001")


def test_an_account_is_still_there_only_while_everybody_may_see_its_profile(server: PracticeFigshare) -> None:
    with connected(server) as source:
        assert source.confirm("person", "12") == Gone(kind="person", key="12", hidden=True)


def test_the_manifest_says_what_is_so() -> None:
    assert (Figshare.manifest.deletions, Figshare.manifest.write_back) == ("none", None)
    assert Figshare.manifest.pace >= 1  # Figshare asks for no more than one request a second
