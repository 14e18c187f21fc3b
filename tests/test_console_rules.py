"""Rule sets in the console: read, copied, edited, compared and put in force by whom it may be, and no other file
touched."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest
from browser import Watched, faults
from conftest import House
from console_visitor import Somebody, a_server, a_window, somebody, words
from served import Reply

from badges.console import rule_form
from badges.console.one_at_a_time import OneAtATime
from scoring import rules

SETTINGS = """# Kept by the library.
[score]   # what counts
rules = "published-2020"   # since 2026
versions = true

[connections.local]
kind = "files"
path = "import"
"""
NUMBERS = count()
FORGED = ("../evil", "a/b", "Evil", "evil.toml", "", "e" * 61, "evil\n", "e vil", "évil", "%2e%2e", "..")


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = scored.copy(tmp_path_factory.mktemp("console") / "house")
    house.write(SETTINGS)
    house.file.chmod(0o640)
    house.ok("score")
    return house


served, ada, eddy, window = a_server(), somebody("ada"), somebody("eddy", "editor"), a_window()


@pytest.fixture
def mine(home: House, ada: Somebody) -> Iterator[Path]:
    """A copy of Ringmark's own, under a name that was not there before; gone afterwards."""
    name = f"mine-{next(NUMBERS)}"
    file = home.folder / "rules" / f"{name}.toml"
    assert ada.post("/rules/ringmark-2026/copy", new=name).status == 303
    yield file
    if f'rules = "{name}"' in home.file.read_text():
        home.ok("rules", "use", "published-2020", "--why", "as it was")
    home.ok("rules", "delete", name)


def seen(page: Reply) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{32})"', page.text)[1]  # type: ignore[index]


def fields(file: Path, **changed: str) -> dict[str, str]:
    """What the form would send, with some of it changed; `__` stands for the dots in a field's name."""
    told = rule_form.shown(tomllib.loads(file.read_text()))
    told |= {name.replace("__", "."): value for name, value in changed.items()}
    return {name: value for name, value in told.items() if value}


def edit(who: Somebody, file: Path, mark: str = "", **changed: str) -> Reply:
    mark = mark or seen(who.get(f"/rules/{file.stem}/edit"))
    return who.post(f"/rules/{file.stem}/edit", **{"seen": mark, **fields(file, **changed)})


def audited(home: House, verb: str) -> list[str]:
    return [row[0] for row in home.stored("SELECT detail FROM audit WHERE verb = ? ORDER BY id", verb)]


def test_all_rule_sets_are_listed_with_what_is_wrong_with_those_that_cannot_be_used(
    home: House, eddy: Somebody, mine: Path
) -> None:
    broken = home.folder / "rules" / "bad<b>.toml"
    broken.write_text(mine.read_text().replace("reddit = {", "redit = {"))

    said, shown = eddy.get("/rules"), eddy.get("/rules/bad%3Cb%3E")
    broken.unlink()

    for page in (said, shown):
        assert "sources.reddit is missing" in words(page)
        assert 'sources.redit is an unknown source; did you mean "reddit"?' in words(page)
        assert "<b>" not in page.text
    assert re.search(r"published-2020 1 published weights of 2020; .*? Ringmark's in force", words(said))
    assert re.search(rf"{mine.stem} 1 copy of ringmark-2026 1 yours not in force", words(said))


def test_a_rule_set_is_shown_to_its_last_constant(eddy: Somebody) -> None:
    said = words(eddy.get("/rules/ringmark-2026"))

    for line in (
        "x account 1 0.85 times the account's factor rounded up to a whole point published",
        "podcast show 1 1 ours",
        "mendeley author never counts published",
        "not known 1, as tier 4",
        "1,000,000 1.1 not told 0.25",
        "90 % 0.25",
        "account factor 0.25 1.1",
        "reach of a blog 0 2 1",
        "news 10 5.5",
        "Left out Nothing",
    ):
        assert line in said
    assert "Edit" not in said


