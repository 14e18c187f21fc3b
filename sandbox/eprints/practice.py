"""The practice EPrints as the conformance suite drives it: each output is an eprint that carries its DOI.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sandbox.eprints import PracticeEPrints, practice_eprints
from sandbox.eprints.faults import EPrintsFault
from sandbox.eprints.records import made
from sandbox.practised import OnServer

FIELD = "attention_badge"
BY_HAND = "by hand"
PAGE_SIZE = 4
LEVELS = {"public": "show", "private": "hide", "internal": "hide"}
"""An EPrints shows a record to everybody or hides it; it has nothing for members alone."""

MIDDLE = "verb=ListIdentifiers.*offset"
NO_GUARD = (
    "an EPrints takes a whole field and has no guard (it ignores If-Match): what somebody writes between our reading "
    "and our writing is lost, so the field must be one that nobody else writes to"
)


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an EPrints needs no files
    """One practice EPrints until the block ends."""
    with practice_eprints() as server:
        server.page_size = PAGE_SIZE
        yield Practised(server)


class Practised(OnServer[PracticeEPrints]):
    """A running one."""

    levels = ("private", "public")

    def __init__(self, server: PracticeEPrints) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {
            "url": server.url,
            "username": server.username,
            "field": FIELD,
        }
        self.secrets: Mapping[str, str] = {"password": server.password}
        self.lacks: Mapping[str, str] = {"edited meanwhile": NO_GUARD}

    def at(self, moment: datetime) -> None:
        """The repository's clock, by which everything is stamped."""
        self.server.clock = lambda: moment

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,
        authors: Mapping[int, str],  # noqa: ARG002
        dated: bool = True,
    ) -> None:
        """An article with that title and DOI; a word that is no level is told as it stands."""
        told = {"title": title, "id_number": doi, "metadata_visibility": LEVELS.get(level, level)}
        known = self.server.eprints.get(number)
        if known is None or known.status != "archive":
            self.server.put(made(number, **told))
            return
        self.server.edit(number, **told)
        changed = self.server.eprints[number]
        self.server.eprints[number] = replace(changed, lastmod=self.server.now() if dated else known.lastmod)

    def remove(self, number: int) -> None:
        """An eprint is retired, which its header tells."""
        self.server.move(number, "deletion")

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults += self._faults(name)

    def held(self, number: int) -> tuple[str, ...]:
        """What the eprint holds, line by line."""
        return tuple(self.server.eprints[number].text(FIELD).splitlines())

    def edit(self, number: int, *texts: str) -> None:
        """By hand, in the user interface."""
        self.server.edit(number, **{FIELD: "\r\n".join(texts)})

    def _faults(self, name: str) -> list[EPrintsFault]:
        match name:
            case "truncated":
                return [EPrintsFault("truncated", address=MIDDLE, times=None)]
            case "cut short":
                return [EPrintsFault("cut short", address=MIDDLE, times=None)]
            case "last page empty":
                return [EPrintsFault("no rows", address=f"{MIDDLE}%253D{self._last()}$", times=None)]
            case "page again":
                return [EPrintsFault("same page", address=MIDDLE, times=None)]
            case "empty list":
                return [EPrintsFault("no rows", address="verb=ListIdentifiers", times=None)]
            case "shuffled" | "repeated":
                return [EPrintsFault(name, address="verb=ListIdentifiers", times=None)]
            case "server error":
                return [EPrintsFault("status", address=MIDDLE, times=None), *_writes("status", times=None)]
            case "server error once":
                return [EPrintsFault("status", address=MIDDLE), *_writes("status")]
            case "too many requests":
                asked = {"status": 429, "retry_after": "7"}
                return [EPrintsFault("status", address=MIDDLE, **asked), *_writes("status", **asked)]  # type: ignore[arg-type]
            case "login ended":
                return [
                    EPrintsFault("status", address=r"/rest/eprint/5\.xml", status=401),
                    *_writes("status", status=401),
                ]
            case "forgets":
                return _writes("forget", times=None)
            case "answer lost":
                return _writes("hang up after")
        raise KeyError(name)

    def _last(self) -> int:
        """After which id the last page begins."""
        ids = sorted(self.server.eprints)
        return ids[(len(ids) - 1) // PAGE_SIZE * PAGE_SIZE - 1] + 1


def _writes(what: str, **more: object) -> list[EPrintsFault]:
    return [EPrintsFault(what, method="PUT", **more)]  # type: ignore[arg-type]
