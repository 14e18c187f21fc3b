"""What a practice Elements, or its folder of files, should lead to: HOUSE section 3 over the sandbox's own facts, in
plain loops. It shares nothing with the code that it tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from conftest import PASSWORD, House

from sandbox.elements import PracticeElements, practice_elements
from sandbox.elements.publications import SOURCES
from sandbox.files import MOST_TRUSTED
from sandbox.institution import Institution, example
from sandbox.model import OPENNESS, Authorship, Output, Person, Privacy, Record, least_open

PLAIN_DOIS = {
    "trailing junk": "10.5555/junk.{}",
    "doi as address": "10.5555/address.{}",
    "doi with prefix": "10.5555/prefix.{}",
    "not a doi": "",
    "angle brackets": "10.5555/(sici)0000-0000(19990101)1:1<1::aid-{}>3.0.co;2-k",
}
"""What the odd DOIs of the example are when they are written plainly."""

CALENDAR = {(2021, 2, 31): "2021-02", (2020, 13, 1): "2020"}
"""As much of an impossible date as there is in the calendar."""


@dataclass(frozen=True)
class Wire:
    """One wire format, and what its administrator lets stand for what it cannot say."""

    version: str
    newer: bool = False
    people: Privacy = "private"
    outputs: Privacy = "private"
    groups: Privacy = "internal"

    @property
    def settings(self) -> str:
        """The table `assume` of the connection."""
        if self.version != "4.6":
            return ""
        return f"""[connections.elements.assume]
people = "{self.people}"
outputs = "{self.outputs}"
groups = "{self.groups}"
"""

    @property
    def levels(self) -> bool:
        """Whether it tells privacy levels, and who is a student."""
        return self.newer or self.version == "6.13"


@dataclass(frozen=True)
class Scope:
    """The scope of a file for `scope apply`."""

    status: str = "all"
    profile: str = "all"
    people: Privacy = "internal"
    outputs: Privacy = "internal"
    authorships: Privacy = "internal"

    @property
    def toml(self) -> str:
        return f"""[scope]
status = "{self.status}"
profile = "{self.profile}"
[scope.visibility]
people = "{self.people}"
outputs = "{self.outputs}"
authorships = "{self.authorships}"
"""


WIRES = {
    "v4.6": Wire("4.6", people="public", outputs="public", groups="public"),
    "v5.5": Wire("5.5"),
    "v5.5 newer": Wire("5.5", newer=True),
    "v6.13": Wire("6.13"),
}


def small() -> Institution:
    """An institution of few people, all of whom wrote something."""
    return example(outputs=112, people=8, mentions=0)


@contextmanager
def pulled(house: House, institution: Institution, wire: Wire, before: str = "") -> Iterator[PracticeElements]:
    """An institution served, pulled and scored once."""
    with serve(institution, wire) as server:
        house.elements(server.url, wire.settings, before=before)
        house.ok("pull", "--full")
        house.ok("score")
        yield server


@contextmanager
def serve(institution: Institution, wire: Wire) -> Iterator[PracticeElements]:
    """The practice Elements of one wire format, with a password that no output may hold."""
    with practice_elements(institution, wire.version, newer_product=wire.newer) as server:
        server.password = PASSWORD
        yield server


def told(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows of an export without ids and scores, sorted."""
    names = ("doi", "title", "type", "journal", "published", "visibility")
    return sorted((*(row[name] for name in names), tuple(row["people"]), tuple(row["groups"])) for row in rows)


