"""Reading Elements pages against lxml parsing the same bytes and doing nothing: MB/s, their ratio, and memory.

    python bench/parse.py

Pages have 25 entries of about 47 KB, as measured on a real feed: four records each, one entry with hundreds of authors.
Both sides take turns in one run, and the median of five counts; time is that of the processor, since other work on the
machine would blur the ratio. Memory is the growth of the peak of a process of its own over one page, and over one
sixteen times as long, beside that of lxml holding the whole tree.
"""

import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.results import Result, at_least, table
from connectors.elements.items import Rules, item
from connectors.elements.xml import Body
from connectors.http import Answer
from connectors.records import Item

PAGES, ENTRIES, ROUNDS = 8, 25, 5
FLAT = 5  # MB; a page 16 times as long is 18 MB longer, and its tree five times that
AUTHORS = 736 // 4  # of each record of the one large entry of a page, as the largest real one has
WORDS = ("tide", "wave", "salt", "marsh", "delta", "reef", "shoal", "current", "basin", "estuary", "lagoon", "drift")
API = 'xmlns:api="http://www.symplectic.co.uk/publications/api"'


def measure(*, small: bool) -> list[Result]:
    """The speed beside that of lxml, and the memory of a long page beside that of a short one."""
    pages = [page(number, ENTRIES) for number in range(2 if small else PAGES)]
    size = sum(map(len, pages)) / 1e6
    limits, ours = [], []
    for _ in range(ROUNDS):
        limits.append(seconds(lambda: [etree.parse(BytesIO(body)) for body in pages]))
        ours.append(seconds(lambda: [read(BytesIO(body)) for body in pages]))
    limit, own = size / statistics.median(limits), size / statistics.median(ours)
    entry = size * 1000 / len(pages) / ENTRIES
    beside = f"{own:.0f} MB/s against {limit:.0f}, {own * 1000 / entry:.0f} entries/s of {entry:.0f} KB"
    (short, _), (long, tree) = (memory(ENTRIES * factor) for factor in (1, 16))
    flat = long <= short + FLAT
    grown = f"+{short:.1f} MB a page, +{long:.1f} MB one 16 times as long (its whole tree: +{tree:.0f} MB)"
    return [
        at_least("parse Elements pages", "lxml parsing the same bytes, doing nothing", own / limit, 0.35, beside),
        Result(what="the same, its memory", limit="-", reach="flat", measured=grown, met=flat),
    ]


def memory(entries: int) -> tuple[float, float]:
    """Megabytes that a page of so many entries costs us, and its whole tree, in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        Path(file.name).write_bytes(page(0, entries))
        told = subprocess.run([sys.executable, __file__, file.name], check=True, capture_output=True, text=True).stdout
    ours, tree = told.split()
    return float(ours), float(tree)


def read(stream: BinaryIO) -> int:
    """The number of records that a body becomes; it goes through all that a pull does but the network."""
    answer = Answer(
        status=200,
        headers={},
        url="",
        path="/publications",
        body=cast("SpooledTemporaryFile[bytes]", stream),
        date=None,
    )
    body, rules, found = Body(answer), Rules(precedence={"crossref": 1, "manual": 2}), 0
    for entry in body.entries():
        found += sum(isinstance(record, Item) for record in item(entry, body.head.version, "", rules))
    return found


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def page(number: int, entries: int) -> bytes:
    """One page of invented publications, always the same for a number."""
    chance = random.Random(number)
    told = "\n".join(entry(chance, 1000 * number + n, AUTHORS if n == 0 else 62) for n in range(entries))
    head = '<api:schema-version>5.5</api:schema-version><api:pagination results-count="1" items-per-page="25"/>'
    start = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" {API}>'
    return f"{start}{head}{told}</feed>".encode()


def entry(chance: random.Random, number: int, authors: int) -> str:
    records = "".join(
        f'<api:record format="native" source-name="{source}" id-at-source="{number}">\n  <api:native>'
        f"{fields(chance, number, authors)}</api:native>\n</api:record>"
        for source in ("manual", "scopus", "crossref", "pubmed")
    )
    return (
        f'<entry><id>{number}</id><api:object category="publication" id="{number}" type="journal-article">'
        "<api:ever-approved>true</api:ever-approved><api:is-public>true</api:is-public>"
        f"<api:records>{records}</api:records></api:object></entry>"
    )


def fields(chance: random.Random, number: int, authors: int) -> str:
    people = "".join(
        f"\n      <api:person>\n        <api:last-name>{chance.choice(WORDS).title()}son</api:last-name>"
        f"\n        <api:initials>{chance.choice('ABCDEFG')}</api:initials>\n      </api:person>"
        for _ in range(authors)
    )
    told = [
        text("abstract", " ".join(chance.choices(WORDS, k=250))),
        f'<api:field name="authors" type="person-list"><api:people>{people}</api:people></api:field>',
        text("doi", f"10.5555/bench.{number}"),
        text("issn", "1234-5679"),
        text("journal", "Annals of Tides"),
        text("title", " ".join(chance.choices(WORDS, k=12))),
        *(text(name, chance.choice(WORDS)) for name in ("volume", "issue", "language", "publisher", "notes", "medium")),
        '<api:field name="publication-date" type="date"><api:date><api:day>3</api:day><api:month>5</api:month>'
        "<api:year>2020</api:year></api:date></api:field>",
    ]
    return "\n    ".join(told)


def text(name: str, value: str) -> str:
    attributes = f'name="{name}" type="text" display-name="{name}"'
    return f"<api:field {attributes}>\n      <api:text>{value}</api:text>\n    </api:field>"


def growth(path: str) -> tuple[float, float]:
    """Megabytes that the peak of this process grows by while it reads a body from disk, and then as a whole tree."""
    read(BytesIO(page(0, 1)))  # what is loaded once is no growth
    peaks = [peak()]
    with Path(path).open("rb") as stream:
        read(stream)
    peaks.append(peak())
    etree.parse(path)
    peaks.append(peak())
    return (peaks[1] - peaks[0]) / 1024, (peaks[2] - peaks[1]) / 1024


def peak() -> int:
    """Kilobytes. Not from `getrusage`, whose peak is inherited from the process that started this one."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


if __name__ == "__main__":
    if sys.argv[1:]:  # the child of `memory`
        print(*(f"{grown:.1f}" for grown in growth(sys.argv[1])))
    else:
        print(table(measure(small=False)))
