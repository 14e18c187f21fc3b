"""The search of a practice InvenioRDM: a small and strict part of the query language of OpenSearch.

`field:"words"` and `updated:[A TO B]`, joined by OR and AND. Moments are kept in thousandths of seconds. Texts are
analysed: cut into runs of letters and of digits, in lower case, so `10.5555/a-1` also finds `10.5555/A.1.v2`. Whatever
else is asked is refused, as an instance refuses what it cannot read.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.inveniordm.errors import InvenioError
from sandbox.inveniordm.records import Record

Test = Callable[[Record], bool]

RANGE = re.compile(r"updated:\[(\S+) TO (\S+)\]")
WORDS = re.compile(r'([A-Za-z_.]+(?:\\:[A-Za-z_.]+)?):"((?:[^"\\]|\\.)*)"')
RUNS = re.compile(r"[^\W\d_]+|[0-9]+")


def matching(query: str) -> Test:
    """Whether a record fits. Raises `InvenioError` (400) for a query that cannot be read."""
    if not query:
        return lambda _: True
    either = [[_clause(each) for each in part.split(" AND ")] for part in query.split(" OR ")]
    return lambda record: any(all(test(record) for test in both) for both in either)


def floor(moment: datetime) -> datetime:
    """What the index keeps of a moment."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _clause(text: str) -> Test:
    if span := RANGE.fullmatch(text):
        since, until = _moment(span[1]), _moment(span[2])
        return lambda record: (
            (since is None or since <= floor(record.updated)) and (until is None or floor(record.updated) <= until)
        )
    if words := WORDS.fullmatch(text):
        read = _READ.get(words[1])
        name = words[1].removeprefix("custom_fields.").replace("\\:", ":")
        if read is None and not words[1].startswith("custom_fields."):
            raise _unreadable()
        wanted = _analysed(re.sub(r"\\(.)", r"\1", words[2]))
        texts = read or (lambda record: _listed(record.custom_fields.get(name)))
        return lambda record: any(wanted in _analysed(each) for each in texts(record))
    raise _unreadable()


def _moment(text: str) -> datetime | None:
    if text == "*":
        return None
    if ":" in text.partition("T")[2] and "+" in text:
        raise _unreadable()  # a sign means something else there
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _unreadable() from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _doi(record: Record) -> list[str]:
    return _listed(record.pids.get("doi", {}).get("identifier"))


def _alternates(record: Record) -> list[str]:
    return [str(each.get("identifier")) for each in record.metadata.get("identifiers", [])]


_READ: dict[str, Callable[[Record], list[str]]] = {
    "pids.doi.identifier": _doi,
    "metadata.identifiers.identifier": _alternates,
}


def _listed(told: object) -> list[str]:
    return [str(each) for each in told] if isinstance(told, list | tuple) else [] if told is None else [str(told)]


def _analysed(text: str) -> str:
    return f" {' '.join(RUNS.findall(text.lower()))} "


def _unreadable() -> InvenioError:
    return InvenioError(400, "Invalid query string syntax.")
