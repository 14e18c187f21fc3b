"""The JSON Patch that makes a field hold other values, without touching those that stay.

The contract (`metadata-patch.md`) and the released code differ: there `add` at a field that has values, or at a place
among them, keeps the old ones and puts one new value first (DSpace/DSpace#12419). So only operations are used that
mean the same in both: `add` of one value where there is none, `add` at the end, `replace` and `remove` at a place.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

Operation = Mapping[str, object]


def operations(field: str, before: Sequence[str], values: Sequence[str]) -> list[Operation]:
    """From `before` to `values`; empty when nothing differs. A new value takes the place of one that goes, or the end.

    What stays keeps its place, language and authority, even where `values` names it elsewhere."""
    path = f"/metadata/{field}"
    going, new = _differences(before, values)
    swapped, gone = list(zip(going, new, strict=False)), going[len(new) :]
    added = new[len(going) :]
    patch: list[Operation] = [{"op": "replace", "path": f"{path}/{at}", "value": {"value": v}} for at, v in swapped]
    patch += [
        {"op": "remove", "path": f"{path}/{at}"} for at in reversed(gone)
    ]  # so that no place moves before its turn
    if added and not before:
        patch.append({"op": "add", "path": path, "value": [{"value": added.pop(0)}]})
    return patch + [{"op": "add", "path": f"{path}/-", "value": {"value": value}} for value in added]


def _differences(before: Sequence[str], values: Sequence[str]) -> tuple[list[int], list[str]]:
    """The places whose value goes, and the values that are new, both in order."""
    staying, known = Counter(values), Counter(before)
    going, new = [], []
    for at, value in enumerate(before):
        staying[value] -= 1
        if staying[value] < 0:
            going.append(at)
    for value in values:
        known[value] -= 1
        if known[value] < 0:
            new.append(value)
    return going, new
