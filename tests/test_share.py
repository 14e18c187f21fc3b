"""Share of voice as readers get it: what is counted and shown, what is not there, and what nobody can break."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import feedparser
import pytest
from conftest import House
from lxml import html
from served import Served, serving
from shared_voices import FILES, FORMULA, SAID, address, numbers, spoken_of, table, told

from badges.periods import Period, holding, read

PATHS = ("/share", *FILES)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return spoken_of(tmp_path_factory.mktemp("spoken"))


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[Served]:
    with serving(house.folder) as found:
        yield found


@pytest.fixture(scope="module")
def groups(served: Served) -> dict[str, str]:
    return numbers(served)


def test_shares_stand_beside_the_numbers_that_they_are_of(served: Served, groups: dict[str, str]) -> None:
    text = served.get(address("/share", groups["Geology"], groups["Chemistry"])).text

    rows = table(text)
    assert rows["January 2025"] == ["28 63.6%", "16 36.4%", "44"]
    assert rows["February 2025"] == ["0", "0", "0"]
    assert rows["In all"] == ["33 62.3%", "20 37.7%", "53"]
    assert list(rows) == [f"{month} 2025" for month in ("June", "May", "April", "March", "February", "January")] + [
        "In all"
    ]


def test_fewer_than_thirty_have_no_shares(served: Served, groups: dict[str, str]) -> None:
    sides = groups["Geology"], groups["Chemistry"]

    march = next(each for each in told(served, *sides)["periods"] if each["period"] == "2025-03")
    later = address("/share", *sides, **{"from": "2025-02"})

    assert (march["counts"], march["sum"], march["shares"]) == ([5, 4], 9, None)
    assert table(served.get(address("/share", *sides)).text)["March 2025"] == ["5", "4", "9"]
    assert "%" not in "".join(cell for row in table(served.get(later).text).values() for cell in row)
    assert "There are fewer than 30 in all." in served.get(later).text


def test_what_is_on_two_sides_counts_for_each_and_the_page_says_so(served: Served, groups: dict[str, str]) -> None:
    sides = groups["Geology"], groups["Chemistry"]

    text = served.get(address("/share", *sides)).text

    assert told(served, *sides)["overlap"] == {"outputs": 1, "together": 49}
    assert "1 output is on more than one side and counts for each." in text
    assert "the 53 mentions are 49 different ones." in text


def test_outputs_that_were_mentioned_are_counted_once_in_all_however_often(
    served: Served, groups: dict[str, str]
) -> None:
    found = told(served, groups["Geology"], groups["Chemistry"], measure="outputs")

    assert [each["counts"] for each in found["periods"]][:3] == [[2, 2], [0, 0], [1, 1]]
    assert found["total"]["counts"] == [2, 2]
    assert found["overlap"] == {"outputs": 1, "together": 3}


def test_one_source_or_a_family_of_sources_is_counted_alone(served: Served, groups: dict[str, str]) -> None:
    sides = groups["Geology"], groups["Chemistry"]

    news, social = (told(served, *sides, source=source) for source in ("news", "family:social"))

    assert [each["source"] for each in news["sources"]] == ["news"]
    assert 0 < news["total"]["sum"] < told(served, *sides)["total"]["sum"]
    assert social["total"]["sum"] == 0
    assert "one kind of source: Social media." in served.get(address("/share", *sides, source="family:social")).text


def test_quarters_and_years_add_months_up(served: Served, groups: dict[str, str]) -> None:
    sides = groups["Geology"], groups["Chemistry"]

    quarters, years = (told(served, *sides, period=unit)["periods"] for unit in ("quarter", "year"))

    assert [(each["period"], each["counts"]) for each in quarters] == [("2025-Q1", [33, 20]), ("2025-Q2", [0, 0])]
    assert [(each["period"], each["counts"]) for each in years] == [("2025", [33, 20])]


def test_journals_are_compared_by_the_number_of_their_address(served: Served) -> None:
    journals = numbers(served, "journals")

    found = told(served, journals["Journal of g"], journals["Journal of c"], kind="journal")

    assert [side["name"] for side in found["sides"]] == ["Journal of g", "Journal of c"]
    assert found["total"]["counts"] == [29, 18]


def test_searches_are_compared_by_words_by_queries_and_by_addresses(served: Served) -> None:
    ways = (
        ("geo", "chem"),
        ("q=geo", "q=chem"),
        ("https://ringmark.example.edu/search?q=geo&sort=title", "/search?q=chem"),
    )

    found = [told(served, *sides, kind="search") for sides in ways]

    assert found[0] == found[1] == found[2]
    assert [side["search"] for side in found[0]["sides"]] == ["q=geo", "q=chem"]
    assert found[0]["total"]["counts"] == [29, 16]


def test_nobody_is_compared_by_name(served: Served) -> None:
    found = told(served, "Marie geo", "Marie", "geo", kind="search")

    assert [side["outputs"] for side in found["sides"]] == [0, 0, 1]


# What is not there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_what_the_public_may_not_see_is_answered_as_what_was_never_there(
    served: Served, house: House, groups: dict[str, str], path: str
) -> None:
    hidden = str(house.stored("SELECT public_id FROM group_record WHERE name = 'Inner circle'")[0][0])
    nothing = served.get("/nothing/at/all")

    answers = {
        served.get(address(path, *sides, kind=kind)).whole
        for kind in ("group", "journal")
        for other in (hidden, "12", "0", "-1", "1e3", "x", "9" * 30, "\u0663")
        for sides in ((other,), (groups["Geology"], other), (other, groups["Geology"]))
    }

    assert nothing.status == 404
    assert answers == {nothing.whole}


def test_a_hidden_group_is_not_among_the_choices_nor_told_apart_in_a_search(served: Served, house: House) -> None:
    hidden = str(house.stored("SELECT public_id FROM group_record WHERE name = 'Inner circle'")[0][0])

    theirs, nobodys = (
        json.dumps(told(served, f"group={number}", "q=geo", kind="search")).replace(number, "")
        for number in (hidden, "12")
    )

    assert "Inner circle" not in numbers(served)
    assert theirs == nobodys
    assert '"outputs": 0' in theirs


def test_what_somebody_hides_is_out_of_all_shares_at_once(tmp_path: Path) -> None:
    own = spoken_of(tmp_path)
    with serving(own.folder) as served:
        sides = [numbers(served)[name] for name in ("Geology", "Chemistry")]
        before = told(served, *sides)
        own.ok("hide", "doi:10.5555/both", "--why", "asked by its author")
        after = told(served, *sides)

    lost = sum(SAID["both"].values())
    assert after["total"]["counts"] == [count - lost for count in before["total"]["counts"]]
    assert after["overlap"]["outputs"] == 0


# What goes out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_public_for_minutes_and_only_sent_when_it_has_changed(
    served: Served, groups: dict[str, str], path: str
) -> None:
    asked = address(path, groups["Geology"], groups["Chemistry"])
    whole = served.get(asked)

    again = served.get(asked, if_none_match=whole.header("etag"), cookie="session=1", accept_language="de")

    assert whole.header("cache-control") == "public, max-age=300"
    assert (again.status, again.body) == (304, b"")


def test_no_name_can_do_anything_in_a_page(served: Served, groups: dict[str, str]) -> None:
    evil = next(number for name, number in groups.items() if "script" in name)

    text = served.get(address("/share", evil, groups["Geology"])).text

    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\u202e" not in text
    assert html.fromstring(text).xpath("//script | //*[@style] | //*[@onerror]") == []


def test_no_name_can_do_anything_in_a_spreadsheet(served: Served, groups: dict[str, str]) -> None:
    reply = served.get(address("/share.csv", groups[FORMULA], groups["Geology"]))

    rows = list(csv.reader(io.StringIO(reply.text)))
    assert {row[3] for row in rows[1:]} == {f"'{FORMULA}", "Geology"}
    assert rows[1] == ["2025-01", "true", groups[FORMULA], f"'{FORMULA}", "0", "28", ""]
    assert rows[2][4:] == ["28", "28", ""]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_feed_has_an_entry_for_each_period_that_is_over(served: Served, groups: dict[str, str]) -> None:
    asked = address("/share.atom", groups["Geology"], groups["Chemistry"], to="", period="year")
    feed = feedparser.parse(served.get(asked).body)

    assert not feed.bozo
    assert feed.entries[-1].summary == "Geology: 33 (62.3%); Chemistry: 20 (37.7%)"
    assert feed.entries[-1].updated == "2026-01-01T00:00:00Z"
    assert not any(entry.title.startswith(str(date.today().year)) for entry in feed.entries)  # noqa: DTZ011
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("between=people", "Groups, journals or searches can be compared."),
        ("measure=points", "What is counted is either mentions or outputs."),
        ("source=tv", "There is no such source."),
        ("period=week", "A period is a month, a quarter or a year."),
        ("from=soon", "A time is written as 2026-03 or 2026."),
        ("to=2026-13", "A time is written as 2026-03 or 2026."),
        ("from=2025-03&to=2025-02", "The time ends before it begins."),
        ("from=1950", "These are too many periods at once"),
        ("&".join(f"group={n}" for n in range(1, 8)), "At most six can be compared at once."),
        ("search=x%3D%26from%3D&search=from%3D", "A search has to look for something."),
        ("x" * 9000, "This address is too long."),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_looked_up(served: Served, wrong: str, why: str) -> None:
    page, file = served.get(f"/share?{wrong}"), served.get(f"/share.csv?{wrong}")

    assert (page.status, file.status) == (400, 400)
    assert why in html.fromstring(page.text).xpath("string(//p[@role='alert'])")
    assert why in file.text


def test_less_than_two_are_no_comparison(served: Served, groups: dict[str, str]) -> None:
    alone = address("/share", groups["Geology"])

    assert "Choose at least one more" in served.get(alone).text
    assert "<table" not in served.get(alone).text
    assert served.get(alone.replace("/share", "/share.json")).status == 400
    assert served.get("/share").status == 200


@pytest.mark.parametrize("query", ["%", "group=%ff%fe", "search=%00", "search=%f0%9f%90%9d&search=%22", "&&==&", "a;b"])
def test_nothing_that_can_be_sent_breaks_it(served: Served, query: str) -> None:
    assert {served.get(f"{path}?{query}").status for path in PATHS} <= {200, 400, 404}


# Periods -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "code", "first", "after"),
    [
        ("month", "2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("quarter", "2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("year", "2025", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_begins_where_the_one_before_it_ends(unit: str, code: str, first: date, after: date) -> None:
    period: Period = holding(unit, date(2025, 12, 31))  # type: ignore[arg-type]

    assert (period.code, period.first, period.after.first) == (code, first, after)


@pytest.mark.parametrize(
    "told", ["", "2025-00", "2025-02-30", "25", "1899", "3000", "2025-1", "\u0662\u0660\u0662\u0665"]
)
def test_what_is_no_date_is_none(told: str) -> None:
    assert read(told) is None
