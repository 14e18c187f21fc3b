"""What `ringmark check --connect` says of a Figshare, each with its mend."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from figshare_source import ANN, IVY, NOW, TIDES, connected

from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ABSENT


@pytest.fixture
def server() -> Iterator[PracticeFigshare]:
    with practice_figshare() as running:
        running.holdings.clock = lambda: NOW
        running.holdings.keep(ANN, IVY, TIDES, replace(TIDES, id=7002, published=False))
        yield running


def said(server: PracticeFigshare, **more: object) -> list[tuple[bool, str]]:
    with connected(server, **more) as source:
        return [(found.ok, found.what) for found in source.check()]


def test_all_that_is_well_is_said(server: PracticeFigshare) -> None:
    assert said(server) == [
        (True, "the API answers, and knows the institution of this token"),
        (True, "the first 2 people: 1 private, 1 public; current: 2 yes; academic: 2 not told; student: 2 not told"),
        (
            True,
            "whether they are academic or student is not told; "
            "without people_map nobody is in a scope that asks for it",
        ),
        (True, "the first 2 outputs: 1 private, 1 public"),
    ]


def test_without_people_no_account_is_looked_at(server: PracticeFigshare) -> None:
    assert [what for _, what in said(server, people=False)][1:] == ["the first 2 outputs: 1 private, 1 public"]
    assert not any("accounts" in one.path for one in server.requests)


def test_doubts_are_counted(server: PracticeFigshare) -> None:
    server.holdings.change(7001, told={"status": ABSENT})

    assert said(server)[-1] == (False, "1 of the first 2 outputs: status is no word that we know")


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (FigshareFault("status", status=401), "refused with status 401; check"),
        (FigshareFault("status", status=403), "refused with status 403; check"),
        (FigshareFault("status", status=404), "no Figshare answers here; set url to the API"),
        (FigshareFault("login page"), "does no login page stand before it?"),
        (FigshareFault("no clock"), "does not tell the time"),
    ],
)
def test_what_is_wrong_is_said_with_its_mend(server: PracticeFigshare, fault: FigshareFault, what: str) -> None:
    server.faults.append(fault)

    (wrong,) = [text for ok, text in said(server) if not ok]

    assert what in wrong


def test_an_account_without_the_rights_is_told_so(server: PracticeFigshare) -> None:
    server.holdings.accounts.clear()
    server.holdings.articles.clear()

    assert [what for ok, what in said(server) if not ok] == ["no people at all", "no outputs at all"]


def test_checking_asks_for_little_and_changes_nothing(server: PracticeFigshare) -> None:
    server.holdings.keep(*(replace(TIDES, id=key) for key in range(1, 90)))

    said(server)

    assert len(server.requests) < 50
    assert {one.method for one in server.requests} == {"GET"}
