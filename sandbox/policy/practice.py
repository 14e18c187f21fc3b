"""The practice policy site as the conformance suite drives it. What each member gives is described in
`sync.conformance.practice`: all of `Practice`, and what one that is listened to has beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.policy import PolicySite, pdf
from sandbox.practised import NoOutputs, OnServer
from sandbox.web import PracticeWeb, WebFault, practice_web

SITE = "it is a site that strangers read, and knows no outputs"
NO_PAGES = "a document is one page, and its listing a file"
LACKS = {
    "reads": SITE,
    "dates": SITE,
    "login": "everybody may read it",
    **dict.fromkeys(
        ("truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated"), NO_PAGES
    ),
    "login ended": "everybody may read it",
    **dict.fromkeys(("forgets", "answer lost", "edited meanwhile"), "nothing is written to it"),
    "refused": "it is not told of badges",
}
LIST = "source,type,sitemap\nExample Ministry,policy,{sitemap}\n"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:
    """A practice site, and a list that names it."""
    with practice_web() as web:
        site = PolicySite(web)
        path = folder / "policy.csv"
        path.write_text(LIST.format(sitemap=site.sitemap), encoding="utf-8")
        yield Practised(site, path)


class Practised(NoOutputs, OnServer[PracticeWeb]):
    """A running one. `homes` is what `[abroad] at_home` must open for it."""

    lacks: Mapping[str, str] = LACKS

    def __init__(self, site: PolicySite, path: Path) -> None:
        super().__init__(site.web)
        self.site = site
        self.settings: Mapping[str, str | int | bool] = {"path": str(path)}
        self.secrets: Mapping[str, str] = {}
        self.homes = (f"127.0.0.1:{site.web.port}",)

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """A report cites what has a DOI, or does in its next edition: every other one is a PDF."""
        words = f"https://doi.org/{of}"
        if number % 2:
            self.site.file(f"/reports/{number}.pdf", pdf([[f"1. Cited: {words}"]]), at=at)
        else:
            self.site.page(f"/reports/{number}", f'<p>Cited: <a href="{words}">a study</a></p>', at=at)

    def unsay(self, number: int) -> None:
        """The report is taken down."""
        self.site.remove(f"/reports/{number}.pdf" if number % 2 else f"/reports/{number}")

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_faults()[name])


def _faults() -> Mapping[str, WebFault]:
    """A new one of each."""
    return {
        "server error": WebFault("status", status=500, times=None),
        "server error once": WebFault("status", status=500),
        "too many requests": WebFault("too many requests", retry_after="7"),
    }
