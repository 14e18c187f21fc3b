"""Asking connections whether address, credentials and rights will do: for `check --connect`, and for the daemon."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.settings import Settings
from connectors.base import Listens
from sync import steps, store
from sync.alarms import certificates
from sync.alarms.certificates import Certificate, Place
from sync.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found, by connection, as `ok`, `what` and `mend`; and the certificates that were shown."""

    findings: dict[str, list[dict[str, Any]]]
    certified: dict[Place, Certificate | None]

    @property
    def wrong(self) -> list[str]:
        """What is not as it should be, in a line each."""
        return [f"{name}: {each['what']}" for name, found in self.findings.items() for each in found if not each["ok"]]


def connect(
    settings: Settings,
    names: Iterable[str],
    *,
    now: int,
    house: Store | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Checked:
    """Ask some connections, one after the other. `house` is the store where there is one, which knows what those that
    listen have noted; `stop` ends the waiting for one that asks for patience."""
    findings: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        with steps.connect(settings, settings.connections[name], stop=stop) as connector:
            found = [*connector.check()]
            if house and isinstance(connector, Listens):
                found += connector.remembered(partial(store.notes.of, house, name), store.moment(now))
            findings[name] = [{"ok": each.ok, "what": each.what, "mend": each.mend} for each in found]
    places = [place for place in certificates.systems(settings) if place.name in findings]
    certified = {place: certificates.examine(place) for place in places}
    for place, told in certified.items():
        findings[place.name].extend(certificates.findings(place, told, now=now))
    return Checked(findings=findings, certified=certified)
