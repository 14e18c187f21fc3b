"""Forgetting a connection: what that would show and hide is seen first, and what stands at its system goes first."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.effects import effect_rows
from badges.console.room import Asked, Room
from badges.console.seen_by_form import note_seen
from sync import store
from sync.acts import Refused, connections, errands, forgetting, there

LOOKS = "look at forgetting"
MOST = 10_000  # records that are released while somebody waits; more take minutes, for which no page waits


class Forget:
    """`/console/connections/{name}/forget`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        path = "/connections/{name}/forget"
        self.rooms = (
            Room(path=path, role="admin", reads=LOOKS, show=self.show, take=self.take),
            Room(path=f"{path}/withdraw", role="admin", reads="", take=self.withdraw),
        )

    def show(self, asked: Asked) -> Answer:
        """What it would do. That takes as long as doing it, so the page is there before."""
        return self._page(asked, worked_out=asked.part or bool(asked.query.one("preview")))

    def take(self, asked: Asked) -> Answer:
        """Forget it, and leave what stands there where that was chosen."""
        name, form = asked.path["name"], asked.form
        leave, why, seen = form.one("badges") == "leave", form.one("why"), form.one("seen")
        if forgetting.size(asked.office, name) > MOST:
            raise Refused(f"{name}: told too much to be forgotten here; `ringmark connection forget {name}` does")
        if not seen:
            return self._page(asked, worked_out=True, error="Look at what it would do first.", status=422)
        if not why:
            return self._page(asked, worked_out=True, error="Say why, for those who come after you.", status=422)
        try:
            forgetting.forget(asked.office, name, leave=leave, why=why, seen=seen)
        except Refused as refused:
            if refused.why == "unknown":
                raise
            return self._page(asked, worked_out=True, error=refused.message, status=409)
        return self._desk.paper.went(f"/console/connections?forgotten={name}")

    def withdraw(self, asked: Asked) -> Answer:
        """Ask for everything that stands there to be taken back; when it is, the connection can be forgotten."""
        name, why = asked.path["name"], asked.form.one("why")
        if not why:
            return self._page(asked, worked_out=False, error="Say why, for those who come after you.", status=422)
        forgetting.ask_to_withdraw(asked.office, name, why=why)
        return self._desk.paper.went(f"/console/connections/{name}/forget")

    def _page(self, asked: Asked, *, worked_out: bool, error: str = "", status: int = 200) -> Answer:
        name, office = asked.path["name"], asked.office
        state = connections.known(office, name)
        size = forgetting.size(office, name)
        told = forgetting.preview(office, name) if worked_out and size <= MOST else None
        if told:
            note_seen(asked, LOOKS, name)
        with office.house.read() as db:
            waits = [each for each in store.errands.next_(db) if (each.verb, each.subject) == ("withdraw", name)]
            last = store.errands.last(db, "withdraw", name)
        return self._desk.paper.page(
            asked,
            "forget.html",
            status=status,
            name=name,
            state=state,
            configured=name in office.settings.connections,
            file=office.settings.file.name,
            pushed=forgetting.held(office, name),
            reachable=there.takes_badges(office, name),
            told=told,
            size=size,
            large=size > MOST,
            rows=effect_rows(told.effect) if told else [],
            waits=waits,
            last=last,
            daemon=errands.daemon(office),
            error=error,
            why=asked.form.one("why"),
        )
