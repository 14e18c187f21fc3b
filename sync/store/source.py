"""A connection while it is pulled, and what a page or a run of it has done."""

from dataclasses import dataclass

from config.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Source:
    """A connection as the store knows it while it is pulled: from the cursor `since`, or everything where it is None.
    `first` is the run in which this listing began: this one, or one that it goes on from. `read_as` are the settings by
    which records are read."""

    id: int
    name: str
    people: bool
    keep: Visibility
    sweep: int
    run: int
    since: str | None
    first: int
    read_as: str = ""


@dataclass(slots=True)
class Applied:
    """What a page, or a run, has done. `aside` were not stored; `doubted` were, as private, without a part that was not
    understood, or waiting for what they refer to. `before` were seen by the runs that this one goes on from."""

    seen: int = 0
    changed: int = 0
    aside: int = 0
    doubted: int = 0
    keyless: int = 0
    deleted: int = 0
    below_keep: int = 0
    before: int = 0

    def add(self, other: "Applied") -> None:
        for name, count in other.counts().items():
            setattr(self, name, getattr(self, name) + count)

    def counts(self) -> dict[str, int]:
        """Each count by its name."""
        return {name: getattr(self, name) for name in self.__slots__}
