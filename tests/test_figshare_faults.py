"""A Figshare in which something goes wrong: what is unread then, what ends the run, and what is not believed."""

import logging
from dataclasses import replace

import pytest
from figshare_source import ANN, CURSOR, IVY, NOW, PRIVATE, PUBLIC, TIDES, a_server, end, items, people, pulled

from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from sandbox.figshare import PracticeFigshare
from sandbox.figshare.faults import FigshareFault

server = a_server()


@pytest.mark.parametrize("what", ["status", "login page", "cut short"])
def test_versions_that_cannot_be_read_leave_the_article_as_it_is(server: PracticeFigshare, what: str) -> None:
    server.faults.append(FigshareFault(what, status=404, address="/versions", times=None))  # type: ignore[arg-type]

    found = items(pulled(server))["7001"]

    assert found.visibility == PUBLIC
    assert [one.identifier.value for one in found.versions] == ["10.5555/figshare.7001.v2"]


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


def test_neither_token_nor_title_nor_name_is_logged(server: PracticeFigshare, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(FigshareFault("login page", address=r"/articles/\d+$", times=None))
    server.holdings.keep(replace(TIDES, id=7003))

    with pytest.raises(NotUnderstood) as failed:
        pulled(server)

    said = caplog.text + str(failed.value)
    assert not [word for word in (server.token, "Tide", "Smuggled", "Harbourmaster") if word in said]
