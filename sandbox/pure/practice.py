"""The practice Pure as the conformance suite drives it, by its current API: numbers in, records out.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sandbox.practised import OnServer
from sandbox.pure import PracticePure, practice_pure
from sandbox.pure.faults import PureFault
from sandbox.pure.model import ATTENTION, Association, Contributor, Doi, Link, Output, Person, Unit, made

PER_PAGE = 4
BY_HAND = "by hand"
WORDS = {"public": "FREE", "internal": "CAMPUS", "private": "BACKEND", "": None}
HIDDEN = {"public": False, "internal": True, "private": True, "": None}
LEFT = Association(end=date(2025, 12, 31))
LISTING = r"^/ws/api/research-outputs(\?size|/search (?=.*orderings))"  # and no search for a DOI
MIDDLE = rf"{LISTING}.*offset\W{{1,4}}[1-9]"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a Pure needs no files
    """One practice Pure until the block ends."""
    with practice_pure() as server:
        yield Practised(server)


class Practised(OnServer[PracticePure]):
    """A running one."""

    def __init__(self, server: PracticePure) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {
            "url": server.url,
            "per_page": PER_PAGE,
            "field": f"link:{ATTENTION}",
        }
        self.secrets: Mapping[str, str] = {"token": server.key}
        self.levels: Mapping[str, Sequence[str]] = {"authorships": ("private", "public")}
        server.put(Unit(number=1))

    def at(self, moment: datetime) -> None:
        """The clock by which changes are stamped."""
        self.server.held.clock = lambda: moment.astimezone(UTC)

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """Somebody with one association as academic staff, which has ended where they are not current."""
        first, _, last = name.partition(" ")
        associations = (Association() if current else LEFT,)
        word = WORDS.get(level, level)
        self.server.put(
            Person(number=number, first_name=first, last_name=last, visibility=word, associations=associations)
        )

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """A validated article with that DOI; links that it holds stay."""
        known = self.server.held.outputs.get(made("output", number))
        contributors = tuple(
            Contributor(person=person, association_hidden=HIDDEN.get(told, told)) for person, told in authors.items()
        )
        told = replace(
            known or Output(number=number),
            title=title,
            dois=(Doi(value=doi),),
            visibility=WORDS.get(level, level),
            contributors=contributors,
        )
        self.server.put(told, dated=dated)

    def remove(self, number: int) -> None:
        """An output is deleted, which the current API tells nobody."""
        self.server.held.remove(self._output(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults += self._faults(name)

    def changes(self) -> int:
        """Every PUT; a POST is a search."""
        return sum(each.method == "PUT" for each in self.server.requests)

    def held(self, number: int) -> tuple[str, ...]:
        """The links of our type, with what is shown for them."""
        ours = (each for each in self._output(number).links if each.type == ATTENTION)
        return tuple(f"{each.url} {each.alias}".strip() for each in ours)

    def edit(self, number: int, *texts: str) -> None:
        """By hand, in the user interface."""
        known = self._output(number)
        others = [each for each in known.links if each.type != ATTENTION]
        parted = (text.partition(" ") for text in texts)
        ours = [Link(url=url, alias=alias, type=ATTENTION) for url, _, alias in parted]
        self.server.put(replace(known, links=(*others, *ours)))

    def _output(self, number: int) -> Output:
        return self.server.held.outputs[made("output", number)]

    def _faults(self, name: str) -> list[PureFault]:
        match name:
            case "truncated" | "cut short" | "page again":
                return [PureFault(name, address=MIDDLE, times=None)]
            case "last page empty":
                count = len(self.server.held.outputs)
                return [PureFault("no rows", address=rf"{LISTING}.*offset\W{{1,4}}{count - PER_PAGE}\b", times=None)]
            case "empty list":
                return [PureFault("no rows", address=LISTING, times=None)]
            case "shuffled" | "repeated":
                return [PureFault(name, address=LISTING, times=None)]
            case "server error":
                page = PureFault("status", address=MIDDLE, times=None)
                return [page, PureFault("status", method="PUT", times=None)]
            case "server error once":
                return [PureFault("status", address=MIDDLE)]
            case "too many requests":
                page = PureFault("status", status=429, retry_after="7", address=MIDDLE)
                return [page, PureFault("status", status=429, retry_after="7", method="PUT")]
            case "login ended":
                page = PureFault("status", status=401, address=MIDDLE)
                return [page, PureFault("status", status=401, method="PUT")]
            case "forgets":
                return [PureFault("forget", method="PUT", times=None)]
            case "answer lost":
                return [PureFault("hang up after", method="PUT")]
            case "edited meanwhile":
                return [PureFault("change", method="PUT", act=lambda _: self.edit(1, *self.held(1), BY_HAND))]
        raise KeyError(name)
