"""What `serve` counts of itself. No address, identifier or title is ever part of it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Requests by kind of path and class of status (`2` for 200 to 299), and how the cache of badges did."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    hits: int = 0
    misses: int = 0

    def request(self, kind: str, status: int) -> None:
        """One more request was answered."""
        self.requests[kind, status // 100] += 1
