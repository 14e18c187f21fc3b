"""What the daemon does where badges are pushed to, and what time alone brings about."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from daemon_process import daemon, until
from push_library import Library, opened

from sandbox.dspace.faults import DSpaceFault


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as found:
        yield found


def test_a_first_push_waits_for_somebody_who_agrees_and_what_is_hidden_is_withdrawn_without_a_pull(
    library: Library,
) -> None:
    with daemon(library.house) as running:
        held = running.says("pushed", source="library", outcome="held")
        assert library.scores() == {}
        library.house.ok("hide", "doi:10.5555/three", "--why", "something else has changed")
        (run,) = library.house.json("status")["waits_for_accept"]

        library.house.ok("accept", str(run))
        running.says("pushed", source="library", outcome="done", written=2)
        assert library.scores() == {"one": "3", "two": "6"}

        library.house.ok("hide", "doi:10.5555/two", "--why", "its author asked")
        running.says("pushed", source="library", outcome="done", withdrawn=1)
        assert library.scores() == {"one": "3"}

    assert held["waiting"] == 2
    assert len(running.lines("pushed", outcome="held")) == 1, "nobody is asked twice"
    assert "10.5555" not in running.text


def test_while_a_push_waits_withdrawals_do_not(library: Library) -> None:
    library.first_push()
    library.settings(more="push_limit = 1\n")
    library.tell(four="public", five="public", six="public")
    with daemon(library.house) as running:
        running.says("pushed", source="library", outcome="held", waiting=3)
        library.house.ok("hide", "doi:10.5555/two", "--why", "its author asked")
        running.says("pushed", source="library", withdrawn=1)

    assert library.scores() == {"one": "3"}


def test_a_push_ends_after_the_item_in_hand(library: Library) -> None:
    slow = DSpaceFault("slow", method="PATCH", seconds=0.5)
    library.server.faults.append(slow)
    with daemon(library.house) as running:
        running.says("pushed", outcome="held")
        library.house.ok("accept", str(library.house.json("status")["waits_for_accept"][0]))
        until(lambda: slow.times == 0, running)

    assert running.lines("pushed")[-1]["outcome"] == "stopped"
    assert library.scores() == {"one": "3"}
    assert library.push()["written"] == 1


def test_a_repository_that_does_not_answer_is_tried_again_each_time_later(library: Library) -> None:
    library.first_push()
    library.server.faults.append(DSpaceFault("status", status=400, address="/server/api", times=3))
    library.house.ok("hide", "doi:10.5555/two", "--why", "its author asked")
    with daemon(library.house) as running:
        running.says("pushed", withdrawn=1)

    assert library.scores() == {"one": "3"}
    assert running.lines("pushed")[0]["outcome"] in ("failed", "incomplete")


def test_a_mention_whose_time_comes_is_scored_without_a_pull(library: Library) -> None:
    library.house.write(library.house.file.read_text().split("[connections.library]")[0])
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    told = {"id": "soon", "source": "policy", "output": ["doi:10.5555/one"], "policy_source": "soon",
            "url": "https://policy.example.org/soon", "occurred_at": soon.isoformat()}  # fmt: skip
    file = library.house.folder / "soon.jsonl"
    file.write_text(json.dumps(told) + "\n")
    library.house.ok("import", str(file))
    library.house.ok("score")

    with daemon(library.house) as running:
        running.says("scored", changed=1)

    (row,) = [row for row in library.house.rows() if row["doi"] == "10.5555/one"]
    assert row["score"] == 6
    assert not running.lines("pulled")
