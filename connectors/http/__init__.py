"""Every request to the outside goes through one client: patient, polite, suspicious, and silent about credentials.

Requests stay on the configured scheme, host and port, redirects included, since credentials and keys travel with
them; where a redirect may lead elsewhere, it goes there without any. Bodies are spooled to disk when they are large,
and refused above a limit. No message, log line or exception chain holds a query, a header or a credential. What
changes something is asked for once, and only while it may be.
"""

import json
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Literal, Self, TypeVar
from urllib.parse import urlencode

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from config.settings import Connection
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http.answer import AGAIN, MOVED, REFUSED, Answer, Refusal, Trouble, asked_too_often, error
from connectors.http.clocks import Clock, RunTime, Sleep
from connectors.http.exchange import Headers, Request, exchange
from connectors.http.gate import LONGEST_WAIT, Gate, Gates
from connectors.http.lines import Lines, told
from connectors.http.rates import patience
from connectors.http.session import bare, session_of
from connectors.http.transport import Allowance
from connectors.origins import Origin, origin, secured, shown

__all__ = ["Answer", "Client", "Lines", "Refusal", "client"]

log = logging.getLogger(__name__)

T = TypeVar("T")

SILENCE_SECONDS = 300.0  # as the vendor's own Elements client waits for the next byte
ANSWER_SECONDS = 600.0  # for one answer as a whole
LIMIT = 256 * 1024 * 1024  # bytes of one decoded answer; the largest real page known has 2 MB
ATTEMPTS = 6
REDIRECTS = 5
RUN_SECONDS = 12 * 3600.0  # a run that takes longer goes on from its bookmark next time
PACE = 0.5  # seconds between requests where neither settings nor manifest say
LEAST_SECONDS = 0.01  # a request has some time, though the run be over in that instant
AT_ONCE = 2  # one page is fetched ahead while another is asked about

GATES = Gates()


