"""Badges for other sites over HTTP: many in one answer, and the script under addresses that hold what they promise."""

import gzip
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from embed_house import EVIL, HIDDEN, NOTED, SILENT
from served import Reply, Served, serving

from badges.draw import SIZES
from badges.embed import MOST
from badges.scripts import ASSETS, NEWEST, integrity, read, released, version

ROOT = Path(str(files("badges"))).parent
SCRIPT = read(NEWEST).decode()
PINNED = f"/embed/{version(read(NEWEST))}.js"


@pytest.fixture(scope="module")
def served(embedding: House) -> Iterator[Served]:
    with serving(embedding.folder) as found:
        yield found


def asked(served: Served, *ids: str, more: str = "", **headers: str) -> Reply:
    return served.get(f"/embed/badges.json?{'&'.join(f'id={each}' for each in ids)}{more}", **headers)


def told(reply: Reply) -> Any:
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


def test_one_answer_tells_of_many_outputs_in_their_order(served: Served, embedding: House) -> None:
    card = embedding.json("badge", NOTED)
    answer = told(asked(served, SILENT, "pmid:1234567", "10.5555/nowhere"))

    silent, noted, nowhere = answer["badges"]
    assert (silent["score"], silent["mentions"], silent["families"]) == (0, 0, [])
    assert {name: noted[name] for name in card if name != "context"} == {
        name: value for name, value in card.items() if name != "context"
    }
    assert noted["links"]["page"] == f"https://ringmark.example.edu/outputs/{noted['output']}"
    assert [(each["label"], each["text"], each["points"]) for each in noted["families"]] == [
        ("News", "2 mentions", "16"), ("Policy and guidelines", "1 mention", "3"), ("Encyclopedia", "1 mention", "3"),
    ]  # fmt: skip
    assert noted["name"] == "Attention score 22, see details"
    assert nowhere is None


def test_a_hidden_output_is_as_unknown_as_one_that_is_not_there(served: Served) -> None:
    answers = {asked(served, NOTED, each).whole for each in (HIDDEN, "10.5555/nowhere", "", "%ff", "output:1", "x:y")}

    assert len(answers) == 1


def test_a_picture_is_told_once_and_as_the_tree_of_the_badge(served: Served) -> None:
    answer = told(asked(served, "10.5555/many.1", "10.5555/many.2", NOTED, more="&style=medium"))

    first, second, noted = (each["picture"] for each in answer["badges"])
    tag, attributes, *children = answer["pictures"][noted]
    drawn = served.get(f"/badge/doi/{NOTED}.svg?style=medium").text
    assert first == second != noted
    assert (tag, attributes["width"], attributes["viewBox"]) == ("svg", "128", "0 0 120 120")
    assert set(re.findall(r"<(?!style|title|desc)(\w+)", drawn)) == _tags(answer["pictures"][noted])
    assert re.findall(r"<text [^>]*>([^<]*)<", drawn) == _texts(children)
    assert f".{attributes['class']} .ground" in answer["css"]


def _tags(tree: list[Any]) -> set[str]:
    return {tree[0]}.union(*(_tags(child) for child in tree[2:] if isinstance(child, list)))


def _texts(trees: list[Any]) -> list[str]:
    return [text for each in trees for text in ([each] if isinstance(each, str) else _texts(each[2:]))]


def test_words_are_in_the_language_asked_for_and_numbers_as_it_writes_them(served: Served) -> None:
    english, german = (told(asked(served, NOTED, more=f"&lang={code}")) for code in ("xx", "de-AT"))

    assert (english["lang"], german["lang"]) == ("en", "de")
    assert english["badges"][0]["score"] == german["badges"][0]["score"]


@pytest.mark.parametrize(
    "query",
    ["&".join(["id=10.5555/x"] * (MOST + 1)), f"id={'x' * 9000}", f"id={NOTED}&style=wheel", "style=%ff"],
)
def test_what_is_asked_wrongly_is_told_so_whatever_outputs_there_are(served: Served, query: str) -> None:
    reply = served.get(f"/embed/badges.json?{query}")

    assert reply.status == 400
    assert "error" in json.loads(reply.body)


def test_a_hundred_outputs_come_in_one_answer(served: Served) -> None:
    answer = told(asked(served, *(f"10.5555/many.{number}" for number in range(MOST))))

    assert [each["title"] for each in answer["badges"]] == [f"Many {number}" for number in range(MOST)]


def test_anybodys_browser_may_keep_the_answer_and_no_cookie_changes_it(served: Served) -> None:
    plain, signed_in = asked(served, NOTED), asked(served, NOTED, Cookie="session=1", Accept_Language="de")
    again = asked(served, NOTED, If_None_Match=plain.header("etag"))

    assert plain.whole == signed_in.whole
    assert (plain.header("access-control-allow-origin"), plain.header("vary")) == ("*", "accept-encoding")
    assert plain.header("cache-control") == "public, max-age=300"
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("target", ["/embed/badges.json?id=" + NOTED, "/embed.js", PINNED, "/embed/bookmarklet.js"])
def test_it_is_packed_for_who_takes_that(served: Served, target: str) -> None:
    plain, packed = served.get(target), served.get(target, Accept_Encoding="br, gzip;q=0.5")
    refused = served.get(target, Accept_Encoding="gzip;q=0")

    assert gzip.decompress(packed.body) == plain.body == refused.body
    assert (packed.header("content-encoding"), plain.header("content-encoding")) == ("gzip", "")
    assert {reply.header("vary") for reply in (plain, packed, refused)} == {"accept-encoding"}
    assert packed.header("etag") != plain.header("etag")


