"""Lists of outlets that administrators keep, and the one that comes with Ringmark: import, export, what is wrong."""

from pathlib import Path

import pytest
import stores
from conftest import House
from three_works import HEADER, listed, points, tell, three_works

from sync import lists, store


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> House:
    return three_works(tmp_path_factory.mktemp("works"))


@pytest.fixture
def house(works: House, tmp_path: Path) -> House:
    return works.copy(tmp_path / "house")


WRONG = [
    ("a,,,,,5,,", 'tier "5" is no whole number within 1 and 4'),
    ("a,,,,,0,,", 'tier "0" is no whole number within 1 and 4'),
    ("a,,,,,1.5,,", 'tier "1.5" is no whole number within 1 and 4'),
    ("a,,,,,NaN,,", 'tier "NaN" is no whole number within 1 and 4'),
    ("a,,,,,,-1,", 'reach "-1" is no number within 0 and 2'),
    ("a,,,,,,nan,", 'reach "nan" is no number within 0 and 2'),
    ("a,,,,,,2.001,", 'reach "2.001" is no number within 0 and 2'),
    ("a,,,UK,,,,", 'country "UK" is no code of ISO 3166-1; write two letters, GB'),
    ("a,,,,english,,,", 'language "english" is no code of ISO 639; write two letters, en'),
    ("a,,,,,,,maybe", 'active "maybe" is neither true nor false'),
    ("a,,https://a.example/,,,,,", '"https://a.example/" is no domain; write example.org, without scheme and path'),
    ("a,,example,,,,,", '"example" is no domain; write example.org, without scheme and path'),
    ("a,,192.0.2.1,,,,,", '"192.0.2.1" is no domain; write example.org, without scheme and path'),
    ("a,,good.example,,,,,", "the domain good.example is that of good already"),
    ("a,,kept.example,,,,,", "the domain kept.example is that of kept already"),
    ("good,,,,,1,,", "the same outlet stands in line 2"),
    (",,,,,1,,", "outlet is missing or not readable"),
    ("a,b,c", "the row has 3 cells, the header 8"),
]


