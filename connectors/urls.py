"""The one form of a web address by which two mentions of one page are known to be the same."""

import re
import string
from urllib.parse import quote, urlsplit

import idna

LONGEST = 2000  # what browsers and servers agree on; longer ones are data, not addresses

TRACKING = re.compile(
    r"(?:utm|pk|mtm|piwik|matomo|hsa|dm|mc|campaign|trk|stm|ns|wt|vero|oly)[_.][^=]*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|li_fat_id|s_cid|mkt_tok|_hsenc|_hsmi"
    r"|_ga|_gl|__twitter_impression|ref_src|ref_url|cmpid|ocid|ncid|smid|spm|via=ihub",
    re.IGNORECASE,
)

_UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")  # RFC 3986, section 2.3
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """The canonical form of an http or https address; None when it is not one.

    Scheme and host in lower case (IDNA 2008), `http` read as `https` (both show one page), default port, user name,
    fragment, session id and tracking parameters dropped, dot segments and percent-encoding as in RFC 3986 section 6.2.
    `www.`, a closing slash and the order of the parameters stay, since they can mean another page.
    """
    text = url.strip()
    if len(text) > LONGEST or _UNCLEAN.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = _host(parts.hostname or "")
    if parts.scheme not in _PORTS or not host:
        return None
    address = host if port in (None, _PORTS[parts.scheme], 443) else f"{host}:{port}"
    query = _query(parts.query)
    whole = f"https://{address}{_path(parts.path)}" + (f"?{query}" if query else "")
    return whole if len(whole) <= LONGEST else None


def _host(name: str) -> str:
    name = name.rstrip(".")
    if ":" in name:  # urlsplit has checked what stands in square brackets
        return f"[{name}]"
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return ""
    return name if len(name) <= 253 and all(_LABEL.fullmatch(label) for label in name.split(".")) else ""


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _SESSION.sub("", _escaped(path, safe="/:@!$&'()*+,;=")).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", "..") and kept:
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pairs = _escaped(query, safe="/?:@!$&'()*+,;=").split("&")
    return "&".join(pair for pair in pairs if pair and not _tracks(pair))


def _tracks(pair: str) -> bool:
    return bool(TRACKING.fullmatch(pair.partition("=")[0]) or TRACKING.fullmatch(pair))


def _escaped(text: str, *, safe: str) -> str:
    """Percent-encoding in its one form: never of unreserved characters, always of what may not stand as it is."""
    pieces = _ESCAPE.split(text)  # text, two hex digits, text, ...
    pieces[::2] = (quote(piece, safe=safe) for piece in pieces[::2])
    pieces[1::2] = (_one(digits) for digits in pieces[1::2])
    return "".join(pieces)


def _one(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"
