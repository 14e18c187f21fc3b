"""A small university: a practice Elements with a few outputs of every kind, the repository that has their items, and a
house that stands between them. Commands in it can be killed, and every story begins in one of a few states."""

import copy
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import stores
from conftest import PASSWORD, House
from interleaving_process import prepare
from naive.elements import WIRES, serve
from naive.said import without_ids

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import Item, made
from sandbox.elements import PracticeElements
from sandbox.institution import Institution, example
from sandbox.model import Authorship, Output, Privacy, Record

FIELD = "local.attention.score"
BASE = "https://ringmark.example.edu"
WIRE = WIRES["v6.13"]
PEOPLE = (1001, 1002, 1003, 1004)  # open, open, open but no student, internal
GROUPS = (1, 2, 3)  # open, open, internal; both below the first
FIRST = 101
LONG_AGO = datetime(2026, 6, 2, tzinfo=UTC)  # nothing that is there at first is told as a change later
LATER = timedelta(minutes=20)  # longer than a cursor's overlap
PATIENCE = 30.0  # seconds
DAY = timedelta(hours=25)  # longer than a request is waited for whose end is not known

SETTINGS = f"""
[institution]
base_url = "{BASE}"
[serve]
listen = "127.0.0.1:0"
operations = "127.0.0.1:0"
[score]
rules = "published-2020"
[connections.elements]
kind = "elements"
url = "{{elements.url}}"
username = "ringmark"
password_file = "password"
per_page = 6
pace = 0
[connections.library]
kind = "dspace"
url = "{{library.url}}"
username = "{{library.username}}"
password_file = "password"
push = "public"
field = "{FIELD}"
pace = 0
"""
LOCKS = """
SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""


def doi_of(number: int) -> str:
    """The DOI that an output has at first."""
    return f"10.5555/work.{number}"


def university(outputs: int = 10) -> Institution:
    """A few people, three departments, and outputs of which most are public in every way."""
    institution = example(outputs=0, people=16, mentions=0)
    institution.clock = lambda: LONG_AGO
    institution.groups = {id_: institution.groups[id_] for id_ in GROUPS}
    chosen = [institution.people[id_] for id_ in PEOPLE]
    institution.people = {
        person.id: replace(person, groups=(GROUPS[place % 3],), current=True, academic=place != 2)
        for place, person in enumerate(chosen)
    }
    institution.change_person(PEOPLE[3], privacy="internal")
    for number in range(FIRST, FIRST + outputs):
        add_output(institution, number, privacy={4: "internal", 7: "private"}.get(number - FIRST, "public"))
        wrote = {0: PEOPLE[:2], 1: PEOPLE[2:], 2: PEOPLE[3:]}.get(number - FIRST, PEOPLE[number % 2 :][:1])
        for person in wrote:
            link(institution, number, person, "private" if number == FIRST + 5 else "public")
    return institution


def add_output(institution: Institution, number: int, privacy: Privacy = "public", doi: str = "") -> None:
    """An output with one record; nobody wrote it yet."""
    record = Record(
        source="crossref", id_at_source=f"r{number}", title=f"A work of the number {number}",
        doi=doi or doi_of(number), published=(2020, 1 + number % 12, 1),
    )  # fmt: skip
    stamps = next(iter(institution.people.values())).stamps
    told = Output(id=number, type="book", privacy=privacy, ever_approved=True, records=(record,), stamps=stamps)
    institution.add_output(told)


def link(institution: Institution, output: int, person: int, privacy: Privacy = "public") -> None:
    """A person wrote an output; the link's id is the same whenever it is made."""
    stamps = institution.outputs[output].stamps
    told = Authorship(id=link_id(output, person), output=output, person=person, type="publication-user-authorship",
                      privacy=privacy, position=person % 100, stamps=stamps)  # fmt: skip
    institution.add_authorship(told)


def link_id(output: int, person: int) -> int:
    """The id of the link between two."""
    return 900_000 + output * 100 + person % 100


def correct(institution: Institution, number: int, doi: str) -> None:
    """The DOI of an output was wrong."""
    records = tuple(replace(record, doi=doi) for record in institution.outputs[number].records)
    institution.change_output(number, records=records)


def items(institution: Institution) -> list[Item]:
    """An item for every second of the first outputs, by its DOI, of which three may show."""
    return [made(number, dc_identifier_doi=doi_of(number)) for number in sorted(institution.outputs)[:8:2]]


@dataclass(frozen=True)
class State:
    """A house as commands left it, what the source told and what the repository held by then."""

    house: House
    institution: dict[str, Any]
    items: dict[str, Item]


