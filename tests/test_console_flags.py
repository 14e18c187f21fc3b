"""What administrators see of flags, conflicts, hides, votes, and anything that is hidden; and what they do there."""

import re

import pytest
from conftest import House
from console_visitor import Somebody, a_server, somebody, words
from flags_house import GONE, LINKS, SEALS, WALLS, filled, tell
from served import Served


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = filled(tmp_path_factory.mktemp("flags") / "house")
    tell(house.folder, without=("gone",), links=tuple(each for each in LINKS if not each.startswith("linked")))
    house.ok("sync")
    return house


served = a_server()
ada, ed = somebody("ada"), somebody("ed", "editor")


def id_of(home: House, text: str) -> str:
    return str(home.json("why", text)["output"]).partition(":")[2]


def test_what_takes_long_is_asked_for_after_the_page_and_kept(ada: Somebody, home: House) -> None:
    first = ada.get("/flags")
    part = ada.get("/flags?worked=1", hx_request="true")
    again = ada.get("/flags")

    assert "It is being worked out" in words(first)
    assert 'hx-trigger="load"' in first.text
    assert "<html" not in part.text
    assert "take part" in words(part)
    assert "It is being worked out" not in words(again)

    home.ok("hide", f"doi:{SEALS}", "--why", "x")
    assert "It is being worked out" in words(ada.get("/flags"))
    assert "hidden here, by an administrator" in words(ada.get("/flags?worked=1"))
    home.ok("unhide", f"doi:{SEALS}")


def test_every_thing_is_counted_once_by_why_it_does_not_take_part(home: House) -> None:
    told = home.json("flags")

    for kind, funnel in told["scope"].items():
        assert funnel["known"] == sum(funnel["out"].values()) + funnel["takes_part"], kind
    outputs = told["scope"]["outputs"]
    assert outputs["out"] == {"private": 2, "unlinked": 1, "author": 2}
    assert outputs["seen"]["public"] == len(home.dois())
    assert outputs["seen"]["internal"] == len(home.dois("internal"))
    assert told["scope"]["people"]["out"] == {"private": 1}


def test_each_source_has_its_own_votes_and_words_beside_all_together(home: House) -> None:
    told = home.json("flags")

    by = {each["by"]: each for each in told["levels"]["outputs"]}
    assert by["other"] == {"by": "other", "private": 0, "internal": 1, "public": 2}
    assert by["all sources together"]["private"] == 2
    assert {each["by"]: each["no"] for each in told["flags"]["current"]} == {
        "all sources together": 2, "local": 1, "other": 1}  # fmt: skip
    said = [each for each in told["terms"] if (each["connection"], each["term"]) == ("local", "visibility")]
    assert {"private", "public"} <= {each["word"] for each in said}


def test_conflicts_between_sources_are_told_by_kind(ada: Somebody) -> None:
    levels, flags = words(ada.get("/flags/conflicts")), words(ada.get("/flags/conflicts?kind=flags"))

    assert "local: public other: internal" in levels
    assert "local: private other: public" in levels
    assert "current local: yes other: no no" in flags
    assert "None." in words(ada.get("/flags/conflicts?kind=dois"))
    assert ada.get("/flags/conflicts?kind=%22%3E&after=x").status == 200


@pytest.mark.parametrize("text", [f"doi:{WALLS}", WALLS, "walls", "harbour wal", "WALLS harbour"])
def test_what_is_hidden_is_found_by_whatever_is_known_of_it(ada: Somebody, text: str) -> None:
    page = ada.get(f"/why?q={text.replace(' ', '+')}")

    assert "Harbour walls" in words(page)
    assert "private" in words(page)


def test_people_and_groups_are_found_by_name_and_by_the_key_of_their_record(ada: Somebody) -> None:
    assert "Bob Bellweather" in words(ada.get("/why?q=bellw"))
    assert "Bob Bellweather" in words(ada.get("/why?q=bob"))
    assert "Deep Sea" in words(ada.get("/why?q=deep+sea"))
    assert "Nothing that is known" in words(ada.get("/why?q=nowhere"))
    assert ada.get("/why?q=%00%27%22%25").status == 200


def test_names_and_titles_with_markup_are_texts_everywhere(ada: Somebody, home: House) -> None:
    person = home.json("why", SEALS)["authorships"][0]["person"].replace(":", "/")
    output = f"output/{id_of(home, SEALS)}"
    for path in ("/why?q=seals", "/why?q=ada", f"/why/{output}", f"/why/{person}", "/flags/conflicts",
                 f"/why/{output}/hide?effect=1", f"/why/{person}/hide?effect=1"):  # fmt: skip
        page = ada.get(path)
        assert page.status == 200, path
        assert "<script>alert" not in page.text, path
        assert "<b onclick" not in page.text, path


def test_the_story_of_a_hidden_output_says_first_what_decided(ada: Somebody, home: House) -> None:
    page = ada.get(f"/why/output/{id_of(home, WALLS)}")

    assert "Decided: not in scope: outputs take part from internal; local voted private" in words(page)
    assert f"/outputs/{id_of(home, WALLS)}" not in page.text
    assert "visibility = private" in words(page)


def test_the_story_of_a_public_output_leads_to_its_page(ada: Somebody, home: House, served: Served) -> None:
    id_ = id_of(home, "10.5555/more1")
    page = ada.get(f"/why/output/{id_}")

    assert f'href="/outputs/{id_}"' in page.text
    assert served.get(f"/outputs/{id_}").status == 200


