"""Outlets: who says what of them, whose word counts, and whose a web address is."""

import json
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync import lists, store
from sync.store import OutletFacts, facts, outlets
from sync.store.rows import many

WORKS = ("one", "two", "three")
HEADER = "outlet,name,domains,country,language,tier,reach,active\n"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Three public works without people."""
    house = House(tmp_path_factory.mktemp("works"))
    (house.folder / "import").mkdir()
    rows = "".join(f"{name},Work {name},public,10.5555/{name}\n" for name in WORKS)
    (house.folder / "import" / "outputs.csv").write_text(f"output,title,visibility,doi\n{rows}")
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n')
    house.ok("sync")
    return house


@pytest.fixture
def house(works: House, tmp_path: Path) -> House:
    return works.copy(tmp_path / "house")


def tell(house: House, *mentions: dict[str, Any]) -> None:
    """Mentions of the work `one` unless they say otherwise, from the news unless they say otherwise."""
    common = {"source": "news", "output": ["doi:10.5555/one"], "occurred_at": "2026-01-01"}
    lines = [json.dumps({"id": f"m{n}-{each.get('url', '')}", **common, **each}) for n, each in enumerate(mentions)]
    (house.folder / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(house.folder / "mentions.jsonl"))


def listed(house: House, *rows: str, header: str = HEADER) -> str:
    (house.folder / "outlets.csv").write_text(header + "".join(f"{row}\n" for row in rows))
    return str(house.folder / "outlets.csv")


def points(house: House, work: str = "one") -> dict[str, int]:
    """What each unit of a work counts for."""
    house.ok("score")
    ledger = house.json("explain", f"10.5555/{work}")["ledger"]
    return {line["unit"]: line["millipoints"] for line in ledger}


def waiting(house: House) -> int:
    return int(house.json("status")["outputs"]["waiting_for_score"])


def test_a_mention_that_tells_no_outlet_has_the_one_whose_domain_it_stands_at(house: House) -> None:
    tell(house, {"url": "https://www.bbc.co.uk/news/1"}, {"url": "https://www.bbc.com/news/2"})

    assert set(points(house)) == {"outlet:bbc.co.uk"}
    assert house.json("explain", "10.5555/one")["breakdown"] == [
        {"source": "news", "mentions": 2, "units": 1, "millipoints": 8000, "basis": "mentions"}
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://bbc.co.uk.example/1",
        "https://notbbc.co.uk/1",
        "https://example.org/www.bbc.co.uk/1",
        "https://example.org/?u=https://www.bbc.co.uk/",
        "https://www.bbc.co.uk@example.org/1",
        "https://www.bbc.co.uk:8443/1",
        "https://co.uk/1",
        "https://192.0.2.1/1",
        "https://[2001:db8::1]/1",
    ],
)
def test_no_other_address_is_taken_for_one_of_the_outlet(house: House, url: str) -> None:
    tell(house, {"url": url})

    assert points(house) == {"unknown": 1000}


def test_an_outlet_that_is_told_is_the_one_that_was_told(house: House) -> None:
    tell(house, {"url": "https://www.bbc.co.uk/1", "outlet": {"id": "agency", "tier": 3}})

    assert points(house) == {"outlet:agency": 4000}


def test_only_what_outlets_say_is_looked_up(house: House) -> None:
    tell(house, {"source": "x", "url": "https://www.bbc.co.uk/1"})

    assert "outlet:bbc.co.uk" not in points(house)


def test_an_administrator_s_word_comes_before_a_source_s_and_that_before_the_list_s(house: House) -> None:
    told = {"url": "https://www.bbc.co.uk/1", "outlet": {"id": "bbc.co.uk"}}
    tell(house, told)
    by_the_list = points(house)
    tell(house, told | {"outlet": {"id": "bbc.co.uk", "tier": 2}})
    by_the_source = points(house)
    house.ok("outlet", "import", listed(house, "bbc.co.uk,,,,,3,,"))
    by_the_administrator = points(house)
    tell(house, told | {"outlet": {"id": "bbc.co.uk", "tier": 1}})
    still = points(house)
    house.ok("outlet", "import", listed(house, "bbc.co.uk,,,,,,,"))

    found = [each["outlet:bbc.co.uk"] for each in (by_the_list, by_the_source, by_the_administrator, still)]
    assert found == [8000, 7000, 4000, 4000]
    assert points(house) == {"outlet:bbc.co.uk": 8000}  # taken back: what the source has told meanwhile


def test_new_scores_are_asked_for_of_exactly_what_the_outlet_spoke_of(house: House) -> None:
    for n, work in enumerate(WORKS):
        spoke = {"outlet": {"id": f"outlet{n}", "tier": 1}, "url": f"https://{work}.example/1"}
        tell(house, spoke | {"output": [f"doi:10.5555/{work}"]})
    house.ok("score")

    named = house.json("outlet", "import", listed(house, "outlet0,A name,,GB,en,,,"))
    same = house.json("outlet", "import", listed(house, "outlet0,A name,,GB,en,1,,"))
    other = house.json("outlet", "import", listed(house, "outlet1,,,,,2,,"))
    again = house.json("outlet", "import", listed(house, "outlet1,,,,,2,,"))

    assert [(each["outlets"], each["outputs"]) for each in (named, same, other, again)] == [
        (1, 0), (1, 0), (1, 1), (0, 0)
    ]  # fmt: skip
    assert waiting(house) == 1
    tell(house, {"output": ["doi:10.5555/two"], "url": "https://two.example/2", "outlet": {"id": "outlet1", "tier": 4}})
    house.ok("score")
    assert points(house, "two") == {"outlet:outlet1": 0}
    assert house.json("explain", "10.5555/two")["millipoints"] == 7000


def test_a_list_that_comes_later_finds_the_mentions_that_were_there(house: House) -> None:
    tell(
        house,
        {"url": "https://news.gazette.example/1"},
        {"url": "https://gazette.example/2", "source": "blog"},
        {"url": "https://other.example/3", "output": ["doi:10.5555/two"]},
    )
    house.ok("score")

    told = house.json("outlet", "import", listed(house, "gazette,The Gazette,gazette.example,GB,en,2,1.5,"))

    assert (told["outlets"], told["outputs"], waiting(house)) == (1, 1, 1)
    assert points(house) == {"outlet:gazette": 7000, "blog:gazette": 7500}
    house.ok("outlet", "import", listed(house, "gazette,,,,,,,"))
    assert points(house) == {"unknown": 5000}


def test_the_longest_domain_decides_and_an_administrator_s_before_the_list_s(house: House) -> None:
    rows = ("science,,science.gazette.example,,,1,,", "gazette,,gazette.example,,,3,,", "ours,,bbc.com,,,4,,")
    house.ok("outlet", "import", listed(house, *rows))
    tell(house, {"url": "https://science.gazette.example/1"}, {"url": "https://sport.gazette.example/1"},
         {"url": "https://www.bbc.com/1"}, {"url": "https://www.bbc.co.uk/1"})  # fmt: skip

    assert points(house) == {
        "outlet:science": 8000, "outlet:gazette": 4000, "outlet:ours": 1000, "outlet:bbc.co.uk": 8000
    }  # fmt: skip


def test_what_stands_at_the_domain_of_an_outlet_that_has_closed_is_no_longer_its_own(house: House) -> None:
    house.ok("outlet", "import", listed(house, "gazette,,gazette.example,,,1,,true"))
    tell(house, {"url": "https://gazette.example/old"})
    house.ok("outlet", "import", listed(house, "gazette,,gazette.example,,,1,,false"))
    tell(house, {"url": "https://gazette.example/new"})

    assert points(house) == {"outlet:gazette": 8000, "unknown": 1000}


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


tiers = st.integers(-1, 4)
reaches = st.sampled_from((-1, 0, 1, 999, 1000, 2000))
layers = st.fixed_dictionaries(
    {"administrator": st.none() | st.tuples(tiers.filter(bool), reaches), "source": st.tuples(tiers, reaches),
     "list": st.none() | st.tuples(tiers.filter(bool), reaches)}
)  # fmt: skip


@given(st.lists(layers, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_holds_of_an_outlet_is_the_first_word_on_each_fact(bare: store.Store, world: list[dict[str, Any]]) -> None:
    with bare.write() as db:
        for table in ("outlet", "outlet_said", "outlet_domain"):
            db.exec_driver_sql(f"DELETE FROM {table}")
        for n, each in enumerate(world):
            tier, reach = each["source"]
            told = {"id": n + 1, "key": f"o{n}", "tier": tier, "reach": reach}
            many(db, _OUTLET, [told])
        for by, name in ((facts.ADMINISTRATOR, "administrator"), (facts.LIST, "list")):
            said = [
                OutletFacts(outlet=f"o{n}", tier=each[name][0], reach=each[name][1])
                for n, each in enumerate(world)
                if each[name]
            ]
            outlets.say(db, said, by)
        ids = {row.key: row.id for row in db.exec_driver_sql("SELECT key, id FROM outlet")}
        found = facts.weights(db, ids.values())

    for n, each in enumerate(world):
        expected = []
        for place in (0, 1):
            words = [each[name][place] for name in ("administrator", "source", "list") if each[name]]
            expected.append(next((word for word in words if word >= 0), -1))
        assert found[ids[f"o{n}"]] == tuple(expected)


_OUTLET = "INSERT INTO outlet (id, key, name, country, tier, reach) VALUES (:id, :key, '', '', :tier, :reach)"


@pytest.fixture
def bare(tmp_path: Path) -> Any:
    home = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    yield home
    home.engine.dispose()
