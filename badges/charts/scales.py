"""How numbers become lengths."""


def length(part: float, whole: float, room: float) -> float:
    """What is to `room` as a part is to the whole, to a tenth; nothing of nothing."""
    return round(room * part / whole, 1) if whole else 0.0


def top(most: int) -> int:
    """A round number that is not below another, for the end of a scale."""
    step = 1
    while True:
        for digit in (1, 2, 3, 4, 5, 6, 8):
            if digit * step >= most:
                return digit * step
        step *= 10
