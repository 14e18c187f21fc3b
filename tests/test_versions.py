"""What speaks of a preprint counts for the article too: by what a record states, once, and for whoever sees both."""

import json
from typing import Any

import pytest
import stores
from conftest import House

from scoring import engine
from scoring.rules import load
from sync import store
from sync.store import Store
from sync.store.arrow import duck

HEADER = "output,title,visibility,doi,versions"
SETTINGS = '[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n'
OTHER = '[connections.other]\nkind = "files"\npath = "other"\nrequire_author = false\n'
ARTICLE, PREPRINT = "10.5555/article", "10.5555/preprint"
TWO = (f"a,Article,public,{ARTICLE},", f"p,Preprint,public,{PREPRINT},is_preprint_of doi:{ARTICLE}")


@pytest.fixture
def house(house: House) -> House:
    return house.write(SETTINGS)


def works(house: House, *rows: str, folder: str = "import") -> None:
    (house.folder / folder).mkdir(exist_ok=True)
    (house.folder / folder / "outputs.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    house.run("pull")  # what is gone is held back once
    house.ok("pull")


def told(house: House, **targets: str) -> None:
    """One policy document by each source, about what it is told to be about."""
    lines = [
        {"id": who, "source": "policy", "policy_source": who, "output": target, "url": f"https://{who}.example.org/",
         "occurred_at": "2026-01-01"}
        for who, target in targets.items()
    ]  # fmt: skip
    (house.folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.ok("import", str(house.folder / "mentions.jsonl"))
    house.ok("score")


def millipoints(house: House, work: str, audience: str = "public") -> int:
    return int(house.json("explain", work, "--audience", audience)["millipoints"])


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


def test_versions_of_versions_count_too_but_not_by_way_of_one_that_does_not_show(house):
    first = "10.5555/first"
    works(house, TWO[0], f"p,Preprint,public,{PREPRINT},is_preprint_of doi:{ARTICLE};is_new_version_of doi:{first}")
    told(house, who=f"doi:{first}")
    assert millipoints(house, ARTICLE) == 3000

    house.ok("hide", PREPRINT, "--why", "asked")
    house.ok("score")

    assert millipoints(house, ARTICLE) == 0


def test_insiders_see_what_speaks_of_a_version_that_only_they_see(house):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    assert (millipoints(house, ARTICLE), millipoints(house, ARTICLE, "internal")) == (3000, 6000)
    public = house.ok("explain", ARTICLE, "--json")
    assert "preprint" not in public


def test_a_preprint_that_is_hidden_takes_the_score_away_at_once_and_gives_it_back(house):
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    house.ok("hide", PREPRINT, "--why", "asked")
    assert house.run("explain", ARTICLE).code == 1
    house.ok("score")
    assert millipoints(house, ARTICLE) == 3000

    house.ok("unhide", PREPRINT)
    house.ok("score")
    assert millipoints(house, ARTICLE) == 6000


def test_a_narrower_scope_takes_the_score_away_at_once(house):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}")
    (house.folder / "scope.toml").write_text('[scope.visibility]\noutputs = "public"\n')

    house.ok("scope", "apply", str(house.folder / "scope.toml"))

    assert house.run("explain", ARTICLE, "--audience", "internal").code == 1
    assert millipoints(house, ARTICLE) == 0
    house.ok("score")
    assert millipoints(house, ARTICLE, "internal") == 0


def test_with_the_score_its_people_are_gone_and_come_back(house):
    (house.folder / "import").mkdir()
    (house.folder / "import" / "people.csv").write_text("person,name,visibility\nada,Ada Abernook,public\n")
    links = "output,person,visibility\na,ada,public\np,ada,public\n"
    (house.folder / "import" / "authorships.csv").write_text(links)
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}")
    levels = "".join(f'{name} = "public"\n' for name in ("people", "outputs", "authorships"))
    (house.folder / "scope.toml").write_text(f"[scope.visibility]\n{levels}")

    works(house, TWO[0], TWO[1].replace("public", "internal"))
    house.ok("scope", "apply", str(house.folder / "scope.toml"))
    assert house.dois() == set()
    assert house.stored("SELECT count(*) FROM badge_person") == [(0,)]
    house.ok("score")

    assert [(row["doi"], row["people"]) for row in house.rows()] == [(ARTICLE, ["Ada Abernook"])]


