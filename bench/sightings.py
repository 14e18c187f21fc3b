"""Identifiers in posts and pages, and the set of those that are looked for, on one core.

Posts are invented: of a hundred, 60 are words alone, 20 have numbers, 12 an address of news, 3 hashtags and brackets,
5 an identifier in one of eight ways, every second of which is looked for. Time is that of the processor. Pages are of
54 KB with 80 links and 40 references; beside them are parsers of HTML alone: lxml's, and selectolax's, which is
not used since it takes the square of the depth of a page.
"""

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from bench.parse import peak
from bench.results import Result, both, medians, told
from connectors.identifiers import Identifier
from connectors.sightings import Tracked, html, plain

OUTPUTS, URLS, POSTS, ROUNDS, PAGES = 1_000_000, 3_000_000, 100_000, 3, 40
WORDS = ("tide", "wave", "salt", "marsh", "delta", "reef", "shoal", "current", "basin", "estuary", "lagoon", "drift")
WAYS = (
    "https://doi.org/10.5555/bench.{}", "doi:10.5555/bench.{}", "10.5555/bench.{}.", "(10.5555/BENCH.{})",
    "https://publisher.example/doi/full/10.5555/bench.{}?utm_source=post", "https://www.publisher{}.example/article/0",
    "doi.org/10.5555/bench.{}", "[paper](https://dx.doi.org/10.5555%2Fbench.{})",
)  # fmt: skip


def measure(*, small: bool) -> list[Result]:
    """Posts a second against everything, the memory of the set, and megabytes of pages a second."""
    scale = 100 if small else 1
    before = peak()
    built: list[Tracked] = []
    building = both(lambda: built.append(Tracked(looked_for(OUTPUTS // scale, URLS // scale))))
    grown = (peak() - before) / 1024
    tracked = built[0]
    results = [
        Result(
            what=f"the set of {OUTPUTS // scale:,} identifiers and {URLS // scale:,} addresses that are looked for",
            limit="-",
            reach="< 1 GB",
            measured=f"{grown:.0f} MB at its peak; built in {building[1]:.0f} s",
            met=grown < 1000,
        )
    ]
    return results + posts(tracked, POSTS // scale, OUTPUTS // scale) + pages(PAGES // (10 if small else 1))


def looked_for(outputs: int, urls: int) -> Iterator[Identifier]:
    """Every second number; so half of what posts name is known."""
    for number in range(outputs):
        yield Identifier("doi", f"10.5555/bench.{2 * number}")
    for number in range(urls):
        yield Identifier("url", f"https://publisher{2 * (number // 3)}.example/article/{number % 3}")


def posts(tracked: Tracked, count: int, outputs: int) -> list[Result]:
    """The lines of a file, each a post as JSON, as a stream tells them."""
    chance = random.Random(1)
    with tempfile.NamedTemporaryFile("w+", suffix=".jsonl") as file:
        file.writelines(json.dumps({"text": post(chance, outputs)}) + "\n" for _ in range(count))
        file.flush()
        path = Path(file.name)
        found: list[int] = []
        lines, ours = [], []
        for _ in range(ROUNDS):
            lines.append(both(lambda: sum(1 for _ in read(path))))
            ours.append(both(lambda: found.append(sum(len(list(tracked.wanted(plain(text)))) for text in read(path)))))
    limit, own = count / medians(lines)[1], count / medians(ours)[1]
    return [
        Result(
            what="posts looked through for them",
            limit="reading the same lines as JSON, doing nothing",
            reach=">= 20,000/s",
            measured=f"{own:,.0f}/s against {limit:,.0f}, {own / limit:.2f} x; {found[0]:,} of {count:,} wanted",
            met=own >= 20_000,
        )
    ]


def read(path: Path) -> Iterator[str]:
    with path.open() as file:
        for line in file:
            yield json.loads(line)["text"]


def post(chance: random.Random, outputs: int) -> str:
    words = " ".join(chance.choices(WORDS, k=chance.randint(5, 45)))
    number, kind = chance.randrange(2 * outputs), chance.randrange(100)
    if kind < 60:
        return words
    if kind < 80:
        return f"{words} {number} {number % 100}% since {1900 + number % 130}. {words[:40]}"
    if kind < 92:
        return f"{words} https://news{number % 500}.example/2026/{number}/{words[:20].replace(' ', '-')}?utm_source=x"
    if kind < 95:
        return f"#{words[:8]} ({words}) and/or @{words[-5:]}"
    return f"{words} {chance.choice(WAYS).format(number)}"


def pages(count: int) -> list[Result]:
    """Ours beside parsers that do nothing with what they have parsed."""
    bodies = [page(random.Random(number)) for number in range(count)]
    size = sum(map(len, bodies)) / 1e6
    ours, libxml, lexbor = [], [], []
    for _ in range(ROUNDS):
        ours.append(both(lambda: [html(body) for body in bodies]))
        libxml.append(both(lambda: [etree.fromstring(body.encode(), etree.HTMLParser()) for body in bodies]))
        lexbor.append(both(lambda: [LexborHTMLParser(body) for body in bodies]))
    own, limit, fast = (size / medians(taken)[1] for taken in (ours, libxml, lexbor))
    alone = f"{own / limit:.2f} x lxml parsing alone ({limit:.0f}), {own / fast:.2f} x selectolax ({fast:.0f})"
    return [told(f"pages of {size * 1000 / count:.0f} KB, 80 links and 40 references each", f"{own:.1f} MB/s; {alone}")]


def page(chance: random.Random) -> str:
    def words(many: int) -> str:
        return " ".join(chance.choices(WORDS, k=many))

    links = "".join(
        f'<li class="menu"><a class="link" href="https://news.example/{n}/{words(2).replace(" ", "-")}">{words(3)}</a>'
        for n in range(80)
    )
    text = "".join(
        f'<p class="text">{words(60)} <b>{words(2)}</b> <i>{words(3)}</i>, {words(40)}.</p>' for _ in range(60)
    )
    cited = "".join(f"<li>{words(12)}, {1990 + n}. doi:10.5555/bench.{n} {words(4)}</li>" for n in range(40))
    return f"<html><head><title>{words(4)}</title></head><body><ul>{links}</ul>{text}<ol>{cited}</ol></body></html>"
