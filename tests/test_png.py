"""The PNG badge: the same picture on every machine, whatever fonts it has."""

import struct
import zlib
from itertools import pairwise

import pytest

from badges.families import FAMILIES
from badges.png import png
from badges.ring import SIZES, Style, ring

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


@pytest.mark.parametrize("style", SIZES)
def test_it_has_twice_the_pixels_of_its_size(style: Style) -> None:
    picture = png(ring(12, ALL, style=style))

    assert struct.unpack(">II", picture[16:24]) == (2 * SIZES[style],) * 2


def test_equal_input_gives_equal_bytes() -> None:
    assert png(ring(12, ALL)) == png(ring(12, ALL))


@pytest.mark.parametrize("score", [0, 9999, 12_345, 456_789, 1_234_567, None])
def test_the_score_is_written_whatever_fonts_the_machine_has(score: int | None) -> None:
    rows = pixels(png(ring(score, [])))

    middle = [pixel[:3] for row in rows[40:88] for pixel in row[30:98]]
    assert INK in middle


def test_every_sign_is_written_in_the_colour_of_its_family() -> None:
    whole, bare = (
        pixels(png(text)) for text in (ring(35, ALL, style="large"), without_signs(ring(35, ALL, style="large")))
    )

    changed = {new[:3] for row, old_row in zip(whole, bare, strict=True) for new, old in zip(row, old_row, strict=True)
               if new != old}  # fmt: skip
    assert {tuple(bytes.fromhex(each.light[1:])) for each in FAMILIES} <= changed


def without_signs(svg: str) -> str:
    """The same picture with empty signs."""
    for each in FAMILIES:
        svg = svg.replace(f">{each.sign}</text>", "></text>")
    return svg


def test_a_rhythm_is_as_long_as_its_arc() -> None:
    """Drawn with lengths of its own: what draws the PNG does not know `pathLength`."""
    svg = ring(100, [("x", 100_000)])
    rows = pixels(png(svg))

    crossed = [row[i] for i, row in enumerate(rows)]  # from corner to corner, over the ring and its dashes
    changes = sum(one[:3] != other[:3] for one, other in pairwise(crossed))
    assert "pathLength" not in svg
    assert changes > 4


def test_a_picture_needs_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = png(ring(12, ALL, style="large"))
    monkeypatch.setenv("FONTCONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("HOME", "/nonexistent")

    assert png(ring(12, ALL, style="large")) == before
