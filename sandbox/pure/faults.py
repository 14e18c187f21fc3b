"""What goes wrong on demand in a practice Pure, one way a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.pure import PracticePure

What = Literal[
    "status", "login page", "not json", "truncated", "cut short", "rewrite", "no date", "change", "hang up before",
    "hang up after", "forget", "no rows", "page again", "shuffled", "repeated",
]  # fmt: skip


@dataclass(slots=True)
class PureFault(Strike):
    """One thing that goes wrong: `PureFault("hang up after", method="PUT")`, `PureFault("status", status=503)`.

    `address` is looked for in path, query and body. Nothing is done of what was asked: `status`, an error of that
    `status`, with `retry_after` where it is set; `login page`, which is 200 and HTML; `hang up before`.
    It is done, and the answer is lost: `hang up after`; `truncated`, fewer bytes than it says. Or spoiled: `cut short`,
    half a document; `not json`; `rewrite` puts `new` for each `old`; `no date` has no clock.
    `forget` answers a write as if it were stored. `change` first calls `act` with the server.
    Of a listing: `no rows`; `page again` has the page before once more; `shuffled` and `repeated` rows."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""
    old: str = ""
    new: str = ""
    act: "Callable[[PracticePure], None] | None" = None
