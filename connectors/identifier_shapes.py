"""The shapes of identifiers: for each scheme, the normal form of a bare value, or "" when it is not shaped so."""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from connectors.urls import canonical_url

UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters and halves of characters
DASHES = r"\u2010-\u2015\u2212-"

_ENCODED_DOI = re.compile(r"10\.[0-9]{4,9}%2f", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/.*[^\W_].*", re.DOTALL)
_HANDLE = re.compile(r"([0-9A-Za-z][0-9A-Za-z._-]*)/(.+)", re.DOTALL)
_ARXIV = re.compile(
    r"(?:[a-z-]+(?:\.[a-z]{2})?/)?(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?"
    r"|([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?",
    re.ASCII | re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</[a-z]|<(?:a|b|br|cite|div|em|font|i|li|p|span|strong|su[bp]|td|u|wbr)(?:[\s/>]|$)", re.IGNORECASE
)
_URL_TAIL = re.compile(
    r"[?&](?:utm_|fbclid|gclid|via=|casa_token).*|;jsessionid=.*|(?<!;2-)#.*"
    r"|(?:/(?:abstract|full|epdf|pdf|summary|figures))+/*$",
    re.IGNORECASE | re.DOTALL,
)
_CLINGS = ".,;:!?'\"*_~`|&/\\([{<\u00b4\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e\u2026\u2039\u203a"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _doi(text: str) -> str:
    if _ENCODED_DOI.match(text):
        text = unquote(text)
    doi = _trimmed(text)
    while (shorter := _trimmed(_URL_TAIL.sub("", doi))) != doi:
        doi = shorter
    return fold(doi) if _DOI.fullmatch(doi) and not UNCLEAN.search(doi) else ""


def _handle(text: str) -> str:
    found = _HANDLE.fullmatch(_trimmed(text))
    return f"{fold(found[1])}/{found[2]}" if found else ""


def _trimmed(text: str) -> str:
    """Without what clings to an identifier's end; empty when a blank stands inside, since then it is not one."""
    text = _MARKUP.split(text, maxsplit=1)[0]
    text = re.split(r"\s+(?=[(\[{])", text, maxsplit=1)[0].strip()  # as in `10.1234/x [pii]`
    while text and _clings(text):
        text = text[:-1].rstrip()
    return "" if re.search(r"\s", text) else text


def _clings(text: str) -> bool:
    last = text[-1]
    if opening := _PAIRS.get(last):
        return text.count(last) > text.count(opening)
    return last in _CLINGS or unicodedata.category(last) == "So"  # So: emoji


def _pmid(text: str) -> str:
    found = re.fullmatch(r"0*([1-9][0-9]{0,8})", text.rstrip(".,; "))
    return found[1] if found else ""


def _pmcid(text: str) -> str:
    found = re.fullmatch(r"(?:PMC)?0*([1-9][0-9]{0,9})(?:\.[0-9]+)?", text.rstrip(".,; "), re.IGNORECASE)
    return f"PMC{found[1]}" if found else ""


def _arxiv(text: str) -> str:
    found = _ARXIV.fullmatch(text.split(" [")[0].rstrip(".,; "))
    if not found:
        return ""
    return found[1] or f"{fold(found[2])}/{found[3]}"


def _isbn(text: str) -> str:
    digits = re.sub(rf"[\s{DASHES}]", "", text.split("(")[0]).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weighed = sum((10 - i) * (10 if digit == "X" else int(digit)) for i, digit in enumerate(digits))
        return _with_check_digit(f"978{digits[:9]}") if weighed % 11 == 0 else ""
    right = re.fullmatch(r"97[89][0-9]{10}", digits) and _with_check_digit(digits[:12]) == digits
    return digits if right else ""


def _with_check_digit(twelve: str) -> str:
    weighed = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(twelve))
    return f"{twelve}{-weighed % 10}"


def _urn(text: str) -> str:
    found = re.fullmatch(r"([a-z0-9][a-z0-9-]{1,31}):(\S+)", text, re.IGNORECASE | re.ASCII)  # RFC 8141
    return f"{fold(found[1])}:{found[2]}" if found else ""


def _nct(text: str) -> str:
    return text.upper() if re.fullmatch(r"NCT[0-9]{8}", text, re.IGNORECASE) else ""


def _ssrn(text: str) -> str:
    found = re.fullmatch(r"(?:10\.2139/ssrn\.)?0*([1-9][0-9]{0,9})", text, re.IGNORECASE)
    return found[1] if found else ""


def _repec(text: str) -> str:
    found = re.fullmatch(r"([a-z0-9]{3})[:/]([a-z0-9]{6})[:/](\S+)", text, re.IGNORECASE | re.ASCII)
    return fold(":".join(found.groups())) if found else ""


def _ads(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{4}[A-Za-z&.][A-Za-z0-9&.:+-]{13}[A-Za-z.:]", text) else ""


def _url(text: str) -> str:
    return canonical_url(text) or ""


def fold(text: str) -> str:
    """ASCII letters in lower case, others as they are: DOIs are compared so (ISO 26324)."""
    return text.translate(_LOWER)


SHAPES: dict[str, Callable[[str], str]] = {
    "doi": _doi,
    "pmid": _pmid,
    "pmcid": _pmcid,
    "arxiv": _arxiv,
    "handle": _handle,
    "isbn": _isbn,
    "urn": _urn,
    "nct": _nct,
    "ssrn": _ssrn,
    "repec": _repec,
    "ads": _ads,
    "url": _url,
}
