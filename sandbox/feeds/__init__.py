"""Feeds as blogs and newspapers write them: RSS 2.0, Atom 1.0 and JSON Feed 1.1, of invented articles.

web.put("/feed", Page(rss([Item(link="https://blog.example.org/tides", title="Tides")]), RSS))
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"
TITLE, HOME = "The Example Courier", "https://courier.example.org/"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry; what is empty or None is left out. `text` is HTML, `related` an address that it points to."""

    link: str = ""
    guid: str = ""
    title: str = "Tides turn"
    text: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    related: str = ""


def rss(items: Iterable[Item], *, channel: str = "") -> bytes:
    """RSS 2.0; `channel` are more elements of its channel, such as `<ttl>120</ttl>`."""
    head = f"<title>{TITLE}</title><link>{HOME}</link><description>News</description>{channel}"
    told = "".join(map(_rss_item, items))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {NAMESPACES}><channel>{head}{told}</channel></rss>'
    ).encode()


def atom(items: Iterable[Item]) -> bytes:
    """Atom 1.0."""
    head = f"<id>{HOME}</id><title>{TITLE}</title><updated>2026-09-01T08:00:00Z</updated>"
    told = "".join(map(_atom_entry, items))
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{told}</feed>'.encode()


def json_feed(items: Iterable[Item], **more: object) -> bytes:
    """JSON Feed 1.1; `more` is what its head has beside that."""
    told = [
        {
            "id": item.guid or item.link,
            "url": item.link,
            "title": item.title,
            "content_html": item.text,
            "external_url": item.related,
            "date_published": item.published.isoformat() if item.published else "",
            "date_modified": item.updated.isoformat() if item.updated else "",
        }
        for item in items
    ]
    kept = [{name: value for name, value in each.items() if value} for each in told]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": TITLE, "home_page_url": HOME}
    return json.dumps({**head, **more, "items": kept}).encode()


def _rss_item(item: Item) -> str:
    parts = [
        f"<title>{escape(item.title)}</title>",
        f"<link>{escape(item.link)}</link>" if item.link else "",
        f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else "",
        f"<content:encoded><![CDATA[{item.text}]]></content:encoded>" if item.text else "",
        f"<pubDate>{format_datetime(item.published)}</pubDate>" if item.published else "",
        f"<dc:date>{item.updated.isoformat()}</dc:date>" if item.updated else "",
    ]
    return f"<item>{''.join(parts)}</item>"


def _atom_entry(item: Item) -> str:
    parts = [
        f"<id>{escape(item.guid or item.link)}</id>",
        f"<title>{escape(item.title)}</title>",
        f'<link href="{escape(item.link)}"/>' if item.link else "",
        f'<link rel="related" href="{escape(item.related)}"/>' if item.related else "",
        f'<content type="html">{escape(item.text)}</content>' if item.text else "",
        f"<published>{item.published.isoformat()}</published>" if item.published else "",
        f"<updated>{item.updated.isoformat()}</updated>" if item.updated else "",
    ]
    return f"<entry>{''.join(parts)}</entry>"
