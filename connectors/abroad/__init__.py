"""Pages and feeds of hosts that nobody configured and nobody trusts, read politely and safely.

There is one way to them. It asks public addresses only, and judges each where it connects; obeys robots.txt, keeps a
pace for each host and lets be what asks for it or fails; sends nothing that could be a secret, and keeps no cookie; and
ends whatever is too large, too slow or without an end. What the words of a page mean is for others.
"""

import math
import time
from collections.abc import Callable, Collection
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

from config.abroad import is_network
from config.mail import is_mailbox
from config.settings import Settings
from config.values import is_loopback
from connectors.abroad.canonical import Canonical, canonical
from connectors.abroad.door import Door
from connectors.abroad.fetched import KEPT, Fetched
from connectors.abroad.hosts import Hosts
from connectors.abroad.places import Place, Places
from connectors.abroad.robots import MOST as MOST_ROBOTS
from connectors.abroad.robots import Robots
from connectors.abroad.texts import Text, text_of
from connectors.abroad.visits import Before, Hop, Permit, Visits, permitted
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http.answer import REFUSED
from connectors.http.clocks import Clock, RunTime, Sleep
from connectors.http.session import wandering

__all__ = ["Abroad", "Canonical", "Fetched", "Hop", "Text", "abroad", "canonical", "text_of"]

SECONDS = 60.0  # for one page with all its redirects
ROBOTS_SECONDS = 20.0
PACE = 1.0  # seconds between two requests to one host, where it does not ask for more
PORTS = (80, 443)


class Abroad:
    """The client for all of them: one for a process, since what it knows of hosts counts for whoever asks there.

    May be used by several threads. To one host there is never more than one request under way."""

    def __init__(
        self,
        agent: str,
        *,
        ports: Collection[int] = PORTS,
        never: Collection[str] = (),
        proxy: str = "",
        ca_file: Path | None = None,
        at_home: Collection[tuple[str, int]] = (),
        pace: float = PACE,
        seconds: float = SECONDS,
        stop: Callable[[], bool] = lambda: False,
        sleep: Sleep | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """`agent` says who asks, and where they can be reached. `never` has names of hosts, and networks. `at_home` has
        addresses with their ports, such as `("127.0.0.1", 8091)`, that may be asked though they are not public: for
        tests and the demo, which bring servers of their own. `stop` is asked a few times a second whether to end."""
        names = [each for each in never if not is_network(each)]
        networks = [ip_network(each) for each in never if is_network(each)]
        self._places = Places(ports=ports, at_home=at_home, never=names)
        self._run = RunTime(math.inf, clock=clock, sleep=sleep, stop=stop)
        door = Door(ports=ports, at_home=at_home, never=networks)
        self._session = wandering(agent=agent, ca_file=ca_file, proxy=proxy, opens=door.open)
        hosts = Hosts(self._run)
        self._robots = Robots(hosts, clock)
        self._visits = Visits(self._session, self._places, hosts, self._run)
        self._pace, self._seconds = pace, seconds

    def fetch(
        self,
        url: str,
        *,
        accept: str,
        most_bytes: int,
        etag: str = "",
        modified: str = "",
        permit: Permit | None = None,
    ) -> Fetched:
        """What stands at an address now, or that it is what it was (`etag`, `modified`: as `Fetched` told them).

        `most_bytes` counts the body as it is unpacked. `permit` is asked right before each request, also to robots.txt.
        Raises `TryLater` where the host is slow, failing, busy, or its robots.txt is; `NotAllowed` where we may not ask
        (its network, robots.txt, 401, 403) and `NotUnderstood` for what will not do as it is (size, redirects,
        certificate, encoding): both are final until somebody changes something; `Recalled` where `permit` says no.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {"Accept": accept, **{name: value for name, value in conditions.items() if value}}
        place = self._places.place(url)
        name = f"GET {place.shown}"
        visited = self._visits.go(
            place, headers=asked, most=most_bytes, seconds=self._seconds, before=self._before(permit), permit=permit
        )
        with visited.answer as answer:
            if answer.status in REFUSED:
                raise NotAllowed(f"{name}: refused with status {answer.status}; it is not for everybody")
            if 300 <= answer.status < 400 and not (answer.status == 304 and (etag or modified)):
                raise NotUnderstood(f"{name}: status {answer.status}, which leads nowhere")
            headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            body = answer.body.read()
        return Fetched(status=answer.status, url=visited.place.url, hops=visited.hops, headers=headers, body=body)

    def stop(self) -> None:
        """End what waits and what is being read within a second, and refuse what comes: all of it raises `TryLater`. A
        connection that is being made takes its time, half a minute at most."""
        self._run.stop()

    def close(self) -> None:
        """Stop, and close the connections."""
        self.stop()
        self._session.close()

    def _before(self, permit: Permit | None) -> Before:
        def read(robots: Place) -> tuple[int, bytes]:
            visited = self._visits.go(
                robots,
                headers={"Accept": "text/plain, */*;q=0.1"},
                most=MOST_ROBOTS,
                seconds=ROBOTS_SECONDS,
                before=lambda _: self._pace,
                permit=permit,
            )
            with visited.answer as answer:
                return answer.status, answer.body.read()

        def before(place: Place) -> float:
            permitted(permit, f"GET {place.shown}")
            return max(self._pace, self._robots.rules(place, read).delay(place))

        return before


def abroad(
    settings: Settings,
    *,
    at_home: Collection[tuple[str, int]] = (),
    stop: Callable[[], bool] = lambda: False,
    sleep: Sleep | None = None,
) -> Abroad:
    """The client by the settings of this house. Raises `NotAllowed` where strangers could not tell whom to write to."""
    told = settings.abroad
    return Abroad(
        _agent(settings),
        ports=told.ports,
        never=told.never,
        proxy=told.proxy or "",
        ca_file=told.ca_file,
        at_home=(*told.places, *at_home),
        stop=stop,
        sleep=sleep,
    )


def _agent(settings: Settings) -> str:
    """Who asks, and where to write to: hosts that are troubled by us block whoever does not say it."""
    base, contact = settings.institution.base_url, settings.institution.contact or ""
    if not contact:
        raise NotAllowed("set institution.contact: hosts that are read must be able to write to somebody")
    home = "" if is_loopback(base) else f"+{base}; "
    return f"Ringmark/{version('ringmark')} ({home}{'mailto:' if is_mailbox(contact) else ''}{contact})"
