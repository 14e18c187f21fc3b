"""What happens at the source, at random: levels open and close, records come, go, come back, merge, are corrected."""

import random

from interleaving_university import PEOPLE, add_output, correct, link, university

from bench.torture_model import Model
from sandbox.institution import Institution
from sandbox.model import Authorship, Output

LEVELS = ("public", "public", "internal", "private")
CHANGES = ("level", "level", "level", "person", "link", "group", "new", "delete", "come back", "merge", "correct")


class Source:
    """An institution that changes, and the model that is told of it.

    What a source merges while its level is not known to all keeps the least open vote that was ever told, until an
    administrator releases it; so only what was read as it is merges, and it stays as it is until that was read."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.institution: Institution = university(outputs=dice.randint(8, 12))
        self.model = Model(self.institution)
        self.gone: list[tuple[Output, list[Authorship]]] = []
        self.numbers = iter(range(201, 300))
        self.corrected = 0
        self.dois = {number: {dois(output)} for number, output in self.institution.outputs.items()}

    def change(self) -> str:
        """One change; what it was."""
        with self.institution.lock:
            what = self.dice.choice(CHANGES if self._some() else ("group", "new"))
            ids = getattr(self, f"_{what.replace(' ', '_')}")()
            for number, output in self.institution.outputs.items():
                self.dois.setdefault(number, set()).add(dois(output))
            self.model.changed(*ids)
            return f"{what} {' '.join(map(str, ids))}"

    def _some(self) -> list[int]:
        """Outputs that are not held still."""
        return [number for number in sorted(self.institution.outputs) if not self._near(number) & self.model.merged]

    def _near(self, number: int) -> set[int]:
        return {number, *(each.person for each in self.institution.of_output(number))}

    def _level(self) -> list[int]:
        return [self._of(number, privacy=self.dice.choice(LEVELS)) for number in self.dice.sample(self._some(), 1)]

    def _of(self, number: int, **changes: object) -> int:
        self.institution.change_output(number, **changes)
        return number

    def _person(self) -> list[int]:
        free = sorted({*self.institution.people} - self.model.merged)
        for number in free[:1] and [self.dice.choice(free)]:
            part = self.dice.choice(("privacy", "privacy", "academic", "current", "student"))
            value = self.dice.choice(LEVELS) if part == "privacy" else self.dice.random() < 0.7
            self.institution.change_person(number, **{part: value})
            return [number]
        return []

    def _link(self) -> list[int]:
        number = self.dice.choice(self._some())
        for each in self.institution.of_output(number)[:1]:
            self.institution.change_authorship(each.id, privacy=self.dice.choice(LEVELS))
        return [*self._near(number)]

    def _group(self) -> list[int]:
        self.institution.change_group(
            self.dice.choice(sorted(self.institution.groups)), privacy=self.dice.choice(LEVELS)
        )
        return []

    def _new(self) -> list[int]:
        number = next(self.numbers)
        add_output(self.institution, number, self.dice.choice(LEVELS))
        for person in self.dice.sample(PEOPLE, self.dice.randint(1, 2)):
            link(self.institution, number, person)
        return [number]

    def _delete(self) -> list[int]:
        if len(some := self._some()) < 5:
            return []
        number = self.dice.choice(some)
        self.gone.append((self.institution.outputs[number], self.institution.of_output(number)))
        self.institution.delete_output(number)
        return [number]

    def _come_back(self) -> list[int]:
        if not self.gone:
            return []
        output, links = self.gone.pop()
        self.institution.add_output(output)
        for each in links:
            self.institution.add_authorship(each)
        return [output.id]

    def _merge(self) -> list[int]:
        """Two public ones of which everything was read as it is."""
        if self.model.deceived:
            return []
        still = [number for number in self._some() if self._still(number)]
        if len(still) < 2:
            return []
        loser, winner = self.dice.sample(still, 2)
        near = self._near(loser) | self._near(winner)
        self.institution.merge_outputs(loser, into=winner)
        self.model.merged |= near
        return [*near]

    def _still(self, number: int) -> bool:
        output, links = self.institution.outputs[number], self.institution.of_output(number)
        hidden = self.model.hidden.outputs
        return (
            not self._near(number) & self.model.touched
            and {output.privacy, *(each.privacy for each in links)} == {"public"}
            and titled(number) not in hidden
        )

    def _correct(self) -> list[int]:
        number = self.dice.choice(self._some())
        self.corrected += 1
        correct(self.institution, number, f"10.5555/corrected.{self.corrected}")
        return [number]


def dois(output: Output) -> str:
    """The DOI that counts."""
    return output.records[0].doi


def titled(number: int) -> str:
    """The title of an output, by which it is known for good."""
    return f"A work of the number {number}"