def test_a_copy_is_edited_in_points_and_written_in_thousandths_with_its_comments(
    home: House, ada: Somebody, mine: Path
) -> None:
    mine.write_text(mine.read_text().replace("2 = 7000", "2 = 7000  # as agreed"))
    mine.chmod(0o604)

    went = edit(ada, mine, version="2", tiers__2="6.125", curves__reach="0: 0.3\n5000: 1", counts__reddit="1: 0.2")

    assert (went.status, went.header("location")) == (303, f"/console/rules/{mine.stem}?done=edit")
    assert "2 = 6125  # as agreed" in mine.read_text()
    assert mine.stat().st_mode & 0o777 == 0o604
    read = rules.load(mine.stem, mine.parent)
    assert (read.version, read.tiers[1]) == ("2", 6125)
    assert [(step.start, step.milli) for step in read.curves["reach"]] == [(0, 300), (5000, 1000)]
    assert [(step.start, step.milli) for step in read.counts["reddit"]] == [(1, 200)]
    assert re.search('"constants":.*counts.reddit', audited(home, "rules edit")[-1])
    assert [each.name for each in mine.parent.iterdir()] == [mine.name]


def test_a_change_of_constants_needs_a_version_that_stood_for_no_others(ada: Somebody, mine: Path) -> None:
    before = mine.read_text()

    same = edit(ada, mine, tiers__2="6")
    said = edit(ada, mine, summary="other words alone")
    again = edit(ada, mine, version="2", tiers__2="6"), edit(ada, mine, version="1", tiers__2="5")
    back = edit(ada, mine, version="1", tiers__2="7")

    assert same.status == 422
    assert "must be another, such as 2: 1 stood for other constants, and scores carry it" in words(same)
    assert said.status == 303
    assert [each.status for each in again] == [303, 422]
    assert back.status == 303  # which is what version 1 stood for
    assert mine.read_text() == before.replace("copy of ringmark-2026 1", "other words alone")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(ada: Somebody, mine: Path) -> None:
    before = mine.read_text()

    wrong = edit(ada, mine, version="2", tiers__2="9", sources__reddit__millipoints="0,3", curves__bias="5: 1")

    assert wrong.status == 422
    for at, said in (
        ("tiers.1", "overlap: a higher tier must not be worth less than a lower one"),
        ("sources.reddit.millipoints", "write a number such as 0.85, with at most three decimals"),
        ("curves.bias", "must begin at 0"),
    ):
        assert f'<a href="#{at}">' in wrong.text
        assert re.search(rf'id="{re.escape(at)}-error">{re.escape(said)}', wrong.text)
    assert 'value="0,3"' in wrong.text
    assert mine.read_text() == before


def test_two_administrators_at_once_see_what_each_wrote(ada: Somebody, mine: Path) -> None:
    mark = seen(ada.get(f"/rules/{mine.stem}/edit"))
    old = mine.read_text()
    assert edit(ada, mine, version="2", tiers__2="6.5").status == 303
    theirs, now = fields(mine, version="3", tiers__2="5", summary="<b>hers</b>"), mine.read_text()

    late = ada.post(f"/rules/{mine.stem}/edit", **{"seen": mark, **theirs})

    assert late.status == 409
    assert "somebody else has changed it meanwhile" in words(late)
    assert "version 2 3" in words(late)
    assert "tiers.2 6500 5000" in words(late)
    assert "<b>" not in late.text
    assert (mine.read_text(), old == now) == (now, False)
    assert ada.post(f"/rules/{mine.stem}/edit", **{"seen": seen(late), **theirs}).status == 303
    assert rules.load(mine.stem, mine.parent).tiers[1] == 5000


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_name_makes_no_file(home: House, ada: Somebody, name: str) -> None:
    before = sorted(str(each) for each in home.folder.rglob("*.toml"))

    sent = ada.post("/rules/ringmark-2026/copy", new=name)
    asked = [ada.get(f"/rules/{quote(name, safe='')}{end}") for end in ("/edit", "/use", "/delete", "/compare/scores")]

    stripped = name.strip() == "evil"
    assert sent.status == (303 if stripped else 422)  # blanks around a name are no part of it
    assert {each.status for each in asked} <= {404, 303} if name else True
    if stripped:
        home.ok("rules", "delete", "evil")
    assert sorted(str(each) for each in home.folder.rglob("*.toml")) == before


