"""A Figshare read whole: what everybody is told, whose profiles are public, what changed, and what goes wrong."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from figshare_source import ANN, IVY, NOW, OPEN, PRIVATE, PUBLIC, TIDES, asked, connected, end, items, people, pulled
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.figshare import Figshare
from connectors.figshare.people import person
from connectors.records import Gone, Kind, Page
from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ABSENT, Account, Article

HIDDEN = Article(id=7002, title="Smuggled goods", doi="10.5555/figshare.7002", authors=(2011,), published=False)
CURSOR = "2026-06-01T00:00:00+00:00"


@pytest.fixture
def server() -> Iterator[PracticeFigshare]:
    with practice_figshare() as running:
        running.holdings.clock = lambda: NOW
        running.holdings.keep(ANN, IVY, TIDES, HIDDEN)
        yield running


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


@pytest.mark.parametrize("what", ["status", "login page", "cut short"])
def test_versions_that_cannot_be_read_leave_the_article_as_it_is(server: PracticeFigshare, what: str) -> None:
    server.faults.append(FigshareFault(what, status=404, address="/versions", times=None))  # type: ignore[arg-type]

    found = items(pulled(server))["7001"]

    assert found.visibility == PUBLIC
    assert [one.identifier.value for one in found.versions] == ["10.5555/figshare.7001.v2"]


def test_only_a_person_whose_profile_is_public_is(server: PracticeFigshare) -> None:
    found = people(pulled(server))

    assert {key: one.visibility for key, one in found.items()} == {"11": PUBLIC, "12": PRIVATE}
    assert found["11"].raw == {"active": "1", "is_active": "true", "is_public": "true"}
    assert (found["11"].name, found["11"].current, found["11"].academic) == ("Ann Harbourmaster", True, None)


@pytest.mark.parametrize(
    ("told", "profile", "current"),
    [
        ({"active": 1}, {"is_active": True}, True),
        ({"active": 0}, {"is_active": True}, False),
        ({"active": 1}, {"is_active": False}, False),
        ({"active": ABSENT}, {"is_active": True}, True),
        ({"active": None}, {"is_active": None}, None),
    ],
)
def test_a_person_is_current_when_all_that_is_said_says_so(
    server: PracticeFigshare, told: dict[str, object], profile: dict[str, object], current: bool | None
) -> None:
    server.holdings.keep(replace(ANN, told=told, profile=profile))

    found = people(pulled(server))["11"]

    assert (found.current, found.visibility) == (current, PUBLIC)


@pytest.mark.parametrize(
    ("told", "profile"),
    [
        ({"active": 2}, {}),
        ({"active": "Y"}, {}),
        ({}, {"is_active": "yes"}),
        ({}, {"is_public": ABSENT}),
        ({}, {"is_public": None}),
        ({}, {"is_public": "campus"}),
        ({}, {"id": 2012}),
        ({"user_id": None}, {}),
        ({"user_id": None}, {"id": None}),
    ],
)
def test_a_person_of_whom_something_is_absent_or_unknown_is_private_and_doubted(
    server: PracticeFigshare, told: dict[str, object], profile: dict[str, object]
) -> None:
    server.holdings.keep(replace(ANN, told=told, profile=profile))

    found = people(pulled(server))["11"]

    assert found.visibility == PRIVATE
    assert len(found.doubts) == 1


@pytest.mark.parametrize(
    "fault",
    [
        FigshareFault("status", address="/users/11$", status=403, times=None),
        FigshareFault("status", address="/users/11$", status=404, times=None),
        FigshareFault("login page", address="/users/11$", times=None),
        FigshareFault("rewrite", old=r"^\{.*", new="[]", address=r"/users/11$", times=None),
    ],
)
def test_a_profile_that_is_not_shown_to_us_is_an_unread_person(server: PracticeFigshare, fault: FigshareFault) -> None:
    server.faults.append(fault)

    found = people(pulled(server))

    assert (found["11"].unread, found["11"].visibility) == (True, PRIVATE)
    assert not found["12"].unread


def test_an_orcid_joins_only_where_account_and_profile_agree(server: PracticeFigshare) -> None:
    one, other = "0000-0002-1825-0097", "0000-0001-5109-3700"
    server.holdings.keep(replace(ANN, orcid=one), replace(IVY, orcid=one, profile={"orcid_id": other}))

    found = people(pulled(server))

    assert (found["11"].orcid, found["12"].orcid) == (one, None)


def test_an_account_that_is_listed_twice_with_different_words_is_doubted(server: PracticeFigshare) -> None:
    server.holdings.keep(Account(id=13, user=2011, first_name="Ann", last_name="H.", told={"id": 11, "active": 0}))

    found = people(pulled(server))["11"]

    assert (found.visibility, found.doubts) == (PRIVATE, ("the account is listed twice, with different words",))


def test_an_account_that_is_listed_twice_with_another_size_is_the_same(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(ANN, id=13, told={"id": 11, "email": "11@example.edu", "used_quota": 7}))

    assert people(pulled(server))["11"].visibility == PUBLIC


def test_two_accounts_of_one_user_are_both_authors(server: PracticeFigshare) -> None:
    server.holdings.keep(Account(id=13, user=2011, first_name="Ann", last_name="Harbourmaster", active=False))

    links = [link for page in pulled(server) for link in page.authorships]

    assert [link.key for link in links] == ["7001:11", "7001:13"]


def test_links_have_no_level_and_are_private_where_nothing_is_assumed(server: PracticeFigshare) -> None:
    def levels(**more: object) -> set[object]:
        return {link.visibility for page in pulled(server, **more) for link in page.authorships}

    assert (levels(), levels(assume={})) == ({PUBLIC}, {PRIVATE})


def test_the_map_of_people_fills_what_figshare_does_not_say_by_id_or_email(
    server: PracticeFigshare, tmp_path: Path
) -> None:
    csv = tmp_path / "people.csv"
    csv.write_text("id,email,academic,current\n11,,true,false\n,12@example.edu,false,\n")

    found = people(pulled(server, people_map=csv))

    assert (found["11"].academic, found["11"].current) == (True, True)  # that the account is active, Figshare says
    assert found["12"].academic is False


def test_a_changed_map_of_people_counts_with_the_next_pull_of_changes(server: PracticeFigshare, tmp_path: Path) -> None:
    csv = tmp_path / "people.csv"
    csv.write_text("id,academic\n11,true\n")

    found = people(pulled(server, Since(now=NOW, cursor=CURSOR, memory=CURSOR), people_map=csv))

    assert found["11"].academic is True


def test_without_people_no_account_is_asked_for_and_nobody_is_an_author(server: PracticeFigshare) -> None:
    pages = pulled(server, people=False)

    assert [page.people or page.authorships for page in pages] == [(), ()]
    assert not any("accounts" in path or "users" in path for path in asked(server))
    assert end(pages).listed == {"item"}


def test_no_name_of_an_author_and_no_email_is_told(server: PracticeFigshare) -> None:
    told = repr(pulled(server))

    assert "Visiting" not in told
    assert "@example.edu" not in told


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


def test_accounts_that_are_suddenly_all_gone_are_not_believed(server: PracticeFigshare) -> None:
    server.holdings.accounts.clear()

    done = end(pulled(server, Since(now=NOW, memory=CURSOR)))

    assert (done.listed, done.cursor) == (frozenset(), None)
    assert "not one account" in done.incomplete


def test_a_page_of_accounts_that_comes_again_leaves_the_run_incomplete(server: PracticeFigshare) -> None:
    server.faults.append(FigshareFault("page again", address=r"/accounts\?page=2", times=None))

    assert "nothing new" in end(pulled(server, per_page=1)).incomplete


def test_an_account_without_an_id_is_set_aside(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(IVY, told={"id": None}))

    pages = pulled(server)

    assert people(pages).keys() == {"11"}
    assert [(aside.kind, aside.keyless) for page in pages for aside in page.asides] == [("person", True)]


@pytest.mark.parametrize("what", ["login page", "not json", "cut short", "rewrite"])
def test_one_article_that_cannot_be_read_is_told_as_unread_and_the_others_as_they_are(
    server: PracticeFigshare, what: str
) -> None:
    twice = {"old": '"is_public": true', "new": '"is_public": false, "is_public": true'}
    server.faults.append(FigshareFault(what, address="/articles/7001$", times=None, **twice))  # type: ignore[arg-type]
    server.holdings.keep(replace(TIDES, id=7003))

    found = items(pulled(server))

    assert (found["7001"].unread, found["7001"].visibility) == (True, PRIVATE)
    assert found["7003"].visibility == PUBLIC


def test_one_article_that_is_refused_is_told_as_unread(server: PracticeFigshare) -> None:
    server.faults.append(FigshareFault("status", address="/articles/7001$", status=403, times=None))

    assert items(pulled(server))["7001"].unread


def test_three_articles_in_a_row_that_cannot_be_read_fail_the_run(server: PracticeFigshare) -> None:
    server.holdings.keep(*(replace(TIDES, id=key) for key in (7003, 7004, 7005)))
    server.faults.append(FigshareFault("login page", address=r"/articles/\d+$", times=None))

    with pytest.raises(NotUnderstood, match="no JSON"):
        pulled(server)


def test_articles_that_cannot_be_read_here_and_there_do_not_fail_the_run(server: PracticeFigshare) -> None:
    server.holdings.keep(*(replace(TIDES, id=key, version=1) for key in range(8001, 8008)))
    server.faults.append(FigshareFault("login page", address="/articles/800[1357]$", times=None))

    found = items(pulled(server))

    assert {key for key, one in found.items() if one.unread} == {"8001", "8003", "8005", "8007"}


def test_a_run_that_is_gone_on_with_does_not_ask_for_the_profiles_again(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(TIDES, id=7003, modified=NOW))
    with connected(server, per_page=2) as source:
        first = next(page for page in source.pull(Since(now=NOW)) if page.items)
    before = len(server.requests)

    pages = pulled(server, Since(now=NOW, bookmark=first.bookmark), per_page=2)

    assert not any("/users/" in path for path in asked(server)[before:])
    assert "7003:11" in {link.key for page in pages for link in page.authorships}
    assert end(pages).listed == {"person", "item", "authorship"}


def test_three_profiles_in_a_row_that_are_refused_end_the_run_and_close_nobody(server: PracticeFigshare) -> None:
    server.holdings.keep(replace(ANN, id=13))
    server.faults.append(FigshareFault("status", address="/users/", status=403, times=None))

    pages = pulled(server)

    assert people(pages) == items(pages) == {}
    assert (end(pages).cursor, end(pages).listed) == (None, frozenset())
    assert "refused with status 403; is the token still that of an administrator?" in end(pages).incomplete


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (FigshareFault("status", status=401, times=None), NotAllowed),
        (FigshareFault("status", status=403, times=None), NotAllowed),
        (FigshareFault("status", status=503, times=None), TryLater),
        (FigshareFault("status", status=422, times=None), NotUnderstood),
        (FigshareFault("login page", times=None), NotUnderstood),
        (FigshareFault("not json", times=None), NotUnderstood),
        (FigshareFault("truncated", times=None), TryLater),
        (FigshareFault("hang up before", times=None), TryLater),
        (FigshareFault("hang up midway", times=None), TryLater),
        (FigshareFault("status", status=401, address="/articles/7001", times=None), NotAllowed),
        (FigshareFault("status", status=500, address="/articles/7001", times=None), TryLater),
        (FigshareFault("status", status=404, address=r"/institution/articles\?", times=None), NotUnderstood),
        (FigshareFault("status", status=403, address=r"/institution/accounts\?", times=None), NotAllowed),
        (FigshareFault("rewrite", old=r"^\[.*", new="{}", address=r"/articles\?", times=None), NotUnderstood),
    ],
)
def test_a_run_that_cannot_go_on_has_no_end(
    server: PracticeFigshare, fault: FigshareFault, error: type[Exception]
) -> None:
    server.faults.append(fault)

    with pytest.raises(error):
        pulled(server)


def test_a_429_is_waited_for(server: PracticeFigshare) -> None:
    server.faults.append(FigshareFault("status", address="/articles/7001", status=429, retry_after="7"))

    assert items(pulled(server))["7001"].visibility == PUBLIC


def test_every_request_brings_the_token_as_figshare_wants_it(server: PracticeFigshare) -> None:
    pulled(server)

    assert {one.headers["Authorization"] for one in server.requests} == {f"token {server.token}"}
    assert {one.method for one in server.requests} == {"GET"}


def test_neither_token_nor_title_nor_name_is_logged(server: PracticeFigshare, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(FigshareFault("login page", address=r"/articles/\d+$", times=None))
    server.holdings.keep(replace(TIDES, id=7003))

    with pytest.raises(NotUnderstood) as failed:
        pulled(server)

    said = caplog.text + str(failed.value)
    assert not [word for word in (server.token, "Tide", "Smuggled", "Harbourmaster") if word in said]


@pytest.mark.parametrize(
    ("article", "gone"),
    [
        (TIDES, False),
        (replace(TIDES, told={"is_embargoed": True, "embargo_type": "file"}), False),
        (replace(TIDES, told={"is_embargoed": True, "embargo_type": "article"}), True),
        (replace(TIDES, told={"status": ABSENT}), True),
        (replace(TIDES, published=False), True),
        (None, True),
    ],
)
def test_an_article_that_is_listed_no_more_is_gone_unless_everybody_is_shown_it(
    server: PracticeFigshare, article: Article | None, gone: bool
) -> None:
    server.holdings.delete(7001)
    if article:
        server.holdings.keep(article)

    with connected(server) as source:
        assert source.confirm("item", "7001") == (Gone(kind="item", key="7001") if gone else None)


@pytest.mark.parametrize(("kind", "key"), [("item", "7001"), ("person", "11")])
def test_what_is_refused_when_it_is_asked_for_is_gone(server: PracticeFigshare, kind: Kind, key: str) -> None:
    server.faults.append(FigshareFault("status", status=403))

    with connected(server) as source:
        assert source.confirm(kind, key) == Gone(kind=kind, key=key)


def test_an_account_that_is_listed_no_more_is_asked_for_and_a_link_is_not(server: PracticeFigshare) -> None:
    with connected(server) as source:
        assert source.confirm("person", "11") is None
        assert source.confirm("person", "99") == Gone(kind="person", key="99")
        assert source.confirm("authorship", "7001:11") == Gone(kind="authorship", key="7001:11")

    assert asked(server) == ["/account/institution/accounts/11", "/account/institution/accounts/99"]


def test_the_real_account_is_read(shared_data: Path) -> None:
    account = json.loads((shared_data / "repositories" / "figshare" / "rspace_account.json").read_text())
    profile = {**OPEN, "id": 5, "is_active": True, "is_public": True}

    found = person([{**account, "user_id": 5}], profile)
    untold = person([account], profile)

    assert (found.key, found.current, found.visibility) == (str(account["id"]), True, PUBLIC)
    assert found.name == f"{account['first_name']} {account['last_name']}"
    assert (untold.visibility, untold.doubts) == (PRIVATE, ("the profile is that of somebody else",))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["first_name", "last_name", "active", "user_id", "email", "orcid_id", "id", "is_active", "is_public"]
)
PROFILE = {"id": 2011, "is_active": True, "is_public": True}


@given(st.dictionaries(NAMES, ANYTHING), st.dictionaries(NAMES, ANYTHING))
def test_whatever_is_told_of_somebody_is_a_person_no_more_open_than_it_says(
    account: dict[str, object], profile: dict[str, object]
) -> None:
    told = {**PROFILE, **profile}

    found = person([{"user_id": 2011, **account, "id": 11}], told)

    assert found.key == "11"
    public = told["is_public"] is True or (type(told["is_public"]) is int and told["is_public"] == 1)
    assert found.visibility == PRIVATE or (public and not found.doubts)
    json.dumps([found.name, *found.raw.values()], ensure_ascii=False).encode()


def test_the_manifest_says_what_is_so() -> None:
    assert (Figshare.manifest.deletions, Figshare.manifest.write_back) == ("none", None)
    assert Figshare.manifest.pace >= 1  # Figshare asks for no more than one request a second
