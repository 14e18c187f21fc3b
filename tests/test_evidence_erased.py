"""What was quoted of a mention goes with whom it names, and with whoever said it."""

from pathlib import Path
from typing import Any

import pytest
import stores
from erased_house import HANDLE, LINKS, NAME, ORCID, OUTPUTS, PEOPLE, SETTINGS, Erasing
from evidence_house import evidence, hear, mention

from connectors.attention import Account, Mention

WHY = ("--why", "case 8")
QUOTES = {
    "named": f"after {NAME.upper()}, doi:10.5555/both",
    "accents": "after Quàstelbaum, Zéphyrine, 10.5555/both",
    "orcid": f"{ORCID} has 10.5555/both",
    "other": "see doi:10.5555/both",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    house = Erasing(tmp_path_factory.mktemp("filled")).fill()
    seen = [mention(key, ("both",), evidence=(evidence("both", excerpt=told),)) for key, told in QUOTES.items()]
    post: dict[str, Any] = {"source": "x", "account": Account(key=HANDLE), "outlet": None}
    hear(house, *seen, mention("post", ("both",), **post), name="one")
    return house


@pytest.fixture
def house(filled: Erasing, tmp_path: Any) -> Erasing:
    return Erasing(stores.copy(filled.folder, tmp_path / "house"))


def quoted(house: Erasing) -> dict[str, str]:
    rows = house.stored("SELECT m.key, e.excerpt FROM evidence e JOIN mention m ON m.id = e.mention_id")
    return dict(rows)


def test_what_names_an_erased_person_is_quoted_no_more_also_after_a_restore(house: Erasing) -> None:
    backup = house.backup("then.backup")

    done = house.json("person", "forget", "one:z1", *WHY)

    assert done["counts"]["excerpts"] == 3
    assert {key for key, told in quoted(house).items() if told} == {"other", "post"}
    assert house.lies_there(b"quastelbaum") == set()
    house.ok("restore", backup)
    assert {key for key, told in quoted(house).items() if told} == {"other", "post"}


def test_what_was_quoted_of_an_erased_person_stays_away_however_the_mention_is_told_again(house: Erasing) -> None:
    house.ok("person", "forget", "one:z1", *WHY)
    there = [{"evidence": (evidence("both", excerpt=QUOTES["named"], extractor=extractor),)} for extractor in "345"]
    same, other, later = (mention("named", ("both",), **told) for told in there)

    def stays(*told: Mention) -> bool:
        for each in told:
            hear(house, each, name="one")
        return quoted(house)["named"] == "" and house.lies_there(b"quastelbaum") == set()

    assert stays(other)
    house.stored("UPDATE mention SET digest = ''")
    assert stays(other)
    assert stays(mention("named", ("both",), evidence=()), same)
    assert stays(Mention(key="named", deleted=True), later)
    assert stays(mention("named", ("both", "alone"), evidence=(*later.evidence, evidence("alone"))))
    assert {key for key, told in quoted(house).items() if told} == {"other", "post"}


def test_a_backup_from_before_they_were_known_brings_no_quote_back(tmp_path: Path) -> None:
    house = Erasing(tmp_path)
    house.write(SETTINGS)
    house.tell("one", people=PEOPLE[1:], outputs=OUTPUTS, authorships=LINKS[2:])
    house.ok("pull", "one")
    told = [mention(key, ("both",), evidence=(evidence("both", excerpt=QUOTES[key]),)) for key in ("named", "other")]
    hear(house, *told, name="two")
    backup = house.backup("then.backup")
    house.tell("one", people=PEOPLE, authorships=LINKS)
    house.ok("pull", "one")
    house.ok("person", "forget", "one:z1", *WHY)

    house.ok("restore", backup)

    assert quoted(house) == {"named": "", "other": QUOTES["other"]}
    hear(house, *told, name="two")
    assert quoted(house) == {"named": "", "other": QUOTES["other"]}


def test_a_person_who_asks_is_told_what_was_quoted_that_names_them(house: Erasing) -> None:
    told = house.json("person", "export", "one:z1", "-o", "-")

    assert sorted(each["excerpt"] for each in told["quoted"]) == [
        "0009-0009-9900-0003 has 10.5555/both",
        "after Quàstelbaum, Zéphyrine, 10.5555/both",
        "after ZEPHYRINE QUASTELBAUM, doi:10.5555/both",
    ]


def test_evidence_and_rulings_go_with_what_an_erased_account_has_said(house: Erasing) -> None:
    ((post,),) = house.stored("SELECT public_id FROM mention WHERE key = 'post'")
    house.ok("mention", "confirm", str(post), "--output", "10.5555/both", "--why", "I read it")
    told = house.json("account", "export", f"x:{HANDLE}", "-o", "-")

    house.ok("forget", f"x:{HANDLE}", *WHY)

    assert [each["seen"][0]["method"] for each in told["mentions"] if each["key"] == "post"] == ["plain-doi"]
    assert "post" not in quoted(house)
    assert house.stored("SELECT count(*) FROM ruling") == [(0,)]


def test_what_an_outlet_has_said_is_quoted_without_the_name_of_an_erased_account(house: Erasing) -> None:
    (house.folder / "said.csv").write_text(f'source,account,name\nnews,{HANDLE},"Quàstelhand, Reporter"\n')
    quotes = {
        "handle": f"@{HANDLE} on doi:10.5555/both",
        "told": "BY NEBULA BRACKENSHAW, doi:10.5555/both",
        "said": "Our reporter Quastelhand on doi:10.5555/both",
        "nameless": "see doi:10.5555/both",
    }
    by = Account(key=HANDLE, name="Brackenshaw, Nébula")
    told = [mention(key, ("both",), account=by, evidence=(evidence("both", excerpt=quotes[key]),)) for key in quotes]
    hear(house, *told, name="one")
    house.ok("account", "import", str(house.folder / "said.csv"))
    left = {**dict.fromkeys(quotes, ""), "nameless": quotes["nameless"]}

    house.ok("forget", f"news:{HANDLE}", *WHY)

    assert {key: quoted(house)[key] for key in quotes} == left
    hear(house, *told, name="one")
    assert {key: quoted(house)[key] for key in quotes} == left


@pytest.mark.parametrize(("of", "refused"), [(("--output", "10.5555/both"), "waits"), ((), "refused")])
def test_what_was_refused_of_an_erased_post_holds_no_more_for_another_at_its_address(
    house: Erasing, of: tuple[str, ...], refused: str
) -> None:
    there: dict[str, Any] = {"source": "x", "outlet": None, "url": "https://news.example/post"}
    hear(house, mention("twin", ("both",), account=Account(key="somebody"), **there), name="one")
    ((post,),) = house.stored("SELECT public_id FROM mention WHERE key = 'post'")
    house.ok("mention", "refuse", str(post), *of, "--why", "speaks of another")
    twin = ("mention", "list", "--url", there["url"])
    assert {each["state"] for each in house.json(*twin)["mentions"]} == {refused}

    house.ok("forget", f"x:{HANDLE}", *WHY)

    assert [each["state"] for each in house.json(*twin)["mentions"]] == ["tied"]
