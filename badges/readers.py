"""Reading and writing for a page in threads, a few at once, so that nobody's page keeps badges waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from badges.answers import Answer, Answers
from scoring.rules import RuleSetError
from sync.store import Hot, StoreError

AT_ONCE = 4  # pages read at once: each may open an engine for its ledger
WAITING = 64  # more than these wait in vain
WRITING = 16  # forms that wait for their turn to be stored

Told = TypeVar("Told")


class Readers:
    """Runs what reads the store; one of them for all pages. Its threads are its own: those of the loop are so few on a
    small machine that what waits in one `Readers` would keep another waiting."""

    def __init__(self, hot: Hot, answers: Answers) -> None:
        self._hot, self._answers = hot, answers
        self._pool = ThreadPoolExecutor(AT_ONCE + 1, thread_name_prefix="reader")  # one of them to write
        self._threads = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._writers = asyncio.Semaphore(1)  # a pull may be writing: one thread waits for it, and no more
        self._forms = 0

    async def answered(self, read: Callable[[], Answer]) -> Answer:
        """What `read` answers; to come back later where too many wait, or the store cannot be read."""
        if self._waiting >= WAITING:
            return self._answers.later()
        self._waiting += 1
        try:
            self._hot.mark()  # opens the store anew where its file was replaced
            async with self._threads:
                return await self._run(read)
        except (StoreError, RuleSetError):
            return self._answers.later()
        finally:
            self._waiting -= 1

    async def written(self, write: Callable[[], Answer], later: Answer) -> Answer:
        """What `write` answers, one at a time; `later` where too many wait, or nothing can be stored just now."""
        if self._forms >= WRITING:
            return later
        self._forms += 1
        try:
            self._hot.mark()
            async with self._writers:
                return await self._run(write)
        except (StoreError, RuleSetError):
            return later
        finally:
            self._forms -= 1

    async def _run(self, work: Callable[[], Told]) -> Told:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)
