"""GDELT: articles of the news of the world that link to outputs.

API:       `lastupdate.txt` says which file is the newest; a file every quarter of an hour, of English and of translated
           articles: the Global Knowledge Graph 2.1, whose last column has the links of each article
Auth:      none
Deletions: not reported; the article itself is looked at again, by its age
Terms:     open to anybody, for any use, where GDELT is named with a link to https://www.gdeltproject.org. Of an article
           its address, title, time and the link are kept; who wrote it is not
Costs:     nothing; two files of some megabytes every quarter of an hour
"""

from collections.abc import Iterator
from typing import ClassVar

from connectors.attention import Mention
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.errors import ConnectorError
from connectors.gdelt.quarters import STREAMS, newest
from connectors.records import Page


class Gdelt(Listens):
    """The files of GDELT 2, at its own place or at the mirror, which is the more reliable of the two."""

    manifest: ClassVar[Manifest] = Manifest(kind="gdelt", looks_again=True, pace=0.5, at_once=1)

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """Cursor and bookmark are the last file of each stream, as JSON."""
        from connectors.gdelt.reading import read  # with parsers, which few commands need

        yield from read(self.client, since, ear)

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:
        """The article as its outlet shows it now. Only one that is not there any more is taken back: a page on which
        nothing of ours is seen may be a wall before the article."""
        from connectors.gdelt.shown import shown

        return shown(key, url, ear)

    def check(self) -> Iterator[Finding]:
        """Whether the newest file of each stream is told, and of when it is."""
        for stream in STREAMS:
            try:
                found = newest(self.client, stream)
            except ConnectorError as error:
                yield Finding(ok=False, what=str(error))
            else:
                yield Finding(
                    ok=True, what=f"the newest file of {stream.name} articles is of {found.at:%Y-%m-%d %H:%M} UTC"
                )
