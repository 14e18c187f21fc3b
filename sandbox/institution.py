"""The University of Example: people, departments, outputs and attention, all invented, the same for the same seed.

    institution = example()
    institution.write_files(Path("import"))
    institution.change_output(institution.named["emoji"], privacy="private")

`named` leads to the odd outputs (`sandbox.oddities`) and to those whose mentions exercise one rule of the score each
(`sandbox.scenarios`). Changes keep the times that feeds of changes and of deletions tell.
"""

import random
import threading
from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox import files
from sandbox.attention import random_mentions, scripted
from sandbox.model import Authorship, Deletion, Group, Mention, Merge, Output, Part, Person, Stamps
from sandbox.outputs import outputs as invent_outputs
from sandbox.people import YESTERDAY
from sandbox.people import groups as invent_groups
from sandbox.people import people as invent_people


def example(outputs: int = 400, people: int = 60, mentions: int = 3_000, seed: int = 1) -> "Institution":
    """The example institution; with fewer than 97 outputs some of the named ones are missing.

    `mentions` is about how many there are; none when 0. 100,000 outputs take some ten seconds and 300 MB."""
    rng = random.Random(seed)  # noqa: S311  (an example, not a secret)
    institution = Institution()
    for group in invent_groups():
        institution.groups[group.id] = group
    for person in invent_people(people, rng):
        institution.people[person.id] = person
    for made in invent_outputs(outputs, list(institution.people.values()), rng):
        institution.outputs[made.output.id] = made.output
        for authorship in made.authorships:
            institution.link(authorship)
        if made.oddity:
            institution.named[made.oddity] = made.output.id
    if mentions:
        institution.mentions.extend(scripted(institution.named, institution.outputs))
        more = mentions - len(institution.mentions)
        spare = set(institution.named.values())
        institution.mentions.extend(random_mentions(list(institution.outputs.values()), more, rng, spare))
    return institution


