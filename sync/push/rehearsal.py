"""A dry run's target: read for real, and never written or told."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from connectors.base import Drops, Held, Notice, Pushes, Tells
from connectors.errors import Recalled
from connectors.identifiers import Identifier


class Rehearsal(Pushes):
    """What would be written is kept in mind, and read from there afterwards."""

    def __init__(self, real: Pushes) -> None:
        super().__init__(real.settings, real.client)
        self.real = real
        self.changed: dict[tuple[str, str], tuple[str, ...]] = {}

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """As the system answers."""
        return self.real.find(identifiers)

    def read(self, address: str, field: str) -> Held | None:
        """As the system answers, but for what was changed in mind."""
        if (address, field) in self.changed:
            return Held(values=self.changed[address, field])
        return self.real.read(address, field)

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:
        """As the system answers."""
        return self.real.copies(address, field, text)

    def write(
        self,
        address: str,
        field: str,
        before: Held,  # noqa: ARG002 - nothing is there to guard
        values: Sequence[str],
        *,
        permit: Callable[[], bool],
    ) -> None:
        """Nothing leaves."""
        if not permit():
            raise Recalled
        self.changed[address, field] = tuple(values)


class Silence(Tells):
    """What would be told is kept to ourselves."""

    def __init__(self, real: Tells) -> None:
        super().__init__(real.settings, real.client)
        self.real = real

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:  # noqa: ARG002
        """Nothing leaves."""
        if not permit():
            raise Recalled


class Desk(Drops):
    """What would lie there is kept in mind."""

    def __init__(self, real: Drops) -> None:
        super().__init__(real.settings, real.client)
        self.real = real
        self.changed: dict[str, str | None] = {}

    def held(self, name: str) -> str | None:
        """As it is, but for what was changed in mind."""
        return self.changed[name] if name in self.changed else self.real.held(name)

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        """Nothing leaves."""
        if not permit():
            raise Recalled
        self.changed[name] = hashlib.sha256(file.read_bytes()).hexdigest() if file else None
