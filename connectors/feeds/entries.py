"""A feed as its bytes say it: RSS and Atom by feedparser, JSON Feed by ourselves. Everything in it is untrusted."""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import feedparser

from connectors.abroad import Fetched
from connectors.errors import NotUnderstood
from connectors.feeds import json_feed
from connectors.feeds.entry import Entry, Told, moment
from connectors.markup import parsed
from connectors.origins import target_of
from connectors.texts import one_line
from connectors.urls import canonical_url

MOST = 2000  # entries; a feed begins with its newest, and few have a hundred
MOST_MARKUP = 500_000  # signs of markup: feedparser takes up to 0.1 ms for each
LATEST = timedelta(days=1)  # by which a feed may ask to be read later
PERIODS = {"hourly": 1 / 24, "daily": 1.0, "weekly": 7.0, "monthly": 30.0, "yearly": 365.0}
JSON = ("application/feed+json", "application/json")


def read(page: Fetched) -> Told:
    """What a feed tells, its entries in their order and each address once. Raises `NotUnderstood` for what is none."""
    if page.media in JSON or page.body[:1000].lstrip().startswith(b"{"):
        told = json_feed.read(page.text().text)
    else:
        told = _of_xml(page)
    homeless = sum(not any(_whole(each.addresses, page.url)) for each in told.entries)
    return replace(told, entries=tuple(_at_once(told.entries[:MOST], page.url)), odd=told.odd + homeless)


def _of_xml(page: Fetched) -> Told:
    text = page.text().text
    if text.count("<") > MOST_MARKUP:
        raise NotUnderstood("the feed has more markup than any has")
    if "<!DOCTYPE" in text and "<!ENTITY" in text:  # feedparser takes out only those that begin a line
        raise NotUnderstood("the feed declares entities of its own, which may grow without an end")
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # what it raises for what it was not made for is of any kind
        raise NotUnderstood(f"the feed cannot be read ({type(error).__name__})") from None
    if not found.get("version"):
        raise NotUnderstood("what stands there is no feed")
    entries = [_entry(each) for each in found["entries"][:MOST]]
    read = tuple(each for each in entries if each)
    return Told(entries=read, odd=len(entries) - len(read), wait=_wait(found["feed"]))


def _entry(told: Any) -> Entry | None:
    """None for what has no shape that could be read."""
    try:
        addresses = [told.get("feedburner_origlink") or told.get("link") or "", told.get("id")]
        texts = [told.get("summary_detail"), *(told.get("content") or ())]
        return Entry(
            addresses=tuple(each.strip() for each in addresses if isinstance(each, str)),
            links=tuple(str(each["href"]) for each in told.get("links") or () if each.get("href")),
            title=one_line("".join(map(str, parsed(str(told.get("title") or "")).itertext()))),
            text="\n".join(_html(each) for each in texts if each),
            published=_time(told, "published_parsed"),
            updated=_time(told, "updated_parsed"),
        )
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return None


def _html(told: Any) -> str:
    value = str(told.get("value") or "")
    return escape(value) if told.get("type") == "text/plain" else value


def _time(told: Any, name: str) -> datetime | None:
    parts: Any = dict.get(told, name)  # told.get() takes the time of publication for that of an update
    with suppress(ValueError, TypeError, OverflowError):
        year, month, day, hour, minute, second = parts[:6]
        return moment(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    return None


def _wait(feed: Any) -> timedelta:
    """How long the feed asks to be left alone after it was read, within reason: some say a year and publish daily."""
    minutes, days = _number(feed.get("ttl")), PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0.0)
    often = _number(feed.get("sy_updatefrequency")) or 1.0
    return min(max(timedelta(minutes=minutes), timedelta(days=days / often)), LATEST)


def _number(told: object) -> float:
    text = str(told or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0.0


def _at_once(entries: Sequence[Entry], base: str) -> Iterator[Entry]:
    """The entries that have an address. What stands under one address is one thing, whatever names it has."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        whole = replace(entry, addresses=tuple(dict.fromkeys(_whole(entry.addresses, base))))
        if whole.addresses:
            found.setdefault(whole.key, []).append(whole)
    yield from (replace(same[0], text="\n".join(each.text for each in same)) for same in found.values())


def _whole(addresses: Sequence[str], base: str) -> Iterator[str]:
    for place, each in enumerate(addresses):
        # an id is an address only where it is a whole one
        address = target_of(base, each) if each and place == 0 else each
        if canonical_url(address):
            yield address
