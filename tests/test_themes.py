"""Themes: colours that can be read, by name, of the settings or built in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import House
from served import Served, serving

from badges.draw import STYLES, draw
from badges.families import FAMILIES
from config.contrast import contrast
from config.load import load
from config.themes import BUILT_IN, Colours, Dark, Light, Theme

SHOWN = "10.5555/example.50040"
SETTINGS = """
[badges]
theme = "sepia"
[badges.themes.sepia.light]
paper = "#FFF8E7"
[badges.themes.night]
scheme = "dark"
dark = { paper = "#000000", news = "#ffffff" }
"""


@pytest.mark.parametrize("colours", [getattr(theme, way) for theme in BUILT_IN.values() for way in ("light", "dark")])
def test_whatever_is_told_can_be_read_in_every_theme(colours: Colours) -> None:
    told = {name: contrast(colour, colours.paper) for name, colour in colours if name not in ("paper", "quiet")}

    assert {name for name, found in told.items() if found < 4.5} == set()  # signs are text, strokes would need 3
    assert told["ink"] >= 12


def test_colours_are_those_of_the_families() -> None:
    assert set(Colours.model_fields) == {"paper", "ink", "quiet", *(each.name for each in FAMILIES)}
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_plain_is_ink_alone() -> None:
    for colours in (BUILT_IN["plain"].light, BUILT_IN["plain"].dark):
        assert len({colour for name, colour in colours if name not in ("paper", "quiet")}) == 1


@pytest.mark.parametrize("style", STYLES)
def test_a_picture_has_the_colours_of_its_theme_and_no_others(style: str) -> None:
    shares = [(each.sources[0], 1000) for each in FAMILIES if each.sources]
    for theme in BUILT_IN.values():
        ways = {"light": (theme.light,), "dark": (theme.light, theme.dark), "reader": (theme.light, theme.dark)}
        known = {colour for colours in ways[theme.scheme] for _, colour in colours}

        assert set(re.findall("#[0-9a-f]{6}(?=[;})])", draw(8, shares, style=style, theme=theme))) <= known


def test_a_theme_of_the_settings_says_only_what_differs(written) -> None:  # type: ignore[no-untyped-def]
    badges = load(written(SETTINGS), {}).badges

    assert list(badges.by_name()) == ["sepia", "ringmark", "plain", "light", "dark", "night"]
    assert badges.by_name()["sepia"] == Theme(light=Light(paper="#fff8e7"))
    assert badges.by_name()["night"] == Theme(scheme="dark", dark=Dark(paper="#000000", news="#ffffff"))


@pytest.fixture(scope="module")
def served(scored: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    house = scored.copy(tmp_path_factory.mktemp("themes") / "house")
    house.file.write_text(house.file.read_text() + SETTINGS)
    with serving(house.folder) as found:
        yield found


def test_the_theme_of_the_settings_is_that_of_every_picture(served: Served) -> None:
    for path in (f"/badge/doi/{SHOWN}.svg", "/badge/doi/10.5555/nowhere.svg?style=pill", f"/doi/{SHOWN}", "/legend"):
        assert "#fff8e7" in served.get(path).text, path


def test_another_theme_can_be_asked_for(served: Served) -> None:
    for identifier in (SHOWN, "10.5555/nowhere"):
        told = {
            name: served.get(f"/badge/doi/{identifier}.svg?theme={name}") for name in ("", *BUILT_IN, "sepia", "night")
        }
        paint = {name: served.get(f"/badge/doi/{identifier}.png?theme={name}").body for name in told}

        assert len({reply.status for reply in told.values()}) == 1
        assert told[""].body == told["sepia"].body
        assert len({reply.body for reply in told.values()}) == len(BUILT_IN) + 2
        assert ("#000000" in told["night"].text, "prefers-color-scheme" in told["night"].text) == (True, False)
        assert len({paint[name] for name in ("sepia", "ringmark", "night")}) == 3


@pytest.mark.parametrize("form", ["svg", "png", "json"])
@pytest.mark.parametrize("theme", ["pie", "%ff", "PLAIN", "plain%00", "Light"])
def test_an_unknown_theme_is_one_sentence_whatever_the_identifier(served: Served, form: str, theme: str) -> None:
    replies = [served.get(f"/badge/doi/{name}.{form}?theme={theme}") for name in (SHOWN, "10.5555/nowhere", "%ff")]

    assert {reply.status for reply in replies} == {400}
    assert "theme: choose one of sepia, ringmark, plain, light, dark, night" in replies[0].text
    assert len({reply.whole for reply in replies}) == 1


def test_the_words_of_a_picture_are_in_the_language_that_is_asked_for(served: Served) -> None:
    told = {code: served.get(f"/badge/doi/{SHOWN}.svg?lang={code}").text for code in ("", "en", "de", "de-AT", "xx")}
    paint = {served.get(f"/badge/doi/{SHOWN}.png?lang={code}").body for code in told}

    assert told[""] == told["en"] == told["xx"]
    assert told["de"] == told["de-AT"]
    assert len(paint) == 1  # there are no words in it


def test_the_command_line_draws_the_same(scored: House, served: Served, tmp_path: Path) -> None:
    house = scored.copy(tmp_path / "house")
    house.file.write_text(house.file.read_text() + SETTINGS)

    for asked in ("style=pill", "style=large-bar&theme=night"):
        options = [
            word for part in asked.split("&") for word in (f"--{part.partition('=')[0]}", part.partition("=")[2])
        ]
        assert house.ok("badge", SHOWN, *options) == served.get(f"/badge/doi/{SHOWN}.svg?{asked}").text + "\n"
    assert house.run("badge", SHOWN, "--theme", "pie").code == 2
