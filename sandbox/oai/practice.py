"""The practice data provider as the conformance suite drives it: each output is a record with its DOI.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.faults import Fault
from sandbox.oai import OaiRecord, PracticeOai, Ways, practice_oai
from sandbox.oai.metadata import dublin_core
from sandbox.practised import OnServer

PER_PAGE = 4
LIST, MIDDLE = "verb=ListRecords", "verb=ListRecords&resumptionToken="
NO_WRITING = "the protocol only reads"
OPEN = "what everybody may harvest needs no login, and what needs one is not assumed to be public"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a data provider needs no files
    """One practice data provider until the block ends."""
    with practice_oai(ways=Ways(per_page=PER_PAGE)) as server:
        yield Practised(server)


class Practised(OnServer[PracticeOai]):
    """A running one."""

    def __init__(self, server: PracticeOai) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = {
            **dict.fromkeys(("writes", "forgets", "answer lost", "edited meanwhile"), NO_WRITING),
            **dict.fromkeys(("login", "login ended"), OPEN),
        }

    def at(self, moment: datetime) -> None:
        """The repository's clock, by which everything is stamped."""
        self.server.repository.clock = lambda: moment

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,  # noqa: ARG002 - what is disseminated is for everybody
        authors: Mapping[int, str],  # noqa: ARG002
        dated: bool = True,
    ) -> None:
        """An article."""
        identifier, known = _identifier(number), self.server.repository.records
        stamp = known[identifier].stamp if not dated and identifier in known else self.server.repository.clock()
        elements = ("title", title), ("type", "Article"), ("date", "2026-01"), ("identifier", f"https://doi.org/{doi}")
        metadata = {"oai_dc": dublin_core(*elements)}
        self.server.repository.put(OaiRecord(identifier=identifier, stamp=stamp, formats=metadata))

    def remove(self, number: int) -> None:
        """It is told as deleted."""
        self.server.repository.delete(_identifier(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_fault(name))


def _fault(name: str) -> Fault:
    match name:
        case "truncated":
            return Fault("truncated", address=MIDDLE, times=None)
        case "cut short":
            return Fault("rewrite", address=MIDDLE, old="(.{1200}).*", new=r"\1", times=None)
        case "last page empty":
            return Fault("rewrite", address=MIDDLE, old=r"<record>.*(<resumptionToken[^>]*></)", new=r"\1", times=None)
        case "page again":
            return Fault("repeated next", address=MIDDLE, times=None)
        case "empty list":
            return Fault("empty feed", address=LIST, times=None)
        case "shuffled":
            return Fault("wrong order", address=LIST, times=None)
        case "repeated":
            return Fault("rewrite", address=LIST, old=r"(<record>.*?</record>)", new=r"\1\1", times=None)
        case "server error":
            return Fault("status", address=MIDDLE, status=500, times=None)
        case "server error once":
            return Fault("status", address=MIDDLE, status=500)
        case "too many requests":
            return Fault("too many requests", address=MIDDLE, retry_after="7")
    raise KeyError(name)


def _identifier(number: int) -> str:
    return f"oai:practice.example.edu:{number}"
