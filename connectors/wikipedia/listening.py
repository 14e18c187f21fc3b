"""One run: on a full one the lists of links of some wikis, then the stream up to the moment at which it began."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from config.settings import Connection
from connectors import clock, sightings
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.errors import NotUnderstood, TryLater
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.records import Aside, Done, Page
from connectors.texts import one_line
from connectors.wikipedia.changes import LINKS, Change, Place, change
from connectors.wikipedia.messages import Message
from connectors.wikipedia.position import Listed, Position, plain
from connectors.wikipedia.reading import Hint, Reading
from connectors.wikipedia.stream import Stream
from connectors.wikipedia.wikis import domain_of

KEPT = timedelta(days=7)  # which the stream keeps, as far as anybody was promised
AHEAD = timedelta(days=1)  # a clock that is further ahead is wrong, and ends no run
MOST, MOST_OURS, MOST_ODD = 20_000, 200, 200  # messages of one page, and of these what is read, and what is set aside
ODD_IN_A_ROW = 5  # articles that are not understood, and none that is: then it is the wiki that has changed
LINKLESS = 5_000  # changes of links in a row without any to another site: then it is the stream
HOSTS = ("doi.org", "dx.doi.org")  # whose links a full run goes through
LISTS = tuple((host, protocol) for host in HOSTS for protocol in ("https", "http"))


@dataclass(slots=True)
class _Batch:
    """What one connection brought: which articles are to be read, and how far it came."""

    position: Position
    hints: dict[str, Hint] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    messages: int = 0
    ours: int = 0
    reached: bool = False

    @property
    def full(self) -> bool:
        """Whether it is stored before more is read."""
        return self.messages >= MOST or self.ours >= MOST_OURS or len(self.asides) >= MOST_ODD


class Listening:
    """One run."""

    def __init__(self, settings: Connection, client: Client, since: Since, ear: Ear) -> None:
        self._settings, self._client, self._since, self._ear = settings, client, since, ear
        self._stream, self._reading = Stream(client), Reading(settings, client, ear)
        self._end: datetime | None = None
        self._seen = self._linkless = 0

    def pages(self) -> Iterator[Page]:
        """All of it."""
        since = self._since
        listed = Listed.read(since.bookmark) if since.bookmark else Listed() if since.cursor is None else None
        if listed:
            yield from self._lists(listed)
        kept = (since.bookmark if not listed else None) or since.cursor or since.memory
        position = Position.read(kept) if kept else Position(id="", at=since.now - KEPT)
        if position.at < since.now - KEPT:
            yield Page(asides=(_unheard(position.at, since.now - KEPT),))
            position = Position(id="", at=since.now - KEPT)
        while True:
            batch = self._batch(position)
            self._seen += batch.messages
            mentions, notes, asides = self._read(batch.hints)
            yield Page(
                mentions=mentions,
                notes=notes,
                asides=(*batch.asides, *asides),
                bookmark=batch.position.written,
                total=self._seen or None,
            )
            position = batch.position
            if batch.reached:
                yield Page(done=Done(cursor=position.written))
                return

    # The stream --------------------------------------------------------------------------------------------------

    def _batch(self, position: Position) -> _Batch:
        """Raises `TryLater` where a connection brings nothing: all the world's Wikipedias are never silent."""
        batch = _Batch(position)
        with self._stream.after(position) as messages:
            self._end = self._end or clock.began(self._client.heard, self._since.now) or self._since.now
            for message in messages:
                self._take(message, batch)
                if batch.reached or batch.full:
                    break
        if not batch.reached and batch.position == position:
            raise TryLater("the stream tells nothing new, and has not reached the present; try again later")
        return batch

    def _take(self, message: Message, batch: _Batch) -> None:
        batch.messages += 1
        at = batch.position.at
        try:
            told = change(message)
            if told.at > self._since.now + AHEAD:
                raise NotUnderstood("says that it is from the future")
        except NotUnderstood as odd:
            batch.asides.append(_aside(message, odd))
        else:
            at = told.at
            batch.reached = told.stream == LINKS and self._end is not None and told.at >= self._end
            self._hear(told, batch)
        batch.position = Position(id=plain(message.id), at=at)

    def _hear(self, told: Change, batch: _Batch) -> None:
        place = told.place
        if place is None or (self._settings.sets and place.database not in self._settings.sets):
            return
        if told.stream == LINKS:
            self._linkless = 0 if told.links else self._linkless + 1
            if self._linkless >= LINKLESS:
                raise NotUnderstood(f"{LINKLESS} changes of links, none to another site: has the stream changed?")
            if not told.links:
                return
        ours = told.entered or any(True for _ in self._wanted(told.added))
        hint = Hint(place=place, at=told.at if ours else None, last=told.at, revision=told.revision)
        batch.ours += ours
        if place.key in batch.hints:
            batch.hints[place.key].and_then(hint)
        else:
            batch.hints[place.key] = hint

    def _wanted(self, links: Iterable[str]) -> Iterator[Identifier]:
        for link in links:
            for sighting in self._ear.tracked.wanted(sightings.address(link)):
                yield sighting.identifier

    def _read(self, hints: Mapping[str, Hint]) -> tuple[tuple[Mention, ...], dict[str, str], list[Aside]]:
        """What the articles say to which a link of ours came, and those that were told before."""
        told = self._ear.told(hints) if hints else {}
        return self._each(
            {
                key: partial(self._reading.heard, hint, told=key in told, now=self._since.now)
                for key, hint in hints.items()
                if hint.at or key in told
            }
        )

    # The lists ---------------------------------------------------------------------------------------------------

    def _lists(self, place: Listed) -> Iterator[Page]:
        """Every link of the wikis of the settings to a host of `HOSTS`, so that no wiki learns which of them are ours;
        then the articles with those that are."""
        while place.wiki < len(self._settings.sets):
            database = self._settings.sets[place.wiki]
            host, protocol = LISTS[min(place.part, len(LISTS) - 1)]
            rows, more = self._reading.wiki(domain_of(database)).linking(host, protocol, place.more)
            self._seen += len(rows)
            mentions, notes, asides = self._listed(database, rows)
            last = place.part + 1 >= len(LISTS)
            if more:
                place = Listed(wiki=place.wiki, part=place.part, more=more)
            else:
                place = Listed(wiki=place.wiki + last, part=0 if last else place.part + 1)
            yield Page(
                mentions=mentions, notes=notes, asides=tuple(asides), bookmark=place.written, total=self._seen or None
            )

    def _listed(
        self, database: str, rows: Iterable[tuple[int, str]]
    ) -> tuple[tuple[Mention, ...], dict[str, str], list[Aside]]:
        """What the articles of some rows say, as far as it is not known already."""
        named: dict[Place, set[Identifier]] = {}
        for page, link in rows:
            found = set(self._wanted([link])) if page > 0 else None
            if found:
                place = Place(database=database, domain=domain_of(database), page=page)
                named.setdefault(place, set()).update(found)
        told = self._ear.told([place.key for place in named]) if named else {}
        return self._each(
            {
                place.key: partial(self._reading.found, place, told=place.key in told)
                for place, found in named.items()
                if not found <= set(told.get(place.key, ()))
            }
        )

    def _each(
        self, readings: Mapping[str, Callable[[], Mention | None]]
    ) -> tuple[tuple[Mention, ...], dict[str, str], list[Aside]]:
        """What articles say, what is to be noted of them, and those that were not understood."""
        mentions: list[Mention] = []
        asides: list[Aside] = []
        understood = 0
        for key, read in readings.items():
            try:
                said = read()
                understood += 1
            except NotUnderstood as odd:
                asides.append(Aside(kind="mention", reason=str(odd), place=key, key=key, keyless=False))
                if len(asides) >= ODD_IN_A_ROW and not understood:
                    raise
            else:
                mentions += [said] if said else []
        return tuple(mentions), {each.key: self._reading.note(each, self._since.now) for each in mentions}, asides


def _unheard(last: datetime, first: datetime) -> Aside:
    since = f"{last.date()} to {first.date()}"
    mend = "a full run finds what is still there, in the wikis that sets names"
    return Aside(kind="mention", reason=f"was not heard: the stream keeps {KEPT.days} days; {mend}", place="the stream",
                 evidence=since, keyless=False)  # fmt: skip


def _aside(message: Message, odd: NotUnderstood) -> Aside:
    """Which message it was. Its words are not kept: they name who has edited, and can be asked for again by its id."""
    evidence = one_line(f"{len(message.data)} bytes, {message.id or 'without an id'}")
    return Aside(kind="mention", reason=str(odd), place="the stream", evidence=evidence[:1000], keyless=False)
