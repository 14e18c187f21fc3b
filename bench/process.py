"""`ringmark` of a house as a process of its own, and somebody who has signed in there."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests

FREE = {"RINGMARK_SERVE__LISTEN": "127.0.0.1:0", "RINGMARK_SERVE__OPERATIONS": "127.0.0.1:0"}
LINE = re.compile(r"serving (http://\S+), operations")


def run(folder: Path, *words: str) -> str:
    """What a command wrote, which must end well."""
    return subprocess.run(_command(folder, *words), capture_output=True, text=True, check=True).stdout


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """Where readers reach `serve`, or what else the words begin that serves."""
    log = folder / "said.log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            _command(folder, *words), stdout=subprocess.PIPE, stderr=said, text=True, env={**os.environ, **FREE}
        ) as process,
    ):
        try:
            lines = map(LINE.match, process.stdout or ())
            address = next((line[1] for line in lines if line), "")
            if not address:
                raise AssertionError(f"it has ended: {log.read_text()}")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def signed_in(folder: Path, address: str) -> requests.Session:
    """An administrator, by a link of the command line."""
    link = run(folder, "session", "link").strip()
    browser = requests.Session()
    came = browser.get(address + urlsplit(link).path, allow_redirects=False, timeout=60)
    if came.status_code != 303 or not browser.cookies:
        raise AssertionError(f"not signed in: {came.status_code}")
    return browser


def _command(folder: Path, *words: str) -> list[str]:
    ringmark = (sys.executable, "-c", "from sync.cli import main; main()")
    return [*ringmark, "--config", str(folder / "ringmark.toml"), *words]
