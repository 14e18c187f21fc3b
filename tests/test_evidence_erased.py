"""What was quoted of a mention goes with whom it names, and with whoever said it."""

from typing import Any

import pytest
import stores
from erased_house import HANDLE, NAME, ORCID, Erasing
from evidence_house import evidence, hear, mention

from connectors.attention import Account

WHY = ("--why", "case 8")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    house = Erasing(tmp_path_factory.mktemp("filled")).fill()
    quotes = {
        "named": f"after {NAME.upper()}, doi:10.5555/both",
        "accents": "after Quàstelbaum, Zéphyrine, 10.5555/both",
        "orcid": f"{ORCID} has 10.5555/both",
        "other": "see doi:10.5555/both",
    }
    seen = [mention(key, ("both",), evidence=(evidence("both", excerpt=told),)) for key, told in quotes.items()]
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
