"""What goes wrong on demand in a practice Figshare, one way a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.figshare import PracticeFigshare

What = Literal[
    "change", "hang up before", "hang up midway", "status", "login page", "truncated", "cut short", "not json",
    "rewrite", "no clock", "empty list", "shuffled", "repeated", "page again",
]  # fmt: skip


@dataclass(slots=True)
class FigshareFault(Strike):
    """One thing that goes wrong: `FigshareFault("status", address="/articles/7$", status=503)`.

    `status` is an error of that `status`, with `retry_after` where it is set. `login page` is 200 and HTML; `not json`
    200 and words. `truncated` sends fewer bytes than it says; `cut short` half a document, with a length that fits;
    `hang up midway` half of one, no length said. `rewrite` replaces what the regular expression `old` finds in a body
    by `new`. `no clock` leaves the `Date` header out. `change` calls `act` with the server, then answers.
    Of lists: `empty list` has no rows, `shuffled` has them in another order than was asked for, `repeated` each twice,
    and `page again` answers with the page before."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""
    old: str = ""
    new: str = ""
    act: "Callable[[PracticeFigshare], None] | None" = None
