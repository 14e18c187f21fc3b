"""What a practice system is told to hold, and what each audience may see of it: docs/visibility.md in plain loops."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sync.store import Audience

LEVELS = ("private", "internal", "public")
ADMITTED: Mapping[Audience, frozenset[str]] = {
    "public": frozenset({"public"}),
    "internal": frozenset({"public", "internal"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be named. A `level` that is none of `LEVELS` counts as private, here and below."""

    number: int
    name: str
    level: str = "public"
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An output; `authors` are people by number, each with the level of the link."""

    number: int
    title: str
    level: str = "public"
    authors: Mapping[int, str] = field(default_factory=lambda: {1: "public"})

    @property
    def doi(self) -> str:
        return f"10.5555/conformance.{self.number}"


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """What an audience sees of one output."""

    doi: str
    title: str
    level: str
    people: tuple[str, ...]


ANN = Person(number=1, name="Ann Harbourmaster")
IVY = Person(number=2, name="Ivy Lighthouse", level="internal")
PIA = Person(number=3, name="Pia Breakwater", level="private")
OTTO = Person(number=4, name="Otto Drydock", current=False)

SMALL: tuple[Person | Work, ...] = (
    ANN,
    IVY,
    PIA,
    OTTO,
    Work(number=1, title="Tide tables"),
    Work(number=2, title="Harbour walls", authors={1: "public", 2: "public"}),
    Work(number=3, title="Pilot books", level="internal"),
    Work(number=4, title="Smuggled goods", level="private"),
    Work(number=5, title="Letters from the quay", authors={1: "private"}),
    Work(number=6, title="Memoirs of a shipwright", authors={4: "public"}),
    Work(number=7, title="Ropes and knots", authors={1: "internal"}),
    Work(number=8, title="The cost of dredging", authors={3: "public"}),
    Work(number=9, title="Harbour seals"),
    Work(number=10, title="Harbour lights"),
)
"""Each level of outputs, people and links, somebody who has left, and enough for three pages of four."""


class World:
    """What is so at the moment. `people`: whether the connector tells of people; then an output needs one who takes
    part, which those who left do not where `status` is told. `assumed` are the kinds whose level is not told, but
    assumed to be public; `levels` those that the system has at all, any other is private there; where they are not the
    same for all kinds, by kind, and all where a kind is not named."""

    def __init__(
        self,
        *,
        people: bool,
        status: bool,
        assumed: frozenset[str],
        levels: Collection[str] | Mapping[str, Collection[str]] = LEVELS,
    ) -> None:
        self.named, self.status, self.assumed, self.levels = people, status, assumed, levels
        self.people: dict[int, Person] = {}
        self.works: dict[int, Work] = {}

    def seen(self, audience: Audience) -> set[Row]:
        """What an audience may see, by the scope of the suite: current people, nothing private."""
        admitted = ADMITTED[audience]
        rows = set()
        for work in self.works.values():
            level = self._level("outputs", work.level)
            links = [(self.people[n], self._level("authorships", told)) for n, told in work.authors.items()]
            part = [(person, link) for person, link in links if self._takes_part(person) and link != "private"]
            named = [p.name for p, link in part if link in admitted and self._level("people", p.level) in admitted]
            if level in admitted and (part or not self.named):
                rows.add(Row(work.doi, work.title, level, tuple(sorted(named)) if self.named else ()))
        return rows

    def _takes_part(self, person: Person) -> bool:
        return self._level("people", person.level) != "private" and (person.current or not self.status)

    def _level(self, kind: str, told: str) -> str:
        if kind in self.assumed:
            return "public"
        levels = self.levels.get(kind, LEVELS) if isinstance(self.levels, Mapping) else self.levels
        return told if told in levels else "private"
