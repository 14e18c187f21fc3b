"""Whether there is room on the disks that we write to."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.alarms import Alarms, Space
from sync.store import Alarm, Store

LEAST = 10**9  # bytes


def full(house: Store, settings: Alarms) -> Iterator[Alarm]:
    """The disks with too little room: that of the store, where it is a file of this machine, and that of temporary
    files."""
    file = Path(house.engine.url.database or "") if house.engine.dialect.name == "sqlite" else None
    size = sum(part.stat().st_size for part in (file, Path(f"{file}-wal")) if part.exists()) if file else 0
    limit = settings.disk_free or Space(bytes=max(LEAST, size))
    temporary = Path(tempfile.gettempdir())
    if file is not None:
        yield from _low("disk", file.parent, "the store lies", limit)
    if file is None or file.parent.stat().st_dev != temporary.stat().st_dev:
        yield from _low("disk-temporary", temporary, "temporary files lie", limit)


def _low(name: str, folder: Path, what: str, limit: Space) -> Iterator[Alarm]:
    usage = shutil.disk_usage(folder)
    if usage.free < limit.of(usage.total):
        words = f"{_size(usage.free)} are free where {what}, less than {_size(limit.of(usage.total))}"
        yield Alarm(name, f"{words}; make room, or set alarms.disk_free")


def _size(count: int) -> str:
    return f"{count / 10**9:.1f} GB" if count >= 10**8 else f"{count // 10**6} MB"
