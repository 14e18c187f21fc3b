"""Visibility can change with no new date: where nothing reads all of a source again by itself, somebody should know."""

from collections.abc import Iterator

from config.settings import Settings
from connectors.base import Pulls
from sync import registry, steps, store
from sync.store import DAY, Alarm, Store

LONG = 30 * DAY  # as `full` is when nothing is set


def overdue(house: Store, settings: Settings, *, now: int) -> Iterator[Alarm]:
    """The connections whose `full` is manual, and that nobody has read in full for longer than `LONG`. Kinds that read
    everything each time are none of them."""
    kinds = registry.kinds()
    for name in steps.readable(settings):
        connection = settings.connections[name]
        if connection.full.text != "manual" or not kinds[connection.kind].manifest.incremental:
            continue
        last = store.last_complete(house, name, "everything")
        if last is not None and now - last > LONG and store.state(house, name) == "active":
            words = f'{name}: last read in full {store.stamp(last)[:10]}, and full = "manual"'
            mend = f"visibility that changed without a date is not seen; run `ringmark pull {name} --full`"
            yield Alarm(f"unread-flags:{name}", f"{words}: {mend}")


def given_up(house: Store, settings: Settings) -> Iterator[Alarm]:
    """The connections that were read and are no longer, by the settings, while what they told is still there."""
    kinds, read = registry.kinds(), steps.readable(settings)
    for name, connection in settings.connections.items():
        if name in read or not issubclass(kinds[connection.kind], Pulls) or store.state(house, name) != "active":
            continue
        if store.tells(house, name):
            words = f"{name}: is not read any more, and what it told still shows as it was"
            yield Alarm(
                f"source-unread:{name}", f"{words}; set read = true, or run `ringmark connection forget {name}`"
            )
