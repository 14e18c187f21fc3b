"""Asking connections whether address, credentials and rights will do: for `check --connect`, and for the daemon."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from config.settings import Settings
from sync import steps
from sync.alarms import certificates
from sync.alarms.certificates import Certificate, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found, by connection, as `ok`, `what` and `mend`; and the certificates that were shown."""

    findings: dict[str, list[dict[str, Any]]]
    certified: dict[Place, Certificate | None]

    @property
    def wrong(self) -> list[str]:
        """What is not as it should be, in a line each."""
        return [f"{name}: {each['what']}" for name, found in self.findings.items() for each in found if not each["ok"]]


def connect(settings: Settings, names: Iterable[str], *, now: int, stop: Callable[[], bool] = lambda: False) -> Checked:
    """Ask some connections, one after the other. `stop` ends the waiting for one that asks for patience."""
    findings: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        with steps.connect(settings, settings.connections[name], stop=stop) as connector:
            findings[name] = [{"ok": each.ok, "what": each.what, "mend": each.mend} for each in connector.check()]
    places = [place for place in certificates.systems(settings) if place.name in findings]
    certified = {place: certificates.examine(place) for place in places}
    for place, told in certified.items():
        findings[place.name].extend(certificates.findings(place, told, now=now))
    return Checked(findings=findings, certified=certified)
