"""That the daemon ends, and how."""

import logging

log = logging.getLogger(__name__)


class Ending:
    """Asked for by a signal, or by what cannot go on. `code` is the exit code."""

    def __init__(self) -> None:
        self.begun = False
        self.code = 0

    def ask(self) -> None:
        """End well. Takes no lock, so that a signal may come at any moment."""
        self.begun = True

    def fail(self, why: str) -> None:
        """End because it cannot go on, so that whoever watches us starts us anew."""
        if not self.code:
            log.error("the daemon ends", extra={"why": why})
        self.code = 1
        self.begun = True
