"""Walks the console in a real Chromium, from an empty folder to a changed scope, and takes its pictures on the way:
`python docs/img/walk.py`. All that it meets is real but the two systems, which are the practice ones on loopback."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from take import FLAGS, HERE, TOP

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import items_of
from sandbox.dspace.practice import FIELD
from sandbox.elements import PracticeElements, practice_elements
from sandbox.institution import Institution, example

RINGMARK = Path(sys.executable).with_name("ringmark")
WINDOW = {"width": 1280, "height": 900}
LIMIT = 120_000  # milliseconds after which what was waited for will not come
WHY = "Only academics who are here now, as the senate has decided"


class Walk:
    """One administrator at one window, and the house that the window shows."""

    def __init__(self, page: Page, folder: Path, port: int) -> None:
        self.page, self.folder = page, folder
        self.address = f"http://127.0.0.1:{port}"
        self._began = time.monotonic()
        self.pictures: list[Path] = []
        self.complaints: list[str] = []
        page.set_default_timeout(LIMIT)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", lambda answer: self._heard(answer.status, answer.url))

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self._began:6.1f} s  {words}", flush=True)

    def type(self, *words: str, typed: str = "") -> str:
        """A command at the machine; what it printed."""
        self.say("$ ringmark " + " ".join(words))
        command = [RINGMARK, "--config", self.folder / "ringmark.toml", *words]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, input=typed).stdout

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/console{path}", wait_until="networkidle")

    def press(self, what: str) -> None:
        """Press a button of the page, or follow a link of it, by how it begins."""
        self.say(f"press {what}")
        main, begins = self.page.get_by_role("main"), re.compile("^" + re.escape(what))
        with self.page.expect_navigation():
            main.get_by_role("button", name=begins).or_(main.get_by_role("link", name=begins)).first.click()

    def write(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.fill(f"#{name}", text)

    def sees(self, words: str) -> None:
        """Wait for words on the page."""
        self.page.get_by_role("main").get_by_text(words).first.wait_for()

    def picture(self, name: str, at: str = "") -> None:
        """Of the window as it is, or with something at its top."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("!document.querySelector('.htmx-request')")
        self.page.evaluate("document.activeElement.blur()")
        top = "at => scrollTo(0, at ? document.querySelector(at).getBoundingClientRect().top + scrollY - 16 : 0)"
        self.page.evaluate(top, at)
        file = HERE / f"admin-{len(self.pictures) + 1:02}-{name}.png"
        self.pictures.append(file)
        self.page.screenshot(path=file, animations="disabled", caret="hide")
        smaller(file)
        self.say(f"  {file.name}, {file.stat().st_size // 1000} kB")

    def _heard(self, status: int, url: str) -> None:
        if status >= 400:
            self.complaints.append(f"{status} {urlsplit(url).path}")


def main() -> None:
    began = time.monotonic()
    institution = example()
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="ringmark-walk-")))
        elements = open_.enter_context(practice_elements(institution, version="6.13"))
        library = open_.enter_context(practice_dspace(items_of(institution), version="9"))
        browser = open_.enter_context(sync_playwright()).chromium.launch(
            executable_path="/usr/bin/chromium", args=FLAGS
        )
        open_.callback(browser.close)
        page = browser.new_page(viewport=WINDOW, color_scheme="light", locale="en-GB", reduced_motion="reduce")
        walk = Walk(page, folder, free(8000))
        walk.say("$ ringmark init")
        subprocess.run([RINGMARK, "init", "--dir", folder], check=True, capture_output=True)
        open_.enter_context(daemon(walk))
        first_run(walk, institution, elements)
        repository(walk, library)
        changed_scope(walk)
        rooms(walk)
        if walk.complaints:
            sys.exit(f"the browser complains: {walk.complaints}")
    for old in set(HERE.glob("admin-*.png")) - set(walk.pictures):
        old.unlink()
    print(f"walked in {time.monotonic() - began:.0f} seconds")


def first_run(walk: Walk, institution: Institution, elements: PracticeElements) -> None:
    """The guide, from nothing to the first badges."""
    link = walk.type("session", "link", "--name", "ada", "--role", "admin")
    walk.page.goto(walk.address + urlsplit(link.split()[0]).path)
    walk.sees("Nothing is here yet")
    walk.picture("empty")
    walk.press("Begin")
    walk.press("1. Say who you are")
    walk.write(name="University of Example", base_url=walk.address, contact="research-office@example.edu")
    walk.press("Show what will be written")
    walk.picture("institution")
    walk.press("Write it")
    walk.page.wait_for_url("**/begin/system")  # by itself, once the pages are those of the new settings
    walk.press("elements")
    walk.write(name="elements", url=elements.url, username=elements.username)
    walk.picture("system")
    walk.press("Show what will be written")
    walk.write(password=elements.password)
    walk.press("Write it")
    walk.press("Ask elements")
    walk.page.locator(".begin-findings").wait_for()
    walk.picture("check")
    walk.press("Go on: read it")
    walk.press("Read elements now")
    walk.sees("A flag that is not told counts as no")
    walk.picture("pull")
    institution.write_mentions(walk.folder / "mentions.jsonl")
    walk.type("import", str(walk.folder / "mentions.jsonl"))
    walk.press("Go on: decide who takes part")
    walk.picture("questions")
    walk.press("Keep what is in force")
    walk.press("Score")
    walk.page.locator(".begin-badges img").first.wait_for()
    walk.page.get_by_role("button", name="Score what has changed").wait_for()
    walk.picture("badges")
    walk.press("Go on: show them")


