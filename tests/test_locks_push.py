"""The fifth lock where badges are pushed: nothing hidden stands in a repository that has an item for everything, nor is
it asked for; and the canary finds what a lock too few lets out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from canary import Desk, copied, without_the_first, without_the_second, without_the_third
from canary_shelf import FIELD, look, shelf
from naive.hidden_house import CLOSED, CROWD

SEEN = {"Open work", "Open second work", *(f"Crowd {n}" for n in CROWD)}
LATER = {f"canarypri {what}" for what in ("closed later", "gone later", "merged later", "ended by the clock")}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("world"))
    desk.fill()
    return desk


@pytest.fixture
def desk(world: Desk, tmp_path: Path) -> Desk:
    return copied(world, tmp_path / "desk")


def test_a_repository_holds_and_hears_of_nothing_hidden(desk: Desk) -> None:
    desk.tighten()
    with shelf(desk) as library:
        desk.ok("check", "--connect")
        desk.ok("push", "--dry-run", "--diff")
        before = look(library, desk)
        desk.ok("score", "--full")
        desk.ok("push")

        assert (before, look(library, desk)) == (set(), SEEN)


def test_what_was_pushed_and_is_hidden_since_is_withdrawn_before_anything_else(desk: Desk) -> None:
    with shelf(desk) as library:
        desk.ok("push")
        public = {title for item in library.items.values() for title in item.texts("dc.title") if item.texts(FIELD)}
        library.requests.clear()
        desk.tighten()
        desk.ok("push", "--dry-run", "--diff")
        desk.ok("push")

        assert public == SEEN | LATER
        assert look(library, desk) == SEEN


@pytest.mark.parametrize(
    ("take_away", "word"),
    [(without_the_first, "canarypri"), (without_the_second, "canaryint"), (without_the_third, "canarypri")],
)
def test_without_one_of_the_inner_locks_a_push_shows_what_it_held_back(
    desk: Desk, take_away: Callable[[Desk], None], word: str
) -> None:
    desk.tighten()
    take_away(desk)
    with shelf(desk, 'ask_about = "internal"') as library:  # else that setting would hold back what is internal
        desk.ok("push")

        with pytest.raises(AssertionError, match=rf"the repository shows .*{word}"):
            look(library, desk)


def test_a_repository_is_not_asked_about_what_is_less_open_than_ask_about_whatever_the_pairs_permit(desk: Desk) -> None:
    desk.tighten()
    without_the_second(desk)
    with shelf(desk) as library:
        desk.ok("push")

        assert look(library, desk) == SEEN


@pytest.mark.parametrize(
    ("lock", "nothing"),
    [
        ("sync.store.settle.unpublish", lambda _db, _ids: None),  # the fourth: a change drops no badges
        ("sync.store.withdrawals", lambda *_, **__: []),  # what may no longer show is not looked for
    ],
)
def test_without_what_takes_a_badge_back_it_stays_in_the_repository(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, lock: str, nothing: Callable[..., object]
) -> None:
    with shelf(desk) as library:
        desk.ok("push")
        library.requests.clear()
        monkeypatch.setattr(lock, nothing)
        desk.tighten(CLOSED)
        desk.ok("push")

        with pytest.raises(AssertionError, match=r"the repository shows .*canarypri"):
            look(library, desk)
