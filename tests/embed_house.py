"""A house with an output for every way to name one, and pages of other sites that show its badges."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from conftest import House
from playwright.sync_api import Page
from served import Served

SETTINGS = """
[institution]
name = "University of Example"
base_url = "https://ringmark.example.edu"

[connections.local]
kind = "files"
path = "import"
people = false
"""
MANY = 1000
EVIL = "<img src=x onerror=document.title='broken'><script>document.title='broken'</script>"
NOTED, SILENT, HIDDEN = "10.5555/noted", "10.5555/silent", "10.5555/hidden"
EMBED = ".ringmark-embed,.altmetric-embed"
STRICT = "default-src 'none'; script-src {0}; connect-src {0}; style-src 'none'; require-trusted-types-for 'script'"
EVENTS = """<script>
window.told = [];
for (const whose of ["altmetric", "ringmark"]) for (const what of ["show", "hide"])
  document.addEventListener(`${whose}:${what}`, (event) => told.push([event.type, event.target.id]));
</script>"""
SHIFTS = """<script>
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => shifts.push(each.value)))
  .observe({ type: "layout-shift", buffered: true });
</script>"""


def filled(folder: Path) -> House:
    """Outputs with and without mentions, one that nobody may see, and a thousand more."""
    house = House(folder).write(SETTINGS)
    (folder / "import").mkdir()
    rows = [
        f"noted,Tides,book,public,{NOTED},1234567,PMC7654321,2101.00001,123456789/7,9783161484100,https://repo.example/item/7",
        f"silent,Still water,,public,{SILENT},,,,,,",
        f"hidden,Not to be seen,,private,{HIDDEN},,,,,,",
        f'evil,"{EVIL}",,public,10.5555/evil,,,,,,',
        *(f"m{number},Many {number},,public,10.5555/many.{number},,,,,," for number in range(MANY)),
    ]
    header = "output,title,type,visibility,doi,pmid,pmcid,arxiv,handle,isbn,url"
    (folder / "import" / "outputs.csv").write_text("\n".join([header, *rows, ""]))
    lines = [
        *(_mention(f"n{place}", "news", NOTED, outlet={"id": f"daily-{place}", "tier": 1}) for place in range(2)),
        _mention("p", "policy", NOTED, policy_source="Ministry of Examples"),
        _mention("e", "wikipedia", NOTED),
        _mention("v", "news", "10.5555/evil", outlet={"id": EVIL, "name": EVIL, "tier": 1}),
        *(
            _mention(f"m{number}-{place}", "news", f"10.5555/many.{number}", outlet={"id": f"o{place}", "tier": 3})
            for number in range(0, MANY, 3)
            for place in range(number % 7 + 1)
        ),
    ]
    (folder / "import" / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("sync")
    return house


def _mention(name: str, source: str, doi: str, **more: object) -> str:
    told = {"id": name, "source": source, "output": doi, "occurred_at": "2026-03-01", **more}
    return json.dumps({**told, "url": f"https://{source}.example/{name}"})


@dataclass
class Sites:
    """Pages of other sites, by their paths: each is a body, and headers of its own."""

    address: str
    pages: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def put(self, html: str, **headers: str) -> str:
        """The address of a page; header names with `_` for `-`."""
        path = f"/{len(self.pages)}"
        self.pages[path] = html, {name.replace("_", "-"): value for name, value in headers.items()}
        return self.address + path


@contextmanager
def sites() -> Iterator[Sites]:
    """Serve such pages at another origin than ours."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = here.pages.get(urlsplit(self.path).path, ("", {}))
            self.send_response(200 if html else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        here = Sites(f"http://localhost:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield here
        server.shutdown()


def document(served: Served, body: str, head: str = "") -> str:
    return f"""<!doctype html><html lang="en"><head><title>Item</title>{head}
<script src="{served.public}/embed.js"></script></head><body>{body}</body></html>"""


def settled(page: Page) -> list[str]:
    """How it ended for each badge of a page, once it has for all."""
    waiting = f":is({EMBED}):not([data-ringmark-state]),[data-ringmark-state=waiting]"
    page.wait_for_selector(waiting, state="detached")
    return states(page)


def states(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(EMBED, "all => all.map((each) => each.dataset.ringmarkState)")
    return found


def shown(page: Page, url: str) -> list[str]:
    page.goto(url)
    return settled(page)


def names(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        EMBED, "all => all.map((each) => each.shadowRoot.querySelector('.badge').getAttribute('aria-label'))"
    )
    return found
