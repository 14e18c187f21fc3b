"""When, where and by whom an output was spoken of, as JSON and in CSV: what its page draws, for the same audience."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.card import NAMES
from badges.desk import Desk
from badges.language import chosen
from badges.wanted import from_path
from sync import store
from sync.store import BANDS, Per, Period, Shown, Speaking

COLUMNS = ("period", "source", "country", "mentions")

_PATH = re.compile(rb"/outputs/([^/]*)/attention\.(?:json|csv)", re.DOTALL)


class SpeakingFiles:
    """Both of them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/outputs/{output}/attention.json", self.json, name="attention"),
            Route("/outputs/{output}/attention.csv", self.csv, name="attention_table"),
        )

    async def json(self, request: Request) -> Answer:
        """All of it, in numbers."""
        return await self._found(
            request, lambda shown, told: self._desk.answers.make("json", to_json(document(shown, told)))
        )

    async def csv(self, request: Request) -> Answer:
        """A line for each period, source and country that has mentions."""
        return await self._found(request, lambda _shown, told: self._desk.answers.make("csv", table(told)))

    async def _found(self, request: Request, form: Callable[[Shown, Speaking], Answer]) -> Answer:
        found = _PATH.fullmatch(request.scope["raw_path"])
        wanted = from_path(b"outputs", found[1]) if found else ()
        language = chosen(request.scope)

        def read() -> Answer:
            now = self._desk.clock()
            with self._desk.house.read() as db:
                shown = store.first(db, self._desk.audience, wanted, now=now)
                if shown is None:
                    return self._desk.paper.missing(language)
                told = store.speaking(db, shown, self._desk.rules(shown.rules), now=now)
            return form(shown, told)

        return await self._desk.readers.answered(read)


def document(shown: Shown, told: Speaking) -> dict[str, Any]:
    """The JSON document. A country is told by its code in ISO 3166-1, a patent office of many by that of WIPO ST.3, and
    "" where neither is known."""
    places: Counter[str] = Counter()
    sources: list[Counter[str]] = [Counter() for _ in told.periods]
    for cell in told.cells:
        places[cell.place] += cell.mentions
        sources[cell.period][NAMES[cell.source]] += cell.mentions
    return {
        "output": str(shown.output),
        "mentions": told.mentions,
        "per": told.per,
        "periods": [
            {"period": period_code(told.per, period), "begin": period.begin.isoformat(), "end": period.end.isoformat(),
             "sources": counted}
            for period, counted in zip(told.periods, sources, strict=True)
        ],
        "countries": [{"country": place, "mentions": places[place]} for place in sorted(places)],
        "kinds": [
            {"source": NAMES[kind.source], "tier": kind.tier or None, "speakers": kind.speakers,
             "mentions": kind.mentions, "reposts": kind.reposts}
            for kind in told.kinds
        ],
        "outlets": [
            {"name": each.name, "source": NAMES[each.source], "mentions": each.mentions} for each in told.outlets
        ],
        "other_outlets": {"outlets": told.others[0], "mentions": told.others[1]},
        "accounts": {
            "accounts": told.accounts.different,
            "followers_not_known": told.accounts.silent,
            "followers_from": [{"from": band, "accounts": many} for band, many in _bands(told)],
            "reach_at_most": told.accounts.reach if told.accounts.bands else None,
        },
    }  # fmt: skip


def table(told: Speaking) -> bytes:
    """The CSV; it holds no word of anybody else's."""
    text = StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for cell in told.cells:
        period = period_code(told.per, told.periods[cell.period])
        lines.writerow((period, NAMES[cell.source], cell.place, cell.mentions))
    return text.getvalue().encode()


def period_code(per: Per, period: Period) -> str:
    """A period as ISO 8601 writes it; of quarters, which it does not know, as 2026-Q1."""
    begin = period.begin
    match per:
        case "day":
            return begin.isoformat()
        case "week":
            return "{}-W{:02}".format(*begin.isocalendar())
        case "month":
            return f"{begin:%Y-%m}"
        case "quarter":
            return f"{begin:%Y}-Q{begin.month // 3 + 1}"
        case "year":
            return f"{begin:%Y}"
        case _:
            return f"{begin}/{period.end}"


def _bands(told: Speaking) -> Iterator[tuple[int, int]]:
    return zip(BANDS, told.accounts.bands, strict=False)
