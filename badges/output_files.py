"""What is told of an output as files: the whole ledger as JSON and CSV, the history of its score as JSON.

Read anew for each request, as the audience of its desk; in English, as all that machines read."""

import re
from collections.abc import Callable
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.desk import Desk
from badges.language import chosen
from badges.ledger import GAMING, explained, past, title, who
from badges.sheet import sheet
from badges.views import points
from badges.wanted import Wanted, from_path
from sync import store

COLUMNS = ("occurred_at", "source", "who", "title", "url", "unit", "counted", "points", "millipoints", "why", "under")

_FILE = re.compile(rb"/outputs/([^/]*)/[a-z]+\.[a-z]+", re.DOTALL)


class OutputFiles:
    """The files beside the page of an output."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/outputs/{output}/history.json", self.history, name="history"),
            Route("/outputs/{output}/ledger.json", self.ledger, name="ledger"),
            Route("/outputs/{output}/ledger.csv", self.table, name="ledger_table"),
        )

    async def history(self, request: Request) -> Answer:
        """How the score of an output came to be what it is."""
        return await self._found(request, self._history)

    async def ledger(self, request: Request) -> Answer:
        """What `explain --json` prints, but for context and history; each mention also with title and who made it."""
        return await self._found(request, self._ledger)

    async def table(self, request: Request) -> Answer:
        """The lines of the ledger as a table."""
        return await self._found(request, self._table)

    async def _found(self, request: Request, read: Callable[[tuple[Wanted, ...]], Answer | None]) -> Answer:
        found = _FILE.fullmatch(request.scope["raw_path"])
        wanted = from_path(b"outputs", found[1]) if found else ()
        language = chosen(request.scope)
        return await self._desk.readers.answered(lambda: read(wanted) or self._desk.paper.missing(language))

    def _history(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        with self._desk.house.read() as db:
            shown = store.first(db, self._desk.audience, wanted, now=self._desk.clock())
            if shown is None:
                return None
            told = {"output": str(shown.output), "history": past(store.history(db, self._desk.audience, shown))}
        return self._desk.answers.make("json", to_json(told))

    def _ledger(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        told = self._explained(wanted)
        return self._desk.answers.make("json", to_json(told)) if told else None

    def _table(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        told = self._explained(wanted)
        if told is None:
            return None
        lines = ({**line, "points": points(line["millipoints"])} for line in told["ledger"])
        text = sheet(COLUMNS, ([line[name] for name in COLUMNS] for line in lines))
        named = (b"content-disposition", f'attachment; filename="ledger-{told["output"]}.csv"'.encode("ascii"))
        return self._desk.answers.make("csv", text.encode(), more=(named,))

    def _explained(self, wanted: tuple[Wanted, ...]) -> dict[str, Any] | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            shown = store.first(db, self._desk.audience, wanted, now=now)
            if shown is None:
                return None
            rules = self._desk.rules(shown.rules)
            ledger = store.ledger(db, shown, rules, now=now)
        told = explained(shown, self._desk.audience, ledger, rules)
        named = [("", "") if line["reason"] == GAMING else (title(line), who(line)) for line in ledger.mentions]
        named += [("", "")] * len(ledger.counts)  # which come last, and name nobody
        for line, (called, by) in zip(told["ledger"], named, strict=True):
            line |= {"title": called, "who": by}
        return told
