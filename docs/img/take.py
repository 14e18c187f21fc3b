"""Takes the pictures of this folder from a real Chromium: `python docs/img/take.py ADDRESS` while `make serve` runs."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
TOP = "10.5555/example.50191"
SHARE = "/share?search=q%3Dbeekeeping&search=q%3Dglacier&search=q%3Dliteracy&period=year"
SHOTS = (  # name, path, scheme, width, height
    ("home", "/", "light", 1100, 860),
    ("output", f"/doi/{TOP}", "light", 1100, 1250),
    ("output-dark", f"/doi/{TOP}", "dark", 1100, 700),
    ("output-phone", f"/doi/{TOP}", "light", 390, 1100),
    ("output-german", f"/doi/{TOP}?lang=de", "light", 1100, 700),
    ("search", "/search?q=comparative+study", "light", 1100, 900),
    ("search-phone", "/search?q=comparative+study", "dark", 390, 800),
    ("groups", "/groups", "light", 1100, 600),
    ("journals", "/journals", "light", 1100, 700),
    ("share", SHARE, "light", 1100, 1000),
    ("embed", "/embed", "light", 1100, 900),
    ("bookmarklet", "/bookmarklet", "light", 1100, 760),
    ("rules", "/rules/ringmark-2026", "light", 1100, 900),
    ("accessibility", "/accessibility", "light", 1100, 800),
    ("report", "/outputs/{output}/report", "light", 1100, 900),
    ("watch", "/watch?output={output}", "light", 1100, 700),
)
PARTS = (  # name, path, scheme, what of the page
    ("badges", "/legend", "light", "main"),
    ("badges-dark", "/legend", "dark", "main"),
    ("when", f"/doi/{TOP}", "light", "section[aria-labelledby=when]"),
    ("where", f"/doi/{TOP}", "light", "section[aria-labelledby=where]"),
    ("who", f"/doi/{TOP}", "light", "section[aria-labelledby=who]"),
    ("ledger", f"/doi/{TOP}", "light", "section[aria-labelledby=ledger]"),
    ("history", f"/doi/{TOP}", "light", "section[aria-labelledby=history]"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"]  # for the invented repository
HOST = """<!doctype html><meta charset="utf-8"><title>A repository</title>
<body style="font: 1rem/1.6 Georgia, serif; margin: 3rem; max-width: 44rem">
<h1>Glacier retreat in the Demo Valley: a field experiment</h1><p>The item page of a repository.</p>
<div class="altmetric-embed" data-badge-type="medium-donut" data-badge-popover="right" data-doi="{doi}"></div>
<script src="{address}/embed.js"></script>"""


def main(address: str) -> None:
    with sync_playwright() as play:
        output = play.request.new_context().get(f"{address}/badge/doi/{TOP}.json").json()["output"]
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, path, scheme, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB")
            page.goto(address + path.format(output=output), wait_until="networkidle")
            page.screenshot(path=HERE / f"{name}.png")
            page.close()
        for name, path, scheme, part in PARTS:
            page = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme=scheme, locale="en-GB")
            page.goto(address + path)
            page.locator(part).first.screenshot(path=HERE / f"{name}.png")
            page.close()
        _popover(browser, address)
        browser.close()


def _popover(browser: Browser, address: str) -> None:
    """A badge on another site, with its details open."""
    page = browser.new_page(viewport={"width": 900, "height": 640}, locale="en-GB")
    page.route("http://repository.example/", lambda route: route.fulfill(
        body=HOST.format(doi=TOP, address=address), content_type="text/html"))  # fmt: skip
    page.goto("http://repository.example/", wait_until="networkidle")
    page.locator(".altmetric-embed").hover()
    page.wait_for_timeout(600)
    page.screenshot(path=HERE / "popover.png")
    page.close()


if __name__ == "__main__":
    main(sys.argv[1])
