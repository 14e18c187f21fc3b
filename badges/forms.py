"""What readers send: small forms, from our own pages."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

from badges.wanted import number

MOST = 16_384  # bytes of a form
FIELDS = 1_000
KIND = "application/x-www-form-urlencoded"


class Form(NamedTuple):
    """The fields of a form, each with what was sent for it."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """What was sent for a field, without blanks around it; empty where nothing was."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def number(self, name: str) -> int:
        """A public id that was sent; 0 where that is none."""
        return number(self.one(name))


class TooMuch(Exception):  # noqa: N818 - it says what is so
    """What was sent is larger than any form of ours."""


async def form(request: Request) -> Form:
    """The form of a request; an empty one where it is none that we can read. Raises `TooMuch`."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST:
                raise TooMuch
    except ClientDisconnect:
        return Form({})
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        return Form({})
    return asked_of(bytes(body))


def asked_of(encoded: bytes) -> Form:
    """The fields of a query, or of the body of a form; none where they are none that we can read."""
    found: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"):
            found.setdefault(name, []).append(value.replace("\x00", ""))  # which no database keeps
    except ValueError:
        return Form({})
    return Form(found)


def from_here(request: Request, address: str) -> bool:
    """Whether a form was sent from a page of ours, by what a browser says of that (Fetch Metadata, else Origin).

    Our pages send no referrer, so that browsers which do not tell the site tell no origin either."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    ours = urlsplit(address)
    return origin in ("null", f"{ours.scheme}://{ours.netloc}")
