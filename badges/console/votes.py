"""Votes that stayed when their record was deleted or its connection removed: what each keeps closed, its release."""

from typing import Any
from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.effects import effect_rows
from badges.console.room import Asked, Room
from sync.acts import Refused, votes
from sync.store.lookup import names
from sync.store.stays import KINDS, PAGE, Kind, Mark

WORDS: dict[Kind, str] = {"item": "Records of outputs", "person": "Profiles", "authorship": "Authorships"}


class Votes:
    """`/console/votes` and the release below it."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/votes", role="admin", reads="look at votes", show=self.show),
            Room(
                path="/votes/release",
                role="admin",
                reads="look at releasing votes",
                show=self.before,
                take=self.release,
            ),
        )

    def show(self, asked: Asked) -> Answer:
        """A page of one kind, with what stays by connection: asked for after the page, since all records are gone
        through for it."""
        kind = next((each for each in KINDS if each == asked.query.one("kind")), KINDS[0])
        connection, after = asked.query.one("connection"), asked.query.number("after")
        query = urlencode({"kind": kind, "connection": connection, "after": after, "worked": 1})
        path = f"{self._desk.paper.prefix}/console/votes?{query}"
        if not (asked.part or asked.query.one("worked")):
            return self._desk.paper.page(asked, "votes.html", found=None, path=path)
        found = votes.listed(asked.office, kind, connection=connection, after=after)
        labels = {label for vote in found for thing in vote.things for label in thing.label.split(" ")}
        with asked.office.house.read() as db:
            named = names(db, labels)
        return self._desk.paper.page(
            asked,
            "votes.html",
            kind=kind,
            kinds=WORDS,
            connection=connection,
            kept=votes.kept(asked.office),
            found=found,
            after=after,
            more=found[-1].id if len(found) == PAGE else 0,
            names=named,
        )

    def before(self, asked: Asked) -> Answer:
        """What releasing the chosen ones would show."""
        marks = _marks(asked.query.fields.get("vote", ()))
        if not marks:
            return self._page(asked, [], error="Choose at least one vote on the page before.")
        if not (asked.part or asked.query.one("effect")):  # after the page, since it may take a while
            return self._page(asked, marks)
        try:
            effect = votes.release(asked.office, marks, because="", dry_run=True)
        except Refused as refused:
            return self._page(asked, marks, problem=refused.message)
        return self._page(asked, marks, effect=effect_rows(effect))

    def release(self, asked: Asked) -> Answer:
        """Release them, for a reason."""
        marks, because = _marks(asked.form.fields.get("vote", ())), asked.form.one("because")
        if marks and not because:
            return self._page(asked, marks, error="Say why, for those who come after you.", status=422)
        votes.release(asked.office, marks, because=because)
        return self._desk.paper.went("/console/votes")

    def _page(self, asked: Asked, marks: list[Mark], *, status: int = 200, **more: Any) -> Answer:
        query = urlencode({"effect": "1", "vote": [str(each) for each in marks]}, doseq=True)
        path = f"{self._desk.paper.prefix}/console/votes/release?{query}"
        told = {"effect": None, "error": "", "problem": "", "path": path, **more}
        return self._desk.paper.page(asked, "release.html", status=status, marks=marks, **told)


def _marks(told: Any) -> list[Mark]:
    """What the boxes of the list say: connection, kind and key with a blank and a colon between. Raises `Refused`."""
    found = []
    for each in dict.fromkeys(told):
        connection, blank, vote = str(each).partition(" ")
        if not blank:
            raise Refused(f'vote: "{each}" is not CONNECTION KIND:KEY', "wrong")
        found.append(votes.mark(connection, vote))
    return found
