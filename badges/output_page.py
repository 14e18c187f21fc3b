"""The page behind every badge, and the history of its score as JSON. Read anew for each request, as the public."""

import re
from collections.abc import Callable

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer, Answers
from badges.language import Language, chosen
from badges.ledger import explained, past
from badges.paper import Paper
from badges.readers import Readers
from badges.views import view
from badges.wanted import Wanted, from_path, from_query
from config.themes import Theme
from scoring.rules import RuleSet
from sync import store
from sync.store import Store

Rules = Callable[[str], RuleSet]  # a rule set by its name; raises `RuleSetError`

LINES = 1000  # of a ledger on one page
CHANGES = 50  # of a score on one page, the newest; its JSON has all

_HISTORY = re.compile(rb"/outputs/([^/]*)/history\.json", re.DOTALL)
_OUTPUT = re.compile(rb"/([^/]*)/(.*)", re.DOTALL)


class OutputPage:
    """The page of one output; `clock` gives microseconds since 1970. `anywhere` is the route that takes all paths of
    two parts, and so comes after all others."""

    def __init__(
        self,
        house: Store,
        answers: Answers,
        paper: Paper,
        readers: Readers,
        *,
        rules: Rules,
        theme: Theme,
        clock: Callable[[], int],
    ) -> None:
        self._house, self._answers, self._paper, self._readers = house, answers, paper, readers
        self._rules, self._theme, self._clock = rules, theme, clock
        self.routes = (
            Route("/lookup", self.lookup, name="lookup"),
            Route("/outputs/{output}/history.json", self.history, name="history"),
            Route("/outputs/{output}", self.output, name="output"),
        )
        self.anywhere = Route("/{scheme}/{id:path}", self.output, name="output_by_identifier")

    async def output(self, request: Request) -> Answer:
        """The page behind a badge, by `/{scheme}/{id}` or `/outputs/{output}`."""
        found = _OUTPUT.fullmatch(request.scope["raw_path"])
        return await self._found(request, from_path(found[1], found[2]) if found else ())

    async def lookup(self, request: Request) -> Answer:
        """The same page, by `?id=`."""
        return await self._found(request, from_query(request.scope["query_string"]))

    async def history(self, request: Request) -> Answer:
        """How the score of an output came to be what it is, as JSON."""
        found = _HISTORY.fullmatch(request.scope["raw_path"])
        wanted = from_path(b"outputs", found[1]) if found else ()
        language = chosen(request.scope)
        return await self._readers.answered(lambda: self._past(wanted) or self._paper.missing(language))

    async def _found(self, request: Request, wanted: tuple[Wanted, ...]) -> Answer:
        language = chosen(request.scope)
        return await self._readers.answered(lambda: self._behind(wanted, language) or self._paper.missing(language))

    def _behind(self, wanted: tuple[Wanted, ...], language: Language) -> Answer | None:
        now = self._clock()
        with self._house.read() as db:
            shown = store.first(db, "public", wanted, now=now)
            if shown is None:
                return None
            rules = self._rules(shown.rules)
            told = explained(shown, "public", store.ledger(db, shown, rules, now=now), rules)
            place = store.context(db, shown, now=now)
            changes = store.history(db, "public", shown)
        told_all = view(
            shown,
            told,
            place,
            changes[-CHANGES:],
            address=self._paper.address,
            theme=self._theme,
            language=language,
        )
        told_all |= {"ledger": told_all["ledger"][:LINES], "more": max(0, len(told_all["ledger"]) - LINES)}
        earlier = max(0, len(changes) - CHANGES)
        return self._paper.page(language, "output.html", pictures=(told_all["ring"],), **told_all, earlier=earlier)

    def _past(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        with self._house.read() as db:
            shown = store.first(db, "public", wanted, now=self._clock())
            if shown is None:
                return None
            told = {"output": str(shown.output), "history": past(store.history(db, "public", shown))}
        return self._answers.make("json", to_json(told))