def test_a_record_of_the_preprint_that_is_forgotten_at_the_border_closes_it(house):
    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}")
    told(house, who=f"doi:{PREPRINT}")
    levels = "".join(f'{name} = "public"\n' for name in ("people", "outputs", "authorships"))
    (house.folder / "scope.toml").write_text(f"[scope.visibility]\n{levels}")
    house.ok("scope", "apply", str(house.folder / "scope.toml"))
    house.write(f'[scope.visibility]\n{levels}{SETTINGS}{OTHER}keep = "public"\n')

    works(house, f"p,Preprint,private,{PREPRINT},", folder="other")

    assert house.run("explain", ARTICLE).code == 1
    house.ok("score")
    assert (millipoints(house, ARTICLE), house.json("explain", ARTICLE)["versions"]) == (0, [])


def test_a_preprint_whose_private_record_was_deleted_stays_closed(house):
    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}", f"p,Preprint,private,{PREPRINT},")
    told(house, who=f"doi:{PREPRINT}")
    assert millipoints(house, ARTICLE) == 0

    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}")
    house.ok("score", "--full")

    assert millipoints(house, ARTICLE) == 0


def test_a_preprint_that_was_hidden_stays_closed_when_its_record_is_gone(house):
    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}", f"p,Preprint,public,{PREPRINT},")
    told(house, who=f"doi:{PREPRINT}")
    house.ok("hide", PREPRINT, "--why", "asked")

    works(house, f"a,Article,public,{ARTICLE},has_preprint doi:{PREPRINT}")
    house.ok("score", "--full")

    assert house.stored("SELECT count(*) FROM item") == [(1,)]
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


@pytest.mark.parametrize("tighten", ["hide", "pull", "scope"])
def test_what_closes_a_preprint_between_any_two_steps_of_a_score_keeps_its_mentions_out(house, monkeypatch, tighten):
    works(house, *TWO)
    told(house, oecd=f"doi:{ARTICLE}", who=f"doi:{PREPRINT}")
    levels = "".join(f'{name} = "public"\n' for name in ("people", "outputs", "authorships"))
    (house.folder / "scope.toml").write_text(f"[scope.visibility]\n{levels}")
    assert millipoints(house, ARTICLE) == 6000
    begun, real = house.copy(house.folder / "begun"), Store.write
    moments = 0

    def tightened(own: House) -> None:
        if tighten == "hide":
            own.ok("hide", PREPRINT, "--why", "asked")
            return
        file = own.folder / "import" / "outputs.csv"
        file.write_text(file.read_text().replace("Preprint,public", "Preprint,internal"))
        own.ok("pull")
        if tighten == "scope":
            own.ok("scope", "apply", str(own.folder / "scope.toml"))

    def interrupted(own: House, after: int) -> int:
        """A score, before whose transaction of that number somebody else tightens; how many it had."""
        begun = 0

        def write(self: Store) -> Any:
            nonlocal begun
            begun += 1
            if begun == after:
                with pytest.MonkeyPatch.context() as undone:
                    undone.setattr(Store, "write", real)
                    tightened(own)
            return real(self)

        monkeypatch.setattr(Store, "write", write)
        own.ok("score", "--full")
        monkeypatch.setattr(Store, "write", real)
        return begun

    while moments < interrupted(own := begun.copy(house.folder / f"copy{moments}"), moments + 1):
        moments += 1
        for _ in ("at once", "after the next score"):
            ran = own.run("explain", ARTICLE, "--json")
            assert ran.code == 1 or ran.document["millipoints"] == 3000
            assert "who" not in ran.out
            own.ok("score")
        assert millipoints(own, ARTICLE) == 3000
    assert moments >= 3  # what is looked at, what is wished for, what is written
