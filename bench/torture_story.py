"""One run: a small university, its repository and its house, and a random sequence of what befalls them.

After each step readers look: the exports of both audiences, the running server, the command line, and what was written
into the repository.
"""

import json
import random
import time
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from conftest import PASSWORD, House
from interleaving_process import Process
from interleaving_university import BASE, FIELD, SETTINGS, WIRE, items
from naive.elements import serve

from bench.torture_commands import ENDS, LIMIT, Commands, Ended, Told, Wrong
from bench.torture_faults import LIES, of_dspace, of_elements, struck
from bench.torture_model import SCOPES, Facts, seen
from bench.torture_source import Source, titled
from bench.torture_stores import Stores
from sandbox.dspace import practice_dspace
from sandbox.dspace.items import made

STEPS = (12, 20)  # of a run, at least and at most
LONG = timedelta(days=100)  # longer than anything is left alone
HOURS = (1, 3, 26, 26, 24 * 8)
SAMPLE = 3  # hidden outputs that are asked for at each door
AUDIENCES = ("public", "internal")
WAITS = 4
PULLS = ("pull", "sync")
LAST_PULL = "SELECT asked FROM run WHERE step = 'pull' AND outcome = 'done' ORDER BY id DESC LIMIT 1"
CHOICES = (
    *("change",) * 8, *("pull",) * 4, *("sync",) * 4, *("push",) * 3, "score", "score", "hide", "hide", "unhide",
    "scope", "import_", "import_", "accept", "deposit", "time_passes", "time_passes", "two", "two",
)  # fmt: skip


def play(seed: str, folder: Path, stores: Stores, *, kill: bool) -> Told:
    """One run from its beginning to its end."""
    told, began = Told(seed), time.monotonic()
    try:
        with ExitStack() as running:
            _Story(random.Random(seed), folder, stores, told, running, kill=kill).play()
    except Exception as wrong:
        told.problem = f"{type(wrong).__name__}: {wrong}"
    told.seconds = time.monotonic() - began
    return told


