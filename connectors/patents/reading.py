"""A run: the whole file once, what ties to ours put down on disk, then a mention for each patent.

Which patents were told is remembered in `SHELVES` notes, each with the keys whose digest begins alike, so that what an
edition has no more can be taken back without anybody holding all keys at once.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.errors import NotUnderstood, TryLater
from connectors.identifiers import Identifier
from connectors.patents.citation import (
    LEAST,
    OddRowError,
    confidence,
    dated,
    evidence,
    instant,
    named,
    patent,
    said,
)
from connectors.patents.sheet import Line, Sheet, opened
from connectors.patents.years import published
from connectors.records import EVIDENCE, LONGEST_NOTE, Aside, Done, Page
from connectors.scratch import Scratch

SHELVES = 256
PAGE = 300  # mentions, or rows set aside
ROWS = 10_000  # ties that are put down at once
HELD = 0.3  # more than this share of what was told is taken back only when a second run says the same
FEW = 20  # of which that is not asked
DOUBTED = "doubted"

T = TypeVar("T")

TABLE = """
CREATE TABLE tie (shelf, key, patent, scheme, value, sure, date, words, text, PRIMARY KEY (shelf, key, scheme, value))
WITHOUT ROWID
"""
PUT = """
INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET sure = excluded.sure, words = excluded.words, text = excluded.text
WHERE excluded.sure > tie.sure
"""


def read(path: Path, since: Since, ear: Ear) -> Iterator[Page]:
    """The pages of a run. Raises `NotUnderstood` for a file that is none of these, and `TryLater` for one that is being
    written."""
    with opened(path) as file:
        before = os.fstat(file.fileno())
        size, changed = before.st_size, before.st_mtime_ns
        digest, _, stamp = (since.cursor or "").partition(" ")
        if stamp == f"{size} {changed}":
            yield Page(done=Done(cursor=since.cursor))
            return
        now = file_digest(file, "sha256").hexdigest()
        cursor = f"{now} {size} {changed}"
        if now == digest:
            yield Page(done=Done(cursor=cursor))
            return
        file.seek(0)
        with Scratch("what the patents cite", TABLE) as scratch:
            sheet = Sheet(file, path.name)
            yield from _gathered(sheet, path.name, ear, scratch)
            if (again := os.fstat(file.fileno())).st_mtime_ns != changed or again.st_size != size:
                raise TryLater(f"{path.name} was written while it was read; wait until it is whole")
            edition = min(datetime.fromtimestamp(changed // 10**9, UTC), since.now)
            yield from _told(scratch, ear, edition, now, cursor)


def _gathered(sheet: Sheet, name: str, ear: Ear, scratch: Scratch) -> Iterator[Page]:
    """Put down every row that names something of ours; a page now and then of those that could not be read."""
    ties: list[tuple[object, ...]] = []
    asides: list[Aside] = []
    count = known = 0
    for row in sheet.rows():
        count += 1
        try:
            if row.broken:
                raise OddRowError(row.broken)
            names = [each for scheme in sheet.names if (each := named(row, scheme)) is not None]
            known += bool(names)
            if ours := [each for each in names if each in ear.tracked]:
                ties += _ties(row, ours)
        except OddRowError as odd:
            asides.append(_aside(row, str(odd), name))
        if len(ties) >= ROWS:
            scratch.change(PUT, ties)
            ties = []
        if len(asides) >= PAGE:
            yield Page(asides=tuple(asides), total=count)
            asides = []
    scratch.change(PUT, ties)
    yield Page(asides=tuple(asides), total=count)
    if count and not known:
        raise NotUnderstood(f"{name}: none of its {count} rows names a paper by a DOI or a PMID; is it the right file?")


def _ties(row: Line, ours: list[Identifier]) -> Iterator[tuple[object, ...]]:
    told, sure = patent(row["patent"]), confidence(row)
    if sure < LEAST:
        return
    for each in ours:
        whose = (_shelf(told.key), told.key, row["patent"], each.scheme, each.value)
        yield (*whose, sure, dated(row), said(row, told, sure), row.text)


def _aside(row: Line, reason: str, name: str) -> Aside:
    text = row.text[:EVIDENCE].replace("\x00", "")
    return Aside(kind="citation", reason=reason, place=f"{name}:{row.number}", evidence=text, keyless=False)


def _told(scratch: Scratch, ear: Ear, edition: datetime, digest: str, cursor: str) -> Iterator[Page]:
    """A mention for each patent, shelf by shelf, and those that are there no more; then the end."""
    gone, before = _vanished(scratch, ear)
    if gone > max(FEW, HELD * before) and ear.noted(DOUBTED) != digest:
        yield from _shelves(scratch, ear, edition, taking_back=False)
        words = f"{gone} of {before} patents that were told are not in the file; pull again, and it is believed"
        yield Page(notes={DOUBTED: digest}, done=Done(incomplete=words))
    else:
        yield from _shelves(scratch, ear, edition, taking_back=True)
        yield Page(notes={DOUBTED: ""}, done=Done(cursor=cursor))


def _vanished(scratch: Scratch, ear: Ear) -> tuple[int, int]:
    """How many patents that were told are not there any more, and how many were told."""
    gone = before = 0
    for shelf in map(_name, range(SHELVES)):
        known = _noted(ear, shelf)
        gone += len(known - _keys(scratch, shelf))
        before += len(known)
    return gone, before


def _shelves(scratch: Scratch, ear: Ear, edition: datetime, *, taking_back: bool) -> Iterator[Page]:
    for shelf in map(_name, range(SHELVES)):
        before, now = _noted(ear, shelf), _keys(scratch, shelf)
        if not before and not now:
            continue
        for part in _parts(_mentions(scratch, shelf, ear, edition)):
            yield Page(mentions=part)
        gone = sorted(before - now) if taking_back else []
        kept = " ".join(sorted(now | before - set(gone)))
        if len(kept) > LONGEST_NOTE:
            raise NotUnderstood("more patents cite outputs than can be remembered, which are some million")
        for part in _parts(Mention(key=key, deleted=True, reason="untold") for key in gone):
            yield Page(mentions=part)
        if now != before:
            yield Page(notes={_note(shelf): kept})


def _mentions(scratch: Scratch, shelf: str, ear: Ear, edition: datetime) -> Iterator[Mention]:
    """One for each patent of a shelf. Where neither the file nor the number says when it was published, the date is
    that of the edition in which it was told first: as it is told once, so it stays."""
    rows = scratch.ask("SELECT * FROM tie WHERE shelf = ? ORDER BY key, scheme, value", shelf)
    for part in _parts(list(cites) for _, cites in groupby(rows, key=lambda row: row[1])):
        known = ear.told([cites[0][1] for cites in part])
        for cites in part:
            _, key, number, _, _, _, date, _, _ = cites[0]
            targets = tuple(Identifier(row[3], row[4]) for row in cites)
            told, year = patent(number), published(key)
            if not date and year is None and set(known.get(key, ())) == set(targets):
                continue
            yield Mention(
                key=key,
                source="patent",
                url=told.url,
                title=told.title,
                jurisdiction=told.office.upper(),
                occurred_at=instant(date) if date else year or edition,
                targets=targets,
                evidence=tuple(evidence(each, row[7], row[8]) for each, row in zip(targets, cites, strict=True)),
            )


def _keys(scratch: Scratch, shelf: str) -> set[str]:
    return {key for (key,) in scratch.ask("SELECT DISTINCT key FROM tie WHERE shelf = ?", shelf)}


def _shelf(key: str) -> str:
    return _name(sha256(key.encode()).digest()[0])


def _name(number: int) -> str:
    return f"{number:02x}"


def _note(shelf: str) -> str:
    return f"told {shelf}"


def _noted(ear: Ear, shelf: str) -> set[str]:
    return set(ear.noted(_note(shelf)).split())


def _parts(each: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(each)
    while part := tuple(islice(rest, PAGE)):
        yield part
