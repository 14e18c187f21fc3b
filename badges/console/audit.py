"""The audit log: who did what, and who has looked at what is hidden."""

from typing import Any
from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.console.streamed import download
from badges.forms import Form
from sync import store
from sync.acts import Refused, audit
from sync.store.audit import Sought

MOST = 50  # lines of a page
FILTERS = ("by", "verb", "subject", "since", "until")
KINDS = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl; charset=utf-8"}


class Audit:
    """`/console/audit`, the same as a file, and the proof that nothing in it was changed."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/audit", role="admin", reads="look at the audit log", show=self.show),
            Room(path="/audit/verify", role="admin", reads="", show=self.verify),
            Room(path="/audit/export", role="admin", reads="", show=self.export),  # which the act notes
        )

    def show(self, asked: Asked) -> Answer:
        """The newest lines that were asked for."""
        before = asked.query.number("before") or store.FOREVER
        errors = dict.fromkeys(FILTERS, "")
        lines: list[dict[str, Any]] = []
        try:
            lines = audit.listed(asked.office, _sought(asked.query), before=before, most=MOST + 1)
        except Refused as refused:
            name, _, words = refused.message.partition(": ")
            errors[name] = words
        told = {name: asked.query.one(name) for name in FILTERS}
        chosen = {name: each for name, each in told.items() if each}
        older = {**chosen, "before": lines[MOST - 1]["line"]} if len(lines) > MOST else {}
        return self._desk.paper.page(
            asked,
            "audit.html",
            status=422 if any(errors.values()) else 200,
            lines=lines[:MOST],
            told=told,
            errors=errors,
            verbs=[("", "anything"), *((verb, verb) for verb in audit.verbs(asked.office))],
            older=urlencode(older),
            newest=urlencode(chosen) if before < store.FOREVER else None,
            files=[(kind, urlencode({**chosen, "format": kind})) for kind in audit.FORMATS],
            chosen=bool(chosen),
        )

    def verify(self, asked: Asked) -> Answer:
        """Whether a line was changed, taken out or put in."""
        found = audit.verify(asked.office, asked.query.one("head"))
        return self._desk.paper.page(asked, "audit_verified.html", found=found, words=audit.findings(found))

    def export(self, asked: Asked) -> Answer:
        """The lines that were asked for, as a file."""
        kind = audit.format_(asked.query.one("format") or "csv")
        parts = audit.export(asked.office, _sought(asked.query), kind)
        return download(self._desk.answers, f"audit.{kind}", KINDS[kind], parts)


def _sought(query: Form) -> Sought:
    return audit.sought(*(query.one(name) for name in FILTERS))
