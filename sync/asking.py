"""Asking a service about what we have: in batches, each permitted again as it leaves, and each answer stored at once.

So a run that ends in the middle, however, has lost one answer at most, and the next run goes on behind it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from connectors.base import Asks
from connectors.errors import NotUnderstood, Recalled
from connectors.identifiers import Identifier
from connectors.records import Done, Heard, Learned
from sync import store
from sync.hearing import AHEAD
from sync.store import Applied, Begin, Store
from sync.store.asking import Asking, Outcome, Question

log = logging.getLogger(__name__)

IN_A_ROW = 5  # questions, each by itself, whose answers were not understood: then it is not the questions

Clock = Callable[[], int]


def ask(
    house: Store, begin: Begin, connector: Asks, *, full: bool, clock: Clock, counted: Callable[[Applied], bool]
) -> Done | None:
    """Ask about all that is due, with `full` also about all of which something is known; on no day about more than is
    allowed. `counted` is told what each answer has done, and says whether to go on; None where it said no."""
    began = int(begin.bookmark) if begin.bookmark and begin.bookmark.isdecimal() else clock()
    asking = Asking(
        source=begin.source,
        by=connector.manifest.asks_by,
        least=int(connector.settings.ask_about),
        again=began if full else 0,
        hears=connector.manifest.hears,
    )
    talk = _Talk(house, asking, connector, clock, bookmark=str(began))
    daily = connector.daily
    after, more = 0, True
    while more:
        questions, after = store.asking.due(house, asking, after, now=clock())
        if daily and len(questions) >= (left := max(daily - store.asking.lately(house, asking, now=clock()), 0)):
            questions, after = questions[:left], 0
        for start in range(0, len(questions), connector.manifest.at_a_time):
            for done in talk.about(questions[start : start + connector.manifest.at_a_time]):
                if not counted(done):
                    return None
        more = after > 0
    return Done(cursor=store.stamp(began))


class _Talk:
    """One run's questions to one service."""

    def __init__(self, house: Store, asking: Asking, connector: Asks, clock: Clock, *, bookmark: str) -> None:
        self._house, self._asking, self._connector, self._clock = house, asking, connector, clock
        self._bookmark = bookmark
        self._in_a_row = 0

    def about(self, questions: Sequence[Question]) -> Iterator[Applied]:
        """Ask some in one request. Where its answer is not understood each half is asked by itself, so that one odd
        record does not keep the others from theirs. Raises `NotUnderstood` where that does not help."""
        try:
            asked, said = self._asked(questions)
        except NotUnderstood as error:
            if len(questions) > 1:
                half = len(questions) // 2
                yield from self.about(questions[:half])
                yield from self.about(questions[half:])
                return
            self._in_a_row += 1
            if self._in_a_row >= IN_A_ROW:
                raise
            log.warning("an answer was not understood", extra={"source": self._asking.source.name, "why": str(error)})
            asked, said = list(questions), None
        if asked:
            self._in_a_row = 0 if said is not None else self._in_a_row
            yield self._store(asked, said)

    def _asked(self, questions: Sequence[Question]) -> tuple[list[Question], list[Learned | Heard]]:
        """Those that were still permitted as the request left, and what was said of them."""
        rest = list(questions)
        while rest := self._permitted(rest):
            about = [each.about for each in rest]
            try:
                said = self._connector.ask(about, permit=partial(self._all_permitted, rest))
                return rest, _of_these(about, said, self._clock)
            except Recalled:  # something was closed while it waited for its turn
                if self._all_permitted(rest):
                    raise NotUnderstood("the connector gave up a question that may be asked") from None
        return [], []

    def _all_permitted(self, questions: Sequence[Question]) -> bool:
        return len(self._permitted(questions)) == len(questions)

    def _permitted(self, questions: Sequence[Question]) -> list[Question]:
        allowed = store.asking.permitted(self._house, self._asking, questions, now=self._clock())
        return [each for each in questions if each in allowed]

    def _store(self, asked: Sequence[Question], said: Sequence[Learned | Heard] | None) -> Applied:
        known = {each.asked for each in said or ()}

        def outcome(question: Question) -> Outcome:
            return "error" if said is None else "found" if question.about in known else "unknown"

        return store.asking.answered(
            self._house,
            self._asking,
            {each: outcome(each) for each in asked},
            said or (),
            bookmark=self._bookmark,
            now=self._clock(),
        )


def _of_these(about: Sequence[Identifier], said: Iterator[Learned | Heard], clock: Clock) -> list[Learned | Heard]:
    """What was said of what was asked; nothing else is heard. Raises `NotUnderstood` for an answer from the future."""
    kept = [each for each in said if each.asked in about]
    heard = [mention for each in kept if isinstance(each, Heard) for mention in each.mentions]
    if any(each.occurred_at is not None and store.micros(each.occurred_at) > clock() + AHEAD for each in heard):
        raise NotUnderstood("somebody is said to have spoken in the future")
    return kept
