"""Identifiers of research outputs, each in one normal form, so that equal text means the same output.

Everything here is fed with untrusted text and never raises: what is not shaped like its scheme is None.
"""

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from connectors.identifier_shapes import DASHES, SHAPES, UNCLEAN, fold
from connectors.urls import LONGEST, canonical_url

__all__ = ["SCHEMES", "Identifier", "canonical_url", "complaint", "normalise", "orcid", "parse"]


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """`value` is in the normal form of `scheme`: build it with `normalise` or `parse` when it comes from outside."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def normalise(scheme: str, value: str) -> Identifier | None:
    """The identifier in its normal form, from a bare, prefixed or URL form; None when it is not shaped like one.

    Normal forms: `doi` `10.1234/x`, ASCII folded; `pmid` digits; `pmcid` `PMC` + digits; `arxiv` without version and
    subject class (versions are one output here); `handle` `prefix/suffix`; `isbn` 13 digits, checksum valid; `urn`
    without `urn:`; `nct` `NCT` + 8 digits; `ssrn` digits; `repec` without `RePEc:`, folded; `ads` the bibcode;
    `url` as `canonical_url` gives it. A DOI is `10.` + 4 to 9 digits + `/` + something; what clings to its end in
    texts (quotes, full stops, brackets never opened, tags, URL tails) is dropped.
    """
    shape = SHAPES.get(scheme)
    text = _clean(value) if shape else None
    if shape is None or text is None:
        return None
    found = shape(text if scheme == "url" else _bare(scheme, text))
    return Identifier(scheme, found) if found and not _UNSEEN.search(found) else None


def complaint(told: str, found: Identifier | None) -> str:
    """What is wrong with a text that should be a DOI, for whoever keeps the record; empty when nothing is."""
    if found is None:
        return "doi is not shaped like one and was left out"
    whole = any(fold(text).strip().endswith(found.value) for text in (told, unquote(told)))
    return "" if whole else "doi has something behind it, and was read without that"


def parse(text: str) -> Identifier | None:
    """The IDENTIFIER of the command line and of mentions: `scheme:value`, a bare DOI, or a URL.

    A URL of a known resolver is the identifier it resolves, any other is a `url`."""
    given = _clean(text)
    if given is None:
        return None
    scheme = fold(given.partition(":")[0].strip())
    if scheme in ("http", "https"):
        named = (normalise(known, given) for known in SCHEMES)
        return next(filter(None, named), None)
    better = _URN.match(given)
    if better and (found := normalise(fold(better[1]), given)):
        return found
    if (scheme := _ALIASES.get(scheme, scheme)) in SCHEMES:
        return normalise(scheme, given.partition(":")[2] if scheme == "url" else given)
    return normalise("doi", given)


def orcid(value: str) -> str | None:
    """The bare ORCID iD (`0000-0002-1825-0097`) of any form; None unless its check digit is right (ISO 7064)."""
    text = _clean(value)
    found = _ORCID.fullmatch(text) if text else None
    if not found:
        return None
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    right = "0123456789X"[(12 - total % 11) % 11]
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4)) if digits[-1] == right else None


_ORCID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/|orcid:?\s*)?"
    + f"[{DASHES}]?".join([r"(\d{4})", r"(\d{4})", r"(\d{4})", r"(\d{3}[\dX])"])
    + "/?",
    re.ASCII | re.IGNORECASE,
)

_URN = re.compile(r"urn:(doi|isbn):", re.IGNORECASE)  # which are better known without
_ALIASES = {"hdl": "handle", "info": "doi", "pubmed": "pmid", "pmc": "pmcid"}

_PREFIXES = {  # what may stand before a value; several may, as in `doi:https://doi.org/10.1234/x`
    "doi": r"(?:info:|urn:)?doi(?!\.org)\s*[:/=]?\s*",
    "pmid": r"(?:info:)?(?:pmid|pubmed)\s*[:/]?\s*",
    "pmcid": r"(?:pmcid|pmc)\s*[:/]?\s*",
    "arxiv": r"(?:info:)?arxiv\s*[:/]?\s*",
    "handle": r"(?:info:)?(?:handle|hdl)\s*[:/]\s*",
    "isbn": r"(?:urn:)?isbn(?:[-\s]?1[03])?\s*:?\s*",
    "urn": r"urn\s*:\s*",
    "nct": r"nct\s*:\s*",
    "ssrn": r"ssrn\s*[:/]?\s*(?:id\s*)?",
    "repec": r"repec\s*:\s*",
    "ads": r"(?:ads|bibcode)\s*:\s*",
}

_ADDRESSES = {  # host without `www.`, and decoded path; for SSRN the query too
    "doi": r"(?:dx\.)?doi\.org/+(.+)",
    "pmid": r"(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:m\.)?ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/\w+/med)/(\d+)(?:/.*)?",
    "pmcid": r"(?:(?:pmc\.)?ncbi\.nlm\.nih\.gov(?:/pmc)?/articles|europepmc\.org/articles?(?:/pmc)?)/(pmc\d+)(?:/.*)?",
    "arxiv": r"(?:export\.)?arxiv\.org/(?:abs|pdf|html|format|ps)/(.+?)(?:\.pdf)?/?",
    "handle": r"hdl\.handle\.net/+(.+)",
    "urn": r"(?:nbn-resolving\.(?:org|de)|resolver\.obvsg\.at|urn\.fi|urn\.kb\.se|n2t\.net)/(urn:.+)",
    "nct": r"(?:classic\.)?clinicaltrials\.gov/(?:ct2/show|study)/(?:record/)?(nct\d{8})(?:/.*)?",
    "ssrn": r"(?:papers\.|dx\.)?ssrn\.com/(?:.*[/?&])?abstract(?:_?id)?=(\d+)(?:&.*)?",
    "repec": r"(?:ideas\.repec\.org/[a-z]|econpapers\.repec\.org/\w+)/(.+?)(?:\.html?)?",
    "ads": r"(?:ui\.)?adsabs\.harvard\.edu/abs/([^/]+)(?:/.*)?",
}

_URL = re.compile(r"https?://|(?:www\.|dx\.)?doi\.org/", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


def _clean(value: str) -> str | None:
    if len(value) > LONGEST:
        return None
    text = _UNSEEN.sub("", value).strip()
    return text if text and not UNCLEAN.search(text) else None


def _bare(scheme: str, text: str) -> str:
    """What is left without entities, prefixes and resolver; empty when a URL is of another resolver."""
    while _ENTITY.search(text):  # some are escaped twice
        text = _UNSEEN.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)).strip()
    while not _URL.match(text):
        prefix = re.match(_PREFIXES[scheme], text, re.IGNORECASE)
        if not prefix:
            return text
        text = text[prefix.end() :]
    return _resolved(scheme, text)


def _resolved(scheme: str, url: str) -> str:
    if scheme not in _ADDRESSES:
        return ""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        path = unquote(parts.path, errors="strict")
    except ValueError:  # brackets in the host, or no UTF-8
        return ""
    if parts.path.endswith(";2-") and url.endswith("#"):
        path += "#"  # the last character of some SICIs, which a URL should have encoded
    place = (parts.hostname or "").removeprefix("www.") + path
    if scheme == "ssrn" and parts.query:
        place += f"?{parts.query}"
    found = re.fullmatch(_ADDRESSES[scheme], place, re.ASCII | re.IGNORECASE)
    return _bare(scheme, found[1].strip()) if found and not UNCLEAN.search(found[1]) else ""


SCHEMES = tuple(SHAPES)  # in this order a URL is tried, so `url` is last
