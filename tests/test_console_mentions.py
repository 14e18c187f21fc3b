"""Mentions, reports, outlets, accounts and signs of gaming in the console: what is shown, what is done, by whom."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import stores
from browser import Watched, faults
from conftest import House
from console_visitor import Somebody, a_server, a_window, somebody, words
from evidence_house import evidence, hear, mention
from mention_house import EVIL, ledger, line, mention_house, number, report, tell
from playwright.sync_api import Page
from served import Reply, Served

from connectors.texts import one_line

NAME = "alert("  # of what would be a script
AT = "https://news.example/"
PATHS = (
    "/mentions",
    "/mentions/{a}",
    "/mentions/{refused}",
    "/mentions/{seen}",
    "/mentions/refused",
    "/mentions/waiting",
    "/mentions/add?report={missed}",
    "/outlets",
    "/outlets?which=all",
    "/outlets/one?id=daily",
    "/accounts?account=x:new0",
    "/gaming",
    "/gaming/{output}/new-accounts",
    "/reports",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = mention_house(House(tmp_path_factory.mktemp("console")))
    daily = {"id": "daily", "name": f"The Daily {EVIL}"}
    burst = [
        line(f"n{n}", source="x", url=f"https://x.example/{n}", occurred_at=f"2026-03-01T{n:02}:00",
             author={"id": f"new{n}", "name": f"New {n} {EVIL}", "followers": 3})
        for n in range(10)
    ]  # fmt: skip
    tell(
        house,
        line("a", title=f"Tides {EVIL}", outlet=daily),
        line("b", outlet=daily),
        line("c", outlet={"id": "weekly", "name": "The Weekly"}, output=["doi:10.5555/one", "doi:10.5555/two"]),
        line("refused", outlet={"id": "closed"}),
        line("h", output=["doi:10.5555/hidden"]),
        line("w", output=["doi:10.5555/nowhere"]),
        *burst,
    )
    seen = evidence("later", excerpt=one_line(f"of tides {EVIL} doi:10.5555/later"))
    hear(house, mention("seen", ("later",), url="https://x.example/seen", title=f"Tides {EVIL}", evidence=(seen,)))
    house.ok("score")
    house.ok("mention", "refuse", str(number(house, "refused")), "--why", f"another work {EVIL}")
    return house


served, ada, bob, window = a_server(), somebody("ada", "editor"), somebody("bob", "editor"), a_window()


@pytest.fixture(scope="module")
def ids(home: House) -> dict[str, int]:
    ((output,),) = stores.run(home.folder, "SELECT public_id FROM output WHERE doi = '10.5555/one'")
    missed = report(home, "missed", "two", url="https://news.example/missed", remark=EVIL)
    return {
        **{key: number(home, key) for key in ("a", "b", "c", "refused", "seen")},
        "output": output,
        "missed": missed,
    }


def audit(home: House) -> list[tuple[str, str, str]]:
    rows = stores.run(home.folder, "SELECT actor, verb, subject FROM audit ORDER BY id")
    return [tuple(row) for row in rows]


def went(reply: Reply) -> str:
    assert reply.status == 303, words(reply)
    return reply.header("location")


@pytest.mark.parametrize("path", PATHS)
def test_markup_in_what_others_say_stays_text_and_links_lead_to_the_web_alone(
    ada: Somebody, ids: dict[str, int], path: str
) -> None:
    page = ada.get(path.format(**ids))

    assert page.status == 200
    assert f"<script>{NAME}" not in page.text
    assert "\u202e" not in page.text
    assert all(
        link.startswith(("/", "#", "https://news.example/", "https://x.example/"))
        for link in re.findall(r'href="([^"]*)"', html.unescape(page.text))
    )


def test_an_address_that_is_no_web_address_is_shown_and_leads_nowhere(ada: Somebody, home: House) -> None:
    id_ = report(home, "missed", "two", url="javascript:alert(1)")
    page = ada.get("/reports")

    assert "javascript:alert(1)" in page.text
    assert 'href="javascript:' not in page.text
    assert went(ada.post(f"/reports/{id_}/close", why="no address")) == "/console/reports"


@pytest.mark.parametrize("path", ["/mentions", "/mentions/refused", "/reports", "/outlets", "/accounts", "/gaming"])
def test_a_member_who_is_no_editor_sees_none_of_it(served: Served, home: House, path: str) -> None:
    eve = signed_in_as_member(served, home)

    assert served.get(f"/console{path}", cookie=eve).status == 403
    assert served.get(f"/console{path}").status == 303


def signed_in_as_member(served: Served, home: House) -> str:
    link = home.json("session", "link", "--name", "eve", "--role", "internal")["link"]
    return served.get(re.sub(r"^https?://[^/]*", "", link)).header("set-cookie").partition(";")[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"url": f"{AT}a"}, {"a"}),
        ({"url": "http://news.example/a#top"}, {"a"}),
        ({"url": AT}, {"a", "b", "c", "refused", "h", "w"}),
        ({"output": "10.5555/two"}, {"c"}),
        ({"output": "10.5555/hidden"}, {"h"}),
        ({"source": "blog"}, set()),
        ({"outlet": "weekly"}, {"c"}),
        ({"outlet": "the daily"}, {"a", "b"}),
        ({"outlet": "the daily", "output": "10.5555/two"}, set()),
    ],
)
def test_mentions_are_found_by_what_is_known_of_them(
    ada: Somebody, home: House, query: dict[str, str], found: set[str]
) -> None:
    page = ada.get(f"/mentions?{urlencode(query)}")

    assert set(re.findall(r"/console/mentions/(\d+)\"", page.text)) == {str(number(home, key)) for key in found}
    assert ("Nothing is found" in page.text) == (not found)


def test_what_names_nothing_known_is_said_beside_its_field(ada: Somebody) -> None:
    page = ada.get("/mentions?output=10.5555/nowhere")

    assert (page.status, "unknown output" in words(page)) == (422, True)
    assert 'aria-describedby="output-hint output-error"' in page.text
    assert ada.get("/mentions/4711").status == 404


def test_the_number_of_a_mention_leads_to_it(ada: Somebody, ids: dict[str, int]) -> None:
    assert went(ada.get(f"/mentions?url={ids['a']}")) == f"/console/mentions/{ids['a']}"


def test_a_mention_is_refused_from_the_ledger_of_its_output_and_accepted_again(
    ada: Somebody, bob: Somebody, home: House, ids: dict[str, int]
) -> None:
    back = "/console/mentions?output=10.5555/one"
    shown = served_page(ada, ids)
    assert f"{AT}b" in shown

    assert ada.post(f"/mentions/{ids['b']}/refuse", why=" ", back=back).status == 422
    assert went(ada.post(f"/mentions/{ids['b']}/refuse", why="another work", back=back)) == back
    late = bob.post(f"/mentions/{ids['b']}/refuse", why="I think so too")

    assert late.status == 409
    assert "was refused already, by ada: another work" in words(late)
    assert f"{AT}b" not in served_page(ada, ids)
    assert f"{AT}b" not in ledger(home)
    assert "ada : another work" in words(bob.get(f"/mentions?url={AT}b"))
    assert (
        went(bob.post(f"/mentions/{ids['b']}/accept", back="https://evil.example/")) == f"/console/mentions/{ids['b']}"
    )
    assert bob.post(f"/mentions/{ids['b']}/accept").status == 404
    assert f"{AT}b" in served_page(ada, ids)
    assert [each for each in audit(home) if each[2] == f"mention:{ids['b']}"] == [
        ("ada", "mention refuse", f"mention:{ids['b']}"),
        ("bob", "mention accept", f"mention:{ids['b']}"),
    ]


def test_the_page_of_a_mention_quotes_what_was_seen_and_says_how_it_was_found(
    ada: Somebody, ids: dict[str, int]
) -> None:
    page = ada.get(f"/mentions/{ids['seen']}")

    assert re.search(r"plain-doi ?, literal version 3 of what found it", words(page))
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; doi:10.5555/later</bdi></q>" in page.text


def test_one_tie_is_refused_confirmed_and_accepted_on_the_page_of_the_mention(
    ada: Somebody, bob: Somebody, home: House, ids: dict[str, int]
) -> None:
    here, of_two = f"/mentions/{ids['c']}", {"output": "doi:10.5555/two"}
    assert ada.post(f"{here}/refuse", why=" ", **of_two).status == 422
    assert ada.post(f"{here}/confirm", why="", **of_two).status == 422

    assert went(ada.post(f"{here}/refuse", why="another work", **of_two)) == f"/console{here}"
    assert bob.post(f"{here}/refuse", why="so it is", **of_two).status == 409
    assert (f"{AT}c" in ledger(home, "two"), f"{AT}c" in ledger(home)) == (False, True)
    assert "doi:10.5555/two" in words(bob.get("/mentions/refused"))
    assert "ada : another work" in words(bob.get(here))
    assert went(bob.post(f"{here}/accept", **of_two)) == f"/console{here}"
    assert f"{AT}c" in ledger(home, "two")
    assert went(bob.post(f"{here}/confirm", why="I read it", **of_two)) == f"/console{here}"
    assert "confirmed by hand" in words(ada.get(here))
    assert [line[:2] for line in audit(home) if line[2] == f"mention:{ids['c']}"] == [
        ("ada", "mention refuse"),
        ("bob", "mention accept"),
        ("bob", "mention confirm"),
    ]


def served_page(somebody: Somebody, ids: dict[str, int]) -> str:
    return somebody.served.get(f"/outputs/{ids['output']}").text


def test_looking_is_in_the_audit_log(ada: Somebody, home: House, ids: dict[str, int]) -> None:
    for path in ("/mentions?output=10.5555/hidden", "/accounts?account=x:new1", "/gaming", "/reports"):
        ada.get(path)
    ada.get(f"/gaming/{ids['output']}/new-accounts")

    looked = {verb for actor, verb, _ in audit(home) if actor == "ada"}
    assert {"look at mentions", "account show", "gaming", "look at reports"} <= looked


def test_what_a_form_is_answered_with_is_looked_at_as_much(bob: Somebody, home: House) -> None:
    hidden = number(home, "h")
    fields = {"url": f"{AT}tried", "output": "10.5555/hidden", "source": "news", "at": "2026-02-01"}

    refused = bob.post(f"/mentions/{hidden}/refuse", why="")
    tried = bob.post("/mentions/add", step="try", **fields)

    assert ("Hidden work" in words(refused), "Hidden work" in words(tried)) == (True, True)
    looked = [tuple(line) for line in audit(home)]
    assert ("bob", "look at mention", str(hidden)) in looked
    assert ("bob", "look at mentions", "/mentions/add") in looked


def test_a_report_of_a_wrong_mention_is_dealt_with_in_one_step_and_once(
    ada: Somebody, bob: Somebody, home: House, ids: dict[str, int]
) -> None:
    id_ = report(home, "wrong", "one", mention=ids["c"], remark=f"this is of another <b>work</b> {EVIL}")
    page = ada.get("/reports")
    assert "this is of another <b>work</b>" in words(page).replace("&lt;", "<")
    assert f"A reader reported it as wrong (report {id_})" in page.text

    assert went(ada.post(f"/reports/{id_}/refuse", mention=ids["c"], why="A reader is right")) == "/console/reports"
    again = bob.post(f"/reports/{id_}/refuse", mention=ids["c"], why="A reader is right")

    assert again.status == 409
    assert bob.post(f"/reports/{id_}/close", why="done").status == 409
    assert home.json("report", "show", str(id_))["why"] == f"mention {ids['c']} was refused: A reader is right"
    assert f"{AT}c" not in ledger(home)
    assert "A reader is right" in words(ada.get("/reports?closed=1"))


def test_a_report_that_somebody_has_closed_lets_no_mention_be_refused_by_it(
    ada: Somebody, home: House, ids: dict[str, int]
) -> None:
    id_ = report(home, "wrong", "one", mention=ids["a"])
    home.ok("report", "close", str(id_), "--why", "it is right")

    assert ada.post(f"/reports/{id_}/refuse", mention=ids["a"], why="x").status == 409
    assert f"{AT}a" in ledger(home)


def test_a_mention_that_a_reader_misses_is_tried_and_then_added(ada: Somebody, home: House) -> None:
    id_ = report(home, "missed", "three", url="http://news.example/new?utm_source=x", remark="front page")
    form = ada.get(f"/mentions/add?report={id_}")
    told = dict(re.findall(r'<input[^>]* name="(url|output|report)"[^>]* value="([^"]*)"', form.text))
    assert told["url"] == "http://news.example/new?utm_source=x"
    fields = {"url": told["url"], "output": told["output"], "report": id_, "source": "news", "at": "2026-02-01"}

    tried = ada.post("/mentions/add", step="try", **fields)
    assert (tried.status, "Nothing is stored yet" in tried.text) == (200, True)
    assert ledger(home, "three") == {}
    added = went(ada.post("/mentions/add", step="add", **fields))
    again = ada.post("/mentions/add", step="add", **fields)

    assert ledger(home, "three").keys() == {f"{AT}new"}
    assert home.json("report", "show", str(id_))["why"] == f"added as mention {added.rpartition('/')[2]}"
    assert (again.status, "is known already" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "javascript:alert(1)"), ("url", ""), ("output", "10.5555/nowhere"), ("output", ""), ("at", "2026-02-31")],
)
def test_what_is_added_wrongly_is_said_beside_its_field_and_nothing_written_is_lost(
    ada: Somebody, home: House, field: str, value: str
) -> None:
    before = stores.run(home.folder, "SELECT count(*) FROM mention")
    fields = {"url": f"{AT}x", "output": "10.5555/one", "title": "Tides & more", "source": "news", field: value}

    page = ada.post("/mentions/add", step="add", **fields)

    assert page.status == 422
    assert f'id="{field}-error"' in page.text
    assert "Tides &amp; more" in page.text
    assert stores.run(home.folder, "SELECT count(*) FROM mention") == before


def test_a_tier_is_shown_what_it_changes_before_it_is_saved_and_two_who_say_so_at_once_are_told(
    ada: Somebody, bob: Somebody, home: House
) -> None:
    listed = words(ada.get("/outlets"))
    assert listed.index("The Daily") < listed.index("The Weekly")
    page = ada.get("/outlets/one?id=weekly")
    mark = re.search(r'name="mark" value="(\w+)"', page.text)[1]  # type: ignore[index]
    fields = {"id": "weekly", "mark": mark, "tier": "1", "country": "gb"}

    tried = ada.post("/outlets/one", step="try", **fields)
    wrong = ada.post("/outlets/one", step="save", **{**fields, "country": "UK"})
    assert "scored anew for it. Nothing is saved yet." in words(tried)
    looks = stores.run(home.folder, "SELECT DISTINCT subject FROM audit WHERE verb = 'look at outlet'")
    assert looks == [("/outlets/one",)]  # by a link or by a form; which outlet it was may be a name
    assert home.json("outlet", "list")["outlets"] == []
    assert (wrong.status, 'country "UK" is no code' in words(wrong)) == (422, True)
    assert went(bob.post("/outlets/one", step="save", **fields)) == "/console/outlets/one?id=weekly"
    late = ada.post("/outlets/one", step="save", **{**fields, "tier": "4"})

    assert (late.status, "somebody else has changed it meanwhile" in words(late)) == (409, True)
    (said,) = home.json("outlet", "list")["outlets"]
    assert (said["outlet"], said["tier"], said["country"], said["tier_by"]) == ("weekly", 1, "GB", "administrator")
    home.ok("outlet", "set", "weekly", "--tier", "", "--country", "")
    assert home.json("outlet", "list")["outlets"] == []
    assert home.run("outlet", "set", "weekly").code == 2


def test_an_account_is_looked_up_with_what_its_factor_is_made_of(ada: Somebody) -> None:
    page = words(ada.get("/accounts?account=x:new0"))

    assert "Its posts count" in page
    assert "its source 3 not known not known" in page
    assert "Nobody has spoken by that account" in words(ada.get("/accounts?account=x:nobody"))
    assert ada.get("/accounts?account=nonsense").status == 422


def test_a_finding_says_who_and_what_excluding_would_do(ada: Somebody, ids: dict[str, int]) -> None:
    found = words(ada.get("/gaming"))
    one = words(ada.get(f"/gaming/{ids['output']}/new-accounts"))

    assert "new-accounts" in found
    assert "New 0" in found
    with_, without = (float(re.search(rf"{name} them (\S+) points", one)[1]) for name in ("With", "Without"))  # type: ignore[index]
    assert with_ > without > 0
    assert ada.get(f"/gaming/{ids['output']}/same-account").status == 404
    assert ada.get("/gaming/4711/new-accounts").status == 404


# In a real browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(window: Watched, ids: dict[str, int]) -> Callable[[str], Page]:
    """A path below the console as a page, in one and the same window."""

    def open_(path: str) -> Page:
        page = window.page
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1200, "height": 800})
        page.goto(f"/console{path.format(**ids)}", wait_until="networkidle")
        return page

    return open_


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_nothing_is_cut_off(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert faults(page) == []


def test_what_a_tier_changes_is_said_without_leaving_the_page(opened: Callable[[str], Page]) -> None:
    page = opened("/outlets/one?id=daily")
    page.select_option("#tier", "4")
    page.fill("#name", "The Daily")
    page.get_by_role("button", name="Show what changes").click()

    page.get_by_text("Nothing is saved yet").wait_for()
    assert page.input_value("#name") == "The Daily"
    page.fill("#country", "UK")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("alert").wait_for()
