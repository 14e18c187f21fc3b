"""One row of the file: a patent that cites a paper, how surely, by whose hand and where."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from connectors.attention import Evidence
from connectors.countries import COUNTRIES
from connectors.identifiers import Identifier, normalise
from connectors.patents.sheet import DATES, Line
from connectors.published import written
from connectors.texts import one_line

LEAST = 4  # of 10: how sure a match of a citation with a paper must be. Ours
# Offices of several countries, and of countries that there were (WIPO ST.3).
OFFICES = frozenset(("AP", "BX", "CS", "DD", "EA", "EM", "EP", "EU", "GC", "IB", "OA", "SU", "WO", "XN", "YU"))
METHOD, LEVEL, EXTRACTOR = "matched-reference", "lookup", "1"
WHO = {"app": "by the applicant", "exm": "by the examiner"}
WHERE = {"front": "on the front page", "body": "in the text", "both": "on the front page and in the text"}

_NUMBER = re.compile(r"([a-z]{2})[- ]?((?=[a-z]{0,4}[0-9])[a-z0-9]{1,20})(?:-([a-z][0-9]{0,2}))?", re.ASCII)
_HERE = re.compile(r"(?:re|rd|d|pp|h|t)?[0-9]{4,8}", re.ASCII)  # in older editions those of the United States are bare
_CONFIDENCE = re.compile(r"(10|[1-9])(?:\.0+)?", re.ASCII)


class OddRowError(ValueError):
    """The row is no citation in this form; the text says why."""


@dataclass(frozen=True, slots=True)
class Patent:
    """A patent by its number: `us`, `10494607`, and `b2` where the kind of document is told."""

    office: str
    number: str
    kind: str

    @property
    def key(self) -> str:
        """As the newer editions write it."""
        return "-".join(filter(None, (self.office, self.number, self.kind)))

    @property
    def title(self) -> str:
        """As people write it."""
        return " ".join(filter(None, (self.office, self.number, self.kind))).upper()

    @property
    def url(self) -> str:
        """A page about it that anybody can read."""
        return f"https://patents.google.com/patent/{self.title.replace(' ', '')}"


def patent(told: str) -> Patent:
    """Raises `OddRowError` for what is no number of a patent, or of an office that there is not."""
    text = told.strip().lower()
    found = _NUMBER.fullmatch(text)
    if found and found[1].upper() in COUNTRIES | OFFICES:
        return Patent(found[1], found[2], found[3] or "")
    if _HERE.fullmatch(text):
        return Patent("us", text, "")
    raise OddRowError("its patent has no number that is one")


def confidence(row: Line) -> int:
    """From 1 to 10. Raises `OddRowError`."""
    found = _CONFIDENCE.fullmatch(row["confscore"])
    if not found:
        raise OddRowError("its confidence is no number from 1 to 10")
    return int(found[1])


def named(row: Line, scheme: str) -> Identifier | None:
    """The paper by one of its names; PMIDs come as numbers, some with a decimal point."""
    told = row[scheme]
    return normalise(scheme, told.removesuffix(".0") if scheme == "pmid" else told) if told else None


def dated(row: Line) -> str:
    """When the patent was published, as far as the file says it: `YYYY[-MM[-DD]]`, or nothing."""
    return next(filter(None, (written(row[each]) for each in DATES)), "")


def instant(date: str) -> datetime:
    """The first instant of a date, or of as much of one as there is."""
    year, month, day = (*date.split("-"), "1", "1")[:3]
    return datetime(int(year), int(month), int(day), tzinfo=UTC)


def said(row: Line, patent: Patent, sure: int) -> str:
    """What the file says, in words."""
    by = WHO.get(row["reftype"].lower(), "")
    place = row["wherefound"].lower()
    where = WHERE.get(place.removesuffix("only"), "")
    how = ", ".join(filter(None, (by, where, f"matched with confidence {sure} of 10")))
    return one_line(f"{patent.title} cites it {how}")


def evidence(identifier: Identifier, words: str, text: str) -> Evidence:
    """Why a patent is said to cite what the identifier names: a list says so, which has matched its references."""
    digest = sha256(text.encode()).hexdigest()
    excerpt = f"{str(identifier)[:120]}: {words}"
    return Evidence(
        identifier=identifier, method=METHOD, level=LEVEL, excerpt=excerpt, digest=digest, extractor=EXTRACTOR
    )
