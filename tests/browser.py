"""A real Chromium, where there is one: what it was asked for, and what it complained of."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own Chromium, headless."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def axe(page: Page) -> list[tuple[str, list[str]]]:
    """The rules of WCAG 2.2 AA that axe-core, which is in the page, finds broken, and by what."""
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found["violations"]]


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def faults(page: Page) -> list[object]:
    """What is wrong with a page, dark in a narrow window and light in a wide one: what axe finds, what is cut off."""
    page.evaluate(AXE)
    wrong: list[object] = []
    for scheme, width in (("dark", 320), ("light", 1200)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        wrong += axe(page)
        wrong += [f"{over} pixels too wide for {width}"] if (over := overflow(page)) else []
    return wrong


class Watched:
    """A page whose requests and complaints are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return overflow(self.page)
