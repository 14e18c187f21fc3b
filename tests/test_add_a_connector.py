"""The example of docs/add-a-connector.md works as it stands."""

import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest
from conftest import House

from sync import registry

PAGE = Path(__file__).parents[1] / "docs" / "add-a-connector.md"
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
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example as if it had been installed: its module, and its line among the entry points."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert code is not None
    module = ModuleType("connectors.example")
    exec(compile(code.group(1), str(PAGE), "exec"), module.__dict__)  # noqa: S102 - it is our own page
    monkeypatch.setitem(sys.modules, "connectors.example", module)
    found = registry.entry_points
    point = EntryPoint("example", "connectors.example:Example", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [*found(group=group), point])


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
