"""What connectors have in common whose services are asked about single outputs: reading answers with suspicion."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connectors import published
from connectors.base import Finding
from connectors.documents import JSON, Document, document, within
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Client
from connectors.identifiers import Identifier, normalise, parse
from connectors.records import Version
from connectors.texts import one_line

NOBODY = Identifier("doi", "10.5555/12345678")  # which Crossref has for tests: to ask about it tells nothing of ours
LONGEST = 300  # characters of a word that is kept
MOST = 30  # words of a kind


def word(told: object) -> str:
    """A text on one line; empty where it is none, or too long to be one."""
    text = one_line(told) if isinstance(told, str) else ""
    return text if len(text) <= LONGEST else ""


def words(told: Iterable[object]) -> tuple[str, ...]:
    """Texts, each once and on one line."""
    return tuple(dict.fromkeys(filter(None, map(word, told))))[:MOST]


def issns(told: Iterable[object]) -> tuple[str, ...]:
    """What is an ISSN, in one form."""
    return published.issns(words(told))


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


def several(
    client: Client,
    path: str,
    asked: Mapping[str, str],
    *,
    rows: Sequence[str],
    count: Sequence[str],
    permit: Callable[[], bool],
    accept: str = JSON,
) -> list[Any]:
    """The rows of the answer about several things; `rows` and `count` are where it has them, and how many there are.
    Raises `NotUnderstood` where it counts more rows than it has: what is missing in it would seem unknown."""
    with client.get(path, asked, accept=accept, permit=permit) as answer:
        told = document(answer)
    found, counted = within(told, *rows), within(told, *count)
    if not isinstance(found, list):
        raise NotUnderstood(f"{path}: no list in the answer; is this the API address?")
    if type(counted) is int and counted > len(found):
        raise NotUnderstood(f"the answer has {len(found)} of {counted} rows")
    return found


def finding(what: str, ask: Callable[[], object], mend: str) -> Iterator[Finding]:
    """What `check --connect` says of a question about nothing of ours: `what` where it is answered, else why not."""
    try:
        ask()
        yield Finding(ok=True, what=what)
    except ConnectorError as error:
        yield Finding(ok=False, what=str(error), mend=mend)


def findings(
    client: Client, name: str, path: str, *, see: str = "docs/enrichers.md", **asked: str
) -> Iterator[Finding]:
    """What `check --connect` says of a public service: whether it answers, asked about nothing of ours. `see` is the
    page that has its address."""
    try:
        with client.get(path, asked or None, accept=JSON) as answer:
            if answer.status == 404:
                raise NotUnderstood(f"{answer.path}: no {name} answers here; set url to the address in {see}")
            document(answer)
        yield Finding(ok=True, what=f"{name} answers")
    except ConnectorError as error:
        yield Finding(ok=False, what=str(error))
