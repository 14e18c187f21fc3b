"""The pages of one listing of Pure, by offset, and proof that they were all.

While pages are read others create, change and delete records, so what an offset stands for moves. So each page begins
some records before the last one ended: where none of those comes again, records have moved past us, and we go back.
At the end as many different records must have come as the listing counts.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.documents import Document
from connectors.errors import NotUnderstood
from connectors.pure.spool import Spool
from connectors.pure.values import key_of

log = logging.getLogger(__name__)

OVERLAP = 10  # records that are read again, or a quarter of a small page
KNOWN = 100  # of the records before a page, by which it is known to follow
BACK = 3  # times to go back for one page

Ask = Callable[[int, int], Document]
"""The page of a listing at an offset, of a size."""


class Unproven(NotUnderstood):
    """The listing is not all there is, as far as can be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where inside a listing to go on: an offset, the keys of the page before, of which some should come again there,
    and how many came before."""

    offset: int = 0
    again: tuple[str, ...] = ()
    came: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is new on one page, with its place in it; `all` is the page as it came. `next` is None on the last."""

    rows: tuple[tuple[int, object], ...]
    all: tuple[object, ...]
    total: int
    next: Mark | None


def walk(ask: Ask, name: str, size: int, spool: Spool, *, start: Mark | None = None) -> Iterator[Sheet]:
    """Every page from the first, or from a mark. Raises `Unproven` after the last page that could be had."""
    mark, keyless, backs = start or Mark(), 0, 0
    first = mark.offset  # what came before it is only counted, so it must not be read again
    came = mark.came - len(spool.add(name, mark.again))
    while True:
        told = ask(mark.offset, size)
        total, rows = _parts(told, name)
        keys = list(dict.fromkeys(map(key_of, rows)))
        width = len(keys) - ("" in keys) + sum(not key_of(row) for row in rows)
        if mark.again and not {*mark.again} & {*keys}:
            if backs == BACK or mark.offset == first:
                raise Unproven(f"GET {name}: the listing moves faster than it can be read; it is tried again later")
            backs, mark = backs + 1, Mark(offset=max(first, mark.offset - size), again=mark.again)
            log.info("going back in a listing that moved", extra={"listing": name, "offset": mark.offset})
            continue
        backs = 0
        new = {*spool.add(name, filter(None, keys))}
        fresh = tuple((at, row) for at, row in enumerate(rows, 1) if not (key := key_of(row)) or _take(new, key))
        last = mark.offset + width >= total
        keyless += sum(not key_of(row) for _, row in fresh)
        here = came + spool.count(name)
        if not last and not fresh:
            raise _short(name, here + keyless, total)
        again = tuple(filter(None, keys))[-KNOWN:]
        overlap = min(len(again), max(1, min(OVERLAP, size // 4)))
        following = Mark(offset=mark.offset + width - overlap, again=again, came=here)
        yield Sheet(rows=fresh, all=tuple(rows), total=total, next=None if last else following)
        if last:
            if here + keyless < total:
                raise _short(name, here + keyless, total)
            return
        mark = following


def _short(name: str, came: int, total: int) -> Unproven:
    what = f"{came} of {total} records came, and then no more"
    return Unproven(f"GET {name}: {what}; it is tried again later, and if it stays so: may the key see them all?")


def _take(new: set[str], key: str) -> bool:
    """Whether a key is new, the first time that it is asked for."""
    found = key in new
    new.discard(key)
    return found


def _parts(told: Document, name: str) -> tuple[int, list[object]]:
    total, rows = told.get("count"), told.get("items", [])
    if type(total) is not int or total < 0 or not isinstance(rows, list):
        raise NotUnderstood(f"GET {name}: a listing without its count, or without its items")
    return total, rows
