"""A connection while it is pulled, and what a page or a run of it has done."""

from dataclasses import dataclass

from config.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Source:
    """A connection as the store knows it while it is pulled."""

    id: int
    name: str
    people: bool
    keep: Visibility
    sweep: int
    run: int
    full: bool


@dataclass(slots=True)
class Applied:
    """What a page, or a run, has done. `aside` were not stored; `doubted` were, as private, without a part that was not
    understood, or waiting for what they refer to."""

    seen: int = 0
    changed: int = 0
    aside: int = 0
    doubted: int = 0
    keyless: int = 0
    deleted: int = 0
    below_keep: int = 0

    def add(self, other: "Applied") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
