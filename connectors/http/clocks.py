"""The time of a run: when it must be over, how it waits, and that somebody may end it sooner."""

from collections.abc import Callable
from threading import Event

from connectors.errors import TryLater

LOOK_SECONDS = 0.2  # how often all that waits looks whether it was stopped

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class RunTime:
    """One run after another, each `seconds` long by `clock`. May be used by several threads."""

    def __init__(
        self, seconds: float, *, clock: Clock, sleep: Sleep | None, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """`stop` is asked now and then whether to end. A `sleep` of somebody else's is not cut short."""
        self.clock, self.sleep = clock, sleep
        self._seconds, self._asked_to_stop = seconds, stop
        self._stop = Event()
        self._deadline = clock() + seconds

    def begin(self) -> None:
        """A run begins: its seconds count from now."""
        self._deadline = self.clock() + self._seconds

    @property
    def left(self) -> float:
        """Seconds until the run must be over; negative afterwards."""
        return self._deadline - self.clock()

    @property
    def stopped(self) -> bool:
        """Whether nothing may be asked any more."""
        return self._stop.is_set() or self._asked_to_stop()

    def is_stopped(self) -> bool:
        """The same, for who asks again and again."""
        return self.stopped

    def stop(self) -> None:
        """End what waits, and refuse all that comes."""
        self._stop.set()

    def check(self, name: str, wait: float = 0.0, *, after: float | None = None) -> None:
        """Raises `TryLater`, with `after`, where the run is stopped, or over at the end of a wait."""
        if self.stopped:
            raise TryLater(f"{name}: stopped; the next run goes on from here", after=after) from None
        if wait > self.left:
            mend = "the next one goes on from here; a longer deadline would let it go further"
            raise TryLater(f"{name}: a run may take {in_words(self._seconds)}; {mend}", after=after) from None

    def wait(self, seconds: float) -> None:
        """Let time pass, less where it is stopped."""
        if self.sleep:
            return self.sleep(seconds)
        while seconds > 0 and not self.stopped:
            self._stop.wait(min(seconds, LOOK_SECONDS))
            seconds -= LOOK_SECONDS


def in_words(seconds: float) -> str:
    """`12 hours`, `90 minutes`, `45 seconds`."""
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size, 1):g} {unit}"
    return f"{round(seconds, 1):g} seconds"
