"""A small house of two sources that speak of the same works, and its backups."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stores
from conftest import House

SOURCE = """[connections.{name}]
kind = "files"
path = "{name}"
require_author = false
{more}
"""


class Sources(House):
    """What each source tells of works: their levels by key; the key is the title and the end of the DOI."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.told: dict[str, dict[str, str]] = {}
        self.more: dict[str, str] = {}

    def tell(self, name: str, levels: Mapping[str, str] | None = None, /, *, more: str = "", **works: str) -> "Sources":
        """What a source tells from now on; `more` are lines of its table in the settings, where it is new there."""
        self.told[name] = {**(levels or {}), **works}
        crowd = {f"{name}-{number}": "public" for number in range(8)}  # so that the brake does not hold the others
        rows = [f"{key},Work {key},{level},10.5555/{key}\n" for key, level in (crowd | self.told[name]).items()]
        (self.folder / name).mkdir(exist_ok=True)
        (self.folder / name / "outputs.csv").write_text("".join(["output,title,visibility,doi\n", *rows]))
        if name not in self.more or more:
            self.more[name] = more
            self._configure()
        return self

    def without(self, name: str) -> "Sources":
        """A source leaves the settings."""
        del self.more[name]
        self._configure()
        return self

    def copied(self, folder: Path) -> "Sources":
        """The same house elsewhere."""
        copy = Sources(stores.copy(self.folder, folder))
        copy.told, copy.more = dict(self.told), dict(self.more)
        return copy

    def works(self, audience: str = "public") -> set[str]:
        """What an audience sees, but for the crowd."""
        return {doi.removeprefix("10.5555/") for doi in self.dois(audience) if "-" not in doi}

    def backup(self) -> str:
        """A backup of how it is now; its name."""
        name = str(self.folder / f"{len(list(self.folder.glob('*.backup')))}.backup")
        self.ok("backup", name)
        return name

    def restored(self, name: str) -> Any:
        """Restore a backup; nothing shows then, to anybody. What it said."""
        told = self.json("restore", name)
        assert self.rows() == self.rows("internal") == []
        return told

    def _configure(self) -> None:
        self.write("".join(SOURCE.format(name=name, more=more) for name, more in self.more.items()))


def doors(output: str, doi: str) -> list[str]:
    """Every way to one output over HTTP, but for the list on the front page."""
    forms = [f"{which}.{form}" for which in (f"doi/{doi}", f"output/{output}") for form in ("svg", "png", "json")]
    pages = [f"/doi/{doi}", f"/lookup?id={doi}", f"/outputs/{output}", f"/output/{output}"]
    return [*(f"/badge/{form}" for form in forms), f"/badge.svg?id={doi}", *pages]
