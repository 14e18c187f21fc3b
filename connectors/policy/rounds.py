"""A round through the list: of each source the documents that are new or have changed, the newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors import published
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.policy import document, sitemap
from connectors.policy.document import Document
from connectors.policy.listing import Row
from connectors.policy.memory import Look, Memory, day, mark
from connectors.policy.sitemap import Entry, Listing
from connectors.records import Aside, Done, Page

EACH = timedelta(hours=1)  # between two readings of a sitemap of which everything was looked at
LEAST = 7  # days between two readings of a document, since many sitemaps say that everything is from today
SILENT = 30  # the same, where the sitemap does not say when it was changed
LOOKS = 2000  # documents of a source in one round: half an hour at least
BATCH = 20  # documents of a page
IN_A_ROW = 3  # documents that fail one after the other, and it is the site that does


def pages(rows: Sequence[Row], wrong: Sequence[Aside], since: Since, ear: Ear) -> Iterator[Page]:
    """All of the list, from the source on in which an unfinished round was."""
    names = [row.name for row in rows]
    begin = names.index(since.bookmark) if since.bookmark in names else 0
    looked = 0
    if wrong:
        yield Page(asides=tuple(wrong))
    for row in rows[begin:]:
        for page in _source(row, since.now, ear, looked):
            looked = page.total or looked
            yield page
    yield Page(done=Done(cursor=since.now.isoformat()))


def mention(row: Row, address: str, found: Document, dated: int) -> Mention:
    """What a document says. When: by its own words, else the earliest day that was told for it. Raises `NotUnderstood`
    where nothing says it."""
    when = published.instant(found.published)
    if when is None and dated:
        when = published.instant(datetime.fromordinal(dated).date().isoformat())
    if when is None:
        raise NotUnderstood("a document that says nowhere when it was published")
    return Mention(
        key=row.key(address),
        source=row.type,
        targets=tuple(each.identifier for each in found.evidence),
        url=found.url,
        title=found.title,
        occurred_at=when,
        policy_source=row.source,
        evidence=found.evidence,
        place=row.source,
    )


def _source(row: Row, now: datetime, ear: Ear, looked: int) -> Iterator[Page]:
    walk = _Walk(row, Memory(row, ear.noted), now, ear)
    last = walk.memory.listed_at
    if last is not None and now - last < EACH:
        return
    try:
        listing = sitemap.documents(ear.abroad, row, now)
    except (TryLater, NotAllowed, NotUnderstood) as error:
        aside = _aside(row, "its sitemap was not read", str(error))
        yield Page(asides=(aside,), bookmark=row.name, total=looked or None)
        return
    due = _due(listing.entries, walk.memory, now)
    for start in range(0, min(len(due), LOOKS), BATCH):
        batch = due[start : min(start + BATCH, LOOKS)]
        looked += len(batch)
        yield walk.page(batch, looked)
        if walk.ended:
            break
    else:
        walk.postpone()
    notes = {} if walk.ended or len(due) > LOOKS else walk.memory.listed(now)
    asides = _summary(row, walk, listing)
    yield Page(asides=asides, notes={**walk.memory.changed(), **notes}, bookmark=row.name, total=looked or None)


def _due(entries: Sequence[Entry], memory: Memory, now: datetime) -> list[Entry]:
    """What was never looked at, as the sitemap has it; then what has changed, the longest not looked at first."""
    today = day(now)
    new, changed = [], []
    for entry in entries:
        look = memory.find(entry.address)
        if look is None:
            new.append(entry)
        elif (look.mark != mark(entry) or not look.mark) and today - look.day >= (LEAST if mark(entry) else SILENT):
            changed.append((look.day, entry))
    return new + [entry for _, entry in sorted(changed, key=lambda each: each[0])]


@dataclass(slots=True)
class _Walk:
    """Through the documents of one row. `failed` are the last ones that could not be had, `why` what was said of it,
    and `asked` whether somebody asked for patience; `unreadable` counts those that were had, and could not be read."""

    row: Row
    memory: Memory
    now: datetime
    ear: Ear
    failed: list[Entry] = field(default_factory=list)
    why: str = ""
    asked: bool = False
    unreadable: int = 0

    @property
    def ended(self) -> bool:
        """Whether the site wants to be left alone for now."""
        return self.asked or len(self.failed) >= IN_A_ROW

    def page(self, entries: Sequence[Entry], looked: int) -> Page:
        """What these say, up to where the site does not answer any more."""
        told: list[Mention] = []
        for entry in entries:
            try:
                if (found := self._look(entry)) is not None:
                    told.append(found)
                self.postpone()
            except TryLater as error:
                self.failed.append(entry)
                self.why, self.asked = str(error), bool(error.after)
            if self.ended:
                break
        known = self.ear.told([each.key for each in told if each.deleted])
        return Page(
            mentions=tuple(each for each in told if not each.deleted or each.key in known),
            notes=self.memory.changed(),
            bookmark=self.row.name,
            total=looked,
        )

    def _look(self, entry: Entry) -> Mention | None:
        told, dated = None, self._dated(entry)
        try:
            found = document.read(self.ear.abroad, entry.address, self.row, self.ear.tracked)
            if found is None or not found.evidence:
                reason = "unlinked" if found else "gone"
                told = Mention(key=self.row.key(entry.address), deleted=True, reason=reason)
            else:
                dated = dated or day(found.modified)
                told = mention(self.row, entry.address, found, dated)
        except (NotAllowed, NotUnderstood):
            self.unreadable += 1
        self.memory.keep(entry.address, Look(mark(entry), day(self.now), dated))
        return told

    def postpone(self) -> None:
        """The site answers, so what failed were documents alone: they are tried another day, and hold up nothing."""
        for entry in self.failed:
            self.memory.keep(entry.address, Look("", day(self.now), self._dated(entry)))
        self.failed.clear()

    def _dated(self, entry: Entry) -> int:
        before = self.memory.find(entry.address)
        return (before.dated if before else 0) or day(entry.modified)


def _summary(row: Row, walk: _Walk, listing: Listing) -> tuple[Aside, ...]:
    """What a round could not do, in one line of each kind: a site may have thousands of files that nobody can read."""
    told = (
        (walk.why if walk.ended else "", "it is read on in the next round"),
        (walk.unreadable, "documents that could not be read, or that say nowhere when they were published"),
        (listing.broken, "a sitemap that its index names was not read"),
        (listing.more, f"documents beyond the newest {sitemap.MOST}, which are not looked at; set only"),
    )
    return tuple(_aside(row, reason, str(what)) for what, reason in told if what)


def _aside(row: Row, reason: str, evidence: str = "") -> Aside:
    return Aside(kind="policy source", key=row.name, reason=reason, place=row.source, evidence=evidence, keyless=False)
