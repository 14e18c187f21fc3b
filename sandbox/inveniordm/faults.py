"""What goes wrong on demand in a practice InvenioRDM, one way a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.inveniordm import PracticeInvenioRDM

What = Literal[
    "change", "change after", "hang up before", "hang up after", "status", "status after", "anybody", "forget",
    "login page", "truncated", "cut short", "not json", "no rows", "empty", "page again", "twice", "rewrite",
]  # fmt: skip


@dataclass(slots=True)
class InvenioFault(Strike):
    """One thing that goes wrong: `InvenioFault("hang up after", method="POST", address="publish$")`.

    The `address` of a listing ends with what part of it is asked for: `#first`, `#middle` or `#last`, several where
    they are one. `status` does nothing of what was asked and refuses with that `status`, and `retry_after` seconds
    where it is set; `status after`, `hang up after`, `truncated`, `cut short` (half a document) and `not json` do it,
    and the answer is lost; `forget` answers as if it were done. `anybody` does not know the token. `login page` is 200
    and HTML. `no rows` has none on a page of some, `empty` none at all, `page again` the first rows again, `twice` each
    row twice. `rewrite` replaces `old` by `new` in the body. `change` calls `act` with the server before all that,
    `change after` when it is done."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""
    old: str = ""
    new: str = ""
    act: "Callable[[PracticeInvenioRDM], None] | None" = None
