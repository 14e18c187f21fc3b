"""How many calls a programming interface takes in an hour and in a day: one count for everybody, in this process.

Nobody is counted by themselves, since that would mean to keep their addresses.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from badges.answers import Header

Window = Literal["hourly", "daily"]
WINDOWS: Mapping[Window, int] = {"hourly": 3600, "daily": 86_400}  # seconds; each begins with an hour or a day in UTC
NO_LIMIT: Mapping[Window, int] = {}


class Allowance:
    """`limits` by window, 0 or nothing for none; `clock` gives microseconds since 1970."""

    def __init__(self, limits: Mapping[Window, int], *, clock: Callable[[], int]) -> None:
        self._limits = {window: most for window, most in limits.items() if most}
        self._clock = clock
        self._taken: dict[Window, tuple[int, int]] = {}  # by window: which one it is, and the calls in it

    def take(self) -> int:
        """Count one call: 0 where it may be answered, else the seconds until one may be again."""
        seconds = self._clock() // 1_000_000
        counted = {window: self._counted(window, seconds) for window in self._limits}
        full = [window for window, (_, calls) in counted.items() if calls >= self._limits[window]]
        self._taken = {window: (which, calls + (not full)) for window, (which, calls) in counted.items()}
        return max((WINDOWS[window] - seconds % WINDOWS[window] for window in full), default=0)

    def headers(self) -> tuple[Header, ...]:
        """What is left, as the reference calls it."""
        return tuple(
            (f"x-{window}ratelimit-{name}".encode(), b"%d" % value)
            for window, (_, calls) in self._taken.items()
            for name, value in (("limit", self._limits[window]), ("remaining", self._limits[window] - calls))
        )

    def _counted(self, window: Window, seconds: int) -> tuple[int, int]:
        which, calls = self._taken.get(window, (-1, 0))
        this = seconds // WINDOWS[window]
        return this, calls if this == which else 0
