"""Where inside an unfinished listing of an Elements the next run goes on."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Self

PEOPLE, GROUPS, ITEMS = "people", "groups", "items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where inside an unfinished listing to go on; `began` is the cursor that its end will give, `groups`
    whether they were listed, `told` how many people and groups came, `total` how many records will have come in all, 0
    while that is not known."""

    stage: str = PEOPLE
    query: str = ""
    began: str | None = None
    groups: bool = True
    told: int = 0
    total: int = 0

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """None for a bookmark of another make: then everything begins again."""
        try:
            mark = cls(**json.loads(text or ""))
        except (ValueError, TypeError):
            return None
        return mark if mark.stage in (PEOPLE, GROUPS, ITEMS) and isinstance(mark.query, str) else None

    def at(self, stage: str, query: str = "") -> Self:
        return replace(self, stage=stage, query=query)

    def text(self) -> str:
        return json.dumps(asdict(self))
