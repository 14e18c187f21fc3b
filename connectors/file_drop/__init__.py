"""File drop: one file with all badges, put into a folder of this machine or of an SFTP server, whole or not at all.

API:       a CSV, JSONL or Parquet file with the columns of `ringmark export`, by the ending of its name
Auth:      none for a folder; SFTP by password or key, with the server's own key pinned
Deletions: a new file without the line, at once; where everything is taken back, no file
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Protocol

from config.settings import Connection
from connectors.base import Drops, Finding, Manifest
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, Recalled
from connectors.file_drop.folder import Folder
from connectors.identifiers import SCHEMES

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(csv|jsonl|parquet)")
NAMELESS = "is no name of a file; write such as badges.csv, badges.jsonl or badges.parquet"


class Place(Protocol):
    """A folder somewhere, whose files are read and replaced as a whole. `ask` is called right before that, and raises
    `Recalled` where it may not be."""

    def digest(self, name: str) -> str | None: ...
    def put(self, name: str, file: Path, ask: Callable[[], None]) -> None: ...
    def remove(self, name: str, ask: Callable[[], None]) -> None: ...
    def check(self) -> str: ...
    def close(self) -> None: ...


class FileDrop(Drops):
    """One file in one folder."""

    manifest: ClassVar = Manifest(
        kind="file_drop", write_back="public", field="badges.csv", finds_by=tuple(SCHEMES), needs_url=False
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """The name of the file is the field."""
        if settings.field is not None and not NAME.fullmatch(settings.field):
            yield "field", NAMELESS

    def __exit__(self, *_: object) -> None:
        if "_place" in self.__dict__:
            self._place.close()
        super().__exit__()

    def held(self, name: str) -> str | None:
        """The digest of the file as it lies there, read whole."""
        return self._place.digest(_named(name))

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        """Written under another name beside it, and renamed; a kill leaves the file that was there, or the new one."""

        def ask() -> None:
            if not permit():
                raise Recalled(f"{name}: no longer permitted; the file is as it was")

        if file is None:
            self._place.remove(_named(name), ask)
        else:
            self._place.put(_named(name), file, ask)

    def check(self) -> Iterator[Finding]:
        """Whether the folder is there, may be written to, and the name says which kind of file it is."""
        try:
            name = _named(self.settings.field or self.manifest.field)
            what = self._place.check()
            there = "is there already" if self._place.digest(name) else "is not there yet"
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
        else:
            yield Finding(ok=True, what=f"{what}; {name} {there}")

    @cached_property
    def _place(self) -> Place:
        if self.settings.path is not None:
            return Folder(self.settings.path)
        try:
            from connectors.file_drop.sftp import Sftp
        except ModuleNotFoundError:
            raise NotAllowed("SFTP needs the extra of that name; install ringmark[sftp]") from None
        return Sftp(self.settings)


def _named(name: str) -> str:
    """A name that stays in its folder, is seen there, and says which kind of file it is."""
    if not NAME.fullmatch(name):
        raise NotUnderstood(f"field: {NAMELESS}")
    return name
