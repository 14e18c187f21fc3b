"""What a server goes on telling, line by line: a stream that has no end, of which as much is read as somebody wants."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import requests
from urllib3 import exceptions as wire

from connectors.http.answer import Trouble
from connectors.http.body import pieces
from connectors.http.exchange import Hear, Request, begun, location, why
from connectors.http.rates import http_date
from connectors.http.transport import Allowance
from connectors.origins import target_of


class Lines:
    """The lines of one answer as they come, without their ends (LF or CRLF); of a longer one only its first `longest`
    bytes. What follows the last line end is no line.

    A stream is cut sooner or later, by the server, by the network, or because its time is over: then the lines end, and
    `cut` says why. Who reads goes on from the last thing that was whole, by another request."""

    def __init__(self, request: Request, response: requests.Response, allowance: Allowance, longest: int) -> None:
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.date: datetime | None = http_date(response.headers.get("Date"))
        self.target = target_of(request.address, location(response)) if location(response) else ""
        self.cut = ""
        self._request, self._response, self._allowance, self._longest = request, response, allowance, longest

    def __iter__(self) -> Iterator[bytes]:
        line = bytearray()
        try:
            for piece in pieces(self._request.name, self._response):
                rest, *following = piece.split(b"\n")
                line += rest[: self._longest - len(line)]
                for each in following:
                    yield bytes(line).removesuffix(b"\r")
                    line = bytearray(each[: self._longest])
        except Trouble as trouble:
            self.cut = str(trouble)
        except (requests.RequestException, wire.HTTPError, ValueError, OSError) as broken:
            self.cut = self._why(broken)

    def _why(self, broken: Exception) -> str:
        if self._allowance.exceeded or self._allowance.left <= 0:
            return "enough was read at once"
        trouble = why(self._request, broken, self._allowance)
        if not isinstance(trouble, Trouble):
            raise trouble from None
        return str(trouble)


@contextmanager
def told(
    session: requests.Session, request: Request, allowance: Allowance, longest: int, hear: Hear
) -> Iterator[Lines]:
    """An answer whose lines are read within the block, in the thread that opened it. Raises as `exchange` does."""
    with allowance.given():
        try:
            response = begun(session, request, allowance)
        except (requests.RequestException, wire.HTTPError, ValueError) as broken:
            raise why(request, broken, allowance) from None
        with response:
            hear(response.status_code, response.headers)
            yield Lines(request, response, allowance, longest)
