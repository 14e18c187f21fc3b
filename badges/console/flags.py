"""Flags at a glance: how everything is spread over levels, flags and sources, what the scope makes of it, and where
sources do not agree."""

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import NamedTuple

from markupsafe import Markup

from badges.answers import Answer
from badges.charts.bars import bar
from badges.charts.patterns import definitions, square
from badges.charts.stacked import stacked
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from sync.acts.flags import at_a_glance
from sync.store import Store, glance
from sync.store.clashes import CLASHES, Clash, conflicts
from sync.store.funnel import REASONS, Funnel
from sync.store.glance import Glance
from sync.store.lookup import names
from sync.store.spread import Bar, Term

FRESH = 600_000_000  # microseconds that a glance may be old, though nothing but the clock has changed
LEVELS = ("private", "internal", "public")
SAID = ("yes", "no", "not stated")
FILLS = ("step-4", "step-2", "step-1")
LONGEST = 80  # characters of a source's word
Row = tuple[object, ...]

CONFLICTS: dict[Clash, tuple[str, str]] = {  # what each is called, and what it means
    "outputs": ("Levels of outputs", "Sources vote differently on an output. The least open vote wins."),
    "people": ("Levels of people", "Sources vote differently on a person. The least open vote wins."),
    "authorships": ("Levels of authorships", "Sources vote differently on who wrote what. The least open vote wins."),
    "flags": ("Flags of people", "Sources state a flag differently. It is yes only where all that state it say yes."),
    "identifiers": (
        "Identifiers",
        "An identifier is on records of several outputs, whose DOIs differ: none is joined.",
    ),
    "dois": (
        "DOIs that wait",
        "A record has further DOIs. They neither join nor match mentions; the record's own DOI alone does. Correct the "
        "record at its source: a DOI that it no longer has is gone with the next pull.",
    ),
    "uncertain": ("Uncertain records", "A record without a DOI could belong to several outputs; its vote closes all."),
}


class Worked(NamedTuple):
    """A glance with the stamp that the store had."""

    glance: Glance
    stamp: str


class Flags:
    """`/console/flags` and the conflicts below it."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self._worked: Worked | None = None
        self._working = Lock()
        self.rooms = (
            Room(path="/flags", role="editor", reads="look at flags", show=self.show),
            Room(path="/flags/conflicts", role="editor", reads="look at conflicts", show=self.conflicts),
        )

    def show(self, asked: Asked) -> Answer:
        """What is known already; else a page that asks for it, since to work it out may take seconds."""
        told = self._fresh(asked)
        if told is None and (asked.part or asked.query.one("worked")):
            with self._working:  # whoever comes meanwhile has it then too
                told = self._fresh(asked) or self._work(asked)
        if told is None:
            return self._desk.paper.page(asked, "flags.html", told=None)
        return self._desk.paper.page(
            asked,
            "flags.html",
            told=told,
            patterns=_drawn(f'<svg class="flags-patterns" aria-hidden="true"><defs>{definitions(FILLS)}</defs></svg>'),
            keys={name: [(_drawn(square(f)), word) for f, word in zip(FILLS, words, strict=True)]
                  for name, words in (("levels", LEVELS), ("flags", SAID))},
            levels={kind: list(_bars(bars)) for kind, bars in told.spread.levels.items()},
            flags={flag: list(_bars(bars)) for flag, bars in told.spread.flags.items()},
            terms=[_term(each) for each in told.spread.terms],
            funnels={kind: list(_steps(each)) for kind, each in told.funnels.items()},
        )  # fmt: skip

    def conflicts(self, asked: Asked) -> Answer:
        """One page of one kind of conflict."""
        kind = next((each for each in CLASHES if each == asked.query.one("kind")), CLASHES[0])
        with asked.office.house.read() as db:
            found = conflicts(db, kind, after=asked.query.number("after"))
            named = names(db, {thing for each in found.rows for thing in each.things})
        return self._desk.paper.page(
            asked,
            "conflicts.html",
            kind=kind,
            kinds=CONFLICTS,
            found=found,
            names=named,
            after=asked.query.number("after"),
        )

    def _fresh(self, asked: Asked) -> Glance | None:
        worked = self._worked
        if worked is None or not 0 <= asked.now - worked.glance.at < FRESH:
            return None
        return worked.glance if worked.stamp == _stamp(asked.office.house) else None

    def _work(self, asked: Asked) -> Glance:
        stamp = _stamp(asked.office.house)  # before: what changes meanwhile makes it old
        self._worked = Worked(at_a_glance(asked.office), stamp)
        return self._worked.glance


def _stamp(house: Store) -> str:
    with house.read() as db:
        return glance.stamp(db)


def _drawn(picture: str) -> Markup:
    return Markup(picture)  # noqa: S704 - drawn by us, of numbers alone


def _bars(bars: Sequence[Bar]) -> Iterator[Row]:
    for each in bars:
        yield each.name, *each.counts, _drawn(stacked(each.counts, FILLS))


def _term(each: Term) -> Row:
    word = each.word if len(each.word) <= LONGEST else each.word[: LONGEST - 1] + "…"
    return each.connection, each.kind, each.term or "(no flag at all)", word or "(rarer words)", *each.counts


def _steps(funnel: Funnel) -> Iterator[Row]:
    """From all that is known to what is seen, a row each."""

    def row(words: str, n: int) -> Row:
        return words, n, _drawn(bar(n, funnel.known))

    yield row("known", funnel.known)
    for reason, n in funnel.out.items():
        yield row(f"out: {REASONS[reason]}", n)
    yield row("take part", funnel.takes_part)
    if funnel.levels[0]:
        yield row("of them private: seen by nobody", funnel.levels[0])
    yield row("may be seen by members", funnel.may["internal"])
    yield row("may be seen by the public", funnel.may["public"])
    yield row("seen now by members, on badges", funnel.seen["internal"])
    yield row("seen now by the public, on badges", funnel.seen["public"])
