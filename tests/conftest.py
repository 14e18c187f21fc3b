"""What every test may rely on; and where CI is set, a skip that nobody expects is a failure."""

import os
import re
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

EXPECTED_SKIPS = re.compile(r"shared.data|pyspark", re.IGNORECASE)
SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"


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
