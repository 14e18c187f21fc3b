"""Repositories that are paused, forgotten or moved, and scopes: what becomes of the badges there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PASSWORD
from push_library import BASE, FIELD, SETTINGS, TARGET, THEIRS, Library, opened

from sandbox.dspace import practice_dspace
from sandbox.dspace.faults import DSpaceFault


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two public works, not pushed yet; one private."""
    with opened(tmp_path) as library:
        yield library


@pytest.fixture
def pushed(library: Library) -> Library:
    """The same, pushed."""
    return library.first_push()


def test_a_paused_connection_is_withdrawn_from_and_not_written_to(pushed: Library) -> None:
    pushed.house.ok("connection", "pause", "library")
    pushed.tell(one="private", four="public")
    pushed.mention(two=5)
    pushed.days(8)

    report = pushed.push()

    assert (report["withdrawn"], report["written"]) == (1, 0)
    assert pushed.scores() == {"two": "6"}
    pushed.house.ok("connection", "resume", "library")
    assert pushed.push()["written"] == 2


def test_a_connection_with_badges_is_not_forgotten_without_a_word_about_them(pushed: Library) -> None:
    refused = pushed.house.run("connection", "forget", "library")

    assert refused.code == 1
    assert "library: still holds 2 badges" in refused.err
    assert pushed.scores() == {"one": "3", "two": "6"}
    assert pushed.house.json("connection", "forget", "library", "--dry-run")["withdrawals"] == {"library": 2}
    assert pushed.stands()["pushed"]["badges"] == 2


def test_forgetting_with_withdraw_takes_every_badge_back(pushed: Library) -> None:
    pushed.server.edit(pushed.uuid("one"), FIELD, THEIRS, *pushed.texts("one"))

    pushed.house.ok("connection", "forget", "library", "--withdraw", "--why", "we move")

    assert (pushed.texts("one"), pushed.texts("two")) == ((THEIRS,), ())
    pushed.push()
    assert pushed.texts("two") == ()
    verb, subject, detail = pushed.ledger("SELECT verb, subject, detail FROM audit")[-1]
    assert (verb, subject) == ("connection forget", "library")
    assert json.loads(detail) == {"why": "we move", "withdrawn": 2}


def test_forgetting_goes_on_where_a_withdrawal_failed(pushed: Library) -> None:
    pushed.server.faults.append(DSpaceFault("forget", method="PATCH"))

    ran = pushed.house.run("connection", "forget", "library", "--withdraw")

    assert ran.code == 3
    assert "1 badges withdrawn, 1 not yet" in ran.err
    pushed.house.ok("connection", "forget", "library", "--withdraw")
    assert pushed.scores() == {}


def test_badges_are_left_only_with_a_reason_that_is_kept(pushed: Library) -> None:
    assert pushed.house.run("connection", "forget", "library", "--leave").code == 2
    assert pushed.house.run("connection", "forget", "library", "--leave", "--withdraw", "--why", "x").code == 2

    pushed.house.ok("connection", "forget", "library", "--leave", "--why", "the repository closes")

    assert pushed.scores() == {"one": "3", "two": "6"}
    (detail,) = pushed.ledger("SELECT detail FROM audit")[-1]
    assert json.loads(detail) == {"why": "the repository closes", "left": 2}
    assert pushed.ledger("SELECT count(*) FROM pushed") == [(0,)]


def test_a_connection_that_left_the_settings_with_its_badges_is_an_alarm(pushed: Library) -> None:
    pushed.settings("")

    alarms = pushed.house.json("status")["alarms"]
    refused = pushed.house.run("connection", "forget", "library")
    unreachable = pushed.house.run("connection", "forget", "library", "--withdraw")

    assert any("still holds 2 badges" in alarm for alarm in alarms)
    assert (refused.code, unreachable.code) == (1, 1)
    assert "put [connections.library] back" in unreachable.err
    pushed.house.ok("connection", "forget", "library", "--leave", "--why", "it was switched off")
    assert not pushed.house.json("status")["alarms"]


