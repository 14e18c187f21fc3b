"""The explorer: outputs searched and narrowed, by group and by journal, as pages and as data. Read anew for each
request, as the audience of its desk.

A group or journal that nobody may see, and one that there is not, are no page.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection as Database
from starlette.requests import Request
from starlette.routing import Route

from badges import found, listing, searched, shelved
from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.language import ENGLISH, LANGUAGES, Language, chosen
from badges.wanted import from_text, number
from sync import store
from sync.store import Audience, Search

PAGE, DOCUMENT, SHEET, FEED = 25, 100, 5000, 50  # outputs in one answer of each kind; a feed has changes
PAGES = ""  # the form of what is read by people, which no address can name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands: its path, and what every search there has: a group, a journal, or nothing."""

    path: str
    group: int = 0
    journal: int = 0

    def within(self, search: Search) -> Search:
        """The search as it is done here."""
        return replace(search, group=self.group or search.group, journal=self.journal or search.journal)

    def address(self, search: Search, ending: str = "") -> str:
        """Where the same search is found here; what is in the path is not in the query."""
        rest = replace(search, group=0 if self.group else search.group, journal=0 if self.journal else search.journal)
        query = searched.written(rest)
        return f"{self.path}{ending}{'?' if query else ''}{query}"


class Explorer:
    """Lists of outputs, of groups and of journals."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/search", self.search, name="search"),
            Route("/search.{form}", self.search, name="search_data"),
            Route("/groups", self.groups, name="groups"),
            Route("/groups.{form}", self.groups, name="groups_data"),
            Route("/groups/{id}.{form}", self.group, name="group_data"),
            Route("/groups/{id}", self.group, name="group"),
            Route("/journals", self.journals, name="journals"),
            Route("/journals.{form}", self.journals, name="journals_data"),
            Route("/journals/{id}.{form}", self.journal, name="journal_data"),
            Route("/journals/{id}", self.journal, name="journal"),
        )

    async def search(self, request: Request) -> Answer:
        """What a search finds; a text that is an identifier leads to its output."""
        search = searched.read(request.scope["query_string"])
        return await self._list(request, Place("/search"), search)

    async def group(self, request: Request) -> Answer:
        """The outputs of a group."""
        id_ = number(request.path_params["id"])
        return await self._list(request, Place(f"/groups/{id_}", group=id_), _asked(request))

    async def journal(self, request: Request) -> Answer:
        """The outputs of a journal."""
        id_ = number(request.path_params["id"])
        return await self._list(request, Place(f"/journals/{id_}", journal=id_), _asked(request))

    async def groups(self, request: Request) -> Answer:
        """All groups."""
        return await self._shelves(request, "groups")

    async def journals(self, request: Request) -> Answer:
        """All journals."""
        return await self._shelves(request, "journals")

    async def _list(self, request: Request, place: Place, search: Search) -> Answer:
        language, form = chosen(request.scope), request.path_params.get("form", PAGES)
        if form not in LISTS or place.path.endswith("/0"):
            return self._desk.paper.missing(language)
        read = LISTS[form]
        return await self._desk.readers.answered(
            lambda: read(self, place, place.within(search), language) or self._desk.paper.missing(language)
        )

    async def _shelves(self, request: Request, kind: str) -> Answer:
        language, form = chosen(request.scope), request.path_params.get("form", PAGES)
        if form not in SHELVES:
            return self._desk.paper.missing(language)
        return await self._desk.readers.answered(lambda: self._all(kind, form, language))

    def _page(self, place: Place, search: Search, language: Language) -> Answer | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            name = _name(db, self._desk.audience, place, now)
            if name is None:
                return None
            if place.path == "/search" and search == Search(text=search.text):
                there = store.first(db, self._desk.audience, from_text(search.text), now=now) if search.text else None
                if there is not None:
                    return self._led_to(there.output)
            count, facets = store.facets(db, self._desk.audience, search, now=now)
            part = store.listed(db, self._desk.audience, search, most=PAGE, now=now)
            shelves = store.groups(db, self._desk.audience, now=now) if place.group else ()
            mentions = (
                store.mentioned(db, self._desk.audience, replace(search, after=()), now=now)
                if place.path != "/search"
                else 0
            )
        view = found.view(place, search, count, facets, part, language, name=name)
        below = [each for each in shelves if place.group in each.parents]
        here = self._desk.paper.prefix + str(view["path"])
        return self._desk.paper.page(language, "found.html", **view, here=here, below=below, mentions=mentions)

    def _document(self, place: Place, search: Search, _: Language) -> Answer | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            name = _name(db, self._desk.audience, place, now)
            if name is None:
                return None
            count, facets = store.facets(db, self._desk.audience, search, now=now)
            part = store.listed(db, self._desk.audience, search, most=DOCUMENT, now=now)
        following = place.address(replace(search, after=part.after), ".json") if part.after else ""
        body = listing.document(part, count, facets, name=name, following=following, address=self._desk.paper.address)
        return self._desk.answers.make("json", body)

    def _sheet(self, place: Place, search: Search, _: Language) -> Answer | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            if _name(db, self._desk.audience, place, now) is None:
                return None
            part = store.listed(db, self._desk.audience, search, most=SHEET, now=now)
        address = self._desk.paper.address
        following = place.address(replace(search, after=part.after), ".csv")
        link = (b"link", f'<{address}{following}>; rel="next"'.encode())
        return self._desk.answers.make("csv", listing.rows(part.outputs, address), more=(link,) if part.after else ())

    def _feed(self, place: Place, search: Search, _: Language) -> Answer | None:
        now, language = self._desk.clock(), LANGUAGES[ENGLISH]  # copies of it are for everybody
        search = replace(search, after=(), sort="score")
        with self._desk.house.read() as db:
            name = _name(db, self._desk.audience, place, now)
            if name is None:
                return None
            changes = store.changed(db, self._desk.audience, search, most=FEED, now=now)
        title = language.say("Changed scores: %(what)s", what=found.title(search, name, language))
        paths = place.address(search), place.address(search, ".atom")
        body = listing.feed(
            changes, title, *paths, address=self._desk.paper.address, author=self._desk.paper.name, language=language
        )
        return self._desk.answers.make("atom", body)

    def _all(self, kind: str, form: str, language: Language) -> Answer:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            shelves = (store.groups if kind == "groups" else store.journals)(db, self._desk.audience, now=now)
        if form == "csv":
            return self._desk.answers.make("csv", shelved.rows(kind, shelves, self._desk.paper.address))
        if form == "json":
            return self._desk.answers.make("json", shelved.document(kind, shelves, self._desk.paper.address))
        if kind == "journals":
            return self._desk.paper.page(
                language, "journals.html", here=f"{self._desk.paper.prefix}/journals", letters=shelved.letters(shelves)
            )
        return self._desk.paper.page(
            language,
            "groups.html",
            here=f"{self._desk.paper.prefix}/groups",
            count=len(shelves),
            tree=shelved.tree(shelves),
        )

    def _led_to(self, output: int) -> Answer:
        where = (b"location", f"{self._desk.paper.prefix}/outputs/{output}".encode())
        return self._desk.answers.make("text", b"", status=303, cache=NEVER, more=(where,))


LISTS = {PAGES: Explorer._page, "json": Explorer._document, "csv": Explorer._sheet, "atom": Explorer._feed}
SHELVES = (PAGES, "json", "csv")


def _asked(request: Request) -> Search:
    return searched.read(request.scope["query_string"])


def _name(db: Database, audience: Audience, place: Place, now: int) -> str | None:
    """What the group or journal of a place is called; empty for the place of all, None where there is none."""
    if place.group:
        return store.named(db, audience, "group", place.group, now=now)
    if place.journal:
        return store.named(db, audience, "journal", place.journal, now=now)
    return ""
