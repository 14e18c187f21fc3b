"""The one address of a page, where it says so itself and may be believed.

Believed is only what lies on the same registrable domain: a page that could name any other would put its own words
under the name of somebody else's outlet. Nor is the front page the address of an article, though many templates say so.
Mobile and AMP pages name the page they are made from; that is believed like any other. Nothing is guessed from `m.` or
`/amp`, as hosts differ in what such an address means.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from tldextract import TLDExtract

from connectors.markup import base_of, joined, parsed
from connectors.urls import canonical_url

AMP_CACHES = re.compile(r"(?:[a-z0-9-]+\.)?cdn\.ampproject\.org|(?:www\.)?google\.com")
AMP_PATH = re.compile(r"/(?:[acv]|wp|amp)/(?P<secure>s/)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?P<rest>/.*)?", re.I)

By = Literal["link", "og", "address"]


@dataclass(frozen=True, slots=True)
class Canonical:
    """`url` in the form of `connectors.urls`, empty where the page has no address that could be one; `by` is what said
    so, `doubt` why what the page says was not believed."""

    url: str
    by: By
    doubt: str = ""


def canonical(html: str, address: str) -> Canonical:
    """By `link rel=canonical`, else `og:url`, else the address it was read from, which is also what either is held
    against. Of several that differ none is believed."""
    home = _unwrapped(address)
    root = parsed(html)
    head, base = root.find("head"), base_of(root, address)
    elements = [] if head is None else list(head.iter("link", "meta"))
    named: tuple[tuple[By, list[str]], ...] = (
        ("link", [each.get("href", "") for each in elements if "canonical" in each.get("rel", "").lower().split()]),
        ("og", [each.get("content", "") for each in elements if each.get("property", "").lower() == "og:url"]),
    )
    doubts = []
    for by, targets in named:
        told = {joined(base, target) for target in map(str.strip, targets) if target}
        if len(told) > 1:
            doubts.append(f"{by} names several addresses")
        elif told:
            url, doubt = _believed(told.pop(), home)
            if url:
                return Canonical(url, by, "; ".join(doubts))
            doubts.append(f"{by} {doubt}")
    return Canonical(canonical_url(home) or "", "address", "; ".join(doubts))


def domain_of(url: str) -> str:
    """The domain that somebody has registered, by the list of public suffixes that comes with tldextract (where people
    of a platform have names of their own, each of them is a domain); the host itself where there is none."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> TLDExtract:
    """Asks nobody and keeps no file."""
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def _believed(told: str, home: str) -> tuple[str, str]:
    """What was told in its one form, or why it is not believed."""
    url = canonical_url(told)
    here = canonical_url(home)
    if not url:
        return "", "names no address of the web"
    if not here or domain_of(url) != domain_of(here):
        return "", "names another domain"
    if _is_front(url) and not _is_front(here):
        return "", "names the front page"
    return url, ""


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _unwrapped(address: str) -> str:
    """The address of the page that a cache of AMP pages shows."""
    parts = urlsplit(address)
    held = AMP_PATH.fullmatch(parts.path) if AMP_CACHES.fullmatch(parts.hostname or "") else None
    if not held:
        return address
    query = f"?{parts.query}" if parts.query else ""
    return f"{'https' if held['secure'] else 'http'}://{held['host']}{held['rest'] or '/'}{query}"
