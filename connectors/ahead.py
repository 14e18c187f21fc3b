"""The next page of a listing is fetched while the one before it is read and stored."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Self

from connectors.http import Answer, Client, Refusal


class Ahead:
    """One request at a time, in a thread of its own. Leaving it ends that thread."""

    def __init__(self, client: Client, *, accept: str, refusal: Refusal, name: str) -> None:
        """`name` is that of the thread; the others are as `Client.get` has them."""
        self._client = client
        self._get: Callable[..., Answer] = partial(client.get, accept=accept, refusal=refusal)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._asked: Future[Answer] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind and issubclass(kind, KeyboardInterrupt | SystemExit):
            self._client.stop()  # nobody waits for a page that will not be read
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._asked and not self._asked.cancelled() and not self._asked.exception():
            self._asked.result().close()

    def ask(self, url: str, params: Mapping[str, str] | None = None) -> None:
        """Fetch a page, unless one is being fetched already."""
        if not self._asked:
            self._asked = self._pool.submit(self._get, url, params)

    def take(self) -> Answer:
        """The page that was asked for; an error of the request comes out here, in its turn."""
        asked, self._asked = self._asked, None
        if asked is None:
            raise LookupError("nothing was asked for")
        return asked.result()
