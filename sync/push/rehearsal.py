"""A dry run's target: read for real, and never written."""

from collections.abc import Callable, Sequence

from connectors.base import Held, Pushes
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
