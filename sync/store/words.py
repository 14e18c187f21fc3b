"""Titles and names as the words that a search compares: folded once when they are stored, and once when they are asked
for, so that every database finds the same.

A word has letters and figures alone, in lower case and without accents. Signs of scripts that write no blanks between
words are words of their own. Pieces of text end with a full stop, over which no phrase reaches.
"""

import re
import unicodedata
from hashlib import blake2b

END = "."  # of a piece, and all that is left of one without a word
LONGEST = 60  # characters of a word; what is behind them is not compared
MOST = 2000  # words of a piece

_PLAIN = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_ALONE = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])"
)
_DROPPED = ("Mn", "Mc", "Me", "Cf")  # accents, and what nobody sees
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def words(text: str) -> list[str]:
    """The words of a text, in its order."""
    if text.isascii():
        return [word[:LONGEST] for word in _PLAIN.findall(text.lower())[:MOST]]
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if unicodedata.category(each) not in _DROPPED)
    whole = unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))
    return [word[:LONGEST] for word in _WORD.findall(_ALONE.sub(r" \1 ", whole))[:MOST]]


def pieces(*texts: str) -> str:
    """Texts as they are stored to be searched: words with one blank between, and every piece with its end."""
    return " ".join(" ".join((*told, END)) for told in map(words, texts) if told) or END


def number_of(name: str) -> int:
    """A number below 2^53 that stands for a name, here and in every other store; never 0, which stands for none."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 11 or 1
