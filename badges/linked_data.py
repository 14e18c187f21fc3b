"""What machines are told of an output's page: a block of schema.org inside it, and Signposting in its headers.

It says what is known and no more: the page speaks about the work and is not the work's own landing page, so nothing in
it looks like one (no `citation_*` tags). The score is not in it, since schema.org has no word for what it counts.
"""

import json
import re
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from badges.answers import Header
from badges.names import SCHEMES
from badges.views import plain, resolved, web
from connectors.identifiers import Identifier
from sync.store import Shown

# By the types of Elements; anything else is a creative work.
TYPES = {
    "book": "Book",
    "chapter": "Chapter",
    "conference": "ScholarlyArticle",
    "dataset": "Dataset",
    "journal-article": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "presentation": "PresentationDigitalDocument",
    "report": "Report",
    "software": "SoftwareSourceCode",
    "thesis-dissertation": "Thesis",
    "working-paper": "ScholarlyArticle",
}
PERSISTENT = ("doi", "handle")  # that a work is cited by, the better one first

_OF_ADDRESSES = "/:?#[]@!$&'()*+,;=%~"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def described(shown: Shown, *, page: str, site: str, language: str) -> Markup:
    """The text of the block, which nothing in it can end; `page` and `site` are addresses."""
    told = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": page,
        "url": page,
        "inLanguage": language,
        "isPartOf": {"@type": "WebSite", "url": site},
        "about": _work(shown),
    }
    return Markup(json.dumps(told).translate(_ESCAPED))  # noqa: S704 - ASCII without a bracket


def signposts(shown: Shown, *, document: str) -> Header:
    """What the work is cited by (RFC 8574), and where this is told for machines."""
    links = [f'<{quote(document, safe=_OF_ADDRESSES)}>; rel="describedby"; type="application/json"']
    named = _persistent(shown)
    if named is not None:
        links.insert(0, f'<{resolved(named)}>; rel="cite-as"')
    return b"link", ", ".join(links).encode("ascii")


def _work(shown: Shown) -> dict[str, Any]:
    """Empty parts are left out. Authors are the people that the public may be told of, and nobody else."""
    named = _persistent(shown)
    addresses = [resolved(each) or (web(each.value) if each.scheme == "url" else "") for each in shown.identifiers]
    told = {
        "@type": TYPES.get(shown.type, "CreativeWork"),
        "@id": resolved(named) if named else "",
        "name": plain(shown.title),
        "identifier": [_identifier(each) for each in shown.identifiers],
        "sameAs": [address for address in addresses if address],
        "isPartOf": _journal(shown),
        "datePublished": shown.published if _DATE.fullmatch(shown.published) else "",
        "author": [{"@type": "Person", "name": plain(name)} for _, name in shown.people if plain(name)],
    }
    return {name: value for name, value in told.items() if value}


def _persistent(shown: Shown) -> Identifier | None:
    found = (each for scheme in PERSISTENT for each in shown.identifiers if each.scheme == scheme)
    return next(found, None)


def _identifier(each: Identifier) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": SCHEMES.get(each.scheme, each.scheme), "value": each.value}


def _journal(shown: Shown) -> dict[str, str]:
    """Only where it is one for sure: what a chapter or a report is part of may be something else."""
    if not shown.journal or not (shown.issn or shown.type == "journal-article"):
        return {}
    return {"@type": "Periodical", "name": plain(shown.journal), **({"issn": shown.issn} if shown.issn else {})}
