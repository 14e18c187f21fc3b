"""Where the next pull of a DSpace begins, and where inside an unfinished one it goes on."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Self

from connectors.dspace.ranges import SPACE

PEOPLE, ITEMS = "people", "items"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A safe date to begin again, and how people were read: with which map of who is current, or not at all. `oai` is
    where to ask what changed since; empty where the search can be asked, which knows it sooner."""

    since: str
    people: str
    oai: str = ""

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """None for one of another make: then everything is read."""
        since, people, oai = [*(text or "").split(" "), "", ""][:3]
        try:
            known = datetime.fromisoformat(since).tzinfo is not None
        except ValueError:
            return None
        return cls(since, people, oai) if known else None

    def text(self) -> str:
        return f"{self.since} {self.people} {self.oai}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where inside an unfinished run to go on: `stage`, and where its next range begins. `since` is the date from which
    changes are read, empty where everything is, and `people` how people are read; `began` will be the cursor. `seen` of
    `total` things came in this stage. `short`: some range did not give all that it told of. `after` is the last handle
    that was read, where OAI told what changed; then `since` is the whole cursor."""

    since: str
    people: str
    began: str
    stage: str = PEOPLE
    start: int = 0
    seen: int = 0
    total: int = 0
    short: bool = False
    after: str = ""

    @classmethod
    def read(cls, text: str | None, since: str, people: str) -> Self | None:
        """None for a bookmark of another run or make, or of one that read people otherwise: then it begins anew."""
        try:
            mark = cls(**json.loads(text or ""))
        except (ValueError, TypeError):
            return None
        numbers = (mark.start, mark.seen, mark.total)
        fits = (
            isinstance(mark.began, str)
            and isinstance(mark.after, str)
            and all(type(number) is int and number >= 0 for number in numbers)
            and mark.start < SPACE
        )
        same = (mark.since, mark.people) == (since, people)
        return mark if fits and same and mark.stage in (PEOPLE, ITEMS) else None

    def text(self) -> str:
        return json.dumps(asdict(self))

    def at(self, stage: str, total: int) -> Self:
        """At the beginning of a stage, in which so many things are told to be."""
        return replace(self, stage=stage, start=0, seen=0, total=total)
