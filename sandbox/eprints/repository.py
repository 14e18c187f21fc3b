"""The state of a practice EPrints: its eprints, its fields, its account, and what was written to it."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sandbox.eprints.records import FIELDS, EPrint, Status, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One request that was accepted and stored."""

    method: str
    before: EPrint
    after: EPrint


class Repository:
    """What tests look at and change; who changes `eprints` from outside holds `lock`.

    `fields` are those of the eprint dataset, each with whether it is volatile. The account has the role `rest` where
    `may_rest` (nobody has it by default), and is one of an editor where `may_edit`. `rest_is_open`: everybody may read
    records of the archive over REST, as the default `public_roles` have it. `has_rest` False: the web server hides the
    whole interface (404). `tombstones`: what was in the archive and is not any more has a deleted header (3.4.7); else
    only what is in `deletion` has one (3.4.0), and the rest is not listed. `has_patch`: the CRUD interface takes PATCH,
    as in 3.4.7 and not in earlier ones. `page_size` is that of OAI-PMH lists, which no client can choose."""

    def __init__(self, eprints: Iterable[EPrint]) -> None:
        self.eprints = {each.id: each for each in eprints}
        self.fields = dict(FIELDS)
        self.writes: list[Write] = []
        self.username = "ringmark"
        self.password = "practice"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.may_rest = True
        self.may_edit = True
        self.rest_is_open = True
        self.has_rest = True
        self.tombstones = True
        self.has_patch = True
        self.page_size = 100
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.RLock()

    def now(self) -> datetime:
        """The time by its own clock, to the second, as everything is stamped."""
        return self.clock().replace(microsecond=0)

    def put(self, eprint: EPrint) -> None:
        """Somebody deposits an eprint, or it is as it is now; stamped now."""
        with self.lock:
            self.eprints[eprint.id] = replace(eprint, lastmod=self.now())

    def edit(self, number: int, **fields: Value) -> None:
        """Somebody sets fields by hand; an empty text takes one away. Volatile ones alone move no date."""
        with self.lock:
            self._commit(self.eprints[number], fields)

    def move(self, number: int, status: Status) -> None:
        """Somebody moves an eprint, as to `deletion` when it is retired."""
        with self.lock:
            eprint = self.eprints[number]
            self.eprints[number] = replace(eprint, status=status, lastmod=self.now(), rev_number=eprint.rev_number + 1)

    def destroy(self, number: int) -> None:
        """The row goes, and nothing tells of it: DELETE of the CRUD interface, and the user interface's `destroy`."""
        with self.lock:
            del self.eprints[number]

    def write(self, method: str, number: int, fields: dict[str, Value], *, owner: str = "") -> None:
        """Store what a request brought; who calls holds `lock`. With an `owner` it is theirs from then on, and the date
        moves whatever changed."""
        before = self.eprints[number]
        self._commit(before, fields, echo=bool(owner))
        if owner:
            self.eprints[number] = replace(self.eprints[number], owner=owner)
        self.writes.append(Write(method=method, before=before, after=self.eprints[number]))

    def _commit(self, before: EPrint, fields: dict[str, Value], *, echo: bool = False) -> None:
        """`echo`: a change of any field moves the date."""
        kept = {name: value for name, value in {**before.fields, **fields}.items() if value}
        changed = {name for name in kept.keys() | before.fields.keys() if kept.get(name) != before.fields.get(name)}
        after = replace(before, fields=kept)
        if any(echo or not self.fields.get(name, False) for name in changed):
            after = replace(after, lastmod=self.now(), rev_number=before.rev_number + 1)
        self.eprints[before.id] = after
