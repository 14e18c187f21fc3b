"""Looking through what was quoted with the extractors as they are now, and what that changes."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from sync import store
from sync.acts.office import Office
from sync.store.rematching import Matched, Quoted

AT_ONCE = 500  # mentions in one transaction

Progress = Callable[[int, int], None]  # looked through so far, changed so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematched:
    """A mention, by its public id, that names something else now."""

    mention: int
    lost: tuple[Identifier, ...]
    gained: tuple[Identifier, ...]


class Known(Container[Identifier]):
    """The identifiers that an output has."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __contains__(self, identifier: object) -> bool:
        return isinstance(identifier, Identifier) and store.output_of(self._db, identifier) is not None


def rematch(office: Office, *, dry_run: bool, progress: Progress = lambda *_: None) -> tuple[int, list[Rematched]]:
    """Look through every quote that was taken by another version of the extractors: how many mentions that were, and
    which of them name something else by it. What an administrator confirmed stays, and so does what was not found in a
    text at all. Of a dry run nothing stays."""
    from connectors import sightings  # with parsers, which few verbs need

    looked, changed, after, more = 0, list[Rematched](), 0, True
    while more:
        with office.trying(dry_run=dry_run) as db:
            some = store.rematching.stale(db, sightings.VERSION, after, AT_ONCE)
            matched = {public: _matched(row, quoted, Known(db)) for row, public, quoted in some}
            store.rematching.rematch(office.house, db, list(matched.values()))
            found = list(_changed(matched))
            if found:
                store.note(db, "mention rematch", "all mentions", by=office.by, now=office.clock(), changed=len(found))
            looked += len(some)
            changed += found
            after, more = (some[-1][0], True) if some else (after, False)
        progress(looked, len(changed))
    return looked, changed


def _matched(row: int, quoted: list[Quoted], known: Container[Identifier]) -> Matched:
    from connectors import sightings
    from connectors.ties import again

    texts = [each for each in quoted if each.seen.method in sightings.METHODS]
    seen = {now.identifier: now for each in texts for now in again(each.seen, known)}
    before = {each.seen.identifier for each in quoted}
    lost = {each.seen.identifier for each in texts if not each.kept} - seen.keys()
    return Matched(row=row, seen=list(seen.values()), lost=lost, gained=seen.keys() - before)


def _changed(matched: dict[int, Matched]) -> Iterator[Rematched]:
    for public, each in matched.items():
        if each.lost or each.gained:
            yield Rematched(mention=public, lost=tuple(sorted(each.lost)), gained=tuple(sorted(each.gained)))
