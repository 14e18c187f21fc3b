"""When the certificates end of the systems we ask, and of our own address: asked once a day, and kept for `status`."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from config.settings import Settings
from connectors.http.session import trusted
from sync import store
from sync.store import Alarm, Store

DAY = 24 * 3_600_000_000
SOON, URGENT = 21 * DAY, 7 * DAY
SECONDS = 10  # to connect, and again for the handshake
KEPT = "certificates"
OURS = "institution.base_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A host whose certificate readers or we rely on; `name` is the connection, or OURS."""

    name: str
    host: str
    port: int
    trust: str

    @classmethod
    def of(cls, name: str, url: str, ca_file: object) -> Self:
        parts = urlsplit(url)
        return cls(name=name, host=parts.hostname or "", port=parts.port or 443, trust=trusted(ca_file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a handshake has shown: when the certificate ends (microseconds), or why it is not accepted."""

    ends: int = 0
    why: str = ""


def systems(settings: Settings) -> list[Place]:
    """The connections that are asked over TLS, each trusted as the requests to it are."""
    told = ((name, each.url or "", each.ca_file) for name, each in settings.connections.items())
    return [Place.of(name, url, ca_file) for name, url, ca_file in told if url.startswith(("https:", "wss:"))]


def ours(settings: Settings) -> list[Place]:
    """Where readers reach us, where that is over https."""
    url = settings.institution.base_url
    return [Place.of(OURS, url, settings.alarms.ca_file)] if url.startswith("https:") else []


def examine(place: Place) -> Certificate | None:
    """Ask one host for its certificate, and check it; None where nobody answers."""
    trust = ssl.create_default_context(cafile=place.trust)
    try:
        with (
            socket.create_connection((place.host, place.port), timeout=SECONDS) as plain,
            trust.wrap_socket(plain, server_hostname=place.host) as secure,
        ):
            ends = str((secure.getpeercert() or {})["notAfter"])
    except ssl.SSLCertVerificationError as error:
        return Certificate(why=error.verify_message)
    except OSError:  # that a system does not answer is for its own checks and alarms to say
        return None
    return Certificate(ends=ssl.cert_time_to_seconds(ends) * 1_000_000)


def findings(place: Place, found: Certificate | None, *, now: int) -> list[dict[str, Any]]:
    """What `check --connect` says of it."""
    if found is None:
        return []
    ends = f"the certificate of {place.host} ends on {store.moment(found.ends):%Y-%m-%d}"
    return [{"ok": not found.why, "what": trouble(place, found, now=now) or ends, "mend": ""}]


def look(house: Store, settings: Settings, *, now: int) -> None:
    """Ask those that were not asked within a day."""
    with house.read() as db:
        kept = store.alarms.recall(db, KEPT)
    due = [place for place in systems(settings) + ours(settings) if not _fresh(kept.get(place.name), place, now)]
    keep(house, {place: examine(place) for place in due}, now=now)


def keep(house: Store, found: dict[Place, Certificate | None], *, now: int) -> None:
    """Keep what was found; where nobody answered, what is known already."""
    if not found:
        return
    with house.write() as db:
        kept = store.alarms.recall(db, KEPT)
        for place, told in found.items():
            before = kept.get(place.name) if _same(kept.get(place.name), place) else None
            known = {"ends": told.ends, "why": told.why} if told else before or {"ends": 0, "why": ""}
            kept[place.name] = {**known, "host": place.host, "port": place.port, "at": now}
        store.alarms.remember(db, KEPT, kept)


def ending(house: Store, settings: Settings, *, now: int) -> Iterator[Alarm]:
    """The certificates that end soon or are not accepted, by what was found last."""
    with house.read() as db:
        kept = store.alarms.recall(db, KEPT)
    for place in systems(settings) + ours(settings):
        told = kept.get(place.name)
        if told is not None and _same(told, place):
            name = "certificate" if place.name == OURS else f"certificate:{place.name}"
            words = trouble(place, Certificate(ends=told["ends"], why=told["why"]), now=now)
            if words:
                yield Alarm(name, f"{place.name}: {words}")


def trouble(place: Place, found: Certificate, *, now: int) -> str:
    """What is wrong with a certificate, or will be soon, and the mend; empty where nothing is."""
    if found.why:
        return f"the certificate of {place.host} is not accepted: {found.why}; have it renewed, or set ca_file"
    left = found.ends - now
    if not found.ends or left >= SOON:
        return ""
    day = f"{store.moment(found.ends):%Y-%m-%d}"
    if left <= 0:
        return f"the certificate of {place.host} ended on {day}; have it renewed now"
    urgent = "urgent: " if left < URGENT else ""
    return f"{urgent}the certificate of {place.host} ends in {store.alarms.span(left)}, on {day}; have it renewed"


def _same(told: dict[str, Any] | None, place: Place) -> bool:
    return told is not None and (told["host"], told["port"]) == (place.host, place.port)


def _fresh(told: dict[str, Any] | None, place: Place, now: int) -> bool:
    return told is not None and _same(told, place) and told["at"] <= now < told["at"] + DAY
