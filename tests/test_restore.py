"""Restoring a backup: everything is as it was then, once every source was read again, and until then every door is
shut."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import stores
from canary import Desk, copied
from conftest import House
from naive.elements import WIRES, serve, small
from restore_house import Sources, doors
from served import serving

from sandbox.faults import Fault
from sync import export, store
from sync.daemon import holder, lease

SHOWN = "10.5555/open"
CROWD = {f"Crowd {number}" for number in range(1, 28)}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A house with every reason to hide something, and with vetoes."""
    desk = Desk(tmp_path_factory.mktemp("filled"))
    desk.fill()
    return desk


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    house = Sources(tmp_path_factory.mktemp("told")).tell("one", a="public", b="public").tell("two", a="public")
    house.ok("sync")
    return house


@pytest.fixture
def house(told: Sources, tmp_path: Path) -> Sources:
    return told.copied(tmp_path / "house")


def everything(house: House) -> dict[object, Any]:
    """All exports, every ledger but those of the crowd, which are alike, and what `status` counts."""
    found: dict[object, Any] = {"status": house.json("status")["outputs"]}
    for audience in ("public", "internal"):
        for name in export.FORMATS:
            file = house.folder / f"all.{name}"
            house.ok("export", "--audience", audience, "--format", name, "-o", str(file))
            found[audience, name] = file.read_bytes()
        for row in [row for row in house.rows(audience) if row["title"] not in CROWD]:
            asked = ("explain", f"output:{row['output']}", "--audience", audience)
            found[asked] = house.ok(*asked, "--json")
    return found


def test_once_all_was_read_again_every_export_and_every_ledger_is_as_it_was(filled: Desk, tmp_path: Path) -> None:
    desk = copied(filled, tmp_path / "desk")
    desk.ok("score")
    before = everything(desk)
    desk.ok("backup", str(tmp_path / "night.db"))
    output = next(row["output"] for row in desk.rows() if row["doi"] == SHOWN)

    with serving(desk.folder) as served:
        asked = [served.get(door).status for door in doors(output, SHOWN)]
        told = desk.json("restore", str(tmp_path / "night.db"))
        shut = [served.get(door).whole for door in doors(output, SHOWN)]
        unknown = [served.get(door).whole for door in doors("1", "10.5555/nothing")]
        front = served.get("/").text
        desk.ok("pull")
        desk.ok("score")
        again = [served.get(door).status for door in doors(output, SHOWN)]

    assert (set(asked), set(again)) == ({200}, {200})
    assert shut == unknown
    assert "Open" not in front.replace("Open Journal", "")
    assert sorted(told["waits"]) == ["alpha", "beta", "delta", "gamma"]
    assert everything(desk) == before


def test_until_then_every_door_is_shut_whatever_is_done(filled: Desk, tmp_path: Path) -> None:
    desk = copied(filled, tmp_path / "desk")
    desk.ok("backup", str(tmp_path / "night.db"))
    desk.ok("restore", str(tmp_path / "night.db"))
    shutil.move(desk.folder / "delta", tmp_path / "delta")
    (desk.folder / "all.toml").write_text("[scope]\n")

    for words in (("score",), ("score", "--full"), ("unhide", "doi:10.5555/canarypri-hidden"), ("pull", "alpha"),
                  ("scope", "apply", str(desk.folder / "all.toml")), ("score",)):  # fmt: skip
        desk.ok(*words)
        assert closed(desk)
    pulled = desk.run("sync")
    assert (pulled.code, closed(desk)) == (3, True)

    alarm = next(each for each in desk.json("status")["alarms"] if "restored" in each)
    assert "read again in full: delta;" in alarm
    assert desk.run("status", "--fail-on", "alarm").code == 1
    assert "every source was read again" in desk.json("why", f"doi:{SHOWN}")["decided"]
    shutil.move(tmp_path / "delta", desk.folder / "delta")
    desk.ok("sync")
    assert SHOWN in desk.dois()
    assert not any("restored" in each for each in desk.json("status")["alarms"])


def closed(house: House) -> bool:
    """Whether nobody sees anything, nor would by another scope."""
    asked = [house.run("explain", SHOWN), house.run("badge", SHOWN, "--audience", "internal")]
    (house.folder / "wide.toml").write_text("[scope]\n")
    preview = house.json("scope", "preview", str(house.folder / "wide.toml"))
    appears = [kinds["appear"] for audience in ("public", "internal") for kinds in preview[audience].values()]
    return (
        house.rows() == house.rows("internal") == []
        and {ran.err for ran in asked} == {"unknown output\n"}
        and not any(appears)
    )


def test_a_paused_source_blocks_until_it_is_resumed_or_forgotten(house: Sources) -> None:
    backup = house.backup()
    house.ok("connection", "pause", "two")
    house.restored(backup)

    house.ok("sync")
    assert house.rows() == []
    assert any("two (paused)" in each for each in house.json("status")["alarms"])
    house.ok("connection", "forget", "two")
    house.ok("score")

    assert house.works() == {"a", "b"}