class _Story:
    """The systems of one run, while they run."""

    def __init__(
        self, dice: random.Random, folder: Path, stores: Stores, told: Told, running: ExitStack, *, kill: bool
    ) -> None:
        self.dice, self.told, self.stores = dice, told, stores
        self.source = Source(dice)
        self.model, self.institution = self.source.model, self.source.institution
        self.time = timedelta()
        self.institution.clock = lambda: datetime.now(UTC) + self.time
        self.elements = running.enter_context(serve(self.institution, WIRE))
        self.library = running.enter_context(practice_dspace(items(self.institution)))
        self.library.password = PASSWORD
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        where = running.enter_context(stores.fresh(folder))
        self.house = House(folder).write(where + SETTINGS.format(elements=self.elements, library=self.library))
        self.commands = Commands(self.house, stores, dice, told, kill=kill)
        self.well("status")
        server = running.enter_context(Process(self.house.file, ["serve"]))
        self.address = server.say(", operations").partition("serving ")[2].partition(",")[0]
        self.session = running.enter_context(requests.Session())
        self.session.trust_env = False
        self.meanwhile: list[int] = []

    def play(self) -> None:
        """All steps, then two rounds that nobody disturbs."""
        for _ in range(self.dice.randint(*STEPS)):
            step = self.dice.choice(CHOICES)
            self.told.steps.append(step)
            may, writes = self.model.may_show("public"), len(self.library.writes)
            getattr(self, step)()
            self._nothing_hidden_was_written(writes, may)
            self._nothing_hidden_shows()
        self.told.steps.append("the end")
        for fine in ((0, WAITS), (0,)):
            self._pass(LONG)
            self.well("pull", "--full", fine=fine)
            self.well("score")
            self.well("push")
            self._nothing_hidden_shows()
        self._ends_as_it_must()

    # What befalls them ------------------------------------------------------------------------------------------------

    def change(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self.told.steps.append(self.source.change())

    def pull(self) -> None:
        self.disturbed("pull", *self.dice.choice(((), (), ("--full",))))

    def score(self) -> None:
        self.disturbed("score", *self.dice.choice(((), ("--full",))))

    def push(self) -> None:
        self.disturbed("push")

    def sync(self) -> None:
        self.disturbed("sync")

    def time_passes(self) -> None:
        self._pass(timedelta(hours=self.dice.choice(HOURS)))

    def hide(self) -> None:
        """An output or a person that the house may know."""
        if self.dice.random() < 0.25:
            number = self.dice.choice(sorted(self.institution.people))
            person = self.institution.people[number]
            name = f"{person.known_as or person.first_name} {person.last_name}"
            known = self.stores.ask(self.house.folder, "SELECT name, public_id FROM person WHERE live = 1")
            for public in [public for said, public in known if said == name]:
                if self.surely("hide", f"person:{public}", "--why", "x") == 0:
                    self.model.hidden.people.add(number)
            return
        number = self._some_output()
        doi = self.dice.choice(sorted(self.source.dois[number]))
        if number not in self.model.merged and self.surely("hide", f"doi:{doi}", "--why", "x") == 0:
            self.model.hidden.outputs.add(titled(number))

    def unhide(self) -> None:
        hidden = [
            number
            for number in sorted(self.institution.outputs)
            if titled(number) in self.model.hidden.outputs and number not in self.model.merged
        ]
        for number in hidden[:1]:
            name = titled(number)
            doi = self.dice.choice(sorted(self.source.dois[number]))
            self.model.hidden.outputs.discard(name)  # from here on it may show
            if self.surely("unhide", f"doi:{doi}", may_be_done=True) != 0:
                self.model.hidden.outputs.add(name)

    def scope(self) -> None:
        scope = self.dice.choice(SCOPES)
        (self.house.folder / "scope.toml").write_text(scope.toml)
        if self.surely("scope", "apply", str(self.house.folder / "scope.toml")) == 0:
            self.model.scope = scope

    def import_(self) -> None:
        """Policies mention outputs, or are taken back."""
        lines = []
        for _ in range(self.dice.randint(1, 6)):
            key, source = str(self.dice.randrange(30)), f"p{self.dice.randrange(6)}"
            doi = self.dice.choice(sorted(self.source.dois[self._some_output()]))
            told = {"id": key, "source": "policy", "policy_source": source, "output": [f"doi:{doi}"]}
            if self.dice.random() < 0.2:
                lines.append({"id": key, "deleted": True})
                self.model.mentions.pop(key, None)
            else:
                lines.append(told | {"occurred_at": "2026-03-01"})
                self.model.mentions[key] = doi, source
        (self.house.folder / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
        if self.surely("import", str(self.house.folder / "news.jsonl")) != 0:
            raise Wrong("an import did not end well")

    def accept(self) -> None:
        for run in self.house.json("status")["waits_for_accept"]:
            self.surely("accept", str(run), may_be_done=True)

    def deposit(self) -> None:
        """The repository gets an item for an output."""
        doi = self.institution.outputs[self._some_output()].records[0].doi
        with self.library.lock:
            if not any(doi in item.texts("dc.identifier.doi") for item in self.library.items.values()):
                item = made(5_000 + len(self.library.items), dc_identifier_doi=doi)
                self.library.items[item.uuid] = item

    def two(self) -> None:
        """Two processes at once."""
        first, second = self.dice.sample([["pull"], ["score"], ["push"], ["sync"], ["pull", "--full"]], 2)
        self.told.steps.append(f"{' '.join(first)} beside {' '.join(second)}")
        began, before = Facts.of(self.institution), self._disturb()
        both = self.commands.two(first, second)
        lied = self._calm(before)
        self.told.steps.append(f"ended with {both[0].code} and {both[1].code}")
        for words, ended in zip((first, second), both, strict=True):
            if ended.code == 0 and words[0] in PULLS:
                self._was_pulled(words, began, lied=lied)

    # Commands ---------------------------------------------------------------------------------------------------------

    def disturbed(self, *words: str) -> Ended:
        """A command that anything may befall."""
        began, before = Facts.of(self.institution), self._disturb()
        ended = self.commands.run([*words], disturbed=True)
        lied = self._calm(before)
        if ended.code == 0 and words[0] in PULLS:
            self._was_pulled(words, began, lied=lied)
        return ended

    def well(self, *words: str, fine: Collection[int] = (0,)) -> int:
        """A command that nothing befalls; how it ended, which must be fine."""
        began = Facts.of(self.institution)
        ended = self.commands.run([*words], disturbed=False)
        if ended.code is None or ended.code not in fine:
            raise Wrong(f"{words} ended with {ended.code}, although nothing befell it: {ended.said}")
        if ended.code == 0 and words[0] in PULLS:
            self._was_pulled(words, began, lied=False)
        return ended.code

    def surely(self, *words: str, may_be_done: bool = False) -> int:
        """A command that is run again by who saw it break; how it ended. Where it `may_be_done` by then, that is well
        too."""
        ended = self.disturbed(*words)
        if ended.code is not None and not ended.broken:
            return ended.code
        again = self.well(*words, fine=ENDS)
        return 0 if may_be_done else again

    def _disturb(self) -> list[int | None]:
        """Put some faults in the way; how often each may strike."""
        self.meanwhile = []
        if self.dice.random() < 0.6:
            for _ in range(self.dice.randint(1, 3)):
                self.elements.faults.append(of_elements(self.dice, self._change_meanwhile))
        if self.dice.random() < 0.5:
            for _ in range(self.dice.randint(1, 3)):
                self.library.faults.append(of_dspace(self.dice))
        return [fault.times for fault in (*self.elements.faults, *self.library.faults)]

    def _calm(self, before: Sequence[int | None]) -> bool:
        """Count what has struck, and end it; whether the source lied."""
        names = struck([*self.elements.faults, *self.library.faults], before)
        self.told.faults.update(names)
        self.elements.faults.clear()
        self.library.faults.clear()
        if names:
            self.told.steps.append(f"struck: {', '.join(names)}")
        lied = bool(LIES & {*names})
        self.model.deceived |= lied
        return lied

    def _change_meanwhile(self) -> None:
        before = {*self.model.touched}
        self.told.steps.append(f"meanwhile: {self.source.change()}")
        self.meanwhile += self.model.touched - before

    def _was_pulled(self, words: Sequence[str], began: Facts, *, lied: bool) -> None:
        """What went on from a bookmark has read some of it before."""
        asked = self.stores.ask(self.house.folder, LAST_PULL)[0][0]
        if "bookmark" not in asked:
            self.model.pulled(began, self.meanwhile, everything="--full" in words, lied=lied)

    def _pass(self, time: timedelta) -> None:
        self.time += time
        self.house.later += time // timedelta(microseconds=1)

    def _some_output(self) -> int:
        return self.dice.choice(sorted(self.institution.outputs))

    # Readers ----------------------------------------------------------------------------------------------------------

    def _nothing_hidden_shows(self) -> None:
        """At every door."""
        may = {audience: self.model.may_show(audience) for audience in AUDIENCES}
        for audience in AUDIENCES:
            for row in self.house.rows(audience):
                names, shown = may[audience].get(row["title"]), {*row["people"], *row["groups"]}
                if names is None or not shown <= names:
                    raise Wrong(f"{audience} reads {row['title']} {row['doi']} with {shown}, may read {names}")
        hidden = sorted(number for number in self.source.dois if titled(number) not in may["public"])
        for number in self.dice.sample(hidden, min(SAMPLE, len(hidden))):
            for doi in self.source.dois[number]:
                answer = self.session.get(f"{self.address}/badge/doi/{doi}.json", timeout=LIMIT)
                if answer.status_code != 404:
                    raise Wrong(f"the server answers {answer.status_code} for {doi}, which is hidden")
                if self.house.run("explain", f"doi:{doi}").code != 1:
                    raise Wrong(f"explain tells of {doi}, which is hidden")

    def _nothing_hidden_was_written(self, since: int, may: dict[str, set[str]]) -> None:
        """Of what could show when the step began, or can now."""
        may = may | self.model.may_show("public")
        shown = {
            doi for number, told in self.source.dois.items() if f"A work of the number {number}" in may for doi in told
        }
        for write in self.library.writes[since:]:
            new = {*write.after.texts(FIELD)} - {*write.before.texts(FIELD)}
            dois = {*write.after.texts("dc.identifier.doi")}
            if new and not dois & shown:
                raise Wrong(f"{new} was written to the item of {dois}, which is hidden")

    def _ends_as_it_must(self) -> None:
        rows = {audience: self.house.rows(audience) for audience in AUDIENCES}
        for audience in AUDIENCES:
            found, must = seen(rows[audience]), self.model.must_show(audience)
            if found != must:
                wrong, right = [row for row in found if row not in must], [row for row in must if row not in found]
                raise Wrong(f"{audience} reads {wrong} instead of {right}")
        badges = {row["doi"]: [f"{BASE}/badge/output/{row['output']}.svg {row['score']}"] for row in rows["public"]}
        for item in self.library.items.values():
            (doi,) = item.texts("dc.identifier.doi")
            held = [text.rpartition(" ")[0] for text in item.texts(FIELD)]
            if held != badges.get(doi, []):
                raise Wrong(f"the item of {doi} holds {held}, must hold {badges.get(doi, [])}")
        status = self.house.json("status")
        doubt = [each["pushed"]["in_doubt"] for each in status["connections"]]
        if status["waits_for_accept"] or any(doubt):
            raise Wrong(f"something waits: {status['waits_for_accept']}, {doubt}")
