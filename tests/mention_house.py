"""A house with mentions to decide on: of named accounts and outlets, with markup in what they say, and with reports.

Tests that decide have their fixtures from here: `works, house = some_works(), a_copy()`.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House

EVIL = '<script>alert("x")</script>\u202e'
WORKS = ("one", "two", "three")
SETTINGS = '[connections.{name}]\nkind = "files"\npath = "{name}"\nrequire_author = false\n'


def mention_house(house: House) -> House:
    """Three public works and a hidden one, of which nobody speaks yet."""
    (house.folder / "told").mkdir()
    rows = "".join(
        f'{name},"Work {name} {EVIL.replace(chr(34), chr(34) * 2)}",public,10.5555/{name}\n' for name in WORKS
    )
    rows += "hidden,Hidden work,private,10.5555/hidden\n"
    (house.folder / "told" / "outputs.csv").write_text(f"output,title,visibility,doi\n{rows}")
    house.write(SETTINGS.format(name="told"))
    house.ok("sync")
    return house


def some_works() -> Any:
    """A fixture: the house once for a module, whose tests leave it as it is."""

    @pytest.fixture(scope="module")
    def works(tmp_path_factory: pytest.TempPathFactory) -> House:
        return mention_house(House(tmp_path_factory.mktemp("works")))

    return works


def a_copy() -> Any:
    """A fixture: a copy of `works`, for one test."""

    @pytest.fixture
    def house(works: House, tmp_path: Path) -> House:
        return works.copy(tmp_path / "house")

    return house


def line(id_: str, **told: Any) -> dict[str, Any]:
    """One mention of the work `one` by the news, unless it says otherwise."""
    url = f"https://news.example/{id_}"
    return {"id": id_, "source": "news", "output": ["doi:10.5555/one"], "url": url, "occurred_at": "2026-01-01", **told}


def tell(house: House, *lines: dict[str, Any]) -> None:
    """Import mentions."""
    file = house.folder / "mentions.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    house.ok("import", str(file))


def number(house: House, key: str) -> int:
    """The public id of a mention, by its source's key."""
    ((found,),) = stores.run(house.folder, "SELECT public_id FROM mention WHERE key = ?", key)
    return int(found)


def refuse(house: House, *keys: str) -> None:
    for key in keys:
        house.ok("mention", "refuse", str(number(house, key)), "--why", "speaks of another work")


def ledger(house: House, work: str = "one") -> dict[str, int]:
    """The addresses that a reader finds behind a work, and what each counts for."""
    return {each["url"]: each["millipoints"] for each in house.json("explain", f"10.5555/{work}")["ledger"]}


def report(house: House, kind: str, work: str, *, mention: int = 0, url: str = "", remark: str = "") -> int:
    """What a reader reports; its number."""
    ((output,),) = stores.run(house.folder, "SELECT public_id FROM output WHERE doi = ?", f"10.5555/{work}")
    told = (output, kind, mention, url, remark, "ann@reader.example.org", 1_767_225_600_000_000)
    columns = "output, kind, mention, url, remark, address, made_at"
    stores.run(house.folder, f"INSERT INTO report ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *told)
    ((found,),) = stores.run(house.folder, "SELECT max(id) FROM report")
    return int(found)
