"""What `/v1/citations/{timeframe}` is asked: its query read, or what is wrong with it."""

import re
from typing import NamedTuple, get_args
from urllib.parse import unquote_plus

from badges.v1_words import CITED_IN, DAYS, READERS
from badges.wanted import LONGEST, value
from scoring.rules import SOURCES
from sync.store import DAY, Citing, Order

MOST, USUAL = 100, 25  # results on a page
LATEST = 10**9  # page

ORDERS: tuple[Order, ...] = get_args(Order)
EVERYTHING = frozenset(CITED_IN.values())

_DOI = re.compile(r"(?:10(?:\.[!-~]*)?)?")  # nothing begins otherwise, and so nothing is found
_NOT_A_PAGE = f"page: a whole number from 1 to {LATEST}"
_NOT_SO_MANY = f"num_results: a whole number from 1 to {MOST}"
_NO_ORDER = f"order_by: one of {', '.join(ORDERS)}"
_NO_SOURCE = f"cited_in: some of {', '.join(sorted(CITED_IN))}, with commas between"
_NO_ISSN = "issn: such as 1234-5678"


class QueryError(ValueError):
    """A query that cannot be answered; the words tell the mend and repeat nothing of it."""


class Query(NamedTuple):
    """One page of outputs that were mentioned within some days, None for ever."""

    days: int | None
    page: int
    size: int
    sources: frozenset[str]
    doi_prefix: str
    issn: str
    order: Order

    def citing(self, now: int) -> Citing:
        """The same for the store."""
        return Citing(
            since=None if self.days is None else now - self.days * DAY,
            sources=sorted(SOURCES[each] for each in self.sources),
            readers=[SOURCES[each] for each in READERS],
            doi_prefix=self.doi_prefix,
            issn=self.issn,
            order=self.order,
        )


def read(timeframe: str, query: bytes) -> Query:
    """The query of a known timeframe; raises `QueryError`. What is empty is not asked for; no `nlmid` is known here."""
    if len(query) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST} bytes")
    prefix = _text(query, b"doi_prefix").lower()
    issn, nlmid = _text(query, b"issn").upper(), _text(query, b"nlmid")
    if not re.fullmatch(r"(?:[0-9]{4}-?[0-9]{3}[0-9X])?", issn):
        raise QueryError(_NO_ISSN)
    return Query(
        days=DAYS[timeframe],
        page=_number(_text(query, b"page"), 1, LATEST, _NOT_A_PAGE),
        size=_number(_text(query, b"num_results"), USUAL, MOST, _NOT_SO_MANY),
        sources=_sources(_text(query, b"cited_in")) if _DOI.fullmatch(prefix) and not nlmid else frozenset(),
        doi_prefix=prefix,
        issn=f"{issn[:4]}-{issn[-4:]}" if issn else "",
        order=_order(_text(query, b"order_by")),
    )


def _text(query: bytes, name: bytes) -> str:
    return unquote_plus((value(query, name) or b"").decode("latin-1"), errors="replace").strip()


def _number(told: str, usual: int, most: int, wrong: str) -> int:
    if not told:
        return usual
    if not re.fullmatch(r"[0-9]{1,10}", told, re.ASCII) or not 1 <= int(told) <= most:
        raise QueryError(wrong)
    return int(told)


def _sources(told: str) -> frozenset[str]:
    words = {word.strip().lower() for word in told.split(",")} - {""}
    if not words <= CITED_IN.keys():
        raise QueryError(_NO_SOURCE)
    return frozenset(CITED_IN[word] for word in words) or EVERYTHING


def _order(told: str) -> Order:
    for order in ORDERS:
        if told in ("", order):
            return order
    raise QueryError(_NO_ORDER)
