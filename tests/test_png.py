"""The PNG badge: the same picture on every machine, whatever fonts it has."""

import re
import struct
import zlib
from itertools import pairwise

import pytest

from badges.draw import SIZES, STYLES, Style, draw
from badges.families import FAMILIES
from badges.png import png
from config.themes import BUILT_IN, RINGMARK

ALL = [(each.sources[0] if each.sources else "misc", 2000) for each in FAMILIES]
INK = (28, 33, 40)


def pixels(data: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of an 8-bit RGBA picture (W3C PNG, 9.2)."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    assert (depth, colour) == (8, 6)
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        packed += data[at + 8 : at + 8 + length] if data[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    raw = zlib.decompress(packed)
    above, rows = bytearray(width * 4), []
    for y in range(height):
        start = y * (width * 4 + 1)
        line = bytearray(raw[start + 1 : start + 1 + width * 4])
        for x in range(len(line)):
            left, up, corner = (line[x - 4] if x > 3 else 0), above[x], (above[x - 4] if x > 3 else 0)
            nearest = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
            line[x] = line[x] + (0, left, up, (left + up) // 2, nearest)[raw[start]] & 255
        rows.append([tuple(line[x : x + 4]) for x in range(0, len(line), 4)])
        above = line
    return rows


@pytest.mark.parametrize("style", STYLES)
def test_it_has_twice_the_pixels_of_its_size(style: Style) -> None:
    picture = png(draw(12, ALL, style=style))

    assert struct.unpack(">II", picture[16:24]) == tuple(2 * side for side in SIZES[style])


def test_equal_input_gives_equal_bytes() -> None:
    assert png(draw(12, ALL)) == png(draw(12, ALL))


@pytest.mark.parametrize("score", [0, 9999, 12_345, 456_789, 1_234_567, None])
def test_the_score_is_written_whatever_fonts_the_machine_has(score: int | None) -> None:
    rows = pixels(png(draw(score, [])))

    middle = [pixel[:3] for row in rows[40:88] for pixel in row[30:98]]
    assert INK in middle


def test_every_sign_is_written_in_the_colour_of_its_family() -> None:
    whole, bare = (
        pixels(png(text)) for text in (draw(35, ALL, style="large"), without_signs(draw(35, ALL, style="large")))
    )

    changed = {new[:3] for row, old_row in zip(whole, bare, strict=True) for new, old in zip(row, old_row, strict=True)
               if new != old}  # fmt: skip
    assert {rgb(getattr(RINGMARK.light, each.name)) for each in FAMILIES} <= changed


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize("style", ["ring", "bar", "pill"])
@pytest.mark.parametrize("theme", BUILT_IN)
def test_it_is_in_the_colours_of_its_theme(style: Style, theme: str) -> None:
    colours = BUILT_IN[theme].dark if theme == "dark" else BUILT_IN[theme].light
    found = {pixel[:3] for row in pixels(png(draw(8, ALL, style=style, theme=BUILT_IN[theme]))) for pixel in row}

    assert {rgb(colours.paper), rgb(colours.ink)} <= found


def test_everything_that_is_written_is_in_the_font() -> None:
    """A letter that is not there is drawn as any other that is not there."""
    svgs = [draw(score, ALL, style="large-bar", basis="counts") for score in (1234, 56_789, 1_234_567, None)]
    written = {letter for svg in svgs for text in re.findall(">([^<]+)</text>", svg) for letter in text}

    assert {"~", "k", "M", "\u2013"} <= written
    for letter in written - {" "}:
        svg = next(svg for svg in svgs if re.search(f">[^<]*{re.escape(letter)}[^<]*</text>", svg))
        other = re.sub(">([^<]+)</text>", lambda found: f">{found[1].replace(letter, chr(0xE000))}</text>", svg)  # noqa: B023
        assert png(svg) != png(other), letter


def without_signs(svg: str) -> str:
    """The same picture with empty signs."""
    for each in FAMILIES:
        svg = svg.replace(f">{each.sign}</text>", "></text>")
    return svg


def test_a_rhythm_is_as_long_as_its_arc() -> None:
    """Drawn with lengths of its own: what draws the PNG does not know `pathLength`."""
    svg = draw(100, [("x", 100_000)])
    rows = pixels(png(svg))

    crossed = [row[i] for i, row in enumerate(rows)]  # from corner to corner, over the ring and its dashes
    changes = sum(one[:3] != other[:3] for one, other in pairwise(crossed))
    assert "pathLength" not in svg
    assert changes > 4


def test_a_picture_needs_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = png(draw(12, ALL, style="large"))
    monkeypatch.setenv("FONTCONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("HOME", "/nonexistent")

    assert png(draw(12, ALL, style="large")) == before
