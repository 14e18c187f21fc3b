"""Codes that only lead to an identifier: short DOI, PII and SICI, each in one form of ours.

`normalise` knows none of them, so none can be taken for an output's identifier: the schemes are `UNRESOLVED`."""

import re

from connectors.identifiers import Identifier
from connectors.sightings.forms import DOI_ORG_PAGES

_SHORT = re.compile(r"(10/)?([a-z0-9]{3,10})", re.ASCII | re.IGNORECASE)
_PII = re.compile(r"S[0-9]{7}[0-9X][0-9]{7}[0-9X]|B(?:[0-9]{9}[0-9X]|97[89][0-9]{10})[0-9]{5}[0-9X]")
_SICI = re.compile(
    r"[0-9]{4}-[0-9]{3}[0-9X]\([0-9/]{0,20}\)[^<]{0,60}<[^<>]{1,100}>[0-9]\.[0-9]\.[A-Z]{2};[0-9]-[0-9A-Z#]", re.ASCII
)


def short_doi(text: str) -> Identifier | None:
    """`10/abc` in lower case, as the handle is called that it stands for; None for a page of doi.org."""
    found = _SHORT.fullmatch(text.rstrip(".,;:!?)/"))
    if not found or (not found[1] and (found[2].lower() in DOI_ORG_PAGES or found[2].isdigit())):
        return None
    return Identifier("short-doi", f"10/{found[2].lower()}")


def pii(text: str) -> Identifier | None:
    """In capitals and without `-` and brackets, as Crossref has it."""
    bare = re.sub(r"[-()]", "", text).upper()
    return Identifier("pii", bare) if _PII.fullmatch(bare) else None


def sici(text: str) -> Identifier | None:
    """In capitals, as the standard (ANSI/NISO Z39.56) writes it."""
    found = text.rstrip(".,").upper()
    return Identifier("sici", found) if _SICI.fullmatch(found) else None


CODES = {"pii": pii, "short-doi": short_doi, "sici": sici}
