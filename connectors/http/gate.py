"""One gate for each place that is asked, shared by all connections of this process that ask there.

Whoever came first goes first. Between two requests lies the longest pace that any of them has, or what the place
itself asks for; and there are never more under way than the most careful of them allows.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from weakref import WeakKeyDictionary

from connectors.errors import TryLater
from connectors.http.answer import asked_too_often
from connectors.http.clocks import LOOK_SECONDS, Clock, RunTime, Sleep, in_words
from connectors.http.rates import Headers, patience, rates
from connectors.origins import Origin

LONGEST_WAIT = 300.0  # seconds; a source that asks for more is left alone until the next run
CALM = 300.0  # seconds after which a complaint is forgotten, and a place where nobody asks any more

LONG_AGO = float("-inf")


class Gate:
    """The turns at one place, by one clock. May be used by several threads."""

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._changed = Condition()
        self._visitors: WeakKeyDictionary[object, tuple[float, int]] = WeakKeyDictionary()
        self._queue = deque[object]()
        self._running = 0
        self._last = self._closed_until = self._spaced_until = self._halved_until = LONG_AGO
        self._spacing = 0.0
        self._told_at_once = 0
        self._halvings = 0

    def join(self, visitor: object, pace: float, at_once: int) -> None:
        """From now on the visitor's pace (seconds between requests) and number at once count, while it lives."""
        with self._changed:
            self._visitors[visitor] = (pace, at_once)

    def leave(self, visitor: object) -> None:
        """They count no more."""
        with self._changed:
            self._visitors.pop(visitor, None)
            self._changed.notify_all()

    @contextmanager
    def turn(self, time: RunTime, name: str) -> Iterator[None]:
        """Wait for our turn, and have it. Raises `TryLater` where that is further away than a run should wait."""
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
        try:
            self._come_first(ticket, time, name)
            now = self._wait(time, name)
            with self._changed:
                self._last = now
                self._running += 1
        finally:
            with self._changed:
                self._queue.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def told(self, status: int, headers: Headers, now: float) -> None:
        """What an answer that came now says of how often the place may be asked."""
        told, too_often = rates(headers), asked_too_often(status, headers)
        rest = patience(headers) or 0.0 if too_often or status == 503 else told.rest
        with self._changed:
            if rest:
                self._closed_until = max(self._closed_until, now + rest)
            if told.spacing:
                self._spacing, self._spaced_until = told.spacing, now + told.lasts
            self._told_at_once = told.at_once or self._told_at_once
            if too_often:
                self._halvings = self._halvings + 1 if now < self._halved_until else 1
                self._halved_until = now + CALM

    def rest(self, seconds: float, now: float) -> None:
        """The place wants to be left alone for so long."""
        with self._changed:
            self._closed_until = max(self._closed_until, now + seconds)

    def idle(self, now: float) -> bool:
        """Whether nobody would miss it: all have left, long enough ago."""
        with self._changed:
            return not self._visitors and max(self._closed_until, self._last + CALM) <= now

    def _come_first(self, ticket: object, time: RunTime, name: str) -> None:
        with self._changed:
            while self._queue[0] is not ticket or self._running >= self._most(time.clock()):
                time.check(name)
                self._changed.wait(LOOK_SECONDS)

    def _wait(self, time: RunTime, name: str) -> float:
        """Until the time has come; the moment at which it has. Only the first of the queue is here."""
        now = time.clock()
        while (wait := self._due(now) - now) > 0:
            rest = self._told_due(now) - now
            if rest > self._longest_wait:
                what = f"the source asked to be left alone for {in_words(round(rest))}"
                raise TryLater(f"{name}: {what}; try again later", after=rest)
            time.check(name, wait)
            time.wait(wait)
            now = max(time.clock(), now + wait)
        time.check(name)
        return now

    def _due(self, now: float) -> float:
        with self._changed:
            pace = max((pace for pace, _ in self._visitors.values()), default=0.0)
            return max(self._last + pace, self._told_due(now))

    def _told_due(self, now: float) -> float:
        """When the place itself wants to be asked again."""
        spacing = self._spacing if now < self._spaced_until else 0.0
        return max(self._last + spacing, self._closed_until)

    def _most(self, now: float) -> int:
        least = min((at_once for _, at_once in self._visitors.values()), default=1)
        least = min(least, self._told_at_once or least)
        return max(1, least >> self._halvings) if now < self._halved_until else least


class Gates:
    """The gates of those who share a clock and a way to sleep, since other times cannot be compared with theirs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._gates: dict[tuple[Origin | None, Clock, Sleep | None], Gate] = {}

    def join(self, origin: Origin | None, visitor: object, pace: float, at_once: int, *, time: RunTime) -> Gate:
        """The gate of a place, with one visitor more. It is remembered for a while after all have left."""
        with self._lock:
            for key in [key for key, gate in self._gates.items() if gate.idle(key[1]())]:
                del self._gates[key]
            gate = self._gates.setdefault((origin, time.clock, time.sleep), Gate())
            gate.join(visitor, pace, at_once)
            return gate
