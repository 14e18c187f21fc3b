"""One data provider: who it is, which formats and sets it has, and its lists page by page.

A resumption token is text: it is encoded once, as any other parameter, whatever it looks like.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from connectors.ahead import Ahead
from connectors.errors import NotUnderstood, TryLater
from connectors.http import Client
from connectors.oai_pmh.xml import (
    BAD_TOKEN,
    NO_RECORDS,
    NO_SETS,
    OAI,
    Body,
    Record,
    Refused,
    moment,
    read,
    refusal,
)
from connectors.xml import Element

ACCEPT = "text/xml, application/xml"
EMPTY = 100  # pages in a row without a record, beyond which a list leads nowhere
TOOLKIT = "{http://oai.dlib.vt.edu/OAI/metadata/toolkit}toolkit"

T = TypeVar("T")
Reading = Callable[[Record], Iterable[T]]


class RepeatedPage(NotUnderstood):
    """The next page is one that we had already: the list goes round in circles."""


class BrokenOff(NotUnderstood):
    """The provider does not know its own token any more, or nothing that it leads to: the list has to begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What a provider says of itself, as far as it says it. `seconds`: its dates have a time of day. `deleted` is what
    it promises of deletions; `toolkit` what it runs on, where it names that."""

    version: str = ""
    earliest: datetime | None = None
    deleted: str = ""
    seconds: bool = False
    toolkit: str = ""


SILENT = Repository()
"""A provider that does not say who it is: days are all that every one understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A metadata format that is offered."""

    prefix: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """One page of a list, as read. `count` are the provider's own records on it, `total` those of the whole list, where
    it says so, `last` whether the list ends here."""

    records: tuple[T, ...]
    count: int
    total: int | None
    last: bool


class Provider:
    """A base URL, asked in the protocol. Everything raises what `Client.get` does, `Refused` where the provider says
    no, and `NotUnderstood` for what is no answer."""

    def __init__(self, client: Client, path: str = "") -> None:
        """`path` leads to the interface, where it is not the address of the client itself."""
        self.client, self.base = client, path or client.base

    def identify(self) -> Repository:
        """Who it is."""
        for told in self._all("Identify"):
            kits = [kit for one in told.iterchildren(f"{OAI}description") for kit in one.iterchildren(TOOLKIT)]
            return Repository(
                version=_text(told, "protocolVersion"),
                earliest=moment(_text(told, "earliestDatestamp")),
                deleted=_text(told, "deletedRecord"),
                seconds="hh" in _text(told, "granularity"),
                toolkit=" ".join(" ".join(map(str, kit.itertext())) for kit in kits).strip(),
            )
        return SILENT

    def known(self) -> Repository:
        """Who it is; nothing where it answers and fails to say so, since harvesting does not depend on it."""
        try:
            return self.identify()
        except (TryLater, NotUnderstood):
            if self.client.heard is None:  # nobody answers at all
                raise
            return SILENT

    def formats(self) -> list[Format]:
        """What it offers, in its own order."""
        told = self._all("ListMetadataFormats")
        found = ((_text(one, "metadataPrefix"), _text(one, "metadataNamespace")) for one in told)
        return [Format(prefix=prefix, namespace=namespace) for prefix, namespace in found if prefix]

    def sets(self) -> Generator[str, None, None]:
        """The setSpec of each set; none where there are no sets."""
        try:
            for sheet in self._pages("ListSets", {}, lambda one, _: [_text(one, "setSpec")]):
                yield from sheet.records
        except Refused as refused:
            if NO_SETS not in refused.codes:
                raise

    def record(self, identifier: str, prefix: str) -> Record | None:
        """One record, without its metadata; None where the answer holds none."""
        query = {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix}
        with self.client.get(self.base, query, accept=ACCEPT, refusal=refusal) as answer:
            found = [read(element, "") for element in Body(answer, "GetRecord").entries()]
        return found[0] if found else None

    def list(self, verb: str, query: Mapping[str, str], reading: Reading[T]) -> Generator[Sheet[T], None, None]:
        """The pages of `ListRecords` or `ListIdentifiers`; one without records where none match.

        Raises `RepeatedPage` and `BrokenOff` after the last page that could be had."""
        return self._pages(verb, query, lambda element, place: reading(read(element, place)))

    def _all(self, verb: str) -> Iterator[Element]:
        with self.client.get(self.base, {"verb": verb}, accept=ACCEPT, refusal=refusal) as answer:
            yield from Body(answer, verb).entries()

    def _pages(
        self, verb: str, query: Mapping[str, str], reading: Callable[[Element, str], Iterable[T]]
    ) -> Generator[Sheet[T], None, None]:
        seen, before, token, empty = set[str](), list[str](), "", 0
        with Ahead(self.client, accept=ACCEPT, refusal=refusal, name="oai-ahead") as ahead:
            ahead.ask(self.base, {"verb": verb, **query})
            while True:
                names, records, total = list[str](), list[T](), None
                try:
                    with ahead.take() as answer:
                        body = Body(answer, verb)
                        for count, element in enumerate(body.entries(), 1):
                            names.append(_name(element))
                            records += reading(element, f"{verb}, page {len(seen) + 1}, entry {count}")
                    token, total = body.token, body.total
                except Refused as refused:
                    if not _over(refused, token):
                        raise
                empty = 0 if names else empty + 1
                if (names and names == before) or empty > EMPTY:
                    raise RepeatedPage(f"{verb}: the same page comes again and again, which the next run tries anew")
                before = names
                if token and token not in seen:
                    ahead.ask(self.base, {"verb": verb, "resumptionToken": token})
                yield Sheet(records=tuple(records), count=len(names), total=total, last=not token)
                if not token:
                    return
                if token in seen:
                    raise RepeatedPage(f"{verb}: a resumption token came twice, which the next run tries anew")
                seen.add(token)


def _over(refused: Refused, token: str) -> bool:
    """Whether a refusal says that nothing is there. Raises `BrokenOff` where something was promised."""
    if token and refused.codes & {BAD_TOKEN, NO_RECORDS}:
        raise BrokenOff(f"{refused}, to a token of its own") from None
    return refused.codes == {NO_RECORDS}


def _name(element: Element) -> str:
    return next((one.text or "" for one in element.iter(f"{OAI}identifier", f"{OAI}setSpec")), "")


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{OAI}{name}") or "").strip()