class Client:
    """The requests of one connection. May be used by several threads: they share the pace, not a request.

    Headers given with a request go with that request alone, and with redirects of it within the same place."""

    def __init__(
        self,
        session: requests.Session,
        base: str,
        *,
        pace: float = PACE,
        at_once: int = AT_ONCE,
        redirect_to: Collection[str] = (),
        run_seconds: float = RUN_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        stop: Callable[[], bool] = lambda: False,
        sleep: Sleep | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """`base` may be empty for a connection without an address; then every request is refused. `heard` is the time
        that the source's own clock told last."""
        self.base, self.clock = base.rstrip("/"), clock
        self.heard: datetime | None = None
        self._session, self._bare = session, bare(session)
        self._pace, self._at_once, self._answer_seconds = pace, at_once, answer_seconds
        self._time = RunTime(run_seconds, clock=clock, sleep=sleep, stop=stop)
        self._home = frozenset({origin(self.base), secured(self.base)} - {None})
        self._elsewhere = frozenset(map(origin, redirect_to)) - {None}
        self._gates: dict[Origin | None, Gate] = {}
        self._hear: Callable[[Headers], None] = lambda _: None

    @property
    def agent(self) -> str:
        """Who asks, as every request says."""
        return str(self._session.headers["User-Agent"])

    @property
    def runtime(self) -> RunTime:
        """The time of this run, for what is read by another protocol."""
        return self._time

    def begin(self) -> None:
        """A run begins: its total deadline counts from now."""
        self._time.begin()

    def stop(self) -> None:
        """End what waits and what is under way within a second, and refuse what comes: all of it raises `TryLater`.

        For another thread than those that ask; only a connection that is being opened keeps its own limit."""
        self._time.stop()

    def close(self) -> None:
        """Stop, and close the connections."""
        self.stop()
        for gate in list(self._gates.values()):
            gate.leave(self)
        self._session.close()
        self._bare.close()

    def listen(self, hear: Callable[[Headers], None]) -> None:
        """Let `hear` have the headers of every answer, also of those that never come back (redirects, failures), for
        systems that may hand out a new token with any of them."""
        self._hear = hear

    def rest(self, seconds: float) -> None:
        """Let the place be for so long, where it asks for that in the answer itself and not in its headers."""
        place = origin(self.base)
        if place in self._gates:
            self._gates[place].rest(seconds, self.clock())

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str = "*/*",
        headers: Headers | None = None,
        refusal: Refusal | None = None,
        permit: Callable[[], bool] | None = None,
        busy: Callable[[Headers], bool] | None = None,
        called: str = "",
    ) -> Answer:
        """The answer to a GET; `url` is absolute, or begins with `/` and is below the configured address.

        Raises `TryLater` when attempts or time are used up, `NotAllowed` on 401 and 403, `NotUnderstood` for what can
        never work (another host, certificate, size). Any other 4xx comes back. `refusal` reads the protocol's own error
        out of an answer that would be tried again or refused, and decides over its status; None where it finds none.
        `permit` is for a question that is not everybody's to hear: it is asked each time after the wait for our turn,
        and where it says no, `Recalled` is raised and nothing is sent. `busy` tells by its headers that an answer is
        none, whatever its status, and to be asked for again. `called` is what messages call an address that would
        itself say whom it is about.
        """
        asked = {"Accept": accept, **(headers or {})}
        request = Request(method="GET", address=self._inside(url), params=params, headers=asked, called=called)
        return self._patiently(request, lambda: self._once(request, refusal, permit, busy))

    @contextmanager
    def lines(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str,
        headers: Headers | None = None,
        seconds: float,
        silence: float,
        longest: int,
    ) -> Iterator[Lines]:
        """The answer to a GET that has no end, line by line, as far as it comes in so many seconds, and while it is not
        silent for as long as `silence`; of a line at most `longest` bytes. It has to be read within the block.

        Raises as `get` does until the first line can be read; what ends the lines later is no failure (`Lines.cut`)."""
        asked = {"Accept": accept, **(headers or {})}
        request = Request(method="GET", address=self._inside(url), params=params, headers=asked)
        stack, lines = self._patiently(request, lambda: self._open(request, seconds, silence, longest))
        with stack:
            yield lines

    def elsewhere(self, base: str) -> Self:
        """A client for another place in the same run: nothing of ours goes there but who asks."""
        other = type(self)(
            self._bare,
            base,
            pace=self._pace,
            at_once=self._at_once,
            answer_seconds=self._answer_seconds,
            clock=self.clock,
        )
        other._time = self._time
        return other

    def post(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "*/*",
        headers: Headers | None = None,
        refusal: Refusal | None = None,
        permit: Callable[[], bool] | None = None,
    ) -> Answer:
        """The answer to a form that changes nothing there, such as a login; tried again, refused and permitted as in
        `get`.

        A redirect is not followed: a form may hold a password."""
        asked = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        body = urlencode(form).encode()
        request = Request(method="POST", address=self._inside(url), params=params, body=body, headers=asked)
        return self._patiently(request, lambda: self._once(request, refusal, permit))

    def query(
        self,
        url: str,
        question: Mapping[str, object],
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "*/*",
        headers: Headers | None = None,
        refusal: Refusal | None = None,
        permit: Callable[[], bool] | None = None,
    ) -> Answer:
        """The answer to a POST of JSON that changes nothing there, such as a search; otherwise as `post`, and with
        `permit` as in `get`."""
        asked = {"Accept": accept, "Content-Type": "application/json", **(headers or {})}
        body = json.dumps(question).encode()
        request = Request(method="POST", address=self._inside(url), params=params, body=body, headers=asked)
        return self._patiently(request, lambda: self._once(request, refusal, permit))

    def change(
        self,
        method: Literal["POST", "PUT", "PATCH", "DELETE"],
        url: str,
        *,
        permit: Callable[[], bool],
        body: bytes = b"",
        accept: str = "*/*",
        headers: Headers | None = None,
    ) -> Answer:
        """The answer to a request that changes something: sent once, since only who reads knows whether it was done.

        `permit` is asked after the wait for our turn, and nothing but opening the connection comes between it and the
        sending; where it says no, `Recalled` is raised. What was sent is heard to its end, also where this is stopped.
        Raises `TryLater` on 429, 5xx and every trouble of the connection, `NotUnderstood` for a redirect, which is not
        followed, and as `get` does. Any other 4xx comes back, 401, 403 and 409 too.
        """
        asked = {"Accept": accept, **(headers or {})}
        request = Request(method=method, address=self._inside(url), body=body, headers=asked)
        unknown = "whether it was done, only reading can tell"
        with self._turn(request) as gate:
            if not permit():
                raise Recalled(f"{request.name}: no longer permitted; nothing was sent")
            try:
                answer, target = self._exchange(self._session, request, gate, stopped=lambda: False)
            except Trouble as trouble:
                raise TryLater(f"{request.name}: {trouble}; {unknown}", after=trouble.after) from None
        if answer.status in MOVED:
            answer.close()
            raise _moved(request, target)
        if answer.status in AGAIN - {409} or answer.status >= 500 or asked_too_often(answer.status, answer.headers):
            answer.close()
            raise TryLater(f"{request.name}: status {answer.status}; {unknown}", after=patience(answer.headers))
        return answer

    def _inside(self, url: str) -> str:
        address = f"{self.base}{url}" if url.startswith("/") else url
        if not self.base:
            raise NotUnderstood("this connection has no address; set its url")
        if not origin(address) or origin(address) != origin(self.base):
            raise NotUnderstood(f"refused a request outside {shown(self.base)}; set url to the source's real address")
        return address

    def _patiently(self, request: Request, once: Callable[[], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(Trouble),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            before_sleep=self._look(request.name),
            sleep=self._time.wait,
            reraise=True,
        )
        try:
            return retrying(once)
        except Trouble as again:
            raise TryLater(f"{request.name}: {again}, {ATTEMPTS} times; try again later", after=again.after) from None

    def _look(self, name: str) -> Callable[[RetryCallState], None]:
        """Before a wait: give up at once where waiting cannot help within this run."""

        def look(state: RetryCallState) -> None:
            again = state.outcome.exception() if state.outcome else None
            after = again.after if isinstance(again, Trouble) else None
            wait = state.next_action.sleep if state.next_action else 0.0
            if (after or 0.0) > LONGEST_WAIT:
                raise TryLater(f"{name}: {again}; try again later", after=after) from None
            self._time.check(f"{name}: {again}", wait, after=after)
            facts = {"request": name, "why": str(again), "attempt": state.attempt_number, "wait": round(wait, 1)}
            log.warning("asking again", extra=facts)

        return look

    def _open(self, request: Request, seconds: float, silence: float, longest: int) -> tuple[ExitStack, Lines]:
        with ExitStack() as stack:
            gate = stack.enter_context(self._turn(request))
            seconds = max(min(seconds, self._time.left), LEAST_SECONDS)
            allowance = Allowance(seconds, min(silence, seconds), LIMIT, self._time.is_stopped)
            lines = stack.enter_context(told(self._session, request, allowance, longest, self._hearing(gate)))
            self.heard = lines.date or self.heard
            if lines.target:
                raise _moved(request, lines.target)
            if lines.status in AGAIN or asked_too_often(lines.status, lines.headers):
                raise Trouble(f"status {lines.status}", after=patience(lines.headers))
            if lines.status in REFUSED:
                raise NotAllowed(f"{request.name}: refused with status {lines.status}; check url and who may ask there")
            return stack.pop_all(), lines

    def _once(
        self,
        request: Request,
        refusal: Refusal | None,
        permit: Callable[[], bool] | None = None,
        busy: Callable[[Headers], bool] | None = None,
    ) -> Answer:
        first, session = request, self._session
        for _ in range(REDIRECTS + 1):
            with self._turn(request) as gate:
                if permit and not permit():
                    raise Recalled(f"{request.name}: no longer permitted; nothing was sent")
                answer, target = self._exchange(session, request, gate)
            if answer.status in REFUSED and session is self._bare:
                answer.close()
                where = f"redirected to {shown(request.address)}, where credentials do not go"
                raise NotAllowed(f"{first.name}: {where}, and refused with status {answer.status}; set url to that")
            if answer.status in AGAIN | REFUSED:
                with answer:
                    raise error(first.name, answer, refusal)
            if busy and busy(answer.headers):
                answer.close()
                raise Trouble("the source is busy", after=patience(answer.headers))
            if not target:
                return answer
            answer.close()
            if first.method != "GET" or origin(target) not in self._home | self._elsewhere:
                raise _moved(first, target)
            request = replace(request, address=target, params=None)
            if origin(target) not in self._home:  # and nothing travels along when it leads back
                session, request = self._bare, replace(request, headers={"Accept": request.headers["Accept"]})
        raise NotUnderstood(f"{first.name}: redirected more than {REDIRECTS} times; set url to the final address")

    @contextmanager
    def _turn(self, request: Request) -> Iterator[Gate]:
        place = origin(request.address)
        if place not in self._gates:
            self._gates[place] = GATES.join(place, self, self._pace, self._at_once, time=self._time)
        gate = self._gates[place]
        with gate.turn(self._time, request.name):
            yield gate

    def _exchange(
        self, session: requests.Session, request: Request, gate: Gate, stopped: Callable[[], bool] | None = None
    ) -> tuple[Answer, str]:
        hear = self._hearing(gate, ours=session is self._session)
        seconds = max(min(self._answer_seconds, self._time.left), LEAST_SECONDS)
        allowance = Allowance(seconds, SILENCE_SECONDS, LIMIT, stopped or self._time.is_stopped)
        answer, target = exchange(session, request, allowance, hear)
        self.heard = answer.date or self.heard
        return answer, target

    def _hearing(self, gate: Gate, *, ours: bool = True) -> Callable[[int, Headers], None]:
        """What is done with status and headers of an answer before its body is there; `ours`: it came from home."""

        def hear(status: int, headers: Headers) -> None:
            gate.told(status, headers, self.clock())
            if ours:
                self._hear(headers)

        return hear


def client(
    settings: Connection,
    *,
    agent: str = "",
    basic: bool = True,
    token: str = "",
    pace: float = PACE,
    at_once: int = AT_ONCE,
    answer_seconds: float = ANSWER_SECONDS,
    stop: Callable[[], bool] = lambda: False,
    sleep: Sleep | None = None,
    clock: Clock = time.monotonic,
) -> Client:
    """The client of one connection. `agent` is `Ringmark/<version> (+base_url)`; `pace` and `at_once` are for silent
    settings; `basic` sends user name and password with every request, and is false for a kind with a login of its own;
    `token` is the header that carries the token of the settings.
    `stop` is asked a few times a second whether to end, as `Client.stop` does.

    Raises `NotAllowed` for an address that would expose credentials: one with a user in it, or plain http elsewhere."""
    return Client(
        session_of(settings, agent=agent, basic=basic, token=token),
        settings.url or "",
        pace=pace if settings.pace is None else settings.pace,
        at_once=settings.at_once or at_once,
        redirect_to=settings.redirect_to,
        run_seconds=settings.deadline.total_seconds(),
        answer_seconds=answer_seconds,
        stop=stop,
        sleep=sleep,
        clock=clock,
    )


_backoff = wait_random_exponential(multiplier=1, max=60)


def _wait(state: RetryCallState) -> float:
    again = state.outcome.exception() if state.outcome else None
    after = again.after if isinstance(again, Trouble) else None
    return max(_backoff(state), after or 0.0)


def _moved(request: Request, target: str) -> NotUnderstood:
    mend = "which is not followed; if that is the source, set url to it"
    return NotUnderstood(f"{request.name}: redirected to {shown(target)}, {mend}")
