"""What another process closes, the very next request does not find; nothing that is kept outlives its permission."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import stores
from conftest import House
from served import Served, serving

SHOWN = "10.5555/example.50040"
NEXT = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'generation'"


@pytest.fixture
def served(own: House) -> Iterator[Served]:
    with serving(own.folder) as found:
        yield found


def command(house: House, *words: str) -> None:
    """One command in a process of its own."""
    line = [sys.executable, "-c", "from sync.cli import main; main()", "--config", str(house.file), *words]
    subprocess.run(line, check=True, capture_output=True)


def doors(output: str, doi: str) -> list[str]:
    """Every way to one output, but for the list on the front page."""
    forms = [f"{which}.{form}" for which in (f"doi/{doi}", f"output/{output}") for form in ("svg", "png", "json")]
    pages = [f"/doi/{doi}", f"/lookup?id={doi}", f"/outputs/{output}", f"/output/{output}"]
    return [*(f"/badge/{form}" for form in forms), f"/badge.svg?id={doi}", *pages]


def test_what_another_process_hides_is_gone_from_every_door_at_the_next_request(own: House, served: Served) -> None:
    top = max(own.rows(), key=lambda row: row["millipoints"])
    before = [served.get(door) for door in doors(top["output"], top["doi"]) * 2]  # the second time from memory
    front = served.get("/").text

    command(own, "hide", top["doi"], "--why", "because")

    after = [served.get(door) for door in doors(top["output"], top["doi"])]
    assert {reply.status for reply in before} == {200}
    assert {reply.status for reply in after} == {404}
    for reply in after:
        assert top["title"].encode() not in reply.body
    assert f"/outputs/{top['output']}" in front
    assert f"/outputs/{top['output']}" not in served.get("/").text


def test_hidden_and_unknown_pages_are_the_same_bytes(own: House, served: Served) -> None:
    output = json.loads(served.get(f"/badge/doi/{SHOWN}.json").body)["output"]
    command(own, "hide", SHOWN, "--why", "because")
    hidden = [f"/doi/{SHOWN}", f"/lookup?id={SHOWN}", f"/outputs/{output}"]
    unknown = ["/doi/10.5555/nowhere", "/lookup?id=10.5555/nowhere", "/outputs/1", "/nothing/at/all", "/nothing"]
    malformed = ["/lookup", "/lookup?id=%ff", "/doi/%00", f"/doi/{'x' * 9000}", "/outputs/x", "/doi/%0a"]

    replies = [served.get(path) for path in (*hidden, *unknown, *malformed)]

    assert len({reply.whole for reply in replies}) == 1


def test_unhiding_shows_it_again_and_a_changed_score_changes_the_etag(own: House, served: Served) -> None:
    first = served.get(f"/badge/doi/{SHOWN}.json")
    command(own, "hide", SHOWN, "--why", "because")
    hidden = served.get(f"/badge/doi/{SHOWN}.json", if_none_match=first.header("etag"))
    command(own, "unhide", SHOWN)
    shown = served.get(f"/badge/doi/{SHOWN}.json", if_none_match=first.header("etag"))
    own.stored("UPDATE badge SET score = 4711 WHERE doi = ?", SHOWN)
    own.stored(NEXT)
    changed = served.get(f"/badge/doi/{SHOWN}.json", if_none_match=first.header("etag"))

    assert [reply.status for reply in (hidden, shown, changed)] == [404, 304, 200]
    assert json.loads(changed.body)["score"] == 4711


def test_a_writer_that_has_not_committed_changes_nothing_and_stops_nobody(own: House, served: Served) -> None:
    door = f"/badge/doi/{SHOWN}.svg"
    before = served.get(door)
    with stores.database(own.folder) as db:
        db.execute(f"DELETE FROM badge WHERE doi = '{SHOWN}'")
        db.execute(NEXT)
        during = served.get(door)
    after = served.get(door)

    assert (during.whole, after.status) == (before.whole, 404)


def test_a_level_that_closes_by_the_clock_closes_what_is_kept(own: House, served: Served) -> None:
    paths = [f"/badge/doi/{SHOWN}.{form}" for form in ("svg", "png", "json")] + [f"/doi/{SHOWN}"]
    closes = time.time() + 3
    own.stored("UPDATE badge SET closes_at = ? WHERE doi = ?", int(closes * 1_000_000), SHOWN)
    own.stored(NEXT)
    before = [served.get(path).status for path in paths * 2]

    time.sleep(max(0.0, closes - time.time()) + 0.01)

    assert before == [200] * 8
    assert [served.get(path).status for path in paths] == [404] * 4


@stores.sqlite_alone
def test_a_store_that_is_replaced_by_another_is_the_one_that_is_read(own: House, served: Served) -> None:
    with closing(sqlite3.connect(own.folder / "ringmark.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with closing(sqlite3.connect(own.folder / "other.db")) as other:
            db.backup(other)
            other.execute("DELETE FROM badge WHERE doi = ?", (SHOWN,))
            other.commit()
    before = [served.get(path).status for path in (f"/badge/doi/{SHOWN}.svg", f"/doi/{SHOWN}")]
    for ending in ("-wal", "-shm"):
        Path(f"{own.folder}/ringmark.db{ending}").unlink(missing_ok=True)

    (own.folder / "other.db").replace(own.folder / "ringmark.db")

    assert before == [200, 200]
    assert [served.get(path).status for path in (f"/badge/doi/{SHOWN}.svg", f"/doi/{SHOWN}")] == [404, 404]


@stores.sqlite_alone
def test_without_its_store_it_answers_nothing_from_memory_and_says_so(own: House) -> None:
    with serving(own.folder) as served:
        before = [served.get(path).status for path in (f"/badge/doi/{SHOWN}.svg", "/ready", "/health")]
        (own.folder / "ringmark.db").rename(own.folder / "away.db")
        time.sleep(0.01)  # it looks for the file a thousand times a second

        paths = (f"/badge/doi/{SHOWN}.svg", "/badge/doi/10.5555/nowhere.svg", f"/doi/{SHOWN}", "/", "/ready")
        during = [served.get(path).status for path in paths]
        health = served.get("/health").status
        operations = served.get("/ready", at=served.operations).status
        (own.folder / "away.db").rename(own.folder / "ringmark.db")
        after = [served.get(path).status for path in paths]

    assert (before, health, operations) == ([200, 200, 200], 200, 503)
    assert during == [503] * 5
    assert after == [200, 404, 200, 200, 200]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(scored: House, number: signal.Signals) -> None:
    with serving(scored.folder) as served:
        os.kill(served.process, number)


def test_a_busy_port_a_store_that_is_not_there_and_wrong_settings_are_named(scored: House, house: House) -> None:
    with serving(scored.folder) as served:
        port = served.public.rpartition(":")[2]
        lines = f'[serve]\nlisten = "127.0.0.1:{port}"\noperations = "127.0.0.1:0"\n'
        busy = scored.file.with_name("busy.toml")
        busy.write_text(lines + scored.file.read_text())
        house.file = busy
        taken = house.run("serve")
    house.file = house.folder / "ringmark.toml"
    missing = house.write(stores.none_yet() + '[connections.local]\nkind = "files"\npath = "import"\n').run("serve")
    outside = house.write('[serve]\noperations = "0.0.0.0:8001"\n').run("serve")

    assert (taken.code, missing.code, outside.code) == (1, 1, 2)
    assert taken.err.startswith(f"serve.listen: cannot listen at 127.0.0.1:{port}: Address already in use")
    assert "run `ringmark pull` first" in missing.err
    assert stores.POSTGRESQL or not (house.folder / "ringmark.db").exists()


def test_it_writes_nothing(own: House) -> None:
    before = stores.dump(own.folder)

    with serving(own.folder) as served:
        for path in (f"/badge/doi/{SHOWN}.svg", f"/doi/{SHOWN}", "/"):
            assert served.get(path).status == 200

    assert stores.dump(own.folder) == before
