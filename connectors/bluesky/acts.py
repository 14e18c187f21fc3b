"""A batch of acts, in their order, as the mentions that they make, change and take back.

What a repost or a quote names is known only of posts that were told before, so a batch is looked up at once.
"""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from connectors import sightings
from connectors.attention import Account, Evidence, Mention
from connectors.base import Ear
from connectors.bluesky.events import POST, Event
from connectors.bluesky.records import digest, named, quoted, said, subject
from connectors.identifiers import Identifier
from connectors.texts import LONGEST_EXCERPT

SOURCE = "bluesky"

Names = tuple[Identifier, ...]


class Act(NamedTuple):
    """Something that may concern us: `own` is what it names itself, `of` the key of the post that it quotes or
    repeats."""

    event: Event
    own: tuple[Evidence, ...] = ()
    of: str = ""


def act(event: Event, known: Container[Identifier]) -> Act | None:
    """What an event may have to do with what is looked for; None for nothing. Raises `NotUnderstood`."""
    if event.operation == "delete" or event.gone:
        return Act(event)
    if not event.operation:
        return None
    if event.collection != POST:
        of = subject(event.record)
        return Act(event, of=of) if of else None
    found = Act(event, named(event.record, known), quoted(event.record))
    return found if found.own or found.of or event.operation == "update" else None


def mentions(acts: Sequence[Act], ear: Ear) -> list[Mention]:
    """What a batch of acts comes to, of each key the last word."""
    told = _Told(acts, ear)
    for each in acts:
        if each.event.gone:
            told.gone(each.event.did, each.event.gone)
        elif each.event.operation == "delete":
            told.taken_back(each.event.key, "deleted")
        else:
            told.made(each)
    return list(told.words.values())


class _Told:
    """What is told when the batch has been gone through as far as here: `names` by key, beginning with what the store
    has of all that the batch refers to."""

    def __init__(self, acts: Sequence[Act], ear: Ear) -> None:
        keys = {each.of for each in acts} | {each.event.key for each in acts if not each.event.gone}
        accounts = {each.event.did for each in acts if each.event.gone}
        by = set(ear.told_by(SOURCE, accounts)) if accounts else set()
        self.names: dict[str, Names] = dict.fromkeys(by, ()) | dict(ear.told(keys - {""}))
        self.words: dict[str, Mention] = {}

    def made(self, act: Act) -> None:
        """A post or a repost is there, or has changed; one that names nothing any more is taken back."""
        key = act.event.key
        evidence = (*act.own, *_second_hand(act, self.names))
        if evidence:
            self.names[key] = tuple(each.identifier for each in evidence)
            self.words[key] = _mention(act.event, evidence)
        elif act.event.collection == POST:
            self.taken_back(key, "unlinked")

    def taken_back(self, key: str, reason: str) -> None:
        """What was told under a key is so no more; nothing where nothing was."""
        if key in self.names:
            del self.names[key]
            self.words[key] = Mention(key=key, deleted=True, reason=reason)

    def gone(self, did: str, reason: str) -> None:
        """All that an account has said."""
        for key in [each for each in self.names if each.startswith(f"{did}/")]:
            self.taken_back(key, reason)


def _second_hand(act: Act, told: Mapping[str, Names]) -> list[Evidence]:
    """What an act names because the post that it quotes or repeats names it, beside what it names itself."""
    own = {each.identifier for each in act.own}
    method, word = ("quote", "quotes") if act.event.collection == POST else ("repost", "repeats")
    address = _page(act.of) if act.of else ""
    return [
        Evidence(
            identifier=identifier,
            method=method,
            level="lookup",
            excerpt=f"{word} {address}"[:LONGEST_EXCERPT],
            digest=digest(act.of),
            extractor=sightings.VERSION,
        )
        for identifier in told.get(act.of, ())
        if identifier not in own
    ]


def _mention(event: Event, evidence: tuple[Evidence, ...]) -> Mention:
    """A repost has no page of its own."""
    repost = event.collection != POST
    return Mention(
        key=event.key,
        source=SOURCE,
        targets=tuple(each.identifier for each in evidence),
        url="" if repost else _page(event.key),
        occurred_at=said(event),
        account=Account(key=event.did),
        repost=repost,
        evidence=evidence,
    )


def _page(key: str) -> str:
    did, _, rkey = key.split("/")
    return f"https://bsky.app/profile/{did}/post/{rkey}"
