"""From an EPrints into the store, and what each audience then sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stores

from sandbox.eprints.practice import Practised, opened
from sandbox.eprints.records import made
from sync.conformance.bench import Bench

DOI = "10.5555/tides"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "house").mkdir()
    with opened(tmp_path) as practice, Bench("eprints", practice, tmp_path / "house", stores.url) as bench:
        yield bench


@pytest.fixture
def practice(bench: Bench) -> Practised:
    assert isinstance(bench.practice, Practised)
    return bench.practice


def titles(bench: Bench) -> list[str]:
    return [row["title"] for row in bench.rows("public")]


def test_a_new_version_takes_the_place_of_the_one_that_it_succeeds(bench: Bench, practice: Practised) -> None:
    practice.server.put(made(1, title="Tides", id_number=DOI))
    bench.pull()
    first = titles(bench)
    practice.server.edit(1, metadata_visibility="no_search")
    practice.server.put(made(2, title="Tides, revised", id_number=DOI, succeeds="1"))
    bench.wait(3600)
    bench.pull(full=True)

    assert (first, titles(bench)) == (["Tides"], ["Tides, revised"])


def test_a_hidden_record_hides_the_work_whoever_else_shows_it(bench: Bench, practice: Practised) -> None:
    practice.server.put(made(1, title="Tides", id_number=DOI))
    practice.server.put(made(2, title="Tides, again", id_number=DOI))
    bench.wait(3600)
    bench.pull()
    first = titles(bench)
    practice.server.edit(1, metadata_visibility="hide")
    bench.wait(3600)
    bench.pull()
    untold = titles(bench)
    bench.pull(full=True)

    assert len(first) == len(untold) == 1  # a change that moves no date is not told by a list of changes
    assert titles(bench) == []


def test_a_destroyed_record_goes_with_the_next_full_pull_and_a_retired_one_with_any(
    bench: Bench, practice: Practised
) -> None:
    for number in range(1, 6):
        practice.server.put(made(number, title=f"Tides {number}", id_number=f"{DOI}.{number}"))
    bench.pull()
    practice.server.destroy(1)
    practice.server.move(2, "deletion")
    bench.wait(3600)
    bench.pull()
    changed = titles(bench)
    bench.wait(3600)
    bench.pull(full=True)

    assert changed == ["Tides 1", "Tides 3", "Tides 4", "Tides 5"]
    assert titles(bench) == ["Tides 3", "Tides 4", "Tides 5"]


def test_a_site_whose_role_was_taken_away_loses_nothing(bench: Bench, practice: Practised) -> None:
    for number in range(1, 6):
        practice.server.put(made(number, title=f"Tides {number}", id_number=f"{DOI}.{number}"))
    bench.pull()
    practice.server.rest_is_open = practice.server.may_rest = False
    bench.wait(3600)
    ran = bench.pull(full=True, ends=("failed",))

    assert "role rest" in ran.why
    assert len(titles(bench)) == 5
