"""The example connector, broken in one way each where it writes, or in its manners: what the suite must find."""

# ruff: noqa: ARG002 - what is broken often does not look at what it is given

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from ringmark_example import Example, Row

from connectors import (
    ConnectorError,
    Finding,
    Held,
    Identifier,
    Item,
    TryLater,
)

log = logging.getLogger(__name__)


class ComesUnnamed(Example):
    def told(self, path: str) -> tuple[Row, datetime]:
        with self.client.get(path, headers={"User-Agent": "python"}) as answer:
            assert answer.date is not None
            return self.document(answer), answer.date


class LogsItsPassword(Example):
    def told(self, path: str) -> tuple[Row, datetime]:
        password = self.settings.password.get_secret_value() if self.settings.password else ""
        log.debug("asking", extra={"path": path, "with": password})
        return super().told(path)


class LogsTitles(Example):
    def item(self, row: Row) -> Item:
        log.info("read %s", row["title"])
        return super().item(row)


class NamesPeople(Example):
    def check(self) -> Iterator[Finding]:
        yield from super().check()
        with suppress(ConnectorError):
            people, _ = self.told("/people")
            yield Finding(ok=True, what=", ".join(row["name"] for row in people["people"]))


class SaysNothingOfItself(Example):
    def check(self) -> Iterator[Finding]:
        return iter(())


class IsAlwaysContent(Example):
    def check(self) -> Iterator[Finding]:
        yield Finding(ok=True, what="all is well")


class TrustsTheSearch(Example):
    def carries(self, row: Row, wanted: Identifier) -> bool:
        return True


class WritesBeside(Example):
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, before, [*before.values, *values], permit=permit)


class ReadsInCapitals(Example):
    def read(self, address: str, field: str) -> Held | None:
        held = super().read(address, field)
        return replace(held, values=tuple(text.upper() for text in held.values)) if held else None


class BelievesItself(Example):
    believed: ClassVar[dict[str, Sequence[str]]] = {}

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, before, values, permit=permit)
        self.believed[self.client.base + address] = values

    def read(self, address: str, field: str) -> Held | None:
        held = super().read(address, field)
        return replace(held, values=tuple(self.believed.get(self.client.base + address, held.values))) if held else None


class WritesAgain(Example):
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        try:
            super().write(address, field, before, values, permit=permit)
        except TryLater:
            held = self.read(address, field) or before
            super().write(address, field, held, [*held.values, *values], permit=permit)


class WritesOverOthers(Example):
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, replace(before, guard="*"), values, permit=permit)


class ReadsOnlyOurs(Example):
    def read(self, address: str, field: str) -> Held | None:
        held = super().read(address, field)
        return replace(held, values=tuple(text for text in held.values if "/badge/" in text)) if held else None


class LeavesTheLast(Example):
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        if any("/badge/" in text for text in values):
            super().write(address, field, before, values, permit=permit)


class AsksNobody(Example):
    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, before, values, permit=lambda: True)


class AsksOnce(Example):
    """Two requests, and one question."""

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, before, values, permit=permit)
        super().write(address, field, replace(before, guard="*"), values, permit=lambda: True)


class TellsTheVersion(Example):
    def raw(self, row: Row) -> dict[str, str]:
        return {**super().raw(row), "modified": str(row.get("modified"))}


class ClearsWhatItReads(Example):
    def read(self, address: str, field: str) -> Held | None:
        self.client.change("PUT", f"/outputs/{address}/{field}", permit=lambda: True, body=b"[]").close()
        return super().read(address, field)


class RemembersWhatItRead(Example):
    """What it wrote it knows, until its process ends; what stands there it never asks."""

    known: ClassVar[dict[str, Held]] = {}

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        super().write(address, field, replace(before, guard="*"), values, permit=permit)
        self.known[self.client.base + address] = Held(values=tuple(values))

    def read(self, address: str, field: str) -> Held | None:
        return self.known.get(self.client.base + address, Held())


class BreaksAltogether(Example):
    def check(self) -> Iterator[Finding]:
        raise ZeroDivisionError


BROKEN: dict[str, Mapping[type[Example], str]] = {
    "right_item": {TrustsTheSearch: "badges written"},
    "written_once": {WritesBeside: "our values in the item", ReadsInCapitals: "ended as incomplete"},
    "read_back": {BelievesItself: "ended as done"},
    "lost_answer": {WritesAgain: "our values"},
    "others_edit": {WritesOverOthers: "was lost", ReadsOnlyOurs: "edited"},
    "withdrawal": {LeavesTheLast: "ended as incomplete"},
    "permission": {AsksNobody: "without permission", AsksOnce: "each time"},
    "echo": {TellsTheVersion: "changed and gone"},
    "dry_run": {ClearsWhatItReads: "in a dry run"},
    "killed_push": {RemembersWhatItRead: "after a push that was killed"},
}
"""By check: who breaks it, and words of what the suite says then."""

MANNERS: dict[str, Mapping[type[Example], str]] = {
    "who_asks": {ComesUnnamed: "each request"},
    "discretion": {LogsItsPassword: "the password stands in the log", LogsTitles: "the log", NamesPeople: "a message"},
    "right_settings": {SaysNothingOfItself: "nothing is said"},
    "wrong_settings": {IsAlwaysContent: "is not"},
}
"""The same of how a connector behaves, the last of the checks."""
