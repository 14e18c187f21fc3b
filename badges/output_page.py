"""The page behind every badge, and the rest of its ledger page by page. Read anew for each request, as the
audience of its desk."""

import re
from itertools import islice

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.desk import Desk
from badges.language import Language, chosen
from badges.ledger import Sums, added
from badges.ledger_page import Asked, Part, asked, parts
from badges.linked_data import signposts
from badges.output_view import heading, ledger, view
from badges.speaking import speaking
from badges.wanted import Wanted, from_path, from_query
from scoring.rules import RuleSet
from sync import store
from sync.store import Shown

CHANGES = 50  # of a score on one page, the newest; its JSON has all

_OUTPUT = re.compile(rb"/([^/]*)/(.*)", re.DOTALL)


class OutputPage:
    """The page of one output; `anywhere` is the route that takes all paths of
    two parts, and so comes after all others."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/lookup", self.lookup, name="lookup"),
            Route("/outputs/{output}", self.output, name="output"),
        )
        self.anywhere = Route("/{scheme}/{id:path}", self.output, name="output_by_identifier")

    async def output(self, request: Request) -> Answer:
        """The page behind a badge, by `/{scheme}/{id}` or `/outputs/{output}`; with `?source=` one source's ledger."""
        found = _OUTPUT.fullmatch(request.scope["raw_path"])
        return await self._found(request, from_path(found[1], found[2]) if found else ())

    async def lookup(self, request: Request) -> Answer:
        """The same page, by `?id=`."""
        return await self._found(request, from_query(request.scope["query_string"]))

    async def _found(self, request: Request, wanted: tuple[Wanted, ...]) -> Answer:
        language = chosen(request.scope)
        which = asked(request.scope["query_string"])

        def read() -> Answer:
            return (self._behind(wanted, which, language) if which else None) or self._desk.paper.missing(language)

        return await self._desk.readers.answered(read)

    def _behind(self, wanted: tuple[Wanted, ...], which: Asked, language: Language) -> Answer | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            shown = store.first(db, self._desk.audience, wanted, now=now)
            if shown is None:
                return None
            rules = self._desk.rules(shown.rules)
            counted = store.ledger_points(db, shown, rules, now=now)
            sums = added(counted)
            found = parts(counted, which)
            told_of = iter(store.ledger_mentions(db, shown, [line for part in found for line in part.lines]))
            found = [part._replace(lines=list(islice(told_of, len(part.lines)))) for part in found]
            if which.source:
                return self._part(shown, sums, found, rules, language)
            place = store.context(db, shown, now=now)
            changes = store.history(db, self._desk.audience, shown)
            heard = speaking(store.speaking(db, shown, rules, now=now), language)
        told = view(
            shown,
            sums,
            rules,
            place,
            changes[-CHANGES:],
            language,
            address=self._desk.paper.address,
            theme=self._desk.theme,
        )
        told["ledger"] = ledger(shown, found, rules, language, prefix=self._desk.paper.prefix)
        document = f"{self._desk.paper.address}/badge/output/{shown.output}.json"
        return self._desk.paper.page(
            language,
            "output.html",
            pictures=(told["ring"],),
            headers=() if self._desk.audience != "public" else (signposts(shown, document=document),),
            **told,
            speaking=heard,
            earlier=max(0, len(changes) - CHANGES),
        )

    def _part(self, shown: Shown, sums: Sums, found: list[Part], rules: RuleSet, language: Language) -> Answer | None:
        """One source's part of the ledger; None where there is no such page of it."""
        if not found:
            return None
        (part,) = ledger(shown, found, rules, language, prefix=self._desk.paper.prefix)
        return self._desk.paper.page(language, "ledger.html", **heading(shown, sums, language), part=part)
