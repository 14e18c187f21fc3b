"""A Mastodon connector in front of the practice instance, and what it is given to listen with."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from config.settings import Connection
from connectors import Ear, Identifier, Mention, Page, Since
from connectors.http import client
from connectors.mastodon import Mastodon
from connectors.sightings import Tracked
from sandbox.mastodon import PracticeMastodon

ONE, TWO = Identifier("doi", "10.5555/one"), Identifier("doi", "10.5555/two")
LINK = "https://doi.org/10.5555/one"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def ear(*tracked: Identifier, told: Iterable[str] = ()) -> Ear:
    """Of what is looked for (`ONE` where nothing is said), and of what was told before."""
    before = dict.fromkeys(told, (ONE,))

    def known(keys: Collection[str]) -> Mapping[str, tuple[Identifier, ...]]:
        return {key: before[key] for key in keys if key in before}

    return Ear(
        tracked=Tracked(tracked or (ONE,)),
        abroad=cast(Any, None),
        noted=lambda _: "",
        told=known,
        told_by=lambda *_: (),
    )


@contextmanager
def listener(server: PracticeMastodon, *, token: str | None = None) -> Iterator[Mastodon]:
    """One that never waits."""
    settings = Connection(name="x", kind="mastodon", url=server.url, token=token, pace=0)
    opened = client(settings, token=Mastodon.manifest.token, pace=0, sleep=lambda _: None)
    with Mastodon(settings, opened) as connector:
        yield connector


def listen(server: PracticeMastodon, ear: Ear, **since: Any) -> list[Page]:
    """One run of it, at `NOW` where nothing else is said."""
    with listener(server) as connector:
        return list(connector.listen(Since(**{"now": NOW, **since}), ear))


def mentions(pages: Iterable[Page]) -> list[Mention]:
    return [each for page in pages for each in page.mentions]
