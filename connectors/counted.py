"""What a file of counts tells of one output: its identifiers, the numbers, and enough to add it where it is not known.

No file of counts says who may see an output, so its level is given by whoever adds it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from config.visibility import Visibility
from connectors.attention import MOST_UNITS, Mention, Tally
from connectors.identifiers import Identifier
from connectors.records import Item

WEAK = ("isbn", "urn", "url")  # may name more than the one output: a book by its chapters, a page by its parts
PART_OF_BOOK = "chapter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One output. `units` has the sources that were told, those of no attention too; `score` is somebody else's number,
    for calibration only: no other file may read it."""

    identifiers: tuple[Identifier, ...]
    units: Mapping[str, int]
    mentions: tuple[Mention, ...] = ()
    title: str = ""
    type: str = ""
    journal: str = ""
    issns: tuple[str, ...] = ()
    published: str = ""
    score: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.targets:
            raise ValueError("Counted.identifiers must name the output")

    @property
    def key(self) -> str:
        """What the output is known by where it is added."""
        return str(self.targets[0])

    @property
    def targets(self) -> tuple[Identifier, ...]:
        """All that names this output alone."""
        return targets(self.identifiers, self.type)

    @property
    def tally(self) -> Tally:
        """The numbers as they are stored."""
        return Tally(targets=self.targets, units=self.units)

    def item(self, level: Visibility) -> Item:
        """The output as a record of its own."""
        dois = [each for each in self.identifiers if each.scheme == "doi"]
        return Item(
            key=self.key,
            title=self.title,
            type=self.type or "other",
            visibility=level,
            journal=self.journal,
            issns=self.issns,
            published=self.published,
            identifiers=tuple(each for each in self.identifiers if each.scheme != "doi" or each == dois[0]),
            other_dois=tuple(dois[1:]),
            raw={"assumed": level.word},
        )


def targets(identifiers: tuple[Identifier, ...], type_: str = "") -> tuple[Identifier, ...]:
    """The identifiers that name one output alone; weak ones where there is no other."""
    strong = tuple(each for each in identifiers if each.scheme not in WEAK)
    return strong or tuple(each for each in identifiers if each.scheme != "isbn" or type_ != PART_OF_BOOK)


def units(told: str) -> int | None:
    """A number of units from a cell or field; None where there is none. Raises `ValueError` for what is no count."""
    if not told:
        return None
    if not re.fullmatch(r"[0-9]{1,12}(\.0+)?", told):
        raise ValueError("is no count")
    number = int(told.partition(".")[0])
    if number > MOST_UNITS:
        raise ValueError(f"is more than {MOST_UNITS}")
    return number
