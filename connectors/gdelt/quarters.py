"""Which files there are: one of each stream for every quarter of an hour, the newest of which is announced.

The list of all files has hundreds of megabytes and is never read. The announcement has addresses at GDELT's own place,
so only names are taken from it: files are read where the connection says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.errors import NotUnderstood
from connectors.http import Client

QUARTER = timedelta(minutes=15)
LARGEST_ANNOUNCEMENT = 64 * 1024  # bytes; it has three lines
STAMP = "%Y%m%d%H%M%S"

_STAMP = re.compile(r"[12][0-9]{13}", re.ASCII)
_LINE = re.compile(r"([0-9]{1,12}) ([0-9a-f]{32}) \S*/gdeltv2/([12][0-9]{13})(\.[a-z.]+\.csv\.zip)", re.ASCII | re.I)


@dataclass(frozen=True, slots=True)
class Stream:
    """A row of files: what it is called here, where the newest is announced, and how the names of its files end."""

    name: str
    announced: str
    ending: str

    def path(self, at: datetime) -> str:
        """Of the file of a quarter of an hour."""
        return f"/gdeltv2/{at.strftime(STAMP)}{self.ending}"


STREAMS = (
    Stream("English", "/gdeltv2/lastupdate.txt", ".gkg.csv.zip"),
    Stream("translated", "/gdeltv2/lastupdate-translation.txt", ".translation.gkg.csv.zip"),
)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest file of a stream: when it is of, how many bytes it has, and their MD5 in hexadecimal."""

    at: datetime
    size: int
    md5: str


def newest(client: Client, stream: Stream) -> Newest:
    """What is announced. Raises `NotUnderstood` for anything else than such an announcement."""
    with client.get(stream.announced, accept="text/plain") as answer:
        text = answer.body.read(LARGEST_ANNOUNCEMENT).decode("latin-1") if answer.status == 200 else ""
    for line in text.splitlines():
        told = _LINE.fullmatch(line.strip())
        at = moment(told[3]) if told and told[4].lower() == stream.ending else None
        if told and at:
            return Newest(at, int(told[1]), told[2].lower())
    mend = "is url the address of the files, such as https://storage.googleapis.com/data.gdeltproject.org?"
    raise NotUnderstood(f"{stream.announced}: it announces no file; {mend}")


def moment(stamp: str) -> datetime | None:
    """What the name of a file begins with, where it is a moment on a quarter of an hour."""
    try:
        at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) if _STAMP.fullmatch(stamp) else None
    except ValueError:
        return None
    return at if at and at == quarter(at) else None


def quarter(at: datetime) -> datetime:
    """The quarter of an hour that a moment is in, by its beginning."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def after(last: datetime, until: datetime) -> Iterator[datetime]:
    """The quarters behind one, up to another."""
    while (last := last + QUARTER) <= until:
        yield last