def test_a_source_that_was_added_since_is_waited_for_too(house: Sources) -> None:
    backup = house.backup()
    house.tell("three", a="private").ok("sync")
    assert house.works() == {"b"}

    house.restored(backup)
    house.ok("pull", "one", "two")
    house.ok("score")
    between = house.rows()
    house.ok("sync")

    assert (between, house.works()) == ([], {"b"})


def test_what_a_source_no_longer_lists_is_not_shown_though_the_brake_holds_it(house: Sources) -> None:
    many = {f"m{number}": "public" for number in range(20)}
    house.tell("one", many, a="public").ok("sync")
    backup = house.backup()
    house.tell("one", a="public", n="public")
    assert house.run("sync").code == 4
    house.ok("sync")
    assert house.works() == {"a", "n"}

    house.restored(backup)
    held = house.run("sync")

    assert held.code == 4, held
    assert house.works() == {"a", "n"}
    house.later = 2 * 86_400_000_000
    house.tell("one", many, a="public", n="public").ok("sync")
    assert house.works() == {"a", "n", *many}


def test_a_listing_with_a_record_that_has_no_key_shows_nothing_that_it_did_not_list(house: Sources) -> None:
    house.tell("one", a="public", b="public", c="public").ok("sync")
    backup = house.backup()
    house.restored(backup)
    outputs = house.folder / "one" / "outputs.csv"
    outputs.write_text(outputs.read_text().replace("c,Work c", ",Work c"))

    house.ok("sync")
    assert house.works() == {"a", "b"}
    house.ok("sync")

    assert house.works() == {"a", "b"}


def test_that_a_record_is_there_is_not_enough_to_show_it(tmp_path: Path) -> None:
    """A source that lists nothing, and confirms each record when it is asked for it."""
    house = House(tmp_path)
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url)
        house.ok("sync")
        before, file = house.rows(), str(tmp_path / "night.backup")
        house.ok("backup", file)
        house.ok("restore", file)
        server.faults.append(Fault("empty feed", address=r"/publications\?", times=None))
        for words in (("pull",), ("pull", "--full"), ("pull", "--full")):  # the first is a full one by itself
            assert house.run(*words).code in (0, 4)
            assert not any("restored" in each for each in house.json("status")["alarms"])
            house.ok("score")
            assert house.rows() == house.rows("internal") == []
        assert house.json("status")["connections"][0]["items"] > 50
        server.faults.clear()
        house.ok("pull", "--full")
        house.ok("score")

    assert house.rows() == before


def test_a_backup_that_somebody_takes_for_a_store_shows_nothing_either(house: Sources, tmp_path: Path) -> None:
    night = house.backup()
    other = tmp_path / "other"
    other.mkdir()
    for name in ("one", "two"):
        shutil.copytree(house.folder / name, other / name)
    text = house.file.read_text()
    settings = text[text.index("[connections") :]
    copy = House(other).write(f'[store]\nurl = "sqlite:///{other / "by-hand.db"}"\n{settings}')
    shutil.copy(night, other / "by-hand.db")

    assert copy.rows() == copy.rows("internal") == []
    copy.ok("sync")

    assert {row["doi"] for row in copy.rows()} == house.dois()


def test_it_is_refused_while_a_daemon_is_at_work_or_a_source_is_pulled(house: Sources) -> None:
    backup, before = house.backup(), house.rows()
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    daemon = store.leases.take(
        home, lease.NAME, holder=holder.ourselves(), now=store.now(), for_=60_000_000, gone=lambda _: False
    )
    by_daemon, rehearsal = house.run("restore", backup), house.run("restore", backup, "--dry-run")
    store.leases.give_back(home, daemon)
    with store.turn(home, "two"):
        by_pull = house.run("restore", backup)
    with store.turn(home, "one-push"):
        by_push = house.run("restore", backup)
    home.engine.dispose()

    assert [ran.code for ran in (by_daemon, by_pull, by_push, rehearsal)] == [1, 1, 1, 0]
    assert "daemon" in by_daemon.err
    assert "two: is being pulled" in by_pull.err
    assert "one: is being pushed to" in by_push.err
    assert house.rows() == before
    assert not list(house.folder.glob("*before-restore*"))
    house.restored(backup)


def test_the_readers_of_a_terminal_are_told_what_was_done_and_what_is_next(house: Sources) -> None:
    backup = house.backup()
    house.ok("hide", "doi:10.5555/a", "--why", "x")

    dry, done = house.ok("restore", backup, "--dry-run"), house.ok("restore", backup)

    assert "would be restored: the backup of 2" in dry
    assert "1 hides and releases" in done
    assert "before-restore" in done
    assert "until these are read again in full: one, two; `ringmark sync` does that" in done