def repository(walk: Walk, library: PracticeDSpace) -> None:
    """A DSpace that takes badges, and the first push, which waits until somebody agrees."""
    walk.type(
        "connection", "add", "library", "--kind", "dspace", "--url", library.url, "--username", library.username,
        "--password-stdin", "--set", "push=public", "--set", f"field={FIELD}", "--set", "pace=0",
        typed=library.password,
    )  # fmt: skip
    waits(walk, "/decisions", "Run ")  # by itself, once the daemon has taken the settings up
    walk.press("Run ")
    walk.picture("decision")
    walk.press("Let ")
    walk.sees("waits no more")
    walk.go("/connections/library")
    walk.press("Push now")
    waits(walk, "/connections/library/pushed", ": done. Each")
    walk.picture("pushed")


def changed_scope(walk: Walk) -> None:
    """Fewer people take part: seen before it is done, done, and taken back in the repository."""
    walk.go("/scope")
    walk.page.check("#status-current")
    walk.page.check("#profile-academic")
    walk.page.locator("#scope-apply").wait_for()
    walk.picture("scope")
    walk.write(why=WHY)
    walk.press("Apply this scope")
    walk.page.wait_for_url("**/scope/changes/*")
    walk.sees("all taken back")
    walk.picture("applied")
    walk.press("Undo")
    walk.page.locator("#scope-apply").wait_for()
    walk.picture("undo")


def rooms(walk: Walk) -> None:
    """Where daily work is done."""
    walk.go("")
    walk.picture("overview")
    walk.go("/why")
    walk.write(q=TOP)
    walk.press("Look")
    walk.press("Glacier retreat")
    walk.picture("why")
    walk.go("/connections")
    walk.picture("connections")
    walk.go("/rules/published-2020/compare")
    walk.sees("How scores are distributed")
    walk.picture("compare", at="[aria-labelledby=rules-scores]")
    walk.go("/audit")
    walk.picture("audit")


def waits(walk: Walk, path: str, words: str) -> None:
    """Load a page again until it says something."""
    for _ in range(LIMIT // 1000):
        walk.go(path)
        if words in walk.page.inner_text("main"):
            return
        time.sleep(1)
    sys.exit(f"{path} never said {words!r}: {walk.page.inner_text('main')}")


@contextmanager
def daemon(walk: Walk) -> Iterator[None]:
    """`ringmark daemon --serve`, ended with all of its children when the walk ends."""
    place = urlsplit(walk.address).netloc
    settings = walk.folder / "ringmark.toml"
    told = settings.read_text().replace('"127.0.0.1:8000"', f'"{place}"').replace('"127.0.0.1:8001"', '"127.0.0.1:0"')
    settings.write_text(told)
    walk.say("$ ringmark daemon --serve &")
    with (walk.folder / "daemon.log").open("wb") as log:
        command = [RINGMARK, "--config", settings, "daemon", "--serve"]
        running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        while running.poll() is None and not answers(place):
            time.sleep(0.1)
        yield
        running.send_signal(signal.SIGTERM)
        running.wait(60)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        if running.returncode:
            print((walk.folder / "daemon.log").read_text()[-3000:], file=sys.stderr)
    if running.returncode:
        sys.exit(f"the daemon ended with {running.returncode}")


def answers(place: str) -> bool:
    host, _, port = place.partition(":")
    with socket.socket() as tried:
        return tried.connect_ex((host, int(port))) == 0


def free(wanted: int) -> int:
    """That port, or another where somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    raise OSError("no port is free")


def smaller(file: Path) -> None:
    """A picture in its 256 most frequent colours, where Pillow is there: those of areas and texts stay as they are."""
    if find_spec("PIL"):
        from PIL import Image

        with Image.open(file) as picture:
            whole = picture.convert("RGB")
        often = sorted(whole.getcolors(whole.width * whole.height), reverse=True)
        kept = [colour for _, colour in often[:256]]
        places = {colour: place for place, colour in enumerate(kept)}
        for _, colour in often[256:]:
            near = min(kept, key=lambda each: sum((a - b) ** 2 for a, b in zip(each, colour, strict=True)))
            places[colour] = places[near]
        few = Image.new("P", whole.size)
        few.putpalette([part for colour in kept for part in colour])
        few.putdata([places[pixel] for pixel in whole.getdata()])
        few.save(file, optimize=True)


if __name__ == "__main__":
    main()
