"""Which outputs of a Pure carry a DOI. A search finds more, so each candidate's own electronic versions decide."""

from collections.abc import Iterator, Sequence

from connectors.documents import Document, objects
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.pure.dialect import OUTPUTS
from connectors.pure.outputs import dois
from connectors.pure.rest import Rest
from connectors.pure.values import key_of

PAGE = 100
MOST = 1000  # candidates for one DOI; a search that finds more is not searching for it


def carrying(rest: Rest, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
    """The uuids of the outputs that carry one of the DOIs, sorted."""
    found = set[str]()
    for wanted in identifiers:
        if wanted.scheme == "doi":
            found |= {key for each in _search(rest, wanted) if wanted in dois(each) and (key := key_of(each))}
    return tuple(sorted(found))


def _search(rest: Rest, wanted: Identifier) -> Iterator[Document]:
    offset, total = 0, 1
    while offset < total:
        question = {"searchString": wanted.value, "size": PAGE, "offset": offset}
        told = rest.search(f"{OUTPUTS}/search", question)
        count, items = told.get("count"), told.get("items", [])
        if type(count) is not int or not 0 <= count <= MOST or not isinstance(items, list):
            raise NotUnderstood("the search does not answer as it should, or finds far more than one DOI can be in")
        total = count
        yield from objects(items)
        if not items:
            return
        offset += len(items)
