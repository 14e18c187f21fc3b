"""The scope editor: what would be done is shown, and only what was shown is done."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlencode

import pytest
from conftest import House
from console_visitor import Somebody, a_server, signed_in, somebody, words
from scope_house import ALL, LOCAL, MARKED, OUTPUTS, file, seen, told
from served import Reply, Served

CURRENT = ALL | {"status": "current"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    return told(tmp_path_factory.mktemp("scope") / "house")


served, ada = a_server(), somebody("ada")


@pytest.fixture(autouse=True)
def everybody(home: House) -> Iterator[None]:
    """Each test begins and ends with the same scope and data."""
    yield
    (home.folder / "import" / "outputs.csv").write_text(OUTPUTS)
    home.write(LOCAL).ok("sync")
    home.ok("scope", "apply", file(home))


def preview(somebody: Somebody, scope: dict[str, str], **more: str) -> Reply:
    return somebody.get(f"/scope/preview?{urlencode(scope)}", **more)


def applied(somebody: Somebody, scope: dict[str, str], shown: str, why: str = "as agreed", **more: str) -> Reply:
    return somebody.post(f"/scope?{urlencode(scope)}", seen=shown, why=why, **more)


def status(home: House) -> str:
    return str(home.json("scope", "show")["status"])


def test_a_preview_tells_who_would_see_what_and_changes_nothing(ada: Somebody, home: House) -> None:
    page = preview(ada, CURRENT)

    said = words(page)
    assert page.status == 200
    assert "For the public 2 outputs would vanish, 1 person would vanish." in said
    assert "For members (internal) 2 outputs would vanish, 2 people would vanish." in said
    assert re.search(r"Public: outputs 3 1 0 2 ", said)
    assert "doi:10.5555/three" in said
    assert home.json("scope", "preview", file(home, status="current"))["public"]["outputs"]["vanish"] == [
        "doi:10.5555/three",
        "doi:10.5555/two",
    ]
    assert status(home) == "all"


def test_the_page_comes_without_names_and_asks_for_the_rest(ada: Somebody, home: House) -> None:
    before = home.stored("SELECT count(*) FROM audit WHERE verb = 'look at scope preview' AND actor = 'ada'")

    page = ada.get(f"/scope?{urlencode(CURRENT)}")

    assert 'id="status-current" name="status" value="current" checked' in page.text
    assert f'hx-get="/console/scope/preview?{urlencode(CURRENT).replace("&", "&amp;")}" hx-trigger="load"' in page.text
    assert not {name for name in ("Alder", "Birch", "&lt;b&gt;", "10.5555") if name in page.text}
    assert home.stored("SELECT count(*) FROM audit WHERE verb = 'look at scope preview' AND actor = 'ada'") == before
    preview(signed_in(ada.served, home, name="grace"), CURRENT)
    assert home.stored("SELECT count(*) FROM audit WHERE verb = 'look at scope preview' AND actor = 'grace'") == [(1,)]


def test_what_was_shown_is_applied_written_down_and_can_be_undone(ada: Somebody, home: House) -> None:
    before = home.rows()

    went = applied(ada, CURRENT, seen(preview(ada, CURRENT)), "only those who are here")

    assert went.status == 303
    assert home.dois() == {"10.5555/one"}
    path = went.header("location").removeprefix("/console")
    page = words(ada.get(path))
    assert "only those who are here" in page
    assert "Public: outputs 0 2" in page
    change = int(path.rpartition("/")[2])
    back = ada.get(f"/scope/preview?undo={change}")
    assert f"undo of change {change}</textarea>" in back.text
    action = re.search(r'id="scope-apply"[^>]*action="/console([^"]*)"', back.text)[1].replace("&amp;", "&")  # type: ignore[index]
    undone = ada.post(action, seen=seen(back), why="too narrow")
    assert undone.status == 303
    assert home.rows() == before
    assert [each["why"] for each in home.json("scope", "history")["changes"]][:2] == [
        "too narrow",
        "only those who are here",
    ]


def test_a_preview_that_is_older_than_the_data_is_refused_and_shown_again(ada: Somebody, home: House) -> None:
    shown = seen(preview(ada, CURRENT))
    (home.folder / "import" / "outputs.csv").write_text(OUTPUTS.replace("Work two,public", "Work two,private"))
    home.ok("sync")

    refused = applied(ada, CURRENT, shown)

    assert refused.status == 409
    assert "Nothing was changed" in words(refused)
    assert "For the public audience, outputs that would vanish: 1 now, not 2." in words(refused)
    assert "as agreed</textarea>" in refused.text
    assert status(home) == "all"
    assert applied(ada, CURRENT, seen(refused)).status == 303
    assert status(home) == "current"


def test_as_many_others_are_not_what_was_shown(ada: Somebody, home: House) -> None:
    shown = seen(preview(ada, CURRENT))
    text = OUTPUTS.replace("Work two,public", "Work two,private")
    (home.folder / "import" / "outputs.csv").write_text(text + "five,Work five,public,10.5555/five\n")
    links = home.folder / "import" / "authorships.csv"
    before = links.read_text()
    links.write_text(before + "five,eve,public\n")
    try:
        home.ok("sync")
        refused = applied(ada, CURRENT, shown)
    finally:
        links.write_text(before)

    assert refused.status == 409
    assert "10.5555/five" in refused.text
    assert status(home) == "all"


def test_data_that_make_no_difference_to_a_change_do_not_stand_in_its_way(ada: Somebody, home: House) -> None:
    shown = seen(preview(ada, CURRENT))
    (home.folder / "import" / "outputs.csv").write_text(OUTPUTS.replace("Work one", "Another title"))
    home.ok("sync")

    assert applied(ada, CURRENT, shown).status == 303


def test_of_two_administrators_the_second_is_told_who_was_first(ada: Somebody, home: House, served: Served) -> None:
    grace = signed_in(served, home, name="grace")
    narrower = ALL | {"outputs": "public"}
    hers, his = seen(preview(grace, narrower)), seen(preview(ada, CURRENT))
    assert applied(grace, narrower, hers, "no internal ones").status == 303

    refused = applied(ada, CURRENT, his)

    said = words(refused)
    assert refused.status == 409
    assert "grace has changed the scope at 20" in said
    assert "least visibility of outputs internal to public" in said
    assert "because: no internal ones" in said
    assert "Least visibility of outputs: from Public to Internal" in said
    assert home.json("scope", "show")["visibility"]["outputs"] == "public"
    assert status(home) == "all"


def test_an_undo_of_what_is_not_the_newest_is_refused_and_says_who_was_first(ada: Somebody, home: House) -> None:
    first = applied(ada, CURRENT, seen(preview(ada, CURRENT))).header("location").rpartition("/")[2]
    back = ada.get(f"/scope/preview?undo={first}")
    home.ok("scope", "apply", file(home, profile="academic"))

    refused = ada.post(f"/scope?{urlencode(ALL)}&undo={first}", seen=seen(back), why="back")

    assert refused.status == 409
    assert f"change {first} of the scope is not the newest" in words(refused)
    assert home.json("scope", "show")["profile"] == "academic"
    assert 'name="seen"' in refused.text


@pytest.mark.parametrize("shown", ["", "x", "[]", "{}", '{"mark":"00","change":1,"did":{}}', '{"mark":1,"change":-1}',
                                   '{"mark":"","change":0,"did":{"public":{"outputs":[]}}}'])  # fmt: skip
def test_what_never_was_shown_is_not_done(ada: Somebody, home: House, shown: str) -> None:
    refused = applied(ada, CURRENT, shown)

    assert refused.status in (409, 422)
    assert status(home) == "all"
    assert seen(refused)


def test_what_was_shown_of_one_choice_is_not_good_for_another(ada: Somebody, home: House) -> None:
    refused = applied(ada, ALL | {"people": "private", "authorships": "private"}, seen(preview(ada, CURRENT)))

    assert refused.status == 409
    assert home.json("scope", "show")["visibility"]["people"] == "internal"


def test_a_choice_that_was_changed_beside_the_preview_is_shown_first(ada: Somebody, home: House) -> None:
    refused = applied(ada, CURRENT, seen(preview(ada, CURRENT)), **(ALL | {"profile": "academic"}))

    assert refused.status == 422
    assert "Profile: from All to Academic" in words(refused)
    assert (status(home), home.json("scope", "show")["profile"]) == ("all", "all")


def test_a_change_without_a_reason_is_not_made(ada: Somebody, home: House) -> None:
    looks = "SELECT count(*) FROM audit WHERE verb = 'look at scope preview' AND subject = '/scope'"
    before = home.stored(looks)[0][0]
    refused = applied(ada, CURRENT, seen(preview(ada, CURRENT)), why=" ")

    assert home.stored(looks) == [(before + 1,)]  # what is shown again was looked at again

    assert refused.status == 422
    assert 'id="why-error"' in refused.text
    assert status(home) == "all"


@pytest.mark.parametrize("field", list(ALL))
@pytest.mark.parametrize("value", ["sometimes", "PUBLIC", "<script>", "0"])
def test_a_value_that_is_none_is_named_at_its_field_and_nothing_is_worked_out(
    ada: Somebody, home: House, field: str, value: str
) -> None:
    for path in ("/scope", "/scope/preview"):
        page = ada.get(f"{path}?{urlencode(CURRENT | {field: value})}")
        assert page.status == 422
        assert "is none of" in words(page)
        assert "<script>" not in page.text.replace('<script src="', "")
        assert 'name="seen"' not in page.text
    assert applied(ada, CURRENT | {field: value}, "x").status == 422
    assert status(home) == "all"


def test_a_level_that_a_connection_does_not_keep_is_refused_by_its_name(ada: Somebody, home: House) -> None:
    wider = ALL | {"people": "private"}
    shown = seen(preview(ada, wider))
    home.write(LOCAL + 'keep = "internal"\n')

    page, refused = preview(ada, wider), applied(ada, wider, shown)

    for each in (page, refused):
        assert each.status == 422
        assert '"private" is below keep = "internal" of connections.local' in words(each)
    assert home.json("scope", "show")["visibility"]["people"] == "internal"


def test_an_editor_may_look_and_not_apply(served: Served, home: House) -> None:
    edith = signed_in(served, home, role="editor", name="edith")
    page = preview(edith, CURRENT)

    assert page.status == 200
    assert 'id="scope-apply"' not in page.text
    assert applied(edith, CURRENT, "{}").status == 403
    assert status(home) == "all"


def test_a_session_that_is_lost_in_the_middle_loses_nothing_that_was_chosen(served: Served, home: House) -> None:
    eve = signed_in(served, home, name="eve")
    shown = seen(preview(eve, CURRENT))
    (session,) = [each["session"] for each in home.json("session", "list")["sessions"] if each["name"] == "eve"]
    home.ok("session", "end", str(session))

    lost = applied(eve, CURRENT, shown)
    part = eve.get(f"/scope/preview?{urlencode(CURRENT)}", hx_request="true")

    assert lost.status == 401
    lead = re.search(r'href="/console/sign-in\?next=([^"]*)"', lost.text)[1]  # type: ignore[index]
    assert unquote(lead) == f"/console/scope?{urlencode(CURRENT)}"
    assert part.status == 401
    assert "status%3Dcurrent" in part.header("hx-redirect")
    assert status(home) == "all"
    again = signed_in(served, home, name="eve").get(unquote(lead).removeprefix("/console"))
    assert 'value="current" checked' in again.text


def test_names_and_reasons_are_text_whatever_they_look_like(ada: Somebody) -> None:
    page = preview(ada, CURRENT)
    assert "&lt;b&gt;Eve&lt;/b&gt; &amp; &#39;co&#39;" in page.text
    assert MARKED not in page.text

    went = applied(ada, CURRENT, seen(page), "<img src=x onerror=alert(1)>")

    for path in (went.header("location").removeprefix("/console"), "/scope", "/scope/changes"):
        assert "<img" not in ada.get(path).text
        assert "&lt;img src=x" in ada.get(path).text


def test_lists_are_to_be_had_whole_and_as_a_file(ada: Somebody) -> None:
    asked = f"{urlencode(CURRENT)}&audience=public&kind=people&way=vanish"
    page, part = ada.get(f"/scope/list?{asked}"), ada.get(f"/scope/list?{asked}", hx_request="true")

    assert "Eve" not in page.text
    assert "1 to 1 of 1" in words(part)
    assert "&lt;b&gt;Eve" in part.text
    assert "1 to 1 of 1" in words(ada.get(f"/scope/list?{asked}&now=1"))
    rows = ada.get(f"/scope/list.csv?{urlencode(CURRENT)}")
    assert rows.header("content-disposition") == 'attachment; filename="scope-preview.csv"'
    assert rows.text.splitlines()[:3] == [
        "audience,kind,way,what",
        "public,outputs,vanish,doi:10.5555/three",
        "public,outputs,vanish,doi:10.5555/two",
    ]
    assert ada.get(f"/scope/list?{urlencode(CURRENT)}&audience=private&kind=people&way=vanish").status == 404


def test_a_part_is_the_preview_alone_and_tells_its_address(ada: Somebody) -> None:
    part = preview(ada, CURRENT, hx_request="true")

    assert "<h1" not in part.text
    assert part.header("hx-replace-url") == f"/console/scope?{urlencode(CURRENT)}"
    assert 'hx-swap-oob="innerHTML:#scope-said"' in part.text


def test_a_change_that_never_was_is_nothing(ada: Somebody) -> None:
    for path in ("/scope/changes/999999", "/scope/changes/x", "/scope/changes/0/progress"):
        assert ada.get(path).status == 404
    assert ada.get("/scope?undo=999999").status == 409


def test_progress_that_is_as_it_was_is_not_told_again(ada: Somebody, home: House) -> None:
    home.ok("scope", "apply", file(home, status="current"))
    change = home.json("scope", "history")["changes"][0]["change"]
    page = ada.get(f"/scope/changes/{change}/progress", hx_request="true")

    assert "Nothing had to be taken back" in words(page)
    assert "hx-trigger" not in page.text
