"""An invented institution of any size, told as a connector would tell it, and stores that are filled with it.

Building a large store takes longer than measuring it, so it is kept in bench/data under a name that holds a digest of
the schema and of this file: it is never used for another schema than it was made with.
"""

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config.load import load
from config.settings import Settings
from config.visibility import Visibility
from connectors.attention import Account, Mention, Outlet
from connectors.identifiers import Identifier
from connectors.records import Authorship, Group, Item, Members, Page, Person
from sync import steps, store
from sync.store import Source, Store

DATA = Path(__file__).parent / "data"
NOW = 1_790_000_000_000_000  # as in bench/score.py
START = datetime(2015, 1, 1, tzinfo=UTC)
AT_ONCE = 1_000  # outputs in a page

SETTINGS = """
[store]
url = "sqlite:///ringmark.db"
[connections.local]
kind = "files"
path = "import"
"""
LEVELS = (Visibility.PUBLIC,) * 8 + (Visibility.INTERNAL, Visibility.PRIVATE)
SHARES = {"x": 62, "bluesky": 10, "mastodon": 3, "news": 8, "blog": 3, "facebook": 4, "reddit": 3, "wikipedia": 2,
          "policy": 2, "patent": 1, "mendeley": 2}  # fmt: skip


Draw = Callable[[random.Random], int]  # picks the number of an output


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Three authorships an output, a department for every hundred people."""

    outputs: int
    people: int


SMALL, FULL = Size(2_000, 200), Size(100_000, 5_000)


@contextmanager
def copy_of(folder: Path) -> Iterator[Store]:
    """A store that may be changed: a copy, gone afterwards, on the same disk."""
    with TemporaryDirectory(dir=DATA) as place, opened(Path(shutil.copytree(folder, Path(place) / "copy"))) as house:
        yield house


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store in a folder, which is filled with whatever the block does."""
    house = steps.open_house(settings(folder))
    try:
        yield house
    finally:
        house.engine.dispose()


def settings(folder: Path) -> Settings:
    return load(folder / "ringmark.toml", {})


def built(name: str, fill: Callable[[Store], None], *, upon: Path | None = None) -> Path:
    """The folder of a store that `fill` has filled, from a former run or anew; `upon` is what it begins from."""
    DATA.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=DATA) as place:
        folder, fresh = DATA / f"{name}-{schema(Path(place) / 'empty')}", Path(place) / "fresh"
        if folder.exists():
            return folder
        if upon:
            shutil.copytree(upon, fresh)
        else:
            empty(fresh)
        with opened(fresh) as house:
            fill(house)
        for stale in DATA.glob(f"{name}-????????"):
            shutil.rmtree(stale)
        return fresh.rename(folder)


def schema(folder: Path) -> str:
    """A digest of every table and index that a new store has, and of this file."""
    empty(folder)
    with opened(folder) as house, house.read() as db:
        told = db.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY name").scalars()
        return hashlib.sha256("".join(told).encode() + Path(__file__).read_bytes()).hexdigest()[:8]


def empty(folder: Path) -> None:
    folder.mkdir()
    (folder / "ringmark.toml").write_text(SETTINGS)


def institution(size: Size) -> Path:
    """A store of people, groups, outputs and authorships, without a mention."""

    def fill(house: Store) -> None:
        with run(house) as source:
            for page in pages(size):
                store.apply(house, source, page, now=NOW)

    return built(f"institution-{size.outputs}", fill)


@contextmanager
def run(house: Store) -> Iterator[Source]:
    """One run of the connection that all of it belongs to."""
    source = store.begin(house, "local", step="pull", full=True, now=NOW).source
    yield source
    store.end(house, source, "done", "", now=NOW)


def pages(size: Size) -> Iterator[Page]:
    """Everybody, then the outputs with their authorships."""
    chance = random.Random(size.outputs)
    names = [f"p{n}" for n in range(size.people)]
    yield Page(
        people=tuple(
            Person(key=key, name=f"Person {key}", visibility=chance.choice(LEVELS), current=chance.random() < 0.7,
                   academic=chance.random() < 0.6, student=chance.random() < 0.1) for key in names
        ),
        groups=tuple(
            Group(key=f"g{n}", name=f"Department {n}", visibility=Visibility.PUBLIC, parents=("g0",) if n else ())
            for n in range(size.people // 100)
        ),
        members=tuple(
            Members(group=f"g{n}", people=tuple(names[n * 100 : n * 100 + 100])) for n in range(size.people // 100)
        ),
    )  # fmt: skip
    for first in range(1, size.outputs + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, size.outputs + 1))
        yield Page(
            items=tuple(item(number, chance.choice(LEVELS), chance) for number in numbers),
            authorships=tuple(
                Authorship(key=f"a{number}-{place}", item=f"i{number}", person=person, position=place,
                           visibility=chance.choice(LEVELS))
                for number in numbers for place, person in enumerate(chance.sample(names, 3))
            ),
        )  # fmt: skip


def item(number: int, level: Visibility, chance: random.Random) -> Item:
    year = 2000 + chance.randrange(26)
    return Item(
        key=f"i{number}", title=f"On the tides of basin {number}, a study", type="journal-article", visibility=level,
        journal=f"Annals of Tides {chance.randrange(500)}", published=f"{year}-{chance.randrange(1, 13):02d}",
        identifiers=(doi(number),), raw={"visibility": level.word},
    )  # fmt: skip


def doi(number: int) -> Identifier:
    return Identifier("doi", f"10.5555/bench.{number}")


def zipf(chance: random.Random, most: int) -> int:
    """1 to `most`, the low numbers far more often: Zipf with 0.9, as attention is spread over outputs."""
    return int((chance.random() * (most**0.1 - 1) + 1) ** 10)


def mentions(count: int, seed: str, draw: Draw) -> list[Mention]:
    """New mentions with random ids; `draw` picks what each is about."""
    chance = random.Random(seed)
    sources = chance.choices(list(SHARES), weights=list(SHARES.values()), k=count)
    return [_mention(chance, source, draw(chance)) for source in sources]


def _mention(chance: random.Random, source: str, output: int) -> Mention:
    key = f"{chance.getrandbits(64):016x}"
    by_outlet = source in ("news", "blog")
    speaker = zipf(chance, 5_000 if by_outlet else 500_000)
    return Mention(
        key=key, source=source, targets=(doi(output),), url=f"https://{source}.example/{key}", title="",
        occurred_at=START + timedelta(seconds=chance.randrange(350_000_000)),
        account=None if by_outlet else Account(key=f"a-{speaker}", name=f"Account {speaker}", followers=speaker * 7),
        outlet=Outlet(key=f"out-{speaker}", name=f"Outlet {speaker}", tier=speaker % 4 + 1) if by_outlet else None,
        policy_source=f"body-{speaker % 60}" if source == "policy" else "",
        jurisdiction=("EP", "US", "JP")[speaker % 3] if source == "patent" else "",
        repost=source in ("x", "bluesky", "mastodon") and chance.random() < 0.5,
    )  # fmt: skip