def test_what_was_kept_goes_the_moment_an_output_is_hidden(embedding: House, tmp_path: Path) -> None:
    house = embedding.copy(tmp_path / "own")
    with serving(house.folder) as served:
        before = told(asked(served, NOTED, SILENT))
        house.ok("hide", NOTED, "--why", "asked for")
        after = asked(served, NOTED, SILENT)
        nowhere = asked(served, "10.5555/nowhere", SILENT)

    assert before["badges"][0]["title"] == "Tides"
    assert after.whole == nowhere.whole


@pytest.mark.parametrize("theme", ["plain", "light", "dark", "ringmark"])
def test_the_style_is_that_of_the_theme_and_a_theme_that_is_gone_is_the_usual_one(served: Served, theme: str) -> None:
    told_, usual = (told(asked(served, NOTED, more=f"&theme={name}"))["css"] for name in (theme, "gone"))

    assert (told_ == usual) == (theme == "ringmark")
    assert "--paper:var(--ringmark-paper,#" in told_
    assert ("@media (prefers-color-scheme:dark){.box" in told_) == (theme in ("plain", "ringmark"))


def test_a_title_is_text_and_nothing_else(served: Served) -> None:
    answer = told(asked(served, "10.5555/evil"))

    assert answer["badges"][0]["title"] == EVIL


# The script --------------------------------------------------------------------------------------------------------


def test_the_newest_script_is_asked_for_again_and_a_pinned_one_stays_for_ever(served: Served) -> None:
    newest, pinned = served.get("/embed.js"), served.get(PINNED)

    assert newest.body == pinned.body == SCRIPT.encode()
    assert newest.header("cache-control") == "public, max-age=300"
    assert pinned.header("cache-control") == "public, max-age=31536000, immutable"
    assert {reply.header("content-type") for reply in (newest, pinned)} == {"text/javascript; charset=utf-8"}
    assert newest.header("access-control-allow-origin") == "*"  # or no browser would check its hash
    assert served.get("/embed/0.0.1.js").status == 404


def test_a_version_that_was_released_is_there_beside_the_newest(tmp_path: Path) -> None:
    (tmp_path / "embed-1.2.3.js").write_text("old")
    (tmp_path / "embed.js").write_text('  const VERSION = "1.2.4";\n')

    assert released(tmp_path) == {"1.2.3": b"old", "1.2.4": b'  const VERSION = "1.2.4";\n'}


def test_a_script_without_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match="tells no version"):
        version(b"nothing")


def test_every_released_version_tells_the_number_it_is_asked_for_by() -> None:
    assert {number: version(text) for number, text in released(ASSETS).items()} == {
        number: number for number in released(ASSETS)
    }


def test_the_script_is_small(served: Served) -> None:
    assert len(served.get("/embed.js", Accept_Encoding="gzip").body) < 10_240


def test_the_hash_that_sites_copy_is_that_of_the_script(served: Served) -> None:
    page = served.get("/embed").text
    docs = (ROOT / "docs" / "embed.md").read_text(encoding="utf-8")

    for text in (page, docs):
        assert set(re.findall(r"sha384-[\w+/=]+", text)) == {integrity(SCRIPT.encode())}
        assert PINNED in text


def test_the_script_keeps_room_for_the_sizes_that_are_drawn() -> None:
    block = re.search(r"const SIZES = \{(.*?)\n  \};", SCRIPT, re.DOTALL)
    assert block
    kept = {
        name: [int(wide), int(high)] for name, wide, high in re.findall(r'"?([\w-]+)"?: \[(\d+), (\d+)\]', block[1])
    }

    assert kept == {style: [*size] for style, size in SIZES.items()}


# htmx stands on no page of others, and the console's own policy lets nothing of the kind run: test_console_door
OURS = sorted({path.name for path in (ROOT / "badges" / "assets").glob("*.js")} - {"htmx.js"})


@pytest.mark.parametrize("script", OURS)
def test_no_script_does_what_a_strict_policy_forbids_or_keeps_anything(script: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|srcdoc|cookie|\w+Storage|indexedDB"
    )

    assert re.findall(forbidden, re.sub(r"/\*.*?\*/|//.*", "", read(script).decode(), flags=re.DOTALL)) == []


def test_the_pages_tell_how_to_show_badges(served: Served) -> None:
    embed, bookmarklet = served.get("/embed"), served.get("/bookmarklet")

    assert "&lt;script src=&#34;https://ringmark.example.edu/embed.js&#34; async&gt;" in embed.text
    assert '<a class="bookmark" href="javascript:void' in bookmarklet.text
    assert "https://ringmark.example.edu" in bookmarklet.text
    assert "<script" not in embed.text + bookmarklet.text
