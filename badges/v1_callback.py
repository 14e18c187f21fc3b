"""JSONP: an answer as a script that calls a function of the asking page. Only names that can do no harm are called."""

import re
from typing import Final

NO_NAME: Final = (
    "callback: letters, digits and underscores only, at most 64, no digit first and no word of JavaScript\n"
)

_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{0,63}")
_RESERVED = frozenset(
    b"arguments await break case catch class const continue debugger default delete do else enum eval export extends "
    b"false finally for function if implements import in instanceof interface let new null package private protected "
    b"public return static super switch this throw true try typeof var void while with yield".split()
)


def is_name(callback: bytes) -> bool:
    """Whether it may be called, as it was sent: what had to be encoded is no such name."""
    return bool(_NAME.fullmatch(callback)) and callback not in _RESERVED


def called(callback: bytes, document: bytes) -> bytes:
    """The script. It begins with a comment, so that no reader takes the name for the beginning of another format; the
    two line ends that JSON allows in texts and old JavaScript does not are escaped."""
    safe = document.replace("\u2028".encode(), rb"\u2028").replace("\u2029".encode(), rb"\u2029")
    return b"/**/%s(%s);" % (callback, safe)
