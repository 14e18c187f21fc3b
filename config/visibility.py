"""How open a person, an output, an authorship or a group is."""

from enum import IntEnum


class Visibility(IntEnum):
    """Ordered by openness, so that `min` of several votes is the joint one. There is no "unknown"."""

    PRIVATE = 0
    INTERNAL = 1
    PUBLIC = 2

    @property
    def word(self) -> str:
        """The word used in settings, files and answers."""
        return self.name.lower()

    @classmethod
    def read(cls, word: str | None) -> "Visibility | None":
        """The level a word names, in any case and with blanks around it; None for any other word."""
        return cls.__members__.get((word or "").strip().upper())
