"""The page behind a badge in a real browser, where everything that others have written means harm; and on paper."""

import json
from collections.abc import Iterator

import pytest
from browser import Watched, chromium
from conftest import House
from playwright.sync_api import Browser
from served import Served, serving

DOI = "10.5555/evil"
HARM = (
    '"><script>alert(1)</script>',
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)><image href=//evil.example.net/x></svg>",
    "<img src=//evil.example.net/x onerror=alert(1)>",
    "<style>@import '//evil.example.net/x'</style>",
    "</title></textarea><iframe src=javascript:alert(1)>",
    "\u202egnihtyreve \u2028 {{ 7 * 7 }} %(n)s %s",
)
URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://x.example.net",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example.net/x",
    "vbscript:x",
    "https://news.example.net/<script>alert(1)</script>?\"onclick=alert(1)'",
    "https://news.example.net/plain",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    house = House(tmp_path_factory.mktemp("harm"))
    folder = house.folder / "import"
    folder.mkdir()

    def table(name: str, *rows: tuple[str, ...]) -> None:
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        (folder / name).write_text("\n".join([*quoted, ""]))

    every = " ".join(HARM)
    table("people.csv", ("person", "name", "visibility", "current"), ("p1", every, "public", "true"))
    table("groups.csv", ("group", "name", "parents", "visibility"), ("g1", every, "", "public"))
    table("memberships.csv", ("person", "group"), ("p1", "g1"))
    table(
        "outputs.csv",
        ("output", "title", "type", "journal", "published", "visibility", "doi", "handle", "url"),
        ("o1", every, HARM[1], every, "2026", "public", DOI, "20.500.1/<svg>", "https://x.example.net/?<svg>"),
    )
    table("authorships.csv", ("output", "person", "visibility"), ("o1", "p1", "public"))
    lines = []
    for n, (url, harm) in enumerate((url, harm) for url in URLS for harm in HARM):
        common = {"output": [f"doi:{DOI}"], "occurred_at": "2026-03-01T10:00:00Z", "url": url, "title": harm}
        outlet = {"id": f"{n}{harm}", "name": harm, "tier": 1}
        author = {"id": f"{n}{harm}", "name": harm, "followers": 5}
        lines += [
            {"id": f"n{n}", "source": "news", "outlet": outlet, **common},
            {"id": f"x{n}", "source": "x", "author": author, **common},
            {"id": f"r{n}", "source": "reddit", "author": author, **common},
            {"id": f"p{n}", "source": "policy", "policy_source": harm, **common},
        ]
    (folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    with serving(house.folder, RINGMARK_INSTITUTION__NAME=HARM[0]) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("path", [f"/doi/{DOI}", f"/doi/{DOI}?source=news", f"/doi/{DOI}?source=reddit"])
def test_nothing_that_others_have_written_does_anything(served: Served, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    watched, dialogs = Watched(page), list[str]()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    answer = page.goto(served.public + path)
    page.emulate_media(media="print")

    assert answer is not None
    assert answer.status == 200
    assert dialogs == []
    assert watched.complaints == []
    assert {url[: len(served.public)] for url in watched.asked} == {served.public}
    assert (
        page.evaluate("[...document.querySelectorAll('script')].filter(e => e.type !== 'application/ld+json').length")
        == 0
    )
    assert (
        page.evaluate(
            "document.querySelectorAll('main img, main iframe, main svg image, main style:not(svg style)').length"
        )
        == 0
    )
    schemes = set(page.evaluate("[...document.querySelectorAll('a')].map(a => a.protocol)"))
    assert schemes <= {"http:", "https:"}
    assert page.locator("a", has_text="news.example.net").count() + page.locator("a", has_text="alert(1)").count() > 0
    page.emulate_media(media="screen")
    assert watched.overflow() == 0
    page.close()


def test_machines_are_told_of_it_all_the_same(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    answer = page.goto(f"{served.public}/doi/{DOI}")

    told = json.loads(page.evaluate("document.querySelector('script').textContent"))

    assert answer is not None
    assert f'<https://doi.org/{DOI}>; rel="cite-as"' in answer.headers["link"]
    assert "</script><script>alert(1)</script>" in told["about"]["name"]
    assert told["about"]["@type"] == "CreativeWork"
    page.close()


def test_on_paper_a_ledger_has_its_addresses_and_nothing_to_press(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.public}/doi/{DOI}?source=news")
    page.emulate_media(media="print")

    after = page.evaluate(
        "[...document.querySelectorAll('.ledger .named a')].map(a => getComputedStyle(a, '::after').content)"
    )
    lines = page.locator(".ledger tbody tr").count()

    assert lines == page.locator(".ledger tbody tr:visible").count() > 20
    assert after
    assert all('"<"' in each or "<" in each for each in after)
    assert page.locator("nav:visible, footer:visible, form:visible, .skip:visible").count() == 0
    page.close()
