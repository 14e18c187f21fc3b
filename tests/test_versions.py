"""What speaks of a preprint counts for the article too: by what a record states, once, and for whoever sees both."""

import pytest
import stores
from conftest import House
from versions_house import ARTICLE, PREPRINT, SETTINGS, TWO, millipoints, told, works

from scoring import engine
from scoring.rules import load
from sync import store
from sync.store.arrow import duck


@pytest.fixture
def house(house: House) -> House:
    return house.write(SETTINGS)


def test_what_speaks_of_a_preprint_counts_for_the_article_and_its_ledger_says_so(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    article = house.json("explain", ARTICLE)

    assert article["score"] == 6
    assert {line["unit"]: line["under"] for line in article["ledger"]} == {
        "policy_source:who": f"doi:{PREPRINT}",
        "policy_source:oecd": f"doi:{ARTICLE}",
    }
    preprint = house.json("explain", PREPRINT)
    assert article["versions"] == [
        {"identifier": f"doi:{PREPRINT}", "relation": "is_preprint_of", "output": preprint["output"]}
    ]
    assert (preprint["score"], preprint["versions"]) == (3, [])
    printed = house.ok("explain", ARTICLE)
    assert f"other versions counts too: doi:{PREPRINT} (preprint)" in " ".join(printed.split())


def test_administrators_are_told_which_record_says_so(house):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}")

    (version,) = house.json("why", ARTICLE)["versions"]

    assert version["identifier"] == f"doi:{PREPRINT}"
    assert (version["relation"], version["stated_by"], version["record"]) == ("is_preprint_of", "local", "p")
    assert (version["for"], version["waits_for_score"]) == ("insiders", False)


def test_who_speaks_of_both_counts_once(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}")
    told(house, who=f"doi:{ARTICLE}")

    assert millipoints(house, ARTICLE) == 3000


def test_a_preprint_that_no_system_has_a_record_of_counts_by_its_doi(house):
    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}")
    told(house, who=f"doi:{PREPRINT}")

    article = house.json("explain", ARTICLE)
    assert (article["score"], article["versions"][0]["output"]) == (3, None)


@pytest.mark.parametrize(
    ("relation", "counts_for"),
    [
        ("has_preprint", "a"),
        ("has_version", "a"),
        ("is_new_version_of", "a"),
        ("has_translation", "a"),
        ("all_versions", "a"),
        ("is_preprint_of", "p"),
        ("is_version_of", "p"),
        ("is_translation_of", "p"),
        ("is_previous_version_of", "p"),
    ],
)
def test_each_relation_has_its_direction(house, relation, counts_for):
    works(house, f"a,Article,public,{ARTICLE},{relation} doi:{PREPRINT}", f"p,Preprint,public,{PREPRINT},")
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    scores = {"a": millipoints(house, ARTICLE), "p": millipoints(house, PREPRINT)}
    assert scores == {"a": 3000, "p": 3000} | {counts_for: 6000}


def test_the_same_title_alone_counts_nothing(house):
    works(house, f"a,The same,public,{ARTICLE},", f"p,The same,public,{PREPRINT},")
    told(house, who=f"doi:{PREPRINT}")

    assert millipoints(house, ARTICLE) == 0


def test_a_relation_that_is_no_longer_stated_counts_no_more(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}")

    works(house, *(row.partition("is_preprint")[0] for row in TWO))
    house.ok("score")

    assert (millipoints(house, ARTICLE), millipoints(house, PREPRINT)) == (0, 3000)


def test_numbers_told_of_a_preprint_count_where_no_mention_is_known(house):
    works(house, *TWO)
    (house.folder / "export.csv").write_text(f"DOI,Policy mentions\n{PREPRINT},4\n")
    house.ok("import", str(house.folder / "export.csv"), "--format", "counts")
    house.ok("score")

    preprint, article = (house.json("explain", work) for work in (PREPRINT, ARTICLE))
    assert article["millipoints"] == preprint["millipoints"] > 0
    assert article["basis"] == "counts"


def test_versions_can_be_switched_off_and_on(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}")

    house.write(SETTINGS + "[score]\nversions = false\n").ok("score")
    assert (millipoints(house, ARTICLE), house.json("explain", ARTICLE)["versions"]) == (0, [])

    house.write(SETTINGS).ok("score")
    assert millipoints(house, ARTICLE) == 3000


def test_a_second_score_writes_nothing(house):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}")
    before = house.stored("SELECT value FROM meta WHERE name = 'generation'")

    house.ok("score", "--full")

    assert house.stored("SELECT value FROM meta WHERE name = 'generation'") == before


def test_the_folder_for_other_machines_holds_what_the_public_sees(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")

    relations = store.relations(home, now=store.now())

    with duck() as opened:
        found = engine.score(**relations, rules=load("ringmark-2026", None), now=store.now(), connection=opened)
    home.engine.dispose()
    assert sorted(found.scored.column("millipoints").to_pylist()) == [3000, 6000]


def test_a_version_that_is_none_is_left_out_and_told(house):
    works(house, f"a,Article,public,{ARTICLE},looks_like doi:{PREPRINT};has_preprint nothing at all")

    reasons = {row["reason"] for row in house.json("setaside", "list")["set_aside"]}
    assert any('"looks_like" is none of has_preprint' in reason for reason in reasons)
    assert any('what "has_preprint" names is no identifier' in reason for reason in reasons)
    house.ok("score")
    assert house.dois() == {ARTICLE}


def test_many_marks_are_read_by_a_process_of_their_own_and_score_the_same(house, monkeypatch):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")
    few = [house.json("score", "--rules", "published-2020"), house.json("why", ARTICLE)["versions"]]

    monkeypatch.setattr("sync.store.look.FEW", 0)
    house.ok("score", "--full")

    many = [house.json("score", "--rules", "published-2020"), house.json("why", ARTICLE)["versions"]]
    assert [{**many[0], "as_of": ""}, many[1]] == [{**few[0], "as_of": ""}, few[1]]
    assert [row["millipoints"] for row in few[0]["outputs"]] == [6000, 3000]
    assert (millipoints(house, ARTICLE), millipoints(house, ARTICLE, "internal")) == (3000, 6000)