def test_a_connection_whose_address_changed_still_answers_for_its_badges(pushed: Library) -> None:
    """Another system at the address knows nothing of them, so they are not taken for withdrawn."""
    with practice_dspace([]) as other:
        other.password = PASSWORD
        pushed.settings(TARGET.replace("{url}", other.url))
        pushed.tell(one="private")

        pushed.house.run("push")
        alarms = pushed.house.json("status")["alarms"]
        forgotten = pushed.house.run("connection", "forget", "library", "--withdraw")

    assert alarms
    assert forgotten.code != 0
    pushed.settings()
    assert pushed.push()["withdrawn"] == 1


def test_a_scope_says_how_many_badges_it_writes_and_withdraws(pushed: Library) -> None:
    pushed.house.write(
        (SETTINGS + TARGET.replace("{url}", pushed.server.url)).replace(
            "require_author = false", "require_author = true"
        )
    )
    folder = pushed.house.folder / "import"
    (folder / "people.csv").write_text("person,name,visibility,current\nann,Ann,public,true\nbea,Bea,public,false\n")
    (folder / "authorships.csv").write_text(
        "output,person,visibility\none,ann,public\ntwo,bea,public\nfour,bea,public\n"
    )
    pushed.tell(four="public")
    assert pushed.push()["written"] == 1
    assert pushed.scores() == {"one": "3", "two": "6", "four": "0"}
    file = pushed.house.folder / "scope.toml"
    file.write_text('[scope]\nstatus = "current"\n')

    previewed = pushed.house.json("scope", "preview", str(file))
    applied = pushed.house.json("scope", "apply", str(file))

    assert previewed == applied
    assert (applied["writes"], applied["withdrawals"]) == ({"library": 0}, {"library": 2})
    assert pushed.push()["withdrawn"] == 2
    assert pushed.scores() == {"one": "3"}
    file.write_text("[scope]\n")
    widened = pushed.house.json("scope", "preview", str(file))
    assert (widened["writes"], widened["withdrawals"]) == ({"library": 2}, {"library": 0})


def test_a_scope_writes_nothing_to_a_paused_connection(pushed: Library) -> None:
    pushed.house.write(pushed.house.file.read_text().replace("require_author = false", "require_author = true"))
    folder = pushed.house.folder / "import"
    (folder / "people.csv").write_text("person,name,visibility,current\nann,Ann,public,true\nbea,Bea,public,false\n")
    (folder / "authorships.csv").write_text("output,person,visibility\none,ann,public\nfour,bea,public\n")
    (pushed.house.folder / "scope.toml").write_text('[scope]\nstatus = "current"\n')
    pushed.tell(four="public")
    pushed.house.ok("scope", "apply", str(pushed.house.folder / "scope.toml"))
    (pushed.house.folder / "scope.toml").write_text("[scope]\n")
    words = ("scope", "preview", str(pushed.house.folder / "scope.toml"))
    assert pushed.house.json(*words)["writes"] == {"library": 1}

    pushed.house.ok("connection", "pause", "library")

    assert pushed.house.json(*words)["writes"] in ({}, {"library": 0})


def test_another_field_is_written_after_the_old_one_was_emptied(pushed: Library) -> None:
    pushed.settings(TARGET.replace(FIELD, "local.attention.badge"))

    report = pushed.push()

    assert (report["withdrawn"], report["written"]) == (2, 2)
    assert pushed.scores() == {}
    assert len(pushed.server.texts(pushed.uuid("one"), "local.attention.badge")) == 1


def test_another_address_of_ours_is_written_to_everyitem_of(pushed: Library) -> None:
    text = pushed.house.file.read_text()
    pushed.house.write(text.replace(BASE, "https://scores.example.edu"))
    pushed.days(8)

    assert pushed.push()["written"] == 2

    assert pushed.texts("one")[0].startswith("https://scores.example.edu/badge/output/")
    assert len(pushed.texts("one")) == 1
