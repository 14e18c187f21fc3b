"""How the scope came to be what it is, and going back: on the command line."""

import json
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import stores
from conftest import House
from console_visitor import signed_in, words
from push_library import Library, opened
from scope_house import ALL, LOCAL, file, told
from served import serving

from config.scope import Scope
from sync import store

CHOICES = (
    ALL,
    {**ALL, "status": "current"},
    {**ALL, "profile": "academic_or_student", "people": "public"},
    {**ALL, "authorships": "public", "outputs": "public"},
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = told(tmp_path_factory.mktemp("scope") / "house")
    stores.keep(house.folder)
    return house


@pytest.fixture
def house(first: House, tmp_path: Path) -> House:
    return first.copy(tmp_path / "house")


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as library:
        yield library.first_push()


def test_an_apply_is_written_down_with_its_reason_and_what_it_did(house: House) -> None:
    house.ok("scope", "apply", file(house, status="current"), "--why", "only those who are here")

    (change,) = house.json("scope", "history")["changes"]
    assert (change["why"], change["before"]["status"], change["after"]["status"]) == (
        "only those who are here",
        "all",
        "current",
    )
    assert change["did"]["public"]["outputs"] == {"appear": 0, "vanish": 2}
    assert not {word for word in ("Birch", "Eve", "10.5555") if word in json.dumps(change)}
    assert "-2 outputs" in house.ok("scope", "history")
    (detail,) = [row[0] for row in house.stored("SELECT detail FROM audit WHERE verb = 'scope apply'")]
    assert json.loads(detail)["why"] == "only those who are here"


def test_applying_what_is_in_force_is_no_change(house: House) -> None:
    house.ok("scope", "apply", file(house))

    assert house.json("scope", "history") == {"changes": []}
    assert house.run("scope", "undo").err == "the scope was never changed: there is nothing to undo\n"


def test_an_undone_scope_shows_what_it_showed_before(house: House) -> None:
    before = {audience: house.rows(audience) for audience in ("public", "internal")}
    house.ok("scope", "apply", file(house, status="current", authorships="public"))
    assert house.dois() == {"10.5555/one"}

    would = house.json("scope", "undo", "--dry-run")
    assert house.dois() == {"10.5555/one"}
    done = house.json("scope", "undo", "--why", "too narrow")

    assert would == done
    assert {audience: house.rows(audience) for audience in before} == before
    assert [each["why"] for each in house.json("scope", "history")["changes"]] == ["too narrow", ""]
    assert house.stored("SELECT verb FROM audit ORDER BY id DESC LIMIT 1") == [("scope undo",)]


def test_undoing_an_undo_is_as_never_having_undone(house: House) -> None:
    chance, in_force, undoes = random.Random(7), ALL, ALL

    for _ in range(8):
        if chance.random() < 0.5 and in_force != undoes:
            house.ok("scope", "undo")
            in_force, undoes = undoes, in_force
        else:
            wanted = chance.choice(CHOICES)
            house.ok("scope", "apply", file(house, **wanted))
            if wanted != in_force:
                in_force, undoes = wanted, in_force
        told_ = house.json("scope", "show")
        assert {"status": told_["status"], "profile": told_["profile"], **told_["visibility"]} == in_force
    history = house.json("scope", "history")["changes"]
    assert all(later["before"] == earlier["after"] for later, earlier in pairwise(history))


def test_going_back_below_what_is_kept_is_refused(house: House) -> None:
    house.ok("scope", "apply", file(house, people="private"))
    house.ok("scope", "apply", file(house))
    house.write(LOCAL + 'keep = "internal"\n')

    ran = house.run("scope", "undo")

    assert (ran.code, "people" in ran.err, "keep" in ran.err) == (2, True, True)
    assert house.json("scope", "show")["visibility"]["people"] == "internal"


def test_changes_since_a_backup_are_known_after_it_was_restored_and_can_be_undone(house: House) -> None:
    house.ok("scope", "apply", file(house, profile="academic"), "--why", "before")
    house.ok("backup", str(house.folder / "then.backup"))
    house.ok("scope", "apply", file(house, status="current"), "--why", "since")
    house.ok("scope", "undo")
    before = house.json("scope", "history")["changes"]

    house.ok("restore", str(house.folder / "then.backup"))

    after = house.json("scope", "history")["changes"]
    assert [each["why"] for each in after] == ["undo of change 2", "since", "before"]
    assert [each | {"change": 0} for each in after] == [each | {"change": 0} for each in before]
    assert house.json("scope", "show")["profile"] == "academic"
    house.ok("sync")
    house.ok("scope", "undo")
    assert house.json("scope", "show")["status"] == "current"


def test_a_preview_waits_for_nobody_who_writes_and_keeps_nobody_waiting(house: House) -> None:
    one, two = (store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key") for _ in range(2))
    try:
        with one.write(patience=1_000):
            found = store.preview(two, Scope(status="current"), (), now=store.now())
        assert found.seen["public"]["outputs"]["vanish"] == ["doi:10.5555/three", "doi:10.5555/two"]
        with two.read() as db:
            assert store.in_force(db) == Scope()
    finally:
        one.engine.dispose()
        two.engine.dispose()
    assert house.stored("SELECT id FROM scope") == [(1,)]


def test_what_must_be_taken_back_is_asked_of_the_daemon_at_once(pushed: Library) -> None:
    pushed.house.write(pushed.house.file.read_text().replace("require_author = false", "require_author = true"))
    folder = pushed.house.folder / "import"
    (folder / "people.csv").write_text("person,name,visibility,current\nann,Ann,public,true\nbea,Bea,public,false\n")
    (folder / "authorships.csv").write_text("output,person,visibility\none,ann,public\ntwo,bea,public\n")
    pushed.tell(one="public")
    (pushed.house.folder / "scope.toml").write_text('[scope]\nstatus = "current"\n')

    done = pushed.house.json("scope", "apply", str(pushed.house.folder / "scope.toml"))

    assert done["withdrawals"] == {"library": 1}
    assert pushed.ledger("SELECT verb, subject, ended_at FROM errand") == [("push", "library", 0)]
    with serving(pushed.house.folder) as served:
        ada = signed_in(served, pushed.house)
        page = ada.get("/scope/changes/1")
        assert "library : badges to be taken back: 1. 1 still there" in words(page)
        mark = page.text.partition("progress?mark=")[2].partition('"')[0]
        assert ada.get(f"/scope/changes/1/progress?mark={mark}", hx_request="true").status == 204
        assert pushed.push()["withdrawn"] == 1
        part = ada.get(f"/scope/changes/1/progress?mark={mark}", hx_request="true")
        assert "all taken back" in words(part)
        assert "hx-trigger" not in part.text
    pushed.house.ok("scope", "undo")
    assert len(pushed.rows("errand")) == 1  # going back takes nothing back
