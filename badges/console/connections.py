"""The configured systems: how each stands, what runs, what was done, and what can be asked of it."""

import re

from badges.answers import Answer
from badges.charts.past import Past, past
from badges.console.desk import ConsoleDesk
from badges.console.health import ASKED, Standing, span, standing, waits
from badges.console.room import Asked, Room
from badges.console.settings_told import told as settings_told
from sync import store
from sync.acts import Refused, connections, decisions, errands, there
from sync.store.errands import Errand

RUNS = 40  # that a page tells of
LATELY = 20  # errands that a page tells of
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}|\(import\)")
ASKS = ("pull", "full", "push", "check")


class Connections:
    """`/console/connections`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/connections", role="editor", reads="", show=self.all),
            Room(path="/connections/{name}", role="editor", reads="", show=self.one),
            Room(path="/connections/{name}/counts", role="editor", reads="", show=self.counts),
            Room(path="/connections/{name}/ask", role="admin", reads="", take=self.ask),
            Room(path="/connections/{name}/pause", role="admin", reads="", take=self.pause),
            Room(path="/connections/{name}/resume", role="admin", reads="", take=self.resume),
        )

    def all(self, asked: Asked) -> Answer:
        """Every connection, in a card each."""
        daemon = errands.daemon(asked.office)
        waiting = decisions.waiting(asked.office)
        wait = {each.connection for each in waiting}
        found = [_standing(asked, row, daemon, wait) for row in connections.glance(asked.office)]
        open_, forgotten = _open(asked), asked.query.one("forgotten")
        return self._desk.paper.page(
            asked,
            "connections.html",
            part=asked.part,
            found=found,
            daemon=daemon,
            live=_live(asked, found, open_, daemon),
            waits=len(waiting),
            unseen=sorted(asked.office.settings.connections.keys() - {each.name for each in found}),
            forgotten=forgotten if NAME.fullmatch(forgotten) else "",
            busy=bool(open_) or any(each.at_work for each in found),
        )

    def one(self, asked: Asked) -> Answer:
        """One connection, in all detail."""
        name, office = asked.path["name"], asked.office
        row = next((row for row in connections.glance(office) if row["name"] == name), None)
        if row is None:
            raise Refused(connections.UNKNOWN.format(name), "unknown")
        daemon = errands.daemon(office)
        waiting = [each for each in decisions.waiting(office) if each.connection == name]
        found = _standing(asked, row, daemon, {each.connection for each in waiting})
        open_ = [each for each in _open(asked) if each.subject == name]
        runs = connections.runs(office, name, last=RUNS)
        pulls = [run for run in reversed(runs) if run["step"] == "pull" and run["outcome"] != "running"]
        return self._desk.paper.page(
            asked,
            "connection.html",
            part=asked.part,
            each=found,
            daemon=daemon,
            live=_live(asked, [found], open_, daemon),
            busy=bool(open_) or bool(found.at_work),
            asks=[each for each in errands.listed(office, most=LATELY, subject=name) if each.ended_at],
            check=_check(asked, name),
            runs=runs,
            span=span,
            records=past([Past(run.get("seen", 0), run["outcome"] == "done") for run in pulls], height=72),
            took=past([Past(run["seconds"], run["outcome"] == "done") for run in pulls], height=40),
            plotted=len(pulls),
            settings=settings_told(office.settings, name),
            assumed=connections.assumed(office.settings, name),
            pushes=there.takes_badges(office, name),
            words=ASKED,
            decisions=waiting,
            reads=connections.is_read(office, name),
        )

    def counts(self, asked: Asked) -> Answer:
        """What has to be counted, which takes longer than a page may."""
        name = asked.path["name"]
        connections.known(asked.office, name)
        return self._desk.paper.page(
            asked,
            "connection_counts.html",
            name=name,
            told=connections.counted(asked.office, name),
            waits=there.waits(asked.office, name),
        )

    def ask(self, asked: Asked) -> Answer:
        """Ask the daemon for something."""
        name, what = asked.path["name"], asked.form.one("what")
        if what not in ASKS:
            raise Refused(f'"{what[:40]}" cannot be asked for here', "wrong")
        errands.ask(asked.office, errands.verb(what), name)
        return self._back(name)

    def pause(self, asked: Asked) -> Answer:
        """Pull it no more."""
        _configured(asked)
        connections.pause(asked.office, asked.path["name"])
        return self._back(asked.path["name"])

    def resume(self, asked: Asked) -> Answer:
        """Let it go on."""
        _configured(asked)
        connections.resume(asked.office, asked.path["name"])
        return self._back(asked.path["name"])

    def _back(self, name: str) -> Answer:
        return self._desk.paper.went(f"/console/connections/{name}")


def _configured(asked: Asked) -> None:
    name, settings = asked.path["name"], asked.office.settings
    connections.known(asked.office, name)
    if name not in settings.connections:
        raise Refused(f"{name}: no longer in {settings.file.name}; put it back there, or forget it")


def _standing(asked: Asked, row: dict[str, object], daemon: str, waiting: set[str]) -> Standing:
    with asked.office.house.read() as db:
        alarms = store.alarms.about(db, str(row["name"]))
    return standing(asked, row, alarms, alive=bool(daemon), decided=row["name"] not in waiting)


def _open(asked: Asked) -> list[Errand]:
    with asked.office.house.read() as db:
        return store.errands.next_(db)


def _live(asked: Asked, found: list[Standing], open_: list[Errand], daemon: str) -> list[str]:
    """What is being done, and what waits, a line each."""
    told = [words for each in found for words in each.at_work]
    return told + [waits(each, alive=bool(daemon), now=asked.now) for each in open_]


def _check(asked: Asked, name: str) -> Errand | None:
    with asked.office.house.read() as db:
        return store.errands.last(db, "check", name)
