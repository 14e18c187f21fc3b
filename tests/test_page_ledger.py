"""The ledger on the page behind a badge: it adds up, all of it is reached, and nobody is named who should not be."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import House
from lxml import html
from served import Served, serving
from test_gaming import crowd, excluding
from test_gaming import house as gamed  # noqa: F401 - a fixture
from test_habits import journal  # noqa: F401 - a fixture
from test_serve_pages import page

DOI = "10.5555/noticed"
FORMULA = "=HYPERLINK(1)"
NEWS, POSTS = 130, 40


def mentions() -> Iterator[dict[str, Any]]:
    """Of one output: more news than fit on a page, reposts that are rounded up, sources that count whole or never."""
    for n in range(NEWS):
        outlet = {"id": f"o{n % 100}", "name": FORMULA if n % 100 == 0 else f"Outlet {n % 100}", "tier": n % 4 + 1}
        yield {"source": "news", "outlet": outlet, "title": "@SUM(A1)" if n == 1 else f"Story {n}"}
    for n in range(POSTS):
        author = {"id": f"a{n % 30}", "name": f"Name {n % 30}", "followers": 10 ** (n % 7)}
        yield {"source": "x", "author": author, "title": "What somebody said", "repost": n % 2 == 0}
    yield {"source": "bluesky", "author": {"id": "b1", "name": "Ann of Bluesky"}, "title": "What somebody said"}
    for n in range(3):
        yield {"source": "wikipedia", "title": f"Article {n}"}
        yield {"source": "mendeley", "author": {"id": f"r{n}"}}
    yield {"source": "policy", "policy_source": "who", "title": "A guideline of many"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("noticed"))
    folder = house.folder / "import"
    folder.mkdir()
    (folder / "outputs.csv").write_text(f"output,title,type,visibility,doi\no1,Noticed,book,public,{DOI}\n")
    lines = [
        json.dumps(
            {"id": f"m{n}", "output": [f"doi:{DOI}"], "url": f"https://{told['source']}.example.net/{n}",
             "occurred_at": f"2026-03-{n % 28 + 1:02}T10:00:00Z", **told}
        )
        for n, told in enumerate(mentions())
    ]  # fmt: skip
    (folder / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n')
    house.ok("sync")
    return house


@pytest.fixture(scope="module")
def told(filled: House) -> Any:
    return filled.json("explain", DOI)


@pytest.fixture(scope="module")
def served(filled: House) -> Iterator[Served]:
    with serving(filled.folder) as found:
        yield found


def rows(tree: html.HtmlElement) -> list[list[str]]:
    """The lines of a page's ledger: when, who, where, why, points."""
    return [
        [" ".join(cell.text_content().split()) for cell in line.iter("td")]
        for line in tree.xpath("//table[@class='ledger']/tbody/tr")
    ]


def millipoints(text: str) -> int:
    return round(float(text.replace(",", "")) * 1000)


def source(served: Served, path: str) -> list[html.HtmlElement]:
    """All pages of one source's ledger, by the links from one to the next."""
    found = [page(served.get(path))]
    while after := found[-1].xpath("//nav[@class='pages']//a[@rel='next']/@href"):
        found.append(page(served.get(after[0])))
    return found


def test_the_lines_of_all_pages_add_up_to_the_score(served: Served, told: Any) -> None:
    whole = page(served.get(f"/outputs/{told['output']}"))
    names = [part["source"] for part in told["breakdown"]]
    pages = {name: source(served, f"/outputs/{told['output']}?source={name}") for name in names}

    found = {name: [row for each in pages[name] for row in rows(each)] for name in names}
    sums = {name: sum(millipoints(row[4]) for row in lines) for name, lines in found.items()}

    assert sums == {part["source"]: part["millipoints"] for part in told["breakdown"]}
    assert sum(sums.values()) == told["millipoints"]
    assert sum(map(len, found.values())) == len(told["ledger"])
    assert len(pages["news"]) == 2
    parts = whole.xpath("//table[@class='sources']/tbody/tr")
    assert sum(millipoints(part.xpath("string(td[last()])")) for part in parts) == told["millipoints"]
    assert millipoints(whole.xpath("string(//table[@class='sources']/tfoot//td)")) == told["millipoints"]
    assert f"Attention score {told['score']}" in whole.text_content()


def test_the_page_begins_each_source_and_leads_to_the_rest(served: Served, told: Any) -> None:
    tree = page(served.get(f"/outputs/{told['output']}"))

    shown = rows(tree)
    assert len(shown) == 100
    tables = tree.xpath("//table[@class='ledger']")
    sizes = [part["millipoints"] for part in sorted(told["breakdown"], key=lambda part: -part["millipoints"])]
    assert [millipoints(table.xpath("string(caption/span)").split()[0]) for table in tables] == sizes
    assert tree.xpath("//p[@class='after']/a/@href")[0] == f"/outputs/{told['output']}?source=news"
    for table in tables:  # a sum stands below lines that are all there, and nowhere else
        for foot in table.xpath("tfoot"):
            lines = table.xpath("tbody/tr/td[last()]")
            assert millipoints(foot.xpath("string(.//td)")) == sum(millipoints(line.text_content()) for line in lines)
    assert len(tree.xpath("//table[@class='ledger']/tfoot")) == len(tables) - 2  # news, and X


def test_what_counted_comes_first_and_each_half_in_the_order_of_time(served: Served, told: Any) -> None:
    lines = [row for each in source(served, f"/outputs/{told['output']}?source=news") for row in rows(each)]
    of_news = [line for line in told["ledger"] if line["source"] == "news"]

    assert [row[3] for row in lines] == [
        line["why"] for line in sorted(of_news, key=lambda line: (not line["counted"], line["occurred_at"]))
    ]


