"""A practice site of policy documents: pages and PDFs behind sitemaps, in a practice web.

with practice_web() as web:
    site = PolicySite(web)
    site.page("/reports/tides", "<p>10.5555/example</p>")
    site.file("/reports/tides.pdf", pdf([["See https://doi.org/10.5555/example"]]))
    ...                                                       # its sitemaps begin at site.sitemap
"""

import gzip
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape

from sandbox.policy.pdf import pdf
from sandbox.web import Page, PracticeWeb

__all__ = ["PolicySite", "pdf"]

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
EACH = 3  # documents of a sitemap


@dataclass(slots=True)
class PolicySite:
    """Its documents are `listed`, each with when it was changed, or None where the sitemap shall not say; the index
    names sitemaps of a few documents each, one of them packed."""

    web: PracticeWeb
    host: str = "127.0.0.1"
    listed: dict[str, datetime | None] = field(default_factory=dict)

    @property
    def sitemap(self) -> str:
        """The address of the index."""
        return self.web.url("/sitemap.xml", self.host)

    def page(self, path: str, body: str, *, head: str = "", at: datetime | None = None, listed: bool = True) -> None:
        """A page, from now on or in place of what was there."""
        html = f"<!doctype html><html><head><title>A report</title>{head}</head><body>{body}</body></html>"
        self._put(path, Page(html.encode()), at, listed)

    def file(self, path: str, body: bytes, *, at: datetime | None = None, listed: bool = True) -> None:
        """A PDF, or what claims to be one."""
        self._put(path, Page(body, "application/pdf"), at, listed)

    def remove(self, path: str) -> None:
        """It is there no more, and the sitemap knows it."""
        self.listed.pop(path, None)
        self.web.put(path, Page(b"no such document", status=404), host=self.host)
        self._sitemaps()

    def _put(self, path: str, page: Page, at: datetime | None, listed: bool) -> None:
        modified = at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT") if at else ""
        self.web.put(path, replace(page, modified=modified), host=self.host)
        if listed:
            self.listed[path] = at
            self._sitemaps()

    def _sitemaps(self) -> None:
        entries = list(self.listed.items())
        parts = [entries[start : start + EACH] for start in range(0, len(entries), EACH)]
        names = [f"/sitemap-{number}.xml{'.gz' if number % 2 else ''}" for number in range(len(parts))]
        for name, part in zip(names, parts, strict=True):
            body = _urlset("".join(self._entry(path, at) for path, at in part))
            packed = name.endswith(".gz")
            kind = "application/gzip" if packed else "application/xml"
            self.web.put(name, Page(gzip.compress(body) if packed else body, kind), host=self.host)
        told = "".join(f"<sitemap><loc>{self.web.url(name, self.host)}</loc></sitemap>" for name in names)
        index = f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="{SPACE}">{told}</sitemapindex>'
        self.web.put("/sitemap.xml", Page(index.encode(), "application/xml"), host=self.host)

    def _entry(self, path: str, at: datetime | None) -> str:
        """With a picture, whose address is in an element of the same name."""
        picture = f"<image:image><image:loc>{self.web.url('/cover.png', self.host)}</image:loc></image:image>"
        changed = f"<lastmod>{at.isoformat()}</lastmod>" if at else ""
        return f"<url>{picture}<loc>{escape(self.web.url(path, self.host))}</loc>{changed}</url>"


def _urlset(entries: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{SPACE}" xmlns:image="{IMAGES}">'
    return f"{head}{entries}</urlset>".encode()
