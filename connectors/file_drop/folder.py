"""A folder of this machine."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.errors import NotAllowed, NotUnderstood, TryLater


class Folder:
    """Files in it are for their owner alone. The next file is written as `.NAME.new`, always, so that what a kill has
    left of one is written over by the next."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def digest(self, name: str) -> str | None:
        """What lies there, as SHA-256; None where nothing does."""
        with self._told(name):
            try:
                with (self.path / name).open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
            except FileNotFoundError:
                self.check()  # else it would seem that everything was taken away
                return None

    def put(self, name: str, file: Path, ask: Callable[[], None]) -> None:
        """The new file is on the disk before it takes the name."""
        new = self.path / f".{name}.new"
        with self._told(name):
            self.check()
            new.unlink(missing_ok=True)
            try:
                with file.open("rb") as source, os.fdopen(os.open(new, _NEW, 0o600), "wb") as target:
                    shutil.copyfileobj(source, target)
                    target.flush()
                    os.fsync(target.fileno())
                ask()
                new.replace(self.path / name)
            finally:
                new.unlink(missing_ok=True)
            self._settle()

    def remove(self, name: str, ask: Callable[[], None]) -> None:
        """What a kill has left goes too."""
        with self._told(name):
            self.check()
            ask()
            (self.path / name).unlink(missing_ok=True)
            (self.path / f".{name}.new").unlink(missing_ok=True)
            self._settle()

    def check(self) -> str:
        """Whether it is a folder that we may write to."""
        if not self.path.is_dir():
            raise NotUnderstood("path is no folder; make it, or set path to one that is there")
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise NotAllowed("path is a folder that Ringmark may not write to; give its account that right")
        return "path is a folder that can be written to"

    def close(self) -> None:
        """Nothing is held open."""

    def _settle(self) -> None:
        """Let the name be on the disk as well."""
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What the system says, by what to do next."""
        try:
            yield
        except PermissionError as error:
            raise NotAllowed(f"{name}: {error.strerror}; give Ringmark's account that right") from None
        except OSError as error:
            raise TryLater(f"{name}: {error.strerror}") from None


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
