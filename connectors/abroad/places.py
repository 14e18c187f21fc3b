"""What may be asked at all, as far as an address says it: scheme, port, and a name that anybody could look up."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import requests

from connectors.errors import NotAllowed, NotUnderstood
from connectors.urls import LONGEST

PORTS = {"http": 80, "https": 443}
OWN = frozenset({"localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion"})
"""Last parts of names that mean something else in every house (RFC 6761, 6762, 7686; ICANN's reserved ones)."""

LONGEST_SHOWN = 200
ROUNDS = 4  # until an address stays as it is: behind the escape of a dot may be one that leads upwards

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Place:
    """One address as it is sent: `url` without fragment, `host` as it is looked up."""

    url: str
    scheme: str
    host: str
    port: int

    @cached_property
    def shown(self) -> str:
        """The address without its query, for messages."""
        return self.url.partition("?")[0][:LONGEST_SHOWN]

    @cached_property
    def target(self) -> str:
        """Path and query."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def at(self, path: str) -> "Place":
        """Another path of the same server."""
        parts = urlsplit(self.url)
        return Place(f"{parts.scheme}://{parts.netloc}{path}", self.scheme, self.host, self.port)


class Places:
    """Which places may be asked: `ports` beside those that are named with an address in `at_home`, and never what lies
    at or below one of the names in `never`."""

    def __init__(self, *, ports: Collection[int], at_home: Collection[tuple[str, int]], never: Collection[str]) -> None:
        self._ports = frozenset(ports) | {port for _, port in at_home}
        self._at_home = frozenset(at_home)
        self._never = frozenset(name.lower().strip(".") for name in never)

    def place(self, url: str) -> Place:
        """The place that an address means. Raises `NotUnderstood` where it means none, `NotAllowed` where it may not be
        asked."""
        address = _as_sent(url)
        parts = urlsplit(address)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
        place = Place(address, parts.scheme, (parts.hostname or "").rstrip("."), port)
        if "@" in parts.netloc:
            raise NotAllowed(f"an address at {place.host} holds a user name; nobody is asked with one")
        if place.port not in self._ports:
            raise NotAllowed(f"GET {place.shown}: port {place.port} is not asked; [abroad] ports would allow it")
        if why := self._refused(place):
            raise NotAllowed(f"GET {place.shown}: {why}")
        host = f"[{place.host}]" if ":" in place.host else place.host
        where = host if port == PORTS[place.scheme] else f"{host}:{port}"
        target = "/" + place.target.lstrip("/")  # requests sends no more than one
        return Place(f"{place.scheme}://{where}{target}", place.scheme, place.host, port)

    def _refused(self, place: Place) -> str:
        labels = place.host.split(".")
        if (place.host, place.port) in self._at_home:
            return ""
        if ":" in place.host or _NUMBER.fullmatch(labels[-1]):
            return "it names an address where a name belongs"
        if len(labels) == 1 or labels[-1] in OWN:
            return "it names something within a network"
        if any(".".join(labels[start:]) in self._never for start in range(len(labels))):
            return "it is among those that [abroad] never names"
        return ""


def _as_sent(url: str) -> str:
    """The address as requests and urllib3 send it, so that what is judged is what is asked."""
    text = url.strip().partition("#")[0]
    if len(text) > LONGEST or _UNFIT.search(text) or not re.match(r"(?i)https?://", text):
        raise NotUnderstood("an address that is none of the web; only http and https are asked")
    try:
        for _ in range(ROUNDS):
            before, text = text, requests.Request("GET", text).prepare().url or ""
            if text == before:
                return text
    except (requests.RequestException, ValueError):
        pass
    raise NotUnderstood("an address that is none of the web")
