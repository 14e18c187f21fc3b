"""Bodies of the Elements API as a stream of entries, whichever wire format the body itself turns out to have.

v4 and v5 wrap what they tell in an Atom `feed/entry`, v6 in `api:response//api:result`. An `api:error` is looked for
in any body, whatever the status.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from connectors.http import Answer
from connectors.xml import Element, broken, forget, oddity

API = "{http://www.symplectic.co.uk/publications/api}"
ATOM = "{http://www.w3.org/2005/Atom}"
FEED, RESPONSE, ERROR = f"{ATOM}feed", f"{API}response", f"{API}error"
ENTRY, RESULT, PEOPLE = f"{ATOM}entry", f"{API}result", f"{API}people"
NEWEST = (99, 0)  # what an unreadable version counts as: a format that has every privacy element
ADDRESS = "is this the API address, with its version, such as https://elements.example.edu:8091/secure-api/v6.13?"

Version = tuple[int, int]


class Refused(NotUnderstood):
    """The API understood us and said no: an argument fault, or another 4xx."""


class Missing(Refused):
    """What was asked for does not exist, or not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands around the entries. `next` is the address of the next page as told, empty on the last one."""

    version: Version
    product: str = ""
    total: int | None = None
    next: str = ""
    updated: datetime | None = None


UNREAD = Head(version=NEWEST)


class Body:
    """One answer. `head` says nothing until the first entry came, and is complete after the last."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.head = UNREAD

    def entries(self) -> Iterator[Element]:
        """What each entry holds: an `api:object`, `api:relationship`, ... It is emptied when the next one is asked for.

        Raises `Missing`, `Refused`, `NotAllowed`, `TryLater` as the body or the status says, and `NotUnderstood` for a
        body that is no complete Elements XML."""
        if self.answer.status >= 300:
            raise refusal(self.answer) or _by_status(self.answer)
        _check_root(self.answer)
        yield from self._stream()

    def _stream(self) -> Iterator[Element]:
        steps = etree.iterparse(
            self.answer.body,
            events=("end",),
            tag=(ENTRY, RESULT, PEOPLE, ERROR),
            huge_tree=False,
            remove_comments=True,  # a comment inside a value would cut it short
            remove_pis=True,
        )
        try:
            for _, element in steps:
                if element.tag == PEOPLE:  # nobody's byline is kept, and hundreds of authors cost no memory
                    element.clear()
                elif element.tag == ERROR:
                    raise _told(self.answer, element.get("code", "")) or _unknown(self.answer)
                else:
                    if self.head is UNREAD:
                        self.head = _head(element.getroottree().getroot())
                    yield _content(element)
                    forget(element)
        except etree.XMLSyntaxError as error:
            raise _odd(self.answer, broken(error)) from None
        self.head = _head(steps.root)


def refusal(answer: Answer) -> ConnectorError | None:
    """The error that a body tells, whatever its status; None when it tells none that we know: the status decides."""
    try:
        _check_root(answer)
        for _, told in etree.iterparse(answer.body, events=("end",), tag=ERROR, huge_tree=False):
            return _told(answer, told.get("code", ""))
    except (NotUnderstood, etree.XMLSyntaxError):
        return None
    return None


def _check_root(answer: Answer) -> None:
    """Refuse what is no Elements XML, from its beginning alone."""
    if odd := oddity(answer.body, (FEED, RESPONSE, ERROR)):
        raise _odd(answer, odd)


def _head(root: Element) -> Head:
    version = _version(root)
    pages = root.find(f"{API}pagination")
    about = root.find(f"{API}version")
    generator = root.find(f"{ATOM}generator")
    product = about.get("elements-version", "") if about is not None else ""
    if generator is not None:
        product = generator.get("version", "")
    if pages is None:
        return Head(version=version, product=product, updated=_moment(root.findtext(f"{ATOM}updated")))
    count = pages.get("results-count", "")
    following = [page.get("href", "") for page in pages.iterchildren(f"{API}page") if _is_next(page)]
    return Head(
        version=version,
        product=product,
        total=int(count) if re.fullmatch(r"[0-9]{1,9}", count) else None,
        next=following[0] if following else "",
        updated=_moment(root.findtext(f"{ATOM}updated")),
    )


def _is_next(page: Element) -> bool:
    return page.get("position", "").strip().lower() == "next"


def _version(root: Element) -> Version:
    """The version of the specification; one that cannot be read counts as the newest, so that nothing is assumed."""
    about = root.find(f"{API}version")
    text = about.get("schema-version") if about is not None else root.findtext(f"{API}schema-version")
    found = re.fullmatch(r"\s*([0-9]{1,3})\.([0-9]{1,3})(?:\.[0-9.]+)?\s*", text or "")
    version = (int(found[1]), int(found[2])) if found else NEWEST
    return max(version, (6, 0)) if root.tag == RESPONSE else version


def _moment(text: str | None) -> datetime | None:
    """A time as Elements writes it, with 0 to 7 digits of a second's fraction."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _content(entry: Element) -> Element:
    """The one thing that an entry is about; the entry itself when it holds nothing of the API."""
    return next((child for child in entry if isinstance(child.tag, str) and child.tag.startswith(API)), entry)


def _told(answer: Answer, code: str) -> ConnectorError | None:
    """The error that an `api:error` stands for; its own text is not repeated, since it may name people."""
    known = _CODES.get(code.strip().lower())
    if known is None:
        return None
    kind, mend = known
    return kind(f"GET {answer.path}: the API answered '{code.strip().lower()}'; {mend}")


_LATER = "try again later"
_CODES: dict[str, tuple[type[NotUnderstood | NotAllowed | TryLater], str]] = {
    "argument fault": (Refused, "this version of the API does not take what was asked"),
    "concurrency conflict": (TryLater, _LATER),
    "database timeout": (TryLater, _LATER),
    "index not found": (NotUnderstood, "ask the Elements administrator to rebuild the search index"),
    "invalid credentials": (NotAllowed, "check username and password"),
    "resource deleted": (Missing, "it was deleted"),
    "resource not found": (Missing, ADDRESS),
    "server fault": (TryLater, _LATER),
    "unauthorised access": (NotAllowed, "give the API account the right to read this"),
    "unlicensed component": (NotAllowed, "this part of Elements is not licensed"),
}


def _unknown(answer: Answer) -> Refused:
    return Refused(f"GET {answer.path}: the API answered with an error of an unknown kind; see the log of Elements")


def _by_status(answer: Answer) -> Refused:
    if answer.status in (404, 410):
        return Missing(f"GET {answer.path}: status {answer.status}, there is nothing; {ADDRESS}")
    return Refused(f"GET {answer.path}: status {answer.status} without an error that we know; {ADDRESS}")


def _odd(answer: Answer, what: str) -> NotUnderstood:
    return NotUnderstood(f"GET {answer.path}: the answer is {what}; {ADDRESS}")
