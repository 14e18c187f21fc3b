"""What a host lets programs read, by its robots.txt (RFC 9309), asked once a day."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from protego import Protego

from connectors.abroad.hosts import Hosts
from connectors.abroad.places import Place
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http.clocks import Clock

AGENT = "ringmark"
PATH = "/robots.txt"
MOST = 500 * 1024  # bytes; as much as RFC 9309 wants to be read
DAY = 86_400.0
LONGEST_DELAY = 60.0  # seconds between two requests that a host can ask for here
REMEMBERED = 10_000  # servers at most,
REMEMBERED_BYTES = 32 * 1024**2  # and so much of them in all
MOST_AGENTS = 2_000
MOST_RULES = 2_000_000  # lines times the agents they are for, as a short text could have millions
NOTHING = "User-agent: *\nDisallow: /"

_AGENT_LINE = re.compile(r"(?im)^[ \t]*user[ -]?agent\b")

Read = Callable[[Place], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a server told, until when it holds."""

    text: str
    until: float

    def delay(self, place: Place) -> float:
        """Seconds between two requests that the server asks for. Raises `NotAllowed` where we may not read.

        Read anew each time: that takes a few milliseconds, and what is read takes ten times the room of the text."""
        rules = Protego.parse(self.text)
        if not rules.can_fetch(place.url, AGENT):
            raise NotAllowed(f"GET {place.shown}: its robots.txt does not let {AGENT} read it")
        return min(rules.crawl_delay(AGENT) or 0.0, LONGEST_DELAY)


class Robots:
    """The rules of the servers that were asked lately. May be used by several threads."""

    def __init__(
        self, hosts: Hosts, clock: Clock, *, most: int = REMEMBERED, most_bytes: int = REMEMBERED_BYTES
    ) -> None:
        self._hosts, self._clock, self._most, self._most_bytes = hosts, clock, most, most_bytes
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str, int], Rules] = OrderedDict()
        self._held = 0

    def rules(self, place: Place, read: Read) -> Rules:
        """The rules of a place's server; `read` brings status and body of its robots.txt where they are not known.

        Raises `TryLater` where that cannot be read now: what nobody can tell is not allowed. Nothing is remembered of
        that, since a host that fails rests anyway."""
        server = (place.scheme, place.host, place.port)
        with self._hosts.host(place.host).asking:
            known = self._known.get(server)
            if known is None or known.until <= self._clock():
                known = Rules(_told(place, read), self._clock() + DAY)
            self._keep(server, known)
        return known

    def _keep(self, server: tuple[str, str, int], rules: Rules) -> None:
        with self._lock:
            before = self._known.pop(server, None)
            self._held += len(rules.text) - (len(before.text) if before else 0)
            self._known[server] = rules
            while len(self._known) > self._most or self._held > self._most_bytes:
                _, oldest = self._known.popitem(last=False)
                self._held -= len(oldest.text)


def _told(place: Place, read: Read) -> str:
    """A server that has no such file (any 4xx) lets everything be read."""
    try:
        status, body = read(place.at(PATH))
    except TryLater as later:
        raise TryLater(f"GET {place.shown}: not before its robots.txt is read: {later}", after=later.after) from None
    if status >= 400:
        return ""
    if status >= 300:
        raise NotUnderstood(f"GET {place.shown}: its robots.txt leads nowhere (status {status})")
    text = body.decode("utf-8-sig", "replace")
    agents = len(_AGENT_LINE.findall(text))
    return NOTHING if agents > MOST_AGENTS or agents * len(text.splitlines()) > MOST_RULES else text
