"""A record of which only the key could be read votes private, and keeps what was told of it before."""

from pathlib import Path

import pytest
from conftest import House

TITLES = "output,title,type,visibility,doi"


@pytest.fixture
def both(house: House) -> House:
    """One public output, known by two sources under one DOI."""
    for name in ("one", "two"):
        folder = house.folder / name
        folder.mkdir()
        _write(folder, "outputs.csv", TITLES, f"{name}1,Harbour seals,book,public,10.5555/seals")
    house.write("".join(
        f'[connections.{name}]\nkind = "files"\npath = "{name}/"\nrequire_author = false\n' for name in ("one", "two")
    ))  # fmt: skip
    house.ok("sync")
    assert house.dois() == {"10.5555/seals"}
    return house


def test_a_row_that_lost_its_cells_hides_the_output_whatever_the_other_source_says(both: House) -> None:
    _write(both.folder / "one", "outputs.csv", TITLES, "one1,Harbour seals")

    both.ok("sync")

    assert both.rows("internal") == []
    assert [row["place"] for row in both.json("setaside", "list")["set_aside"]] == ["outputs.csv:2"] * 2


def test_the_output_shows_again_when_its_row_is_whole(both: House) -> None:
    whole = (both.folder / "one" / "outputs.csv").read_text()
    _write(both.folder / "one", "outputs.csv", TITLES, "one1,Harbour seals")
    both.ok("sync")
    (both.folder / "one" / "outputs.csv").write_text(whole)

    both.ok("sync")

    assert both.dois() == {"10.5555/seals"}
    assert both.json("setaside", "list")["set_aside"] == []


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
