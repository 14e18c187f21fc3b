"""Where badges are pushed to, what the ledger knows of each item there, and what is ours of what stands in it."""

import re
from dataclasses import dataclass
from typing import Literal

from sync.store.badges import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a connection's badges go. `audience` is None where it takes no more of them: then what stands there is
    withdrawn as it must, and nothing is written; nor is it where not `writes`. The system is asked about outputs from
    the level `ask_about` on. `every` is in microseconds; badges' addresses begin with `base`. Badges go there as values
    of `items`, as `notices` (where not `scores`, a new score is none), or as a `file`."""

    connection: str
    url: str
    audience: Audience | None
    field: str
    finds_by: tuple[str, ...]
    ask_about: int
    base: str
    every: int
    limit: int
    writes: bool = True
    way: Literal["items", "notices", "file"] = "items"
    scores: bool = True

    def badge(self, output: int) -> str:
        """The stable address of a badge."""
        return f"{self.base}/badge/output/{output}.svg"

    def wrote(self, entry: "Entry", value: str) -> bool:
        """Whether a value is ours: one that the ledger knows, or, where the ledger is older than what stands there
        (a restored backup, a slow server), one that is just as we write them."""
        known = value in (entry.value, entry.intended) and value != ""
        return known or any(
            re.fullmatch(rf"{re.escape(badge)} \d+ \d{{4}}-\d\d-\d\d", value)
            for badge in {self.badge(entry.output), *self.sent(entry)}
        )

    def carries(self, entry: "Entry", value: str) -> bool:
        """Whether a value tells of our badge, as we wrote it or changed since."""
        badges = {self.badge(entry.output), *self.sent(entry)}
        return self.wrote(entry, value) or any(badge in value for badge in badges)

    def sent(self, entry: "Entry") -> tuple[str, ...]:
        """The addresses of badges that may stand there. They need not be that of the output now, which may have been
        joined into another, and whose own address the system was then never told."""
        return tuple(sorted({value.split(" ")[0] for value in (entry.value, entry.intended)} - {""}))

    def former(self, entry: "Entry") -> tuple[str, ...]:
        """Those of them that lead nowhere, since their output was joined into this one."""
        own = self.badge(entry.output)
        return tuple(each for each in self.sent(entry) if each != own and each.startswith(f"{self.base}/badge/output/"))

    def same(self, wanted: "Due", value: str) -> bool:
        """Whether a value shows the same badge and score; when it was found is no reason to write."""
        parts = 2 if self.scores else 1
        return value.split(" ")[:parts] == wanted.value.split(" ")[:parts]

    def output_of(self, badge: str) -> int:
        """The public id in the address of a badge, which may be from before ours changed; 0 where there is none."""
        return int(self._parts(badge)[1])

    def origin_of(self, badge: str) -> str:
        """What our own address was in the address of a badge; as it is now where there is none."""
        return self._parts(badge)[0]

    def _parts(self, badge: str) -> tuple[str, str]:
        found = re.fullmatch(r"(.*)/badge/output/(\d+)\.svg", badge)
        return (found[1], found[2]) if found else (self.base, "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger, as it was when it was read."""

    id: int
    output: int
    audience: Audience
    target: str
    field: str
    scheme: str
    identifier: str
    address: str
    value: str
    intended: str
    intended_at: int
    written_at: int
    tries: int
    why: str
    mark: str

    @property
    def last_at(self) -> int:
        """When something was last written there, or may have been."""
        return max(self.intended_at, self.written_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One badge that is to be written, and its row of the ledger."""

    entry: Entry
    score: int
    value: str
