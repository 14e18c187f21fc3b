"""JSON Feed, versions 1 and 1.1."""

import json
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Any

from connectors.documents import listed, objects, text
from connectors.errors import NotUnderstood
from connectors.feeds.entry import Entry, Told, written
from connectors.urls import LONGEST

VERSIONS = "https://jsonfeed.org/version/"
EXPIRED = timedelta(days=30)  # until a feed that says that it has ended is asked again


def read(body: str) -> Told:
    """What such a feed tells. Raises `NotUnderstood` for what is none."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstood("what stands there is JSON that is broken") from None
    if not isinstance(told, dict) or not str(told.get("version", "")).startswith(VERSIONS):
        raise NotUnderstood("what stands there is JSON, and no feed")
    items = listed(told.get("items"))
    entries = tuple(map(_entry, objects(items)))
    wait = EXPIRED if told.get("expired") is True else timedelta(0)
    return Told(entries=entries, odd=len(items) - len(entries), wait=wait)


def _entry(item: Mapping[str, Any]) -> Entry:
    addresses = [text(item.get(name), most=LONGEST + 1) for name in ("url", "id")]
    plain = [escape(item[name]) for name in ("content_text", "summary") if isinstance(item.get(name), str)]
    html = [item["content_html"]] if isinstance(item.get("content_html"), str) else []
    return Entry(
        addresses=tuple(filter(None, addresses)),
        links=tuple(filter(None, [text(item.get("external_url"), most=LONGEST + 1)])),
        title=text(item.get("title")),
        text="\n".join((*html, *plain)),
        published=written(text(item.get("date_published"))),
        updated=written(text(item.get("date_modified"))),
    )
