"""One run: from where the last one ended to the moment at which it began, page by page."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.bluesky.acts import Act, act, mentions
from connectors.bluesky.events import LARGEST, WANTED, event
from connectors.bluesky.records import EPOCH
from connectors.clock import began
from connectors.errors import NotUnderstood
from connectors.http import Client
from connectors.records import Aside, Done, Page
from connectors.texts import one_line
from connectors.websocket import messages

SECOND = 1_000_000
LOOKBACK = 36 * 3600 * SECOND  # as far as a Jetstream goes back, without saying so where more is asked for
OVERLAP = 10 * SECOND  # read again after each connection: events are in order by and large only
AHEAD = 3600 * SECOND  # by which its clock may be ahead
QUIET = 20.0  # seconds without a word after which all has come: others speak all the time, but it may have to search
BATCH = 500  # acts that are looked up at once
MOST = 20_000  # events between two bookmarks
ENOUGH = 1000  # events among which there must be a post or a repost
EVIDENCE = 300  # characters of a message that was not understood


@dataclass(slots=True)
class _Run:
    """How far a run has come: `at` is the time up to which all has been read."""

    at: int
    looked: int = 0
    wanted: int = 0
    since_page: int = 0
    acts: list[Act] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether it is time for a page."""
        return len(self.acts) >= BATCH or len(self.asides) >= BATCH or self.since_page >= MOST

    def pages(self, ear: Ear) -> Iterator[Page]:
        """What has gathered, in pages of at most so many mentions; only the last has a bookmark."""
        told = mentions(self.acts, ear)
        while len(told) > BATCH:
            yield Page(mentions=tuple(told[:BATCH]), total=self.looked)
            del told[:BATCH]
        yield self._page(told)
        self.acts, self.asides, self.since_page = [], [], 0

    def _page(self, told: list[Mention]) -> Page:
        return Page(mentions=tuple(told), asides=tuple(self.asides), bookmark=str(self.at), total=self.looked)


def listen(client: Client, settings: Connection, since: Since, ear: Ear) -> Iterator[Page]:
    """Pages of what names something that is looked for, and at last the end, which says where the next run begins."""
    run = _Run(_begin(since))
    run.asides += _missed(run, since) if since.cursor or since.bookmark else ()
    with closing(messages(client, settings, lambda: address(settings, run.at - OVERLAP))) as stream:
        heard_at = client.clock()
        for message in stream:
            if message is None and client.clock() - heard_at < QUIET:
                continue
            if message is None:
                break
            heard_at = client.clock()
            if _take(run, message, ear, _micros(began(client.heard, since.now) or since.now)):
                break
            if run.full:
                yield from run.pages(ear)
    _same_shape(run)
    yield from run.pages(ear)
    yield Page(done=Done(cursor=str(run.at)))


def address(settings: Connection, cursor: int | None = None) -> str:
    """Where the stream is read from a time on; from now on without one."""
    asked = [("wantedCollections", each) for each in WANTED] + [("maxMessageSizeBytes", str(LARGEST))]
    asked += [("cursor", str(cursor))] if cursor is not None else []
    return f"{settings.url}/subscribe?{urlencode(asked)}"


def _begin(since: Since) -> int:
    told = since.bookmark or since.cursor
    if told is None:
        return _micros(since.now) - LOOKBACK
    try:
        return min(int(told), _micros(since.now))
    except ValueError:
        raise NotUnderstood("the stored cursor is no time; run a full pull") from None


def _missed(run: _Run, since: Since) -> Iterator[Aside]:
    """What a connection that was away for too long will never know."""
    if run.at < _micros(since.now) - LOOKBACK:
        reason = (
            "nobody listened for longer than the stream looks back: what was said and deleted meanwhile is not known"
        )
        yield Aside(kind="stream", reason=reason, place=f"from {_moment(run.at)} on", keyless=False, stored=True)


def _take(run: _Run, message: bytes, ear: Ear, now: int) -> bool:
    """Take one message in. Whether it is one that came after the run began, so that all before has been read."""
    run.looked += 1
    run.since_page += 1
    try:
        told = event(message)
        if told.at > now + AHEAD:
            raise NotUnderstood("says that it is from the future")
        if told.at > now:  # one that is far from the others may be wrong, and proves nothing of what was read
            run.at = now if told.at <= now + OVERLAP else run.at
            return True
        run.at = max(run.at, told.at)
        run.wanted += bool(told.operation)
        found = act(told, ear.tracked)
    except NotUnderstood as why:
        run.asides.append(_aside(message, str(why), run.at))
        return False
    if found:
        run.acts.append(found)
    return False


def _same_shape(run: _Run) -> None:
    """Raises `NotUnderstood` where no act was recognised among more events than there can be without any."""
    if run.looked >= ENOUGH and not run.wanted:
        raise NotUnderstood(f"among {run.looked} events no post and no repost; has the stream changed its shape?")


def _aside(message: bytes, why: str, at: int) -> Aside:
    evidence = one_line(message[:EVIDENCE].decode("utf-8", "replace"))
    return Aside(kind="event", reason=why, place=f"behind {_moment(at)}", evidence=evidence, keyless=False)


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(at: int) -> str:
    return (EPOCH + timedelta(microseconds=at)).isoformat(timespec="seconds")
