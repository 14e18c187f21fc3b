"""The badge as PNG, drawn from its SVG with a font of our own, so that equal input gives equal bytes on every machine.

A PNG cannot follow its reader's colours: it is the light one, unless its theme is always dark, with twice the pixels of
its size for sharp screens.
"""

from importlib.resources import as_file, files

import resvg_py

DENSITY = 2.0
FAMILY = "Open Sans Semibold"


def png(svg: str) -> bytes:
    """The picture of a badge's SVG."""
    with as_file(files("badges") / "fonts" / "open-sans-semibold.ttf") as font:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=DENSITY,
            skip_system_fonts=True,
            font_files=[str(font)],
            sans_serif_family=FAMILY,
        )
