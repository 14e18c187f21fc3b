"""The fifth lock where places are told of badges: nothing hidden is in a notice, an inbox or a file; and the canary
finds what a lock too few lets out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from canary import NUMBERS, Desk, copied, without_the_first, without_the_second, without_the_third, words_in
from naive.hidden_house import CLOSED, SETTINGS
from told_places import KEY, secret

from sandbox.coar_notify import practice_inbox
from sandbox.webhook import practice_webhook

TABLE = """
[institution]
base_url = "https://ringmark.example.edu"
[connections.library]
kind = "{kind}"
push = "public"
pace = 0
{keys}
"""
KINDS = ("webhook", "coar_notify", "file_drop")


class Ear:
    """A place that keeps everything it ever heard, in the order in which it came."""

    def __init__(self, kind: str, server: Any, folder: Path) -> None:
        self.kind, self.server, self.folder = kind, server, folder

    def heard(self) -> str:
        """All of it, and the files that lie there."""
        asked = self.server.requests if self.server else ()
        sent = " ".join(f"{each.method} {each.path} {each.query} {each.headers} {each.body.decode()}" for each in asked)
        files = " ".join(each.read_text() for each in sorted(self.folder.glob("**/*")) if each.is_file())
        return unquote_plus(unquote_plus(f"{sent} {files}"))

    def stands(self) -> str:
        """What a reader there has now."""
        if self.kind == "webhook":
            return str(self.server.shows)
        return str(self.server.announced) if self.server else self.heard()


@contextmanager
def ear(desk: Desk, kind: str, more: str = "") -> Iterator[Ear]:
    """Let the desk tell a place of a kind; `more` are lines of its table."""
    folder = desk.folder / "drop"
    folder.mkdir(exist_ok=True)
    if kind == "file_drop":
        desk.write(SETTINGS + TABLE.format(kind=kind, keys='path = "drop"') + more)
        yield Ear(kind, None, folder)
        return
    secret(desk.folder, "token", KEY)
    with practice_webhook(KEY) if kind == "webhook" else practice_inbox(KEY) as server:  # type: ignore[attr-defined]
        keys = f'url = "{server.url}"\ntoken_file = "token"'  # type: ignore[attr-defined]
        desk.write(SETTINGS + TABLE.format(kind=kind, keys=keys) + more)
        yield Ear(kind, server, folder)


def look(text: str, desk: Desk) -> None:
    """The canary: fails where something hidden is in what a place heard, or has."""
    assert not words_in(text), f"a place can read {words_in(text)}"
    assert not desk.public_ids().hidden & set(NUMBERS.findall(text)), "a place can read a hidden public id"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("world"))
    desk.fill()
    return desk


@pytest.fixture
def desk(world: Desk, tmp_path: Path) -> Desk:
    return copied(world, tmp_path / "desk")


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_hears_of_nothing_hidden(desk: Desk, kind: str) -> None:
    desk.tighten()
    with ear(desk, kind) as place:
        desk.ok("check", "--connect")
        desk.ok("push", "--dry-run", "--diff")
        assert "10.5555" not in place.heard()
        desk.ok("score", "--full")
        desk.ok("push")

        assert "/outputs/" in place.heard() or kind == "file_drop"
        look(place.heard(), desk)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_told_and_is_hidden_since_stands_nowhere_any_more(desk: Desk, kind: str) -> None:
    with ear(desk, kind) as place:
        desk.ok("push")
        before = place.stands()
        desk.tighten()
        desk.ok("push")

        assert place.stands() != before
        look(place.stands(), desk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("take_away", [without_the_first, without_the_second, without_the_third])
def test_without_one_of_the_inner_locks_a_place_hears_what_it_held_back(
    desk: Desk, kind: str, take_away: Callable[[Desk], None]
) -> None:
    desk.tighten()
    take_away(desk)
    with ear(desk, kind, 'ask_about = "internal"') as place:
        desk.ok("push")

        with pytest.raises(AssertionError, match="a place can read"):
            look(place.heard(), desk)


@pytest.mark.parametrize("kind", KINDS)
def test_without_what_takes_a_badge_back_it_stays_there(desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ear(desk, kind) as place:
        desk.ok("push")
        monkeypatch.setattr("sync.store.settle.unpublish", lambda _db, _ids: None)
        desk.tighten(CLOSED)
        desk.ok("push")

        with pytest.raises(AssertionError, match="a place can read"):
            look(place.stands(), desk)
