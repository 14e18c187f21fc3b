"""What was pushed to a connection's system: where each badge stands, and what is in the way of the rest."""

from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from sync.acts import Refused, connections, errands, there
from sync.store.there import Looked, There

MOST = 50  # rows of a page
WORDS = {  # a state, and what it means
    "stands": ("stands there", "good", "as the badge shows now"),
    "differs": (
        "differs",
        "wait",
        "the badge shows another score by now, or none was written yet: the next push does",
    ),
    "withdraw": ("to be taken back", "bad", "it may no longer show, and something of ours may still stand there"),
    "doubt": ("in doubt", "wait", "a request was sent whose end is not known: it is read again"),
    "edited": ("edited", "wait", "somebody else's value stands in the field, and is left alone"),
    "failed": ("failed", "bad", "it could not be written, and is tried again, each time later"),
    "nowhere": ("no item", "idle", "no item there carries one of its identifiers, or more than one does"),
}


class Pushed:
    """`/console/connections/{name}/pushed`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        path = "/connections/{name}/pushed"
        self.rooms = (
            Room(path=path, role="editor", reads="look at pushed", show=self.rows),
            Room(path=f"{path}/counts", role="editor", reads="", show=self.counts),
        )

    def rows(self, asked: Asked) -> Answer:
        """The ledger, a page of it. With a state all of it has to be gone through, so that comes after the page."""
        name, state, words = asked.path["name"], asked.query.one("state"), asked.query.one("q")
        after = asked.query.number("after")
        error = ""
        found: list[There] = []
        what: Looked | None = None
        whole = asked.part or not state or bool(asked.query.one("now"))
        try:
            what = there.looked(asked.office, name, state=state, words=words)
            found = there.rows(asked.office, what, after=after, most=MOST + 1) if whole else []
        except Refused as refused:
            if refused.why == "unknown":
                raise
            error = refused.message
        rows, rest = found[:MOST], found[MOST:]
        return self._desk.paper.page(
            asked,
            "pushed.html",
            status=422 if error else 200,
            name=name,
            states=WORDS,
            state=state,
            q=words,
            error=error,
            rows=[(row, _short(row, what.badges)) for row in rows] if rows and what else [],
            whole=whole,
            itself=urlencode({"state": state, "q": words, "after": after}),
            more=urlencode({"state": state, "q": words, "after": rows[-1].id, "now": 1}) if rest else "",
            takes=there.takes_badges(asked.office, name),
            pushed_last=_last_push(asked, name),
            daemon=errands.daemon(asked.office),
        )

    def counts(self, asked: Asked) -> Answer:
        """How many are in each state."""
        name = asked.path["name"]
        counted = there.counted(asked.office, there.looked(asked.office, name))
        return self._desk.paper.page(asked, "pushed_counts.html", name=name, counted=counted, states=WORDS)


def _short(row: There, badges: str) -> str:
    """What stands there, without the address where that is the badge's own."""
    own = f"{badges}{row.output}.svg "
    return row.value.removeprefix(own) or "nothing"


def _last_push(asked: Asked, name: str) -> dict[str, object] | None:
    rows = (row for row in connections.glance(asked.office) if row["name"] == name)
    return next((row["last_push"] for row in rows), None)
