"""The checks for gaming, as data: their names, which rule sets may exclude, and the numbers from which on they find."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked for, in a sentence; `number` is what stores keep, `limits` what gaming.sql joins to."""

    name: str
    number: int
    sentence: str
    limits: Mapping[str, int]


@cache
def checks() -> Mapping[str, Check]:
    """Every check there is, by its name as rule sets and reports write it."""
    told = tomllib.loads(files("scoring").joinpath("gaming.toml").read_text(encoding="utf-8"))
    return {name: Check(name, table.pop("number"), table.pop("sentence"), table) for name, table in told.items()}
