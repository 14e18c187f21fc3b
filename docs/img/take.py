"""Takes the pictures of this folder from a real Chromium: `python docs/img/take.py ADDRESS` while `make serve` runs."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
TOP = "10.5555/example.50191"
SHOTS = (  # name, path, scheme, width, height
    ("home", "/", "light", 1100, 860),
    ("output", f"/doi/{TOP}", "light", 1100, 1250),
    ("output-dark", f"/doi/{TOP}", "dark", 1100, 700),
    ("output-phone", f"/doi/{TOP}", "light", 390, 1100),
)


def main(address: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for name, path, scheme, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address + path)
            page.screenshot(path=HERE / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
