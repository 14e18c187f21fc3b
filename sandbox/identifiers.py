"""Numbers of people, books and journals that pass every check, and that as far as can be helped nobody has."""


def orcid(number: int) -> str:
    """A well-formed iD from the far end of ORCID's own range, which is where readers that check ranges still look."""
    digits = f"{900_099_900_000 + number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    text = digits + ("X" if check == 10 else str(check))
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def isbn(number: int) -> str:
    """An ISBN-13 of a registration group that does not exist, with a right check digit."""
    digits = f"9799{number:08d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def issn(number: int) -> str:
    """An ISSN above every one given out so far."""
    seven = f"{9_999_000 + number:07d}"
    rest = -sum(int(d) * w for d, w in zip(seven, range(8, 1, -1), strict=True)) % 11
    return f"{seven[:4]}-{seven[4:]}{'X' if rest == 10 else rest}"
