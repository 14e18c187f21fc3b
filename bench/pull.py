"""A whole pull of a practice Elements on loopback that answers after 50 ms, and what a tightened flag does in it.

Ours is `sync.steps.pull_one`: users, groups, relationships and publications (pages of 25 entries of about 47 KB) are
fetched, parsed and stored. The limit is the slower of all its requests one after the other with nothing but their
latency, and of the parser alone reading the bodies of the publications.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from bench import parse, practice, world
from bench.results import Result, at_least, check, median, seconds
from config.load import load
from config.settings import Settings
from scoring.rules import load as rules
from sync import steps, store
from sync.store import Store

LATENCY = 0.05
ROUNDS = 3
PEOPLE, PEOPLE_A_PAGE, LINKS_A_PAGE = 100, 25, 1000
API, FEED = "/api/v5.5", '<feed xmlns="http://www.w3.org/2005/Atom" ' + parse.API + ">"
SETTINGS = """
[store]
url = "sqlite:///ringmark.db"
[scope.visibility]
people = "public"
[connections.elements]
kind = "elements"
url = "{url}"
pace = 0
"""


def measure(*, small: bool) -> list[Result]:
    """Pages a second, and the state after a flag was tightened."""
    count = 8 if small else 40
    with TemporaryDirectory() as place:
        folder = Path(place)
        bodies = record(folder, count)
        with practice.serving(folder, LATENCY) as url:
            taken, alone = [], []
            for _ in range(ROUNDS):
                with house_of(url + API) as (house, settings):
                    taken.append(seconds(partial(pull, house, settings)))
                alone.append(seconds(lambda: [parse.read(BytesIO(body)) for body in bodies]))
            with house_of(url + API) as (house, settings):
                withdrawn = tightened(house, settings, folder)
    requests = len(REQUESTS) + PEOPLE // PEOPLE_A_PAGE + -(-count * parse.ENTRIES * 3 // LINKS_A_PAGE) + count
    limit = max(requests * LATENCY, median(alone))
    ratio = limit / median(taken)
    beside = (
        f"{requests / median(taken):.1f} pages/s; {requests} requests of {LATENCY * 1000:.0f} ms are "
        f"{requests * LATENCY:.1f} s, the parser alone {median(alone):.1f} s, ours {median(taken):.1f} s"
    )
    return [
        at_least(
            f"pull {count} pages of publications and what belongs to them", "latency or one parser", ratio, 0.8, beside
        ),
        check("withdraw after a tightened flag", "badge gone in the transaction of the page", withdrawn),
    ]


REQUESTS = ("/users?detail=ref", "/publication/sources", "/relationship/types", "/groups")  # of one page each


def pull(house: Store, settings: Settings) -> None:
    with steps.connect(settings, settings.connections["elements"]) as connector:
        result = steps.pull_one(house, connector, full=True, clock=store.now, progress=lambda *_: None)
    assert result.outcome == "done", result


@contextmanager
def house_of(url: str) -> Iterator[tuple[Store, Settings]]:
    """An empty store whose one connection is the practice system."""
    world.DATA.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=world.DATA) as place:
        file = Path(place) / "ringmark.toml"
        file.write_text(SETTINGS.format(url=url))
        settings = load(file, {})
        house = steps.open_house(settings)
        try:
            yield house, settings
        finally:
            house.engine.dispose()


def tightened(house: Store, settings: Settings, folder: Path) -> bool:
    """Pull and publish; close one publication at the source; pull again and look after every commit.

    True when its badge was there before, is not there after, and at no commit beside an item that is private."""
    pull(house, settings)
    store.score(house, rules("ringmark-2026"), full=True, now=store.now(), progress=lambda *_: None)
    database, seen = sqlite3.connect(str(house.engine.url.database)), []

    def look(*_: object) -> None:
        seen.append(tuple(database.execute(LOOK).fetchone()))

    look()
    page = folder / practice.name(f"{API}/publications")
    page.write_bytes(page.read_bytes().replace(b"<api:is-public>true", b"<api:is-public>false", 1))
    event.listen(house.engine, "commit", look)  # called before, so that the next one sees what this one did
    pull(house, settings)
    event.remove(house.engine, "commit", look)
    look()
    database.close()
    return seen[0] == (2, 1) and seen[-1] == (0, 0) and (0, 1) not in seen


LOOK = """
SELECT i.visibility, EXISTS (SELECT 1 FROM badge b WHERE b.audience = 'public' AND b.output_id = i.output_id)
FROM item i WHERE i.key = '0'
"""


def record(folder: Path, count: int) -> list[bytes]:
    """Write every body that a full pull asks for; the bodies of the publications."""
    users = [user(number) for number in range(PEOPLE)]
    links = [
        link(page * 1000 + n, person) for page in range(count) for n in range(parse.ENTRIES) for person in range(3)
    ]
    write(folder, "/publication/sources", [[]])
    write(folder, "/relationship/types", [[]])
    write(folder, "/groups", [[]])
    write(folder, "/users", batches(users, PEOPLE_A_PAGE))
    write(folder, "/relationships", batches(links, LINKS_A_PAGE))
    bodies = []
    for number in range(count):
        told = f'items-per-page="25">{following("/publications", number, count)}</api:pagination>'
        bodies.append(parse.page(number, parse.ENTRIES).replace(b'items-per-page="25"/>', told.encode()))
        (folder / place("/publications", number)).write_bytes(bodies[-1])
    return bodies


def batches(entries: list[str], size: int) -> list[list[str]]:
    return [entries[first : first + size] for first in range(0, len(entries), size)]


def write(folder: Path, path: str, pages: list[list[str]]) -> None:
    total = sum(map(len, pages))
    for number, entries in enumerate(pages):
        paging = f'<api:pagination results-count="{total}">{following(path, number, len(pages))}</api:pagination>'
        told = "".join(f"<entry>{entry}</entry>" for entry in entries)
        body = f"{FEED}<api:schema-version>5.5</api:schema-version>{paging}{told}</feed>"
        (folder / place(path, number)).write_text(body)


def place(path: str, number: int) -> str:
    return practice.name(API + path, str(number) if number else "")


def following(path: str, number: int, pages: int) -> str:
    return f'<api:page position="next" href="{API}{path}?page={number + 1}"/>' if number + 1 < pages else ""


def user(number: int) -> str:
    return (
        f'<api:object category="user" id="{number}"><api:is-public>true</api:is-public>'
        "<api:is-current-staff>true</api:is-current-staff><api:is-academic>true</api:is-academic>"
        f"<api:last-name>Person {number}</api:last-name></api:object>"
    )


def link(publication: int, place: int) -> str:
    person = (publication + place * 7) % PEOPLE
    return (
        f'<api:relationship id="{publication}-{place}" type="publication-user-authorship">'
        "<api:is-visible>true</api:is-visible>"
        f'<api:related direction="from" category="publication" id="{publication}"/>'
        f'<api:related direction="to" category="user" id="{person}"/></api:relationship>'
    )
