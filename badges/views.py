"""Texts and addresses that come from outside, made so that they can stand on a page and do nothing there."""

import unicodedata
from urllib.parse import quote, urlsplit

from badges.names import SOURCES
from connectors.identifiers import Identifier

RESOLVERS = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "arxiv": "https://arxiv.org/abs/",
    "handle": "https://hdl.handle.net/",
    "nct": "https://clinicaltrials.gov/study/",
    "ssrn": "https://ssrn.com/abstract=",
    "ads": "https://ui.adsabs.harvard.edu/abs/",
}
SHORT = 60  # characters of a link's text


def plain(text: str) -> str:
    """A text for where no markup can hold it: without control characters and marks of direction."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return " ".join(text.split())


def shortened(text: str, most: int = SHORT) -> str:
    """A text that begins as it does, and ends where it grows long."""
    clean = plain(text)
    return clean if len(clean) <= most else clean[: most - 1] + "\u2026"


def web(url: str) -> str:
    """The address itself where it is one that a reader's browser may follow from here, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def resolved(each: Identifier) -> str:
    """Where an identifier leads, in ASCII and safe in a header; empty where it leads nowhere."""
    start = RESOLVERS.get(each.scheme)
    return start + quote(each.value, safe="/:().-_~") if start else ""


def points(milli: int) -> str:
    """Thousandths as tables for machines have them."""
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


def source_name(source: str) -> str:
    """What a source is called, in English, to be said in a language."""
    return SOURCES[source]
