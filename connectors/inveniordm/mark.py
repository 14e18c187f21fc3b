"""Where inside an unfinished reading of an InvenioRDM the next run goes on."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`listing` is which of the listings, by its path, `after` the moment in it; `began` is the cursor that the end
    will give, empty where the server told no time."""

    listing: str
    after: str = ""
    began: str = ""

    @classmethod
    def read(cls, text: str | None, listings: list[str]) -> Self | None:
        """None for a bookmark of another make, or in a listing that is not read any more: then all begins again."""
        try:
            mark = cls(**json.loads(text or ""))
            for told in (mark.after, mark.began):
                moment(told)
        except (ValueError, TypeError):
            return None
        return mark if mark.listing in listings else None

    def text(self) -> str:
        return json.dumps(asdict(self))


def moment(told: str) -> datetime | None:
    """A moment that was written down; None for an empty text. Raises `ValueError` for what is none."""
    return datetime.fromisoformat(told).astimezone(UTC) if told else None
