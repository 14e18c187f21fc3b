"""What the practice services know: who spoke of what and when."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody speaks of what has a DOI. `text` stands for what is said beside it; `hidden`: nobody sees it any more,
    and the search still finds it."""

    number: int
    doi: str
    at: datetime
    author: str = "tidewatcher"
    text: str = "A good read on tides"
    hidden: bool = False


@dataclass(slots=True, kw_only=True)
class Known:
    """What one service knows and how it is set up. `most` is the largest page that it gives, where that can be less
    than what is asked for; `left` how many requests it still answers today, None for any number; `backoff` what it
    asks for with each answer. `ended`: the next token is not accepted."""

    acts: dict[int, Act] = field(default_factory=dict)
    key: str = "practice-token"
    most: int = 1000
    left: int | None = None
    backoff: int = 0
    ended: bool = False

    def newest(self) -> list[Act]:
        """All acts, the newest first."""
        return sorted(self.acts.values(), key=lambda act: (act.at, act.number), reverse=True)

    def spend(self) -> bool:
        """Count a request; whether it is still answered."""
        if self.left is not None:
            self.left -= 1
        return self.left is None or self.left >= 0
