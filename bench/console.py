"""Every page of the console at 100,000 outputs, over HTTP, and every part that a page asks for after it has come.

A page must answer at once, whatever the house holds; a part may take longer, and its page says so meanwhile. What is
asked for: every way of the menu, some pages behind it, and every address that these ask for by themselves.
"""

import html
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bench import world
from bench.process import serving, signed_in
from bench.results import Result, median, seconds, told
from bench.scope import published

ROUNDS = 5
REACH = 150  # milliseconds
ASKS = re.compile(r'hx-get="([^"]*)"')
MENU = re.compile(r'<nav class="console-menu".*?</nav>', re.DOTALL)
DEEPER = (  # pages that the menu does not lead to at once
    "/console/why?q=study", "/console/why?q=Person+p7", "/console/flags/conflicts", "/console/mentions?source=news",
    "/console/mentions?url=https://", "/console/connections/local", "/console/connections/local/forget",
    "/console/scope/changes", "/console/rules/ringmark-2026/compare?with=published-2020", "/console/mentions/waiting",
    "/console/audit?verb=sign+in", "/console/outlets?q=a",
)  # fmt: skip
WAY = re.compile(r'href="(/console[^"]*)"')


def measure(*, small: bool) -> list[Result]:
    """The slowest pages, and the slowest parts."""
    filled = published(world.SMALL if small else world.FULL)
    with TemporaryDirectory(dir=world.DATA) as place:
        folder = Path(shutil.copytree(filled, Path(place) / "house"))
        with serving(folder, "serve") as address:
            browser = signed_in(folder, address)
            menu = MENU.search(browser.get(f"{address}/console", timeout=600).text)
            pages = sorted({*WAY.findall(menu[0] if menu else ""), *DEEPER})
            parts = {html.unescape(part) for page in pages for part in _asked_for(browser, address + page)}
            taken = {page: _time(browser, address + page, {}) for page in pages}
            part_taken = {part: _time(browser, address + part, {"HX-Request": "true"}) for part in sorted(parts)}
    slow = [f"{page} {taken[page]:.0f} ms" for page in taken if taken[page] > REACH]
    slowest = max(taken, key=lambda page: taken[page])
    return [
        Result(
            what=f"a page of the console, the slowest of {len(taken)}",
            limit="-",
            reach=f"<= {REACH} ms",
            measured=f"{taken[slowest]:.0f} ms ({slowest}); median of all {median(taken.values()):.0f} ms"
            + (f"; above it {', '.join(slow)}" if slow else ""),
            met=not slow,
        ),
        told(
            f"a part that comes after its page, {len(part_taken)} in all",
            ", ".join(f"{part.partition('?')[0]} {t:.0f} ms" for part, t in _longest(part_taken)),
        ),
    ]


def _longest(taken: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(taken.items(), key=lambda each: -each[1])[:6]


def _asked_for(browser: requests.Session, page: str) -> list[str]:
    return ASKS.findall(browser.get(page, timeout=600).text)


def _time(browser: requests.Session, address: str, headers: dict[str, str]) -> float:
    """The median, in milliseconds, the first time left out."""

    def ask() -> None:
        browser.get(address, headers=headers, timeout=600).raise_for_status()

    ask()
    return 1000 * median([seconds(ask) for _ in range(ROUNDS)])