@pytest.mark.parametrize(("row", "reason"), WRONG)
def test_a_wrong_row_is_named_with_its_line_and_the_others_are_kept(house: House, row: str, reason: str) -> None:
    house.ok("outlet", "import", listed(house, "kept,,kept.example,,,,,"))

    ran = house.run("outlet", "import", listed(house, "good,Good,good.example,,,1,,", row, "last,Last,,,,,,"), "--json")

    assert ran.code == 3
    assert ran.document["wrong"] == [{"place": "outlets.csv:3", "reason": reason}]
    assert ran.document["outlets"] == 2
    assert [each["outlet"] for each in house.json("outlet", "list")["outlets"]] == ["good", "kept", "last"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("name,tier\n", "outlets.csv has no column outlet; its first row must name the columns"),
        ("outlet,teir\n", "outlets.csv has an unknown column teir; known are outlet, name, domains"),
        ("outlet,tier,tier\n", "outlets.csv names the column tier twice"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(house: House, header: str, words: str) -> None:
    ran = house.run("outlet", "import", listed(house, "a,1", header=header))

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(words)
    assert house.run("outlet", "import", "nowhere.csv").err == "nowhere.csv: No such file or directory\n"


def test_a_dry_run_says_the_same_and_changes_nothing(house: House) -> None:
    tell(house, {"url": "https://gazette.example/1"})
    house.ok("score")
    file = listed(house, "gazette,,gazette.example,,,1,,")
    before = stores.dump(house.folder)

    tried = house.json("outlet", "import", file, "--dry-run")

    assert stores.dump(house.folder) == before
    assert tried == house.json("outlet", "import", file) | {"dry_run": True}
    assert (tried["outlets"], tried["outputs"]) == (1, 1)


def test_a_domain_can_move_from_one_outlet_to_another_in_one_list(house: House) -> None:
    house.ok("outlet", "import", listed(house, "a,,moved.example,,,1,,"))
    tell(house, {"url": "https://moved.example/1"})

    house.ok("outlet", "import", listed(house, "a,,stays.example,,,1,,", "b,,moved.example,,,2,,"))

    assert points(house) == {"outlet:b": 7000}


def test_a_row_that_counts_on_one_that_is_left_out_is_left_out_too(house: House) -> None:
    house.ok("outlet", "import", listed(house, "a,,moved.example,,,1,,", "b,,held.example,,,1,,"))

    ran = house.run(
        "outlet",
        "import",
        listed(house, "c,,moved.example,,,2,,", "a,,held.example,,,,,", "d,,free.example,,,,,"),
        "--json",
    )

    assert [each["reason"] for each in ran.document["wrong"]] == [
        "the domain held.example is that of b already", "the domain moved.example is that of a already"
    ]  # fmt: skip
    assert (ran.code, ran.document["outlets"]) == (3, 1)


def test_all_that_holds_can_be_exported_and_imported(house: House) -> None:
    house.ok("outlet", "import", listed(house, "ours,,bbc.com,,,4,,"))
    file = str(house.folder / "all.csv")

    house.ok("outlet", "export", "--all", "-o", file)
    told = house.json("outlet", "import", file)

    assert told["wrong"] == []
    assert house.json("outlet", "import", file)["outlets"] == 0


def test_what_is_exported_is_for_its_owner_alone_and_imported_again_changes_nothing(house: House) -> None:
    rows = ("=cmd,+name,b.example;a.example,GB,en,2,0.125,false", "plain,Plain,,,,,,")
    house.ok("outlet", "import", listed(house, *rows))

    house.ok("outlet", "export", "-o", str(house.folder / "told.csv"))
    again = house.json("outlet", "import", str(house.folder / "told.csv"))

    first, *rest = (house.folder / "told.csv").read_text().splitlines()
    assert first == HEADER.strip()
    assert rest == ["'=cmd,'+name,a.example;b.example,GB,en,2,0.125,false", "plain,Plain,,,,,,"]
    assert (house.folder / "told.csv").stat().st_mode & 0o077 == 0
    assert (again["outlets"], again["outputs"], again["wrong"]) == (0, 0, [])


def test_the_list_that_comes_with_ringmark_is_whole_and_in_every_store(house: House) -> None:
    shipped = lists.shipped()

    every = {each["outlet"]: each for each in house.json("outlet", "list", "--all")["outlets"]}
    assert len(shipped) > 100
    assert all(each.tier in (1, 2, 3) and each.name and each.country and each.domains for each in shipped)
    assert every.keys() == {each.outlet for each in shipped}
    assert {each["tier_by"] for each in every.values()} == {"list"}
    assert house.json("outlet", "list")["outlets"] == []


def test_a_store_that_holds_the_list_is_not_written_to_for_it(house: House) -> None:
    before = stores.dump(house.folder)

    house.ok("outlet", "list", "--all")

    assert stores.dump(house.folder) == before


def test_what_an_earlier_list_said_is_gone_with_it(house: House) -> None:
    tell(house, {"url": "https://www.reuters.com/1"}, {"url": "https://www.bbc.co.uk/1"})
    assert points(house) == {"outlet:reuters.com": 8000, "outlet:bbc.co.uk": 8000}
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")

    store.learn_outlets(home, [each for each in lists.shipped() if each.outlet != "reuters.com"])

    with home.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM dirty").scalar() == 1
        found = db.exec_driver_sql("SELECT count(*) FROM mention WHERE found = 1").scalar()
    home.engine.dispose()
    assert found == 1


def test_an_import_is_noted_in_the_audit_log_with_counts_only(house: House) -> None:
    house.ok("outlet", "import", listed(house, "secret name,,,,,1,,"))

    (line,) = house.stored("SELECT verb, subject, detail FROM audit WHERE verb = 'outlet import'")
    assert line == ("outlet import", "outlets.csv", '{"changed":1,"wrong":0}')
