"""Hearing what the world says: streams that are read whole, of which only what names something of ours is kept."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.attention import Mention
from connectors.base import Ear, Listens
from connectors.errors import ConnectorError, NotUnderstood, TryLater
from connectors.records import Aside, Page
from sync import store
from sync.store import Applied, Source, Store

if TYPE_CHECKING:
    from connectors.abroad import Abroad

LOOKS = 200  # mentions that are looked at again in one run
IN_A_ROW = 5  # of them that could not be looked at: then it is not the mentions
AHEAD = store.DAY  # by which a clock elsewhere may be ahead, time zones that were forgotten included

Clock = Callable[[], int]
Stop = Callable[[], bool]
Way = Callable[[], "Abroad"]


@contextmanager
def ear(house: Store, source: Source, way: Way) -> Iterator[Ear]:
    """What a connector that listens is given for one run; `way` leads to hosts that nobody configured."""
    from connectors.sightings import Tracked  # with parsers, which few commands need

    with closing(way()) as abroad:
        yield Ear(
            tracked=Tracked(store.hearing.looked_for(house)),
            abroad=abroad,
            noted=lambda name: store.notes.find(house, source, name),
            told=lambda keys: store.hearing.told(house, source, keys),
            told_by=lambda of, accounts: store.hearing.told_by(house, source, of, accounts),
        )


def heard(page: Page, ear: Ear, now: int) -> Page:
    """What of a page is taken in. Raises `NotUnderstood` for a page of anything but attention."""
    if page.people or page.groups or page.members or page.items or page.authorships or page.gone or page.tallies:
        raise NotUnderstood("a connector that listens told of something that is no mention")
    ours = [_ours(mention, ear) for mention in page.mentions]
    asides = (*page.asides, *(_from_tomorrow(each) for each in ours if _is_ahead(each, now)))
    return replace(page, mentions=tuple(each for each in ours if not _is_ahead(each, now)), asides=asides)


def _is_ahead(mention: Mention, now: int) -> bool:
    """A clock that is wrong by so much says nothing of when it was, and what is yet to come cannot have been seen."""
    return mention.occurred_at is not None and store.micros(mention.occurred_at) > now + AHEAD


def _from_tomorrow(mention: Mention) -> Aside:
    """Without key and address, which say who spoke: it may be somebody who was erased."""
    when = f"{mention.source} {mention.occurred_at}"
    return Aside(
        kind="mention", reason="says that it is from the future", place=mention.place, evidence=when, keyless=False
    )


def _ours(mention: Mention, ear: Ear) -> Mention:
    """The mention, naming only what is looked for and was seen in it; one that names nothing of the kind is taken back,
    which is nothing to do where it was never told."""
    seen = tuple(each for each in mention.evidence if each.identifier in ear.tracked)
    if mention.deleted or not seen:
        return Mention(key=mention.key, deleted=True, reason=mention.reason or "unlinked", place=mention.place)
    return replace(mention, targets=tuple(each.identifier for each in seen), evidence=seen)


def look_again(
    house: Store, source: Source, connector: Listens, ear: Ear, *, clock: Clock, stop: Stop
) -> Iterator[Applied]:
    """Look at those mentions whose time has come, as far as what they speak of may be known there. One that cannot be
    looked at now stays as it is; where none can, the others are not tried."""
    if not connector.manifest.looks_again:
        return
    least, in_a_row = int(connector.settings.ask_about), 0
    for due in store.hearing.due(house, source, now=clock(), most=LOOKS):
        if stop() or in_a_row == IN_A_ROW:
            return
        again_at = clock() + store.hearing.wait(clock() - due.occurred_at)
        if store.hearing.may_look(house, due, least=least, now=clock()):
            known = replace(ear, tracked=ear.tracked.beside(ear.told([due.key]).get(due.key, ())))
            try:
                mention, in_a_row = connector.again(due.key, due.url, known), 0
            except TryLater:
                if stop():
                    return
                mention, in_a_row, again_at = None, in_a_row + 1, clock() + store.DAY
            except ConnectorError:
                mention, in_a_row = None, 0
            if mention is not None:
                yield store.apply(house, source, heard(Page(mentions=(mention,)), known, clock()), now=clock())
        store.hearing.look_after(house, due, again_at)
