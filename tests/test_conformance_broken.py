"""Each check of the conformance suite finds the connector that breaks its promise, and says what it breaks."""

from collections.abc import Iterator, Mapping
from typing import Any

import broken_asking
import broken_hearing
import broken_reading
import broken_telling
import broken_writing
import pytest
import stores
from conftest import House
from installed_kinds import installed

from sync import conformance

BROKEN: dict[str, Mapping[Any, str]] = {
    **broken_reading.BROKEN,
    **broken_writing.BROKEN,
    **broken_telling.BROKEN,
    **broken_asking.BROKEN,
    **broken_hearing.BROKEN,
    **broken_writing.MANNERS,
}
CASES = [(check, kind.__name__, words) for check, kinds in BROKEN.items() for kind, words in kinds.items()]


@pytest.fixture(scope="module", autouse=True)
def _broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every broken connector, as a kind of its own."""
    kinds = {kind for kinds in BROKEN.values() for kind in kinds} | {broken_writing.BreaksAltogether}
    connectors = {kind.__name__: f"{kind.__module__}:{kind.__name__}" for kind in kinds}
    practice = dict.fromkeys(connectors, "ringmark_example_practice:opened")
    practice |= broken_telling.PRACTICE
    practice |= broken_asking.PRACTICE
    practice |= broken_hearing.PRACTICE
    with installed(tmp_path_factory.mktemp("installed"), connectors, practice):
        yield


def test_every_check_has_somebody_who_breaks_it() -> None:
    assert list(BROKEN) == [check.name for check in conformance.CHECKS]


@pytest.mark.parametrize(("check", "kind", "words"), CASES, ids=[f"{check}-{kind}" for check, kind, _ in CASES])
def test_a_connector_that_breaks_a_promise_is_found(check: str, kind: str, words: str) -> None:
    (result,) = conformance.examine(kind, [check], stores.url)

    assert (result.outcome, "it broke" in result.why) == ("fails", False), result.why
    assert words in result.why


def test_the_verb_ends_with_1_and_says_which_promise_was_broken(house: House) -> None:
    words = ("connector", "test", "IsAlwaysContent", "--check", "wrong_settings")

    said, told = house.run(*words), house.run(*words, "--json")

    assert (said.code, told.code) == (1, 1)
    assert "wrong_settings: FAILS: a wrong password should be found to be wrong, and is not" in said.out
    assert "It promises: `check --connect` says what is wrong" in said.out
    assert told.document["error"].startswith("IsAlwaysContent: wrong_settings: a wrong password")


def test_a_connector_that_breaks_altogether_is_a_failure_of_the_check_alone(house: House) -> None:
    ran = house.run("connector", "test", "BreaksAltogether", "--check", "order_of_pages", "--check", "right_settings")

    assert ran.code == 1
    assert "right_settings: FAILS: it broke: ZeroDivisionError at broken_writing.py" in ran.out
    assert "order_of_pages: passes" in ran.out
