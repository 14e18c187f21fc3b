"""Where inside an unfinished harvest the next run goes on."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from connectors.oai_pmh.xml import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`what` is what was harvested: of something else it says nothing. `began` is the cursor that the end will give,
    `place` which of the sets is being read, `start` where its window begins (empty: before everything) and `seconds`
    how long that is. `proven`: so far nothing can have been passed over."""

    what: str
    began: str
    place: int = 0
    start: str = ""
    seconds: int = 0
    proven: bool = True

    @classmethod
    def read(cls, text: str | None, what: str) -> Self | None:
        """None for a bookmark of another make, or of another harvest: then everything begins again."""
        try:
            mark = cls(**json.loads(text or ""))
        except (ValueError, TypeError):
            return None
        times = [mark.began, *filter(None, [mark.start])]
        numbers = (mark.place, mark.seconds)
        right = (
            mark.what == what
            and all(isinstance(each, str) and moment(each) for each in times)
            and all(type(each) is int and 0 <= each < 10**10 for each in numbers)
        )
        return mark if right else None

    def text(self) -> str:
        """As a bookmark."""
        return json.dumps(asdict(self))
