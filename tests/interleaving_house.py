"""A tiny world: two outputs that the public may see, one of which somebody hides meanwhile, and their repository."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import stores
from conftest import PASSWORD, House
from interleaving_process import Process, prepare

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import Item, made

FIELD = "local.attention.score"
BASE = "https://ringmark.example.edu"
GOES, STAYS = "10.5555/goes", "10.5555/stays"  # pushed in this order
TITLE = "A work that is hidden meanwhile"
ITEMS = {doi: made(number, dc_identifier_doi=doi) for number, doi in enumerate((GOES, STAYS), 1)}
DAY = 86_400_000_000  # microseconds

SETTINGS = f"""
[institution]
base_url = "{BASE}"
[score]
rules = "published-2020"
[serve]
listen = "127.0.0.1:0"
operations = "127.0.0.1:0"
[connections.local]
kind = "files"
path = "import"
[connections.library]
kind = "dspace"
url = "%s"
username = "%s"
password_file = "password"
push = "public"
field = "{FIELD}"
pace = 0
"""
FILES = {
    "narrow.toml": '[scope]\nprofile = "academic"\n',
    "import/people.csv": """person,name,visibility,current,academic
ada,Ada Example,public,true,false
ben,Ben Example,public,true,true
""",
    "import/outputs.csv": f"""output,title,type,visibility,doi
1,{TITLE},book,public,{GOES}
2,A work that stays,book,public,{STAYS}
""",
    "import/authorships.csv": """output,person,visibility
1,ada,public
2,ben,public
""",
    "import/mentions.jsonl": "",
}
NEWS = f"""
{{"id": "1", "source": "news", "occurred_at": "2026-03-01", "url": "https://news.example/1", "output": ["doi:{GOES}"]}}
{{"id": "2", "source": "news", "occurred_at": "2026-03-01", "url": "https://news.example/2", "output": ["doi:{STAYS}"]}}
"""


@dataclass(frozen=True)
class Change:
    """What somebody does meanwhile: commands, and before them a word in a file of the source."""

    commands: tuple[tuple[str, ...], ...]
    file: str = ""
    old: str = ""
    new: str = ""

    def prepare(self, house: House) -> None:
        """What the source tells from now on."""
        if self.file:
            told = house.folder / "import" / self.file
            assert self.old in told.read_text()
            told.write_text(told.read_text().replace(self.old, self.new))


PULL, SCOPE = (("pull", "local"),), (("scope", "apply", "{folder}/narrow.toml"),)
HIDE, UNHIDE = ("hide", f"doi:{GOES}", "--why", "x"), ("unhide", f"doi:{GOES}")
TIGHTER = {
    "hide": Change((HIDE,)),
    "output": Change(PULL, "outputs.csv", f"public,{GOES}", f"private,{GOES}"),
    "link": Change(PULL, "authorships.csv", "1,ada,public", "1,ada,private"),
    "person": Change(PULL, "people.csv", "Ada Example,public", "Ada Example,private"),
    "scope": Change(SCOPE),
}
LOOSER = {"unhide": Change((UNHIDE,)), "unhide, hide": Change((UNHIDE, HIDE))}


@dataclass(frozen=True)
class State:
    """A folder as commands left it, and what the repository held by then."""

    folder: Path
    items: dict[str, Item]


class World:
    """One house, its repository and its server; every story begins in one of a few states."""

    doors: "Doors"

    def __init__(self, folder: Path, repository: PracticeDSpace) -> None:
        self.repository = repository
        self.states: dict[str, State] = {}
        self.points: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        self._kept, self._folder = folder / "states", folder / "house"
        self._prepare()

    def at(self, state: str) -> House:
        """The house and the repository as they were then. The server finds another store in the place of the one that
        it knew, as after a restore."""
        begun = self.states[state]
        with self.repository.lock:
            self.repository.items = dict(begun.items)
            self.repository.faults.clear()
        return House(stores.replace(self._folder, begun.folder))

    def held(self, doi: str) -> list[str]:
        """What the repository holds of ours for an output, without the day."""
        return [value.rpartition(" ")[0] for value in self.repository.texts(ITEMS[doi].uuid, FIELD)]

    def _prepare(self) -> None:
        """Long ago, so that whatever was pushed may be written again."""
        (self._folder / "import").mkdir(parents=True)
        for name, text in FILES.items():
            (self._folder / name).write_text(text)
        (self._folder / "password").write_text(self.repository.password)
        (self._folder / "password").chmod(0o600)
        house = House(self._folder).write(SETTINGS % (self.repository.url, self.repository.username))
        house.later = -30 * DAY
        for state, words in (("pulled", "pull"), ("scored", "score"), ("pushed", "push")):
            house.ok(words)
            self._keep(state)
        self.output = next(row["output"] for row in house.rows() if row["doi"] == GOES)
        house.ok(*HIDE)
        self._keep("hidden")
        self.at("pushed")
        (self._folder / "import" / "mentions.jsonl").write_text(NEWS)
        for state, words in (("told", "pull"), ("changed", "score")):
            house.ok(words)
            self._keep(state)

    def _keep(self, name: str) -> None:
        self.states[name] = State(stores.copy(self._folder, self._kept / name), dict(self.repository.items))


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """The world, while its repository and its server run."""
    prepare()
    with practice_dspace(ITEMS.values()) as repository, requests.Session() as session:
        repository.password = PASSWORD
        session.trust_env = False
        found = World(folder, repository)
        house = found.at("pulled")
        with Process(house.file, ["serve"]) as server:
            address = server.say(", operations").partition("serving ")[2].partition(",")[0]
            found.doors = Doors(house, session, address, found.output)
            yield found


class Doors:
    """The ways by which readers get to the output that goes: a running server, and the command line."""

    def __init__(self, house: House, session: requests.Session, address: str, output: str) -> None:
        self.house, self.session, self.address = house, session, address
        self.paths = {
            "badge": f"/badge/doi/{GOES}.json",
            "picture": f"/badge/doi/{GOES}.svg",
            "picture by id": f"/badge/output/{output}.svg",
            "page": f"/doi/{GOES}",
            "page by id": f"/outputs/{output}",
            "front": "/",
        }

    def open(self) -> set[str]:
        """Those through which it can be read."""
        asked = {"explain": "explain", "badge": "badge of the command line"}
        reads = {name for verb, name in asked.items() if self.house.run(verb, f"doi:{GOES}").code == 0}
        reads |= {"export"} if GOES in self.house.dois() else set()
        return reads | self.served(*self.paths)

    def served(self, *names: str) -> set[str]:
        """Those of the server."""
        return {name for name in names if self._shows(self.paths[name])}

    def _shows(self, path: str) -> bool:
        """Whether an answer of the server tells of it."""
        answer = self.session.get(self.address + path, timeout=30)
        assert answer.status_code in (200, 404)
        return TITLE in answer.text if path == "/" else answer.status_code == 200
