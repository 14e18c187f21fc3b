"""The practice Mastodon as the conformance suite drives it. What each member gives is described in
`sync.conformance.practice`: all of `Practice`, and what one that is listened to has beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.mastodon import MastodonFault, Post, PracticeMastodon, What, linked, practice_mastodon
from sandbox.practised import NoOutputs, OnServer

LISTENED = "it is a stream of what people say, and knows no outputs"
LACKS = {
    "reads": LISTENED,
    "dates": LISTENED,
    "last page empty": "its last page always is",
    **dict.fromkeys(("forgets", "answer lost", "edited meanwhile"), "nothing is written to it"),
    "refused": "it is not told of badges",
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an instance needs no files
    """A practice instance that wants a token."""
    with practice_mastodon() as server:
        server.shut = 401
        yield Practised(server)


class Practised(NoOutputs, OnServer[PracticeMastodon]):
    """A running one."""

    lacks: Mapping[str, str] = LACKS

    def __init__(self, server: PracticeMastodon) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": server.token}
        self._acts: dict[int, int] = {}

    def at(self, moment: datetime) -> None:
        """Its clock stands there."""
        self.server.now = moment

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """Somebody posts a link to what has a DOI, or edits such a post."""
        html = linked(f"https://doi.org/{of}")
        if number in self._acts:
            self.server.edit(self._acts[number], html)
        else:
            self._acts[number] = self.server.post(Post(html=html, at=at))

    def unsay(self, number: int) -> None:
        """The post is deleted."""
        self.server.delete(self._acts.pop(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_faults()[name])


def _faults() -> Mapping[str, MastodonFault]:
    """A new one of each."""
    pages: tuple[What, ...] = ("truncated", "cut short", "page again", "empty list", "shuffled", "repeated")
    return {
        "server error": MastodonFault("status", status=500, times=None),
        "server error once": MastodonFault("status", status=500),
        "too many requests": MastodonFault("too many requests", retry_after="7"),
        "login ended": MastodonFault("status", status=401),
        **{what: MastodonFault(what, times=None) for what in pages},
    }
