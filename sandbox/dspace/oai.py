"""The OAI-PMH interface of a practice DSpace: an index of its own, which knows what it was last told.

After `XOAI.java` of DSpace and recorded answers of a real one: what is withdrawn, or not discoverable, has a deleted
header; what not everybody may read is not there, without a word; what was deleted stays until the index is made anew.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sandbox.dspace.items import Item
from sandbox.oai.answers import Answers
from sandbox.oai.metadata import dublin_core
from sandbox.oai.repository import OaiRecord, Repository, Ways

XML = "text/xml;charset=UTF-8"
HOST = "repository.example.edu"


class Harvested:
    """What harvesters are told. `ways` may be changed by a test."""

    def __init__(self, base: Callable[[], str], clock: Callable[[], datetime]) -> None:
        """`base` is the base URL, `clock` that of the DSpace."""
        self.ways = Ways(tokens="path")
        self.index = Repository(clock)
        self._answers = Answers(self.index, self.ways, base)

    def answer(self, query: str) -> tuple[int, bytes]:
        """Status and body."""
        status, text = self._answers.answer(query)
        return status, text.encode()

    def learn(self, items: Iterable[Item]) -> None:
        """The index takes in items as they are now."""
        with self.index.lock:
            for item in items:
                if not item.handle or not (item.in_archive or item.withdrawn):
                    continue
                if item.withdrawn or not item.discoverable:
                    self.index.put(_record(item, status="deleted"))
                elif item.readable({"Anonymous"}, self.index.clock()):
                    self.index.put(_record(item))
                else:
                    self.index.records.pop(_identifier(item), None)


def _record(item: Item, status: str = "") -> OaiRecord:
    told = dublin_core(*(("title", text) for text in item.texts("dc.title")))
    formats = {} if status else {"oai_dc": told}
    return OaiRecord(identifier=_identifier(item), stamp=item.last_modified, status=status, formats=formats)


def _identifier(item: Item) -> str:
    return f"oai:{HOST}:{item.handle}"
