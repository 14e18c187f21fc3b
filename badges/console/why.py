"""Looking for anything, hidden or not, and its whole story: who says what of it, what decided, who sees it; and hiding
it, right there."""

from typing import Any

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.effects import effect_rows
from badges.console.room import Asked, Room
from badges.console.seen_by_form import note_seen
from sync.acts import Refused, hides
from sync.acts.subjects import Subject
from sync.store import AUDIENCES, find
from sync.store.lookup import Kind, look_up, names, row_of

HIDING = "look at hiding {}"


class Why:
    """`/console/why` and all below it."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/why", role="editor", reads="look for hidden things", show=self.search),
            *(
                Room(path=f"/why/{kind}/{{id}}", role="editor", reads=f"look at why of {kind}", show=show)
                for kind, show in (("output", self.output), ("person", self.person), ("group", self.group))
            ),
            *(
                Room(path=f"/why/{kind}/{{id}}/hide", role="editor", reads=HIDING.format(kind), show=show, take=take)
                for kind, show, take in (
                    ("output", self.before_output, self.hide_output),
                    ("person", self.before_person, self.hide_person),
                )
            ),
            Room(path="/why/output/{id}/unhide", role="editor", reads="", take=self.unhide_output),
            Room(path="/why/person/{id}/unhide", role="editor", reads="", take=self.unhide_person),
        )

    def search(self, asked: Asked) -> Answer:
        """What a text may mean."""
        text = asked.query.one("q")[:300]
        with asked.office.house.read() as db:
            found = look_up(db, text) if text else []
        return self._desk.paper.page(asked, "why.html", q=text, found=found)

    def output(self, asked: Asked) -> Answer:
        """The story of an output, and what each audience sees of it now."""
        subject = _subject(asked, "output")
        story = hides.story(asked.office, subject, now=asked.now)
        public = int(asked.path["id"])
        with asked.office.house.read() as db:
            shown = {audience: find(db, audience, public, now=asked.now) for audience in AUDIENCES}
            named = names(db, {each["output"] for each in story["versions"] if each["output"]})
        return self._desk.paper.page(
            asked, "why_output.html", story=story, label=story["output"], shown=shown, names=named, id=public
        )

    def person(self, asked: Asked) -> Answer:
        """The story of a person."""
        subject = _subject(asked, "person")
        story = hides.story(asked.office, subject, now=asked.now)
        return self._desk.paper.page(
            asked, "why_person.html", story=story, label=story["person"], id=int(asked.path["id"])
        )

    def group(self, asked: Asked) -> Answer:
        """The story of a group."""
        story = hides.story(asked.office, _subject(asked, "group"), now=asked.now)
        return self._desk.paper.page(asked, "why_group.html", story=story, label=story["group"])

    def before_output(self, asked: Asked) -> Answer:
        """What hiding it would do."""
        return self._before(asked, "output")

    def before_person(self, asked: Asked) -> Answer:
        """What hiding them would do."""
        return self._before(asked, "person")

    def hide_output(self, asked: Asked) -> Answer:
        """Hide it."""
        return self._hide(asked, "output")

    def hide_person(self, asked: Asked) -> Answer:
        """Hide them."""
        return self._hide(asked, "person")

    def unhide_output(self, asked: Asked) -> Answer:
        """Take back every local vote on it."""
        return self._unhide(asked, "output")

    def unhide_person(self, asked: Asked) -> Answer:
        """Take back every local vote on them."""
        return self._unhide(asked, "person")

    def _before(self, asked: Asked, kind: Kind) -> Answer:
        """At once, without what it does; that is asked for after the page, since it may take a while."""
        effect = None
        if asked.part or asked.query.one("effect"):
            effect = effect_rows(hides.would_hide(asked.office, _label(asked, kind)))
        return self._page(asked, kind, effect=effect)

    def _hide(self, asked: Asked, kind: Kind) -> Answer:
        label, because, until = _label(asked, kind), asked.form.one("because"), asked.form.one("until")
        try:
            hides.hide(asked.office, label, because=because, until_date=until)
        except Refused as refused:
            if refused.why != "wrong":
                raise
            field, _, words = refused.message.partition(": ")
            return self._page(asked, kind, errors={field: words}, because=because, until=until)
        return self._desk.paper.went(f"/console/why/{kind}/{label.partition(':')[2]}")

    def _unhide(self, asked: Asked, kind: Kind) -> Answer:
        label = _label(asked, kind)
        hides.unhide(asked.office, label)
        back = (
            "/console/hides" if asked.form.one("back") == "hides" else f"/console/why/{kind}/{label.partition(':')[2]}"
        )
        return self._desk.paper.went(back)

    def _page(self, asked: Asked, kind: Kind, **more: Any) -> Answer:
        label = _label(asked, kind)
        note_seen(asked, HIDING.format(kind), asked.path["id"])
        with asked.office.house.read() as db:
            name = names(db, [label]).get(label, "")
        told = {"effect": None, "errors": {}, "because": "", "until": "", **more}
        status = 422 if told["errors"] else 200
        return self._desk.paper.page(asked, "hide.html", status=status, kind=kind, label=label, name=name, **told)


def _label(asked: Asked, kind: Kind) -> str:
    return f"{kind}:{_public(asked.path['id'])}"


def _subject(asked: Asked, kind: Kind) -> Subject:
    """Something by its public id, whether any source still tells of it or not; `Refused` where there is none."""
    with asked.office.house.read() as db:
        row = row_of(db, kind, _public(asked.path["id"]))
    if row is None:
        raise Refused(f"No {kind} has this id; it may have been joined into another, or forgotten.", "unknown")
    return Subject(kind, row, f"{kind}:{asked.path['id']}")


def _public(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise Refused("That is no id of ours.", "unknown")
    return int(text)
