"""Where in a text that nobody has marked up an identifier ends: what stands around it decides."""

import re

from connectors.urls import LONGEST

IDEOGRAPHS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
"""Writings without blanks between words: an identifier ends where they go on. No DOI that is known contains any."""

LONGEST_DOI = 500  # characters; the longest that are known have about 200

_RUN = re.compile(rf"[^\s{IDEOGRAPHS}]{{0,{LONGEST + 1}}}")
_REST = re.compile(rf"[^\s{IDEOGRAPHS}]*")
# Where another begins without a blank.
_NEXT = re.compile(r"[,;|](?=https?://|doi:|10\.[0-9]{4,9}/)|\]\((?=https?:|www\.)", re.IGNORECASE)
_ENDS = {"(": ")", "[": "]", "{": "}", "<": ">", '"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u00ab": "\u00bb"}
_MARKS = {mark: re.compile(f"[{re.escape(mark + end)}]") for mark, end in _ENDS.items()}
_CLINGS = ".,;:!?'\"*_~`|\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e\u2039\u203a"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_CUT_OFF = re.compile(r"(?:\u2026|\.\.\.)[\])}>'\"\u201d\u2019.,;:!?*_~]*")


def run(text: str, begin: int, *, before: int | None = None, longest: int = LONGEST_DOI) -> tuple[str, int]:
    """The piece of text from `begin` to where an identifier would end, and where to read on.

    `before` is where the whole began, its prefix included: what opened just there closes the piece. The piece is empty
    where it is longer than any identifier or was cut off for show (`doi.org/10.1016/j.ce...`): half an identifier is
    another one."""
    matched = _RUN.match(text, begin)
    piece = matched[0] if matched else ""
    start = begin if before is None else before
    piece = _closed(piece, text[start - 1 : start])
    if following := _NEXT.search(piece):
        piece = piece[: following.start()]
    if len(piece) > longest:
        rest = _REST.match(text, begin)
        return "", rest.end() if rest else len(text)
    end = begin + len(piece)
    return ("", end) if cut_off(piece) else (piece, end)


def trimmed(piece: str) -> str:
    """Without what clings to the end of an address: punctuation, and brackets that it did not open."""
    while piece and (
        piece[-1] in _CLINGS or (piece[-1] in _PAIRS and piece.count(piece[-1]) > piece.count(_PAIRS[piece[-1]]))
    ):
        piece = piece[:-1]
    return piece


def goes_on(text: str, end: int) -> bool:
    """Whether a letter follows that may belong to an address, so that nobody knows where that ends."""
    return end < len(text) and text[end].isalpha()


def cut_off(piece: str) -> bool:
    """Whether it ends in an ellipsis, by which networks shorten the addresses that they show."""
    at = max(piece.rfind("\u2026"), piece.rfind("..."))
    return at >= 0 and bool(_CUT_OFF.fullmatch(piece, at))


def _closed(piece: str, opened: str) -> str:
    """Up to what closes the quotation or the bracket that stands just before it."""
    if opened not in _ENDS:
        return piece
    depth = 0
    for mark in _MARKS[opened].finditer(piece):
        if mark[0] == _ENDS[opened]:
            if depth == 0:
                return piece[: mark.start()]
            depth -= 1
        else:
            depth += 1
    return piece
