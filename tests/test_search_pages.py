"""The explorer over HTTP and in a real browser: what its pages and data say, without a mouse and without a script."""

import csv
import io
import json
from collections.abc import Iterator

import feedparser
import pytest
from browser import Watched, chromium
from conftest import House
from lxml import html
from playwright.sync_api import Browser
from served import Reply, Served, serving

SHOWN = "10.5555/example.50040"
BASE = "https://ringmark.example.edu/scores"


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.fixture(scope="module")
def elsewhere(scored: House) -> Iterator[Served]:
    with serving(scored.folder, RINGMARK_INSTITUTION__BASE_URL=BASE) as found:
        yield found


@pytest.fixture(scope="module")
def rows(scored: House) -> list[dict[str, object]]:
    return scored.rows()


def page(reply: Reply) -> html.HtmlElement:
    assert reply.status == 200
    return html.fromstring(reply.body)


def number(served: Served, kind: str, name: str) -> str:
    """The public number of a group or journal."""
    return next(each["id"] for each in json.loads(served.get(f"/{kind}.json").body)[kind] if each["name"] == name)


def test_a_list_as_csv_has_all_rows_and_as_json_parts_that_lead_on(
    served: Served, rows: list[dict[str, object]]
) -> None:
    table = list(csv.DictReader(io.StringIO(served.get("/search.csv").text)))
    first = json.loads(served.get("/search.json?sort=title").body)

    assert {row["output"] for row in table} == {row["output"] for row in rows}
    assert len(table) == first["count"] == len(rows)
    assert first["next"] is None
    assert {each["output"] for each in first["outputs"]} == {row["output"] for row in rows}
    assert sum(each["count"] for each in first["facets"]["type"]) == len(rows)


def test_further_outputs_follow_one_another_to_the_end(served: Served, rows: list[dict[str, object]]) -> None:
    path, seen = "/search?sort=newest", []
    while path:
        tree = page(served.get(path))
        seen += tree.xpath("//ol[@class='results']//h3/a/@href")
        path = next(iter(tree.xpath("//a[@rel='next nofollow']/@href")), "")

    assert sorted(seen) == sorted(f"/outputs/{row['output']}" for row in rows)


def test_every_link_of_a_facet_finds_as_many_as_it_says(served: Served) -> None:
    tree = page(served.get("/search?q=a&type=journal-article"))
    links = tree.xpath("//div[@id='narrow']//li[a]")

    told = {each.xpath("string(a/@href)"): int(each.xpath("string(span)").replace(",", "")) for each in links}
    picked = {href: count for href, count in told.items() if href.count("type=") == 1}  # two of them find both

    assert len(picked) > 20
    for href, count in list(picked.items())[::4]:
        assert page(served.get(href)).xpath("string(//h2[@id='count'])").split()[0] == f"{count:,}", href


def test_what_narrows_is_named_and_can_be_taken_away(served: Served) -> None:
    asked = "/search?q=a&type=book&source=news&from=2010&to=2024-05&mentioned=1&min=2&sort=title"

    tree = page(served.get(asked))
    chips = tree.xpath("//ul[@class='chosen']/li/a")

    texts = [" ".join(each.text_content().split()).removesuffix(" \u00d7 (remove)") for each in chips]
    assert texts == [
        "Type: Book", "Mentioned in: News", "Published from 2010", "Published until May 2024", "Mentioned at all",
        "Score 2 or more", "Remove all",
    ]  # fmt: skip
    assert "type=book" not in chips[0].get("href")
    assert chips[0].get("href").count("&") == 6
    assert tree.xpath("//form[contains(@class, 'seek')]/input[@type='hidden']/@name") == ["type", "source", "sort"]


@pytest.mark.parametrize("text", [SHOWN, f"https://doi.org/{SHOWN.upper()}", f" doi:{SHOWN} "])
def test_an_identifier_leads_straight_to_its_output(elsewhere: Served, scored: House, text: str) -> None:
    output = scored.json("badge", SHOWN)["output"]

    reply = elsewhere.get(f"/search?q={text.replace(' ', '+').replace(':', '%3A').replace('/', '%2F')}")

    assert (reply.status, reply.header("location")) == (303, f"/scores/outputs/{output}")


def test_an_identifier_that_nobody_knows_finds_nothing_and_leads_nowhere(served: Served) -> None:
    tree = page(served.get("/search?q=10.5555%2Fnothing"))

    assert tree.xpath("string(//h2[@id='count'])") == "0 outputs"


