"""Changing metadata by JSON Patch, as DSpace 7 to 9 do it and, where that differs, as the contract says they should.

The contract: https://github.com/DSpace/RestContract, patch.md and metadata-patch.md. Where the released source differs
(`DSpaceObjectMetadata*Operation.java`; known as DSpace/DSpace#12419): `add` to a whole field replaces nothing, but puts
the first value of the array in front of what is there; `add` at a number does the same, whatever the number; `replace`
of a whole field takes the first value only, and minds no field that is not there; nor does `remove`.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from sandbox.dspace.errors import DSpaceError
from sandbox.dspace.items import Item, Metadata, Value

Ways = Literal["source", "contract"]
Fields = dict[str, tuple[Value, ...]]

PROPERTIES = {"value", "language", "authority", "confidence"}
NUMBER = re.compile(r"[0-9]{1,9}")
FLAGS = {"/withdrawn": "withdrawn", "/discoverable": "discoverable"}


def patched(item: Item, document: object, registry: Collection[str], ways: Ways) -> Item:
    """The item after all operations, in their order; the item itself is as before, so a refusal changes nothing.

    Raises `DSpaceError`: 400 for what is no JSON Patch, 422 for what it cannot be applied to."""
    if not isinstance(document, list):
        raise DSpaceError(400, "JsonNode must be an instance of ArrayNode")
    for operation in document:
        item = _one(item, operation, registry, ways)
    return item


def _one(item: Item, operation: object, registry: Collection[str], ways: Ways) -> Item:
    if not isinstance(operation, dict):
        raise DSpaceError(400)
    op, path = _text(operation, "op"), _text(operation, "path")
    if path in FLAGS and op == "replace" and isinstance(operation.get("value"), bool):
        return _flag(item, FLAGS[path], operation["value"])
    fields = dict(item.metadata)
    match op:
        case "add":
            _add(fields, _Path(path, registry), operation, ways)
        case "replace":
            _replace(fields, _Path(path, registry), operation, ways)
        case "remove":
            _remove(fields, _Path(path, registry), ways)
        case "move" | "copy":
            _carry(fields, _Path(_text(operation, "from"), registry), _Path(path, registry), op)
        case _:
            raise DSpaceError(422, "Unrecognized operation type")
    return replace(item, metadata=_filled(fields))


class _Path:
    """`/metadata/<field>[/<index>[/<property>]]`; a slash at the end counts for nothing, as in Java's `split`."""

    def __init__(self, path: str, registry: Collection[str]) -> None:
        parts = path.rstrip("/").split("/")
        if parts[:2] != ["", "metadata"] or not 3 <= len(parts) <= 5:
            raise DSpaceError(422, "The operation is not supported on this path")
        self.field = parts[2]
        self.index = parts[3] if len(parts) > 3 else None
        self.property = parts[4] if len(parts) > 4 else None
        if self.field not in registry:
            raise DSpaceError(422, "Metadata field does not exist")

    def place(self, held: tuple[Value, ...]) -> int:
        """The index as that of a value which is there."""
        if self.index is None:
            raise DSpaceError(422)
        if not NUMBER.fullmatch(self.index):
            raise DSpaceError(400, "This index is not valid number.")
        if int(self.index) >= len(held):
            raise DSpaceError(422, "There is no metadata of this type at that index")
        return int(self.index)


def _add(fields: Fields, path: _Path, operation: dict[str, object], ways: Ways) -> None:
    told, held = _values(operation), fields.get(path.field, ())
    if path.property or (path.index not in (None, "-") and not NUMBER.fullmatch(path.index)):
        raise DSpaceError(400)
    if path.index == "-":
        if ways == "contract" and not held:
            raise DSpaceError(422, "There is no array to add to")
        fields[path.field] = (*held, told[0])
    elif ways == "source":
        fields[path.field] = (told[0], *held)
    elif path.index is None:
        if not isinstance(operation["value"], list):
            raise DSpaceError(422, "An array of values is needed")
        fields[path.field] = told
    else:
        if int(path.index) > len(held):
            raise DSpaceError(422)
        fields[path.field] = (*held[: int(path.index)], told[0], *held[int(path.index) :])


def _replace(fields: Fields, path: _Path, operation: dict[str, object], ways: Ways) -> None:
    held = fields.get(path.field, ())
    if path.index is None:
        told = _values(operation)
        if ways == "contract" and not held:
            raise DSpaceError(422, "There is nothing to replace")
        fields[path.field] = told if ways == "contract" else told[:1]
        return
    place = path.place(held)
    new = _with(held[place], path.property, operation.get("value")) if path.property else _values(operation)[0]
    fields[path.field] = (*held[:place], new, *held[place + 1 :])


def _remove(fields: Fields, path: _Path, ways: Ways) -> None:
    held = fields.get(path.field, ())
    if path.property:
        raise DSpaceError(422)
    if path.index is None:
        if ways == "contract" and not held:
            raise DSpaceError(422, "There is nothing to remove")
        fields[path.field] = ()
    else:
        place = path.place(held)
        fields[path.field] = held[:place] + held[place + 1 :]


def _carry(fields: Fields, source: _Path, target: _Path, op: str) -> None:
    """`move` to another place of the same field; `copy` to the end of it, whatever place is named."""
    held = fields.get(source.field, ())
    place = source.place(held)
    if source.field != target.field:
        raise DSpaceError(422)
    if op == "copy":
        fields[source.field] = (*held, held[place])
    else:
        rest = held[:place] + held[place + 1 :]
        to = target.place(held)
        fields[source.field] = (*rest[:to], held[place], *rest[to:])


def _flag(item: Item, name: str, value: bool) -> Item:
    """What is withdrawn is out of the archive."""
    if name == "withdrawn":
        return replace(item, withdrawn=value, in_archive=not value)
    return replace(item, discoverable=value)


def _values(operation: dict[str, object]) -> tuple[Value, ...]:
    told = operation.get("value")
    parts = told if isinstance(told, list) else [told]
    if not parts:
        raise DSpaceError(400, "Could not extract MetadataValue Object from Operation")
    return tuple(_value(part) for part in parts)


def _value(told: object) -> Value:
    """Strict: a word that is no property, or a value that is no text, is refused."""
    if isinstance(told, str):
        return Value(value=told)
    if not isinstance(told, dict) or not isinstance(told.get("value"), str) or told.keys() - PROPERTIES - {"place"}:
        raise DSpaceError(400, "Could not extract MetadataValue Object from Operation")
    value = Value(value=told["value"])
    for name in ("language", "authority", "confidence"):
        if told.get(name) is not None:
            value = _with(value, name, told[name])
    return value


def _with(value: Value, name: str, new: object) -> Value:
    """A value with one property changed."""
    if name not in PROPERTIES:
        raise DSpaceError(422)
    if name == "confidence":
        if isinstance(new, bool) or not NUMBER.fullmatch(str(new).removeprefix("-")):
            raise DSpaceError(400, "Not all numbers are valid numbers. (Index and confidence should be nr)")
        return replace(value, confidence=int(str(new)))
    if not isinstance(new, str):
        raise DSpaceError(400)
    return replace(value, **{name: new})  # type: ignore[arg-type]  # one of the three that hold texts


def _text(operation: dict[str, object], name: str) -> str:
    told = operation.get(name)
    if not isinstance(told, str):
        raise DSpaceError(400)
    return told


def _filled(fields: Fields) -> Metadata:
    return {name: held for name, held in fields.items() if held}
