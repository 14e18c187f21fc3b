"""A webhook and a file drop, broken in one way each where they tell: what the conformance suite must find."""

# ruff: noqa: ARG002 - what is broken often does not look at what it is given

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self
from uuid import uuid4

from connectors import ConnectorError, Identifier, NotAllowed, Notice, NotUnderstood, Recalled, TryLater
from connectors.file_drop import FileDrop
from connectors.webhook import Webhook


class TellsNobody(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        if not permit():
            raise Recalled


class NamesAnother(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        other = Identifier("doi", "10.5555/another")
        super().tell(replace(notice, identifiers=(*notice.identifiers, other)), permit=permit)


class BelievesItsFile(FileDrop):
    """Where nothing is put, all that was asked for is believed to be there."""

    believed: str | None = None

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        if not permit():
            raise Recalled
        self.believed = hashlib.sha256(file.read_bytes()).hexdigest() if file else None

    def held(self, name: str) -> str | None:
        return self.believed


class TellsAgain(Webhook):
    """To be sure, everything that was told before is told once more."""

    told: ClassVar[dict[str, list[Notice]]] = {}

    def __enter__(self) -> Self:
        for notice in self.told.get(self.client.base, ()):
            super().tell(notice, permit=lambda: True)
        return super().__enter__()

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        super().tell(notice, permit=permit)
        self.told.setdefault(self.client.base, []).append(notice)


class AnnouncesOnce(Webhook):
    """It says that it tells no new scores, though a place would show them."""

    scores: ClassVar = False


class LooksAtItsOwn(FileDrop):
    """A file that it did not put there itself, since it was opened, it does not see."""

    dropped = False

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        super().drop(name, file, permit=permit)
        self.dropped = True

    def held(self, name: str) -> str | None:
        return super().held(name) if self.dropped else None


class NumbersAnew(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        super().tell(replace(notice, id=str(uuid4())), permit=permit)


class NumbersByOutput(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        super().tell(replace(notice, id=str(notice.output)), permit=permit)


class TakesTroubleForArrival(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        with suppress(ConnectorError):
            super().tell(notice, permit=permit)


class GivesUp(Webhook):
    """Where there was trouble once, nothing is told ever after."""

    given_up: ClassVar[set[str]] = set()

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        if self.client.base in self.given_up:
            raise TryLater("there was trouble before")
        try:
            super().tell(notice, permit=permit)
        except TryLater:
            self.given_up.add(self.client.base)
            raise


class TakesARefusalForAll(Webhook):
    """A 403 ends everything."""

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        try:
            super().tell(notice, permit=permit)
        except NotUnderstood as error:
            raise NotAllowed(str(error)) from None


class NeverWithdraws(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        if notice.score is not None:
            super().tell(notice, permit=permit)


class WithdrawsForEver(Webhook):
    withdrawn: ClassVar[set[tuple[str, int]]] = set()

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        output = (self.client.base, notice.output)
        if notice.score is None:
            self.withdrawn.add(output)
        if notice.score is None or output not in self.withdrawn:
            super().tell(notice, permit=permit)


class LeavesTheFile(FileDrop):
    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        if file is not None:
            super().drop(name, file, permit=permit)


class TellsUnasked(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        super().tell(notice, permit=lambda: True)


class AsksTooLate(FileDrop):
    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        super().drop(name, file, permit=lambda: True)
        if not permit():
            raise Recalled


class AsksForTheFirst(Webhook):
    """One question, whatever the answer, for all that it tells."""

    asked = False

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        already, self.asked = self.asked, True
        super().tell(notice, permit=(lambda: True) if already else permit)


class TellsTwice(Webhook):
    """Two requests, and one question."""

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        super().tell(notice, permit=permit)
        super().tell(notice, permit=lambda: True)


class TakesRecallForRefusal(Webhook):
    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        try:
            super().tell(notice, permit=permit)
        except Recalled:
            raise NotAllowed("no longer permitted; try again later") from None


class GreetsThePlace(Webhook):
    def __enter__(self) -> Self:
        self.client.change("POST", self.client.base, permit=lambda: True, body=b"{}").close()
        return super().__enter__()


class MakesWhatItReads(FileDrop):
    def held(self, name: str) -> str | None:
        held = super().held(name)
        assert self.settings.path
        (self.settings.path / name).touch()
        return held


class TellsInTheEnd(Webhook):
    """Everything together, when it is closed."""

    def __enter__(self) -> Self:
        self.kept: list[Notice] = []
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        for notice in self.kept:
            super().tell(notice, permit=lambda: True)
        super().__exit__()

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        if not permit():
            raise Recalled
        self.kept.append(notice)


class LocksTheFolder(FileDrop):
    """Nobody else puts a file there until it is closed."""

    def __exit__(self, *_: object) -> None:
        self.lock.unlink(missing_ok=True)
        super().__exit__()

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        if self.lock.exists():
            raise TryLater(f"{name}: somebody else is at work in the folder")
        self.lock.touch()
        super().drop(name, file, permit=permit)

    @property
    def lock(self) -> Path:
        assert self.settings.path
        return self.settings.path / "lock"


BROKEN: dict[str, Mapping[type[Webhook | FileDrop], str]] = {
    "told_what_shows": {
        TellsNobody: "after a first push, what the place shows",
        NamesAnother: "after a first push, what the place shows",
        BelievesItsFile: "after a first push, what the place shows",
    },
    "told_once": {
        TellsAgain: "with nothing new",
        LooksAtItsOwn: "with nothing new",
        AnnouncesOnce: "after a push of a new score, what the place shows another score of",
    },
    "same_notice": {
        NumbersAnew: "ids of them",
        NumbersByOutput: "after a withdrawal whose answer was lost",
        TakesTroubleForArrival: "ended as done",
    },
    "told_at_last": {TakesTroubleForArrival: "ended as done", GivesUp: "should end as done"},
    "told_apart": {TakesARefusalForAll: "withdrawals beside one"},
    "told_of_the_end": {
        NeverWithdraws: "after a withdrawal",
        WithdrawsForEver: "after it may show again",
        LeavesTheFile: "ended as failed",
    },
    "told_by_permission": {
        TellsUnasked: "raised nothing",
        AsksTooLate: "what was told without permission",
        AsksForTheFirst: "were not asked for",
        TellsTwice: "by one permission",
        TakesRecallForRefusal: "raised NotAllowed",
    },
    "told_in_mind": {GreetsThePlace: "in a dry run", MakesWhatItReads: "in a dry run"},
    "killed_teller": {
        TellsInTheEnd: "after a push that was killed",
        NumbersAnew: "one id",
        LocksTheFolder: "ended as failed",
    },
}
"""By check: who breaks it, and words of what the suite says then."""

PRACTICE = {
    kind.__name__: f"sandbox.{kind.manifest.kind}.practice:opened" for kinds in BROKEN.values() for kind in kinds
}
"""By kind: its practice system, that of the connector which it breaks."""
