"""Crossref, broken in one way each where it asks about single outputs: what the conformance suite must find."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

import requests

from connectors import ConnectorError, Identifier, Learned, NotUnderstood, Recalled, TryLater
from connectors.crossref import Crossref

Permit = Callable[[], bool]


class ForgetsTheLast(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        return super().ask(about[:-1], permit=permit)


class AsksAboutTheNext(Crossref):
    """Who has one part of a series is taken to have the next one."""

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        return super().ask([*about, *map(self.following, about)], permit=permit)

    def following(self, doi: Identifier) -> Identifier:
        series, _, number = doi.value.rpartition(".")
        return Identifier("doi", f"{series}.{int(number) + 1}")


class AsksWithoutPermission(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:  # noqa: ARG002
        return super().ask(about, permit=lambda: True)


class TakesAClosedOneForTheEnd(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        with suppress(Recalled):
            yield from super().ask(about, permit=permit)


class UnderstandsNothing(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        if list(super().ask(about, permit=permit)):
            raise NotUnderstood("no journal that is known here")
        return iter(())


class KeepsItsAnswers(Crossref):
    """What it was told once it never asks again, until its process ends."""

    told: ClassVar[dict[tuple[str, Identifier], Learned]] = {}

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        new = [each for each in about if (self.client.base, each) not in self.told]
        self.told.update({(self.client.base, each.asked): each for each in super().ask(new, permit=permit)})
        yield from (self.told[self.client.base, each] for each in about)


class AnswersInCapitals(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        for each in super().ask(about, permit=permit):
            yield replace(each, asked=Identifier("doi", each.asked.value.upper()))


class UnderstandsOneAtATime(Crossref):
    """And says nothing of that in its manifest."""

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        told = list(super().ask(about, permit=permit))
        if len(about) > 1:
            raise NotUnderstood("more than one work in the answer")
        yield from told


class TakesRefusedForUnknown(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        with suppress(NotUnderstood):
            yield from super().ask(about, permit=permit)


class TakesRefusedForTrouble(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        try:
            yield from super().ask(about, permit=permit)
        except NotUnderstood as error:
            raise TryLater(str(error)) from error


class MixesUpTheAnswers(Crossref):
    """Answers come in an order of their own, which it takes for that of the questions backwards."""

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        told = list(super().ask(about, permit=permit))
        for each, answer in zip(about, reversed(told), strict=False):
            yield replace(answer, asked=each, doi=each)


class RepeatsAtOnce(Crossref):
    """By a way of its own, which knows nothing of waiting."""

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        while requests.get(f"{self.client.base}/works", timeout=10).status_code == 429:
            pass
        return super().ask(about, permit=permit)


class WaitsAndAsksNoMore(Crossref):
    """Each question leaves once."""

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        once = [permit]
        with suppress(Recalled):
            yield from super().ask(about, permit=lambda: bool(once) and once.pop()())


class TakesTroubleForUnknown(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        with suppress(ConnectorError):
            yield from super().ask(about, permit=permit)


class TakesTheFirstTroubleForUnknown(Crossref):
    """It asks in pairs, and only its second trouble is one."""

    manifest: ClassVar = replace(Crossref.manifest, at_a_time=2)
    troubled = False

    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        try:
            yield from super().ask(about, permit=permit)
        except TryLater:
            if self.troubled:
                raise
            self.troubled = True
            yield from self.instead(about)

    def instead(self, about: Sequence[Identifier]) -> Iterator[Learned]:  # noqa: ARG002
        return iter(())


class TakesTheFirstTroubleForAnAnswer(TakesTheFirstTroubleForUnknown):
    def instead(self, about: Sequence[Identifier]) -> Iterator[Learned]:
        return (Learned(asked=each, doi=each) for each in about)


class TellsNoNames(Crossref):
    def ask(self, about: Sequence[Identifier], *, permit: Permit) -> Iterator[Learned]:
        return (replace(each, versions=()) for each in super().ask(about, permit=permit))


BROKEN: dict[str, Mapping[type[Crossref], str]] = {
    "asks_what_may_be_asked": {
        ForgetsTheLast: "what was asked about: expected",
        AsksAboutTheNext: "what was asked about: expected",
    },
    "permission_ends": {
        AsksWithoutPermission: "was asked about again",
        TakesAClosedOneForTheEnd: "were not asked about",
    },
    "asked_by_age": {
        UnderstandsNothing: "asked about again after a day",
        KeepsItsAnswers: "a full run asked about",
        AnswersInCapitals: "a full run asked about",
    },
    "killed_asking": {ForgetsTheLast: "before the kill", UnderstandsOneAtATime: "after the kill"},
    "one_refused": {
        TakesRefusedForUnknown: "should say so",
        TakesRefusedForTrouble: "ended as failed",
        MixesUpTheAnswers: "the scores after what the service says",
    },
    "asking_waits": {RepeatsAtOnce: "were waited", WaitsAndAsksNoMore: "of how many"},
    "asking_fails": {
        TakesTroubleForUnknown: "ended as done",
        TakesTheFirstTroubleForAnAnswer: "the scores after a failed run",
        TakesTheFirstTroubleForUnknown: "asked about after a failed run",
    },
    "learned_counts": {TellsNoNames: "the service's own names", MixesUpTheAnswers: "the service's own names"},
    "forgotten_with_its_output": {ForgetsTheLast: "of how many something is known"},
}
"""By check: who breaks it, and words of what the suite says then."""

PRACTICE = {kind.__name__: "sandbox.enrichers.practice:crossref" for kinds in BROKEN.values() for kind in kinds}
"""By kind: what it is examined at."""
