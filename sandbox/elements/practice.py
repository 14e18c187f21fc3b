"""The practice Elements as the conformance suite drives it: numbers in, an institution of a few outputs out.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from sandbox.elements import PracticeElements, practice_elements
from sandbox.faults import Fault, What
from sandbox.institution import Institution
from sandbox.model import Authorship, Output, Person, Privacy, Record, Stamps
from sandbox.people import YESTERDAY
from sandbox.practised import OnServer

PER_PAGE = 4
PEOPLE, OUTPUTS, LINKS = 1000, 50_000, 700_000
LISTING, MIDDLE = r"/publications\?.*ever-approved", r"/publications\?.*after-id="
ABSENT = "absent"
"""Stands for a level that is not told, and is taken out of every answer."""

SCHEME = "c-ringmark"
BY_HAND = "by hand"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an Elements needs no files
    """One practice Elements, v6.13, until the block ends."""
    with practice_elements(Institution(), "6.13") as server:
        yield Practised(server)


class Practised(OnServer[PracticeElements]):
    """A running one."""

    def __init__(self, server: PracticeElements) -> None:
        super().__init__(server)
        self.institution = server.institution
        self.settings: Mapping[str, str | int | bool] = {
            "url": server.url,
            "username": server.username,
            "per_page": PER_PAGE,
            "field": SCHEME,
        }
        server.may_modify = True
        server.schemes.add(SCHEME)
        self.secrets: Mapping[str, str] = {"password": server.password}

    def at(self, moment: datetime) -> None:
        """The institution's clock, by which everything is stamped."""
        self.institution.clock = lambda: moment

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """An academic of that name."""
        first, _, last = name.partition(" ")
        told = {"first_name": first, "last_name": last, "privacy": self._level(level), "current": current}
        if PEOPLE + number in self.institution.people:
            self.institution.change_person(PEOPLE + number, **told)
        else:
            self.institution.add_person(replace(_person(PEOPLE + number), **told))  # type: ignore[arg-type]

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """An article that Crossref knows, with a relationship for each author."""
        record = Record(source="crossref", id_at_source=doi, title=title, doi=doi, published=(2026, 1, None))
        told = {"privacy": self._level(level), "records": (record,)}
        known = self.institution.outputs.get(OUTPUTS + number)
        if not dated and known:
            self._quietly(replace(known, **told), number, authors)  # type: ignore[arg-type]
            return
        if known:
            self.institution.change_output(OUTPUTS + number, **told)
        else:
            self.institution.add_output(replace(_output(OUTPUTS + number), **told))  # type: ignore[arg-type]
        self._link(number, authors)

    def remove(self, number: int) -> None:
        """A publication and its relationships are deleted, which the feeds of deletions tell."""
        self.institution.delete_output(OUTPUTS + number)

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults += self._faults(name)

    def mend(self) -> None:
        """Only what is no fault stays: levels that are not told."""
        self.server.faults[:] = [fault for fault in self.server.faults if ABSENT.capitalize() in fault.old]

    def held(self, number: int) -> tuple[str, ...]:
        """The labels of a publication in our scheme."""
        return tuple(word for scheme, word in self.institution.outputs[OUTPUTS + number].labels if scheme == SCHEME)

    def edit(self, number: int, *texts: str) -> None:
        """By hand, in the user interface."""
        _edit(self.institution, number, texts)

    def _link(self, number: int, authors: Mapping[int, str]) -> None:
        for person, level in authors.items():
            link = _link(number, person, self._level(level))
            if link.id not in self.institution.authorships:
                self.institution.add_authorship(link)
            elif self.institution.authorships[link.id].privacy != link.privacy:
                self.institution.change_authorship(link.id, privacy=link.privacy)
        for old in self.institution.of_output(OUTPUTS + number):
            if old.person - PEOPLE not in authors:
                self.institution.delete_authorship(old.id)

    def _quietly(self, output: Output, number: int, authors: Mapping[int, str]) -> None:
        """A change that no date tells of."""
        with self.institution.lock:
            self.institution.outputs[output.id] = output
            for person, level in authors.items():
                link = _link(number, person, self._level(level))
                stamps = self.institution.authorships[link.id].stamps
                self.institution.authorships[link.id] = replace(link, stamps=stamps)
            self.institution.generation += 1

    def _level(self, told: str) -> Privacy:
        """A word that is no level is told as it stands, and none is not told at all."""
        if not told and not any(ABSENT.capitalize() in fault.old for fault in self.server.faults):
            old = rf"<api:(effective-)?privacy-level>{ABSENT.capitalize()}</api:\1privacy-level>"
            self.server.faults.append(Fault("rewrite", old=old, times=None))
        return cast(Privacy, told or ABSENT)

    def _faults(self, name: str) -> list[Fault]:
        match name:
            case "truncated":
                return [Fault("truncated", address=MIDDLE, times=None)]
            case "cut short":
                return [Fault("rewrite", address=MIDDLE, old="(.{1500}).*", new=r"\1", times=None)]
            case "last page empty":
                return [Fault("empty feed", address=f"{LISTING}.*after-id={self._last()}", times=None)]
            case "page again":
                return [Fault("repeated next", address=MIDDLE, times=None)]
            case "empty list":
                return [Fault("empty feed", address=LISTING, times=None)]
            case "shuffled":
                return [Fault("wrong order", address=LISTING, times=None)]
            case "repeated":
                twice = "(<api:result>.*?</api:result>)"
                return [Fault("rewrite", address=LISTING, old=twice, new=r"\1\1", times=None)]
            case "server error":
                return [Fault("status", address=MIDDLE, status=500, times=None), _write("status", times=None)]
            case "server error once":
                return [Fault("status", address=MIDDLE, status=500)]
            case "too many requests":
                return [Fault("too many requests", address=MIDDLE, retry_after="7"), _write("too many requests")]
            case "login ended":
                return [Fault("status", address=MIDDLE, status=401), _write("status", status=401)]
            case "forgets":
                return [_write("forget", times=None)]
            case "answer lost":
                return [_write("hang up after")]
            case "edited meanwhile":
                return [_write("change", act=_by_hand)]
        raise KeyError(name)

    def _last(self) -> int:
        """After which id the last page begins."""
        ids = sorted(self.institution.outputs)
        return ids[(len(ids) - 1) // PER_PAGE * PER_PAGE - 1]


def _write(what: What, **more: Any) -> Fault:
    """A fault of writing; a 429 asks for seven seconds."""
    return Fault(what, method="PATCH", **{"retry_after": "7", **more})


def _edit(institution: Institution, number: int, texts: Iterable[str]) -> None:
    others = tuple(each for each in institution.outputs[OUTPUTS + number].labels if each[0] != SCHEME)
    institution.change_output(OUTPUTS + number, labels=(*others, *((SCHEME, text) for text in texts)))


def _by_hand(institution: Institution) -> None:
    held = [word for scheme, word in institution.outputs[OUTPUTS + 1].labels if scheme == SCHEME]
    _edit(institution, 1, [*held, BY_HAND])


def _person(number: int) -> Person:
    return Person(
        id=number,
        proprietary_id=f"E{number}",
        username=f"ex{number}",
        title="Dr",
        first_name="",
        last_name="",
        known_as="",
        orcid="",
        orcid_status="",
        privacy="private",
        current=True,
        academic=True,
        student=False,
        arrived=date(2020, 1, 1),
        left=None,
        groups=(),
        stamps=BORN,
    )


def _output(number: int) -> Output:
    return Output(id=number, type="journal-article", privacy="private", ever_approved=True, records=(), stamps=BORN)


def _link(output: int, person: int, level: Privacy) -> Authorship:
    return Authorship(
        id=LINKS + output * 10 + person,
        output=OUTPUTS + output,
        person=PEOPLE + person,
        type="publication-user-authorship",
        privacy=level,
        position=1,
        stamps=BORN,
    )


BORN = Stamps(created=YESTERDAY, modified=YESTERDAY, affected=YESTERDAY)
