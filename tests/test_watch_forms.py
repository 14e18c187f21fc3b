"""Forms of readers: what is asked for wrongly, what is reported, the feed; and all of it in a real browser."""

from collections.abc import Iterator

import feedparser
import pytest
import stores
from alarm_ways import Post, post
from browser import Watched, chromium
from conftest import House
from playwright.sync_api import Browser
from served import Served, serving
from watching import ADDRESS, READER, send, watch, watched_by

REMARK = '<script>alert("x")</script> this page speaks of another work\x1b[31m'


@pytest.fixture(scope="module")
def mail() -> Iterator[Post]:
    with post(login=False) as kept:
        yield kept


@pytest.fixture(scope="module")
def house(scored: House, mail: Post, tmp_path_factory: pytest.TempPathFactory) -> House:
    return watched_by(scored.copy(tmp_path_factory.mktemp("forms") / "own"), mail)


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[Served]:
    with serving(house.folder) as found:
        yield found


@pytest.fixture(scope="module")
def works(house: House) -> list[dict[str, str]]:
    return sorted((row for row in house.rows() if row["doi"]), key=lambda row: -row["millipoints"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.org", "ann@example.org\r\nBcc: bob@example.org", "ann@example.org, bob@example.org",
     "Ann <ann@example.org>", "ann@exa mple.org", "a" * 250 + "@example.org", "ann\u00e9@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_said_beside_its_field_and_stored_nowhere(
    house: House, served: Served, works: list[dict[str, str]], address: str
) -> None:
    reply = watch(served, works[0]["output"], address)

    assert reply.status == 422
    assert 'aria-invalid="true"' in reply.text
    assert 'aria-describedby="email-hint email-error"' in reply.text
    assert stores.run(house.folder, "SELECT * FROM watcher") == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": "", "origin": "https://evil.example.net"}, 403),
        ({"content_type": "text/plain"}, 200),
        ({"content_type": "multipart/form-data; boundary=x"}, 200),
    ],
)
def test_forms_of_other_sites_and_other_kinds_ask_for_nothing(
    house: House, served: Served, works: list[dict[str, str]], headers: dict[str, str], status: int
) -> None:
    reply = send(served, "/watch", form={"email": READER, "output": works[0]["output"]}, **headers)

    assert reply.status == status
    assert stores.run(house.folder, "SELECT * FROM watcher") == []


def test_a_form_that_is_too_large_is_refused_and_other_methods_are(served: Served) -> None:
    large = [send(served, path, form="x=" + "y" * 20_000) for path in ("/watch", f"/watch/leave/{'x' * 43}")]
    other = served.get("/watch", method="PUT")
    none = served.get("/", method="POST")

    assert [reply.status for reply in large] == [413, 413]
    assert (other.status, other.header("allow")) == (405, "GET, HEAD, POST")
    assert (none.status, none.header("allow")) == (405, "GET, HEAD")


def test_the_feed_has_the_newest_mentions_and_stays_the_same(
    house: House, served: Served, works: list[dict[str, str]]
) -> None:
    output = works[0]["output"]
    reply = served.get(f"/outputs/{output}/mentions.atom")
    again = served.get(f"/outputs/{output}/mentions.atom", if_none_match=reply.header("etag"), accept_language="de")
    told = feedparser.parse(reply.body)
    ledger = house.json("explain", works[0]["doi"])["ledger"]

    assert (reply.status, again.status) == (200, 304)
    assert reply.header("cache-control") == "public, max-age=300"
    assert reply.header("content-type") == "application/atom+xml; charset=utf-8"
    assert (told.bozo, told.version) == (False, "atom10")
    assert told.feed.title == f"Mentions of {works[0]['title']}"
    assert told.feed.id == f"{ADDRESS}/outputs/{output}"
    assert {entry.id for entry in told.entries} == {f"{ADDRESS}/mentions/{line['mention']}" for line in ledger}
    assert {entry.link for entry in told.entries} == {line["url"] for line in ledger}
    assert {entry.summary.partition("; ")[2] for entry in told.entries} <= {
        "counts in the score", "does not count in the score",
    }  # fmt: skip
    assert served.get("/outputs/4711/mentions.atom").whole == served.get("/nothing/at/all").whole


