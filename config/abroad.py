"""How pages of strangers are read: news, blogs, and whatever else nobody configured."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from config.errors import shown
from config.values import Ports, Table, WebAddress, Words

_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9-]{1,63}", re.IGNORECASE)


def _proxy(value: object) -> object:
    """Says nothing of the value where it may hold a password."""
    text = str(value).rstrip("/")
    if "@" in text:
        raise ValueError("holds a user name or password; a proxy that wants one is not supported")
    if text.count("/") > 2:
        raise ValueError(f"{shown(text)} has a path; write such as http://proxy.example.edu:3128")
    return value


def _never(value: tuple[str, ...]) -> tuple[str, ...]:
    for each in value:
        if not is_network(each) and not (_NAME.fullmatch(each) and re.search("[a-z]", each, re.IGNORECASE)):
            mend = 'write such as "example.org" (and all below it) or "192.0.2.0/24"'
            raise ValueError(f"{shown(each)} is neither a host nor a network; {mend}")
    return value


def _at_home(value: tuple[str, ...]) -> tuple[str, ...]:
    for each in value:
        host, _, port = each.rpartition(":")
        if not is_network(host.strip("[]")) or "/" in host or not (port.isdecimal() and 0 < int(port) < 65536):
            mend = 'write such as "10.1.2.3:443" or "[fd00::1]:443"'
            raise ValueError(f"{shown(each)} is no address with a port; {mend}")
    return value


def is_network(value: str) -> bool:
    """Whether a text is a range of addresses, or a single one."""
    try:
        ip_network(value)
    except ValueError:
        return False
    return True


class Abroad(Table):
    """Where requests to strangers may go. `never` has hosts (and all below them) and networks; `ports` are all that may
    be asked; `proxy` takes all of them, and then looks up their names. `at_home` has places inside, as HOST:PORT with
    the host an address, that may be asked all the same, whatever their address and port."""

    proxy: Annotated[WebAddress, BeforeValidator(_proxy)] | None = None
    ca_file: Path | None = None
    ports: Annotated[Ports, Field(min_length=1)] = (80, 443)
    never: Annotated[Words, AfterValidator(_never)] = ()
    at_home: Annotated[Words, AfterValidator(_at_home)] = ()

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """`at_home` as (address, port)."""
        return tuple((host.strip("[]"), int(port)) for host, _, port in (each.rpartition(":") for each in self.at_home))
