"""A pull of a practice DSpace by its OAI-PMH interface: what it told, and what it asked for."""

from datetime import timedelta
from typing import Any

from dspace_source import NOW, end, pulled

from connectors.records import Page
from sandbox.dspace import PracticeDSpace

LONG_AFTER = NOW + timedelta(days=99)
OAI = "/oai/request"
NOBODY = {"username": None, "password": None, "push": None}


def told(server: PracticeDSpace, cursor: str | None = None, **more: Any) -> list[Page]:
    return pulled(server, cursor, now=LONG_AFTER, **more)


def asked(server: PracticeDSpace, of: str) -> list[str]:
    return [one.query for one in server.requests if of in one.path]


def whole(pages: list[Page]) -> bool:
    return "item" in end(pages).listed
