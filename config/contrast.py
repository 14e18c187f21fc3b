"""Whether one colour can be read on another (WCAG 2.2). Colours are written #rrggbb."""

MIDDLE = 0.179  # the luminance to which black and white have the same contrast


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
