"""Connectors installed for a test: a folder on `sys.path` in which a distribution says where they are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync import conformance, registry


@contextmanager
def installed(folder: Path, connectors: Mapping[str, str], practice: Mapping[str, str]) -> Iterator[None]:
    """Entry points by their names, such as `example = "connectors.example:Example"`, until the block ends."""
    about = folder / "ringmark_of_a_test-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ringmark-of-a-test\nVersion: 1\n")
    (about / "entry_points.txt").write_text(_group(registry.GROUP, connectors) + _group(conformance.GROUP, practice))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        registry.kinds.cache_clear()
        yield
    registry.kinds.cache_clear()


def _group(name: str, points: Mapping[str, str]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in points.items()), ""])
