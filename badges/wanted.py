"""Which output a request asks for: identifiers in paths and queries, in every broken form that links arrive in.

What comes out is only what was asked, never whether it is there: the readers of the store are asked the same number of
questions for hidden, unknown and malformed alike.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from connectors.identifiers import Identifier, parse

Wanted = Identifier | int
NOBODY: tuple[Wanted, ...] = (Identifier("", ""),)  # looked up like any other, and found by nobody
LONGEST = 8192  # bytes of a path or query; longer ones are not looked at
LONGEST_ID = 16  # digits of a public id

# Its own normal form, whatever the other rules say: nothing encoded, no tail of an address, nothing that clings to it.
# Most DOIs are such, and reading one so takes a tenth of the time. A test holds it against `parse`.
_PLAIN_DOI = re.compile(rb"10\.[0-9]{4,9}/[a-z0-9._()-]*[0-9]")


def from_path(scheme: bytes, rest: bytes) -> tuple[Wanted, ...]:
    """What `/{scheme}/{rest}` means, as it was sent: what to look up, in this order; `outputs` is `output`."""
    if scheme == b"doi" and len(rest) <= LONGEST and _PLAIN_DOI.fullmatch(rest):
        return (Identifier("doi", rest.decode("ascii")),)
    told = _decoded(scheme)
    known = "output" if told == "outputs" else told
    return _wanted(known + ":" + text for text in _readings(rest)) if known and len(rest) <= LONGEST else NOBODY


def from_query(query: bytes) -> tuple[Wanted, ...]:
    """What `?id=` means. A plus sign is a blank or itself: both are tried."""
    told = value(query, b"id")
    if told is None or len(query) > LONGEST:
        return NOBODY
    return _wanted(text for each in (told.replace(b"+", b" "), told) for text in _readings(each))


def from_text(text: str) -> tuple[Wanted, ...]:
    """What an identifier in any of its forms means, or `output:` and a public id."""
    return _wanted((text,)) if len(text) <= LONGEST else NOBODY


def value(query: bytes, name: bytes) -> bytes | None:
    """The first value of a parameter, still encoded; None where it is not there."""
    for part in query.split(b"&"):
        key, _, told = part.partition(b"=")
        if key == name:
            return told
    return None


def _readings(sent: bytes) -> Iterable[str]:
    """The text as it was sent, and once more decoded, since some links are encoded twice."""
    once = _decoded(sent)
    yield once
    if "%" in once:
        yield _decoded(once.encode())


def _decoded(sent: bytes) -> str:
    """Empty for what is no text in UTF-8."""
    try:
        return unquote_to_bytes(sent).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _wanted(texts: Iterable[str]) -> tuple[Wanted, ...]:
    found = dict.fromkeys(_read(text.strip(" /\t")) for text in texts)
    return tuple(each for each in found if each is not None) or NOBODY


def _read(text: str) -> Wanted | None:
    scheme, _, rest = text.partition(":")
    if scheme.strip().lower() != "output":
        return parse(text)
    return number(rest.strip()) or None


def number(text: str) -> int:
    """A public id as people, forms and addresses write it; 0 where that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
