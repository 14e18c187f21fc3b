"""One request for somebody who waits for its answer: briefly, without another attempt, a redirect or a queue."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from config.values import is_loopback
from connectors.errors import NotUnderstood, TryLater
from connectors.http.answer import Trouble
from connectors.http.exchange import Request, exchange
from connectors.http.session import brief
from connectors.http.transport import Allowance
from connectors.origins import shown

SECONDS = 5.0  # somebody looks at a blank page meanwhile
LIMIT = 1024 * 1024  # bytes; the largest list of keys known has 40 KB


class Brief(NamedTuple):
    """What was answered."""

    status: int
    body: bytes


def ask(
    method: str, address: str, *, headers: Mapping[str, str], body: bytes | None = None, ca_file: Path | None = None
) -> Brief:
    """The answer, within seconds. Raises `TryLater` for none, `NotUnderstood` for what can never work; no message holds
    more of the address than scheme, host and port."""
    request = Request(method=method, address=address, headers=headers, body=body)
    allowance = Allowance(SECONDS, SECONDS, LIMIT, lambda: False)
    agent = f"Ringmark/{version('ringmark')}"
    with brief(agent=agent, ca_file=ca_file, own=is_loopback(address)) as session:
        try:
            answer, target = exchange(session, request, allowance, lambda *_: None)
        except Trouble as trouble:
            raise TryLater(f"{shown(address)}: {trouble}") from None
    with answer:
        if target:
            raise NotUnderstood(f"{shown(address)}: redirected to {shown(target)}, which is not followed")
        if answer.status >= 500 or answer.status == 429:
            raise TryLater(f"{shown(address)}: status {answer.status}")
        return Brief(answer.status, answer.body.read())
