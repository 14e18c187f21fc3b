"""The kinds of value a setting may have, each with an error that says what to write instead."""

import re
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from config.errors import shown
from config.schedule import Schedule, duration
from config.visibility import Visibility

LOOPBACK = ip_network("127.0.0.0/8")


class Table(BaseModel):
    """One table of the settings: cannot be changed, knows all its keys, and never shows what it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True)


def is_loopback(url: str) -> bool:
    """Whether a request to `url` stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address == IPv6Address("::1") or address in LOOPBACK


def _level(value: object) -> object:
    if isinstance(value, Visibility):
        return value
    words = {level.word: level for level in Visibility}
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{shown(value)} is none of {', '.join(words)}")
    return words[value]


def _yes_or_no(value: object) -> object:
    """The words are for the environment, which knows only text."""
    if not isinstance(value, bool) and value not in ("true", "false"):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value in (True, "true")


def _not_yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"{shown(value)} is no number")
    return value


def _words(value: object) -> object:
    """A list, or from the environment one text with commas."""
    return tuple(word.strip() for word in value.split(",")) if isinstance(value, str) else value


def _schedule(value: object) -> object:
    return value if isinstance(value, Schedule) else Schedule.read(_text(value, "3h"))


def _duration(value: object) -> object:
    return value if isinstance(value, timedelta) else duration(_text(value, "7d"))


def _share(value: object) -> object:
    if isinstance(value, float) and 0 <= value <= 1:
        return value
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)%", value) if isinstance(value, str) else None
    if not found or float(found[1]) > 100:
        raise ValueError(f'{shown(value)} is no share; write such as "5%"')
    return float(found[1]) / 100


def _text(value: object, example: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{shown(value)} needs quotes and a unit; write such as "{example}"')
    return value


def _web_address(value: str) -> str:
    """Says nothing of the value itself, which may hold a password where none belongs."""
    if not value.isprintable() or re.search(r"[\s\\]", value):
        raise ValueError("has blanks, backslashes or control characters; write such as https://host/path")
    try:
        parts = urlsplit(value)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise ValueError("is no web address; write such as https://host/path")
    if "@" in parts.netloc:
        raise ValueError("holds a user name or password; give them as username and password_file")
    if "?" in value or "#" in value:
        raise ValueError("has a part after ? or #; end it with the path")
    return (parts.scheme + value[len(parts.scheme) :]).rstrip("/")  # in small letters, as it is compared later


def _place_address(value: str) -> str:
    """A web address, or that of a folder on an SFTP server or of a websocket, which have the same parts."""
    scheme = value.partition("://")[0].lower()
    if scheme not in ("sftp", "wss", "ws"):
        return _web_address(value)
    try:
        told = scheme + _web_address("https" + value[len(scheme) :])[5:]
    except ValueError as error:
        raise ValueError(str(error).replace("web address", "address").replace("https://", f"{scheme}://")) from None
    if scheme == "ws" and not is_loopback(told):
        raise ValueError("would be read over a plain websocket, where anybody can write into it; write wss://")
    return told


def _host_port(value: str) -> str:
    """HOST:PORT, an IPv6 host in brackets; port 0 is any that is free."""
    try:
        parts = urlsplit(f"//{value}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None or parts.netloc != value or "@" in value:
        raise ValueError(f"{shown(value)} is no HOST:PORT; write such as 127.0.0.1:8000")
    return value


def _loopback_port(value: str) -> str:
    if not is_loopback(f"http://{_host_port(value)}"):
        raise ValueError(f"{shown(value)} is not on this machine; write such as 127.0.0.1:8001")
    return value


def _header_names(value: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, content in value.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
            raise ValueError(f"{shown(name)} is no header name")
        if not re.fullmatch(r"[\x20-\x7e]+", content.get_secret_value()):
            raise ValueError(f"{name} needs a value of printable ASCII on one line")
    if len({name.lower() for name in value}) < len(value):
        raise ValueError("the same header is there twice")
    return value


Level = Annotated[Visibility, BeforeValidator(_level)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Count = Annotated[int, BeforeValidator(_not_yes_or_no), Field(ge=1)]
Number = Annotated[int, BeforeValidator(_not_yes_or_no), Field(ge=0)]
Seconds = Annotated[float, BeforeValidator(_not_yes_or_no), Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, BeforeValidator(_share)]
When = Annotated[Schedule, BeforeValidator(_schedule)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Text = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Text, ...], BeforeValidator(_words)]
Ports = Annotated[tuple[Annotated[Count, Field(le=65535)], ...], BeforeValidator(_words)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
PlaceAddress = Annotated[str, AfterValidator(_place_address)]
WebAddresses = Annotated[tuple[WebAddress, ...], BeforeValidator(_words)]
HostPort = Annotated[str, AfterValidator(_host_port)]
LoopbackPort = Annotated[str, AfterValidator(_loopback_port)]
Headers = Annotated[dict[str, SecretStr], AfterValidator(_header_names)]
