"""What `ringmark check --connect` says of a Figshare: who answers, the clock, the spread of its flags."""

from collections.abc import Iterator
from itertools import islice

from connectors import clock
from connectors.base import Finding
from connectors.figshare.run import Run
from connectors.spread import spread

LOOKED_AT = 20  # of each: enough to see how the flags are spread, and each costs a request


def findings(run: Run) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    yield Finding(ok=True, what="the API answers, and knows the institution of this token")
    yield from clock.findings(run.began)
    if run.people:
        yield from spread("people", list(run.profiles(LOOKED_AT)), who="the Figshare administrator")
    yield from spread("outputs", list(islice(run.articles(), LOOKED_AT)), who="the Figshare administrator")
