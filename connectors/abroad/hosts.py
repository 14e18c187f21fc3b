"""How each host is treated: one request after another, at its pace, none while it rests; one that fails is let be."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from connectors.errors import TryLater
from connectors.http.clocks import RunTime, in_words
from connectors.http.gate import Gate

LONGEST_WAIT = 60.0  # seconds; who asks to be left alone for longer is asked later, and others meanwhile
FAILURES = 5  # in a row, after which a host rests
REST = 900.0  # seconds, twice as long after each failure that follows
LONGEST_REST = 86_400.0
MOST_DOUBLINGS = 10  # beyond the longest rest; a host may be gone for years
REMEMBERED = 10_000  # hosts, the latest ones; about 2 KB each


class Host:
    """One host. `asking` is held by whoever reads its robots.txt, so that nobody else does too."""

    def __init__(self, name: str, time: RunTime) -> None:
        self.asking = Lock()
        self.gate = Gate(LONGEST_WAIT)
        self._name, self._time = name, time
        self._failures, self._rests_until = 0, 0.0

    @contextmanager
    def turn(self, pace: float, name: str) -> Iterator[None]:
        """Wait for our turn, at least `pace` seconds after the last one. Raises `TryLater` where the host rests."""
        self._check()
        self.gate.join(self, pace, 1)
        with self.gate.turn(self._time, name):
            self._check()  # it may have failed others who were before us
            yield

    def failed(self) -> None:
        """It did not answer, or not properly."""
        self._failures += 1
        if self._failures >= FAILURES:
            rest = min(REST * 2.0 ** min(self._failures - FAILURES, MOST_DOUBLINGS), LONGEST_REST)
            self._rests_until = self._time.clock() + rest

    def worked(self) -> None:
        """It answered, whatever it said."""
        self._failures, self._rests_until = 0, 0.0

    def _check(self) -> None:
        rest = self._rests_until - self._time.clock()
        if rest > 0:
            what = f"failed {self._failures} times in a row, and is left alone for {in_words(round(rest))}"
            raise TryLater(f"{self._name}: {what}", after=rest)


class Hosts:
    """The hosts that were asked lately; of who has not been asked for long, nothing is remembered."""

    def __init__(self, time: RunTime, *, most: int = REMEMBERED) -> None:
        self._time, self._most = time, most
        self._lock = Lock()
        self._hosts: OrderedDict[str, Host] = OrderedDict()

    def host(self, name: str) -> Host:
        """What is known of a host."""
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = Host(name, self._time)
            self._hosts.move_to_end(name)
            if len(self._hosts) > self._most:
                self._hosts.popitem(last=False)
            return self._hosts[name]
