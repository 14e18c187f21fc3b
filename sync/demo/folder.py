"""The folder that a demo leaves its result in: one of our own, begun anew each time."""

import os
from pathlib import Path

from sync import store

MARK = "# Written by `ringmark demo`, which writes it again each time."


def begin_anew(folder: Path) -> None:
    """Take away what an earlier demo left. Raises `StoreError` for a folder that holds anything else."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "ringmark.toml"
    if any(folder.iterdir()) and not (settings.exists() and settings.read_text(encoding="utf-8").startswith(MARK)):
        raise store.StoreError(f"{folder}: holds other files; give --dir an empty folder")
    for name in ("ringmark.db", "ringmark.db-wal", "ringmark.db-shm", "ringmark.key"):
        (folder / name).unlink(missing_ok=True)


def emptied(folder: Path, name: str) -> Path:
    """Where a practice system may keep what it holds."""
    place = folder / "systems" / name
    place.mkdir(parents=True, exist_ok=True)
    for each in place.iterdir():
        each.unlink()
    return place


def in_a_file(file: Path, secret: str) -> str:
    """Put a secret where its owner alone reads it; the name of the file."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as told:
        told.write(secret)
    return file.name
