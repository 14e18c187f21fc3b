"""Places that are told of badges, by the daemon: a first push waits for somebody to agree, and withdrawals do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from told_places import Place, hooked, with_folder

from config.load import load
from sync import push, steps, store
from sync.push import Report


@pytest.fixture(params=[hooked, with_folder])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Two public works, not told of yet; one private."""
    with request.param(tmp_path) as place:
        yield place


def daemon(place: Place, *, held: bool = False) -> Report | None:
    """What the daemon does: it pushes where anything is due."""
    settings = load(place.house.file, {})
    house = steps.open_house(settings)
    try:
        target = push.target(house, settings, "library")
        now = store.now() + place.house.later
        if not push.due(house, target, held=held, now=now):
            return None
        (report,) = push.push(
            house, settings, ["library"], attended=False, dry_run=False, clock=lambda: now, told=lambda *_: None
        )
        return report
    finally:
        house.engine.dispose()


def shown(place: Place) -> set[str]:
    return set(place.shown())  # type: ignore[attr-defined]


def test_a_first_push_waits_for_somebody_to_agree(place: Place) -> None:
    report = daemon(place)

    assert report is not None
    assert (report.outcome, report.counts["waiting"], shown(place)) == ("held", 2, set())
    assert daemon(place, held=True) is None
    place.house.ok("accept", str(report.run))
    daemon(place)
    assert shown(place) == {"one", "two"}
    assert daemon(place) is None


def test_what_has_to_go_goes_while_the_rest_waits(place: Place) -> None:
    place.push()
    place.settings(more="push_limit = 1\n")
    place.tell(four="public", five="public")
    place.days(8)
    report = daemon(place)
    assert report is not None
    assert report.outcome == "held"

    place.tell(one="private")
    daemon(place, held=True)

    assert shown(place) == {"two"}


def test_a_new_score_is_due_after_push_every_and_not_before(place: Place) -> None:
    place.push()
    place.mention(one=2)
    assert daemon(place) is None

    place.days(8)
    daemon(place)

    assert shown(place) == {"one", "two"}
    assert place.shown()["one"] == 6  # type: ignore[attr-defined]
    assert daemon(place) is None
