"""One request to a stranger, and those it redirects to: each judged, each in its turn, all within one time."""

from collections.abc import Callable
from dataclasses import dataclass

import requests

from connectors.abroad.hosts import Hosts
from connectors.abroad.places import Place, Places
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http.answer import AGAIN, Answer, Trouble, asked_too_often
from connectors.http.clocks import RunTime
from connectors.http.exchange import Headers, Request, exchange
from connectors.http.rates import patience
from connectors.http.transport import Allowance

SILENCE_SECONDS = 20.0  # without a byte
LEAST_SECONDS = 0.01  # a request has some time, though the last one took all there was
REDIRECTS = 5
CONDITIONS = ("If-None-Match", "If-Modified-Since")

Permit = Callable[[], bool]
Before = Callable[[Place], float]


@dataclass(frozen=True, slots=True)
class Hop:
    """An address that redirected, and by which status: 301 and 308 are meant to last."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Visited:
    """The last answer of a chain; close it."""

    answer: Answer
    place: Place
    hops: tuple[Hop, ...]


class Visits:
    """May be used by several threads."""

    def __init__(self, session: requests.Session, places: Places, hosts: Hosts, run: RunTime) -> None:
        self._session, self._places, self._hosts, self._run = session, places, hosts, run

    def go(
        self, place: Place, *, headers: Headers, most: int, seconds: float, before: Before, permit: Permit | None
    ) -> Visited:
        """Ask a place, and where it redirects to; before each of them `before` says whether it may be asked (or raises)
        and how many seconds after the last request to its host. `seconds` are for all answers together, waits for our
        turn apart. Raises `TryLater`, `NotAllowed`, `NotUnderstood`, and `Recalled` where `permit` says no.

        A redirect from https to plain http is followed: a page that was published plainly is read so too, nothing of
        ours travels that somebody could pick up, and that it moved there was said by the secure one itself."""
        first, hops = place, list[Hop]()
        while True:
            pace = before(place)
            answer, target, spent = self._ask(place, headers, most, max(seconds, LEAST_SECONDS), pace, permit)
            seconds -= spent
            if not target:
                return Visited(answer, place, tuple(hops))
            answer.close()
            hops.append(Hop(place.url, answer.status))
            there = self._next(first, target, hops)
            if there.host != place.host:  # what one host said of its page is no business of another
                headers = {name: value for name, value in headers.items() if name not in CONDITIONS}
            place = there

    def _next(self, first: Place, target: str, hops: list[Hop]) -> Place:
        name = f"GET {first.shown}"
        try:
            place = self._places.place(target)
        except (NotAllowed, NotUnderstood) as why:
            raise type(why)(f"{name}: redirected, and not followed: {why}") from None
        if any(hop.url == place.url for hop in hops):
            raise NotUnderstood(f"{name}: redirected in a ring; it may want a cookie, and gets none")
        if len(hops) > REDIRECTS:
            raise NotUnderstood(f"{name}: redirected more than {REDIRECTS} times")
        return place

    def _ask(
        self, place: Place, headers: Headers, most: int, seconds: float, pace: float, permit: Permit | None
    ) -> tuple[Answer, str, float]:
        """The answer, where it redirects to (empty when it does not), and how long it took."""
        host = self._hosts.host(place.host)
        request = Request(method="GET", address=place.url, headers=headers, called=place.shown, mend="it is left alone")

        def hear(status: int, told: Headers) -> None:
            host.gate.told(status, told, self._run.clock())

        with host.turn(pace, request.name):
            permitted(permit, request.name)
            allowance = Allowance(seconds, SILENCE_SECONDS, most, self._run.is_stopped)
            try:
                answer, target = exchange(self._session, request, allowance, hear)
            except Trouble as trouble:
                self._run.check(request.name)
                host.failed()
                raise TryLater(f"{request.name}: {trouble}", after=trouble.after) from None
        if answer.status in AGAIN or answer.status >= 500 or asked_too_often(answer.status, answer.headers):
            answer.close()
            host.failed()
            raise TryLater(f"{request.name}: status {answer.status}", after=patience(answer.headers))
        host.worked()
        return answer, target, seconds - allowance.left


def permitted(permit: Permit | None, name: str) -> None:
    """Raises `Recalled` where it is no longer so."""
    if permit and not permit():
        raise Recalled(f"{name}: no longer permitted; nothing was sent")
