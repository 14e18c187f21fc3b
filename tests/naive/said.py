"""What a house says of itself, for tests that compare it."""

from typing import Any

from conftest import House

from sandbox.faults import Fault


def connection(house: House, name: str = "elements") -> Any:
    """What `status` says of one connection."""
    return next(each for each in house.json("status")["connections"] if each["name"] == name)


def without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without the random ids that no two stores share."""
    return sorted(({**row, "output": ""} for row in rows), key=str)


def always(what: Any, address: str, **more: Any) -> Fault:
    """A fault that strikes at every request to an address."""
    return Fault(what, address=address, times=None, **more)