def test_a_copy_takes_no_name_that_is_there(ada: Somebody, mine: Path) -> None:
    before = mine.read_text()

    for name in ("ringmark-2026", mine.stem):
        refused = ada.post("/rules/published-2021/copy", new=name)
        assert refused.status == 409
        assert f"there is a rule set {name} already" in words(refused)

    assert mine.read_text() == before


def test_a_name_that_was_there_before_goes_on_with_its_versions(home: House, ada: Somebody) -> None:
    for version in ("1", "2"):
        ada.post("/rules/published-2021/copy", new="anew")
        assert rules.load("anew", home.folder / "rules").version == version
        home.ok("rules", "delete", "anew")


def test_forged_fields_change_nothing_else(ada: Somebody, mine: Path) -> None:
    more = {"name": "published-2020", "sources.evil.millipoints": "9", "tiers.5": "1", "sources.x.unit": "author"}

    def sent() -> Reply:
        told = {**fields(mine, version="2"), **more, "seen": seen(ada.get(f"/rules/{mine.stem}/edit"))}
        return ada.post(f"/rules/{mine.stem}/edit", **told)

    refused = sent()
    more["sources.x.unit"] = "account"
    taken = sent()

    assert (refused.status, taken.status) == (422, 303)
    assert "must be account or source" in words(refused)
    assert rules.load(mine.stem, mine.parent).name == mine.stem
    assert "evil" not in mine.read_text()
    assert ada.post(f"/rules/{mine.stem}/edit", csrf="0" * 32, **fields(mine, version="3")).status == 403


def test_an_editor_looks_and_changes_nothing(home: House, eddy: Somebody, mine: Path) -> None:
    before = home.file.read_text(), mine.read_text()

    assert eddy.get(f"/rules/{mine.stem}/compare").status == eddy.get("/score").status == 200
    assert eddy.get(f"/rules/{mine.stem}/edit").status == eddy.get(f"/rules/{mine.stem}/use").status == 403
    for path, told in (("copy", {"new": "hers"}), ("use", {"why": "x"}), ("delete", {}), ("edit", fields(mine))):
        assert eddy.post(f"/rules/{mine.stem}/{path}", **told).status == 403

    assert (home.file.read_text(), mine.read_text()) == before
    assert [each.name for each in mine.parent.iterdir()] == [mine.name]


def test_those_that_come_with_ringmark_stay_as_they_are(ada: Somebody) -> None:
    for path in ("edit", "delete"):
        assert ada.get(f"/rules/ringmark-2026/{path}").status == 409
        assert ada.post(f"/rules/ringmark-2026/{path}", seen="0" * 32).status == 409


def test_what_the_preview_says_is_what_is_published_after_the_switch(home: House, ada: Somebody, mine: Path) -> None:
    assert edit(ada, mine, version="2", sources__news__millipoints="900", tiers__1="900",
                sources__wikipedia__millipoints="0").status == 303  # fmt: skip
    before = {row["output"]: row["millipoints"] for row in home.rows("internal")}
    preview = words(ada.get(f"/rules/{mine.stem}/compare/scores"))
    told = home.json("rules", "diff", "published-2020", mine.stem)

    went = ada.post(f"/rules/{mine.stem}/use", why="a trial", seen=seen(ada.get(f"/rules/{mine.stem}/use")))
    waits = words(ada.get("/score?done=use"))
    home.ok("score")

    after = {row["output"]: row["millipoints"] for row in home.rows("internal")}
    assert went.header("location") == "/console/score?done=use"
    assert f"{mine.stem} is in force" in waits
    assert "all outputs The rule set is another" in waits
    assert {row["output"]: row["b"]["millipoints"] for row in told["changes"]} == {
        output: points for output, points in after.items() if points != before[output]
    }
    up, down = (sum((after[o] - before[o]) * sign > 0 for o in before) for sign in (1, -1))
    zero = sum(bool(before[output]) and not after[output] for output in before)
    assert f"{up + down} would have another score" in preview
    assert f"have a higher score {up} have a lower score {down} fall to zero {zero}" in preview
    above = sum(points > 499_000 for points in after.values())
    assert f"500 and more 0 {above} " in preview
    assert above
    assert "look at changed scores" in {row[0] for row in home.stored("SELECT verb FROM audit")}
    now = words(ada.get("/score"))
    assert f"{mine.stem} 2 put in force after published-2020 1 ada a trial" in now
    stored = len(home.stored("SELECT 1 FROM score WHERE output_id > 0"))
    assert f"{stored} of {stored} scores that are stored were made with it" in now


