"""The daemon's main thread: signals, files that change, the child, systemd. The work is done in others."""

import logging
import os
import secrets
import signal
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from config.errors import SettingsError
from config.settings import Settings
from sync import steps, store
from sync.daemon import logs, notify
from sync.daemon.child import Child
from sync.daemon.ending import Ending
from sync.daemon.jobs import Jobs
from sync.daemon.lease import Keeper
from sync.daemon.reload import Files, loaded
from sync.daemon.timetable import Timetable
from sync.daemon.work import Work
from sync.store import Store

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between looks at everything
LOOKS = 2.0  # seconds between looks at files


def run(file: Path, house: Store, settings: Settings, *, serve: bool) -> int:
    """Run the schedule of a settings file until SIGTERM or SIGINT; the exit code.

    Raises `LeaseTaken` where another daemon is at work on this store."""
    keeper = Keeper(house, store.now)
    try:
        logs.begin()
        return _Daemon(file, house, settings, keeper, serve=serve).run()
    finally:
        keeper.close()


class _Daemon:
    def __init__(self, file: Path, house: Store, settings: Settings, keeper: Keeper, *, serve: bool) -> None:
        self.file, self.house, self.settings, self.keeper = file, house, settings, keeper
        self.ending = Ending()
        self.inbox: SimpleQueue[str] = SimpleQueue()
        self.files = Files(file)
        self.looked = self.pinged = 0.0
        self.status = ""
        self.child = Child(file) if serve else None
        self.jobs = Jobs(keeper, self.ending)
        self.work = Work(house, settings, self.jobs, seed=secrets.token_hex(8))
        self.timetable = Timetable(self.work)

    def run(self) -> int:
        """Everything, from the first job to the last."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.hear)
        log.info("the daemon runs", extra={"pid": os.getpid(), "connections": len(self.settings.connections)})
        self.timetable.start(self.settings)
        try:
            if self.child:
                self.child.look()
            notify.notify("READY=1")
            while not self.ending.begun:
                self.tick()
        finally:
            self.ending.ask()
            self.end()
        return self.ending.code

    def hear(self, number: int, _frame: object) -> None:
        """A signal: nothing that takes a lock may be done here."""
        if number != signal.SIGHUP:
            self.ending.ask()
        self.inbox.put("reload" if number == signal.SIGHUP else "end")

    def tick(self) -> None:
        """Look at everything once."""
        try:
            asked = self.inbox.get(timeout=TICK) == "reload"
        except Empty:
            asked = False
        if self.ending.begun:
            return
        if self.keeper.lost:
            self.ending.fail(self.keeper.lost)
            return
        if asked or self.file_changed():
            self.reload()
        if self.child:
            self.child.look()
        self.tell()

    def file_changed(self) -> bool:
        """Whether a file was written, asked every few seconds."""
        if time.monotonic() - self.looked < LOOKS:
            return False
        self.looked = time.monotonic()
        return self.files.changed()

    def reload(self) -> None:
        """Take up the settings as they are now, or say why not and go on with those of before."""
        notify.reloading()
        self.files.taken()
        before = self.settings
        try:
            found = loaded(self.file, self.house, before)
            steps.know(self.house, found.settings)
            store.end_rests(self.house, changed(before, found.settings))  # what was wrong may have been mended
        except SettingsError as error:
            for line in error.lines:
                log.error("settings refused; the old ones stay", extra={"why": line})
        except store.StoreError as error:
            log.error("settings not taken up; the old ones stay", extra={"why": str(error)})
        else:
            for line in found.refused:
                log.error("settings refused in part", extra={"why": line})
            self.settings = self.work.settings = found.settings
            self.timetable.arrange(self.settings)
            log.info("settings taken up", extra={"connections": len(self.settings.connections)})
            if self.child and _served(before) != _served(self.settings):
                self.child.restart()
        notify.notify("READY=1")

    def tell(self) -> None:
        """Tell systemd that we live, while that is so, and what is being done."""
        lives = self.timetable.watch()
        every = notify.watched_every()
        if lives and every and time.monotonic() - self.pinged >= every / 3:
            self.pinged = time.monotonic()
            notify.notify("WATCHDOG=1")
        doing = ", ".join(self.jobs.busy()) or "waiting"
        if doing != self.status:
            self.status = doing
            notify.notify(f"STATUS={doing}")

    def end(self) -> None:
        """Begin nothing more, and wait for what is in hand: of a pull that is its page, of a push its item."""
        log.info("ending", extra={"in_hand": self.jobs.busy()})
        notify.notify("STOPPING=1")
        self.timetable.stop()
        if self.child:
            self.child.end()
        while self.jobs.any():
            self.tell()
            time.sleep(TICK / 20)
        log.info("ended", extra={"code": self.ending.code})


def changed(before: Settings, now: Settings) -> list[str]:
    """The connections whose settings, secrets included, are others than before."""
    return [name for name, each in now.connections.items() if before.connections.get(name) != each]


def _served(settings: Settings) -> tuple[object, ...]:
    """The settings that `serve` goes by."""
    return settings.serve, settings.institution, settings.watch.mail
