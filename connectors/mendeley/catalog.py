"""Documents of Mendeley's catalogue, and what of them is taken."""

from collections.abc import Iterable

from connectors.attention import MOST_UNITS
from connectors.documents import text, within
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier, normalise


def readers(told: Iterable[object], asked: Identifier) -> int:
    """How many readers have what was asked about. Of several entries of one DOI the largest number counts, since
    somebody may be a reader of each; an entry of another DOI says nothing, nor does one that is incomplete."""
    counts = [0]
    for each in told:
        if not isinstance(each, dict):
            raise NotUnderstood("an entry that is no object")
        if "identifiers" not in each and "reader_count" in each:
            raise NotUnderstood("readers of nobody knows what")
        if normalise("doi", text(within(each, "identifiers", "doi"), most=2000)) == asked:
            count = each.get("reader_count")
            if type(count) is not int or not 0 <= count <= MOST_UNITS:
                raise NotUnderstood("reader_count is no number that can be")
            counts.append(count)
    return max(counts)