def test_the_story_of_a_group_tells_who_is_named_in_it(ada: Somebody, home: House) -> None:
    found = {each["name"]: f"group:{each['public']}" for each in home.json("find", "sea")["found"]}

    assert "voted private" in home.json("why", found["Deep Sea"])["decided"]
    assert "private" in words(ada.get(f"/why/{found['Deep Sea'].replace(':', '/')}"))
    assert home.run("hide", found["Deep Sea"], "--why", "x").code == 2


def test_what_is_unknown_is_said_to_be(ada: Somebody) -> None:
    assert ada.get("/why/output/1").status == 404
    assert ada.get("/why/output/x'").status == 404
    assert ada.get("/why/person/99999999999999999999").status == 404


def test_hiding_shows_first_what_goes_out_of_sight_then_needs_a_reason_and_holds_at_once(
    ed: Somebody, home: House, served: Served
) -> None:
    id_ = id_of(home, "10.5555/more2")
    at_once, before = ed.get(f"/why/output/{id_}/hide"), ed.get(f"/why/output/{id_}/hide?effect=1")
    refused = ed.post(f"/why/output/{id_}/hide", because=" ", until="")
    wrong = ed.post(f"/why/output/{id_}/hide", because="<i>asked</i>", until="soon")

    assert "the public outputs go out of sight 1 doi:10.5555/more2" in words(before)
    assert "is being worked out" in words(at_once)
    assert (refused.status, wrong.status) == (422, 422)
    assert 'id="because-error"' in refused.text
    assert 'id="until-error"' in wrong.text
    looks = "SELECT count(*) FROM audit WHERE verb = 'look at hiding output' AND subject = ?"
    assert home.stored(looks, id_)[0][0] == 3, "twice by a link within a minute, and each answer to a form"
    assert served.get(f"/outputs/{id_}").status == 200

    done = ed.post(f"/why/output/{id_}/hide", because="<i>asked</i>", until="")

    assert (done.status, done.header("location")) == (303, f"/console/why/output/{id_}")
    assert served.get(f"/outputs/{id_}").status == 404
    listed = ed.get("/hides")
    assert "&lt;i&gt;asked&lt;/i&gt;" in listed.text
    assert "Further work 2" in words(listed)
    assert " ed " in words(listed)
    back = ed.post(f"/why/output/{id_}/unhide", back="hides")
    assert (back.status, back.header("location")) == (303, "/console/hides")
    assert served.get(f"/outputs/{id_}").status == 200


def test_hiding_a_person_tells_the_outputs_that_go_along(ed: Somebody, home: House) -> None:
    person = home.json("why", SEALS)["authorships"][0]["person"].replace(":", "/")

    page = words(ed.get(f"/why/{person}/hide?effect=1"))

    assert re.search(r"the public outputs go out of sight \d+ doi:10.5555/more0", page)
    assert re.search(r"the public people go out of sight 1 <b onclick", page)


def test_a_hide_that_was_made_twice_or_taken_back_twice_is_no_harm(ed: Somebody, home: House) -> None:
    id_ = id_of(home, "10.5555/more3")
    for _ in range(2):
        assert ed.post(f"/why/output/{id_}/hide", because="x", until="").status == 303

    assert ed.post(f"/why/output/{id_}/unhide").status == 303
    assert ed.post(f"/why/output/{id_}/unhide").status == 409


def test_votes_that_stayed_are_for_administrators_alone(ed: Somebody) -> None:
    assert ed.get("/votes").status == 403
    assert ed.get("/votes/release?vote=local+item:gone").status == 403
    assert ed.post("/votes/release", vote="local item:gone", because="x").status == 403


def test_a_vote_is_released_after_what_it_would_show_and_for_a_reason(ada: Somebody, home: House) -> None:
    at_once, listed = ada.get("/votes"), ada.get("/votes?worked=1")
    before = ada.get("/votes/release?vote=local+item%3Agone", hx_request="true")
    refused = ada.post("/votes/release", vote="local item:gone", because="")

    assert "They are being looked for" in words(at_once)
    assert 'value="local item:gone"' in listed.text
    assert "private; by the others public" in words(listed)
    assert f"the public outputs appear 1 doi:{GONE}" in words(before)
    assert refused.status == 422
    assert GONE not in home.dois()

    done = ada.post("/votes/release", vote="local item:gone", because="its author agrees")

    assert (done.status, done.header("location")) == (303, "/console/votes")
    assert GONE in home.dois()
    assert ada.post("/votes/release", vote="local item:gone", because="again").status == 409


def test_a_release_of_nothing_or_of_what_is_no_vote_is_refused(ada: Somebody) -> None:
    assert "Choose at least one" in words(ada.get("/votes/release"))
    assert ada.post("/votes/release", because="x").status == 422
    assert ada.get("/votes/release?vote=nonsense").status == 422
    assert ada.get("/votes/release?vote=local+group:x").status == 422
    part = ada.get("/votes/release?vote=local+item:seals", hx_request="true")
    assert (part.status, "is no vote that stays" in words(part)) == (200, True)


def test_what_was_looked_at_is_in_the_audit_log_and_what_was_looked_for_is_not(ada: Somebody, home: House) -> None:
    id_ = id_of(home, WALLS)
    ada.get(f"/why/output/{id_}")
    ada.get("/why?q=bellweather")
    home.ok("find", "bellweather")

    log = [
        tuple(row)
        for row in home.stored("SELECT verb, subject, detail FROM audit WHERE actor = 'ada' OR verb = 'find'")
    ]

    assert ("look at why of output", id_, "{}") in log
    assert {"look for hidden things", "find"} <= {verb for verb, _, _ in log}
    assert not any("bellweather" in str(line) for line in log)
