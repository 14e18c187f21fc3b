"""Alarms: look at what is so, keep since when, tell those who want to know, once, and again when it is solved."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Literal

from config.settings import Settings
from sync import push, steps, store
from sync.alarms import certificates, disk, mail, reread, webhook
from sync.alarms.letter import Letter, letter
from sync.post import Undelivered
from sync.store import Alarm, Expected, News, Store

__all__ = ["Looked", "Sent", "expected", "look", "others", "try_out", "ways"]

log = logging.getLogger(__name__)

Clock = Callable[[], int]  # microseconds since 1970, in UTC
Way = Literal["mail", "webhook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one message. `why` is empty when it arrived everywhere."""

    alarms: int
    arrived: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What stands, and what was told of it, by the way on which it was sent."""

    alarms: list[Alarm]
    sent: dict[Way, Sent] = field(default_factory=dict)


def look(house: Store, settings: Settings, *, clock: Clock) -> Looked:
    """Look at everything, and tell what is new, what is solved, and after a week what still stands.

    Two may look at once: what one of them tells, the other does not."""
    certificates.look(house, settings, now=clock())
    now = clock()
    found = [*store.troubles(house, expected(house, settings), now=now), *others(house, settings, now=now)]
    store.alarms.notice(house, found, now=now)
    sent: dict[Way, Sent] = {}
    for way in ways(settings):
        news = store.alarms.claim(house, way, now=clock())
        if news:
            sent[way] = _send(way, settings, letter(settings.institution.name, news), clock)
            _keep(house, way, news, sent[way], clock)
    log.info("looked", extra={"alarms": len(found), "told": {way: each.arrived for way, each in sent.items()}})
    return Looked(alarms=found, sent=sent)


def try_out(house: Store, settings: Settings, *, clock: Clock) -> dict[Way, Sent]:
    """Send a message by every way, and nothing of what stands. What did not arrive before is tried again at once."""
    sent = {way: _send(way, settings, letter(settings.institution.name, ()), clock) for way in ways(settings)}
    for way, each in sent.items():
        if each.arrived:
            _keep(house, way, (), each, clock)
    return sent


def ways(settings: Settings) -> list[Way]:
    """How somebody is told, by these settings."""
    told: Mapping[Way, object] = {"mail": settings.alarms.mail_to, "webhook": settings.alarms.webhook}
    return [way for way, where in told.items() if where]


def expected(house: Store, settings: Settings) -> Expected:
    """What the store is held against."""
    return Expected(
        scope=settings.scope,
        targets=push.targets(house, settings),
        connections=settings.connections,
        pulled=steps.pullable(settings),
        lag=settings.alarms.lag // timedelta(microseconds=1),
    )


def others(house: Store, settings: Settings, *, now: int) -> list[Alarm]:
    """What somebody should look at and the store cannot know by itself; asks nobody."""
    with house.read() as db:
        unheard = store.alarms.undelivered(db, ways(settings))
    found: Iterable[Alarm] = chain(
        certificates.ending(house, settings, now=now),
        disk.full(house, settings.alarms),
        reread.overdue(house, settings, now=now),
        reread.given_up(house, settings),
        unheard,
    )
    return list(found)


def _send(way: Way, settings: Settings, told: Letter, clock: Clock) -> Sent:
    send = partial(mail.send, now=clock()) if way == "mail" else webhook.send
    count = len(told.data["alarms"])
    try:
        return Sent(alarms=count, arrived=True, why=send(settings.alarms, told))
    except Undelivered as failed:
        log.warning("alarms did not arrive", extra={"way": way, "alarms": count})
        return Sent(alarms=count, arrived=False, why=str(failed))


def _keep(house: Store, way: Way, news: Sequence[News], sent: Sent, clock: Clock) -> None:
    if sent.arrived:
        store.alarms.told(house, way, news, why=sent.why, now=clock())
    else:
        store.alarms.untold(house, way, sent.why, now=clock())
