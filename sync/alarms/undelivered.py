"""What a way of telling raises."""


class Undelivered(Exception):  # noqa: N818 - it says what is so
    """Nobody was told; the message says why and what to mend, and holds nothing that came from outside."""
