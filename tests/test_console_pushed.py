"""What was pushed where, in the console, and a daemon at work behind it: what is asked for there comes about."""

from collections.abc import Iterator
from threading import Event

import pytest
from browser import Watched, faults
from conftest import House
from console_visitor import Somebody, a_server, a_window, somebody, words
from daemon_process import daemon
from push_library import Library, opened

from sandbox.dspace.faults import DSpaceFault

PAGES = (
    "/connections",
    "/connections/library",
    "/connections/library/counts",
    "/connections/library/forget",
    "/connections/library/pushed",
    "/connections/library/pushed/counts",
    "/decisions",
    "/decisions/{run}",
    "/setaside",
    "/setaside?connection=local",
    "/setaside/{aside}",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with opened(tmp_path_factory.mktemp("pushed") / "house") as found:
        yield found


@pytest.fixture(scope="module")
def home(library: Library) -> House:
    return library.house


served, ada, window = a_server(), somebody("ada"), a_window()


def test_a_first_push_waits_on_a_page_that_tells_how_much_and_comes_about_when_agreed_to(
    ada: Somebody, library: Library
) -> None:
    with daemon(library.house) as running:
        running.says("pushed", outcome="held")
        (run,) = library.house.json("status")["waits_for_accept"]
        page = ada.get(f"/decisions/{run}")
        agreed = ada.post(f"/decisions/{run}", count=2)
        done = words(ada.get(agreed.header("location").removeprefix("/console")))
        ada.post("/connections/library/ask", what="push")
        running.says("pushed", outcome="done", written=2)

    assert "Let 2 badges be written" in words(page)
    assert f"then <code>ringmark accept {run}</code></p>" in page.text
    assert "no badge is written there until somebody agrees" in words(page)
    assert f"Run {run} waits no more" in done
    assert library.scores() == {"one": "3", "two": "6"}


def test_what_stands_there_is_found_by_identifier_address_and_state(ada: Somebody, library: Library) -> None:
    library.house.ok("hide", "doi:10.5555/two", "--why", "its author asked")
    counts = words(ada.get("/connections/library/pushed/counts"))
    by_doi = words(ada.get("/connections/library/pushed?q=https://doi.org/10.5555/ONE"))
    by_address = words(ada.get(f"/connections/library/pushed?q={library.uuid('two')}"))
    by_state = words(ada.get("/connections/library/pushed?state=withdraw&now=1"))
    later = ada.get("/connections/library/pushed?state=withdraw")

    assert "stands there 1" in counts
    assert "to be taken back 1" in counts
    assert ("Canary title of one" in by_doi, "Canary title of two" in by_doi) == (True, False)
    assert ("Canary title of one" in by_address, "Canary title of two" in by_address) == (False, True)
    assert ("Canary title of one" in by_state, "Canary title of two" in by_state) == (False, True)
    assert "Canary title" not in later.text, "that takes long, and comes after the page"
    assert ada.get("/connections/library/pushed?state=lost").status == 422
    assert "Nothing of that kind" in words(ada.get("/connections/library/pushed?q=%00%27--"))
    library.house.ok("unhide", "doi:10.5555/two")
    library.house.ok("score")


def test_axe_finds_nothing_and_pages_reflow(window: Watched, library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    library.tell(four="public", five="public", six="public", seven="odd")
    library.push(code=4)
    (run,) = library.house.json("status")["waits_for_accept"]
    aside = library.house.json("setaside", "list")["set_aside"][0]["id"]
    for path in PAGES:
        window.page.goto(f"/console{path.format(run=run, aside=aside)}", wait_until="networkidle")
        assert faults(window.page) == [], path


def test_progress_is_seen_while_badges_are_taken_back_and_then_it_can_be_forgotten(
    window: Watched, library: Library
) -> None:
    seen = Event()
    held = DSpaceFault("change", method="PATCH", times=None, act=lambda _: seen.wait(60) and None)
    library.server.faults.append(held)
    page = window.page
    page.set_default_timeout(90_000)
    window.complaints.clear()
    with daemon(library.house) as running:
        page.goto("/console/connections/library/forget")
        page.fill("#why", "we move")
        with page.expect_navigation():
            page.click("text=Take back all badges")
        page.goto("/console/connections")
        page.wait_for_selector("#conn-live >> text=withdraw all badges: begun")
        seen.set()
        page.wait_for_selector("#conn-live >> text=Nothing runs at this moment")
        page.wait_for_selector("#conn-cards >> text=paused")
        running.says("withdrawn", outcome="done")
        page.goto("/console/connections/library/forget")
        page.fill("#forget-why", "we move")
        page.click("button:has-text('Forget library')")
        page.wait_for_selector("text=library is forgotten")

    assert window.complaints == []
    assert library.scores() == {}
    verbs = [row[0] for row in library.ledger("SELECT verb FROM audit ORDER BY id")]
    told = [verb for verb in verbs if verb in ("badges being withdrawn", "errand withdraw", "connection forget")]
    assert told == ["badges being withdrawn", "errand withdraw", "connection forget"]
