"""On the machine that decides, a test that quietly stopped running is a failure."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
SKIPPED = {  # the texts of tests that are written to files and expected to fail there; nothing is skipped here
    "call": "def test_it():\n    pytest.skip('no server')",
    "setup": "@pytest.fixture\ndef server():\n    pytest.skip('no server')\ndef test_it(server): ...",
    "module": "pytest.importorskip('a_module_nobody_has')\ndef test_it(): ...",
}
NO_FAILURE = {
    "expected": "def test_it():\n    pytest.skip('shared data is not here')",
    "xfail": "@pytest.mark.xfail\ndef test_it():\n    assert False",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("skips")
    (found / "conftest.py").write_text(CONFTEST.read_text())
    for name, text in (SKIPPED | NO_FAILURE).items():
        (found / f"test_{name}.py").write_text(f"import pytest\n{text}\n")
    return found


def run(folder: Path, *names: str, ci: str) -> subprocess.CompletedProcess[str]:
    """What becomes of tests by their names, told one a line."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-c", os.devnull]
    command += ["--rootdir", ".", "--continue-on-collection-errors", *(f"test_{name}.py" for name in names)]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(CONFTEST.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unexpected_skip_fails_where_ci_is_set_and_only_there(folder: Path) -> None:
    decided = run(folder, *SKIPPED, ci="true")
    elsewhere = run(folder, *SKIPPED, ci="")

    assert decided.returncode not in (0, 5)
    failed = re.findall(r"^(?:FAILED|ERROR) test_(\w+)\.py", decided.stdout, re.M)
    assert sorted(failed) == sorted(SKIPPED)
    assert decided.stdout.count("nobody expects this skip") >= len(SKIPPED)
    assert elsewhere.returncode in (0, 5)


def test_an_expected_skip_and_an_expected_failure_are_none(folder: Path) -> None:
    assert run(folder, *NO_FAILURE, ci="true").returncode == 0
