"""On the machine that decides, a test that quietly stopped running is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")


def run(folder: Path, test: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    (folder / "test_it.py").write_text(f"import pytest\n{test}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(CONFTEST.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "test",
    [  # the texts of tests that are written to a file and expected to fail there; nothing is skipped here
        "def test_it():\n    pytest.skip('no server')",
        "@pytest.fixture\ndef server():\n    pytest.skip('no server')\ndef test_it(server): ...",
        "pytest.importorskip('a_module_nobody_has')\ndef test_it(): ...",
    ],
)
def test_an_unexpected_skip_fails_where_ci_is_set_and_only_there(tmp_path, test):
    decided = run(tmp_path, test, ci="true")
    elsewhere = run(tmp_path, test, ci="")

    assert decided.returncode not in (0, 5)
    assert "nobody expects this skip" in decided.stdout
    assert elsewhere.returncode in (0, 5)


def test_an_expected_skip_is_no_failure(tmp_path):
    assert run(tmp_path, "def test_it():\n    pytest.skip('shared data is not here')", ci="true").returncode == 0


def test_a_failure_that_is_expected_is_no_skip(tmp_path):
    assert run(tmp_path, "@pytest.mark.xfail\ndef test_it():\n    assert False", ci="true").returncode == 0
