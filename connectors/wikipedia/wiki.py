"""What one Wikipedia answers to programs: a page as it is now, when it first said something, and who links where."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.documents import JSON, Document, document, listed, objects, part, text, within
from connectors.errors import NotUnderstood, TryLater
from connectors.http import Client
from connectors.wikipedia.changes import moment

API = "/w/api.php"
ALWAYS = {"action": "query", "format": "json", "formatversion": "2", "maxlag": "5"}  # seconds, as Wikimedia asks
BUSY = frozenset({"maxlag", "ratelimited", "readonly"})
MOST = "500"  # rows of a list, as everybody may have
MOST_ANSWERS = 200  # for one question; 100,000 revisions or links


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page as it is now. `links` are all addresses at other sites, also those that templates make of identifiers."""

    title: str
    namespace: int
    revision: int
    edited: datetime
    wikitext: str
    links: tuple[str, ...]


class Wiki:
    """One Wikipedia."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def article(self, page: int) -> Article | None:
        """A page with its text and its links; None where there is none of this number (any more)."""
        asked = {"pageids": str(page), "prop": "revisions|extlinks", "rvprop": "ids|timestamp|content",
                 "rvslots": "main", "ellimit": MOST}  # fmt: skip
        links: list[str] = []
        first: Document | None = None
        for answer in self._answers(asked):
            told = _only(answer, page)
            if told.get("missing") is True:
                return None
            first = first or told
            links += [each["url"] for each in objects(told.get("extlinks")) if isinstance(each.get("url"), str)]
        return _article(first or {}, tuple(links))

    def first(self, page: int, said: Callable[[str], bool]) -> datetime | None:
        """When a page first said something, by its history: halved again and again, so that few texts are read. What
        was taken out and put back meanwhile may be found at any of the times when it was put in. None where the latest
        text does not say it."""
        asked = {
            "pageids": str(page),
            "prop": "revisions",
            "rvprop": "ids|timestamp",
            "rvdir": "newer",
            "rvlimit": MOST,
        }
        history = [each for answer in self._answers(asked) for each in objects(_only(answer, page).get("revisions"))]
        if not history or not said(self._text(history[-1], page)):
            return None
        before, since = -1, len(history) - 1
        while since - before > 1:
            middle = (before + since) // 2
            before, since = (before, middle) if said(self._text(history[middle], page)) else (middle, since)
        return moment(history[since].get("timestamp"))

    def linking(self, host: str, protocol: str, more: str) -> tuple[list[tuple[int, str]], str]:
        """A page of the list of all articles that link to a host: their numbers with the addresses, and what the next
        page is called, empty at the end."""
        asked = {"list": "exturlusage", "euquery": host, "euprotocol": protocol, "euprop": "ids|url",
                 "eunamespace": "0", "eulimit": MOST, **({"eucontinue": more} if more else {})}  # fmt: skip
        answer = self._ask(asked)
        rows = within(answer, "query", "exturlusage")
        if not isinstance(rows, list):
            raise NotUnderstood("a list of links without its rows")
        found = [(row.get("pageid"), row.get("url")) for row in objects(rows)]
        if len(found) < len(rows) or not all(type(page) is int and isinstance(url, str) for page, url in found):
            raise NotUnderstood("a list of links with a row that is none")
        following = within(answer, "continue", "eucontinue")
        following = "" if following is None else str(following)
        if following and following == more:
            raise NotUnderstood("a list of links whose next page is the same again")
        return [(page, url) for page, url in found if isinstance(page, int) and isinstance(url, str)], following

    def name(self) -> str:
        """What it calls itself."""
        return text(within(self._ask({"meta": "siteinfo"}), "query", "general", "sitename"), most=100)

    def _text(self, revision: Document, page: int) -> str:
        """The text of one revision, empty where it is hidden by now."""
        asked = {"revids": str(revision.get("revid")), "prop": "revisions", "rvprop": "content", "rvslots": "main"}
        told = objects(_only(self._ask(asked), page).get("revisions"))
        return _content(told[0]) if told else ""

    def _answers(self, asked: Mapping[str, str]) -> Iterator[Document]:
        """All answers to one question, which says itself how it goes on."""
        more: dict[str, str] = {}
        for _ in range(MOST_ANSWERS):
            answer = self._ask({**asked, **more})
            yield answer
            following = {name: str(each) for name, each in part(answer, "continue").items()}
            if not following:
                return
            if following == more:
                raise NotUnderstood("an answer that goes on with itself")
            more = following
        raise NotUnderstood(f"an answer of more than {MOST_ANSWERS} parts")

    def _ask(self, asked: Mapping[str, str]) -> Document:
        with self._client.get(API, {**ALWAYS, **asked}, accept=JSON, busy=_busy) as answer:
            told = document(answer)
        if code := text(within(told, "error", "code"), most=50):
            if code in BUSY or code.startswith("internal_api_error"):
                raise TryLater(f"{API}: {code}")
            raise NotUnderstood(f"{API}: refused as {code}")
        return told


def _busy(headers: Mapping[str, str]) -> bool:
    """Whether a wiki asks for patience; it does so with status 200."""
    return headers.get("MediaWiki-API-Error", "") in BUSY


def _only(answer: Document, page: int) -> Document:
    pages = listed(within(answer, "query", "pages"))
    if len(pages) != 1 or within(pages[0], "pageid") != page:
        raise NotUnderstood("an answer that is not about the page that was asked for")
    told: Document = pages[0]
    return told


def _article(told: Document, links: tuple[str, ...]) -> Article:
    revisions = objects(told.get("revisions"))
    title, namespace = text(told.get("title"), most=1000), told.get("ns")
    revision: Any = revisions[0].get("revid") if revisions else None
    if not title or type(namespace) is not int or type(revision) is not int:
        raise NotUnderstood("a page without title, namespace or revision")
    return Article(
        title=title,
        namespace=namespace,
        revision=revision,
        edited=moment(revisions[0].get("timestamp")),
        wikitext=_content(revisions[0]),
        links=links,
    )


def _content(revision: Document) -> str:
    """The text of a revision; empty where it is hidden, which is said."""
    main = part(revision, "slots", "main")
    content = main.get("content")
    if isinstance(content, str):
        return content
    if main.get("texthidden") or main.get("missing") or revision.get("texthidden"):
        return ""
    raise NotUnderstood("a revision without its text")
