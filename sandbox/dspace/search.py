"""The search of a practice DSpace: a small and strict part of what Solr understands.

Words, `"quoted words"`, `field:word`, `field:"quoted words"` and brackets, joined by AND (also when nothing stands
between them) and OR; `*:*` is everything, a backslash makes the next character an ordinary one. `field:[a TO b]` is
known for `search.resourceid` and `lastModified`, both ends included, `*` for an open one. Everything else that means
something to Solr, as in an address that was not quoted, is refused with 422, as DSpace does since 7.2.

Texts are analysed, as they are in Solr: cut into runs of letters and of digits, in lower case. So `10.5555/a-1` also
finds `10.5555/A.1.v2`: who looks for an identifier must look at what was found. `handle` and `search.resourceid` are
not analysed.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC
from functools import lru_cache
from itertools import chain

from sandbox.dspace.errors import DSpaceError
from sandbox.dspace.items import Item

Test = Callable[[Item], bool]

TOKEN = re.compile(
    r"""\s*(?: (?P<mark>[()])
             | "(?P<quoted>(?:[^"\\]|\\.)*)"
             | (?P<range>\[\s*[^\s\[\]]+\s+TO\s+[^\s\[\]]+\s*\])
             | (?P<field>[A-Za-z][A-Za-z0-9_.]*):
             | (?P<all>\*:\*)
             | (?P<word>(?:[^\s"()\[\]{}:^~*?\\/+\-!&|]|\\.)(?:[^\s"()\[\]{}:^~*?\\/!&|]|\\.)*)
           )""",
    re.VERBOSE | re.DOTALL,
)
RUNS = re.compile(r"[^\W\d_]+|[0-9]+")
EXACT: dict[str, Callable[[Item], str]] = {
    "handle": lambda item: item.handle,
    "search.resourceid": lambda item: item.uuid,
}
RANGED: dict[str, Callable[[Item], str]] = {
    "search.resourceid": lambda item: item.uuid,
    "lastModified": lambda item: item.last_modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
}


def search(items: Iterable[Item], query: str, *, dated: bool = True) -> list[Item]:
    """What fits the query, in the order of the uuids; with `dated` False nothing has a date of its last change. Raises
    `DSpaceError` (422) for a bad query."""
    fits = _Query(query, dated=dated).test() if query.strip() else lambda _: True
    return sorted(filter(fits, items), key=lambda item: item.uuid)


class _Query:
    """Reads a query from left to right."""

    def __init__(self, text: str, *, dated: bool) -> None:
        self.dated = dated
        self.tokens: list[tuple[str, str]] = []
        text = text.rstrip()
        while text:
            found = TOKEN.match(text)
            if not found or not found.lastgroup:
                raise _unreadable()
            kind, told = found.lastgroup, found[found.lastgroup]
            if kind == "word" and told in ("OR", "AND", "NOT"):
                kind = "mark"
            self.tokens.append((kind, told))
            text = text[found.end() :]

    def test(self) -> Test:
        """The whole of it."""
        whole = self._either("")
        if self.tokens:
            raise _unreadable()
        return whole

    def _either(self, field: str) -> Test:
        tests = [self._both(field)]
        while self._next() == ("mark", "OR"):
            self.tokens.pop(0)
            tests.append(self._both(field))
        return lambda item: any(test(item) for test in tests)

    def _both(self, field: str) -> Test:
        tests = [self._clause(field)]
        while self._next() not in (("", ""), ("mark", "OR"), ("mark", ")")):
            if self._next() == ("mark", "AND"):
                self.tokens.pop(0)
            tests.append(self._clause(field))
        return lambda item: all(test(item) for test in tests)

    def _clause(self, field: str) -> Test:
        kind, told = self._next()
        self.tokens = self.tokens[1:]
        if kind == "field" and not field:
            return self._clause(told)
        if kind == "all":
            return lambda _: True
        if (kind, told) == ("mark", "("):
            inner = self._either(field)
            if self._next() != ("mark", ")"):
                raise _unreadable()
            self.tokens.pop(0)
            return inner
        if kind == "range" and field in RANGED:
            return _between(field, told) if self.dated or field != "lastModified" else lambda _: False
        if kind not in ("quoted", "word"):
            raise _unreadable()
        return _holds(field, re.sub(r"\\(.)", r"\1", told, flags=re.DOTALL))

    def _next(self) -> tuple[str, str]:
        return self.tokens[0] if self.tokens else ("", "")


def _between(field: str, told: str) -> Test:
    """Texts compared as texts, which for times in UTC is the same."""
    low, _, high = told[1:-1].split()
    key = RANGED[field]
    return lambda item: (low == "*" or low <= key(item)) and (high == "*" or key(item) <= high)


def _holds(field: str, words: str) -> Test:
    if exact := EXACT.get(field):
        return lambda item: exact(item) == words
    wanted = _analysed(words)
    if field:
        return lambda item: any(wanted in _analysed(text) for text in item.texts(field))
    return lambda item: any(
        wanted in _analysed(text) for text in chain([item.handle], *(item.texts(name) for name in item.metadata))
    )


@lru_cache(maxsize=200_000)
def _analysed(text: str) -> str:
    """The tokens of a text between spaces, so that one text within another means: the same tokens in a row."""
    return f" {' '.join(RUNS.findall(text.lower()))} "


def _unreadable() -> DSpaceError:
    return DSpaceError(422, "org.apache.solr.search.SyntaxError: Cannot parse the query")
