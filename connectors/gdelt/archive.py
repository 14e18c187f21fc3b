"""The lines of the one file in a zip archive, whatever the archive would do to who opens it.

`zipfile` reads the whole list of members before anything can be asked of it, so its length is looked up before that, at
the end of the archive. It never hands out more than a member is said to have, and at the end of one checks that it is
what was packed.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, cast

LARGEST_ARCHIVE = 128 * 1024**2  # bytes; real ones have some megabytes
LARGEST_FILE = 1024**3
MOST_TIMES = 200  # as many bytes unpacked as packed: of text some times as many, of a bomb a thousand
LONGEST_LINE = 4 * 1024**2  # bytes; real ones have some thousand
BUFFER = 1024**2

_END, _END_SIZE, _LOCATOR = b"PK\x05\x06", 22, b"PK\x06\x07"
_LARGEST_LIST = 4096  # bytes: that of one member has about a hundred


class BadArchiveError(ValueError):
    """It is no archive with one file in it; the text says why."""


@contextmanager
def lines(archive: IO[bytes], name: str) -> Iterator[Iterator[bytes]]:
    """The lines of the file `name`, which must be all that the archive has. Raises `BadArchiveError`, also while they
    are read: at the end, where they are not what was packed."""
    _plausible(archive)
    with ExitStack() as stack:
        with _understood():
            opened = stack.enter_context(zipfile.ZipFile(archive))
            member = stack.enter_context(opened.open(_only(opened.infolist(), name)))
        yield _lines(io.BufferedReader(cast("io.RawIOBase", member), BUFFER))


def _lines(file: io.BufferedReader) -> Iterator[bytes]:
    """One that is too long comes cut, once."""
    while line := _line(file):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = _line(file)


def _line(file: io.BufferedReader) -> bytes:
    with _understood():
        return file.readline(LONGEST_LINE)


@contextmanager
def _understood() -> Iterator[None]:
    """An archive that lies makes `zipfile` raise many kinds; `ValueError` where a place is before its beginning."""
    try:
        yield
    except BadArchiveError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError) as broken:
        raise BadArchiveError(f"the archive is damaged ({type(broken).__name__})") from None
    except RuntimeError as other:
        raise BadArchiveError(f"the archive is packed or locked in another way ({type(other).__name__})") from None


def _plausible(archive: IO[bytes]) -> None:
    """Its list has one member, by what stands at its end."""
    size = archive.seek(0, io.SEEK_END)
    if size > LARGEST_ARCHIVE:
        raise BadArchiveError("the archive is too large")
    archive.seek(max(size - _END_SIZE - len(_LOCATOR) - 16, 0))
    end = archive.read()
    place = len(end) - _END_SIZE
    archive.seek(0)
    if place < 0 or end[place : place + 4] != _END:
        raise BadArchiveError("the archive breaks off")
    here, in_all, length = struct.unpack("<HHL", end[place + 8 : place + 16])
    if (here, in_all) != (1, 1) or length > _LARGEST_LIST or _LOCATOR in end[:place]:
        raise BadArchiveError("the archive has another number of files than one")


def _only(members: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    (member,) = members if len(members) == 1 else (None,)
    if member is None or member.filename.lower() != name.lower():
        raise BadArchiveError("the archive has another file than its name says")
    if member.file_size > min(LARGEST_FILE, MOST_TIMES * max(member.compress_size, 1)):
        raise BadArchiveError("the archive would unpack to more than is believed")
    return member
