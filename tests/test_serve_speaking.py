"""When, where and who on the page of an output, and as JSON and CSV beside it: in HTTP and in a real browser."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest
from browser import Watched, chromium
from conftest import House
from lxml import html
from playwright.sync_api import Browser, Page
from served import Reply, Served, serving
from test_serve_pages import SCRIPT

from badges.families import FAMILIES
from config.themes import RINGMARK

WORK, NOBODYS, HIDDEN = "10.5555/work", "10.5555/nobodys", "10.5555/hidden"
FOLLOWERS = [7 * 10**n + 31 for n in range(6)]
ACCOUNTS = [{"id": f"a{n}", "name": f"Example Account {n}", "followers": many} for n, many in enumerate(FOLLOWERS)]


def lines(work: str) -> list[dict[str, object]]:
    """Three years of mentions from here and there, most of them by accounts."""
    found: list[dict[str, object]] = []
    for n in range(60):
        day, outlet = f"{2023 + n // 20}-{n % 12 + 1:02}-10", n % 12
        found += [
            {"source": "news", "occurred_at": day,
             "outlet": {"id": f"o{outlet}", "name": SCRIPT if outlet == 1 else f"Gazette {outlet}",
                        "tier": outlet % 4 + 1, "country": ("DE", "US", "SG", "BR", "XX")[outlet % 5]}},
            {"source": "patent", "occurred_at": day, "jurisdiction": ("EP", "JP")[n % 2]},
            {"source": "x", "occurred_at": day, "author": ACCOUNTS[n % 6], "repost": n % 3 == 0},
            {"source": "policy", "occurred_at": day, "policy_source": "who"},
        ]  # fmt: skip
    return [{"id": f"{work}-{n}", "output": [f"doi:{work}"], "url": f"https://example.org/{n}", **each}
            for n, each in enumerate(found)]  # fmt: skip


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("spoken"))
    folder = house.folder / "import"
    folder.mkdir()
    works = f"w,Work,public,{WORK}\nn,Nobody's,public,{NOBODYS}\nh,Hidden,internal,{HIDDEN}\n"
    (folder / "outputs.csv").write_text("output,title,visibility,doi\n" + works)
    mentions = [json.dumps(line) + "\n" for work in (WORK, HIDDEN) for line in lines(work)]
    (folder / "mentions.jsonl").write_text("".join(mentions))
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n').ok("sync")
    return house


@pytest.fixture(scope="module")
def served(spoken: House) -> Iterator[Served]:
    with serving(spoken.folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def output(spoken: House) -> str:
    return str(spoken.json("badge", WORK)["output"])


def rows(reply: Reply, table: str) -> list[list[str]]:
    """The cells of the body of a table."""
    tree = html.fromstring(reply.body)
    return [
        [cell.text_content().strip() for cell in row if cell.get("class") != "lie"]
        for row in tree.xpath(f"//table[@class='{table}']/tbody/tr")
    ]


def test_page_and_files_tell_the_same_numbers(served: Served, spoken: House, output: str) -> None:
    page = served.get(f"/outputs/{output}")
    told = json.loads(served.get(f"/outputs/{output}/attention.json").body)
    table = list(csv.DictReader(io.StringIO(served.get(f"/outputs/{output}/attention.csv").text)))
    explained = spoken.json("explain", WORK)

    assert told["output"] == output
    assert told["mentions"] == 240 == sum(part["mentions"] for part in explained["breakdown"])
    by_source = Counter({part["source"]: part["mentions"] for part in explained["breakdown"]})
    assert sum((Counter(each["sources"]) for each in told["periods"]), Counter()) == by_source
    by_place: Counter[str] = Counter()
    for line in table:
        by_place[line["country"]] += int(line["mentions"])
    assert {each["country"]: each["mentions"] for each in told["countries"]} == by_place
    assert by_place == {"DE": 15, "US": 15, "SG": 10, "BR": 10, "EP": 30, "JP": 30, "": 130}
    assert told["per"] == "month"
    when = rows(page, "when")
    assert [int(row[-1]) for row in when] == [n for e in told["periods"] if (n := sum(e["sources"].values()))]
    assert [sum(map(int, row[1:-1])) for row in when] == [int(row[-1]) for row in when]
    assert dict(rows(page, "where-from")) == {
        "Germany": "15", "United States": "15", "Singapore": "10", "Brazil": "10", "Japan": "30",
        "European Patent Office": "30", "not known": "130",
    }  # fmt: skip
    assert {row[0]: row[1:] for row in rows(page, "kinds")} == {
        **{f"News outlets of tier {tier}": ["15", "3"] for tier in range(1, 5)},
        "Policy bodies": ["60", "1"],
        "Patent offices": ["60", "2"],
        "Accounts on social media": ["60", "6"],
    }
    assert rows(page, "outlets")[-1] == ["2 others", "10"]
    assert len(rows(page, "outlets")) == 11
    assert [row[1] for row in rows(page, "accounts")] == ["1", "2", "1", "1", "1", "0"]


def test_bars_of_the_page_are_those_of_its_table(served: Served, output: str) -> None:
    tree = html.fromstring(served.get(f"/outputs/{output}").body)

    cuts = tree.xpath("//svg[contains(@class, 'timeline')]//clippath/path/@d | //clipPath/path/@d")
    parts = [len(re.findall("M", cut)) for cut in cuts]

    table = rows(served.get(f"/outputs/{output}"), "when")
    assert parts == [sum(row[1 + place] != "0" for row in table) for place in range(len(cuts))]
    assert len(cuts) == 4


def test_nobody_is_named_with_followers(served: Served, output: str) -> None:
    told = "".join(
        served.get(f"/outputs/{output}{ending}").text for ending in ("", "/attention.json", "/attention.csv")
    )

    assert "Example Account" not in told
    assert not re.findall("|".join(rf"\b{n}\b|\b{n:,}\b" for n in FOLLOWERS[2:]), told)


def test_what_is_hidden_is_not_drawn_for_anybody(served: Served, spoken: House, output: str) -> None:
    hidden = spoken.json("badge", HIDDEN, "--audience", "internal")["output"]

    for ending in ("json", "csv"):
        nothing = served.get("/outputs/17/attention." + ending).whole
        assert served.get(f"/outputs/{hidden}/attention.{ending}").whole == nothing
        assert served.get(f"/outputs/{output}/attention.{ending}").status == 200
    assert served.get(f"/outputs/{output}/attention.csv").header("cache-control") == "public, max-age=300"


def test_where_nobody_spoke_there_is_nothing_to_draw(served: Served, spoken: House) -> None:
    nobodys = spoken.json("badge", NOBODYS)["output"]

    tree = html.fromstring(served.get(f"/outputs/{nobodys}").body)
    told = json.loads(served.get(f"/outputs/{nobodys}/attention.json").body)

    assert tree.xpath("//*[contains(@class, 'speaking')]") == []
    assert (told["mentions"], told["periods"], told["countries"]) == (0, [], [])
    assert served.get(f"/outputs/{nobodys}/attention.csv").text == "period,source,country,mentions\r\n"


def test_the_name_of_an_outlet_does_nothing_but_stand_there(served: Served, output: str) -> None:
    tree = html.fromstring(served.get(f"/outputs/{output}").body)

    assert (
        tree.xpath("//script[not(@type='application/ld+json')] | //img | //@onerror | //*[@class='speaking']//style")
        == []
    )
    assert SCRIPT in [name for name, *_ in rows(served.get(f"/outputs/{output}"), "outlets")]


def test_it_speaks_german(served: Served, output: str) -> None:
    page = served.get(f"/outputs/{output}?lang=de")

    assert {"Deutschland", "Vereinigte Staaten", "Brasilien"} <= {row[0] for row in rows(page, "where-from")}
    assert rows(page, "when")[2][0] == "März 2023"


def test_each_chart_stands_before_its_table_and_says_nothing_itself(served: Served, output: str) -> None:
    tree = html.fromstring(served.get(f"/outputs/{output}").body)
    order = [(each.tag, each.get("class")) for each in tree.iter() if each.tag in ("h2", "svg", "table")]

    drawn = [each for each in order if each[1] in ("timeline", "world", "when", "where-from")]
    assert drawn == [("svg", "timeline"), ("table", "when"), ("svg", "world"), ("table", "where-from")]
    assert {each.get("aria-hidden") for each in tree.xpath("//section[@class='speaking']//svg")} == {"true"}
    for box in tree.xpath("//section[@class='speaking']//div[starts-with(@class, 'scroll')]"):
        assert (box.get("tabindex"), box.get("role")) == ("0", "region")
        assert tree.xpath(f"//caption[@id='{box.get('aria-labelledby')}']")


def test_the_charts_are_small(served: Served, output: str) -> None:
    whole = served.get(f"/outputs/{output}").text
    charts = whole[whole.index('aria-labelledby="when"') : whole.index("attention.csv")]

    assert len(charts.encode()) < 40_000


def pixels(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_charts_fit_their_window(served: Served, browser: Browser, output: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(page)
    page.goto(f"{served.public}/outputs/{output}")

    assert (watched.overflow(), watched.complaints) == (0, [])
    for chart in (".timeline", ".world"):
        across, high = pixels(page, chart)
        assert 200 < across <= width
        assert high > 100
    colour = page.evaluate("getComputedStyle(document.querySelector('#fill-news')).color")
    assert colour == rgb((RINGMARK.dark if scheme == "dark" else RINGMARK.light).news)
    page.close()


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})"


def test_the_style_sheet_has_the_colours_of_all_families() -> None:
    style = (files("badges") / "assets" / "ringmark.css").read_text()

    for family in FAMILIES:
        told = [getattr(RINGMARK.light, family.name), getattr(RINGMARK.dark, family.name)]
        assert re.findall(rf"\.fill\.{family.name} {{ color: (#\w+); }}", style) == told


def test_forced_colours_leave_patterns_alone_to_tell_families_apart(
    served: Served, browser: Browser, output: str
) -> None:
    page = browser.new_page(forced_colors="active")
    page.goto(f"{served.public}/outputs/{output}")

    colours = page.evaluate("[...document.querySelectorAll('pattern')].map(each => getComputedStyle(each).color)")

    assert len(set(colours)) == 1
    page.close()


def test_the_tables_are_reached_by_keyboard_and_printed_whole(served: Served, browser: Browser, output: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(f"{served.public}/outputs/{output}")
    cut = "(box => box.scrollHeight - box.clientHeight)(document.querySelector('.scroll.tall'))"

    page.locator("[aria-labelledby='when-table']").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.scrollTop > 0")
    assert page.evaluate(cut) > 0
    page.emulate_media(media="print")

    assert page.evaluate(cut) == 0
    page.close()
