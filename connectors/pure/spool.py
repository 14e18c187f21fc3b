"""What has come of a listing, on disk."""

from collections.abc import Iterable, Iterator

from connectors.scratch import Scratch


class Spool(Scratch):
    """Keys by the name of a listing. Raises `TryLater` when the disk is full."""

    def __init__(self) -> None:
        super().__init__("ids", "CREATE TABLE came (listing TEXT, key TEXT, PRIMARY KEY (listing, key)) WITHOUT ROWID")

    def add(self, listing: str, keys: Iterable[str]) -> list[str]:
        """Those of the keys that had not come before."""
        return [key for key in keys if self.change("INSERT OR IGNORE INTO came VALUES (?, ?)", [(listing, key)])]

    def drop(self, listing: str) -> None:
        """Forget what has come of a listing."""
        self.change("DELETE FROM came WHERE listing = ?", [(listing,)])

    def count(self, listing: str) -> int:
        """How many have come."""
        return int(self.ask("SELECT count(*) FROM came WHERE listing = ?", listing).fetchone()[0])

    def has(self, listing: str, key: str) -> bool:
        """Whether a key has come."""
        found = "SELECT 1 FROM came WHERE listing = ? AND key = ?"
        return self.ask(found, listing, key).fetchone() is not None

    def keys(self, listing: str) -> Iterator[str]:
        """All of them, in order."""
        for (key,) in self.ask("SELECT key FROM came WHERE listing = ? ORDER BY key", listing):
            yield key
