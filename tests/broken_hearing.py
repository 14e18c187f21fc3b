"""Mastodon, broken in one way each where it is listened to: what the conformance suite must find."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

import requests

from connectors import ConnectorError, Done, Ear, Mention, Page, Since
from connectors.mastodon import Mastodon
from sync.conformance.hearing import WORKS


class HearsNobody(Mastodon):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        return (replace(page, mentions=()) for page in super().listen(since, ear))


class TellsNoAddress(Mastodon):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        for page in super().listen(since, ear):
            yield replace(page, mentions=tuple(replace(each, url="") for each in page.mentions))


class AsksForWhatItLooksFor(Mastodon):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        with self.client.get("/api/v2/search", {"q": WORKS[0].doi}):
            pass
        return super().listen(since, ear)


class CallsThemAnew(Mastodon):
    """Each run has keys of its own."""

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        run = since.now.isoformat()
        for page in super().listen(replace(since, cursor=None, bookmark=None), ear):
            yield replace(page, mentions=tuple(replace(each, key=f"{each.key} {run}") for each in page.mentions))


class HearsOnce(Mastodon):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        return iter([Page(done=Done(cursor=since.cursor))]) if since.cursor else super().listen(since, ear)


class NeverLooksAgain(Mastodon):
    def again(self, key: str, url: str, ear: Ear) -> Mention | None:  # noqa: ARG002
        return None


class KeepsTheFirstWord(NeverLooksAgain):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        for page in super().listen(since, ear):
            known = ear.told([each.key for each in page.mentions])
            yield replace(page, mentions=tuple(each for each in page.mentions if each.key not in known))


class BelievesNoFuture(Mastodon):
    """What cannot be is made to fit."""

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        for page in super().listen(since, ear):
            told = (replace(each, occurred_at=min(each.occurred_at or since.now, since.now)) for each in page.mentions)
            yield replace(page, mentions=tuple(told))


class TakesTroubleForSilence(Mastodon):
    """Where it gets no answer, nobody has ever spoken."""

    told: ClassVar[set[str]] = set()

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        try:
            for page in super().listen(since, ear):
                self.told.update(each.key for each in page.mentions)
                yield page
        except ConnectorError:
            yield Page(mentions=tuple(Mention(key=key, deleted=True) for key in sorted(self.told)))
            yield Page(done=Done(cursor=since.cursor))


class TakesPatienceForSilence(Mastodon):
    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        first = requests.get(f"{self.settings.url}/api/v1/timelines/public", timeout=10)
        return iter([Page(done=Done())]) if first.status_code == 429 else super().listen(since, ear)


BROKEN: dict[str, Mapping[type[Mastodon], str]] = {
    "hears_what_is_ours": {HearsNobody: "how many acts were heard of which output"},
    "proves_what_it_hears": {TellsNoAddress: "should have a web address"},
    "learns_nothing_of_us": {AsksForWhatItLooksFor: "should not say what is looked for"},
    "heard_twice_is_once": {CallsThemAnew: "the mentions after another run"},
    "goes_on_hearing": {HearsOnce: "spoken of twice"},
    "taken_back": {NeverLooksAgain: "after one was deleted"},
    "edited": {KeepsTheFirstWord: "after one was edited"},
    "not_from_the_future": {BelievesNoFuture: "how many acts were heard of which output"},
    "a_failure_costs_nothing": {TakesTroubleForSilence: "after a failure"},
    "half_an_answer": {TakesTroubleForSilence: "after half an answer"},
    "hearing_waits": {TakesPatienceForSilence: "after a 429"},
    "killed_listening": {CallsThemAnew: "how many acts were heard of which output"},
}
"""By check: who breaks it, and words of what the suite says then."""

PRACTICE = {kind.__name__: "sandbox.mastodon.practice:opened" for kinds in BROKEN.values() for kind in kinds}
"""By kind: what it is examined at."""
