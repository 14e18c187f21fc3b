"""Badges pushed into an InvenioRDM by the real steps, where something is in the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inveniordm_source import FIELD

from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.practice import Practised, opened
from sandbox.inveniordm.records import id_of
from sync.conformance.bench import Bench
from sync.conformance.place import DAY, in_a_file
from sync.conformance.world import Work

ONE = id_of(1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for name in ("house", "practice"):
        (tmp_path / name).mkdir()
    with (
        opened(tmp_path / "practice") as practice,
        Bench("inveniordm", practice, tmp_path / "house", in_a_file) as bench,
    ):
        bench.stock(Work(number=1, title="Tide tables"))
        yield bench


def system(bench: Bench) -> Practised:
    assert isinstance(bench.practice, Practised)
    return bench.practice


def test_a_badge_that_stayed_in_our_draft_goes_with_it_when_it_may_not_show_any_more(bench: Bench) -> None:
    server = system(bench).server
    server.faults.append(InvenioFault("hang up before", method="POST", address="publish$", times=None))
    bench.push(ends=("incomplete", "failed"))
    assert FIELD in server.drafts[ONE].custom_fields

    bench.practice.mend()
    bench.hide(1)
    bench.push()

    assert (server.drafts, server.texts(ONE, FIELD)) == ({}, ())


def test_while_somebody_edits_a_record_its_badge_waits_and_then_comes(bench: Bench) -> None:
    server = system(bench).server
    server.begin(ONE)
    bench.push(ends=("incomplete", "failed"))
    assert (bench.practice.changes(), ONE in server.drafts) == (0, True)

    server.discard(ONE)
    bench.wait(8 * DAY)
    bench.push()

    bench.expect_held(1, bench.badge(1), "after the draft was closed")


def test_somebodys_draft_with_a_badge_in_it_keeps_that_until_it_is_published_and_no_longer(bench: Bench) -> None:
    server = system(bench).server
    bench.push()
    draft = server.begin(ONE)
    bench.hide(1)
    bench.push(ends=("incomplete", "failed"))
    assert server.drafts[ONE] == draft

    server.publish(ONE)
    bench.wait(2 * DAY)
    bench.push()

    bench.expect_held(1, "", "after the draft was published")
