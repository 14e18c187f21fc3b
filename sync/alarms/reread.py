"""Visibility can change with no new date: where nothing reads all of a source again by itself, somebody should know."""

from collections.abc import Iterator

from config.settings import Settings
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