def test_a_line_tells_who_where_and_when(served: Served, told: Any) -> None:
    lines = {name: rows(page(served.get(f"/outputs/{told['output']}?source={name}")))
             for name in ("news", "x", "bluesky", "wikipedia", "policy")}  # fmt: skip

    assert [row[0] for row in lines["news"]][:2] == ["1 March 2026", "1 March 2026"]
    assert {row[1] for row in lines["news"]} > {"Outlet 7", FORMULA}
    assert "Story 5" in {row[2] for row in lines["news"]}
    assert {row[1] for row in lines["policy"]} == {"who"}
    assert {(row[1], row[2].partition(".")[0]) for row in lines["bluesky"]} == {("Ann of Bluesky", "bluesky")}
    assert {row[1] for row in lines["x"]} == {f"a{n}" for n in range(30)}  # X lets its ids be told, and no names
    assert {row[2].partition(".")[0] for row in lines["x"]} == {"x"}
    assert {row[2] for row in lines["wikipedia"]} == {"Article 0", "Article 1", "Article 2"}


def test_a_part_that_is_not_there_is_like_a_page_that_is_not_there(served: Served, told: Any) -> None:
    here = f"/outputs/{told['output']}"
    nothing = served.get("/nothing/here")

    for query in ("source=nowhere", "source=news&page=3", "source=news&page=0", "source=news&page=-1", "page=2",
                  "source=", "source=news&page=%C2%B2", "source=gplus", "source=news&page=9999999"):  # fmt: skip
        assert served.get(f"{here}?{query}").whole == nothing.whole, query
    assert served.get("/outputs/17?source=news").whole == nothing.whole
    assert served.get(f"{here}?source=news&page=1").status == 200


def test_a_part_is_not_for_search_engines_and_the_page_is(served: Served, told: Any) -> None:
    part = page(served.get(f"/outputs/{told['output']}?source=news"))
    whole = page(served.get(f"/doi/{DOI}"))

    assert part.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert whole.xpath("//meta[@name='robots']") == []
    assert whole.xpath("//link[@rel='canonical']/@href") == [f"http://127.0.0.1:8000/outputs/{told['output']}"]


def test_the_files_hold_all_of_it(served: Served, told: Any) -> None:
    document = served.get(f"/outputs/{told['output']}/ledger.json")
    table = served.get(f"/outputs/{told['output']}/ledger.csv")

    found = json.loads(document.body)
    assert {name: value for name, value in found.items() if name != "ledger"} == {
        name: value for name, value in told.items() if name not in ("ledger", "context", "history")
    }
    assert [{k: v for k, v in line.items() if k not in ("title", "who")} for line in found["ledger"]] == told["ledger"]
    lines = list(csv.DictReader(io.StringIO(table.body.decode(), newline="")))
    assert sum(int(line["millipoints"]) for line in lines) == told["millipoints"]
    assert sum(millipoints(line["points"]) for line in lines) == told["millipoints"]
    assert [line["url"] for line in lines] == [line["url"] for line in told["ledger"]]
    assert (table.header("content-type"), document.header("cache-control")) == (
        "text/csv; charset=utf-8; header=present", "public, max-age=300"
    )  # fmt: skip
    assert {line["who"] for line in lines} >= {f"'{FORMULA}", "Outlet 7"}
    assert "'@SUM(A1)" in {line["title"] for line in lines}
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@"))]
    assert "What somebody said" not in document.text + table.text
    assert "Name 7" not in document.text + table.text


def test_no_file_of_an_output_that_is_not_there(served: Served) -> None:
    nothing = served.get("/nothing/here")

    for path in ("/outputs/17/ledger.json", "/outputs/17/ledger.csv", "/outputs/x/ledger.csv", "/outputs//ledger.json"):
        assert served.get(path).whole == nothing.whole


def test_the_score_is_told_in_words(served: Served, told: Any) -> None:
    tree = page(served.get(f"/outputs/{told['output']}"))
    text = " ".join(tree.xpath("string(//p[@class='words'])").split())
    counting = [part for part in told["breakdown"] if part["source"] != "mendeley"]

    assert f"has {sum(part['mentions'] for part in counting)} mentions in the sources that count: News, X, " in text
    assert f"here they are {sum(part['units'] for part in counting)} different voices" in text
    assert f"they bring {told['millipoints'] / 1000:,} points; the next whole number, {told['score']}, is" in text
    assert "Another 3 mentions are shown and never count: Mendeley." in text
    assert tree.xpath("//p[@class='words']/a/@href") == ["/rules/ringmark-2026"]


def test_who_a_sign_of_gaming_speaks_of_is_named_nowhere(gamed: House) -> None:  # noqa: F811
    crowd(gamed)
    gamed.ok("score")
    excluding(gamed, "new-accounts")
    gamed.ok("score")
    output = gamed.json("explain", "10.5555/j0")["output"]

    with serving(gamed.folder) as found:
        replies = [found.get(f"/outputs/{output}{rest}") for rest in ("", "?source=x", "/ledger.json", "/ledger.csv")]
        rules = [found.get(f"/rules/{name}").status for name in ("strict", "strict.json", "absent", "published-2021")]

    assert [reply.status for reply in replies] == [200] * 4
    for reply in replies:
        assert "a sign of gaming" in reply.text
        assert "new3" not in reply.text
    assert "Nothing that is known of this output counts" in " ".join(replies[0].text.split())
    assert rules == [200, 200, 404, 200]
