"""What was pushed where, in the console, and a daemon at work behind it: what is asked for there comes about."""

from collections.abc import Iterator

import pytest
from browser import chromium
from console_visitor import Somebody, signed_in, words
from daemon_process import daemon
from push_library import Library, opened
from served import Served, serving
from test_accessibility import AXE, RULES

from sandbox.dspace_faults import DSpaceFault

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
def served(library: Library) -> Iterator[Served]:
    with serving(library.house.folder) as found:
        yield found


@pytest.fixture(scope="module")
def ada(served: Served, library: Library) -> Somebody:
    return signed_in(served, library.house)


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


def test_axe_finds_nothing_and_pages_reflow(ada: Somebody, served: Served, library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    library.tell(four="public", five="public", six="public", seven="odd")
    library.push(code=4)
    (run,) = library.house.json("status")["waits_for_accept"]
    aside = library.house.json("setaside", "list")["set_aside"][0]["id"]
    with chromium() as browser:
        context = browser.new_context(bypass_csp=True)
        context.add_cookies([ada.shown])
        page = context.new_page()
        for path in PAGES:
            page.goto(f"{served.public}/console{path.format(run=run, aside=aside)}")
            page.wait_for_load_state("networkidle")
            page.evaluate(AXE)
            for scheme, width in (("light", 1200), ("dark", 320)):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.set_viewport_size({"width": width, "height": 800})
                found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
                told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found["violations"]]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert (told, wide) == ([], 0), (path, scheme)


def test_progress_is_seen_while_badges_are_taken_back_and_then_it_can_be_forgotten(
    ada: Somebody, served: Served, library: Library
) -> None:
    library.server.faults.append(DSpaceFault("slow", method="PATCH", seconds=6))
    with daemon(library.house) as running, chromium() as browser:
        context = browser.new_context()
        context.add_cookies([ada.shown])
        page = context.new_page()
        page.set_default_timeout(90_000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{served.public}/console/connections/library/forget")
        page.fill("#why", "we move")
        page.click("text=Take back all badges")
        page.wait_for_url("**/forget")
        page.goto(f"{served.public}/console/connections")
        page.wait_for_selector("#conn-live >> text=withdraw all badges: begun", timeout=90_000)
        page.wait_for_selector("#conn-live >> text=Nothing runs at this moment", timeout=90_000)
        page.wait_for_selector("#conn-cards >> text=paused")
        running.says("withdrawn", outcome="done")
        page.goto(f"{served.public}/console/connections/library/forget")
        page.fill("#forget-why", "we move")
        page.click("button:has-text('Forget library')")
        page.wait_for_selector("text=library is forgotten")

    assert complaints == []
    assert library.scores() == {}
    verbs = [row[0] for row in library.ledger("SELECT verb FROM audit ORDER BY id")]
    told = [verb for verb in verbs if verb in ("badges being withdrawn", "errand withdraw", "connection forget")]
    assert told == ["badges being withdrawn", "errand withdraw", "connection forget"]
