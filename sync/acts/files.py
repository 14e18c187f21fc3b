"""Files that administrators and the console both write: replaced whole or not at all, by one at a time."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sync.acts.office import Refused


def mark(content: bytes) -> str:
    """A hash of what a file holds, to tell later whether it still does."""
    return hashlib.sha256(content).hexdigest()[:32]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes files of this folder by this module meanwhile, in whichever process. Raises `Refused`."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}; make the folder, for Ringmark's account to write in") from None
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)  # which lets it go


@contextmanager
def beside(path: Path, content: bytes) -> Iterator[Path]:
    """A new file in the same folder with this content, for the time being; with the mode, and as far as we may the
    owner, of the one that is there. Raises `Refused`."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        try:
            like = path.stat() if path.exists() else None
            mode = like.st_mode & 0o777 if like else 0o666  # less what the umask takes
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                if like:
                    with suppress(PermissionError):
                        os.fchown(file.fileno(), like.st_uid, like.st_gid)
                    os.fchmod(file.fileno(), mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Refused(f"{path}: cannot be written ({error.strerror}); {_mend(path)}") from None
        yield new
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def put(new: Path, path: Path) -> None:
    """Let one take the place of the other, at once. Raises `Refused`, also where the old one may not be written."""
    if path.exists() and not os.access(path, os.W_OK):
        raise Refused(f"{path}: may not be written; {_mend(path)}")
    try:
        new.replace(path)
        _kept(path.parent)
    except OSError as error:
        raise Refused(f"{path}: cannot be replaced ({error.strerror}); {_mend(path)}") from None


def add(path: Path, content: bytes) -> None:
    """Make a file that is not there yet. Raises `Refused`."""
    with beside(path, content) as new:
        try:
            os.link(new, path)
            _kept(path.parent)
        except FileExistsError:
            raise Refused(f"{path}: is there already; choose another name") from None
        except OSError as error:
            raise Refused(f"{path}: cannot be written ({error.strerror}); {_mend(path)}") from None


def _kept(folder: Path) -> None:
    """What a folder lists is on disk, not its files alone (fsync(2))."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _mend(path: Path) -> str:
    return f"let Ringmark's account write in {path.parent}, or change the file by hand"
