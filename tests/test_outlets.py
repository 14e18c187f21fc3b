"""Outlets: who says what of them, whose word counts, and whose a web address is."""

from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from three_works import WORKS, listed, points, tell, three_works, waiting

from sync import store
from sync.store import OutletFacts, facts, outlets
from sync.store.rows import many


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> House:
    return three_works(tmp_path_factory.mktemp("works"))


@pytest.fixture
def house(works: House, tmp_path: Path) -> House:
    return works.copy(tmp_path / "house")


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
