"""Policy documents and guidelines of a curated list of sites, by their sitemaps.

API:       sitemaps.org 0.9, HTML and PDF; read as any page of a stranger (`connectors.abroad`)
Auth:      none
Deletions: a document that is gone is found when it is looked at again, by its age
Terms:     those of each site; robots.txt is obeyed. Kept are address, title and date of a document that names an
           output, and the identifier as it stands there; no document
Costs:     a request a second to each site, and the processor time of reading PDFs
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.errors import NotUnderstood
from connectors.records import Page


class Policy(Listens):
    """The sites of one list."""

    manifest: ClassVar = Manifest(kind="policy", needs_url=False, looks_again=True)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """The list is a file."""
        if settings.path is None:
            yield "path", "missing; write the file with the list of policy sources"

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """One round through the list; what was looked at before and has not changed is left alone."""
        from connectors.policy import listing, rounds  # with parsers, which few commands need

        rows, wrong = listing.read(self._path)
        return rounds.pages(rows, wrong, since, ear)

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:  # noqa: ARG002 - found by its key
        """The document as it is now; None where its source is no longer in the list."""
        from connectors.policy import again, listing

        rows, _ = listing.read(self._path)
        return again.look(key, rows, ear)

    def check(self) -> Iterator[Finding]:
        """Whether the list can be read; no site is asked."""
        from connectors.policy import listing

        try:
            rows, wrong = listing.read(self._path)
        except NotUnderstood as error:
            yield Finding(ok=False, what=str(error), mend="write the list as docs/policy.md says")
            return
        for each in wrong:
            yield Finding(ok=False, what=f"{each.place}: {each.reason}", mend="mend the row; it is left out until then")
        sources = len({(row.type, row.source) for row in rows})
        yield Finding(ok=bool(rows), what=f"the list has {sources} sources with {len(rows)} sitemaps",
                      mend="" if rows else "add a row")  # fmt: skip

    @property
    def _path(self) -> Path:
        if self.settings.path is None:
            raise NotUnderstood("path is missing; write the file with the list of policy sources")
        return self.settings.path