class University:
    """The practice systems while they run, and the states in which houses begin."""

    def __init__(self, folder: Path, institution: Institution, elements: PracticeElements, library: PracticeDSpace):
        self.institution, self.elements, self.library = institution, elements, library
        self.states: dict[str, State] = {}
        self.endings: dict[str, dict[str, Any]] = {}
        self.statements: dict[str, int] = {}
        self.visits = 0
        self._folder = folder
        self._began = institution.now()
        self._time = timedelta()
        institution.clock = lambda: self._began + self._time

    def new(self) -> House:
        """A house that has never done anything."""
        folder = self._next()
        folder.mkdir(parents=True)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        return House(folder).write(SETTINGS.format(elements=self.elements, library=self.library))

    def keep(self, house: House) -> State:
        """Everything as it is, to begin there again."""
        return State(house.copy(self._next()), _facts(self.institution), dict(self.library.items))

    def at(self, state: State) -> House:
        """Everything as it was then, in a folder of its own; nothing goes wrong."""
        with self.institution.lock, self.library.lock:
            vars(self.institution).update(copy.deepcopy(state.institution))
            self.library.items = dict(state.items)
        self._time = timedelta()
        for server in (self.elements, self.library):
            server.faults.clear()
            server.requests.clear()
        return state.house.copy(self._next())

    def pass_time(self, house: House, time: timedelta = LATER) -> None:
        """Time passes, at the source and in a house."""
        self._time += time
        house.later += time // timedelta(microseconds=1)

    @staticmethod
    def let_go(house: House) -> None:
        """Wait until a database server has noticed who is gone."""
        end = time.monotonic() + PATIENCE
        while stores.POSTGRESQL and house.stored(LOCKS):
            assert time.monotonic() < end, "the server still keeps the session of a process that is gone"
            time.sleep(0.01)

    def go_on(self, house: House, *, pulls: bool, again: Sequence[str] = ()) -> dict[str, Any]:
        """The source changes, who saw a command die runs one again, and a day later the next run goes to its end; where
        that is."""
        self.pass_time(house)
        if pulls:
            self.institution.change_output(103, privacy="private")
        if again:
            house.run(*again)
        self.pass_time(house, DAY)
        for verb in ("sync",) if pulls else ("score", "push"):
            house.ok(verb)
        return self.ending(house)

    def ending(self, house: House) -> dict[str, Any]:
        """All that must be the same however a house came to its end."""
        status = house.json("status")
        rows = {audience: house.rows(audience) for audience in ("public", "internal")}
        known = {each["name"]: each for each in status["connections"]}
        source = ("state", "people", "items", "authorships", "cursor", "unfinished", "alarm")
        whole = ("outputs", "scope", "alarms", "conflicts", "waits_for_accept", "set_aside")
        return {
            "rows": {audience: without_ids(rows[audience]) for audience in rows},
            "items": self.held({row["doi"]: row for row in rows["public"]}),
            "sources": {name: {part: told[part] for part in source} for name, told in known.items()},
            "ledger": {name: told["pushed"] for name, told in known.items()},
            "status": {name: status[name] for name in whole},
        }

    def held(self, shown: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
        """What every item of the repository holds of ours, without ids and days; a badge of something that does not
        show there is told as it is."""
        badges = {f"{BASE}/badge/output/{row['output']}.svg {row['score']}": doi for doi, row in shown.items()}
        with self.library.lock:
            texts = {uuid: item.texts(FIELD) for uuid, item in self.library.items.items()}
        return {uuid: [badges.get(text.rpartition(" ")[0], text) for text in held] for uuid, held in texts.items()}

    def _next(self) -> Path:
        self.visits += 1
        return self._folder / f"visit-{self.visits}"


def audit(house: House) -> set[tuple[str, str]]:
    """Who did what: the verbs and their subjects."""
    return {(verb, subject) for verb, subject in house.stored("SELECT verb, subject FROM audit")}


@contextmanager
def opened(folder: Path) -> Iterator[University]:
    """The university while its systems run, with a house that has done nothing yet in the state `new`."""
    prepare()
    institution = university()
    institution.clock = lambda: datetime.now(UTC)
    with ExitStack() as running:
        elements = running.enter_context(serve(institution, WIRE))
        library = running.enter_context(practice_dspace(items(institution)))
        library.password = PASSWORD
        found = University(folder, institution, elements, library)
        found.states["new"] = found.keep(found.new())
        yield found


def _facts(institution: Institution) -> dict[str, Any]:
    """All that an institution is made of, without its clock and its lock."""
    with institution.lock:
        told = {name: value for name, value in vars(institution).items() if name not in ("clock", "lock")}
        return copy.deepcopy(told)
