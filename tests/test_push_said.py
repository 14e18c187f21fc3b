"""What a push says, what it never says, and how it ends."""

import io
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from conftest import PASSWORD, House
from push_library import BASE, FIELD, TARGET, THEIRS, WORKS, Library, item_of, opened

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


def test_a_dry_run_says_what_would_change_and_changes_nothing(pushed: Library) -> None:
    pushed.tell(one="private", four="public")
    before, tables = pushed.scores(), ("pushed", "run", "connection", "audit")
    rows = [pushed.rows(table) for table in tables]

    report = pushed.push("--dry-run")

    assert (report["written"], report["withdrawn"], report["outcome"]) == (1, 1, "done")
    assert (pushed.scores(), len(pushed.server.writes)) == (before, 2)
    assert [pushed.rows(table) for table in tables] == rows
    assert pushed.push() | {"run": 0} == report | {"run": 0}


def test_a_dry_run_looks_beyond_the_limit(library: Library) -> None:
    library.settings(more="push_limit = 1\n")

    assert library.push("--dry-run")["written"] == 2
    assert library.server.writes == []


def test_a_diff_shows_each_value_as_it_was_and_as_it_is(pushed: Library) -> None:
    (old,) = pushed.texts("one")
    pushed.tell(one="private")

    document = pushed.house.json("push", "--dry-run", "--diff")
    lines = pushed.house.ok("push", "--diff").splitlines()

    assert document["dry_run"] is True
    assert document["connections"][0]["diff"] == [
        {"output": old.split("/")[-1].split(".")[0], "address": pushed.uuid("one"), "before": [old], "after": []}
    ]
    assert any(pushed.uuid("one") in line for line in lines)
    assert f"  - {old}" in lines


def test_the_document_of_a_push(pushed: Library) -> None:
    assert pushed.house.json("push", "library") == {
        "dry_run": False,
        "connections": [
            {
                "connection": "library", "run": pushed.stands()["last_run"]["id"], "outcome": "done", "why": None,
                "written": 0, "equal": 0, "withdrawn": 0, "not_found": 0, "edited": 0, "failed": 0, "waiting": 0,
            }
        ],
    }  # fmt: skip


def test_unknown_connections_and_those_that_take_no_badges_are_wrong_usage(pushed: Library) -> None:
    unknown = pushed.house.run("push", "nowhere")
    other = pushed.house.run("push", "local")

    assert (unknown.code, other.code) == (2, 2)
    assert "nowhere: no such connection" in unknown.err
    assert "a files connection takes no badges" in other.err


def test_a_house_without_repositories_has_nothing_to_push(house: House) -> None:
    (house.folder / "import").mkdir()
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')

    assert "no connection takes badges" in house.ok("push")
    assert house.json("push") == {"dry_run": False, "connections": []}


def test_a_connection_without_push_is_tended_and_not_written_to(pushed: Library) -> None:
    pushed.settings(TARGET.replace('push = "public"\nfield = "local.attention.score"\n', ""))
    pushed.tell(one="private", four="public")
    pushed.mention(two=5)
    pushed.days(30)

    report = pushed.push()

    assert (report["withdrawn"], report["written"]) == (1, 0)
    assert pushed.scores() == {"two": "6"}


