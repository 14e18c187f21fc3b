"""What a check is: one sentence that is promised, what it needs of a connector, and how it is seen to hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sync.conformance.bench import Bench


class Broken(Exception):  # noqa: N818 - a promise is broken
    """What was expected, and what was found."""


class DoesNotApply(Exception):  # noqa: N818 - nothing went wrong
    """Why a check says nothing of this connector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `run` raises `Broken` where the promise is not kept."""

    name: str
    promise: str
    needs: tuple[str, ...]
    run: "Callable[[Bench], None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one check said of one kind of connector; `why` it fails or does not apply."""

    check: Check
    outcome: Literal["passes", "fails", "does not apply"]
    why: str = ""


def check(*needs: str) -> "Callable[[Callable[[Bench], None]], Check]":
    """Makes a function a check; its docstring is the promise. `needs` are among `NEEDS` and `FAULTS`."""

    def made(run: "Callable[[Bench], None]") -> Check:
        promise = " ".join((run.__doc__ or "").split())
        return Check(name=run.__name__, promise=promise, needs=needs, run=run)

    return made


def expect(found: object, wanted: object, what: str) -> None:
    """Hold what was found against what was wanted."""
    if found != wanted:
        raise Broken(f"{what}: expected {wanted!r}, found {found!r}")
