"""Scheme, host and port: what credentials are bound to."""

from urllib.parse import urljoin, urlsplit

Origin = tuple[str, str, int]


def target_of(address: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(address, location)
    except ValueError:  # brackets that hold no host
        return location


def origin(address: str) -> Origin | None:
    """What credentials are bound to; None when the address has none, or carries a user."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:  # brackets, or a port beyond 65535
        return None
    return (parts.scheme, parts.hostname or "", port) if port and "@" not in parts.netloc else None


def secured(address: str) -> Origin | None:
    """The same host over https, where both are on their usual ports; None for any other address."""
    scheme, host, port = origin(address) or ("", "", 0)
    return ("https", host, _PORTS["https"]) if (scheme, port) == ("http", _PORTS["http"]) else None


_PORTS = {"http": 80, "https": 443}


def shown(address: str) -> str:
    """Scheme, host and port of an address, without user, path and query."""
    found = origin(address)
    return f"{found[0]}://{found[1]}:{found[2]}" if found else "an address that is none"
