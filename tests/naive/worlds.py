"""Random small worlds: sources that tell the same works and people differently, and what happens to them.

`dice` is a `random.Random`; where hypothesis makes it, worlds that fail shrink."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.scope import Least, Scope
from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.records import Authorship, Group, Item, Members, Person

PRIVATE, INTERNAL, PUBLIC = Visibility
NAMES = ("alpha", "beta", "gamma")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CLOSINGS = (BEGAN - timedelta(days=1), BEGAN + timedelta(days=2), BEGAN + timedelta(days=20))
ORCIDS = {"p1": "0000-0002-1825-0097", "p2": "0000-0001-5109-3700"}
PEOPLE, GROUPS, ITEMS = ("p1", "p2", "p3"), ("g1", "g2", "g3"), ("i1", "i2", "i3")
IDENTIFIERS = {
    "doi": (None, "10.5555/a", "10.5555/b"), "pmid": (None, None, "1", "2"), "handle": (None, None, "10.9999/h"),
    "isbn": (None, None, "9783161484100"),
}  # fmt: skip


def a_level(dice):
    return dice.choice((PUBLIC, PUBLIC, PUBLIC, PUBLIC, INTERNAL, PRIVATE))


def a_closing(dice):
    return dice.choice((*[None] * 15, *CLOSINGS))


def a_scope(dice):
    least = [dice.choice((INTERNAL, INTERNAL, PRIVATE, PUBLIC)).word for _ in range(3)]
    return Scope(
        status=dice.choice(("all", "all", "current")),
        profile=dice.choice(("all", "all", "academic_or_student", "academic")),
        visibility=Least(people=least[0], outputs=least[1], authorships=least[2]),
    )


def some(dice, names, share=0.7):
    return [name for name in names if dice.random() < share]


def people(dice, name):
    flags = (True, True, True, None, False)
    return tuple(
        Person(
            key=key, name=dice.choice((f"{name} {key}", f"{name} {key}", "")), visibility=a_level(dice),
            orcid=dice.choice((ORCIDS.get(key), None)), current=dice.choice(flags), academic=dice.choice(flags),
            student=dice.choice(flags), closes_at=a_closing(dice),
        )
        for key in some(dice, PEOPLE, 0.85)
    )  # fmt: skip


def groups(dice, name):
    told = tuple(
        Group(key=key, name=f"{name} {key}", visibility=a_level(dice), closes_at=a_closing(dice),
              parents=tuple(some(dice, (*GROUPS, "lost"), 0.15)))
        for key in some(dice, GROUPS)
    )  # fmt: skip
    return told, tuple(Members(group=group.key, people=tuple(some(dice, PEOPLE, 0.6))) for group in told)


def an_item(dice, name, key):
    identifiers = [Identifier("url", f"https://{name}.example.edu/{key}")]
    for scheme, values in IDENTIFIERS.items():
        if value := dice.choice(values):
            identifiers.append(Identifier(scheme, value))
    return Item(
        key=key, title=dice.choice((f"told by {name}", "")), visibility=a_level(dice), closes_at=a_closing(dice),
        type=dice.choice(("book", "chapter")), identifiers=tuple(identifiers),
    )  # fmt: skip


def links(dice, key):
    people = [dice.choice(PEOPLE) for _ in range(dice.randrange(4))]
    return tuple(
        Authorship(key=f"{key}-{n}", item=key, person=person, visibility=a_level(dice), closes_at=a_closing(dice))
        for n, person in enumerate(people)
    )


def a_pull(dice, name, ways=("whole", "whole", "items", "links")):
    """All that a source tells now, or some of its items, or links alone; with it what becomes of what is missing, and
    which of it is stated to be hidden."""
    items = tuple(an_item(dice, name, key) for key in some(dice, ITEMS))
    authorships = tuple(link for each in items for link in links(dice, each.key))
    again = tuple(replace(each, visibility=a_level(dice)) for each in items if dice.random() < 0.1)
    merged, hidden = (set(some(dice, (*ITEMS, *PEOPLE), share)) for share in (0.2, 0.1))
    told = (people(dice, name), *groups(dice, name), items, authorships, again)
    return ("pull", name, dice.choice(ways), *told, merged, hidden)


def a_step(dice, names):
    name = dice.choice(names)
    return dice.choice((
        *[lambda: a_pull(dice, name)] * 4, *[lambda: ("score",)] * 3, lambda: ("scope", a_scope(dice)),
        lambda: (dice.choice(("hide", "unhide")), dice.choice(("output", "person")), dice.randrange(3)),
        lambda: ("days", dice.choice((3, 30))), lambda: (dice.choice(("pause", "remove", "forget")), name),
    ))()  # fmt: skip


def a_world(dice):
    """(sources, scope, steps): each source is told whole and scored before anything else happens."""
    names = NAMES[: dice.choice((1, 2, 2, 3))]
    sources = [
        (name, dice.random() < 0.8, dice.random() < 0.5, dice.choice((PRIVATE, PRIVATE, INTERNAL, PUBLIC)))
        for name in names
    ]
    begin = [a_pull(dice, name, ("whole",)) for name in names]
    story = [a_step(dice, names) for _ in range(dice.randrange(6))]
    return sources, a_scope(dice), [*begin, ("score",), *story, ("score",)]