def seen(rows: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What an export shows, as previews name it."""
    return {
        "outputs": {f"doi:{row['doi']}" if row["doi"] else f"output:{row['output']}" for row in rows},
        "people": {name for row in rows for name in row["people"]},
        "groups": {name for row in rows for name in row["groups"]},
    }


def link_of(institution: Institution, output: int) -> Authorship:
    """The first link of an output."""
    return institution.of_output(output)[0]


def expected(institution: Institution, wire: Wire, audience: str, scope: Scope | None = None) -> list[tuple[Any, ...]]:
    """The rows an audience may see, by the text of HOUSE section 3 over what the institution was told."""
    scope = scope or Scope()
    admitted = {"public": ("public",), "internal": ("public", "internal")}[audience]
    rows = []
    for output in institution.outputs.values():
        vote = output_vote(output, wire)
        writers = [
            (person, link_vote(institution, output, person, wire))
            for person in {
                link.person: institution.people[link.person] for link in institution.of_output(output.id)
            }.values()
        ]
        in_scope = [
            (person, link) for person, link in writers
            if person_takes_part(person, wire, scope) and at_least(link, scope.authorships)
        ]  # fmt: skip
        if not output.ever_approved or not at_least(vote, scope.outputs) or not in_scope or vote not in admitted:
            continue
        named = [person for person, link in in_scope if person_vote(person, wire) in admitted and link in admitted]
        groups = {
            group for person in named for group in person.groups if group_vote(institution, group, wire) in admitted
        }
        first = by_trust(output) if wire.version == "files" else leading(output)
        with_doi = next((r for r in first if r.doi), first[0])
        rows.append(
            (
                plain_doi(institution, output.id, with_doi),
                next((" ".join(r.title.split()) for r in first if r.title), ""),
                output.type,
                next((r.journal.name for r in first if r.journal), ""),
                next((published(r) for r in first if r.published), ""),
                vote,
                tuple(sorted(f"{p.known_as or p.first_name} {p.last_name}" for p in named)),
                tuple(sorted(institution.groups[group].name for group in groups)),
            )
        )
    return sorted(rows)


def at_least(level: Privacy, least: Privacy) -> bool:
    return OPENNESS[level] >= OPENNESS[least]


def output_vote(output: Output, wire: Wire) -> Privacy:
    if any(record.confidential for record in output.records):
        return "private"
    if wire.version == "4.6":
        return wire.outputs
    if wire.levels:
        return output.privacy
    return "public" if output.privacy == "public" else "private"


def person_vote(person: Person, wire: Wire) -> Privacy:
    if wire.version == "4.6":
        return wire.people
    if wire.levels:
        return person.privacy
    return "public" if person.privacy == "public" else "internal"


def link_vote(institution: Institution, output: Output, person: Person, wire: Wire) -> Privacy:
    own = [link.privacy for link in institution.of_output(output.id) if link.person == person.id]
    if wire.version == "files":  # which know nothing of effective levels
        return least_open(*own)
    if wire.levels:
        return least_open(*own, output.privacy, person.privacy)
    return "public" if set(own) == {"public"} else "private"


def group_vote(institution: Institution, group: int, wire: Wire) -> Privacy:
    """Its own level and those of all above it."""
    line, wanted = set[int](), {group}
    while wanted:
        line |= wanted
        wanted = {parent for g in wanted for parent in institution.groups[g].parents} - line
    levels = [institution.groups[g].privacy or "internal" for g in line]
    return least_open(*levels) if wire.version in ("6.13", "files") else wire.groups


def person_takes_part(person: Person, wire: Wire, scope: Scope) -> bool:
    student = person.student and wire.levels
    profile = {"all": True, "academic": person.academic, "academic_or_student": person.academic or student}
    current = scope.status == "all" or person.current
    return current and profile[scope.profile] and at_least(person_vote(person, wire), scope.people)


def by_trust(output: Output) -> list[Record]:
    """The records as the folder's writer prefers them, each cell being the first that is not empty."""
    return sorted(output.records, key=lambda r: (not r.preferred, MOST_TRUSTED.index(r.source)))


def leading(output: Output) -> list[Record]:
    """The records by trust, the one whose DOI counts before all."""
    ranked = sorted(output.records, key=lambda r: (not r.preferred, SOURCES[r.source][2]))
    with_doi = [r for r in ranked if r.doi and not r.doi.startswith("doi:123")]
    return [*with_doi[:1], *(r for r in ranked if not with_doi or r is not with_doi[0])]


def plain_doi(institution: Institution, output: int, record: Record) -> str:
    odd = {number: name for name, number in institution.named.items()}.get(output, "")
    return PLAIN_DOIS.get(odd, "").format(output) if odd in PLAIN_DOIS else record.doi.lower()


def published(record: Record) -> str:
    told = record.published or (0, None, None)
    parts = [f"{part:02d}" for part in told if part is not None]
    return CALENDAR.get(told) or "-".join(parts)  # type: ignore[arg-type]