class Institution:
    """Everything the practice systems serve. Every change holds `lock`, moves `generation` and is stamped by `now`.

    `clock` may be replaced by a test; stamps never go back, whatever it says."""

    def __init__(self) -> None:
        self.groups: dict[int, Group] = {}
        self.people: dict[int, Person] = {}
        self.outputs: dict[int, Output] = {}
        self.authorships: dict[int, Authorship] = {}
        self.mentions: list[Mention] = []
        self.deletions: list[Deletion] = []
        self.named: dict[str, int] = {}
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.RLock()
        self.generation = 0
        self._latest = YESTERDAY
        self._of_output: dict[int, list[int]] = {}
        self._of_person: dict[int, list[int]] = {}

    def now(self) -> datetime:
        """The clock, but never before the last stamp."""
        return max(self.clock(), self._latest)

    def of_output(self, output: int) -> list[Authorship]:
        """All links of one output, by id."""
        return [self.authorships[link] for link in self._of_output.get(output, ())]

    def of_person(self, person: int) -> list[Authorship]:
        """All links of one person, by id."""
        return [self.authorships[link] for link in self._of_person.get(person, ())]

    def members(self, groups: Iterable[int], *, explicit: bool) -> set[int]:
        """People of some groups; unless `explicit`, those of all groups below them too."""
        wanted = set(groups)
        grown = not explicit
        while grown:
            below = {g.id for g in self.groups.values() if wanted.intersection(g.parents)} - wanted
            wanted |= below
            grown = bool(below)
        return {p.id for p in self.people.values() if wanted.intersection(p.groups)}

    def change_person(self, person: int, **changes: object) -> None:
        """Set fields of a person: `privacy`, `current`, `academic`, `student`, names, `groups`."""
        with self.lock:
            self.people[person] = replace(self.people[person], **changes)  # type: ignore[arg-type]
            self._touch_person(person, modified=True)
            for link in self.of_person(person):
                self._touch_output(link.output)

    def change_output(self, output: int, **changes: object) -> None:
        """Set fields of an output: `privacy`, `ever_approved`, `records`, `type`, `labels`."""
        with self.lock:
            self.outputs[output] = replace(self.outputs[output], **changes)  # type: ignore[arg-type]
            self._touch_output(output, modified=True)
            for link in self.of_output(output):
                self._touch_person(link.person)

    def change_authorship(self, authorship: int, **changes: object) -> None:
        """Set fields of a link: `privacy`, `type`, `position`. Both ends are affected, neither is modified."""
        with self.lock:
            when = self._moment()
            old = self.authorships[authorship]
            stamps = Stamps(created=old.stamps.created, modified=when, affected=when)
            new = replace(old, **changes, stamps=stamps)  # type: ignore[arg-type]
            self.authorships[authorship] = new
            self._touch_ends(new)

    def change_group(self, group: int, **changes: object) -> None:
        """Set fields of a group: `name`, `parents`, `privacy`. No feed tells of it."""
        with self.lock:
            self.groups[group] = replace(self.groups[group], **changes)  # type: ignore[arg-type]
            self.generation += 1

    def add_group(self, group: Group) -> None:
        """Add a department."""
        with self.lock:
            self.groups[group.id] = group
            self.generation += 1

    def add_person(self, person: Person) -> None:
        """Add a person under a new id, created now."""
        with self.lock:
            self.people[person.id] = replace(person, stamps=self._born())

    def add_output(self, output: Output) -> None:
        """Add an output under a new id, created now; link it with `add_authorship`."""
        with self.lock:
            self.outputs[output.id] = replace(output, stamps=self._born())

    def add_authorship(self, authorship: Authorship) -> None:
        """Add a link under a new id, created now."""
        with self.lock:
            self.link(replace(authorship, stamps=self._born()))
            self._touch_ends(authorship)

    def add_mention(self, mention: Mention) -> None:
        """Add a mention, or tell an earlier one anew."""
        with self.lock:
            self.mentions.append(mention)

    def take_back(self, mention: str) -> None:
        """Say that a mention, by its id, is no more."""
        self.add_mention(Mention(id=mention, deleted=True))

    def delete_output(self, output: int) -> None:
        """Delete an output and its links."""
        with self.lock:
            for link in self.of_output(output):
                self.delete_authorship(link.id)
            del self.outputs[output]
            self._gone("publication", output)

    def delete_person(self, person: int) -> None:
        """Delete a person and their links."""
        with self.lock:
            for link in self.of_person(person):
                self.delete_authorship(link.id)
            gone = self.people.pop(person)
            self._gone("user", person, gone.proprietary_id, gone.username)

    def delete_authorship(self, authorship: int) -> None:
        """Delete one link."""
        with self.lock:
            self._gone("relationship", authorship)
            gone = self.authorships.pop(authorship)
            self._of_output[gone.output].remove(authorship)
            self._of_person[gone.person].remove(authorship)
            self._touch_ends(gone)

    def merge_outputs(self, merged: int, into: int) -> None:
        """Merge one output into another: records and links go along, links that would be double are deleted."""
        with self.lock:
            loser, winner = self.outputs[merged], self.outputs[into]
            for link in self.of_output(merged):
                if any(other.person == link.person for other in self.of_output(into)):
                    self.delete_authorship(link.id)
                else:
                    self._move(link, replace(link, output=into))
            merges = (*winner.merges, *loser.merges, Merge(merged=merged, into=into, when=self._moment()))
            labels = tuple(dict.fromkeys((*winner.labels, *loser.labels)))
            self.change_output(into, records=winner.records + loser.records, merges=merges, labels=labels)
            del self.outputs[merged]
            self._gone("publication", merged)

    def merge_people(self, merged: int, into: int) -> None:
        """Merge one profile into another: links go along, links that would be double are deleted."""
        with self.lock:
            loser, winner = self.people[merged], self.people[into]
            for link in self.of_person(merged):
                if any(other.output == link.output for other in self.of_person(into)):
                    self.delete_authorship(link.id)
                else:
                    self._move(link, replace(link, person=into))
            merges = (*winner.merges, *loser.merges, Merge(merged=merged, into=into, when=self._moment()))
            self.change_person(into, merges=merges)
            del self.people[merged]
            self._gone("user", merged, loser.proprietary_id, loser.username)

    def link(self, authorship: Authorship) -> None:
        """Put a link in place as it stands, unstamped: for building an institution; later use `add_authorship`."""
        self.authorships[authorship.id] = authorship
        insort(self._of_output.setdefault(authorship.output, []), authorship.id)
        insort(self._of_person.setdefault(authorship.person, []), authorship.id)

    def write_mentions(self, path: Path) -> None:
        """Write all mentions as JSON lines."""
        files.write_mentions(self.mentions, path)

    def write_files(self, folder: Path) -> None:
        """Write the whole institution as a folder of CSV files and `mentions.jsonl`."""
        files.write_files(self, folder)

    def _move(self, old: Authorship, new: Authorship) -> None:
        self._of_output[old.output].remove(old.id)
        self._of_person[old.person].remove(old.id)
        self.link(new)
        self.change_authorship(new.id)

    def _touch_ends(self, link: Authorship) -> None:
        self._touch_output(link.output)
        self._touch_person(link.person)

    def _touch_output(self, output: int, *, modified: bool = False) -> None:
        if output in self.outputs:
            old = self.outputs[output]
            self.outputs[output] = replace(old, stamps=self._later(old.stamps, modified))

    def _touch_person(self, person: int, *, modified: bool = False) -> None:
        if person in self.people:
            old = self.people[person]
            self.people[person] = replace(old, stamps=self._later(old.stamps, modified))

    def _gone(self, part: Part, number: int, proprietary_id: str = "", username: str = "") -> None:
        self.deletions.append(
            Deletion(part=part, id=number, when=self._moment(), proprietary_id=proprietary_id, username=username)
        )

    def _later(self, stamps: Stamps, modified: bool) -> Stamps:
        when = self._moment()
        return Stamps(created=stamps.created, modified=when if modified else stamps.modified, affected=when)

    def _born(self) -> Stamps:
        when = self._moment()
        return Stamps(created=when, modified=when, affected=when)

    def _moment(self) -> datetime:
        """A stamp later than every other."""
        self._latest = max(self.clock(), self._latest + timedelta(microseconds=1))
        self.generation += 1
        return self._latest
