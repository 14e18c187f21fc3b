"""Guessing is slowed without locking anybody out.

The words of cookies, links and tokens have 256 random bits: nobody guesses one, however fast they may ask, so there is
no count of failures that somebody else could use up, and no address is kept. What guessing could do is keep us busy.
So what was wrong waits before it is answered, and few may wait; what was right never does.
"""

import asyncio

SECONDS = 0.5
WAITING = 32  # more than these are answered at once: each would hold a connection


class Slow:
    """One for all of the console."""

    def __init__(self) -> None:
        self._waiting = 0

    async def wrong(self) -> None:
        """Wait, after something was wrong."""
        if self._waiting >= WAITING:
            return
        self._waiting += 1
        try:
            await asyncio.sleep(SECONDS)
        finally:
            self._waiting -= 1
