"""Records that carry an identifier or a text. A search finds more, since texts are taken apart, and may find what was
changed since: so each record is looked at itself."""

from collections.abc import Iterator

from connectors.documents import Document
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.inveniordm.access import deleted
from connectors.inveniordm.edit import values_of
from connectors.inveniordm.items import key_of, own_doi
from connectors.inveniordm.rest import Forbidden, Rest
from connectors.texts import quoted

SIZE, MOST = 25, 1000  # candidates; a search that finds more is not searching for one identifier
DOIS = ("pids.doi.identifier", "metadata.identifiers.identifier")


def carrying(rest: Rest, doi: Identifier) -> Iterator[str]:
    """The ids of the records whose own DOI it is."""
    query = " OR ".join(f"{field}:{quoted(doi.value)}" for field in DOIS)
    return (key for key, record in _found(rest, query) if own_doi(record) == doi)


def holding(rest: Rest, field: str, text: str) -> Iterator[str]:
    """The ids of the records of which one value of a custom field holds a text."""
    name = field.replace(":", "\\:")
    found = _found(rest, f"custom_fields.{name}:{quoted(text)}")
    return (key for key, record in found if any(text in told for told in values_of(record, field)))


def _found(rest: Rest, query: str) -> Iterator[tuple[str, Document]]:
    """Each candidate, as it is now."""
    for key in _candidates(rest, query):
        try:
            record = rest.record(key)
        except Forbidden:  # not for us, so neither found nor written to
            continue
        if record is not None and key_of(record) == key and record.get("is_published") is True and not deleted(record):
            yield key, record


def _candidates(rest: Rest, query: str) -> list[str]:
    keys, page, total = dict[str, None](), 1, 1
    while len(keys) < total:
        asked = {"q": query, "size": str(SIZE), "page": str(page), "allversions": "true"}
        rows, total = rest.page("/api/records", asked)
        if total > MOST:
            raise NotUnderstood("the search finds far more records than one identifier can be in")
        new = {key: None for row in rows if (key := key_of(row))}.keys() - keys
        if not new:
            break
        keys |= dict.fromkeys(new)
        page += 1
    return sorted(keys)
