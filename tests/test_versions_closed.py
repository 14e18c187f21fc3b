"""No audience sees what speaks of a version that it does not see: not after a hide, a pull, a scope, at no moment."""

from typing import Any

import pytest
import stores
from conftest import House
from versions_house import ARTICLE, OTHER, PREPRINT, SETTINGS, TWO, millipoints, told, works

from connectors.identifiers import Identifier
from scoring.rules import load
from sync import store
from sync.store import Store


@pytest.fixture
def house(house: House) -> House:
    return house.write(SETTINGS)


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


def test_a_score_by_other_rules_is_worked_out_for_one_audience(house):
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    with home.read() as db:
        shown = store.find(db, "public", Identifier("doi", ARTICLE), now=store.now())

    rules, now = load("published-2020"), store.now()
    found = {who: store.compute(home, who, rules, now=now, today=now)[shown.output] for who in store.AUDIENCES}
    (tried,) = store.trial(home, "public", [rules], now=now, progress=lambda _: None)
    home.engine.dispose()

    assert {who: total.millipoints for who, total in found.items()} == {"public": 3000, "internal": 6000}
    assert sum(tried[shown.output].values()) == 3000
