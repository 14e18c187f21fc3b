"""What every test may rely on; and where CI is set, a skip that nobody expects is a failure."""

import contextlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import stores
from hypothesis import HealthCheck, settings

from connectors import http
from sandbox.institution import Institution, example
from sync import cli, steps, store
from sync.store import bulk, database

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a house in memory is as real, and its disk does not make tests wait for others
if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 6 * 1024**3:
    os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)
EXPECTED_SKIPS = re.compile(r"shared.data|OpenSSH.s sftp|(SQLite|PostgreSQL)'s own", re.IGNORECASE)
# Where on PostgreSQL all is copied that may be, however little a test has to store: of every kind of statement some.
COPIED = ("accounts", "cli_admin", "elements_end_to_end", "fields", "imports", "outlet_lists", "outlets", "postgresql",
          "push", "restore_kept", "sweeps", "told_again", "versions", "versions_closed",
          "visibility_told", "visibility_gone")  # fmt: skip
if (
    stores.POSTGRESQL
):  # what opens no store, or is about what a browser makes of it, says nothing new on another database
    STORELESS = (
        "abroad*",
        "elements", "elements_[bci]*", "elements_records", "http*", "identifiers", "mentions", "sandbox_*", "dspace*",
        "rule_sets", "scoring*", "settings*", "sightings*", "ring", "png", "draw*", "card", "charts", "badges_docs",
        "scope_file", "wrong_settings", "words", "linked_data", "legend", "languages", "accessibility", "bookmarklet",
        "embed*", "serve_many", "themes", "openapi", "page_rules", "rule_form", "watch_forms",
        "sign_in_down", "sign_in_lies", "sign_in_proxy", "feeds_[ahrt]*", "policy_[prst]*",
        "answerers_[kmpw]*", "answerers_heard",
    )  # fmt: skip
    collect_ignore_glob = [f"test_{name}.py" for name in STORELESS]
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # no test fails because its machine has much else to do
SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"
PASSWORD = "Not-4-any-output"
"""Of practice systems: stands in no answer, message, log or file but the one it is read from."""


@dataclass(frozen=True)
class Ran:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document that standard output must be, and nothing else."""
        return json.loads(self.out)


class House:
    """A folder with settings, and Ringmark's commands in this process, as a caller would see them.

    Every command is held to what holds for all: no traceback, and no credential in anything it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "ringmark.toml"
        self.later = 0
        """Microseconds by which the commands' clock is ahead of the real one."""

    def write(self, text: str) -> "House":
        """Replace the settings; those that name no store are given that of this folder."""
        self.file.write_text(text if "[store]" in text else stores.table(self.folder) + text)
        return self

    def elements(self, url: str, more: str = "", *, before: str = "") -> "House":
        """Settings with the one connection `elements`; `more` are lines of its table, `before` come first."""
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o600)
        return self.write(f'''{before}
[connections.elements]
kind = "elements"
url = "{url}"
username = "ringmark"
password_file = "password"
pace = 0
{more}''')

    def copy(self, folder: Path) -> "House":
        """The same, store and all, in another folder; nobody may be using it meanwhile."""
        return House(stores.copy(self.folder, folder))

    def stored(self, sql: str, *values: object) -> list[Any]:
        """What the store's database answers to one statement, which is committed; `?` stands for a value."""
        return stores.run(self.folder, sql, *values)

    def run(self, *words: str) -> Ran:
        """One command; waits between attempts take no time, all else is real."""
        out, err = io.StringIO(), io.StringIO()
        argv, sys.argv = sys.argv, ["ringmark", "--config", str(self.file), *words]
        real_client, steps.client = steps.client, partial(http.client, sleep=lambda _: None)  # type: ignore[attr-defined]
        real_now, store.now = store.now, lambda: time.time_ns() // 1000 + self.later
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.argv, steps.client, store.now = argv, real_client, real_now  # type: ignore[attr-defined]
        ran = Ran(code, out.getvalue(), err.getvalue())
        assert PASSWORD not in ran.out + ran.err
        assert "Traceback" not in ran.out + ran.err
        return ran

    def ok(self, *words: str) -> str:
        """A command that must end well, and what it wrote."""
        ran = self.run(*words)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.out

    def json(self, *words: str) -> Any:
        """The document of a command that must end well."""
        return json.loads(self.ok(*words, "--json"))

    def rows(self, audience: str = "public") -> list[dict[str, Any]]:
        """The export that an audience gets, as JSON lines."""
        lines = self.ok("export", "--audience", audience, "--format", "jsonl", "-o", "-").splitlines()
        return [json.loads(line) for line in lines]

    def dois(self, audience: str = "public") -> set[str]:
        """The DOIs that an audience gets to see."""
        return {row["doi"] for row in self.rows(audience)} - {""}


@pytest.fixture(scope="session", autouse=True)
def copied_when_new() -> Iterator[None]:
    """The migrations make the first store of this process; those of others, which are killed too, they make all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_upgrade", stores.upgrade)
        yield


@pytest.fixture(autouse=True)
def dropped() -> Iterator[None]:
    """What a test made on a database server goes with it; what its module or session made, with those."""
    before = stores.made()
    yield
    stores.drop_since(before)


@pytest.fixture(scope="module", autouse=True)
def dropped_with_the_module() -> Iterator[None]:
    before = stores.made()
    yield
    stores.drop_since(before)


@pytest.fixture(scope="module", autouse=True)
def copied(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if stores.POSTGRESQL and request.module.__name__.removeprefix("test_") in COPIED:
            patch.setattr(bulk, "PAYS", 2)
        yield


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house in a folder of its own, without settings yet."""
    return House(tmp_path)


@pytest.fixture(scope="session")
def institution() -> Institution:
    return example(outputs=120, people=20, mentions=300)


@pytest.fixture(scope="session")
def scored(institution: Institution, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A folder of files, pulled and scored; tests that use it change nothing that others could see."""
    house = House(tmp_path_factory.mktemp("scored"))
    institution.write_files(house.folder / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    stores.keep(house.folder)
    return house


@pytest.fixture(scope="session")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Outputs with every kind of name, for pages of other sites that show their badges; only read, as `scored`."""
    from embed_house import filled

    house = filled(tmp_path_factory.mktemp("embedding"))
    stores.keep(house.folder)
    return house


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A browser, without pages."""
    from browser import chromium

    with chromium() as found:
        yield found


@pytest.fixture
def own(scored: House, tmp_path: Path) -> House:
    """A copy of the same, for tests that change things."""
    return scored.copy(tmp_path / "own")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recorded answers of real systems, which lie beside the repository and are not part of it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("shared data is not here")
    return SHARED_DATA


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes files into a fresh working directory: `written(text, name="ringmark.toml", mode=0o600)` is its path."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "ringmark.toml", mode: int = 0o600) -> Path:
        path = Path(name)
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_surprise((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_surprise((yield))


def _no_surprise(report: Report) -> Report:
    """Skips must not grow in silence: on the machine that decides, each needs a reason that is on the list."""
    unexpected = report.skipped and not hasattr(report, "wasxfail") and not EXPECTED_SKIPS.search(str(report.longrepr))
    if unexpected and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"nobody expects this skip: {report.longrepr}"
    return report
