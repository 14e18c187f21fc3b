"""From pressing Apply in the console to the last badge that was taken back from a repository, all of it real.

A practice DSpace has items for some of the outputs, and the badges of those were pushed there. A daemon runs with
`serve` beside it; somebody signs in by a link, looks at what a narrower scope would do, and applies it by the form of
that page. The clock stops when the last item of an output that may not show any more is without its badge.
"""

import html
import re
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.process import run, serving, signed_in
from bench.results import Result, seconds, told
from bench.scope import NARROW, published
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import made
from sync import push, store

FIELD = "local.attention.score"
CHOICE = "status=current&profile=academic&people=internal&outputs=internal&authorships=public"  # as `NARROW`
PATIENCE = 900.0  # seconds
SETTINGS = """
[institution]
name = "University of Example"
base_url = "http://127.0.0.1:8000"
[connections.local]
kind = "files"
path = "import"
pull = "manual"
full = "manual"
[connections.library]
kind = "dspace"
url = "{url}"
username = "{username}"
password_file = "password"
push = "public"
field = "local.attention.score"
push_limit = 1000000
pace = 0
"""


def measure(*, small: bool) -> list[Result]:
    """How long each part of it takes."""
    size, goes, stays = (world.SMALL, 50, 20) if small else (world.FULL, 400, 100)
    filled = published(size)
    with TemporaryDirectory(dir=world.DATA) as place:
        folder = Path(shutil.copytree(filled, Path(place) / "house"))
        with world.opened(folder) as house:
            vanish = store.preview(house, NARROW, (), now=store.now()).seen["public"]["outputs"]["vanish"]
            with house.read() as db:
                shown = [f"doi:{each.doi}" for each in store.walk(db, "public", now=store.now()) if each.doi]
        gone = [each for each in vanish if each.startswith("doi:")][:goes]
        left = sorted(set(shown) - set(vanish))[:stays]
        items = [made(n, dc_identifier_doi=doi.removeprefix("doi:")) for n, doi in enumerate((*gone, *left), 1)]
        with practice_dspace(items, "9") as server:
            _settle(folder, server)
            _look_for_no_others(folder, {*gone, *left})
            pushed = seconds(lambda: run(folder, "push", "library"))
            whole = _badges(server)
            if whole != len(items):
                raise AssertionError(f"{whole} of {len(items)} badges were pushed")
            with serving(folder, "daemon", "--serve") as address:
                applied, all_gone = _narrowed(folder, address, server, len(left))
    rate = len(gone) / (all_gone - applied) if all_gone > applied else 0.0
    words = (
        f"{len(gone):,} of {len(items):,} badges in the repository; {len(vanish):,} of {len(shown):,} outputs vanish"
    )
    return [
        told("press Apply: until the page says that it holds", f"{applied:.1f} s; {words}"),
        told("press Apply: until the last badge is withdrawn", f"{all_gone:.1f} s; {rate:.0f} badges/s after it held"),
        told("the first push before it, for comparison", f"{pushed:.0f} s; {len(items) / pushed:.0f} badges/s"),
    ]


def _settle(folder: Path, server: PracticeDSpace) -> None:
    (folder / "password").write_text(server.password)
    (folder / "password").chmod(0o600)
    (folder / "import").mkdir(exist_ok=True)
    (folder / "ringmark.toml").write_text(SETTINGS.format(url=server.url, username=server.username))


def _look_for_no_others(folder: Path, there: set[str]) -> None:
    """Leave word of every output without an item there that it is none, as the push before would have."""
    with world.opened(folder) as house, house.write() as db:
        where = push.target(house, world.settings(folder), "library")
        for each in store.walk(db, "public", now=store.now()):
            if f"doi:{each.doi}" not in there:
                store.unseen(house, where, each.output, "no item there", again=store.now() + 30 * store.DAY)


def _narrowed(folder: Path, address: str, server: PracticeDSpace, left: int) -> tuple[float, float]:
    """Seconds until the page after Apply, and until the last badge is gone."""
    browser = signed_in(folder, address)
    page = browser.get(f"{address}/console/scope/preview?{CHOICE}", timeout=PATIENCE).text
    told_ = {name: html.unescape(value) for name, value in re.findall(r'name="(csrf|seen)" value="([^"]*)"', page)}
    form = {**told_, "why": "measured"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    began = time.perf_counter()
    done = browser.post(
        f"{address}/console/scope?{CHOICE}", data=form, headers=headers, allow_redirects=False, timeout=PATIENCE
    )
    applied = time.perf_counter() - began
    if done.status_code != 303:
        raise AssertionError(f"not applied: {done.status_code}")
    while _badges(server) > left:
        if time.perf_counter() - began > PATIENCE:
            raise AssertionError(f"{_badges(server) - left} badges still stand there")
        time.sleep(0.05)
    return applied, time.perf_counter() - began


def _badges(server: PracticeDSpace) -> int:
    with server.lock:
        return sum(1 for item in server.items.values() if item.texts(FIELD))
