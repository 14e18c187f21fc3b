"""The file with all badges in a folder, and what its tests share.

Its tests have their fixtures from here: `place, lying = a_folder(), a_file()`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from told_places import Drop, with_folder

CODES = {"failed": 1, "incomplete": 3, "held": 4}


def a_folder() -> Any:
    """A fixture: two public works, no file yet; one private."""

    @pytest.fixture
    def place(tmp_path: Path) -> Iterator[Drop]:
        with with_folder(tmp_path) as place:
            yield place

    return place


def a_file() -> Any:
    """A fixture: the `place` of a module, with a file."""

    @pytest.fixture
    def lying(place: Drop) -> Drop:
        assert place.push()["written"] == 2
        return place

    return lying


def made(place: Drop, name: str = "badges.csv") -> tuple[int, int]:
    """What tells one file from the next of its name."""
    found = (place.folder / name).stat()
    return found.st_ino, found.st_mtime_ns


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden or not."""
    return sorted(each.name for each in folder.iterdir())
