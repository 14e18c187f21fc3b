"""JSON documents that a source answers with, read with suspicion."""

import json
from collections.abc import Mapping
from typing import Any

from connectors.errors import NotUnderstood
from connectors.http import Answer
from connectors.texts import one_line

JSON = "application/json"
LARGEST = 16 * 1024 * 1024  # bytes of one document; a page of a hundred full records has about 1 MB

Document = Mapping[str, Any]


def document(answer: Answer, *, largest: int = LARGEST) -> Document:
    """The JSON object of an answer. Raises `NotUnderstood` for any other status, for HTML, and for a broken body."""
    told = value(answer, largest=largest)
    if not isinstance(told, dict):
        raise NotUnderstood(f"{answer.path}: JSON that is no object")
    return told


def documents(answer: Answer, *, largest: int = LARGEST) -> list[Any]:
    """The JSON array of an answer; raises as `document` does."""
    told = value(answer, largest=largest)
    if not isinstance(told, list):
        raise NotUnderstood(f"{answer.path}: JSON that is no list")
    return told


def part(told: object, *names: str) -> Document:
    """The object that lies inside of objects under names; empty where there is none."""
    told = within(told, *names)
    return told if isinstance(told, dict) else {}


def listed(told: object) -> list[Any]:
    """A list as it is; nothing where there is none."""
    return told if isinstance(told, list) else []


def objects(told: object) -> list[Document]:
    """The objects of a list; nothing where it is none."""
    return [each for each in listed(told) if isinstance(each, dict)]


def text(told: object, *, most: int | None = None) -> str:
    """A text on one line, of its first so many characters; empty for anything else."""
    return one_line(told[:most]) if isinstance(told, str) else ""


def value(answer: Answer, *, largest: int = LARGEST) -> object:
    """The JSON of an answer, whatever it is; raises as `document` does."""
    if answer.status != 200:
        raise NotUnderstood(f"{answer.path}: status {answer.status}, which the contract has not for this")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not kind.startswith("application/") or not kind.endswith("json"):
        mend = "is url the address of the API, and does no login page stand before it?"
        raise NotUnderstood(f"{answer.path}: no JSON; {mend}")
    text = answer.body.read(largest + 1)
    if len(text) > largest:
        raise NotUnderstood(f"{answer.path}: a document larger than {largest // 1024**2} MB")
    try:
        told: object = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotUnderstood(f"{answer.path}: JSON that is broken") from None
    return told


def within(told: object, *names: str) -> Any:
    """What lies inside of objects under names; None where any of them is missing."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that stands there twice nobody knows which value counts."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a name twice")
    return told
