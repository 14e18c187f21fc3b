"""What is wrong with the settings, one line each: where it stands, the key, and the mend."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

Place = tuple[str, ...]

NEEDS = {
    "string_type": "needs text in quotes",
    "bool_type": "needs true or false",
    "int_type": "needs a whole number",
    "int_parsing": "needs a whole number",
    "int_from_float": "needs a whole number",
    "float_type": "needs a number",
    "float_parsing": "needs a number",
    "finite_number": "needs a number",
    "path_type": "needs a path in quotes",
    "tuple_type": 'needs a list, such as ["a", "b"]',
    "dict_type": "needs a table of its own",
    "model_type": "needs a table of its own",
    "string_too_short": "is empty",
}
SEVERAL = "several"


class SettingsError(Exception):
    """The settings cannot be used; mend what each line of `lines` names, then run `ringmark check`."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def refuse(problems: list[tuple[str, str]]) -> None:
    """For validators of a whole table: raise when there is any (key, what is wrong), naming all of them."""
    if problems:
        summary = "; ".join(f"{key}: {text}" for key, text in problems)
        raise PydanticCustomError(SEVERAL, "{summary}", {"summary": summary, "problems": problems})


def explain(error: ValidationError, model: type[BaseModel]) -> list[tuple[Place, str]]:
    """Everything that is wrong, as (place of the key, what is wrong and the mend)."""
    found = []
    for detail in error.errors():
        place = tuple(str(part) for part in detail["loc"] if part != "[key]")
        found += [((*place, *rest), text) for rest, text in _texts(detail, place, model)]
    return found


def line(source: str, place: Place, text: str) -> str:
    """One problem as it is printed: the file or variable, the key, what is wrong."""
    return ": ".join((source, ".".join(place), text)) if place else f"{source}: {text}"


class Problems:
    """What is wrong, the first thing found per key, with the file or the variable that the value came from."""

    def __init__(self, file: str) -> None:
        self.lines: dict[Place, str] = {}
        self.variables: dict[Place, str] = {}  # the environment variable that spoke, by the place of what it said
        self._file = file

    def add(self, place: Place, text: str) -> None:
        told = place[:-1] if place and place[-1].isdigit() else place  # a variable tells a list as a whole
        source = self.variables.get(told, self._file)
        self.lines.setdefault(place, line(source, place, text))


def unknown(key: str, known: Iterable[str]) -> str:
    """What is said of a key nobody knows, with the likeliest one that was meant."""
    names = sorted(known)
    near = nearest(key.lower(), names)
    return f'unknown key; did you mean "{near}"?' if near else f"unknown key; known are {', '.join(names)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, or nothing when none is near."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.7)), "")


def shown(value: object) -> str:
    """A value as an error may show it: short, on one line. Never to be called with a secret."""
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 60 else f"{text[:57]}..."


def known_keys(model: type[BaseModel]) -> set[str]:
    """The keys of a table as the file may have them: what `load` gives is not among them, `*_file` keys are."""
    given, read = getattr(model, "given_by_load", ()), getattr(model, "read_from", {})
    return (set(model.model_fields) - set(given)) | set(read)


def _texts(detail: ErrorDetails, place: Place, model: type[BaseModel]) -> list[tuple[Place, str]]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "default_factory_not_called":
        return []  # follows from another line
    if kind == SEVERAL:
        return [(tuple(key.split(".")), text) for key, text in context["problems"]]
    if kind == "extra_forbidden":
        return [((), unknown(place[-1], _keys_at(place[:-1], model)))]
    if kind == "missing":
        return [((), f'missing; write {place[-1]} = "..."')]
    if kind == "literal_error":
        choices = re.findall(r"'([a-z_]+)'", context["expected"])
        return [((), f"{shown(detail['input'])} is none of {', '.join(choices)}")]
    if kind == "greater_than_equal":
        return [((), f"must be at least {context['ge']}")]
    if kind == "value_error":
        return [((), str(context["error"]))]
    return [((), NEEDS.get(kind, detail["msg"]))]


def _keys_at(place: Place, model: type[BaseModel]) -> set[str]:
    """The keys of the table at `place`, found through the models' own types."""
    table, named_by_user = model, False
    for part in place:
        field = table.model_fields.get(part)
        if named_by_user or field is None:
            named_by_user = False
            continue
        named_by_user = get_origin(field.annotation) is dict
        table = next(iter(_models(field.annotation)), table)
    return known_keys(table)


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]
