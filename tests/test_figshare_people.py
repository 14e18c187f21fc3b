"""Whose accounts of a Figshare are people, how open each is, and what is told of them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from figshare_source import ANN, CURSOR, IVY, NOW, OPEN, PRIVATE, PUBLIC, a_server, asked, end, people, pulled
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Since
from connectors.figshare.people import person
from sandbox.figshare import PracticeFigshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import ABSENT, Account

server = a_server()


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
