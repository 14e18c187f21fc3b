"""The one way out: a name is looked up once, what it means is judged, and the connection goes to exactly that.

Nothing is looked up again in between, so no name can mean one address when it is judged and another when it is asked.
Certificates are checked for the name all the same.
"""

import socket
import time
from collections.abc import Collection
from contextlib import ExitStack
from ipaddress import IPv4Network, IPv6Network, ip_address

from connectors.abroad.networks import is_public, meant
from connectors.errors import NotAllowed

AT_MOST = 4  # addresses of one host that are tried


def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name has, the preferred one first. Raises `socket.gaierror` for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Door:
    """Opens connections to public addresses on the `ports`, to those named in `at_home`, and to no other; never into
    the networks `never`."""

    def __init__(
        self,
        *,
        ports: Collection[int],
        at_home: Collection[tuple[str, int]],
        never: Collection[IPv4Network | IPv6Network],
    ) -> None:
        self._ports, self._never = frozenset(ports), tuple(never)
        self._at_home = frozenset((ip_address(address), port) for address, port in at_home)

    def open(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connection. Raises `NotAllowed` where even one address of the host may not be asked, since such a name is a
        trap or a mistake; `OSError` where none answers."""
        addresses = resolve(host, port)
        if not addresses or not all(self._may(address, port) for address in addresses):
            raise NotAllowed(f"{host}: it lies in a network that is not public, or must never be asked")
        until = time.monotonic() + seconds
        failed: OSError = OSError("no address")
        tried = addresses[:AT_MOST]
        for left, address in zip(range(len(tried), 0, -1), tried, strict=True):  # a silent one leaves the others time
            try:
                return _connected(address, port, (until - time.monotonic()) / left)
            except OSError as error:
                failed = error
        raise failed

    def _may(self, text: str, port: int) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        if (address, port) in self._at_home:
            return True
        asked = meant(address)
        return port in self._ports and is_public(asked) and not any(asked in network for network in self._never)


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    if seconds <= 0:
        raise TimeoutError
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with ExitStack() as unfinished:
        connection = unfinished.enter_context(socket.socket(family, socket.SOCK_STREAM))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(seconds)
        connection.connect((address, port))
        unfinished.pop_all()
    return connection
