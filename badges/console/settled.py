"""The settings as they are now: read again when their file was written, and those of before where it cannot be used."""

import logging
from collections.abc import Callable

from config.errors import SettingsError
from config.load import load
from config.settings import Settings
from sync.acts import Office
from sync.store import Store

log = logging.getLogger(__name__)


class Settled:
    """Gives offices with the settings of now."""

    def __init__(self, house: Store, settings: Settings, clock: Callable[[], int]) -> None:
        self._house, self._settings, self._clock = house, settings, clock
        self._stamp = _stamp(settings)

    def office(self, by: str) -> Office:
        """An office with somebody at work."""
        stamp = _stamp(self._settings)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._settings = load(self._settings.file).model_copy(update={"store": self._settings.store})
            except SettingsError as error:
                log.error("settings refused; the old ones stay", extra={"lines": len(error.lines)})
        return Office(self._house, self._settings, by=by, clock=self._clock)


def _stamp(settings: Settings) -> tuple[int, int]:
    try:
        found = settings.file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