def test_what_is_reported_is_for_administrators_until_somebody_has_dealt_with_it(
    house: House, served: Served, works: list[dict[str, str]]
) -> None:
    output = works[0]["output"]
    mention = house.json("explain", works[0]["doi"])["ledger"][0]["mention"]
    path = f"/outputs/{output}/report"
    chosen = served.get(f"{path}?mention={mention}")
    wrong = send(served, path, form={"kind": "wrong", "mention": mention, "remark": REMARK, "email": READER})
    missed = send(served, path, form={"kind": "missed", "url": "https://news.example.com/missed"})
    rows = house.json("report", "list")["reports"]
    first, second = (house.json("report", "show", str(row["id"])) for row in rows)
    shown = house.ok("report", "show", str(rows[0]["id"]))
    pages = served.get(f"/outputs/{output}").text + served.get(path).text

    assert f'<option value="{mention}" selected>' in chosen.text
    assert wrong.whole == missed.whole
    assert wrong.status == 200
    assert (first["kind"], first["mention"], first["address"]) == ("wrong", mention, READER)
    assert first["remark"].startswith("<script>")
    assert (second["kind"], second["mention"], second["url"]) == ("missed", None, "https://news.example.com/missed")
    assert "\x1b" not in shown
    assert "this page speaks of another work" not in pages
    assert house.json("status")["reports"] == {"open": 2, "closed": 0}

    closed = house.json("report", "close", str(rows[0]["id"]), "--why", "taken back")
    assert closed["why"] == "taken back"
    assert house.run("report", "close", str(rows[0]["id"]), "--why", "x").code == 1
    assert [row["id"] for row in house.json("report", "list")["reports"]] == [rows[1]["id"]]
    assert len(house.json("report", "list", "--all")["reports"]) == 2
    audit = stores.run(house.folder, "SELECT verb, subject FROM audit WHERE verb LIKE 'report%'")
    assert ("report close", f"report:{rows[0]['id']}") in [tuple(row) for row in audit]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"kind": "missed"}, "url"),
        ({"kind": "wrong", "remark": "which?"}, "url"),
        ({"kind": "missed", "url": "javascript:alert(1)"}, "url"),
        ({"kind": "missed", "url": "https://"}, "url"),
        ({"kind": "missed", "url": "https://x.example/" + "a" * 2000}, "url"),
        ({"kind": "missed", "remark": "x" * 1001}, "remark"),
        ({"kind": "missed", "remark": "x", "email": "ann"}, "email"),
    ],
)
def test_what_is_reported_wrongly_is_said_beside_its_field_and_nothing_written_is_lost(
    house: House, served: Served, works: list[dict[str, str]], form: dict[str, object], field: str
) -> None:
    before = stores.run(house.folder, "SELECT count(*) FROM report")
    reply = send(served, f"/outputs/{works[0]['output']}/report", form=form)

    assert reply.status == 422
    assert f'id="{field}-error"' in reply.text
    assert all(str(text) in reply.text for name, text in form.items() if name in ("url", "remark", "email"))
    assert stores.run(house.folder, "SELECT count(*) FROM report") == before


def test_a_report_of_what_is_hidden_or_unknown_finds_no_page(
    house: House, served: Served, works: list[dict[str, str]]
) -> None:
    hidden = works[-1]
    house.ok("hide", hidden["doi"], "--why", "asked")
    form = {"kind": "missed", "url": "https://news.example.com/x"}
    asked = [hidden["output"], "4711", "x"]
    posts = {send(served, f"/outputs/{output}/report", form=form).whole for output in asked}
    gets = {served.get(f"/outputs/{output}/report").whole for output in asked}

    assert posts == gets == {served.get("/nothing/at/all").whole}
    house.ok("unhide", hidden["doi"])


def test_the_forms_are_filled_in_by_keyboard_alone(
    house: House, served: Served, works: list[dict[str, str]], browser: Browser
) -> None:
    page = browser.new_page()
    watched = Watched(page)
    page.goto(f"{served.public}/outputs/{works[0]['output']}")
    page.get_by_role("link", name="Watch", exact=True).press("Enter")
    page.wait_for_url("**/watch?output=*")
    field = page.get_by_label("Your e-mail address")
    attributes = [field.get_attribute(name) for name in ("type", "autocomplete", "required")]
    field.focus()
    page.keyboard.type("ann")
    page.keyboard.press("Enter")
    error = page.get_by_text("This is no e-mail address")
    error_id = error.get_attribute("id")
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    title = page.title()
    page.keyboard.press("Control+A")
    page.keyboard.type("keys@reader.example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("heading", name="One more step").wait_for()

    assert attributes == ["email", "email", ""]
    assert error_id in described.split()
    assert title.startswith("Error: ")
    assert [each for each in watched.complaints if "422" not in each] == []
    assert [row[0] for row in stores.run(house.folder, "SELECT address FROM watcher")] == ["keys@reader.example.org"]
    assert page.context.cookies() == []
    page.close()


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_with_forms_fit_their_window_and_their_targets_are_large_enough(
    served: Served, works: list[dict[str, str]], browser: Browser, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(page)
    for path in (f"/watch?output={works[0]['output']}", f"/outputs/{works[0]['output']}/report"):
        page.goto(served.public + path)
        assert watched.overflow() == 0
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main select, main textarea, main label, .field input')]
               .filter(each => each.getBoundingClientRect().height < 24).length"""
        )
        assert small == 0
        unnamed = page.evaluate("[...document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea)')]"
                                ".filter(each => !each.labels.length).length")  # fmt: skip
        assert unnamed == 0
    page.close()
