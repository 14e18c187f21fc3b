"""What goes wrong on demand in a practice EPrints, one way a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.eprints import PracticeEPrints

What = Literal[
    "change", "status", "login page", "truncated", "cut short", "hang up after", "forget",
    "no rows", "same page", "shuffled", "repeated",
]  # fmt: skip


@dataclass(slots=True)
class EPrintsFault(Strike):
    """One thing that goes wrong: `EPrintsFault("status", status=503)`, `EPrintsFault("hang up after", method="PUT")`.

    Nothing is done of what was asked: `status`, a page of Apache with that `status`, and `retry_after` where it is set;
    `login page`, which is 200 and HTML. It is done, and the answer is lost: `hang up after`. It is answered as if it
    were done, and is not: `forget`. The answer comes to grief: `truncated`, fewer bytes than it says; `cut short`, half
    of it, with a length that fits. `change` calls `act` with the server, then answers.
    Lists of OAI-PMH: `no rows` are there; the `same page` is what the token leads to; rows are `shuffled`, or each is
    `repeated`."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""
    act: "Callable[[PracticeEPrints], None] | None" = None