def test_a_switch_leaves_all_else_in_the_settings_as_it_was(home: House, ada: Somebody, mine: Path) -> None:
    before = home.file.read_text()

    mark = seen(ada.get(f"/rules/{mine.stem}/use"))
    assert ada.post(f"/rules/{mine.stem}/use", why="a trial", seen=mark).status == 303

    assert home.file.read_text() == before.replace(
        'rules = "published-2020"   # since', f'rules = "{mine.stem}"   # since'
    )  # fmt: skip
    assert "# Kept by the library." in before
    assert home.file.stat().st_mode & 0o777 == 0o640
    assert home.stored("SELECT count(*) FROM errand WHERE verb = 'score' AND ended_at = 0")[0][0] == 1
    assert ada.post(f"/rules/{mine.stem}/delete").status == 409
    assert mine.exists()


def test_a_switch_that_goes_by_older_settings_or_gives_no_reason_is_refused(home: House, ada: Somebody) -> None:
    mark = seen(ada.get("/rules/published-2021/use"))
    home.file.write_text(home.file.read_text() + "# a line more\n")
    before = home.file.read_text()

    late, dumb = (ada.post("/rules/published-2021/use", why=why, seen=mark) for why in ("x", " "))

    assert (late.status, dumb.status) == (409, 422)
    assert "somebody else has changed it meanwhile" in words(late)
    assert "why: is empty" in words(dumb)
    assert home.file.read_text() == before
    assert 'rules = "published-2020"' in before


def test_what_takes_long_is_worked_out_by_one_at_a_time_and_kept() -> None:
    desk, begun, go = OneAtATime[int](), Event(), Event()
    found: list[int | None] = []

    def slow() -> int:
        begun.set()
        go.wait(30)
        return 1

    one = Thread(target=lambda: found.append(desk.get("a", slow)))
    one.start()
    begun.wait(30)
    assert desk.get("b", lambda: 2) is None
    go.set()
    one.join(30)

    assert found == [1]
    assert desk.get("a", lambda: 3) == 1
    assert desk.get("b", lambda: 2) == 2


@pytest.fixture
def opened(window: Watched) -> Callable[[str], Watched]:
    """A page of the console in a real browser, signed in."""

    def page(path: str) -> Watched:
        window.complaints.clear()
        window.page.set_viewport_size({"width": 1200, "height": 800})
        window.page.goto(f"/console{path}", wait_until="networkidle")
        return window

    return page


@pytest.mark.parametrize("below", ["", "/edit", "/compare", "/compare/scores", "/use", "/delete"])
def test_every_page_of_a_rule_set_can_be_used_by_everybody(
    opened: Callable[[str], Watched], mine: Path, below: str
) -> None:
    watched = opened(f"/rules/{mine.stem}{below}")

    assert faults(watched.page) == []
    assert watched.complaints == []


def test_the_lists_can_be_used_by_everybody(opened: Callable[[str], Watched]) -> None:
    for path in ("/rules", "/score"):
        watched = opened(path)
        assert faults(watched.page) == []
        assert watched.complaints == [], path


def test_somebody_edits_in_a_browser_and_sees_what_would_change(opened: Callable[[str], Watched], mine: Path) -> None:
    page = opened(f"/rules/{mine.stem}/edit").page
    page.get_by_role("textbox", name="Version").fill("2")
    page.get_by_label("points of tier 2").fill("9")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == ["tiers.1"]

    page.get_by_label("points of tier 2").fill("7.5")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text() == "It is saved."
    page.get_by_role("link", name="Compare with what is in force").click()

    changed = page.get_by_text(re.compile("would have another score"))
    changed.wait_for()
    assert rules.load(mine.stem, mine.parent).tiers[1] == 7500
    assert page.get_by_role("row", name=re.compile("^tiers.2 7000 7500$")).count() == 1


def test_the_umask_decides_the_mode_of_a_copy(mine: Path) -> None:
    before = os.umask(0)
    os.umask(before)

    assert mine.stat().st_mode & 0o777 == 0o666 & ~before
