"""What goes wrong on demand in a practice DSpace, one way a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.dspace import PracticeDSpace

What = Literal[
    "slow", "change", "hang up before", "hang up after", "hang up midway", "status", "status after", "forget",
    "login page", "truncated", "not json", "rotate",
]  # fmt: skip


@dataclass(slots=True)
class DSpaceFault(Strike):
    """One thing that goes wrong: `DSpaceFault("hang up after", method="PATCH")`, `DSpaceFault("status", status=503)`.

    Nothing is done of what was asked: `hang up before`; `status`, an error of that `status`, with `retry_after` (in
    seconds, or a date as HTTP writes it) where it is set; `login page`, which is 200 and HTML.
    It is done, and the answer is lost: `hang up after`; `hang up midway`, half an answer without its end; `status
    after`, an error of that `status`; `truncated`, fewer bytes than it says; `not json`, 200 and words.
    It is answered as if it were done, and is not: `forget`.
    Everything goes well, but: `slow` waits `seconds` first, so that a client may have given up before anything is
    stored; `change` first calls `act` with the server, as when somebody else edits at that moment; `rotate` brings a
    new token against forged requests in the answer."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    seconds: float = 0.0
    retry_after: str = ""
    act: "Callable[[PracticeDSpace], None] | None" = None
