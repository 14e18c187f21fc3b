"""Share of voice: how attention is shared between groups or journals over time, as page, CSV, JSON and Atom.

Read anew for each request, as the audience of its desk. A group or journal of which that sees nothing is not there,
whatever the reason, and then neither is the comparison.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from sqlalchemy import Connection as Database
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.desk import Desk
from badges.language import LANGUAGES, Language, chosen
from badges.periods import UNITS, holding
from badges.share_asked import (
    FAMILY_LABELS,
    FEWEST,
    KINDS,
    MOST,
    ONE,
    Asked,
    WrongError,
    asked,
)
from badges.share_files import as_atom, as_csv, as_json
from badges.share_sides import choices, name
from badges.share_view import LEAST, Told, view
from badges.views import source_name
from badges.wanted import value
from scoring.rules import SOURCES
from sync import store
from sync.store import Audience, Search, Shelf

Format = Literal["page", "csv", "json", "atom"]

CHOICES = 24  # groups or journals to choose from, those with the most outputs


class Share:
    """The page of `/share` and its files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/share", self.page, name="share"),
            Route("/share.csv", self.csv, name="share_csv"),
            Route("/share.json", self.json, name="share_json"),
            Route("/share.atom", self.atom, name="share_atom"),
        )

    async def page(self, request: Request) -> Answer:
        """The comparison, and the form that asks for another."""
        return await self._answered(request, "page", chosen(request.scope))

    async def csv(self, request: Request) -> Answer:
        """A row for each period and side."""
        return await self._answered(request, "csv", LANGUAGES["en"])

    async def json(self, request: Request) -> Answer:
        """All that the page shows."""
        return await self._answered(request, "json", LANGUAGES["en"])

    async def atom(self, request: Request) -> Answer:
        """An entry for each period that is over, in the language that the address names, whatever the reader's is."""
        named = (value(request.scope["query_string"], b"lang") or b"en").decode("latin-1")
        return await self._answered(request, "atom", LANGUAGES.get(named, LANGUAGES["en"]))

    async def _answered(self, request: Request, form: Format, language: Language) -> Answer:
        query: bytes = request.scope["query_string"]
        missing = self._desk.paper.missing(chosen(request.scope))
        return await self._desk.readers.answered(lambda: self._read(query, form, language) or missing)

    def _read(self, query: bytes, form: Format, language: Language) -> Answer | None:
        now = self._desk.clock()
        today = store.moment(now).date()
        wrong = ""
        try:
            wanted = asked(query, today)
        except WrongError as error:
            if form != "page":
                return self._refused(str(error))
            wanted, wrong = asked(b"", today), str(error)  # nothing of it is looked up
        with self._desk.house.read() as db:
            sides = {
                each: name(db, self._desk.audience, wanted.kind, each, language, now=now)
                for each in wanted.wanted
                if each
            }
            names = tuple(each for each in sides.values() if each is not None)
            if len(names) < len(wanted.wanted):
                return None
            told = _told(db, self._desk.audience, wanted, names, today, now) if len(names) >= FEWEST else None
            if form == "page":
                shelves = choices(db, self._desk.audience, wanted.kind, most=CHOICES, now=now)
                return self._page(wanted, _form(wanted, names, shelves), told, language, wrong=wrong)
        if told is None:
            return self._refused("Choose at least two.")
        return self._file(wanted, told, form, language)

    def _refused(self, why: str) -> Answer:
        return self._desk.answers.make("text", f"{why}\n".encode(), status=400)

    def _file(self, wanted: Asked, told: Told, form: Format, language: Language) -> Answer:
        if form == "csv":
            return self._desk.answers.make("csv", as_csv(told), more=(_saved_as("share.csv"),))
        if form == "json":
            return self._desk.answers.make("json", as_json(told))
        tongue = {"lang": language.code} if language.code != "en" else {}
        page, here = (
            f"{self._desk.paper.address}{path}?{wanted.query(**tongue)}" for path in ("/share", "/share.atom")
        )
        return self._desk.answers.make(
            "atom", as_atom(told, language, page=page, here=here, author=self._desk.paper.name)
        )

    def _page(
        self, wanted: Asked, form: Mapping[str, Any], told: Told | None, language: Language, *, wrong: str = ""
    ) -> Answer:
        """The page, with nothing compared where there are no two sides; `wrong` is why it is not as it was asked."""
        query = wanted.query()
        shown: dict[str, Any] = {"told": None}
        if told is not None:
            shown = {
                "told": view(told, language),
                "query": query,
                "source": language.say(_source_name(wanted.source)) if wanted.source else "",
                "longer": [(unit, wanted.query(period=unit)) for unit in UNITS[UNITS.index(wanted.unit) + 1 :]],
            }
        return self._desk.paper.page(
            language,
            "share.html",
            status=400 if wrong else 200,
            here=f"{self._desk.paper.prefix}/share?{query}",
            asked=wanted,
            form=form,
            wrong=wrong,
            least=LEAST,
            **shown,
        )


def _source_name(source: str) -> str:
    return FAMILY_LABELS.get(source) or source_name(source)


def _told(db: Database, audience: Audience, wanted: Asked, names: tuple[str, ...], today: date, now: int) -> Told:
    counted = store.voices(
        db,
        audience,
        [each for each in wanted.wanted if each],
        [period.begins for period in wanted.periods],
        wanted.last.after.begins,
        measure=wanted.measure,
        sources=wanted.sources,
        now=now,
    )
    return Told(asked=wanted, names=names, voices=counted, current=holding(wanted.unit, today))


def _form(wanted: Asked, names: Sequence[str], shelves: Sequence[Shelf]) -> dict[str, Any]:
    """What can be chosen, and what is."""
    ticked = dict(zip(wanted.codes, names, strict=True))
    listed = {str(each.id) for each in shelves}
    boxes: list[tuple[str, str, int | None, bool]] = [
        (code, name, None, True) for code, name in ticked.items() if code not in listed
    ]
    boxes += [(str(each.id), each.name, each.outputs, str(each.id) in ticked) for each in shelves]
    fields = [
        each.text if each and each == Search(text=each.text) else code
        for each, code in zip(wanted.wanted, wanted.codes, strict=True)
    ]
    return {
        "kinds": [(kind, urlencode({"between": kind})) for kind in KINDS],
        "kind": wanted.kind,
        "alone": 0 < len(names) < FEWEST,
        "name": ONE[wanted.kind],
        "boxes": sorted(boxes, key=lambda box: (box[1].casefold(), box[0])),
        "fields": (fields + [""] * MOST)[:MOST],
        "families": list(FAMILY_LABELS.items()),
        "sources": [(name, source_name(name)) for name in SOURCES],
    }


def _saved_as(name: str) -> tuple[bytes, bytes]:
    return (b"content-disposition", f'attachment; filename="{name}"'.encode())
