"""Hearing what the world says: streams that are read whole, of which only what names something of ours is kept."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.attention import Mention
from connectors.base import Ear, Listens
from connectors.errors import ConnectorError, NotUnderstood
from connectors.records import Aside, Page
from sync import store
from sync.store import Applied, Source, Store

if TYPE_CHECKING:
    from connectors.abroad import Abroad

LOOKS = 200  # mentions that are looked at again in one run
AHEAD = store.DAY  # by which a clock elsewhere may be ahead, time zones that were forgotten included

Clock = Callable[[], int]
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
    ahead = [each for each in ours if each.occurred_at is not None and store.micros(each.occurred_at) > now + AHEAD]
    asides = (*page.asides, *map(_from_tomorrow, ahead))
    return replace(page, mentions=tuple(each for each in ours if each not in ahead), asides=asides)


def _from_tomorrow(mention: Mention) -> Aside:
    """A clock that is wrong by so much says nothing of when it was, and what is yet to come cannot have been seen."""
    words = f"{mention.url} {mention.occurred_at}"
    return Aside(kind="mention", reason="says that it is from the future", place=mention.place, evidence=words,
                 key=mention.key, keyless=False)  # fmt: skip


def _ours(mention: Mention, ear: Ear) -> Mention:
    """The mention, naming only what is looked for and was seen in it; one that names nothing of the kind is taken back,
    which is nothing to do where it was never told."""
    seen = tuple(each for each in mention.evidence if each.identifier in ear.tracked)
    if mention.deleted or not seen:
        return Mention(key=mention.key, deleted=True, reason=mention.reason or "unlinked", place=mention.place)
    return replace(mention, targets=tuple(each.identifier for each in seen), evidence=seen)


def look_again(house: Store, source: Source, connector: Listens, ear: Ear, *, clock: Clock) -> Iterator[Applied]:
    """Look at those mentions whose time has come. One that cannot be looked at now stays as it is."""
    if not connector.manifest.looks_again:
        return
    for due in store.hearing.due(house, source, now=clock(), most=LOOKS):
        try:
            mention = connector.again(due.key, due.url, ear)
        except ConnectorError:
            mention = None
        if mention is not None:
            yield store.apply(house, source, heard(Page(mentions=(mention,)), ear, clock()), now=clock())
        store.hearing.looked_at(house, [due], now=clock())
