"""A file of GDELT looked through for what is looked for, beside unpacking it and doing nothing, on one core.

The file is invented: 2,000 articles of 40 outlets, each of 10 KB, nearly all of which is in columns that are of
no interest here; each with the 12 links of its outlet's menu and 8 of its own, of which one in fifty names an output.
Half of these are looked for, among a million identifiers and three million addresses. Time is that of the processor.
"""

import io
import random
import zipfile
from collections.abc import Iterator

from bench.parse import peak
from bench.results import Result, both, check, medians
from bench.sightings import OUTPUTS, URLS, looked_for
from connectors.gdelt.archive import lines
from connectors.gdelt.file import File
from connectors.sightings import Tracked

ARTICLES, OUTLETS, ROUNDS = 2000, 40, 5
MENU, OWN, THEMES = 12, 8, 530  # links, links, and what stands in columns that are not read, 17 bytes each
NAME = "20261201120000.gkg.csv"
STAMP = "20261201120000"


def measure(*, small: bool) -> list[Result]:
    """Megabytes a second of what is unpacked, and the memory of a file four times as long."""
    scale = 100 if small else 1
    tracked = Tracked(looked_for(OUTPUTS // scale, URLS // scale))
    archive = packed(ARTICLES // (10 if small else 1), OUTPUTS // scale)
    size = sum(map(len, unpacked(archive))) / 1e6
    found: list[File] = []
    limit, ours = [], []
    for _ in range(ROUNDS):
        limit.append(both(lambda: sum(1 for _ in unpacked(archive))))
        ours.append(both(lambda: found.append(read(archive, tracked))))
    alone, own = size / medians(limit)[1], size / medians(ours)[1]
    told = len(found[0].mentions())
    longer = packed(4 * ARTICLES // (10 if small else 1), OUTPUTS // scale)
    before = peak()
    read(longer, tracked)
    grown = (peak() - before) / 1024
    speed = f"{found[0].count / medians(ours)[1]:,.0f} articles/s"
    return [
        Result(
            what=f"a file of GDELT of {size:.0f} MB, {found[0].count:,} articles with {MENU + OWN} links each",
            limit="unpacking the same file line by line, doing nothing",
            reach="-",
            measured=f"{own / alone:.2f} x; {own:.0f} MB/s against {alone:.0f}; {speed}; {told} tell of ours",
        ),
        check(f"the same, its memory, of four times as many articles: +{grown:.0f} MB", "flat", grown < 100),
    ]


def unpacked(archive: bytes) -> Iterator[bytes]:
    with lines(io.BytesIO(archive), NAME) as told:
        yield from told


def read(archive: bytes, tracked: Tracked) -> File:
    file = File(NAME, tracked)
    file.read(unpacked(archive))
    return file


def packed(articles: int, outputs: int) -> bytes:
    """The archive, as it comes."""
    chance, body = random.Random(1), io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(NAME, "w") as file:
        for number in range(articles):
            file.write(line(chance, number, outputs))
    return body.getvalue()


def line(chance: random.Random, number: int, outputs: int) -> bytes:
    """An article: themes and counts as GDELT has them, which pack to a quarter, then its links."""
    outlet = f"https://news{number % OUTLETS}.example"
    links = [f"{outlet}/section/{n}" for n in range(MENU)]
    links += [link(chance, outlet, outputs) for _ in range(OWN)]
    themes = ";".join(f"c{chance.randrange(40)}.{chance.randrange(99)}:{chance.random():.7f}" for _ in range(THEMES))
    cells = [""] * 27
    cells[0], cells[1], cells[2], cells[4], cells[17] = f"{STAMP}-{number}", STAMP, "1", f"{outlet}/{number}", themes
    cells[26] = f"<PAGE_LINKS>{';'.join(links)}</PAGE_LINKS><PAGE_TITLE>Story {number}</PAGE_TITLE>"
    return "\t".join(cells).encode() + b"\n"


def link(chance: random.Random, outlet: str, outputs: int) -> str:
    if chance.randrange(50) == 0:
        return f"https://doi.org/10.5555/bench.{chance.randrange(2 * outputs)}"
    return f"{outlet}/2026/12/{chance.randrange(10**6)}/some-words-of-a-title?utm_source=page"
