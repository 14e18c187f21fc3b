"""Text from outside, made fit to be stored: no control characters, no halves of characters."""

import re

LONGEST_KEY = 2000
LONGEST_EXCERPT = 300  # characters of what is quoted as evidence

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")  # lone surrogates: JSON can spell them, no database takes them


def one_line(text: str) -> str:
    """The text with blanks collapsed, control characters as blanks, and what is no character as U+FFFD."""
    return " ".join(_HALF.sub("\ufffd", _CONTROL.sub(" ", text)).split())


def quoted(text: str) -> str:
    """A text as a search takes it, in the language of Lucene, for words in a row."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def readable_key(text: str) -> str:
    """The key without blanks around it; empty when nothing is left, or what is left could not be found again."""
    key = text.strip()
    return "" if len(key) > LONGEST_KEY or _CONTROL.search(key) or _HALF.search(key) else key
