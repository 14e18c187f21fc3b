"""A house of random works, and what an audience sees of it, for the tests of searching."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import House
from sqlalchemy import Connection as Database

from config.load import load
from sync import steps, store
from sync.store import Audience, Shown

WORDS = (
    "tides",
    "tide",
    "Moor",
    "Møen",
    "élan",
    "Straße",
    "研究",
    "概要",
    "of",
    "a",
    "covid-19",
    "β",
    "x_y",
    "n1",
    "n12",
)
JOURNALS = ("Annals of Tides", "annals of tides", "Moor & Moon", "研究", "")
TYPES = ("journal-article", "book", "dataset")
LEVELS = ("public", "public", "internal", "private")
DATES = ("", "1969-12-31", "1970", "2020", "2020-05", "2020-05-17", "2024-02-29")


def written(folder: Path) -> House:
    """A house of random works by five people in a tree of groups."""
    chance = random.Random(6)
    house = House(folder)
    files = folder / "import"
    files.mkdir()
    people = ("Ann Møen", "Bo Tides", "Cy 研究", "Di Moor", "Ed Straße")
    table(
        files,
        "people",
        "person,name,visibility,current",
        [f"p{n},{name},{LEVELS[n % 3]},true" for n, name in enumerate(people)],
    )
    table(
        files,
        "groups",
        "group,name,parents,visibility",
        ["top,Top,,public", "in,Inner,top,public", "far,Far,in,internal"],
    )
    table(files, "memberships", "person,group", ["p0,top", "p0,in", "p1,in", "p2,far", "p3,in", "p4,top"])
    works, links, mentions = [], [], []
    for n in range(90):
        title = " ".join(chance.choices(WORDS, k=chance.randrange(5)))
        work = (title, chance.choice(TYPES), chance.choice(JOURNALS), chance.choice(DATES), chance.choice(LEVELS))
        works.append(f"w{n}," + ",".join(work) + f",10.5555/w{n}")
        links += [f"w{n},p{person},{chance.choice(LEVELS[:3])}" for person in chance.sample(range(5), 2)]
        for m in range(chance.choice((0, 0, 1, 3))):
            source = chance.choice(("news", "blog", "wikipedia", "mendeley"))
            url, at = f"https://{source}.example/{n}/{m}", "2026-03-01T10:00:00Z"
            told = {"id": f"m{n}-{m}", "source": source, "output": [f"doi:10.5555/w{n}"], "url": url, "occurred_at": at}
            mentions.append(told)
    table(files, "outputs", "output,title,type,journal,published,visibility,doi", works)
    table(files, "authorships", "output,person,visibility", links)
    (files / "mentions.jsonl").write_text("".join(json.dumps(each) + "\n" for each in mentions))
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.run("sync")
    return house


def table(folder: Path, name: str, head: str, rows: list[str]) -> None:
    (folder / f"{name}.csv").write_text("\n".join([head, *rows, ""]))


@contextmanager
def reading(house: House) -> Iterator[Database]:
    opened = steps.open_house(load(house.file, {}))
    with opened.read() as db:
        yield db
    opened.engine.dispose()


def seen(db: Database, audience: Audience) -> list[Shown]:
    return list(store.walk(db, audience, now=store.now()))
