"""What may show while things go wrong, and what must in the end, over what an institution has told, in plain loops.

While a pull may have read some of what changed and not the rest, the most open of all that was told since the last pull
that certainly read everything is what may show at most. In the end it is exactly what the institution tells. Who may
see what is `tests/naive/elements.py`, which knows nothing of the code that it judges.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from interleaving_university import WIRE
from naive.elements import Scope, expected, told

from sandbox.institution import Institution
from sandbox.model import OPENNESS, Authorship, Group, Output, Person, Privacy

POINTS = 3  # of one policy source
SCOPES = (
    Scope(),
    Scope(profile="academic"),
    Scope(status="current"),
    Scope(outputs="public"),
    Scope(people="public", authorships="public"),
    Scope(authorships="private", profile="academic_or_student"),
)


@dataclass(frozen=True)
class Facts:
    """What an institution tells at one moment; its parts are never changed."""

    groups: dict[int, Group]
    people: dict[int, Person]
    outputs: dict[int, Output]
    links: dict[int, Authorship]

    @classmethod
    def of(cls, institution: Institution) -> "Facts":
        with institution.lock:
            told = (institution.groups, institution.people, institution.outputs, institution.authorships)
            return cls(*(dict(part) for part in told))  # type: ignore[arg-type]  # in their order


@dataclass
class Hidden:
    """What an administrator has hidden: titles of outputs, ids of people."""

    outputs: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


class Model:
    """An institution, what was told since a pull that was certain, and what administrators did."""

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.states = [Facts.of(institution)]
        self.scope = SCOPES[0]
        self.hidden = Hidden()
        self.mentions: dict[str, tuple[str, str]] = {}
        self.touched: set[int] = set()
        self.merged: set[int] = set()
        self.deceived = False

    def changed(self, *ids: int) -> None:
        """The source tells something new of outputs and people."""
        self.states.append(Facts.of(self.institution))
        self.touched |= set(ids)

    def pulled(self, began: Facts, since: Iterable[int], *, everything: bool, lied: bool) -> None:
        """A pull has ended well that began with these facts, and during which others changed. Where a source lied to a
        pull, only a listing of everything makes up for it."""
        self.deceived = lied or (self.deceived and not everything)
        if not self.deceived:
            self.states = [began, Facts.of(self.institution)]
            self.touched = {*since}
            self.merged.clear()

    def may_show(self, audience: str) -> dict[str, set[str]]:
        """At most: the titles of outputs, and the names of people and groups beside each."""
        rows = self._rows(most_open(self.states), audience)
        return {row[1]: {*row[6], *row[7]} for row in rows}

    def must_show(self, audience: str) -> list[tuple[Any, ...]]:
        """Exactly, as `seen` tells an export."""
        return sorted((*row, self.score(row[0])) for row in self._rows(self.states[-1], audience))

    def score(self, doi: str) -> int:
        """Each policy source counts once."""
        return POINTS * len({source for target, source in self.mentions.values() if target == doi})

    def _rows(self, facts: Facts, audience: str) -> list[tuple[Any, ...]]:
        closed = {id_: replace(person, privacy="private") for id_, person in facts.people.items()
                  if id_ in self.hidden.people}  # fmt: skip
        rows = expected(institution_of(replace(facts, people=facts.people | closed)), WIRE, audience, self.scope)
        return [row for row in rows if row[1] not in self.hidden.outputs]


def seen(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """An export, as `must_show` tells it."""
    return sorted((*told([row])[0], row["score"]) for row in rows)


def institution_of(facts: Facts) -> Institution:
    """An institution that tells these facts."""
    made = Institution()
    made.groups, made.people, made.outputs = facts.groups, facts.people, facts.outputs
    for link in facts.links.values():
        made.link(link)
    return made


def most_open(states: Iterable[Facts]) -> Facts:
    """Everything that any of them tells, as open as any of them tells it."""
    open_ = Facts({}, {}, {}, {})
    pairs: dict[tuple[int, int], Authorship] = {}
    for facts in states:
        for id_, group in facts.groups.items():
            before = open_.groups.get(id_, group)
            open_.groups[id_] = replace(group, privacy=_most(before.privacy or "internal", group.privacy or "internal"))
        for id_, person in facts.people.items():
            open_.people[id_] = _most_open_person(open_.people.get(id_, person), person)
        for id_, output in facts.outputs.items():
            level = _most(open_.outputs.get(id_, output).privacy, output.privacy)
            open_.outputs[id_] = replace(output, privacy=level)
        for link in facts.links.values():
            pair = link.output, link.person
            level = _most(pairs.get(pair, link).privacy, link.privacy)
            pairs[pair] = replace(link, id=link.output * 10_000 + link.person, privacy=level)
    open_.links.update({link.id: link for link in pairs.values()})
    return open_


def _most_open_person(one: Person, other: Person) -> Person:
    return replace(
        other,
        privacy=_most(one.privacy, other.privacy),
        current=one.current or other.current,
        academic=one.academic or other.academic,
        student=one.student or other.student,
        groups=tuple(sorted({*one.groups, *other.groups})),
    )


def _most(one: Privacy, other: Privacy) -> Privacy:
    return max(one, other, key=OPENNESS.__getitem__)
