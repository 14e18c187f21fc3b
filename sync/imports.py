"""Taking in a file that somebody has: mentions, or the counts of another system.

Everything lands in one connection, which names no people and never requires an author.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from config.visibility import Visibility
from connectors.altmetric import Details
from connectors.attention import Mention
from connectors.counted import Counted, targets
from connectors.errors import TryLater
from connectors.explorer import export
from connectors.mentions import read_mentions
from connectors.records import Aside, Page
from sync import store
from sync.store import Applied, Source, Store

MENTIONS = 10_000  # stored in one transaction
OUTPUTS = 1000  # with their counts and mentions

T = TypeVar("T")
Clock = Callable[[], int]  # microseconds since 1970, in UTC


class Records(Protocol):
    """An open file of counts; `unknown` are the columns or fields whose meaning nobody knows."""

    @property
    def unknown(self) -> tuple[str, ...]: ...

    def __iter__(self) -> Iterator[Counted | Aside]: ...


@dataclass(slots=True)
class Imported:
    """What an import did. `records`: the lines, rows or objects it read; `waiting`: identifiers of no output that is
    known, whose attention waits for one; `added`: outputs that came of it; `unread`: columns or fields that were not
    understood."""

    records: int = 0
    counted: Applied = field(default_factory=Applied)
    waiting: set[str] = field(default_factory=set)
    added: int = 0
    unread: tuple[str, ...] = ()


def mentions(house: Store, file: Path, *, add: Visibility | None = None, clock: Clock) -> Imported:
    """Store the mentions of a JSON Lines file; bad lines are set aside. `add`: the level of outputs that are not known
    and are to be; None adds none."""
    done = Imported()
    with _run(house, clock) as source, file.open("rb") as lines:
        for told in _parts(read_mentions(lines, file.name), MENTIONS):
            found = [each for each in told if isinstance(each, Mention)]
            named = [Counted(identifiers=each.targets, units={}) for each in found if targets(each.targets)]
            page = Page(mentions=tuple(found), asides=tuple(each for each in told if isinstance(each, Aside)))
            _take(house, source, page, named, add, done, clock)
            done.records += len(found) + sum(not aside.stored for aside in page.asides)
    return done


def counts(house: Store, file: Path, *, kind: str, add: Visibility | None = None, clock: Clock) -> Imported:
    """The same for the counts of a file, and the mentions where it has any. Raises `NotUnderstood` where the file is
    not of that kind."""
    done = Imported()
    with KINDS[kind](file) as records, _run(house, clock) as source:
        for told in _parts(records, OUTPUTS):
            found = [each for each in told if isinstance(each, Counted)]
            page = Page(
                mentions=tuple(mention for each in found for mention in each.mentions),
                tallies=tuple(each.tally for each in found),
                asides=tuple(each for each in told if isinstance(each, Aside)),
            )
            _take(house, source, page, found, add, done, clock)
            done.records += len(found) + sum(aside.kind == "counts" for aside in page.asides)
        done.unread = records.unknown
    return done


def by_hand(house: Store, told: Mention, *, clock: Clock) -> None:
    """Store one mention that somebody has written down here."""
    with _run(house, clock) as source:
        store.apply(house, source, Page(mentions=(told,)), now=clock())


def _take(
    house: Store,
    source: Source,
    page: Page,
    named: list[Counted],
    add: Visibility | None,
    done: Imported,
    clock: Clock,
) -> None:
    """Store a page with the outputs that it adds: those that nobody knows, and those that an import has added."""
    strangers = store.unknown(house, {target for each in named for target in each.targets})
    unknown = {each.key: each for each in named if strangers.issuperset(map(str, each.targets))}
    if add is None:
        done.waiting |= strangers & {str(target) for each in named for target in each.targets}
    else:
        before = store.added(house, [each.key for each in named])
        again = {each.key: each for each in named if each.key in before}
        page = replace(page, items=tuple(each.item(add) for each in (unknown | again).values()))
        done.added += len(unknown.keys() - before)
    done.counted.add(store.apply(house, source, page, now=clock()))


@contextmanager
def _run(house: Store, clock: Clock) -> Iterator[Source]:
    """A run of the connection that imports belong to, one at a time."""
    with store.turn(house, store.LOCAL) as ours:
        if not ours:
            raise TryLater("another import is running; wait for it to end")
        source = store.local(house, step="import", now=clock())
        yield source
        store.end(house, source, "done", "", now=clock())


def _parts(told: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`."""
    rest = iter(told)
    while part := list(islice(rest, size)):
        yield part


@contextmanager
def _details(file: Path) -> Iterator[Records]:
    yield Details(file)


KINDS: Mapping[str, Callable[[Path], AbstractContextManager[Records]]] = {"counts": export, "altmetric": _details}
