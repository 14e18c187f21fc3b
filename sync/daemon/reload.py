"""Settings while the daemon runs: noticed when their files change, taken up when they are right."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import sources
from config.load import load
from config.settings import Settings
from sync import registry, steps, store
from sync.store import Store

Stamp = tuple[int, int, int, int] | None  # None where there is no file


class Files:
    """The settings file and the files of secrets that it names, and whether one of them is another than before."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._taken = self._before = _stamps(file)

    def changed(self) -> bool:
        """Whether there is something new, and nobody is in the middle of writing it: it was the same a look ago."""
        found, before = _stamps(self._file), self._before
        self._before = found
        return found == before and found != self._taken

    def taken(self) -> None:
        """What is there now has been read; nobody needs to hear of it again."""
        self._taken = self._before = _stamps(self._file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings that may be used from now on, and what of them may not before the daemon is started anew."""

    settings: Settings
    refused: tuple[str, ...]


def loaded(file: Path, house: Store, before: Settings) -> Loaded:
    """Read the settings anew. Raises `SettingsError` with a line for everything that is wrong.

    A raised `keep` forgets what is stored, and another store has another past: both ask for somebody who is there."""
    new = load(file)
    registry.check(new)
    steps.rules_in_force(new)
    refused = []
    if new.store.url != before.store.url:
        refused.append(f"{new.file}: store.url: stays as it was; to change it, restart the daemon")
        new = new.model_copy(update={"store": before.store})
    kept = store.keeps(house)
    connections = dict(new.connections)
    for name, each in new.connections.items():
        old = before.connections.get(name)
        keep = old.keep if old else type(each.keep)(kept.get(name, int(each.keep)))
        if each.keep != keep:
            refused.append(
                f'{new.file}: connections.{name}.keep: stays "{keep.word}", for a raised one forgets what is stored; '
                "to change it, restart the daemon"
            )
            connections[name] = each.model_copy(update={"keep": keep})
    return Loaded(settings=new.model_copy(update={"connections": connections}), refused=tuple(refused))


def _stamps(file: Path) -> Mapping[Path, Stamp]:
    return {each: _stamp(each) for each in {file, *_secrets(file)}}


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode


def _secrets(file: Path) -> list[Path]:
    """The files of secrets that settings and environment name; none where the settings cannot be read just then."""
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    tables = [sources.table(tree, "store"), *(inside for _, inside in sources.tables(tree, "connections"))]
    named = [value for table in tables for key, value in table.items() if key.endswith("_file")]
    named += [told.value for told in sources.environment(os.environ) if told.place[-1].endswith("_file")]
    return [file.parent / name for name in named if isinstance(name, str)]
