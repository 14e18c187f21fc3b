"""The envelopes of the practice Elements: Atom feeds in v4.6 and v5.5, `api:response` in v6.13, errors in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from sandbox.elements.listings import Page
from sandbox.elements.queries import ElementsError
from sandbox.elements.wire import Wire, stamp
from sandbox.markup import clean, tag, text

API = "http://www.symplectic.co.uk/publications/api"
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
TERMS = "http://www.symplectic.co.uk/publications/atom/"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in an answer: its address, what a feed reader would show, when it changed, and its XML."""

    href: str
    title: str
    updated: datetime
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every answer tells of itself: the format, the configured base address, the address asked, and the time."""

    wire: Wire
    base: str
    href: str
    now: datetime


def listing(frame: Frame, entries: Sequence[Entry], page: Page | None) -> str:
    """A list of things, with its place among the pages where it has pages."""
    pages = _pagination(frame.wire, page) if page else ""
    if frame.wire.atom:
        count = page.results if page else len(entries)
        subtitle = f"This feed represents a page of a total of {count} results from the search query: {frame.href}"
        links = _links(frame, page)
        return _feed(frame, "item-list", subtitle, pages + links, [_entry(frame, e) for e in entries])
    results = (tag("result", entry.xml) for entry in entries)
    return _response(frame, pages + tag("result-list", *results))


def single(frame: Frame, entry: Entry) -> str:
    """One thing."""
    if frame.wire.atom:
        subtitle = "This feed represents a single item."
        return _feed(frame, "item", subtitle, _link("self", frame.href), [_entry(frame, entry)])
    return _response(frame, tag("result", entry.xml))


def error(frame: Frame, refused: ElementsError) -> str:
    """An `api:error`: in an entry of a feed, or right under the response."""
    told = text("error", refused, code=refused.code)
    if frame.wire.atom:
        entry = Entry(href=frame.href, title="Error", updated=frame.now, xml=told)
        return _feed(frame, "error", "This feed represents an error.", "", [_entry(frame, entry)])
    return _response(frame, told)


def _feed(frame: Frame, term: str, subtitle: str, links: str, entries: Sequence[str]) -> str:
    site = frame.base.partition("//")[2].partition("/")[0]
    return "".join(
        (
            DECLARATION,
            f'<feed xmlns="{ATOM}" xmlns:api="{API}">',
            text("schema-version", frame.wire.version),
            f'<category scheme="{TERMS}feeds/" term="{term}" label="{term}"/>',
            f"<id>{escape(_tag_uri(frame, frame.href, 'feeds/'))}</id>",
            f"<updated>{stamp(frame.now)}</updated>",
            f'<generator uri="https://{site}/" version="{frame.wire.product}">Symplectic Elements</generator>',
            f"<icon>{escape(frame.base)}/symplectic.ico</icon>",
            "<rights>This is invented data of the University of Example.</rights>",
            f"<subtitle>{escape(subtitle)}</subtitle>",
            links,
            "<title>Practice answer</title>",
            "<author><name>Practice Elements at the University of Example</name></author>",
            *entries,
            "</feed>",
        )
    )


def _entry(frame: Frame, entry: Entry) -> str:
    return "".join(
        (
            f"<entry><id>{escape(_tag_uri(frame, entry.href, ''))}</id>",
            f'<category scheme="{TERMS}entries/" term="item" label="Item"/>',
            f"<updated>{stamp(entry.updated)}</updated>",
            _link("alternate", entry.href),
            f"<title>{escape(clean(entry.title))}</title>",
            f'<content type="xhtml"><div xmlns="{XHTML}"><p>Practice</p></div></content>',
            entry.xml,
            "</entry>",
        )
    )


def _response(frame: Frame, content: str) -> str:
    version = tag(
        "version",
        uri=f"{frame.base}/",
        elements_version=frame.wire.product,
        schema_version=frame.wire.version,
        product_name="Symplectic Elements",
    )
    request = tag("request", href=frame.href)
    return f'{DECLARATION}<api:response xmlns:api="{API}">{version}{request}{content}</api:response>'


def _pagination(wire: Wire, page: Page) -> str:
    pages = (
        tag("page", position=position, number=number if wire.numbered else None, href=href)
        for position, number, href in page.places
    )
    return tag("pagination", *pages, results_count=page.results, items_per_page=page.per_page)


def _links(frame: Frame, page: Page | None) -> str:
    """The feed's own links. In v4.6 `next` points at the last page even on the last page, as seen at Cambridge."""
    places = {position: href for position, _, href in page.places} if page else {}
    links = [_link("self", frame.href)]
    if frame.wire.numbered and page:
        links = [_link("first", places["first"]), _link("next", places["last"]), _link("last", places["last"]), *links]
    return "".join(links)


def _link(rel: str, href: str) -> str:
    return f'<link type="application/atom+xml" rel="{rel}" href={quoteattr(href)}/>'


def _tag_uri(frame: Frame, href: str, part: str) -> str:
    return f"tag:elements@example,{frame.wire.product}:{part}{href.removeprefix(frame.base)}"
