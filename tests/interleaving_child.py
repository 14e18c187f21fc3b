"""A command in a process of its own that tells of every point at which others could come between, and waits there.

The points, in their order around one writing transaction and one write to the outside:
`begin` (it is about to ask for the store's one writing lock), `commit` (it has the lock, and is about to commit),
`committed`; `send` (a request that changes something there is about to leave), `sent` (its answer, or the trouble that
came instead, is here, and nobody has looked at it yet).

All of it is put around the libraries, from here; the command itself is the one that an administrator types.
"""

import gc
import io
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from connectors import http
from sync import cli, steps, store
from sync.push.run import _Push
from sync.store import publish

CHANGING = {"PATCH", "PUT", "DELETE"}  # a POST is a login here


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a command runs: its clock is ahead by `later` microseconds, its time zone is `zone`; no file may
    grow above `room` bytes, or SQLite finds no room for more than `pages`, as on a full disk; and before the SQL
    statement of the number `dies`, counted from 1, it kills itself as kill -9 does. `environment` is beside its own."""

    later: int = 0
    zone: str = ""
    room: int | None = None
    pages: int = 0
    dies: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


PLAIN = Terms()


def run(
    line: Connection, words: Sequence[str], stops: Collection[int], without: Sequence[str], terms: Terms = PLAIN
) -> None:
    """One command. Tells `("at", point, whether it waits)`, `("out" or "err", text)` and at last `("ended", code, how
    many SQL statements it made)`.

    At the points of these numbers, counted from 0, it goes on when it is told anything. `without` names parts of
    Ringmark that are taken out of this process, to show that they are needed."""
    gc.freeze()  # all that was there before: to look at it would copy it
    sys.argv = ["ringmark", *words]
    sys.stdout, sys.stderr = _Told(line, "out"), _Told(line, "err")
    steps.client = partial(http.client, sleep=lambda _: None)  # type: ignore[attr-defined]  # waits take no time
    _come_to(terms)
    for name in without:
        TAKEN_OUT[name]()
    passed = 0

    def reach(point: str) -> None:
        nonlocal passed
        waits, passed = passed in stops, passed + 1
        line.send(("at", point, waits))
        if waits:
            line.recv()

    made = _count_statements(terms.dies)
    _watch_store(reach)
    _watch_requests(reach)
    code = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except Exception:  # as a process of its own would end
        code = 1
        sys.stderr.write(traceback.format_exc())
    line.send(("ended", code, made()))


def _come_to(terms: Terms) -> None:
    os.environ.update(terms.environment)
    if terms.later:
        store.now = lambda: time.time_ns() // 1000 + terms.later
    if terms.zone:
        os.environ["TZ"] = terms.zone
        time.tzset()
    if terms.room is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (terms.room, terms.room))
    if terms.pages:
        event.listen(Pool, "connect", lambda db, _: db.execute(f"PRAGMA max_page_count = {terms.pages}").close())


def _count_statements(dies: int) -> Callable[[], int]:
    """What tells how many there were; the process does not live to make the one of the number `dies`."""
    made = 0

    def count(*_: Any) -> None:
        nonlocal made
        made += 1
        if made == dies:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    return lambda: made


def _watch_store(reach: Callable[[str], None]) -> None:
    committing = False

    def begin(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement == "BEGIN IMMEDIATE" or "pg_advisory_xact_lock" in statement:
            reach("begin")

    def commit(_db: Any) -> None:
        nonlocal committing
        committing = True
        reach("commit")

    def returned(*_: Any) -> None:
        nonlocal committing
        if committing:
            committing = False
            reach("committed")

    event.listen(Engine, "before_cursor_execute", begin)
    event.listen(Engine, "commit", commit)
    event.listen(Pool, "checkin", returned)


def _watch_requests(reach: Callable[[str], None]) -> None:
    send = HTTPAdapter.send

    def watched(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        if request.method not in CHANGING:
            return send(self, request, *args, **more)
        reach("send")
        try:
            return send(self, request, *args, **more)
        finally:
            reach("sent")

    HTTPAdapter.send = watched  # type: ignore[method-assign]


class _Told(io.TextIOBase):
    """What is written is told at once."""

    def __init__(self, line: Connection, name: str) -> None:
        self.line, self.name = line, name

    def write(self, text: str) -> int:
        self.line.send((self.name, text))
        return len(text)


def _no_last_question() -> None:
    """What was intended is sent, whatever was forbidden since, and that push takes nothing back."""
    store.permitted = lambda *_, **__: True
    _Push.withdraw_due = lambda self: None  # type: ignore[method-assign]  # noqa: ARG005


def _no_intention() -> None:
    """Nothing is written down before a request leaves."""
    store.intend = lambda *_, **__: True


def _no_permission() -> None:
    """Badges are written for every output that was scored."""
    every = "SELECT s.*, o.id AS output_id, o.closes_at FROM output o JOIN sees s ON s.visibility = 2"
    badge, *parts = publish.PARTS
    every_badge = replace(badge, rows=badge.rows.replace("CROSS JOIN shown_output s", f"JOIN ({every}) s"))
    publish.PARTS = (every_badge, *parts)  # type: ignore[assignment]


TAKEN_OUT: Mapping[str, Callable[[], None]] = {
    "the last question": _no_last_question,
    "the intention": _no_intention,
    "permission": _no_permission,
}
