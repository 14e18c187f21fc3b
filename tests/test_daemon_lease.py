"""The lease: one holder at a time, whatever clocks, processes and machines do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
import stores

from sync import store
from sync.daemon import holder, lease
from sync.store import LeaseTaken, Store, leases

NOW = 1_795_000_000_000_000
FOR = 90_000_000


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Store]:
    opened = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    yield opened
    opened.engine.dispose()


def take(home: Store, who: str, now: int = NOW, gone: bool = False) -> leases.Lease:
    return leases.take(home, "daemon", holder=who, now=now, for_=FOR, gone=lambda _: gone)


def test_a_lease_is_held_until_it_runs_out(home: Store) -> None:
    first = take(home, "first")
    with pytest.raises(LeaseTaken) as refused:
        take(home, "second", NOW + FOR - 1)
    assert refused.value.lease == first

    second = take(home, "second", NOW + FOR)

    assert not leases.renew(home, first, now=NOW + FOR + 1, for_=FOR)
    assert leases.renew(home, second, now=NOW + FOR + 1, for_=FOR)


def test_a_lease_that_is_renewed_or_given_back_is_held_or_free(home: Store) -> None:
    first = take(home, "first")
    assert leases.renew(home, first, now=NOW + FOR // 2, for_=FOR)
    with pytest.raises(LeaseTaken):
        take(home, "second", NOW + FOR)

    leases.give_back(home, first)
    second = take(home, "second", NOW + FOR)
    leases.give_back(home, first)

    assert leases.renew(home, second, now=NOW + FOR, for_=FOR), "what is not ours any more is not given away"


def test_the_lease_of_a_process_that_is_gone_is_free_at_once(home: Store) -> None:
    take(home, "first")

    assert take(home, "second", NOW + 1, gone=True).holder == "second"


def test_a_lease_from_a_clock_that_was_a_year_ahead_holds_nobody_up(home: Store) -> None:
    take(home, "first", NOW + 365 * 86_400_000_000)

    assert take(home, "second").holder == "second"


def test_of_many_that_want_it_at_once_one_gets_it(home: Store) -> None:
    def attempt(number: int) -> bool:
        try:
            return take(home, str(number)).holder == str(number)
        except LeaseTaken:
            return False

    with ThreadPool(8) as pool:
        got = pool.map(attempt, range(24), chunksize=1)

    assert got.count(True) == 1


def test_it_is_known_of_this_machine_alone_whether_a_holder_is_gone() -> None:
    ours = holder.ourselves()
    alone = f"import runpy; print(runpy.run_path({holder.__file__!r})['ourselves']())"
    ended = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True).stdout.strip()
    pid = holder.words(ended).split()[1]

    assert not holder.gone(ours)
    assert holder.gone(ended)
    assert not holder.gone(ended.replace(os.uname().nodename, "another.example.edu"))
    assert holder.gone(ours.replace('"began": "', '"began": "1')), "another process has that number by now"
    assert not holder.gone(ended.replace('"within": "', '"within": "before it was started anew ')), "nobody knows"
    assert holder.words(ended) == f"process {pid} on {os.uname().nodename}"


def test_a_keeper_holds_its_lease_only_for_as_long_as_it_renews_it(
    home: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    real = lease.steady
    monkeypatch.setattr(lease, "steady", lambda: real() + passed)
    keeper = lease.Keeper(home, lambda: NOW)
    assert keeper.held

    passed = lease.FOR
    assert (keeper.held, keeper.lost) == (False, "")
    keeper.renew()
    assert keeper.held

    take(home, "second", NOW + FOR)
    keeper.renew()
    assert not keeper.held
    assert "another daemon" in keeper.lost
    keeper.close()

    with home.read() as db:
        assert db.exec_driver_sql("SELECT holder FROM lease").scalar_one() == "second"


def test_a_keeper_that_can_not_renew_for_long_is_lost(home: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = lease.Keeper(home, store.now)
    monkeypatch.setattr(lease, "GIVE_UP", -1.0)

    assert "could not be renewed" in keeper.lost
    assert not keeper.held
    keeper.close()
