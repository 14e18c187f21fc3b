"""The examples of docs/add-a-connector.md work as they stand, and what it lists is what there is."""

import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import House
from installed_kinds import installed

from sync import conformance
from sync.conformance.practice import FAULTS, NEEDS, Items, Practice, Told, Voices

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "add-a-connector.md"
TEXT = PAGE.read_text(encoding="utf-8")
TOLD = [
    {"id": "1", "title": "Harbour seals", "level": "Public", "doi": "10.5555/seals"},
    {"id": "2", "title": "Harbour walls", "level": "private", "doi": "10.5555/walls"},
    {"id": "3", "title": "Harbour lights", "level": "campus", "doi": "10.5555/lights"},
]


class Repository(BaseHTTPRequestHandler):
    """Answers every request with the same outputs."""

    def do_GET(self) -> None:
        body = json.dumps({"outputs": TOLD}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing of it belongs into the output of the tests."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the repository of the example answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Repository) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The example as if it had been installed: its module, and its line among the entry points."""
    module = ModuleType("connectors.example")
    exec(compile(blocks("python")[0], str(PAGE), "exec"), module.__dict__)  # noqa: S102 - it is our own page
    monkeypatch.setitem(sys.modules, "connectors.example", module)
    with installed(tmp_path, {"example": "connectors.example:Example"}, {}):
        yield


def blocks(language: str) -> list[str]:
    """The examples of the page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.S)


@pytest.mark.usefixtures("_installed")
def test_the_example_of_the_page_pulls_and_shows_only_what_is_public(house: House, address: str) -> None:
    house.write(f'[connections.repository]\nkind = "example"\nurl = "{address}"\npace = 0\n')

    house.ok("sync")

    assert house.dois() == {"10.5555/seals"}
    assert [row["reason"] for row in house.json("setaside", "list")["set_aside"]] == [
        "the level is not one that is known"
    ]


@pytest.mark.usefixtures("_installed")
def test_a_connector_that_breaks_does_not_stop_the_others(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TOLD[0], "title", 5)  # the example does not look, and the border does
    (house.folder / "import").mkdir()
    (house.folder / "import" / "outputs.csv").write_text("output,title,visibility,doi\no1,Seals,public,10.5555/seals\n")
    house.write(
        f'[connections.repository]\nkind = "example"\nurl = "{address}"\npace = 0\n'
        '[connections.local]\nkind = "files"\npath = "import/"\nrequire_author = false\n'
    )

    ran = house.run("sync")

    assert ran.code == 3
    assert "repository: failed" in ran.out
    assert "please report it" in ran.out
    assert house.dois() == {"10.5555/seals"}


@pytest.mark.parametrize("name", ["order_of_pages", "wrong_settings"])
def test_the_example_of_a_test_examines_the_connector_of_its_name(name: str, tmp_path: Path) -> None:
    told: dict[str, Any] = {}
    (example,) = [each for each in blocks("python") if "def test_example_keeps_its_promise" in each]
    exec(compile(example, str(PAGE), "exec"), told)  # noqa: S102 - it is our own page
    (check,) = [each for each in conformance.CHECKS if each.name == name]
    points = [line.split(" = ") for line in blocks("toml")[1].splitlines() if " = " in line]
    (connector, practice) = [{name: value.strip('"')} for name, value in points]

    with installed(tmp_path, connector, practice):
        told["test_example_keeps_its_promise"](check)


def test_the_entry_points_of_the_page_are_those_of_the_example_distribution() -> None:
    assert blocks("toml")[1] in (ROOT / "tests" / "example_connector" / "pyproject.toml").read_text()


def test_the_page_lists_the_members_the_faults_and_the_needs_that_there_are() -> None:
    tables = re.findall(r"\|---\|---\|\n((?:\|.*\n)+)", TEXT)
    rows = [[line.strip("| ").split(" | ") for line in table.splitlines()] for table in tables]
    *_, mistakes, members, faults, needs = rows

    parts = {**Practice.__annotations__, **vars(Practice), **vars(Items), **vars(Told), **vars(Voices), "homes": ()}
    public = {name for name in parts if not name.startswith("_")}
    assert {name for row in members for name in re.findall(r"`(\w+)`", row[0])} == public
    assert dict(faults) == FAULTS
    assert dict(needs) == NEEDS
    named = {name for row in mistakes for name in re.findall(r"`(\w+)`", row[1])}
    assert named - {check.name for check in conformance.CHECKS} == set()
