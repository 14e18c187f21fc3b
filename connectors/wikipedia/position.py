"""Where a run goes on: a place in the stream, or one in the lists of links that a full run goes through before."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from connectors.documents import text
from connectors.errors import NotUnderstood

_ID = re.compile(r"[\x20-\x7e]{1,4000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """After the message with this id, of this moment. The id says for each of the stream's topics how far it was read;
    where a message had none, the moment alone is known."""

    id: str
    at: datetime

    @classmethod
    def read(cls, kept: str) -> Self:
        """As `written`. Raises `NotUnderstood`."""
        try:
            told = json.loads(kept)
            return cls(id=plain(text(told["id"])), at=datetime.fromisoformat(told["at"]).astimezone(UTC))
        except (ValueError, TypeError, KeyError, OverflowError):
            raise NotUnderstood("the stored cursor is no place in the stream; run a full pull") from None

    @property
    def written(self) -> str:
        """For a cursor or a bookmark."""
        return json.dumps({"id": self.id, "at": self.at.isoformat()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """In the list of a wiki (its number among those of the settings), of one host and protocol; `more` is what the wiki
    calls the next page, empty for the first."""

    wiki: int = 0
    part: int = 0
    more: str = ""

    @classmethod
    def read(cls, kept: str) -> Self | None:
        """As `written`; None for any other place."""
        try:
            told = json.loads(kept)
            found = cls(wiki=told["wiki"], part=told["part"], more=told["more"])
        except (ValueError, TypeError, KeyError):
            return None
        numbers = type(found.wiki) is type(found.part) is int and found.wiki >= 0 and found.part >= 0
        return found if numbers and isinstance(found.more, str) else None

    @property
    def written(self) -> str:
        """For a bookmark."""
        return json.dumps(asdict(self))


def plain(id_: str) -> str:
    """An id as it may be sent back in a header; empty where it may not."""
    return id_ if _ID.fullmatch(id_) else ""
