"""What is only done when somebody asks for it: a check of one connection, and taking back all of its badges."""

import time
from collections.abc import Callable

from config.settings import Settings
from connectors.errors import ConnectorError
from sync import checks, store
from sync.alarms import certificates
from sync.daemon.errands import Task
from sync.daemon.logs import step
from sync.push import parting
from sync.store import Store


def check(house: Store, settings: Settings, name: str, task: Task, *, stop: Callable[[], bool]) -> None:
    """Ask a connection whether address, credentials and rights will do."""
    began = time.monotonic()
    try:
        checked = checks.connect(settings, [name], now=store.now(), house=house, stop=stop)
    except ConnectorError:
        if not stop():
            raise
    if stop():  # what was found by then may only say that we did not wait
        task.ended("stopped")
        return
    certificates.keep(house, checked.certified, now=store.now())
    outcome = "failed" if checked.wrong else "done"
    step("checked", name, outcome, "", {"wrong": len(checked.wrong)}, began)
    task.ended(outcome, why="; ".join(checked.wrong), findings=checked.findings[name])


def withdraw(house: Store, settings: Settings, name: str, task: Task, *, by: str, stop: Callable[[], bool]) -> None:
    """Take back all badges of a connection, and write no more of them."""
    began = time.monotonic()
    store.pause(house, name, paused=True)
    parted = parting.take_back(house, settings, name, by=by, why="", clock=store.now, stop=stop)
    step("withdrawn", name, parted.outcome, parted.why, {"withdrawn": parted.withdrawn, "rest": parted.rest}, began)
    task.ended(parted.outcome, why=parted.why, withdrawn=parted.withdrawn, rest=parted.rest)