def test_a_group_shows_its_outputs_its_totals_and_what_is_within(served: Served, rows: list[dict[str, object]]) -> None:
    faculty = number(served, "groups", "Faculty of Science")
    its = [row for row in rows if "Faculty of Science" in row["groups"]]  # type: ignore[operator]

    tree = page(served.get(f"/groups/{faculty}"))
    table = list(csv.DictReader(io.StringIO(served.get(f"/groups/{faculty}.csv").text)))

    assert tree.xpath("string(//h1)") == "Faculty of Science"
    assert tree.xpath("string(//h2[@id='count'])") == f"{len(its)} outputs"
    assert "mentions in all" in tree.text_content()
    assert {row["output"] for row in table} == {row["output"] for row in its}
    assert not any("group=" in each for each in tree.xpath("//div[@id='narrow']//a/@href"))


def test_a_journal_keeps_its_address_and_has_its_outputs(served: Served, rows: list[dict[str, object]]) -> None:
    name = "Annals of Invented Science"
    its = [row for row in rows if str(row["journal"]).casefold() == name.casefold()]

    tree = page(served.get(f"/journals/{number(served, 'journals', name)}"))

    assert number(served, "journals", name) == "2611903928437973"  # the same in every store
    assert tree.xpath("string(//h2[@id='count'])") == f"{len(its)} outputs"


@pytest.mark.parametrize("path", ["/groups/1", "/journals/1", "/groups/x", "/groups/0", "/journals/99999999999999999",
                                  "/groups/1.csv", "/journals/1.json", "/groups/1.atom", "/search.xml"])  # fmt: skip
def test_what_is_not_there_is_the_same_as_any_page_that_is_not_there(served: Served, path: str) -> None:
    assert served.get(path).whole == served.get("/nothing/here").whole


def test_changes_of_scores_are_a_feed(elsewhere: Served) -> None:
    reply = elsewhere.get("/search.atom?type=journal-article")
    told = feedparser.parse(reply.body)

    assert not told.bozo
    assert told.feed.title == "Changed scores: Outputs"
    assert 0 < len(told.entries) <= 50
    assert all(each.link.startswith(f"{BASE}/outputs/") for each in told.entries)
    assert len({each.id for each in told.entries}) == len(told.entries)


@pytest.mark.parametrize("form", ["csv", "json", "atom"])
def test_data_may_be_kept_for_minutes_and_asked_for_again(served: Served, form: str) -> None:
    reply = served.get(f"/search.{form}?q=a", accept_language="de")
    again = served.get(f"/search.{form}?q=a", if_none_match=reply.header("etag"))

    assert reply.header("cache-control") == "public, max-age=300"
    assert again.status == 304
    assert served.get(f"/search.{form}?q=a").body == reply.body


def test_a_link_without_script_or_frame_is_all_a_page_has(served: Served) -> None:
    for path in ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/groups", "/journals"):
        reply = served.get(path)

        assert b"<script" not in reply.body
        assert "default-src 'none'" in reply.header("content-security-policy")


def test_addresses_hold_the_prefix_under_which_we_are_reached(elsewhere: Served) -> None:
    for path in (
        "/search?q=a&sort=title",
        "/groups",
        "/journals",
        f"/groups/{number(elsewhere, 'groups', 'Faculty of Science')}",
    ):
        tree = page(elsewhere.get(path))
        links = [each for each in tree.xpath("//a/@href | //form/@action | //img/@src") if not each.startswith("#")]

        assert [each for each in links if not each.startswith(("/scores/", BASE))] == []


def test_a_reader_of_another_language_is_told_dates_in_it(served: Served) -> None:
    tree = page(served.get("/search?from=2020-05&lang=de"))

    assert tree.get("lang") == "de"
    assert "Mai 2020" in tree.text_content()


# In a real browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_searching_by_keyboard_alone_without_a_script(served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{served.public}/")

    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # skips to the content
    tab.keyboard.press("Tab")
    tab.keyboard.type("tidal wet")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search?q=tidal+wet")

    assert tab.locator("ol.results li").count() > 0
    assert all("tidal wet" in each.casefold() for each in tab.locator("ol.results h3").all_inner_texts())
    context.close()


@pytest.mark.parametrize("path", ["/search", "/search?q=a&type=book&from=2010&min=1", "/groups", "/journals", "GROUP"])
def test_a_page_of_the_explorer_fits_and_loads_nothing_from_elsewhere(
    served: Served, browser: Browser, path: str
) -> None:
    if path == "GROUP":
        path = f"/groups/{number(served, 'groups', 'Faculty of Science')}"
    for width in (320, 1200):
        tab = browser.new_page(viewport={"width": width, "height": 800})
        watched = Watched(tab)

        tab.goto(served.public + path)
        tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

        assert watched.overflow() == 0
        assert {url[: len(served.public)] for url in watched.asked} == {served.public}
        assert watched.complaints == []
        tab.close()
