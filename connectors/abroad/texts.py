"""Text out of the bytes of a page: read as its BOM, its header or itself says, with a doubt where that is not so.

The order is that of the HTML standard, the encodings are those of the Encoding Standard. w3lib knows how to find what
is declared; what it then takes is anything that Python can decode, also what no page is written in and what fails
(`hex`, `idna`, `unicode_escape`), so it does not have the last word.
"""

import re
from dataclasses import dataclass, field

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

ENCODINGS = frozenset({
    "utf-8", "utf-16", "utf-16-be", "utf-16-le", "cp866", "cp874", "cp932", "cp949", "big5hkscs", "gb18030", "euc_jp",
    "iso2022_jp", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic",
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
})  # fmt: skip
"""As Python calls them."""

FALLBACK = "cp1252"  # of a page that says nothing and is not UTF-8
LONGEST_HEADER = 1000
UNMARKED = {b"<\0?\0x\0": "utf-16-le", b"\0<\0?\0x": "utf-16-be"}  # how XML in them begins, where it has no BOM

_HALF = re.compile("[\ud800-\udfff]")
_NAMES_ONE = re.compile(r"charset\s*=\s*[^\s;]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """`text` has neither NUL nor halves of characters; `doubt` is why it may not be what was meant, empty for none."""

    text: str = field(repr=False)
    encoding: str
    doubt: str = ""


def text_of(body: bytes, content_type: str) -> Text:
    """What a body with such a Content-Type says. Never fails: what cannot be read is U+FFFD."""
    encoding, doubt = encoding_of(body, content_type)
    _, bom = read_bom(body)
    data = body[len(bom) :] if bom else body
    told = to_unicode(data, encoding)
    doubt = _lie(data, told, encoding) or doubt
    if "\0" in told:
        told, doubt = told.replace("\0", ""), doubt or "it holds NUL, as no text does"
    return Text(_HALF.sub("\ufffd", told), encoding, doubt)


def encoding_of(body: bytes, content_type: str) -> tuple[str, str]:
    """The encoding, as Python calls it, and a doubt about what was declared."""
    marked, _ = read_bom(body)
    if marked:
        return marked, ""
    content_type = content_type[:LONGEST_HEADER]
    told = http_content_type_encoding(content_type)
    if told in ENCODINGS:
        return "utf-16-le" if told == "utf-16" else told, ""
    doubt = "its header names an encoding that no page is written in" if _NAMES_ONE.search(content_type) else ""
    unmarked = UNMARKED.get(body[:6])
    if unmarked:
        return unmarked, doubt
    told = html_body_declared_encoding(body)
    if told in ENCODINGS:  # what was found by reading single bytes is not written in pairs of them
        return "utf-8" if told.startswith("utf-16") else told, doubt
    if told:
        doubt = doubt or "it names an encoding itself that no page is written in"
    if _is_utf8(body):
        return "utf-8", doubt
    return FALLBACK, doubt or "it names no encoding, and is not UTF-8"


def _lie(data: bytes, told: str, encoding: str) -> str:
    """What shows that the encoding is another than was declared."""
    lost = told.count("\ufffd") - (data.count("\ufffd".encode()) if encoding == "utf-8" else 0)
    if lost > 0:
        return f"it is not {encoding}, as it is said to be; replaced: {lost}"
    if not encoding.startswith("utf-") and not data.isascii() and _is_utf8(data):
        return f"it is said to be {encoding}, and could be UTF-8"
    return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
