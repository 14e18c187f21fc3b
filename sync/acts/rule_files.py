"""Constants into the file of a rule set, whose comments and order stay."""

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from scoring.compared import digest
from scoring.rules import made, parsed
from sync.acts.office import Refused

# What a line of a source says where its key is left out; `repost` is then what an original brings.
PLAIN: Mapping[str, object] = {"by": "nothing", "round_reposts": False, "counts": True, "published": True}
EMPTY: tuple[object, ...] = ("", [], {})  # what need not stand there either


def copied(text: str, new: str, version: str, summary: str) -> str:
    """The text of a rule set under another name."""
    document = tomlkit.parse(text)
    document.update({"name": new, "version": version, "summary": summary})
    return tomlkit.dumps(document)


def edited(name: str, text: str, wanted: Mapping[str, Any]) -> str:
    """The text with what is wanted in it: written is only what differs. Raises `RuleSetError` with each fault of what
    is wanted, and `Refused` where a file is written in a way that we cannot edit."""
    aim = made(name, wanted)
    try:
        document = tomlkit.parse(text)
        _fill(document, tomllib.loads(text), wanted)
        told = tomlkit.dumps(document)
        exact = digest(parsed(name, told)) == digest(aim) and parsed(name, told) == aim
    except (TOMLKitError, ValueError):
        exact = False
    if not exact:
        raise Refused(f"rules/{name}.toml: is written in a way that cannot be edited here; change it by hand")
    return told


def _fill(there: MutableMapping[str, Any], plain: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """`plain` is what `there` says, without how it is written."""
    for key in [key for key in plain if key not in wanted]:
        del there[key]
    for key, value in wanted.items():
        if key not in plain:
            if value not in EMPTY and not (key in PLAIN and PLAIN[key] == value):
                there[key] = _written(value)
        elif isinstance(value, Mapping) and isinstance(plain[key], Mapping):
            _fill(there[key], plain[key], value)
        elif plain[key] != value:
            there[key] = _written(value)


def _written(value: Any) -> Any:
    """A value as our own files have it: steps each on a line of their own where they are many."""
    if isinstance(value, list):
        return _array(value)
    if isinstance(value, Mapping):
        table = tomlkit.table()
        for key, each in value.items():
            table[key] = _written(each)
        return table
    return value


def _array(values: Sequence[Any]) -> Array:
    array = tomlkit.array()
    for each in values:
        if isinstance(each, Mapping):
            step = tomlkit.inline_table()
            step.update(each)
            array.append(step)
        else:
            array.append(each)
    return array.multiline(len(values) > 3)
