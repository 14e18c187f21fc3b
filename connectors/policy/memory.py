"""What was looked at of a source, document by document: remembered by hashes, so that what has not changed is not read
again. Nothing of it says what a document is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from connectors.policy.listing import Row
from connectors.policy.sitemap import Entry

MOST_LINES = 2000  # of one note, which may have 100,000 characters
SHORT, SHORTER = 12, 8  # hexadecimal digits of an address, and of what the sitemap says of its change


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a document. `mark` changes with what the sitemap says, and is empty where it says nothing; `day` is
    when it was read, `dated` the earliest day that was told for it, both as ordinals, 0 for none."""

    mark: str
    day: int
    dated: int


class Memory:
    """Of one row of the list; read as it is needed."""

    def __init__(self, row: Row, noted: Callable[[str], str]) -> None:
        self._row, self._noted = row, noted
        self._shards: dict[str, dict[str, Look]] = {}
        self._changed: set[str] = set()

    def find(self, address: str) -> Look | None:
        """The last look at a document."""
        name = _hash(address)
        return self._shard(name[0]).get(name)

    def keep(self, address: str, look: Look) -> None:
        """A document was looked at."""
        name = _hash(address)
        self._shard(name[0])[name] = look
        self._changed.add(name[0])

    def changed(self) -> Mapping[str, str]:
        """The notes that are different since this was asked last."""
        notes = {self._name(shard): _written(self._shards[shard]) for shard in sorted(self._changed)}
        self._changed.clear()
        return notes

    @property
    def listed_at(self) -> datetime | None:
        """When everything that the sitemap listed had been looked at; None for never."""
        try:
            return datetime.fromisoformat(self._noted(self._name("at"))).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def listed(self, now: datetime) -> Mapping[str, str]:
        """The note that it was now."""
        return {self._name("at"): now.isoformat()}

    def _name(self, part: str) -> str:
        return f"{self._row.name} {part}"

    def _shard(self, shard: str) -> dict[str, Look]:
        if shard not in self._shards:
            self._shards[shard] = _read(self._noted(self._name(shard)))
        return self._shards[shard]


def mark(entry: Entry) -> str:
    """What the sitemap says of the last change."""
    return sha256(entry.modified.isoformat().encode()).hexdigest()[:SHORTER] if entry.modified else ""


def day(moment: date | None) -> int:
    """As an ordinal; 0 for none."""
    return moment.toordinal() if moment else 0


def _hash(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:SHORT]


def _written(looks: Mapping[str, Look]) -> str:
    """The latest looks, as many as a note has room for."""
    latest = sorted(looks.items(), key=lambda each: each[1].day, reverse=True)[:MOST_LINES]
    return "\n".join(f"{name} {look.mark or '-'} {look.day} {look.dated}" for name, look in latest)


def _read(note: str) -> dict[str, Look]:
    looks = {}
    for line in note.splitlines():
        name, told, read_on, dated = line.split(" ")
        looks[name] = Look(told.removeprefix("-"), int(read_on), int(dated))
    return looks
