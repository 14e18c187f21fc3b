"""The page on badges says what is so."""

import re
from pathlib import Path

from badges.draw import SIZES
from badges.families import FAMILIES
from badges.language import CODES
from config.themes import BUILT_IN, Colours

PAGE = Path(__file__).parents[1].joinpath("docs", "badges.md").read_text()


def test_every_style_is_there_with_its_size() -> None:
    told = re.findall(r"(?m)^\| `([a-z-]+)` \| (\d+) x (\d+) \|", PAGE)

    assert [(name, (int(width), int(height))) for name, width, height in told] == list(SIZES.items())


def test_every_value_of_a_parameter_is_there() -> None:
    told = dict(re.findall(r"(?m)^\| `(style|theme|lang)` \| (.+?) \|", PAGE))

    assert re.findall("`([a-z-]+)`", told["style"]) == list(SIZES)
    assert re.findall("`([a-z]+)`", told["theme"]) == list(BUILT_IN)
    assert set(CODES) <= set(re.findall("`([a-z]+)`", told["lang"]))


def test_every_theme_colour_and_variable_is_there() -> None:
    names = re.findall("`([a-z]+)`", PAGE)

    assert {*BUILT_IN, *Colours.model_fields} <= set(names)
    assert {f"--ringmark-{each.name}" for each in FAMILIES} <= set(re.findall("--[a-z-]+", PAGE))
