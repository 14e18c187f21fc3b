"""Outlets and their tiers, and what is known of accounts."""

from collections.abc import Mapping
from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import BY_ITS_ACT, Asked, Room
from badges.console.seen_by_form import note_seen
from sync import store
from sync.acts import Refused, accounts, outlets
from sync.acts.outlets import Changed, Layers

ONE = "/outlets/one"
LOOKS = "look at outlet"
MOST = 50  # on one page


class OutletPages:
    """`/console/outlets` and `/console/accounts`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/outlets", role="editor", reads="look at outlets", show=self.listed),
            Room(path=ONE, role="editor", reads=LOOKS, show=self.one, take=self.say),
            Room(path="/accounts", role="editor", reads=BY_ITS_ACT, show=self.account),
        )

    def listed(self, asked: Asked) -> Answer:
        """Those that have the words; first of all those of which nobody knows the tier."""
        words, skip = asked.query.one("q"), min(asked.query.number("skip"), 1_000_000)
        unknown = asked.query.one("which") != "all" and not words
        with asked.office.house.read() as db:
            rows = store.outlet_lines(db, words=words, unknown=unknown, skip=skip, most=MOST + 1)
        next_ = urlencode({"q": words, "which": "" if unknown else "all", "skip": skip + MOST})
        return self._desk.paper.page(
            asked,
            "outlets.html",
            q=words,
            unknown=unknown,
            rows=[(each, urlencode({"id": each.outlet})) for each in rows[:MOST]],
            more=next_ if len(rows) > MOST else "",
            first=not skip,
        )

    def one(self, asked: Asked) -> Answer:
        """One outlet: what holds, and what an administrator says."""
        layers = outlets.one(asked.office, asked.query.one("id"))
        return self._one(asked, layers, layers.cells)

    def say(self, asked: Asked) -> Answer:
        """Try what is said of it, or keep it."""
        outlet = asked.form.one("id")
        cells = {name: asked.form.one(name) for name in outlets.CELLS}
        dry_run = asked.form.one("step") == "try"
        layers = outlets.one(asked.office, outlet)
        try:
            changed = outlets.say(asked.office, outlet, cells, mark=asked.form.one("mark"), dry_run=dry_run)
        except Refused as refused:
            status = 409 if refused.why == "clash" else 422
            return self._one(asked, layers, cells, error=refused.message, status=status)
        if dry_run:
            return self._one(asked, layers, cells, changed=changed)
        return self._desk.paper.went(f"/console/outlets/one?{urlencode({'id': layers.said.outlet})}")

    def account(self, asked: Asked) -> Answer:
        """One account, by SOURCE:ACCOUNT."""
        wanted = asked.query.one("account")
        told, error = None, ""
        if wanted:
            try:
                told = accounts.show(asked.office, wanted)
            except Refused as refused:
                error = "Nobody has spoken by that account." if refused.why == "unknown" else refused.message
        return self._desk.paper.page(
            asked, "account.html", status=422 if error else 200, wanted=wanted, told=told, error=error
        )

    def _one(
        self,
        asked: Asked,
        layers: Layers,
        cells: Mapping[str, str],
        *,
        error: str = "",
        changed: Changed | None = None,
        status: int = 200,
    ) -> Answer:
        note_seen(asked, LOOKS, ONE)
        return self._desk.paper.page(
            asked,
            "outlet.html",
            status=200 if asked.part else status,  # htmx shows nothing of an answer that is an error
            outlet=layers.said.outlet,
            layers=layers,
            holds=layers.holding,
            cells=cells,
            error=error,
            changed=changed,
        )
