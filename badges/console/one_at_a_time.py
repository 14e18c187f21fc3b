"""What takes long is worked out by one at a time, and kept for whoever asks the same again."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT = 8


class OneAtATime(Generic[T]):
    """Answers with what was worked out for a key; the key says all that it hangs on."""

    def __init__(self) -> None:
        self._busy = Lock()
        self._kept: dict[Hashable, T] = {}

    def get(self, key: Hashable, work: Callable[[], T]) -> T | None:
        """What `work` gives for the key; None while something is being worked out for somebody else."""
        if key in self._kept:
            return self._kept[key]
        if not self._busy.acquire(blocking=False):
            return None
        try:
            found = work()
            kept = [*self._kept.items(), (key, found)][-KEPT:]
            self._kept = dict(kept)
            return found
        finally:
            self._busy.release()
