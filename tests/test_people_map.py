"""A CSV of the institution fills what a system leaves open of its people, and opens nothing that the system closes."""

from pathlib import Path

import pytest

from config.visibility import Visibility
from connectors import NotUnderstood
from connectors.people_map import PeopleMap
from connectors.records import Person

ORCID = "0000-0002-1825-0097"


def person(**more: object) -> Person:
    return Person(key="p1", name="Ada Example", visibility=Visibility.PUBLIC, **more)  # type: ignore[arg-type]


def told(folder: Path, text: str) -> PeopleMap:
    (folder / "people.csv").write_text(text, encoding="utf-8")
    return PeopleMap.read(folder / "people.csv")


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ("id,current\np1,true", {}),
        (f"orcid,current\nhttps://orcid.org/{ORCID},TRUE", {"orcid": ORCID}),
        ("email,current\nADA@example.EDU,true", {"emails": ["ada@example.edu"]}),
        ('\ufeffemail,current\n" ada@example.edu ",true\n\n', {"emails": ["ada@example.edu"]}),
    ],
)  # fmt: skip
def test_somebody_is_found_by_id_orcid_or_address(tmp_path: Path, rows: str, known: dict[str, object]) -> None:
    emails = known.pop("emails", [])
    found = told(tmp_path, rows).fill(person(**known), emails=emails)  # type: ignore[arg-type]

    assert (found.current, found.academic, found.student) == (True, None, None)


def test_what_the_system_says_stands(tmp_path: Path) -> None:
    found = told(tmp_path, "id,current,academic,student\np1,true,true,\n").fill(person(current=False))

    assert (found.current, found.academic, found.student) == (False, True, None)


def test_one_no_among_several_rows_is_no(tmp_path: Path) -> None:
    rows = f"id,orcid,current,academic\np1,,true,true\n,{ORCID},false,\np1,,true,true\n"

    found = told(tmp_path, rows).fill(person(orcid=ORCID))

    assert (found.current, found.academic) == (False, True)


def test_who_is_not_in_the_map_and_where_there_is_none_nothing_is_filled(tmp_path: Path) -> None:
    assert told(tmp_path, "id,current\np2,true\n").fill(person()).current is None
    assert PeopleMap.read(None).fill(person()).current is None
    assert PeopleMap.read(None).digest == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "needs a column"),
        ("id\np1\n", "needs a column"),
        ("id,id,current\np1,p1,true\n", "twice"),
        ("id,salary,current\np1,1,true\n", "column 2 has no known name"),
        ("p1,true\np2,false\n", "column 1 has no known name; the known are id, orcid, email"),
        ("id,current\np1\n", "line 2: 1 cells"),
        ("id,current\np1,yes\n", "line 2: current is neither"),
        ("id,orcid,current\n,,true\n", "line 2: names nobody"),
        ("orcid,current\n0000-0002-1825-0098,true\n", "line 2: the orcid is none"),
        ('id,current\n"p1,true\n', "line"),
    ],
)
def test_a_map_with_a_fault_is_not_read_at_all(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        told(tmp_path, text)


def test_a_map_that_is_gone_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match="cannot be read"):
        PeopleMap.read(tmp_path / "gone.csv")
    (tmp_path / "people.csv").write_bytes(b"id,current\np\xff,true\n")
    with pytest.raises(NotUnderstood, match="not UTF-8"):
        PeopleMap.read(tmp_path / "people.csv")


def test_its_digest_changes_with_what_it_says(tmp_path: Path) -> None:
    first, again = told(tmp_path, "id,current\np1,true\n"), told(tmp_path, "id,current\np1,true\n")
    other = told(tmp_path, "id,current\np1,false\n")

    assert first.digest == again.digest != other.digest


def test_a_map_without_a_header_puts_nobody_into_the_message(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood) as error:
        told(tmp_path, "ada@example.edu,Quill,true\n")

    said = str(error.value).replace(str(tmp_path), "").casefold()
    assert not any(word in said for word in ("ada@", "example.edu", "quill"))
