"""When, where and by whom an output was spoken of: held against its ledger, counted line by line."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import stores
from conftest import House
from versions_house import ARTICLE, PREPRINT, SETTINGS, TWO, told, works

from connectors import Identifier
from connectors.countries import COUNTRIES
from scoring.rules import SOURCES, UNITS, RuleSet, load
from scoring.signs import checks
from sync import store
from sync.store import Audience, Ledger, Shown, Speaking
from sync.store.speaking import ENOUGH, OFFICES, TOP

WORK = "10.5555/work"
NAMES = {number: name for name, number in SOURCES.items()}
RULES = load("ringmark-2026", None)
FACTS = """
SELECT m.public_id, m.source_id, m.account_id, m.outlet_id, m.repost, u.name AS unit, o.name AS outlet, o.country,
  o.tier, o.key, c.followers
FROM mention m LEFT JOIN unit u ON u.id = m.unit_id LEFT JOIN outlet o ON o.id = m.outlet_id
LEFT JOIN account c ON c.id = m.account_id
"""
COLUMNS = ("source", "account", "outlet", "repost", "unit", "name", "country", "tier", "key", "followers")


@contextmanager
def opened(house: House, work: str, audience: Audience, rules: RuleSet) -> Iterator[tuple[Shown, Speaking, Ledger]]:
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    with home.read() as db:
        now = store.now()
        shown = store.find(db, audience, Identifier("doi", work), now=now)
        assert shown is not None
        yield shown, store.speaking(db, shown, rules, now=now), store.ledger(db, shown, rules, now=now)
    home.engine.dispose()


def agree(house: House, work: str, audience: Audience = "public") -> Speaking:
    """What is drawn of an output, found to be what counting its ledger line by line gives."""
    facts = {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in house.stored(FACTS)}
    with opened(house, work, audience, RULES) as (shown, found, ledger):
        lines = [
            {"day": datetime.fromtimestamp(line["occurred"] / 1e6, UTC).date(), **facts[line["told"].public_id]}
            for line in ledger.mentions
            if line["reason"] not in ("same page", "sign of gaming")
        ]
    assert found.mentions == len(lines) == sum(cell.mentions for cell in found.cells)
    assert cells(found) == Counter((period(found, each["day"]), each["source"], place(each)) for each in lines)
    assert found.days == ((min(each["day"] for each in lines), max(each["day"] for each in lines)) if lines else ())
    assert kinds(found) == naive_kinds(lines)
    assert {part.source: part.mentions for part in shown.breakdown if not part.tallied} == Counter(
        each["source"] for each in lines
    )
    outlets = Counter(
        (each["name"] or each["key"], each["source"])
        for each in lines
        if each["outlet"] != -1 and UNITS[NAMES[each["source"]]] in ("outlet", "blog", "show")
    )
    most = sorted(outlets.items(), key=lambda each: (-each[1], each[0]))
    assert [((each.name, each.source), each.mentions) for each in found.outlets] == most[:TOP]
    assert found.others == (len(most[TOP:]), sum(many for _, many in most[TOP:]))
    speaking = {each["account"]: each["followers"] for each in lines if by_account(each)}
    assert found.accounts.different == len(speaking)
    telling = [followers for followers in speaking.values() if followers >= 0]
    if len(telling) < ENOUGH:
        assert (found.accounts.bands, found.accounts.reach) == ((), 0)
    else:
        bands = Counter(max(start for start in store.BANDS if start <= each) for each in telling)
        assert found.accounts.bands == tuple(bands[start] for start in store.BANDS)
        assert sum(telling) <= found.accounts.reach <= 1.1 * sum(telling) + 1
    return found


def cells(found: Speaking) -> Counter[tuple[int, int, str]]:
    counted = Counter({(cell.period, cell.source, cell.place): cell.mentions for cell in found.cells})
    assert len(counted) == len(found.cells)
    return counted


def period(found: Speaking, day: date) -> int:
    (place,) = [n for n, each in enumerate(found.periods) if each.begin <= day <= each.end]
    return place


def place(line: dict[str, Any]) -> str:
    if line["source"] == SOURCES["patent"]:
        told = (line["unit"] or "").partition(":")[2].upper()
        return told if told in COUNTRIES | OFFICES else ""
    country = (line["country"] or "").upper()
    return country if country in COUNTRIES else ""


def by_account(line: dict[str, Any]) -> bool:
    return line["account"] != -1 and UNITS[NAMES[line["source"]]] in ("account", "author")


def kinds(found: Speaking) -> dict[tuple[int, int], tuple[int, int, int]]:
    return {(each.source, each.tier): (each.speakers, each.mentions, each.reposts) for each in found.kinds}


def naive_kinds(lines: list[dict[str, Any]]) -> dict[tuple[int, int], tuple[int, int, int]]:
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for each in lines:
        news = each["source"] == SOURCES["news"] and each["tier"] in (1, 2, 3, 4)
        groups.setdefault((each["source"], each["tier"] if news else 0), []).append(each)
    return {
        kind: (
            len({speaker(each) for each in group} - {None}),
            len(group),
            sum(each["repost"] for each in group),
        )
        for kind, group in groups.items()
    }


def speaker(line: dict[str, Any]) -> object:
    match UNITS[NAMES[line["source"]]]:
        case "outlet" | "blog" | "show":
            return line["outlet"] if line["outlet"] != -1 else None
        case "policy_source" | "jurisdiction":
            return line["unit"]
        case "source":
            return None
        case _:
            return line["account"] if line["account"] != -1 else None


def said(house: House, *lines: dict[str, Any]) -> None:
    """Mentions of the one work."""
    (house.folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.run("import", str(house.folder / "mentions.jsonl"))
    house.ok("score")


def line(number: int, source: str, **more: Any) -> dict[str, Any]:
    return {"id": f"m{number}", "source": source, "output": [f"doi:{WORK}"], "occurred_at": "2026-01-05T10:00:00Z",
            "url": f"https://{source}.example.org/{number}", **more}  # fmt: skip


@pytest.fixture
def house(house: House) -> House:
    works(house.write(SETTINGS), f"w,Work,public,{WORK},")
    return house


def test_of_every_output_what_is_drawn_is_what_its_ledger_says(scored: House) -> None:
    rows = sorted(scored.rows("internal"), key=lambda row: -row["millipoints"])

    for row in [row for row in rows if row["doi"]][:12]:
        agree(scored, row["doi"], "internal")
        if row["visibility"] == "public":
            agree(scored, row["doi"])


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_of_mentions_at_random(house: House, seed: int) -> None:
    rng = random.Random(seed)
    lines = []
    for n in range(150):
        source = rng.choice(sorted(SOURCES))
        told: dict[str, Any] = {"occurred_at": f"{rng.choice((2019, 2026))}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"}
        if UNITS[source] in ("outlet", "blog", "show"):
            key = rng.randint(0, 14)
            told["outlet"] = {"id": f"o{key}", "name": f"Outlet {key}" if key else "", "tier": key % 6,
                              "country": ("DE", "us", "XX", "", "Fr")[key % 5]}  # fmt: skip
        elif UNITS[source] == "policy_source":
            told["policy_source"] = f"p{rng.randint(0, 2)}"
        elif UNITS[source] == "jurisdiction":
            told["jurisdiction"] = rng.choice(("EP", "wo", "JP", "XY", "=cmd", ""))
        elif rng.random() < 0.8:
            key = rng.randint(0, 9)
            told["author"] = {"id": f"a{key}", "name": "Somebody", **({} if key == 3 else {"followers": 10**key // 2})}
            told["repost"] = UNITS[source] == "account" and rng.random() < 0.5
        if rng.random() < 0.2:
            told["url"] = f"https://{source}.example.org/shared"
        lines.append(line(n, source, **told))
    said(house, *lines, *({"id": f"m{n}", "deleted": True} for n in range(0, 150, 17)))

    found = agree(house, WORK)

    assert 0 < found.mentions < 141


def test_an_output_that_nobody_mentioned_has_nothing_to_draw(house: House) -> None:
    house.ok("score")

    found = agree(house, WORK)

    assert (found.mentions, found.periods, found.cells, found.kinds, found.outlets) == (0, (), (), (), ())


def test_what_is_still_to_come_or_taken_back_or_told_twice_is_not_drawn(house: House) -> None:
    said(
        house,
        line(1, "news"),
        line(2, "news", url="https://news.example.org/1", occurred_at="2026-02-01"),
        line(3, "news", occurred_at="2099-01-01"),
        line(4, "news"),
        {"id": "m4", "deleted": True},
    )

    found = agree(house, WORK)

    assert (found.mentions, found.days) == (1, (date(2026, 1, 5), date(2026, 1, 5)))


def test_versions_that_only_insiders_see_are_drawn_for_them_alone(house: House) -> None:
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    assert agree(house, ARTICLE).mentions == 1
    assert agree(house, ARTICLE, "internal").mentions == 2


def test_versions_that_all_see_are_drawn_once_for_all(house: House) -> None:
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")

    assert agree(house, ARTICLE).mentions == agree(house, ARTICLE, "internal").mentions == 2
    assert agree(house, PREPRINT).mentions == 1


@pytest.mark.parametrize("work", [ARTICLE, PREPRINT])
def test_a_mention_that_is_left_out_for_a_sign_of_gaming_is_not_drawn(house: House, work: str) -> None:
    works(house, *TWO)
    told(house, who=f"doi:{PREPRINT}", oecd=f"doi:{ARTICLE}")
    marked = "SELECT k.output_id, k.mention_id FROM mark k JOIN mention m ON m.id = k.mention_id WHERE m.key = ?"
    ((output, mention),) = house.stored(marked, "who")
    house.stored("INSERT INTO sign (output_id, mention_id, sign) VALUES (?, ?, 1)", output, mention)

    (check,) = [name for name, check in checks().items() if check.number == 1]

    before = agree(house, work)
    with opened(house, work, "public", replace(RULES, exclude=(check,))) as (_, found, ledger):
        left_out = [line["reason"] for line in ledger.mentions].count("sign of gaming")
    assert (left_out, found.mentions) == (1, before.mentions - 1)


def test_followers_of_few_accounts_are_not_told(house: House) -> None:
    author = [{"id": f"a{n}", "name": "Somebody", "followers": 1234 * 10**n} for n in range(ENOUGH)]
    said(house, *(line(n, "x", author=author[n]) for n in range(ENOUGH - 1)), line(90, "x", author={"id": "silent"}))

    few = agree(house, WORK).accounts
    said(house, *(line(n, "bluesky", author=author[n]) for n in range(ENOUGH - 1, ENOUGH)))
    enough = agree(house, WORK).accounts

    assert (few.different, few.silent, few.bands, few.reach) == (5, 1, (), 0)
    assert (enough.different, enough.silent, enough.bands, enough.reach) == (6, 1, (0, 0, 1, 1, 1, 2), 14_000_000)


def test_what_an_administrator_says_of_an_outlet_holds(house: House) -> None:
    said(house, line(1, "news", outlet={"id": "o", "name": "Their word", "country": "DE", "tier": 4}))
    (house.folder / "outlets.csv").write_text("outlet,name,country,tier\no,Our word,AT,1\n")
    house.ok("outlet", "import", str(house.folder / "outlets.csv"))

    with opened(house, WORK, "public", RULES) as (_, found, _ledger):
        assert [cell.place for cell in found.cells] == ["AT"]
        assert [each.name for each in found.outlets] == ["Our word"]
        assert [kind.tier for kind in found.kinds] == [1]
