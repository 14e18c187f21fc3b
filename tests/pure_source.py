"""What the tests of Pure share: a connection to a practice Pure, and what a house would hold after some pages."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from pydantic import SecretStr

from config.settings import Assume, Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.http import client
from connectors.people_map import PeopleMap
from connectors.pure import Pure
from connectors.pure.dialect import CURRENT, LEGACY, Dialect
from connectors.pure.outputs import output
from connectors.pure.people import Profile, Reading, person
from connectors.records import Authorship, Item, Page, Person

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC
NOW = datetime(2026, 6, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
DIALECTS = {"current": CURRENT, "legacy": LEGACY}
KEY = "practice-key"


def pure(url: str, *, key: str = KEY, per_page: int | None = 4, **more: Any) -> Pure:
    """A connection to a practice Pure; it does not sleep."""
    settings = Connection(name="pure", kind="pure", url=url, token=SecretStr(key), per_page=per_page, pace=0, **more)
    return Pure(settings, client(settings, token="api-key: {}", sleep=lambda _: None))


def since(cursor: str | None = None, *, bookmark: str | None = None, now: datetime = NOW) -> Since:
    return Since(cursor=cursor, bookmark=bookmark, now=now)


def assume(**levels: Visibility) -> Assume:
    return Assume(**levels)


class Copy:
    """What a house would hold after some pages, by the rules that `Page` states."""

    def __init__(self, pages: Iterable[Page] = ()) -> None:
        self.people: dict[str, Person] = {}
        self.groups: dict[str, object] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.items: dict[str, Item] = {}
        self.links: dict[str, Authorship] = {}
        self.gone: dict[str, str | None] = {}
        self.asides: list[str] = []
        self.incomplete = ""
        self.cursor: str | None = None
        self.listed: frozenset[str] = frozenset()
        self.apply(pages)

    def apply(self, pages: Iterable[Page]) -> "Copy":
        for page in pages:
            told = {one.key for one in page.items}
            self.links = {key: link for key, link in self.links.items() if link.item not in told}
            self.people |= {one.key: one for one in page.people}
            self.groups |= {one.key: one for one in page.groups}
            self.members |= {one.group: one.people for one in page.members}
            self.items |= {one.key: one for one in page.items}
            self.links |= {one.key: one for one in page.authorships}
            for gone in page.gone:
                self.gone[gone.key] = gone.into
                self.items.pop(gone.key, None)
                self.people.pop(gone.key, None)
            self.asides += [one.reason for one in page.asides]
            if page.done:
                self.incomplete, self.cursor, self.listed = page.done.incomplete, page.done.cursor, page.done.listed
        return self

    def same(self, other: "Copy") -> bool:
        return all(
            getattr(self, name) == getattr(other, name) for name in ("people", "groups", "members", "items", "links")
        )


def item_of(told: object, dialect: Dialect = CURRENT, assumed: Visibility | None = None) -> Item:
    (found,) = [one for one in output(told, dialect, "here", assumed) if isinstance(one, Item)]
    return found


def links_of(told: object, dialect: Dialect = CURRENT, assumed: Visibility | None = None) -> list[Authorship]:
    return [one for one in output(told, dialect, "here", assumed) if isinstance(one, Authorship)]


def person_of(
    told: object, dialect: Dialect = CURRENT, *, today: date = TODAY, academic: tuple[str, ...] = ("academic",)
) -> Person:
    reading = Reading(today=today, academic=academic, people_map=PeopleMap.read(None))
    (found,) = [one.person for one in person(told, dialect, "here", reading) if isinstance(one, Profile)]
    return found
