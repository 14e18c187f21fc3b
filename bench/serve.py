"""Badges by DOI over HTTP, beside nginx serving files with the same bytes; and whether hidden and unknown take the same
time.

One worker each, on a processor of its own, and wrk on another; all three take turns, so nothing else competes. From
the cache, one DOI is asked for again and again; from the store, all DOIs in turn, more of them than the cache keeps.
Needs nginx, wrk and two processors.
"""

import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from bench import world
from bench.results import Result, at_least, at_most, check, median, told
from bench.scope import published

ROUNDS = 3
SECONDS, SMALL_SECONDS = 5, 1
CONNECTIONS = 32
ASKED, SMALL_ASKED = 20_000, 2_000  # times that each of hidden and unknown is asked for
SERVER, CLIENT = 0, 1  # processors
KINDS = ("json", "svg")

NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  types {{ application/json json; image/svg+xml svg; }}
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; add_header Cache-Control "public, max-age=300"; }}
}}
"""
ALL = """
local dois, at = {}, 0
for line in io.lines("{file}") do dois[#dois + 1] = line end
request = function()
  at = at % #dois + 1
  return wrk.format("GET", "/badge/doi/" .. dois[at] .. ".{kind}")
end
"""
SERVE = """
[institution]
name = "University of Example"
base_url = "https://ringmark.example.edu"
[serve]
listen = "127.0.0.1:0"
operations = "127.0.0.1:0"
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: requests a second, the 99th percentile in milliseconds, and answers that were no 200."""

    rate: float
    p99: float
    wrong: int


def measure(*, small: bool) -> list[Result]:
    """The hot paths against nginx, and what can be told from the time of an answer."""
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        return [told("badges over HTTP", f"not measured: {' and '.join(missing)} not installed")]
    size = world.SMALL if small else world.FULL
    with world.copy_of(published(size)) as house, ExitStack() as stack:
        folder = Path(str(house.engine.url.database)).parent
        with house.read() as db:
            shown, hidden = (db.exec_driver_sql(sql).scalars().all() for sql in (SHOWN, HIDDEN))
        (folder / "ringmark.toml").write_text(world.SETTINGS + SERVE)
        (folder / "dois").write_text("".join(f"{doi}\n" for doi in shown))
        ours = stack.enter_context(serving(folder))
        files = stack.enter_context(nginx(ours, shown[0]))
        seconds = SMALL_SECONDS if small else SECONDS
        results = [result for kind in KINDS for result in beside(kind, ours, files, shown[0], folder, seconds)]
        return [*results, alike(ours, hidden, SMALL_ASKED if small else ASKED)]


def beside(kind: str, ours: str, files: str, doi: str, folder: Path, seconds: int) -> Iterator[Result]:
    """One kind of answer, from the cache and from the store."""
    every = folder / f"every.{kind}.lua"
    every.write_text(ALL.replace("{file}", str(folder / "dois")).replace("{kind}", kind))
    wrk(f"{ours}/badge/doi/{doi}.{kind}", seconds * 4, every)  # pictures are drawn once, whatever the store says later
    taken: dict[str, list[Load]] = {"limit": [], "cache": [], "store": []}
    for _ in range(ROUNDS):
        taken["limit"].append(wrk(f"{files}/badge.{kind}", seconds))
        taken["cache"].append(wrk(f"{ours}/badge/doi/{doi}.{kind}", seconds))
        taken["store"].append(wrk(f"{ours}/badge/doi/{doi}.{kind}", seconds, every))
    limit = median(load.rate for load in taken["limit"])
    for place, least in (("cache", 0.5), ("store", 0.3)):
        rate, p99 = (median(getattr(load, name) for load in taken[place]) for name in ("rate", "p99"))
        what = f"badge {kind.upper()} by DOI, from the {place}"
        yield at_least(
            what, "nginx, a file of the same bytes", rate / limit, least, f"{rate:,.0f}/s against {limit:,.0f}"
        )
        yield at_most(f"{what}: p99 of {CONNECTIONS} connections", "-", p99, 10, "ms", "the median of the rounds")
    yield check(
        f"every answer was a badge ({kind})",
        "no error",
        not any(load.wrong for each in taken.values() for load in each),
    )


def alike(ours: str, hidden: Sequence[str], times: int) -> Result:
    """The same question for a hidden and for an unknown DOI of the same shape, in turn on one connection. What differs
    more than two halves of the unknown ones among themselves could be told apart."""
    unknown = [doi.replace("bench", "bemch") for doi in hidden]
    host = ours.removeprefix("http://")
    taken: dict[str, list[float]] = {"hidden": [], "unknown": []}
    connection = http.client.HTTPConnection(host)
    for number in range(times):
        at = number % len(hidden)
        pair = [("hidden", hidden[at]), ("unknown", unknown[at])]
        for name, doi in pair if number % 2 else reversed(pair):
            began = time.perf_counter()
            connection.request("GET", f"/badge/doi/{doi}.json")
            connection.getresponse().read()
            taken[name].append((time.perf_counter() - began) * 1e6)
    connection.close()
    middle = {name: statistics.median(each) for name, each in taken.items()}
    noise = abs(statistics.median(taken["unknown"][::2]) - statistics.median(taken["unknown"][1::2]))
    apart = abs(middle["hidden"] - middle["unknown"])
    spread = statistics.quantiles(taken["unknown"], n=100)[89] - statistics.quantiles(taken["unknown"], n=100)[9]
    measured = (
        f"{middle['hidden']:.1f} µs and {middle['unknown']:.1f} µs; {apart:.2f} µs apart, two halves of the unknown "
        f"{noise:.2f} µs; 80 % of all within {spread:.0f} µs"
    )
    within = apart <= max(3 * noise, spread / 20)
    return Result(
        what=f"a hidden and an unknown DOI, {times:,} times each, in turn",
        limit="two halves of the unknown",
        reach="alike within noise",
        measured=measured,
        met=within,
    )


def wrk(url: str, seconds: int, script: Path | None = None) -> Load:
    """One load on one address, or on those of a script."""
    command = [*pinned(CLIENT), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    ran = subprocess.run(
        [*command, *(["-s", str(script)] if script else []), url], capture_output=True, text=True, check=True
    )
    rate, p99, unit, wrong = (
        re.search(pattern, ran.stdout)
        for pattern in (r"Requests/sec:\s+([\d.]+)", r"99%\s+([\d.]+)", r"99%\s+[\d.]+(\w+)", r"Non-2xx.*?: (\d+)")
    )
    assert rate, ran.stdout
    assert p99, ran.stdout
    assert unit, ran.stdout
    milli = float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[unit[1]]
    return Load(float(rate[1]), milli, int(wrong[1]) if wrong else 0)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of `ringmark serve`."""
    command = [
        *pinned(SERVER),
        str(Path(sys.executable).parent / "ringmark"),
        "--config",
        str(folder / "ringmark.toml"),
    ]
    with subprocess.Popen([*command, "serve"], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            line = child.stdout.readline()
            yield line.split()[1].rstrip(",")
        finally:
            child.terminate()


@contextmanager
def nginx(ours: str, doi: str) -> Iterator[str]:
    """The address of nginx with the same bytes as files."""
    with TemporaryDirectory() as place:
        folder, port = Path(place), 18_473
        folder.chmod(0o755)
        for kind in KINDS:
            with urlopen(f"{ours}/badge/doi/{doi}.{kind}") as answer:  # noqa: S310 - an address of our own
                (folder / f"badge.{kind}").write_bytes(answer.read())
                (folder / f"badge.{kind}").chmod(0o644)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        command = [*pinned(SERVER), "nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        with subprocess.Popen([*command, "-g", "daemon off;"]) as child:
            time.sleep(1)
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                child.terminate()


def pinned(processor: int) -> list[str]:
    """A command of its own processor, where there are two and it can be chosen."""
    return ["taskset", "-c", str(processor)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


SHOWN = """
SELECT i.value FROM badge b JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
WHERE b.audience = 'public' AND i.scheme = 'doi' ORDER BY b.score DESC, i.value
"""
HIDDEN = """
SELECT o.doi FROM output o WHERE o.doi <> ''
  AND NOT EXISTS (SELECT 1 FROM badge b WHERE b.audience = 'public' AND b.output_id = o.id) ORDER BY o.id LIMIT 1000
"""