def test_standard_output_is_one_document_on_a_terminal_too(pushed: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed.settings(TARGET.replace('push = "public"\n', ""))
    monkeypatch.setattr(io, "StringIO", type("Terminal", (StringIO,), {"isatty": lambda _: True}))

    assert pushed.house.run("push", "library", "--json").document["connections"][0]["connection"] == "library"


def test_exit_codes_tell_all_failed_from_some(pushed: Library) -> None:
    pushed.tell(four="public")
    pushed.mention(one=4)
    pushed.days(8)
    pushed.server.faults.append(DSpaceFault("status", status=500, method="PATCH"))
    assert pushed.push(code=3)["failed"] == 1

    pushed.server.faults.append(DSpaceFault("status", status=500, times=None))
    pushed.tell(**dict.fromkeys(WORKS, "private"))
    ran = pushed.house.run("push", "--json")

    assert (ran.code, ran.document["connections"][0]["outcome"]) == (1, "failed")
    assert "status 500" in ran.document["error"]


def test_one_repository_that_fails_does_not_stop_the_other(pushed: Library) -> None:
    with practice_dspace([item_of("one")]) as museum:
        museum.password = PASSWORD
        pushed.settings(TARGET + TARGET.replace("library", "museum").replace("{url}", museum.url))
        museum.faults.append(DSpaceFault("status", status=500, times=None))

        ran = pushed.house.run("push", "--json")
        museum.faults.clear()
        again = pushed.house.json("push")

    assert ran.code == 3
    assert [each["outcome"] for each in ran.document["connections"]] == ["done", "failed"]
    assert [each["outcome"] for each in again["connections"]] == ["done", "done"]
    assert museum.texts(item_of("one").uuid, FIELD) == pushed.texts("one")


def test_a_sync_whose_push_fails_says_so(pushed: Library) -> None:
    pushed.tell(four="public")
    pushed.server.password = "changed"

    ran = pushed.house.run("sync", "--json")

    assert ran.code == 3
    assert ran.document["pushed"][0]["outcome"] == "failed"
    pushed.server.password = PASSWORD
    assert pushed.house.json("sync")["pushed"][0]["written"] == 1


def test_a_password_that_is_not_accepted_is_offered_once(pushed: Library) -> None:
    pushed.tell(**dict.fromkeys(WORKS, "public"))
    pushed.push()
    pushed.tell(**dict.fromkeys(WORKS, "private"))
    pushed.server.password = "changed"
    asked = len(pushed.server.requests)

    ran = pushed.house.run("push", "--json")

    assert ran.code == 1
    assert "check username and password" in ran.document["error"]
    assert [one.method for one in pushed.server.requests[asked:]].count("POST") == 1


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('push = "public"', 'push = "internal"', "connections.library.push"),
        ('field = "local.attention.score"', "", "connections.library.field"),
        (f'base_url = "{BASE}"', "", "institution.base_url"),
        ('push = "public"', 'push = "private"', "connections.library.push"),
    ],
)
def test_settings_that_cannot_be_pushed_by_are_refused(library: Library, old: str, new: str, named: str) -> None:
    library.house.write(library.house.file.read_text().replace(old, new))

    ran = library.house.run("push")

    assert ran.code == 2
    assert named in ran.err
    assert library.server.requests == []


def test_a_push_says_no_title_identifier_or_credential(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    library.server.edit(library.uuid("two"), FIELD, THEIRS)
    library.server.faults.append(DSpaceFault("forget", method="PATCH"))
    with caplog.at_level(logging.DEBUG, logger="sync"), caplog.at_level(logging.DEBUG, logger="connectors"):
        said = [library.house.run("push", *words) for words in (["--dry-run", "--diff"], [], ["--json"])]

    kept = library.ledger("SELECT why FROM run UNION ALL SELECT why FROM pushed UNION ALL SELECT counts FROM run")
    logged = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    everything = " ".join([*(ran.out + ran.err for ran in said), *map(str, kept), *logged])
    assert any(ran.code == 3 for ran in said)
    for secret in ("Canary", "10.5555", PASSWORD, "Bearer", "ringmark@example.edu"):
        assert secret not in everything


def test_requests_name_only_what_the_public_may_see(library: Library) -> None:
    library.tell(two="internal", three="private", four="public")
    library.house.ok("hide", "10.5555/four", "--why", "x")

    library.push()

    asked = [f"{one.path}?{one.query}{one.body!r}" for one in library.server.requests]
    assert any("one" in each for each in asked)
    for hidden in ("two", "three", "four"):
        assert not any(hidden in each or library.uuid(hidden) in each for each in asked)
