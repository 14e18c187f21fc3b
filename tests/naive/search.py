"""A search as anybody would do it by hand: look at every badge, one after the other."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from scoring.rules import SOURCES
from sync.store import Search, Shown

SIGN = re.compile("([\u3040-\u30ff\u4e00-\u9fff])")


def spelt(text: str) -> list[str]:
    """The words of a text without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if not unicodedata.category(each).startswith("M"))
    return re.findall(r"[^\W_]+", SIGN.sub(r" \1 ", bare.replace("ø", "o")))


def pieces(shown: Shown) -> list[list[str]]:
    """What a badge is found by."""
    return [spelt(text) for text in (shown.title, shown.journal, shown.issn, *(name for _, name in shown.people))]


def fits(shown: Shown, text: str) -> bool:
    """Whether all that a text asks for is there."""
    asked = [(quoted or "", bare or "") for quoted, bare in re.findall(r'"([^"]*)"?|([^\s"]+)', text)]
    told = pieces(shown)
    wanted = [(spelt(quoted or bare), bool(bare) and place == len(asked) - 1 and not text.endswith('"'))
              for place, (quoted, bare) in enumerate(asked)]  # fmt: skip
    if not any(words for words, _ in wanted):
        return False
    return all(any(_stands(words, piece, open_) for piece in told) for words, open_ in wanted if words)


def _stands(words: list[str], piece: list[str], open_: bool) -> bool:
    for start in range(len(piece) - len(words) + 1):
        here = piece[start : start + len(words)]
        if here == words:
            return True
        if open_ and len(words[-1]) > 1 and here[:-1] == words[:-1] and here[-1].startswith(words[-1]):
            return True
    return False


def finds(search: Search, shown: Shown) -> bool:
    """Whether a search finds a badge."""
    mentioned = {part.source for part in shown.breakdown if part.mentions}
    return all(
        (
            not search.text or fits(shown, search.text),
            search.identifier is None or search.identifier in shown.identifiers,
            not search.types or shown.type in search.types,
            not search.journal or shown.journal_id == search.journal,
            not search.group or search.group in {id_ for id_, _ in shown.groups},
            not search.sources or mentioned & {SOURCES[name] for name in search.sources},
            not search.since or (shown.published and _first(shown.published) >= _first(search.since)),
            not search.until or (shown.published and _first(shown.published) <= _last(search.until)),
            not search.mentioned or mentioned,
            shown.score >= search.least,
        )
    )


def _first(told: str) -> str:
    return (told + "-01-01")[:10] if len(told) < 10 else told


def _last(told: str) -> str:
    return told + "-99"[: 10 - len(told)] * 2  # behind every day of it


def facets(found: Iterable[Shown]) -> dict[str, Counter[str]]:
    """How many badges there are of each kind."""
    names = {number: name for name, number in SOURCES.items()}
    told = {name: Counter[str]() for name in ("type", "journal", "group", "source", "year")}
    for each in found:
        told["type"].update([each.type] if each.type else [])
        told["journal"].update([str(each.journal_id)] if each.journal_id else [])
        told["group"].update(str(id_) for id_, _ in each.groups)
        told["source"].update(names[part.source] for part in each.breakdown if part.mentions)
        told["year"].update([each.published[:4]] if each.published else [])
    return told
