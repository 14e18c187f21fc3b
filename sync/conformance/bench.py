"""What a check does at a place: pull, push, look who sees what, look what the system holds."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL
from typing import Any, cast

from connectors.abroad import abroad
from connectors.base import Asks, Listens, Pulls, Pushes, Since
from connectors.errors import ConnectorError
from connectors.records import Gone, Kind, Page
from sync import export, steps, store
from sync import push as pushing
from sync.conformance.check import Broken, DoesNotApply, expect
from sync.conformance.configured import BASE, LOCAL, TESTED, by_people
from sync.conformance.place import Place
from sync.conformance.practice import NEEDS, Items, Service, Told, Voices
from sync.conformance.world import Work
from sync.push import Report, Way
from sync.steps import Pulled
from sync.store import AUDIENCES, Audience
from sync.store.sought import Seen

PAGES = 1000  # of the small world; a connector that tells more goes round in circles
PATIENCE = 60  # seconds for a process to be killed
HEADER = "output,title,visibility,doi\n"


class Bench(Place):
    """A place with everything that checks do there. `said` is the reason that the last run of questions gave."""

    said = ""

    def pull(self, *, full: bool = False, ends: tuple[str, ...] = ("done",)) -> Pulled:
        """One pull, which must end in one of some ways."""
        with self._pulls() as connector:
            ran = steps.pull_one(self.house, connector, full=full, clock=lambda: self.now, progress=_bounded())
        if ran.outcome not in ends:
            raise Broken(f"a pull should end as {' or '.join(ends)}, and ended as {ran.outcome}: {ran.why}")
        return ran

    def ask(self, *, full: bool = False, ends: tuple[str, ...] = ("done",)) -> list[str]:
        """One run of questions, which must end in one of some ways; whom or what was asked about meanwhile, sorted."""
        before = len(self.service.asked)
        with self.connector() as connector:
            if not isinstance(connector, Asks):
                raise DoesNotApply(NEEDS["asks"])
            ran = steps.pull_one(self.house, connector, full=full, clock=lambda: self.now, progress=_bounded())
        if ran.outcome not in ends:
            raise Broken(f"a run of questions should end as {' or '.join(ends)}, and ended as {ran.outcome}: {ran.why}")
        self.said = ran.why
        return sorted(each for request in self.service.asked[before:] for each in request)

    def hear(self, *, full: bool = False, ends: tuple[str, ...] = ("done",)) -> Pulled:
        """One run of listening, or of questions who spoke, which must end in one of some ways."""
        with self.connector() as connector:
            if not isinstance(connector, Listens | Asks):
                raise DoesNotApply(NEEDS["hears"])
            ran = steps.pull_one(
                self.house,
                connector,
                full=full,
                clock=lambda: self.now,
                progress=_bounded(),
                way=lambda: abroad(self.settings, sleep=self._sleep),
            )
        if ran.outcome not in ends:
            raise Broken(f"a run should end as {' or '.join(ends)}, and ended as {ran.outcome}: {ran.why}")
        return ran

    @property
    def voices(self) -> Voices:
        """The source of attention; a check that asks for it needs `hears`."""
        return cast("Voices", self.practice)

    def heard(self) -> list[Seen]:
        """The mentions that the connection told and did not take back."""
        with self.house.read() as db:
            found = store.sought.sought(db, store.sought.Wanted(), most=PAGES)
        return [each for each in found if each.connection == TESTED and each.taken_at < 0]

    def spoken_of(self) -> dict[int, int]:
        """How many acts are heard of each output, by its number."""
        numbers = {work.doi: number for number, work in self.world.works.items()}
        return dict(Counter(numbers[output.doi] for each in self.heard() for output in each.outputs))

    @property
    def service(self) -> Service:
        """The service; a check that asks for it needs `asks`."""
        return cast("Service", self.practice)

    def subjects(self, *numbers: int) -> list[str]:
        """What outputs are asked about by."""
        return sorted(self.service.subject(number) for number in numbers)

    def pages(self) -> list[Page]:
        """Everything that the connector tells, page by page, without a store."""
        progress = _bounded()
        with self._pulls() as connector:
            pages = []
            for page in connector.pull(Since(now=store.moment(self.now))):
                pages.append(page)
                progress(TESTED, store.Applied(), None)
            return pages

    def confirmed(self, kind: Kind, key: str) -> Gone | ConnectorError | None:
        """What the connector says, or raises, when it is asked about one thing; None: it is still there as it was."""
        with self._pulls() as connector:
            try:
                return connector.confirm(kind, key)
            except ConnectorError as error:
                return error

    @property
    def state(self) -> dict[str, Any]:
        """What `status` says of the connection."""
        with self.house.read() as db:
            return next(each for each in store.sources(db, now=self.now) if each["name"] == TESTED)

    def reasons(self) -> list[str]:
        """Why records were stored as private, or not at all."""
        with self.house.read() as db:
            return [row.reason for row in store.set_aside(db)]

    def rows(self, audience: Audience) -> list[dict[str, Any]]:
        """The export that an audience gets, after a score."""
        steps.score(self.house, self.settings, full=False, clock=lambda: self.now, progress=lambda *_: None)
        with self.house.read() as db:
            rows = [export.record(shown) for shown in store.walk(db, audience, now=self.now)]
        return sorted(rows, key=lambda row: str(row["doi"]))

    def seen(self) -> dict[str, list[str]]:
        """The DOIs that each audience sees."""
        return {audience: [row["doi"] for row in self.rows(audience)] for audience in AUDIENCES}

    def expect_seen(self, before: dict[str, list[str]], when: str) -> None:
        """Each audience sees the same outputs as before."""
        for audience, now in self.seen().items():
            if gone := sorted(set(before[audience]) - set(now)):
                raise Broken(f"{when}, {', '.join(gone)} vanished for the audience {audience}")
            if new := sorted(set(now) - set(before[audience])):
                raise Broken(f"{when}, {', '.join(new)} appeared for the audience {audience}")

    def expect_the_world(self, when: str) -> None:
        """Both audiences see exactly what they may."""
        for audience in AUDIENCES:
            wanted = {row.doi: row for row in self.world.seen(audience)}
            found = {row["doi"]: row for row in self.rows(audience)}
            who = f"{when}, the audience {audience}"
            if missing := sorted(wanted.keys() - found.keys()):
                raise Broken(f"{who} should see {', '.join(missing)}, and does not")
            if hidden := sorted(found.keys() - wanted.keys()):
                raise Broken(f"{who} should not see {', '.join(hidden)}, and does")
            for doi, row in wanted.items():
                told = found[doi]
                seen = (told["title"], told["visibility"], tuple(told["people"]))
                expect(seen, (row.title, row.level, row.people), f"{who} sees {doi} as")

    def fresh(self) -> "Bench":
        """Another house at the same system, which knows nothing yet."""
        folder = self.folder / "fresh"
        folder.mkdir()
        other = self.stack.enter_context(Bench(self.kind, self.practice, folder, self.stored, self.world))
        other.now = self.now
        other.wait(0)
        return other

    def stock(self, *works: Work) -> None:
        """The system has the items, and the house knows the outputs, from a folder of files."""
        self.tell(*works)
        self._local({})

    def hide(self, number: int) -> None:
        """The house learns that an output is private; the system does not."""
        self.world.works[number] = replace(self.world.works[number], level="private")
        self._local({})

    def show(self, number: int) -> None:
        """The house learns that an output is public."""
        self.world.works[number] = replace(self.world.works[number], level="public")
        self._local({})

    def mention(self, number: int, policies: int, *, as_: str = "") -> None:
        """An output is mentioned by so many policy sources, three points each; by its DOI, or by another name."""
        self._local({number: policies}, as_)

    def forget(self, number: int) -> None:
        """The house hears of an output no more; the service still knows it."""
        del self.world.works[number]
        self._local({})

    def push(self, *, dry_run: bool = False, ends: tuple[str, ...] = ("done",)) -> Report:
        """One push, which must end in one of some ways."""
        if dry_run:
            report = pushing.push(
                self.house,
                self.settings,
                [TESTED],
                attended=True,
                dry_run=True,
                clock=lambda: self.now,
                told=lambda *_: None,
            )[0]
        else:
            with self.takes() as connector:
                report = pushing.bring(
                    self.house,
                    pushing.target(self.house, self.settings, TESTED),
                    connector,
                    attended=True,
                    limited=True,
                    clock=lambda: self.now,
                    told=lambda *_: None,
                )
        if report.outcome not in ends:
            raise Broken(f"a push should end as {' or '.join(ends)}, and ended as {report.outcome}: {report.why}")
        return report

    @contextmanager
    def takes(self) -> Iterator[Way]:
        """The connector as one that badges are brought to."""
        with self.connector() as connector:
            if not isinstance(connector, Way):
                raise DoesNotApply(NEEDS["writes"])
            yield connector

    @contextmanager
    def pushes(self) -> Iterator[Pushes]:
        """The connector as one that is written to."""
        with self.connector() as connector:
            if not isinstance(connector, Pushes):
                raise DoesNotApply(NEEDS["writes"])
            yield connector

    @property
    def field(self) -> str:
        """The field that badges are written to."""
        return str(self.practice.settings["field"])

    def badge(self, number: int, score: int = 0) -> str:
        """How the value of an output begins that shows a score; the day of the score follows."""
        doi = self.world.works[number].doi
        output = next((row["output"] for row in self.rows("public") if row["doi"] == doi), "")
        return f"{BASE}/badge/output/{output}.svg {score} "

    @property
    def items(self) -> Items:
        """The items of a system that takes badges; a check that asks for them needs `writes`."""
        return cast("Items", self.practice)

    @property
    def place(self) -> Told:
        """A place that is told of badges; a check that asks for it needs `tells`."""
        return cast("Told", self.practice)

    def expect_showing(self, when: str, scores: Mapping[int, int]) -> None:
        """The place shows the badges of these outputs with these scores, or with none where it is not told of scores,
        and no others."""
        wanted = {self.world.works[number].doi: score for number, score in scores.items()}
        found = dict(self.place.showing())
        told = {doi: found.get(doi, score) is None or found.get(doi) == score for doi, score in wanted.items()}
        expect(sorted(found), sorted(wanted), f"{when}, what the place shows")
        expect([doi for doi, right in told.items() if not right], [], f"{when}, what the place shows another score of")

    def expect_held(self, number: int, begins: str, when: str, *others: str) -> None:
        """The field of an output holds one badge that begins so, or none where that is empty, and these other texts."""
        held = self.items.held(number)
        ours = [text for text in held if text not in others]
        expect(sorted(set(held) - set(ours)), sorted(others), f"{when}, what others wrote into the item")
        expect([text[: len(begins)] for text in ours], [begins] if begins else [], f"{when}, our values in the item")

    def killed(self, step: str) -> None:
        """One step in a process of its own, which is killed in the middle."""
        command = [sys.executable, "-m", "sync.conformance.killed", str(self.settings.file), step, str(self.now)]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603
        if ran.returncode != -SIGKILL:
            raise Broken(
                f"a {step} should have come to where it is killed; it ended with {ran.returncode}: {ran.stderr}"
            )

    @contextmanager
    def _pulls(self, name: str = TESTED) -> Iterator[Pulls]:
        with self.connector(name) as connector:
            if not isinstance(connector, Pulls):
                raise DoesNotApply(NEEDS["reads"])
            yield connector

    def _local(self, mentioned: dict[int, int], as_: str = "") -> None:
        """The house hears of all outputs, and of some mentions, from a folder of files that it reads as well."""
        folder = self.folder / LOCAL
        folder.mkdir(exist_ok=True)
        works = self.world.works
        lines = [f"o{number},{work.title},{work.level},{work.doi}\n" for number, work in sorted(works.items())]
        (folder / "outputs.csv").write_text("".join([HEADER, *lines]), encoding="utf-8")
        if by_people(self.connector_class):
            self._local_people(folder)
        told = [
            _mention(works[number], count, as_ or f"doi:{works[number].doi}")
            for number, most in mentioned.items()
            for count in range(most)
        ]
        with (folder / "mentions.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in told)
        with self._pulls(LOCAL) as connector:
            ran = steps.pull_one(self.house, connector, full=False, clock=lambda: self.now, progress=_bounded())
        expect(ran.outcome, "done", "the suite's own folder of outputs is read as")
        self.rows("public")

    def _local_people(self, folder: Path) -> None:
        """One person for each output, of the same level, with the ORCID iD that the service knows."""
        people = ["person,name,orcid,visibility,current\n"]
        links = ["output,person,visibility\n"]
        for number, work in sorted(self.world.works.items()):
            people.append(f"p{number},Person {number},{self.service.subject(number)},{work.level},true\n")
            links.append(f"o{number},p{number},{work.level}\n")
        (folder / "people.csv").write_text("".join(people), encoding="utf-8")
        (folder / "authorships.csv").write_text("".join(links), encoding="utf-8")


def _bounded() -> steps.Progress:
    pages = iter(range(PAGES))

    def progress(*_: object) -> None:
        if next(pages, None) is None:
            raise Broken(f"a listing should end, and went on for more than {PAGES} pages")

    return progress


def _mention(work: Work, number: int, as_: str) -> dict[str, Any]:
    return {
        "id": f"{work.number}-{number}",
        "source": "policy",
        "output": [as_],
        "url": f"https://policy.example.org/{work.number}/{number}",
        "occurred_at": "2026-05-01T10:00:00Z",
        "policy_source": f"policy-{work.number}-{number}",
    }
