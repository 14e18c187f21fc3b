"""Mentions: looked for, refused, confirmed, accepted again, added by hand; and those that wait."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.console.seen_by_form import note_seen
from badges.console.within import within
from badges.forms import Form
from badges.names import SOURCES
from badges.wanted import number
from sync import store
from sync.acts import Refused, by_hand, mentions
from sync.acts.by_hand import Told
from sync.store.refusals import Refusal
from sync.store.rulings import Ruling
from sync.store.sought import NAMES, Seen

MOST = 50  # on one page
WAITING = 100
FIELDS = ("url", "output", "source", "outlet")
READS = "look at mentions"
ONE = "look at mention"
SAY_WHY = "Say why, for those who come after you."


class MentionPages:
    """`/console/mentions` and below."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/mentions", role="editor", reads=READS, show=self.found),
            Room(path="/mentions/refused", role="editor", reads="look at refused mentions", show=self.refused),
            Room(path="/mentions/waiting", role="editor", reads="look at waiting mentions", show=self.waiting),
            Room(path="/mentions/add", role="editor", reads=READS, show=self.form, take=self.add),
            Room(path="/mentions/{mention}", role="editor", reads=ONE, show=self.one),
            Room(path="/mentions/{mention}/refuse", role="editor", reads="", take=self.refuse),
            Room(path="/mentions/{mention}/accept", role="editor", reads="", take=self.accept),
            Room(path="/mentions/{mention}/confirm", role="editor", reads="", take=self.confirm),
        )

    def found(self, asked: Asked) -> Answer:
        """What is looked for, the newest here first."""
        if public := number(asked.query.one("url")):  # somebody has written the number of one
            return self._desk.paper.went(f"/console/mentions/{public}")
        told = {name: asked.query.one(name) for name in FIELDS}
        rows: list[Seen] = []
        error = ""
        try:
            before = asked.query.number("before")
            rows = mentions.found(asked.office, mentions.wanted(asked.office, **told, before=before), most=MOST + 1)
        except Refused as refused:
            error = refused.message
        older = urlencode({**told, "before": rows[MOST - 1].mention}) if len(rows) > MOST else ""
        return self._desk.paper.page(
            asked,
            "mentions.html",
            status=422 if error else 200,
            told=told,
            error=error,
            rows=rows[:MOST],
            refusals=_refusals(asked, rows[:MOST]),
            older=older,
            newest=not asked.query.one("before"),
            narrowed=any(told.values()),
            sources=[("", "Any source"), *SOURCES.items()],
        )

    def one(self, asked: Asked) -> Answer:
        """One mention, and what may be done with it."""
        return self._one(asked)

    def refuse(self, asked: Asked) -> Answer:
        """Refuse it, or that it speaks of one output, and go back to where that was asked for."""
        why, output = asked.form.one("why"), asked.form.one("output")
        if not why:
            return self._one(asked, **{"tie_error" if output else "error": SAY_WHY})
        if output:
            mentions.refuse_tie(asked.office, number(asked.path["mention"]), output, why=why)
        else:
            mentions.refuse(asked.office, number(asked.path["mention"]), why=why)
        return self._back(asked)

    def accept(self, asked: Asked) -> Answer:
        """Let it count again, of everything or as one of an output."""
        if output := asked.form.one("output"):
            mentions.accept_tie(asked.office, number(asked.path["mention"]), output)
        else:
            mentions.accept(asked.office, number(asked.path["mention"]))
        return self._back(asked)

    def confirm(self, asked: Asked) -> Answer:
        """Say that it does speak of an output."""
        why = asked.form.one("why")
        if not why:
            return self._one(asked, tie_error=SAY_WHY)
        mentions.confirm(asked.office, number(asked.path["mention"]), asked.form.one("output"), why=why)
        return self._back(asked)

    def refused(self, asked: Asked) -> Answer:
        """Every refusal in force."""
        rows = [(each, NAMES[each.source]) for each in mentions.refused(asked.office)]
        ties = [(each, NAMES[each.source]) for each in mentions.refused_ties(asked.office)]
        return self._desk.paper.page(asked, "mentions_refused.html", rows=rows, ties=ties)

    def waiting(self, asked: Asked) -> Answer:
        """What is tied to nothing; it takes a moment to find, so the page comes first."""
        ready = asked.part or bool(asked.query.one("now"))
        rows = mentions.waiting(asked.office, most=WAITING) if ready else []
        with asked.office.house.read() as db:
            dois = store.sought.further_dois(db, most=WAITING) if ready else []
        return self._desk.paper.page(asked, "mentions_waiting.html", ready=ready, rows=rows, dois=dois, most=WAITING)

    def form(self, asked: Asked) -> Answer:
        """The form for a mention that is missing; filled in from a reader's report where it is asked for by one."""
        told = Told(url=asked.query.one("url"), outputs=tuple(filter(None, [asked.query.one("output")])))
        report = asked.query.number("report")
        if report:
            with asked.office.house.read() as db:
                row = store.reports.one(db, report)
            if row is not None:
                told = replace(told, url=row.url, outputs=(f"output:{row.output}",))
        return self._form(asked, told, report)

    def add(self, asked: Asked) -> Answer:
        """Try it, or store it."""
        told, report = _told(asked.form), asked.form.number("report")
        dry_run = asked.form.one("step") == "try"
        try:
            seen = by_hand.add(asked.office, told, why=asked.form.one("why"), report=report, dry_run=dry_run)
        except Refused as refused:
            field, _, words = refused.message.partition(": ")
            known = field in ("url", "output", "at", "source")
            errors = {field: words} if known else {"": refused.message}
            return self._form(asked, told, report, errors=errors)
        if dry_run:
            note_seen(asked, READS, "/mentions/add")
            return self._form(asked, told, report, trial=seen)
        return self._desk.paper.went(f"/console/mentions/{seen.mention}")

    def _one(self, asked: Asked, *, error: str = "", tie_error: str = "") -> Answer:
        public = number(asked.path["mention"])
        seen = mentions.one(asked.office, public)
        note_seen(asked, ONE, str(public))
        same = mentions.found(asked.office, mentions.wanted(asked.office, url=seen.url), most=MOST) if seen.url else []
        return self._desk.paper.page(
            asked,
            "mention.html",
            status=422 if error or tie_error else 200,
            each=seen,
            refusal=_refusals(asked, [seen]).get(public),
            same=[each for each in same if (each.url, each.source) == (seen.url, seen.source) and each != seen],
            rulings=_rulings(asked, public),
            why=asked.form.one("why"),
            error=error,
            tie_error=tie_error,
        )

    def _form(
        self,
        asked: Asked,
        told: Told,
        report: int,
        *,
        errors: dict[str, str] | None = None,
        trial: Seen | None = None,
    ) -> Answer:
        return self._desk.paper.page(
            asked,
            "mention_add.html",
            status=422 if errors else 200,
            told=told,
            report=report,
            errors={"url": "", "output": "", "at": "", "source": "", "": ""} | (errors or {}),
            trial=trial,
            why=asked.form.one("why"),
            sources=list(SOURCES.items()),
        )

    def _back(self, asked: Asked) -> Answer:
        path = within(asked.form.one("back").removeprefix(self._desk.paper.prefix))
        return self._desk.paper.went(path if path != "/console" else f"/console/mentions/{asked.path['mention']}")


def _told(form: Form) -> Told:
    return Told(
        url=form.one("url"),
        source=form.one("source") or "news",
        outputs=tuple(form.one("output").split()),
        at=form.one("at"),
        title=form.one("title"),
        who=form.one("who"),
    )


def _refusals(asked: Asked, rows: Sequence[Seen]) -> dict[int, Refusal]:
    """Why those are refused that are."""
    with asked.office.house.read() as db:
        found = {each.mention: store.refusals.on(db, each.mention) for each in rows if each.refused}
    return {mention: each[-1] for mention, each in found.items() if each}


def _rulings(asked: Asked, mention: int) -> dict[str, Ruling]:
    """What was ruled of the ties of a mention, by what they name; of several what came last."""
    with asked.office.house.read() as db:
        found = store.rulings.on(db, mention)
    return {target: each for each in found for target in each.targets}
