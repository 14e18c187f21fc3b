"""The page of an output with 5,000 mentions, as `serve` answers it: the time that it takes there, and how large it is.

The store is that of the scope, with so many mentions more of one public output. Every page is asked for from this
process, without a network, and is read anew each time, as all pages are.
"""

import asyncio
from functools import partial

from badges.app import Site
from bench import scope, world
from bench.results import Result, at_most, both, medians, told
from connectors.records import Page
from scoring.rules import load
from sync import store
from sync.store import Store

MENTIONS = 5_000
ROUNDS = 15
BASE = "https://ringmark.example.edu"


def measure(*, small: bool) -> list[Result]:
    """The page, one page of one source's ledger, and the files with all of it."""
    size = world.SMALL if small else world.FULL
    folder = world.built(f"mentioned-{size.outputs}", partial(mention, MENTIONS), upon=scope.published(size))
    with world.opened(folder) as house:
        with house.read() as db:
            output, held = db.exec_driver_sql(MOST).one()
            public = store.count(db, "public", now=world.NOW)
        site = Site(house, name="Example", base_url=BASE, rules=load, clock=lambda: world.NOW)
        try:
            path = f"/outputs/{output}"
            whole, part = (taken(site, path, query) for query in (b"", b"source=x&page=2"))
            files = {name: taken(site, f"{path}/ledger.{name}", b"") for name in ("json", "csv")}
        finally:
            site.close()
    what = f"the page of an output with {held:,} mentions, among {public:,}"
    return [
        at_most(what, "-", whole[0] * 1000, 100, "ms", f"{whole[1] * 1000:.0f} ms of processor"),
        at_most(f"{what}: its size", "-", whole[2] / 1000, 150, "KB", "not compressed"),
        told("a page of one source's ledger", f"{part[0] * 1000:.0f} ms; {part[2] / 1000:.0f} KB"),
        *(told(f"all of it as {name}", f"{wall * 1000:.0f} ms; {length / 1000:,.0f} KB")
          for name, (wall, _, length) in files.items()),
    ]  # fmt: skip


def taken(site: Site, path: str, query: bytes) -> tuple[float, float, int]:
    """The median time of an answer, of processor, and its bytes."""
    loop = asyncio.new_event_loop()
    try:
        lengths: list[int] = []

        def once() -> None:
            lengths.append(loop.run_until_complete(answer(site, path, query)))

        once()
        wall, processor = medians(both(once) for _ in range(ROUNDS))
    finally:
        loop.close()
    return wall, processor, lengths[-1]


async def answer(site: Site, path: str, query: bytes) -> int:
    """The length of the body of one answer, which must be a good one."""
    scope_ = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query, "headers": [],
    }  # fmt: skip
    length = 0

    async def send(message: dict[str, object]) -> None:
        nonlocal length
        assert message.get("status", 200) == 200, message
        length += len(message.get("body", b""))  # type: ignore[arg-type]

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    await site(scope_, receive, send)  # type: ignore[arg-type]
    return length


def mention(count: int, house: Store) -> None:
    """So many mentions of the public output that has fewest, scored."""
    with house.read() as db:
        doi = db.exec_driver_sql(FEWEST).scalar_one()
    number = int(str(doi).rpartition(".")[2])
    with world.run(house) as source:
        told_ = world.mentions(count, "page", lambda _: number)
        store.apply(house, source, Page(mentions=tuple(told_)), now=world.NOW)
    store.score(house, load("ringmark-2026"), full=False, now=world.NOW, progress=lambda *_: None)


MOST = """
SELECT b.public_id, sum(s.mentions) AS held FROM badge b
JOIN badge_source s ON s.audience = b.audience AND s.output_id = b.output_id
WHERE b.audience = 'public' GROUP BY b.output_id, b.public_id ORDER BY held DESC LIMIT 1
"""
FEWEST = """
SELECT doi FROM badge WHERE audience = 'public' AND doi <> '' AND precision >= 2 ORDER BY score, doi LIMIT 1
"""
