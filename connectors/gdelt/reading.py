"""A run: every file since the last run, in the order in which they came, up to the newest there is as it begins."""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from heapq import merge
from itertools import islice

from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.errors import NotAllowed, NotUnderstood
from connectors.gdelt.archive import BadArchiveError, lines
from connectors.gdelt.file import File
from connectors.gdelt.quarters import STAMP, STREAMS, Newest, Stream, after, moment, newest
from connectors.http import Answer, Client
from connectors.records import Aside, Done, Page

BACK = timedelta(days=1)  # where nothing was read yet
LATE = timedelta(hours=2)  # a file that is not there yet, or not whole, is waited for
AHEAD = timedelta(days=1)
PAGE = 300  # mentions
KEYS = 1000  # that are asked for at once
QUIET = 8  # files without anything of ours, after which it is put down how far it came
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")  # with a file in it, and with none

State = dict[Stream, datetime]


class _UnfitError(Exception):
    """There is no file, or none that can be read; the text says why."""


@dataclass(slots=True)
class _Run:
    """`last` is the last file of each stream that is done, `count` how many articles were looked at. `quiet` counts the
    files in which there was nothing since it was put down how far it came."""

    last: State
    count: int = 0
    quiet: int = 0

    def state(self) -> str:
        return json.dumps({stream.name: at.strftime(STAMP) for stream, at in self.last.items()})


def read(client: Client, since: Since, ear: Ear) -> Iterator[Page]:
    """The pages of a run."""
    until = {stream: newest(client, stream) for stream in STREAMS}
    if max(each.at for each in until.values()) > since.now + AHEAD:
        raise NotUnderstood("the newest file is announced to be from the future; is our own clock right?")
    run = _Run(_begin(since, until))
    waiting: set[Stream] = set()
    for at, _, stream in merge(*(_due(stream, run.last[stream], until[stream]) for stream in STREAMS)):
        if stream in waiting:
            continue
        try:
            yield from _pages(client, stream, at, until[stream], ear, run)
        except _UnfitError as unfit:
            if at > until[stream].at - LATE:
                waiting.add(stream)
                continue
            run.last[stream] = at
            place = stream.path(at).rpartition("/")[2]
            aside = Aside(kind="file", reason=str(unfit), place=place, key=place, keyless=False)
            yield Page(asides=(aside,), bookmark=run.state(), total=run.count)
    yield Page(done=Done(cursor=run.state()))


def _due(stream: Stream, last: datetime, until: Newest) -> Iterator[tuple[datetime, int, Stream]]:
    return ((at, STREAMS.index(stream), stream) for at in after(last, until.at))


def _begin(since: Since, until: dict[Stream, Newest]) -> State:
    """What was done last of each stream. To read everything is to begin `BACK` from the newest, but later than where
    the last run ended never."""
    done = _stored(since.bookmark or since.cursor or since.memory)
    everything = since.bookmark is None and since.cursor is None
    found = {}
    for stream, last in until.items():
        start = last.at - BACK
        stored = done.get(stream, start)
        found[stream] = min(stored, start) if everything else stored
    return found


def _stored(state: str | None) -> State:
    try:
        told = dict(json.loads(state or "{}").items())
        found = {stream: moment(told[stream.name]) for stream in STREAMS if stream.name in told}
    except (ValueError, TypeError, AttributeError):
        found = dict.fromkeys(STREAMS)
    known = {stream: at for stream, at in found.items() if at}
    if len(known) < len(found):
        raise NotUnderstood("the stored cursor is not of this connector; run a full pull")
    return known


def _pages(client: Client, stream: Stream, at: datetime, until: Newest, ear: Ear, run: _Run) -> Iterator[Page]:
    """Those of one file: nothing of it is told before it is known to be whole. Raises `_UnfitError`."""
    path = stream.path(at)
    name = path.rpartition("/")[2].removesuffix(".zip")
    found = File(name, ear.tracked)
    with _fetched(client, path) as answer:
        _whole(answer, until if at == until.at else None)
        try:
            with lines(answer.body, name) as told:
                found.read(told)
        except BadArchiveError as bad:
            raise _UnfitError(str(bad)) from None
    run.last[stream], run.count = at, run.count + found.count
    news, asides = _news(found, ear), iter(found.asides)
    while (part := (tuple(islice(news, PAGE)), tuple(islice(asides, PAGE)))) != ((), ()):
        yield Page(mentions=part[0], asides=part[1], total=run.count)
        run.quiet = QUIET
    run.quiet += 1
    if run.quiet >= QUIET:
        run.quiet = 0
        yield Page(bookmark=run.state(), total=run.count)


def _news(found: File, ear: Ear) -> Iterator[Mention]:
    """What is not known yet. An article that was told before, and is seen again, is told as it is now where it links to
    other outputs, and taken back where it has links to none."""
    mentions = found.mentions()
    known = ear.told([each.key for each in mentions])
    yield from (each for each in mentions if set(each.targets) != set(known.get(each.key, ())))
    silent = iter(sorted(found.silent - {each.key for each in mentions}))
    while part := list(islice(silent, KEYS)):
        yield from (Mention(key=key, deleted=True, reason="unlinked") for key in ear.told(part))


def _fetched(client: Client, path: str) -> Answer:
    """A bucket that lists its objects for nobody refuses what it does not have, as if it were not for us."""
    try:
        answer = client.get(path, accept="application/zip, application/octet-stream;q=0.9, */*;q=0.1")
    except NotAllowed:
        raise _UnfitError("there is no such file, or none for everybody") from None
    if answer.status == 200:
        return answer
    answer.close()
    if answer.status in (404, 410):
        raise _UnfitError("there is no such file")
    raise NotUnderstood(f"{path}: status {answer.status}, which the contract has not for this")


def _whole(answer: Answer, announced: Newest | None) -> None:
    """It is what was announced, and what the place itself says of it. Raises `NotUnderstood` for what is no archive,
    such as the page of a proxy: what comes after it could not be read either."""
    begins, digest, size = answer.body.read(4), md5(usedforsecurity=False), 0
    answer.body.seek(0)
    if begins and not any(each.startswith(begins) for each in ARCHIVES):
        raise NotUnderstood(f"{answer.path}: no archive; is url the address of the files, and no login page before it?")
    while piece := answer.body.read(1024**2):
        digest.update(piece)
        size += len(piece)
    answer.body.seek(0)
    if announced and (announced.size, announced.md5) != (size, digest.hexdigest()):
        raise _UnfitError("the file is not the one that was announced")
    if (told := _hash(answer.headers.get("X-Goog-Hash", ""))) and told != digest.digest():
        raise _UnfitError("the file is not what its place says that it is")


def _hash(header: str) -> bytes:
    """The MD5 that storage tells; empty where there is none."""
    for each in header.split(","):
        name, _, told = each.strip().partition("=")
        if name == "md5":
            try:
                return b64decode(told, validate=True)
            except Error:
                return b""
    return b""
