"""Patents: which of them cite outputs, by the file of Reliance on Science.

API:       a file that somebody has fetched: comma- or tab-separated, plain or gzip, a line for each citation, in the
           layout with DOIs or PMIDs; the one of today names OpenAlex works alone, and a DOI must be added to it
Auth:      the rights of the file
Deletions: what an edition tells no more is taken back, where there is the like before
Terms:     CC BY-NC 4.0 (M. Marx and A. Fuegi, https://doi.org/10.5281/zenodo.11461587), earlier editions ODC-By: name
           them, and ask them before anything commercial. Of a patent its number, when it was published, and what of
           ours it cites are kept; no inventor, no applicant
Costs:     nothing; three gigabytes of disk
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from config.settings import Connection
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.errors import ConnectorError, NotUnderstood
from connectors.patents.reading import read
from connectors.patents.sheet import Sheet, opened
from connectors.records import Page


class Patents(Listens):
    """One file, read when it is another one than last time, or when everything is to be read."""

    manifest: ClassVar[Manifest] = Manifest(kind="patents", needs_url=False, pace=0)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a file there is nothing to read."""
        if settings.path is None:
            yield "path", "missing; name the file of Reliance on Science"

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """Everything that the file has of ours. The cursor is the file's digest, size and date."""
        yield from read(self._path(), since, ear)

    def check(self) -> Iterator[Finding]:
        """Whether the file can be read, and has what ties."""
        try:
            with opened(self._path()) as file:
                names = Sheet(file, self._path().name).names
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
        else:
            yield Finding(ok=True, what=f"{self._path().name} names papers by {' and '.join(names)}")

    def _path(self) -> Path:
        if self.settings.path is None:
            raise NotUnderstood("path is missing; name the file of Reliance on Science")
        return self.settings.path
