"""The whole way from an empty house to its first badges in a real browser, by the keyboard alone; each page of it is
looked at by axe, and in a narrow window."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from begin_house import PASSWORD, empty, run_errands, said
from browser import AXE, Watched, axe
from conftest import House
from console_visitor import a_server
from daemon_process import daemon, until
from naive.elements import WIRES, serve, small
from oidc_house import free_port
from playwright.sync_api import Browser, Page
from served import Served

LIMIT = 60  # keys


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = empty(tmp_path_factory.mktemp("begin"))
    house.ok("session", "list")  # makes the store
    return house


served = a_server()


@pytest.fixture
def pages(browser: Browser) -> Callable[..., Page]:
    def page(*, scripts: bool = True) -> Page:
        size = {"width": 1200, "height": 800}
        found = browser.new_context(viewport=size, locale="en-GB", java_script_enabled=scripts).new_page()
        found.set_default_timeout(60_000)
        return found

    return page


class Hands:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.watched = page, Watched(page)
        self.texts: list[str] = []

    def to(self, what: str) -> None:
        """Go by the tab key to what has that id, or says that."""
        for _ in range(LIMIT):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(
                "() => { const e = document.activeElement; return [e.id, e.tagName === 'BODY' ? '' : e.innerText]; }"
            )
            if what == found[0] or (found[1] or "").strip().startswith(what):
                return
        raise AssertionError(f"the tab key never came to {what}: {self.page.inner_text('main')}")

    def press(self, what: str) -> None:
        """Press a button, or follow a link."""
        self.to(what)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, what: str, text: str) -> None:
        """Fill in a field."""
        self.to(what)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def look(self) -> None:
        """The page, as axe sees it in a narrow window, light and dark in turn."""
        self.page.set_viewport_size({"width": 320, "height": 800})
        self.page.emulate_media(color_scheme="dark" if len(self.texts) % 2 else "light")
        self.texts.append(self.page.content())
        self.page.evaluate(AXE)
        assert (axe(self.page), self.watched.overflow()) == ([], 0), self.page.url
        self.page.set_viewport_size({"width": 1200, "height": 800})

    def heading(self) -> str:
        return self.page.inner_text("h1")


@pytest.mark.timeout(600)  # a long way, on which another machine may be slower
def test_from_nothing_to_the_first_badges_by_the_keyboard(
    home: House, served: Served, pages: Callable[..., Page]
) -> None:
    hands = Hands(pages())
    page = hands.page
    with serve(small(), WIRES["v6.13"]) as elements:
        link = home.json("session", "link", "--name", "ada")["link"]
        page.goto(served.public + urlsplit(link).path)
        hands.look()
        hands.press("Begin")
        assert hands.heading() == "From nothing to the first badges"
        hands.look()
        hands.press("1. Say who you are")
        assert hands.heading() == "Step 1 of 7: Say who you are"
        hands.look()

        hands.write("name", "University of <b>Testonia</b>")
        hands.write("base_url", "http://127.0.0.1:8000")
        hands.press("Show what will be written")
        assert '+name = "University of <b>Testonia</b>"' in page.inner_text("pre")
        hands.press("Write it")
        assert "It is written" in page.inner_text("main")
        hands.look()
        hands.press("Go on")

        hands.look()
        hands.press("elements")
        hands.look()
        hands.write("url", elements.url)
        hands.write("username", elements.username)
        hands.press("Show what will be written")
        hands.look()
        hands.write("password", "not that")
        hands.press("Write it")

        assert hands.heading() == "Step 3 of 7: Ask it whether that will do"
        hands.press("Ask elements")
        assert "waits for the daemon" in page.inner_text("main")
        hands.look()
        assert run_errands(home) == ["check"]
        page.wait_for_selector("text=will not do yet")  # htmx looks by itself
        hands.look()
        hands.press("Change address or account")
        hands.press("Show what will be written")
        hands.write("password", PASSWORD)
        hands.press("Write it")
        hands.press("Ask elements again")
        run_errands(home)
        page.wait_for_selector("text=will do")
        assert "the first" in page.inner_text(".begin-findings")
        hands.look()
        hands.press("Go on: read it")

        hands.press("Read elements now")
        assert run_errands(home) == ["pull"]
        page.wait_for_selector("text=A flag that is not told counts as no")
        hands.look()
        hands.press("Go on: decide who takes part")

        hands.look()
        hands.to("level-internal")
        page.keyboard.press("ArrowUp")
        hands.to("See what that would do")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        wanted = "status=all&profile=all&people=public&outputs=public&authorships=public"
        assert page.url.endswith(f"/console/scope?{wanted}")
        page.goto(f"{served.public}/console/begin/scope")
        hands.press("Keep what is in force")

        assert hands.heading() == "Step 6 of 7: Score, and look at the first badges"
        hands.press("Score now")
        assert run_errands(home) == ["score"]
        page.wait_for_selector(".begin-badges img")
        assert page.locator(".begin-badges img").count() == 3
        hands.look()
        hands.press("Go on: show them")
        assert 'src="http://127.0.0.1:8000/embed.js"' in page.inner_text("pre >> nth=0")
        hands.look()
        hands.press("To the overview")
        page.wait_for_selector("text=Badges the public sees")
        hands.look()

    assert home.json("begin")["next"] == "go"
    assert "The first badges: step" not in page.inner_text("main")
    assert not [each for each in hands.watched.complaints if "404" not in each]
    assert PASSWORD not in "".join(hands.texts) + said(home)


def test_without_scripts_each_step_is_there_too(home: House, served: Served, pages: Callable[..., Page]) -> None:
    page = pages(scripts=False)
    link = home.json("session", "link", "--name", "ada")["link"]
    page.goto(served.public + urlsplit(link).path)
    page.click("text=They are being counted >> a")
    assert "Outputs known" in page.inner_text("main")
    for step in ("institution", "system", "check", "pull", "scope", "score", "go"):
        page.goto(f"{served.public}/console/begin/{step}")
        assert page.inner_text("h1").startswith("Step ")
        assert page.locator("main form, main a").count()


@pytest.mark.timeout(600)
def test_the_pages_start_again_with_the_new_name_and_nobody_is_signed_out(
    tmp_path_factory: pytest.TempPathFactory, pages: Callable[..., Page]
) -> None:
    house = empty(tmp_path_factory.mktemp("restart"))
    place = f"127.0.0.1:{free_port()}"  # the same before and after the restart, so not one that the system chooses
    settings = house.file.read_text().replace('listen = "127.0.0.1:8000"', f'listen = "{place}"')
    house.file.write_text(settings.replace('operations = "127.0.0.1:8001"', 'operations = "127.0.0.1:0"'))
    page = pages()
    with daemon(house, "--serve") as running:
        until(lambda: "serving http" in running.text, running)
        link = house.json("session", "link", "--name", "ada")["link"]
        page.goto(f"http://{place}" + urlsplit(link).path)
        page.goto(f"http://{place}/console/begin/institution")
        page.fill("#name", "University of Elsewhere")
        page.fill("#base_url", f"http://{place}")
        page.click("text=Show what will be written")
        page.click("text=Write it")
        page.wait_for_url("**/console/begin/system")  # by itself, once the pages are those of the new settings

        assert "University of Elsewhere" in page.inner_text("header")
        assert running.lines("serve started")[1:]
