"""What goes wrong on demand in a practice DSpace, one way a name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from sandbox.faults import Strike

if TYPE_CHECKING:
    from sandbox.dspace import PracticeDSpace

What = Literal[
    "slow", "change", "hang up before", "hang up after", "hang up midway", "status", "status after", "forget",
    "login page", "truncated", "not json", "rotate", "half", "no rows", "nothing", "rows again", "shuffled", "twice",
    "no date",
]  # fmt: skip


@dataclass(slots=True)
class DSpaceFault(Strike):
    """One thing that goes wrong: `DSpaceFault("hang up after", method="PATCH")`, `DSpaceFault("status", status=503)`.

    Nothing is done of what was asked: `hang up before`; `status`, an error of that `status`, with `retry_after` (in
    seconds, or a date as HTTP writes it) where it is set; `login page`, which is 200 and HTML.
    It is done, and the answer is lost: `hang up after`; `hang up midway`, half an answer without its end; `status
    after`, an error of that `status`; `truncated`, fewer bytes than it says; `not json`, 200 and words.
    It is answered as if it were done, and is not: `forget`.
    A search goes wrong: `half`, half a document, as long as it says; `no rows`, though it tells how many there are
    (where `holding` is set, only in the answer that has the item of that UUID); `nothing`, as if there were none; `rows
    again`, those of the search before; `shuffled`, in another order; `twice`, each row two times.
    Everything goes well, but: `slow` waits `seconds` first, so that a client may have given up before anything is
    stored; `change` first calls `act` with the server, as when somebody else edits at that moment; `rotate` brings a
    new token against forged requests in the answer; `no date` has no clock."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    seconds: float = 0.0
    retry_after: str = ""
    holding: str = ""
    act: "Callable[[PracticeDSpace], None] | None" = None


class Spoiler:
    """Spoils what searches answer, and remembers what they answered last."""

    def __init__(self) -> None:
        self._last: list[Any] = []

    def spoil(self, body: Any, struck: Mapping[str, DSpaceFault]) -> None:
        """Where the answer is one of a search, and one of its faults strikes."""
        result = body.get("_embedded", {}).get("searchResult") if body else None
        if result is None:
            return
        rows = result["_embedded"]["objects"]
        last, self._last = self._last, list(rows)
        if "rows again" in struck:
            rows[:] = self._last = last
        if "shuffled" in struck:
            rows.reverse()
        if "twice" in struck:
            rows += list(rows)
        uuids = {row["_embedded"]["indexableObject"].get("uuid") for row in rows}
        if (fault := struck.get("no rows")) and fault.holding in (uuids | {""}):
            rows.clear()
        if "nothing" in struck:
            rows.clear()
            result["page"] |= {"totalElements": 0, "totalPages": 0}
