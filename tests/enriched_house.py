"""A house with works in a folder of files, and a practice service that is asked about them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import House

from sandbox.enrichers import Name, PracticeService, practice_service

DAY = 24 * 3600 * 1_000_000
A, B = "10.5555/a", "10.5555/b"
OPEN_A = f"a,Tides,public,{A},,,,"
OPEN_B = f"b,Quays,public,{B},,,,"
OUTPUTS = "output,title,visibility,doi,pmid,journal,issn,subjects"
PEOPLE = "person,name,orcid,visibility"
LINKS = "output,person,visibility"
LOCAL = '[connections.local]\nkind = "files"\npath = "local"\nfull = "manual"\npeople = {people}\n'
SERVICE = """
[connections.service]
kind = "{kind}"
url = "{url}"
token_file = "token"
pace = 0
{more}
"""


class Enriched:
    """The house, and the service that it asks."""

    def __init__(self, house: House, service: PracticeService, *, people: bool, more: str) -> None:
        self.house, self.service = house, service
        self.local = LOCAL.format(people=json.dumps(people))
        token = house.folder / "token"
        token.write_text(service.token)
        token.chmod(0o600)
        told = SERVICE.format(kind=service.name, url=service.url, more=more)
        house.write(self.local + told)

    def works(self, *rows: str, people: tuple[str, ...] = (), links: tuple[str, ...] = ()) -> None:
        """The folder holds these works from now on, and is read."""
        folder = self.house.folder / "local"
        folder.mkdir(exist_ok=True)
        (folder / "outputs.csv").write_text("\n".join((OUTPUTS, *rows)) + "\n")
        if people:
            (folder / "people.csv").write_text("\n".join((PEOPLE, *people)) + "\n")
            (folder / "authorships.csv").write_text("\n".join((LINKS, *links)) + "\n")
        self.house.run("pull", "local")  # what is gone is held back once
        self.house.ok("pull", "local")

    def ask(self, *words: str) -> list[str]:
        """One run of questions; what was asked about, sorted."""
        before = len(self.service.subjects)
        self.house.ok("pull", "service", *words)
        return sorted(each for asked in self.service.subjects[before:] for each in asked)

    def said(self, **targets: str) -> None:
        """One policy document by each source, about what it is told to be about; and a score."""
        lines = [
            {"id": who, "source": "policy", "policy_source": who, "output": target, "url": f"https://{who}.example.org/",
             "occurred_at": "2026-01-01"}
            for who, target in targets.items()
        ]  # fmt: skip
        (self.house.folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.house.ok("import", str(self.house.folder / "mentions.jsonl"))
        self.house.ok("score")

    def score(self, doi: str, audience: str = "public") -> int | None:
        """The score that an audience sees; None where it sees no such output."""
        ran = self.house.run("explain", doi, "--audience", audience, "--json")
        return int(ran.document["score"]) if ran.code == 0 else None

    def rows(self, audience: str) -> dict[str, dict[str, Any]]:
        """What an audience sees, by DOI."""
        self.house.ok("score")
        return {row["doi"]: row for row in self.house.rows(audience)}

    def kept(self) -> tuple[int, int, int]:
        """How many questions, answers, and statements of versions are stored."""
        tables = ("asked", "learned", "learned_version")
        return tuple(self.house.stored(f"SELECT count(*) FROM {table}")[0][0] for table in tables)  # type: ignore[return-value]


@contextmanager
def enriched(house: House, name: Name, *, people: bool = False, more: str = "") -> Iterator[Enriched]:
    """A house that asks a practice service."""
    with practice_service(name) as service:
        yield Enriched(house, service, people=people, more=more)


def asks(name: Name, *, people: bool = False) -> Any:
    """A fixture: a house that asks a practice service, for each test."""

    @pytest.fixture
    def asking(house: House) -> Iterator[Enriched]:
        with enriched(house, name, people=people) as each:
            yield each

    return asking
