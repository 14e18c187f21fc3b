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


def test_below_keep_it_is_said_where_an_unreadable_record_stood_and_nothing_of_it(house: House) -> None:
    folder = house.folder / "one"
    folder.mkdir()
    _write(folder, "outputs.csv", TITLES, "o1,Harbour seals,book,campus,10.5555/seals")
    house.write('[connections.one]\nkind = "files"\npath = "one/"\nkeep = "internal"\n')

    house.ok("sync")

    (row,) = house.json("setaside", "list")["set_aside"]
    assert (row["place"], row["key"], row["kind"]) == ("outputs.csv:2", "", "item")
    assert "below keep" in row["reason"]
    assert "seals" not in str(house.json("setaside", "show", str(row["id"])))


def test_a_tier_that_is_none_and_was_told_last_makes_the_outlets_tier_unknown(both: House) -> None:
    for tier in (1, 9):
        told = (
            f'{{"id": "m{tier}", "source": "news", "output": ["doi:10.5555/seals"], "occurred_at": "2026-01-0{tier}", '
            f'"outlet": {{"id": "q", "tier": {tier}}}}}'
        )
        _write(both.folder, "mentions.jsonl", told)
        both.ok("import", str(both.folder / "mentions.jsonl"))
    both.ok("score")

    assert both.json("explain", "10.5555/seals")["millipoints"] == 1000


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
