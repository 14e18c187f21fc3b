"""What every part of the site works with, handed to each as one."""

from collections.abc import Callable
from dataclasses import dataclass

from badges.answers import Answers
from badges.paper import Paper
from badges.readers import Readers
from config.themes import Theme
from scoring.rules import RuleSet
from sync import store
from sync.store import Audience, Hot, Shown, Store

Rules = Callable[[str], RuleSet]  # a rule set by its name; raises `RuleSetError`


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`audience` is who looks, `house` and `hot` are the store, `theme` is that of badges where nobody asks for
    another, `clock` gives microseconds since 1970."""

    audience: Audience

    house: Store
    hot: Hot
    answers: Answers
    paper: Paper
    readers: Readers
    rules: Rules
    theme: Theme
    clock: Callable[[], int]

    def shown(self, output: int) -> Shown | None:
        """The badge of an output as everybody may see it; None when there is none, for whatever reason."""
        with self.house.read() as db:
            return store.find(db, "public", output, now=self.clock())
