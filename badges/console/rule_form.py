"""A rule set as the fields of a form, and back. Fields are called by their places in the file.

Points are written as points, with up to three decimals, and are whole thousandths everywhere else: nothing is rounded.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from badges.forms import Form
from scoring.checks import place
from scoring.rules import SOURCES
from scoring.signs import checks

POINTS = 3  # decimals that stand for thousandths
CURVES = {"reach": 0, "promiscuity": 3, "bias": 1}  # decimals of where a step begins: followers, posts, per cent
TIERS = ("1", "2", "3", "4")
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "tiers": TIERS,
    "neutral": ("reach", "promiscuity", "bias", "blog_reach"),
    "clamp": ("least", "most"),
    "blog_reach": ("least", "most"),
}
TEXTS = ("version", "summary", "fitted")
FLAGS = ("counts", "round_reposts", "published")
_STEP = re.compile(r"\s*([^:%\s]+)\s*%?\s*:\s*(\S+)\s*")


class Told(NamedTuple):
    """What a form says, as a rule set's file does, and what of it cannot be read, by field."""

    document: dict[str, Any]
    errors: dict[str, str]


def shown(document: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a rule set that the loader has read."""
    found = {name: str(document.get(name, "")) for name in TEXTS}
    found["unknown_tier"] = str(document["unknown_tier"])
    for table, keys in NUMBERS.items():
        found |= {f"{table}.{key}": written(document[table][key], POINTS) for key in keys}
    for curve, decimals in CURVES.items():
        found[f"curves.{curve}"] = "\n".join(_steps(document["curves"][curve], decimals))
    for source in SOURCES:
        line = document["sources"][source]
        found[f"sources.{source}.unit"] = line["unit"]
        found[f"sources.{source}.by"] = line.get("by", "nothing")
        for key in ("millipoints", "repost"):
            found[f"sources.{source}.{key}"] = written(line[key], POINTS) if key in line else ""
        for key in FLAGS:
            found[f"sources.{source}.{key}"] = "on" if line.get(key, key != "round_reposts") else ""
        found[f"counts.{source}"] = ", ".join(_steps(document.get("counts", {}).get(source, ()), 0))
    return found | {f"exclude.{sign}": "on" if sign in document.get("exclude", ()) else "" for sign in checks()}


def sent(form: Form) -> dict[str, str]:
    """The same fields as somebody sent them; there are no others."""
    names = [*TEXTS, "unknown_tier", *(f"{table}.{key}" for table, keys in NUMBERS.items() for key in keys)]
    names += [f"curves.{curve}" for curve in CURVES]
    for source in SOURCES:
        names += [f"sources.{source}.{key}" for key in ("unit", "by", "millipoints", "repost", *FLAGS)]
        names.append(f"counts.{source}")
    return {name: form.one(name) for name in (*names, *(f"exclude.{sign}" for sign in checks()))}


def told(name: str, fields: Mapping[str, str]) -> Told:
    """What the fields of a rule set of that name say. What cannot be read is left out of the document."""
    errors: dict[str, str] = {}
    document: dict[str, Any] = {"name": name, "version": fields["version"], "summary": fields["summary"]}
    if fields["fitted"]:
        document["fitted"] = fields["fitted"]
    tier = fields["unknown_tier"]
    document["unknown_tier"] = int(tier) if tier in TIERS else tier
    if excluded := [sign for sign in checks() if fields[f"exclude.{sign}"]]:
        document["exclude"] = excluded

    def into(table: dict[str, Any], key: str, field: str) -> None:
        if not fields[field]:
            return  # whether it may be missing is for the checks to say
        number = read(fields[field], POINTS)
        if number is None:
            errors[field] = "write a number such as 0.85, with at most three decimals"
        else:
            table[key] = number

    def steps(table: dict[str, Any], key: str, field: str, decimals: int) -> None:
        found, error = _read_steps(fields[field], decimals)
        if error:
            errors[field] = error
        elif found:
            table[key] = found

    for part, keys in NUMBERS.items():
        document[part] = {}
        for key in keys:
            into(document[part], key, f"{part}.{key}")
    document["curves"], document["sources"] = {}, {}
    counts: dict[str, Any] = {}
    for curve, decimals in CURVES.items():
        steps(document["curves"], curve, f"curves.{curve}", decimals)
    for source in SOURCES:
        at = f"sources.{source}"
        line: dict[str, Any] = {"unit": fields[f"{at}.unit"], "by": fields[f"{at}.by"]}
        for key in ("millipoints", "repost"):
            into(line, key, f"{at}.{key}")
        document["sources"][source] = line | {key: bool(fields[f"{at}.{key}"]) for key in FLAGS}
        steps(counts, source, f"counts.{source}", 0)
    if counts:
        document["counts"] = counts
    return Told(document, errors)


def at_fields(name: str, lines: Sequence[str], fields: Mapping[str, str]) -> dict[str, str]:
    """What the loader says is wrong, by field; what is at none stands under "". Numbers are said as the form has
    them."""
    found: dict[str, list[str]] = {}
    for line in lines:
        fault = line.removeprefix(f"rule set {name}: ")
        at = place(fault)
        words = fault.removeprefix(at).lstrip(" :")
        inside = [f"{at}.millipoints", *(field for field in fields if field.startswith(f"{at}."))]
        field = at if at in fields else next((each for each in inside if each in fields), "")
        if "from must" not in words:
            words = re.sub(r"(?<=at most )\d+$", lambda most: written(int(most[0]), POINTS), words)
        found.setdefault(field, []).append(words if field else fault)
    return {field: "; ".join(words) for field, words in found.items()}


def read(text: str, decimals: int) -> int | None:
    """A number with so many decimals, as a whole one of its smallest parts; None for anything else."""
    found = re.fullmatch(rf"(-?)([0-9]{{1,18}})(?:\.([0-9]{{1,{decimals}}}))?" if decimals else r"(-?)([0-9]{1,19})()",
                         text)  # fmt: skip
    if found is None:
        return None
    sign, whole, rest = found.groups()
    number = int(whole + (rest or "").ljust(decimals, "0"))
    return -number if sign else number


def written(number: int, decimals: int) -> str:
    """The same number as people write it."""
    if not decimals:
        return str(number)
    whole, rest = divmod(abs(number), 10**decimals)
    told = f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".")
    return f"-{told}" if number < 0 else told


def _steps(steps: Sequence[Mapping[str, int]], decimals: int) -> list[str]:
    return [f"{written(step['from'], decimals)}: {written(step['milli'], POINTS)}" for step in steps]


def _read_steps(text: str, decimals: int) -> tuple[list[dict[str, int]], str]:
    found = []
    for number, line in enumerate(filter(str.strip, re.split(r"[,\n]", text)), 1):
        parts = _STEP.fullmatch(line)
        start, milli = (read(parts[1], decimals), read(parts[2], POINTS)) if parts else (None, None)
        if start is None or milli is None:
            return [], f"step {number}: write where it begins, a colon, and how much, such as 1: 0.85"
        found.append({"from": start, "milli": milli})
    return found, ""
