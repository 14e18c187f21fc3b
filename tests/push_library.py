"""A house and the practice DSpace that its badges go to, and what the stories of pushes share."""

import atexit
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import stores
from conftest import PASSWORD, House

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import Item, made

DAY = 86_400 * 1_000_000
BASE = "https://ringmark.example.edu"
FIELD = "local.attention.score"
THEIRS = "3.5 (faculty committee)"
SETTINGS = f"""
[institution]
base_url = "{BASE}"
[score]
rules = "published-2020"
[connections.local]
kind = "files"
path = "import"
require_author = false
"""
TARGET = """
[connections.library]
kind = "dspace"
url = "{url}"
username = "ringmark@example.edu"
password_file = "password"
push = "public"
field = "local.attention.score"
pace = 0
"""
WORKS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
FIRST = {"one": "public", "two": "public", "three": "private"}


@dataclass
class Library:
    """A house and the repository that its badges go to; the item of each work carries its DOI."""

    house: House
    server: PracticeDSpace
    works: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    def tell(self, score: bool = True, **levels: str) -> None:
        """Pull works by their levels, and score them. `columns` has the identifiers of those whose DOI is not their
        own: DOI and handle, with a comma."""
        self.works |= levels
        rows = [
            f"{work},Canary title of {work},{level},{self.columns.get(work, f'10.5555/{work},')}\n"
            for work, level in self.works.items()
        ]
        folder = self.house.folder / "import"
        folder.mkdir(exist_ok=True)
        (folder / "outputs.csv").write_text("".join(["output,title,visibility,doi,handle\n", *rows]))
        self.house.ok("pull", "local")
        if score:
            self.house.ok("score")

    def mention(self, **policies: int) -> None:
        """By how many policy sources each work is mentioned now; each gives three points."""
        with (self.house.folder / "import" / "mentions.jsonl").open("a") as file:
            for work, count in policies.items():
                told = [json.dumps(_mention(work, number, deleted=number >= count)) + "\n" for number in range(6)]
                file.writelines(told)
        self.house.ok("pull", "local")
        self.house.ok("score")

    def settings(self, target: str = TARGET, more: str = "") -> None:
        """The settings; `more` are lines of the repository's table."""
        text = target.replace("{url}", self.server.url)
        self.house.write(SETTINGS + text + more)

    def first_push(self) -> "Library":
        """Write the badges of the two works that are public at first."""
        assert self.push()["written"] == 2
        assert self.scores() == {"one": "3", "two": "6"}
        return self

    def push(self, *words: str, code: int = 0) -> Any:
        """The document of a push that ends with an exit code; for a push of one connection, what became of that."""
        ran = self.house.run("push", *words, "--json")
        assert (ran.code, ran.err) == (code, ""), ran
        return ran.document["connections"][0]

    def days(self, days: float) -> None:
        """Time passes, for the commands."""
        self.house.later += int(days * DAY)

    def uuid(self, work: str) -> str:
        """The item of a work."""
        return item_of(work).uuid

    def texts(self, work: str) -> tuple[str, ...]:
        """What our field of a work's item holds."""
        return self.server.texts(self.uuid(work), FIELD)

    def scores(self) -> dict[str, str]:
        """The score that each item shows, of those that show one."""
        return {work: texts[0].split(" ")[1] for work in self.carried() if (texts := self.texts(work))}

    def carried(self) -> list[str]:
        """The works that have an item."""
        return [work for work in WORKS if self.uuid(work) in self.server.items]

    def stands(self) -> dict[str, Any]:
        """What `status` says of the repository."""
        return named(self.house.json("status"), "library")

    def rows(self, table: str) -> list[Any]:
        """All rows of a table of the store."""
        return self.ledger(f"SELECT * FROM {table}")

    def ledger(self, sql: str) -> list[Any]:
        """What the store answers."""
        return self.house.stored(sql)


@contextmanager
def opened(folder: Path) -> Iterator[Library]:
    """Two public works and a private one, of 3, 6 and 9 points, and a repository that has an item for every work and no
    badge yet."""
    stores.copy(first_told(), folder)
    with practice_dspace([item_of(work) for work in WORKS]) as server:
        server.password = PASSWORD
        library = Library(House(folder), server, dict(FIRST))
        library.settings()
        yield library


def lost(server: PracticeDSpace, what: str = "hang up after") -> None:
    """The next PATCH ends in a way of its own, and nothing can be read for the rest of the push."""

    def deaf(_: PracticeDSpace) -> None:
        server.faults.append(DSpaceFault("status", status=500, method="GET", times=None))

    server.faults.append(DSpaceFault("change", method="PATCH", act=deaf))
    server.faults.append(DSpaceFault(what, method="PATCH"))  # type: ignore[arg-type]


def item_of(work: str) -> Item:
    """The item of a work, as the repository got it."""
    number = WORKS.index(work) + 1
    return made(number, dc_identifier_doi=f"10.5555/{work}", dc_title=f"Canary title of {work}")


def named(status: dict[str, Any], name: str) -> dict[str, Any]:
    """What `status` says of one connection."""
    (found,) = [each for each in status["connections"] if each["name"] == name]
    return dict(found)


@cache
def first_told() -> Path:
    """The folder of a house that was told of the first works: made once, copied for each test."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with practice_dspace([]) as server:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        library = Library(House(folder).write(SETTINGS), server)
        library.tell(**FIRST)
        library.mention(one=1, two=2, three=3)
    stores.keep(folder)
    return folder


def _mention(key: str, number: int, *, deleted: bool) -> dict[str, Any]:
    told = {"id": f"{key}-{number}", "source": "policy", "output": [f"doi:10.5555/{key}"],
            "url": f"https://policy.example.org/{key}/{number}", "occurred_at": "2026-03-01T10:00:00Z",
            "policy_source": f"{key}-{number}"}  # fmt: skip
    return told | ({"deleted": True} if deleted else {})
