"""A DSpace that fails while it is written to: the outcome is open until it is read; nothing goes out unpermitted."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from dspace_source import FIELD, OURS, THEIRS, Permits, connected, doi, sent, yes
from http_places import Clock

from connectors.base import Held
from connectors.dspace import DSpace
from connectors.errors import NotUnderstood, Recalled, TryLater
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import made

ONE = made(1, dc_identifier_doi="10.5555/harbour.1", dc_title="T")
OPEN = "whether it was done, only reading can tell"


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace([ONE]) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(server: PracticeDSpace, clock: Clock) -> Iterator[DSpace]:
    with connected(server, clock) as library:
        yield library


def patch(what: str, **more: object) -> DSpaceFault:
    return DSpaceFault(what=what, method="PATCH", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["hang up after", "hang up midway", "truncated", "status after"])
def test_what_was_stored_without_an_answer_is_found_by_reading(
    server: PracticeDSpace, library: DSpace, what: str
) -> None:
    server.faults.append(patch(what))

    with pytest.raises(TryLater, match=OPEN):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert len(sent(server)) == 1
    assert library.read(ONE.uuid, FIELD) == Held(values=(OURS,))


@pytest.mark.parametrize(
    "fault", [patch("hang up before"), patch("status", status=503), patch("status", status=500)], ids=lambda f: f.what
)
def test_what_was_not_stored_is_told_apart_by_reading(
    server: PracticeDSpace, library: DSpace, fault: DSpaceFault
) -> None:
    server.faults.append(replace(fault))

    with pytest.raises(TryLater, match=OPEN):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert len(sent(server)) == 1
    assert library.read(ONE.uuid, FIELD) == Held()


def test_what_was_answered_and_not_stored_is_found_by_reading(server: PracticeDSpace, library: DSpace) -> None:
    server.faults.append(patch("forget"))

    library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert library.read(ONE.uuid, FIELD) == Held()


def test_a_body_that_is_no_json_says_nothing_about_a_write(server: PracticeDSpace, library: DSpace) -> None:
    server.faults.append(patch("not json"))

    library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert library.read(ONE.uuid, FIELD) == Held(values=(OURS,))


def test_a_write_is_told_how_long_to_wait_and_a_question_waits(
    server: PracticeDSpace, library: DSpace, clock: Clock
) -> None:
    server.faults += [
        patch("status", status=429, retry_after="90"),
        DSpaceFault("status", address="discover", status=503, retry_after="40"),
    ]

    with pytest.raises(TryLater) as caught:
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)
    found = library.find([doi("10.5555/harbour.1")])

    assert (caught.value.after, found, clock.slept) == (90, (ONE.uuid,), [90.0, 40.0])


@pytest.mark.parametrize("what", ["hang up before", "hang up midway", "truncated"])
def test_a_question_that_broke_off_is_asked_again(server: PracticeDSpace, library: DSpace, what: str) -> None:
    server.edit(ONE.uuid, FIELD, THEIRS)
    server.faults.append(DSpaceFault(what, address="items"))

    assert library.read(ONE.uuid, FIELD) == Held(values=(THEIRS,))


@pytest.mark.parametrize("status", [400, 405, 415, 418])
def test_any_other_refusal_of_a_write_is_named(server: PracticeDSpace, library: DSpace, status: int) -> None:
    server.faults.append(patch("status", status=status))

    with pytest.raises(NotUnderstood, match=f"PATCH /api/core/items/{ONE.uuid}: status {status}"):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)


@pytest.mark.parametrize("status", [400, 410, 422])
def test_any_other_refusal_of_a_question_is_named(server: PracticeDSpace, library: DSpace, status: int) -> None:
    server.faults.append(DSpaceFault("status", address="items", status=status))

    with pytest.raises(NotUnderstood, match=f"status {status}"):
        library.read(ONE.uuid, FIELD)


def test_a_404_of_something_else_than_a_dspace_does_not_mean_gone(server: PracticeDSpace, library: DSpace) -> None:
    library.read(ONE.uuid, FIELD)
    server.faults += [
        DSpaceFault("status", address="items", status=404),
        DSpaceFault("status", address="status", status=404),
    ]

    with pytest.raises(NotUnderstood, match="/api/authn/status: status 404"):
        library.read(ONE.uuid, FIELD)


def test_a_value_that_went_meanwhile_makes_no_other(server: PracticeDSpace, library: DSpace) -> None:
    with pytest.raises(NotUnderstood, match="422"):
        library.write(ONE.uuid, FIELD, Held(values=(OURS,)), [], permit=yes)

    assert server.writes == []


def nothing(_: PracticeDSpace, __: DSpace) -> None:
    """All is well."""


def logged_out(server: PracticeDSpace, library: DSpace) -> None:
    library.read(ONE.uuid, FIELD)
    server.expire_tokens()


def wrong_token(_: PracticeDSpace, library: DSpace) -> None:
    library.read(ONE.uuid, FIELD)
    library._rest._login._csrf = "of yesterday"


def both(server: PracticeDSpace, library: DSpace) -> None:
    logged_out(server, library)
    wrong_token(server, library)
    server.expire_tokens()


@pytest.mark.parametrize(
    ("before", "attempts"),
    [(nothing, [200]), (logged_out, [401, 200]), (wrong_token, [403, 200]), (both, [403, 401, 200])],
)
def test_permission_is_asked_before_each_attempt_and_a_no_sends_nothing_more(
    server: PracticeDSpace,
    library: DSpace,
    before: Callable[[PracticeDSpace, DSpace], None],
    attempts: list[int],
) -> None:
    for granted in range(len(attempts)):
        before(server, library)
        server.requests.clear()
        permits = Permits(granted)

        with pytest.raises(Recalled):
            library.write(ONE.uuid, FIELD, Held(), [OURS], permit=permits)

        assert permits.asked == granted + 1
        assert [status for _, status in sent(server)] == attempts[:granted]
        assert server.texts(ONE.uuid, FIELD) == ()
    before(server, library)
    library.write(ONE.uuid, FIELD, Held(), [OURS], permit=Permits(len(attempts)))

    assert server.texts(ONE.uuid, FIELD) == (OURS,)


def test_permission_is_asked_after_the_login_and_the_token(server: PracticeDSpace, library: DSpace) -> None:
    seen: list[str] = []

    library.write(
        ONE.uuid,
        FIELD,
        Held(),
        [OURS],
        permit=Permits(1, lambda: seen.extend(one.path.rpartition("/")[2] for one in server.requests)),
    )

    assert seen == ["csrf", "login"]


def test_a_lost_right_between_two_attempts_is_named(server: PracticeDSpace, library: DSpace) -> None:
    wrong_token(server, library)

    with pytest.raises(NotUnderstood, match="give the account the right"):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=Permits(2, lambda: setattr(server, "may_write", False)))

    assert [status for _, status in sent(server)] == [403, 403]
