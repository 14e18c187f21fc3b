"""What connectors have in common whose services are asked about single outputs: reading answers with suspicion."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from connectors.base import Finding
from connectors.documents import JSON, Document, document
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier, normalise, parse
from connectors.records import Version
from connectors.texts import one_line

LONGEST = 300  # characters of a word that is kept
MOST = 30  # words of a kind

_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")


def within(told: object, *names: str) -> Any:
    """What lies inside of objects under names; None where any of them is missing."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def listed(told: object) -> list[Any]:
    """A list as it is; nothing where there is none."""
    return told if isinstance(told, list) else []


def word(told: object) -> str:
    """A text on one line; empty where it is none, or too long to be one."""
    text = one_line(told) if isinstance(told, str) else ""
    return text if len(text) <= LONGEST else ""


def words(told: Iterable[object]) -> tuple[str, ...]:
    """Texts, each once and on one line."""
    return tuple(dict.fromkeys(filter(None, map(word, told))))[:MOST]


def issns(told: Iterable[object]) -> tuple[str, ...]:
    """What is shaped like an ISSN."""
    return tuple(each for each in words(told) if _ISSN.fullmatch(each))


def found(scheme: str, told: object) -> Identifier | None:
    """An identifier, where a text is one of that scheme."""
    return normalise(scheme, told) if isinstance(told, str) else None


def landing(told: object) -> Identifier | None:
    """The address of one page; none where it is that of a whole site, or an identifier dressed as an address."""
    identifier = parse(told) if isinstance(told, str) and "://" in told else None
    if identifier is None or identifier.scheme != "url":
        return None
    parts = urlsplit(identifier.value)
    return identifier if parts.path.strip("/") or parts.query else None


def identical(told: Iterable[Identifier | None]) -> tuple[Version, ...]:
    """Names of the same output in other schemes. Of a scheme of which there are several none is believed, and a DOI
    never is: two DOIs are two outputs here, whatever a service says."""
    by_scheme: dict[str, set[Identifier]] = {}
    for each in told:
        if each is not None and each.scheme != "doi":
            by_scheme.setdefault(each.scheme, set()).add(each)
    sure = sorted(next(iter(same)) for same in by_scheme.values() if len(same) == 1)
    return tuple(Version("is_identical_to", each) for each in sure)


def said(**told: object) -> dict[str, str]:
    """What is shown to administrators alone, as far as there is any."""
    return {name: text for name, value in told.items() if (text := word(value))}


def one(client: Client, path: str, *, called: str, permit: Callable[[], bool], **asked: str) -> Document | None:
    """The answer about one thing that has an address of its own; None where the service does not know it."""
    with client.get(path, asked or None, accept=JSON, permit=permit, called=called) as answer:
        return None if answer.status in (404, 410) else document(answer)


def findings(client: Client, name: str, path: str, **asked: str) -> Iterator[Finding]:
    """What `check --connect` says of a public service: whether it answers, asked about nothing of ours."""
    try:
        with client.get(path, asked or None, accept=JSON) as answer:
            if answer.status == 404:
                raise NotUnderstood(
                    f"{answer.path}: no {name} answers here; set url to the address in docs/enrichers.md"
                )
            document(answer)
        yield Finding(ok=True, what=f"{name} answers")
    except ConnectorError as error:
        yield Finding(ok=False, what=str(error))


def whole(told: Document, rows: list[Any], *count: str) -> None:
    """Raises `NotUnderstood` where an answer counts more rows than it has: what is missing in it would seem unknown."""
    counted = within(told, *count)
    if type(counted) is int and counted > len(rows):
        raise NotUnderstood(f"the answer has {len(rows)} of {counted} rows")
