"""Answers of a data provider as a stream of entries, and the errors of the protocol, whatever the status.

OAI-PMH 2.0, 3.6: an `error` is told in the body. Some send it with 200, some with 422, 500 or 503; some send two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Answer
from connectors.xml import Element, broken, forget, oddity

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ROOT, ERROR, TOKEN, HEADER, RECORD = (
    OAI + name for name in ("OAI-PMH", "error", "resumptionToken", "header", "record")
)
ENTRIES = {
    "Identify": f"{OAI}Identify",
    "ListMetadataFormats": f"{OAI}metadataFormat",
    "ListSets": f"{OAI}set",
    "ListIdentifiers": HEADER,
    "ListRecords": RECORD,
    "GetRecord": RECORD,
}
NO_RECORDS, BAD_TOKEN, NO_SUCH_ID = "noRecordsMatch", "badResumptionToken", "idDoesNotExist"
NO_FORMAT, NO_SETS = "cannotDisseminateFormat", "noSetHierarchy"
CODES = frozenset(
    {NO_RECORDS, BAD_TOKEN, NO_SUCH_ID, NO_FORMAT, NO_SETS, "noMetadataFormats", "badArgument", "badVerb"}
)
ADDRESS = "is url the base URL of an OAI-PMH interface, such as https://repository.example.edu/oai/request?"


class Refused(NotUnderstood):
    """The provider understood us and said no; `codes` are the protocol's own words for why."""

    def __init__(self, message: str, codes: frozenset[str]) -> None:
        super().__init__(message)
        self.codes = codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record or header. `identifier` is empty where it cannot be read. `status` is what the header states of it,
    empty or `deleted` in the protocol. `metadata` is what stands in it, None where nothing does, and emptied when the
    next record is asked for. `element` is all of it."""

    identifier: str
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    status: str = ""
    metadata: Element | None = field(default=None, repr=False)
    element: Element = field(repr=False)
    place: str = ""

    @property
    def deleted(self) -> bool:
        """Whether the provider states that it is no more."""
        return self.status.lower() == "deleted"


class Body:
    """One answer to one verb. `token` and `total` (the provider's own idea of the whole list) are known at the end."""

    def __init__(self, answer: Answer, verb: str) -> None:
        self.answer, self.verb = answer, verb
        self.token = ""
        self.total: int | None = None

    def entries(self) -> Iterator[Element]:
        """What the verb asks for, one by one, each emptied when the next one is asked for.

        Raises `Refused` where the body says so, and `NotUnderstood` for what is no complete answer to the verb."""
        if odd := oddity(self.answer.body, (ROOT,)):
            raise self._odd(odd)
        steps = etree.iterparse(
            self.answer.body,
            events=("end",),
            tag=(ENTRIES[self.verb], ERROR, TOKEN),
            huge_tree=False,
            remove_comments=True,  # a comment inside a value would cut it short
            remove_pis=True,
        )
        told, codes = f"{OAI}{self.verb}", set[str]()
        try:
            for _, element in steps:
                parent = element.getparent()
                within = "" if parent is None or _depth(parent) > 1 else parent.tag
                if element.tag == ERROR and within == ROOT:
                    codes.add(element.get("code", "").strip())
                elif element.tag == TOKEN and within == told:
                    self._told(element)
                elif within == (ROOT if element.tag == told else told):
                    yield element
                    forget(element)
        except etree.XMLSyntaxError as error:
            raise self._odd(broken(error)) from None
        if codes:
            raise _refused(self.answer, codes)
        if self.answer.status >= 300:
            raise self._odd(f"XML with status {self.answer.status}")
        if steps.root.find(told) is None:
            raise self._odd(f"no answer to {self.verb}")

    def _told(self, token: Element) -> None:
        size = token.get("completeListSize", "").strip()
        self.token = (token.text or "").strip()
        self.total = int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None

    def _odd(self, what: str) -> NotUnderstood:
        return NotUnderstood(f"GET {self.answer.path}: the answer is {what}; {ADDRESS}")


def refusal(answer: Answer) -> ConnectorError | None:
    """The error that a body tells, whatever its status; None where it tells none that the protocol has."""
    codes = set[str]()
    try:
        if oddity(answer.body, (ROOT,)):
            return None
        for _, error in etree.iterparse(answer.body, events=("end",), tag=ERROR, huge_tree=False):
            codes.add(error.get("code", "").strip())
    except etree.XMLSyntaxError:
        return None
    return _refused(answer, codes) if codes & CODES else None


def read(element: Element, place: str) -> Record:
    """A `record`, or the `header` of one."""
    header = element if element.tag == HEADER else element.find(HEADER)
    if header is None:
        return Record(identifier="", element=element, place=place)
    found = {(one.text or "").strip() for one in header.iterchildren(f"{OAI}identifier")}
    inside = element.find(f"{OAI}metadata") if element.tag == RECORD else None
    return Record(
        identifier=found.pop() if len(found) == 1 else "",
        datestamp=(header.findtext(f"{OAI}datestamp") or "").strip(),
        sets=tuple((one.text or "").strip() for one in header.iterchildren(f"{OAI}setSpec")),
        status=header.get("status", "").strip(),
        metadata=None if inside is None or not len(inside) else inside[0],
        element=element,
        place=place,
    )


def moment(text: str) -> datetime | None:
    """A date or a time of the protocol (3.3), in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:  # the year 1 in a zone east of Greenwich
        return None


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _refused(answer: Answer, codes: set[str]) -> Refused:
    known = codes & CODES
    what = " and ".join(sorted(known)) if known else "an error that the protocol has not"
    return Refused(f"GET {answer.path}: the provider answered {what}", frozenset(codes))
